//! The operations of `export`.

use super::Operation;

pub(super) const OPERATIONS: &[Operation] = &[];
