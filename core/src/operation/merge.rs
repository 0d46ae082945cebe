//! The operations of `merge`.

use super::Operation;

pub(super) const OPERATIONS: &[Operation] = &[];
