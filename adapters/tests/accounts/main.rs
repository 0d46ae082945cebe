//! Tests of the feature `accounts`.
