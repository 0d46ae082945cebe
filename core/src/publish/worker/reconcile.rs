//! What a write whose answer was lost came to.

use std::time::Duration;

use super::desk::{Desk, Lost, set};
use super::task::names;
use crate::job::{JobEvent, Reconciliation};
use crate::ports::{AdapterError, AttemptNote, Progress, ProgressChange, ReceiptKind, Reconciled};

/// How long to wait where the platform couldn't even be asked.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Looks on the platform until it is known what became of the decisive step that `progress` names, or
/// until only a person can tell. It never repeats the step.
pub(super) async fn reconcile(
    desk: &mut Desk<'_>,
    mut progress: Progress,
    note: AttemptNote,
) -> Result<(), Lost> {
    loop {
        desk.hold_for_a_call().await?;
        let looked = desk
            .adapter
            .reconcile(desk.post.clone(), progress.clone())
            .await;
        let (next, wait) = match looked {
            Ok(Reconciled::StillUnknown {
                look_again_after: Some(wait),
                progress,
            }) => (progress, wait),
            Ok(looked) => return say(desk, Found::read(looked, note)).await,
            Err(_) => (progress, LOOK_AGAIN),
        };
        if desk.has_taken_longer_than(desk.shared.settings.reconcile_for) {
            // What was seen stays, for whoever looks again.
            let found = Found {
                outcome: Reconciliation::StillUnknown,
                progress: set(&next),
                note,
            };
            return say(desk, found).await;
        }
        if !desk.wait_for(wait, &next).await? {
            return Ok(());
        }
        progress = next;
    }
}

async fn say(desk: &mut Desk<'_>, found: Found) -> Result<(), Lost> {
    let event = JobEvent::Reconciled {
        token: Some(desk.token()),
        outcome: found.outcome,
        grace_minutes: None,
    };
    desk.write(event, found.progress, found.note).await
}

/// What a look on the platform says of a job.
pub(super) struct Found {
    pub(super) outcome: Reconciliation,
    pub(super) progress: ProgressChange,
    pub(super) note: AttemptNote,
}

impl Found {
    pub(super) fn read(looked: Reconciled, note: AttemptNote) -> Self {
        match looked {
            Reconciled::Published(receipt) => Self {
                outcome: match receipt.kind {
                    ReceiptKind::Published => Reconciliation::Published {
                        receipt: names(receipt),
                    },
                    ReceiptKind::DeliveredToInbox => Reconciliation::DeliveredToInbox,
                },
                progress: ProgressChange::Keep,
                note,
            },
            Reconciled::NotPublished { evidence, resume } => Self {
                outcome: Reconciliation::NotPublished,
                progress: resume.as_ref().map_or(ProgressChange::Clear, set),
                note: AttemptNote {
                    message: Some(evidence),
                    ..note
                },
            },
            Reconciled::StillUnknown { progress, .. } => Self {
                outcome: Reconciliation::StillUnknown,
                progress: set(&progress),
                note,
            },
        }
    }
}

/// Why the platform couldn't be asked.
pub(super) fn cause(error: AdapterError) -> crate::Error {
    match error {
        AdapterError::NotPublished { error, .. } | AdapterError::Unknown { error, .. } => error,
    }
}
