//! The operations of `publish`.

use super::Operation;

pub(super) const OPERATIONS: &[Operation] = &[];
