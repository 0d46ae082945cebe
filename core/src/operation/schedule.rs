//! The operations of `schedule`.

use super::Operation;

pub(super) const OPERATIONS: &[Operation] = &[];
