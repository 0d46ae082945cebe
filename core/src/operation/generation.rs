//! The operations of `generation`.

use super::Operation;

pub(super) const OPERATIONS: &[Operation] = &[];
