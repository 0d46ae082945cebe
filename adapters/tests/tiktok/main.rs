//! Tests of the feature `tiktok`.
