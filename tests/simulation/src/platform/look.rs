//! Looking for a post whose outcome isn't known: from what can be seen, never from the truth itself.

use std::time::Duration;

use calendar_publish::model::Timestamp;
use calendar_publish::ports::{Post, Progress, ReceiptKind, Reconciled};

use super::script::Evidence;
use super::server::{Plan, Server, State, after, progress};

/// The shortest time between two looks that together are evidence.
const BETWEEN_LOOKS: Duration = Duration::from_secs(30);

impl Server {
    /// What a look comes to.
    pub(super) fn look(
        &mut self,
        now: Timestamp,
        post: &Post,
        taken: &Progress,
    ) -> Plan<Reconciled> {
        let (call, at) = self.called(now, post, taken, true);
        self.note(call);
        self.settle(now);
        let answer = self.seen(now, post, taken);
        let text = match &answer {
            Reconciled::Published(receipt) if receipt.kind == ReceiptKind::DeliveredToInbox => {
                "in the inbox".to_owned()
            }
            Reconciled::Published(receipt) => format!("out: {}", receipt.external_id),
            Reconciled::NotPublished { evidence, .. } => format!("not out: {evidence}"),
            Reconciled::StillUnknown { .. } => "still unknown".to_owned(),
        };
        self.tell(call, text);
        Plan { call, answer, at }
    }

    fn seen(&mut self, now: Timestamp, post: &Post, taken: &Progress) -> Reconciled {
        let state: State = serde_json::from_str(&taken.state).unwrap_or_default();
        let pulls = taken.stage == "pull";
        let id = if pulls {
            self.pulled(post)
        } else {
            state.upload.filter(|id| *id < self.uploads.len())
        };
        let decided = id.and_then(|id| self.uploads.get(id)?.decided);
        match decided {
            Some((_, Evidence::Never)) => {
                return Reconciled::StillUnknown {
                    look_again_after: None,
                    progress: taken.clone(),
                };
            }
            Some((called_at, Evidence::After(wait))) if now < after(called_at, wait) => {
                return Reconciled::StillUnknown {
                    look_again_after: Some(BETWEEN_LOOKS),
                    progress: taken.clone(),
                };
            }
            _ => {}
        }
        if let Some(receipt) = id.and_then(|id| self.receipt(now, id)) {
            return Reconciled::Published(receipt);
        }
        let upload = id.and_then(|id| self.uploads.get(id));
        if upload.is_some_and(|upload| upload.refused.is_some_and(|(at, _)| at <= now)) {
            return Reconciled::NotPublished {
                evidence: "the platform refused it while processing it".to_owned(),
                resume: None,
            };
        }
        if upload.is_some_and(|upload| upload.taken_at.is_some_and(|at| at <= now)) {
            // The platform has all it needs, and may still be processing it.
            return Reconciled::StillUnknown {
                look_again_after: Some(BETWEEN_LOOKS),
                progress: taken.clone(),
            };
        }
        if pulls {
            return self.withdraw(post);
        }
        self.looked_twice(now, state, taken)
    }

    /// Nothing was published by the first look, and nothing by a second one so much later that no
    /// call made before the first can still take effect: the same container or upload is still good.
    fn looked_twice(&self, now: Timestamp, mut state: State, taken: &Progress) -> Reconciled {
        let between = BETWEEN_LOOKS.max(self.manner.deadline);
        match state.first_look {
            Some(first) if now >= after(first, between) => {
                state.first_look = None;
                Reconciled::NotPublished {
                    evidence: "it was unpublished in two looks".to_owned(),
                    resume: Some(progress(&taken.stage, &state)),
                }
            }
            Some(first) => Reconciled::StillUnknown {
                look_again_after: Some(Duration::from_millis(
                    u64::try_from(after(first, between).millis() - now.millis()).unwrap_or(0),
                )),
                progress: taken.clone(),
            },
            None => {
                state.first_look = Some(now);
                Reconciled::StillUnknown {
                    look_again_after: Some(between),
                    progress: progress(&taken.stage, &state),
                }
            }
        }
    }

    /// The last upload that this attempt's own address was given for.
    fn pulled(&self, post: &Post) -> Option<usize> {
        self.uploads
            .iter()
            .rposition(|upload| upload.job_id == post.job_id && upload.attempt == post.attempt)
    }

    /// The file's address is this attempt's alone: once it is withdrawn, what wasn't fetched never
    /// will be.
    fn withdraw(&mut self, post: &Post) -> Reconciled {
        self.withdrawn.insert((post.job_id, post.attempt));
        for upload in &mut self.uploads {
            if upload.job_id == post.job_id && upload.attempt == post.attempt {
                upload.withdrawn = true;
            }
        }
        Reconciled::NotPublished {
            evidence: "the file was never fetched, and its address is withdrawn".to_owned(),
            resume: None,
        }
    }
}
