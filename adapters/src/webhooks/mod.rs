//! What the platforms report by themselves.
