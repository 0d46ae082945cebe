//! What an init takes and what it refuses.
