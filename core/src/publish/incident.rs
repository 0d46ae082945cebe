//! STUB
use crate::error::Code;
use crate::model::{AccountId, Channel, Timestamp};
use crate::ports::ChannelPause;
/// r
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IncidentRule {
    a: u32,
}
/// m
#[derive(Clone, Debug, Default)]
pub struct IncidentMonitor {}
impl IncidentMonitor {
    /// n
    pub fn new(_: IncidentRule) -> Self {
        Self {}
    }
    /// o
    pub fn observe(
        &mut self,
        _: Channel,
        _: AccountId,
        _: Option<Code>,
        _: Timestamp,
    ) -> Option<ChannelPause> {
        None
    }
}
