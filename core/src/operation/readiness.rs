//! The operations of `readiness`.

use super::Operation;

pub(super) const OPERATIONS: &[Operation] = &[];
