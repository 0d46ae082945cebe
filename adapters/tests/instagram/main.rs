//! Tests of the feature `instagram`.
