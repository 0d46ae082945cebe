//! Tests of the feature `http`.
