//! Linking accounts, and keeping their tokens sealed and fresh.
