//! The operations of `rules`.

use super::Operation;

pub(super) const OPERATIONS: &[Operation] = &[];
