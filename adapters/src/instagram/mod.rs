//! Instagram, through content publishing of the Instagram Platform.
