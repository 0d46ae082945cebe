//! What a media file is, from its first bytes or from ranges of it.
