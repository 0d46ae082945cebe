//! The engine's protections, each of which can be switched off around it, to see what breaks.

use std::sync::Arc;

use calendar_publish::memory::MemoryStore;
use calendar_publish::ports::{ChannelAdapter, JobStore};

/// What keeps a post from going out twice, or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Only the holder of the newest claim writes.
    Fencing,
    /// What will be done is durable before it is done.
    WriteAhead,
    /// A lost answer is looked after, never repeated.
    Reconcile,
    /// One publishing job an account.
    AccountLock,
    /// What is published is what the claim froze.
    HashFreeze,
}

impl Protection {
    /// Every protection.
    pub const ALL: [Self; 5] = [
        Self::Fencing,
        Self::WriteAhead,
        Self::Reconcile,
        Self::AccountLock,
        Self::HashFreeze,
    ];

    /// Its name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fencing => "fencing",
            Self::WriteAhead => "write-ahead",
            Self::Reconcile => "reconcile",
            Self::AccountLock => "account-lock",
            Self::HashFreeze => "hash-freeze",
        }
    }
}

pub(crate) fn store(
    _: Option<Protection>,
    store: Arc<dyn JobStore>,
    _: &Arc<MemoryStore>,
) -> Arc<dyn JobStore> {
    store
}

pub(crate) fn adapter(
    _: Option<Protection>,
    adapter: Arc<dyn ChannelAdapter>,
) -> Arc<dyn ChannelAdapter> {
    adapter
}
