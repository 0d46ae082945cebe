//! What a write whose answer was lost came to.

use std::time::Duration;

use super::desk::{Desk, Lost, set};
use super::task::{give_up, names};
use crate::job::{JobEvent, Reconciliation};
use crate::ports::{AttemptNote, Progress, ProgressChange, ReceiptKind, Reconciled};

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
            Ok(Reconciled::Published(receipt)) => {
                let outcome = match receipt.kind {
                    ReceiptKind::Published => Reconciliation::Published {
                        receipt: names(receipt),
                    },
                    ReceiptKind::DeliveredToInbox => Reconciliation::DeliveredToInbox,
                };
                return say(desk, outcome, ProgressChange::Clear, note).await;
            }
            Ok(Reconciled::NotPublished { evidence, resume }) => {
                let change = resume.as_ref().map_or(ProgressChange::Clear, set);
                let note = AttemptNote {
                    message: Some(evidence),
                    ..note
                };
                return say(desk, Reconciliation::NotPublished, change, note).await;
            }
            Ok(Reconciled::StillUnknown {
                look_again_after: Some(wait),
                progress,
            }) => (progress, wait),
            Ok(Reconciled::StillUnknown {
                look_again_after: None,
                progress,
            }) => {
                return say(desk, Reconciliation::StillUnknown, set(&progress), note).await;
            }
            Err(_) => (progress, LOOK_AGAIN),
        };
        if desk.has_taken_longer_than(desk.shared.settings.reconcile_for) {
            return give_up(desk, note).await;
        }
        if !desk.wait_for(wait, &next).await? {
            return Ok(());
        }
        progress = next;
    }
}

async fn say(
    desk: &mut Desk<'_>,
    outcome: Reconciliation,
    progress: ProgressChange,
    note: AttemptNote,
) -> Result<(), Lost> {
    let event = JobEvent::Reconciled {
        token: Some(desk.token()),
        outcome,
        grace_minutes: None,
    };
    desk.write(event, progress, note).await
}
