//! Tests of the feature `probe`.
