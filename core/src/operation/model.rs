//! The operations of `model`.

use super::Operation;

pub(super) const OPERATIONS: &[Operation] = &[];
