//! How far a post has come: what is stored between two steps. It holds no secret.

use std::time::Duration;

use calendar_publish::model::Timestamp;
use calendar_publish::ports::{Progress, StepKind};
use calendar_publish::{Code, Error};
use serde::{Deserialize, Serialize};

/// The steps by their stable names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Reads the quota of posts, before anything is written.
    Quota,
    /// Makes the next container.
    Create,
    /// Sends a piece of a video.
    Upload,
    /// Asks whether the containers are ready.
    Poll,
    /// Notes what the account shows before the post is out.
    Snapshot,
    /// Publishes the container.
    Publish,
    /// Calls nothing: the publishing call was answered in a way that leaves open whether the post is out.
    Doubt,
    /// Reads the address of the post that is out.
    Link,
    /// Looks for the post of a container that turned out to be published.
    Find,
}

impl Stage {
    const ALL: [(Self, &'static str, StepKind); 9] = [
        (Self::Quota, "quota", StepKind::Read),
        (Self::Create, "create", StepKind::Repeatable),
        (Self::Upload, "upload", StepKind::Repeatable),
        (Self::Poll, "poll", StepKind::Read),
        (Self::Snapshot, "snapshot", StepKind::Read),
        (Self::Publish, "publish", StepKind::Decisive),
        (Self::Doubt, "doubt", StepKind::Decisive),
        (Self::Link, "link", StepKind::Confirm),
        (Self::Find, "find", StepKind::Confirm),
    ];

    fn named(name: &str) -> Option<Self> {
        let row = Self::ALL.iter().find(|(_, other, _)| *other == name);
        row.map(|(stage, ..)| *stage)
    }

    /// The progress whose next step this is.
    pub(super) fn with(self, state: &State) -> Progress {
        let (name, kind) = Self::ALL
            .iter()
            .find(|(stage, ..)| *stage == self)
            .map_or(("doubt", StepKind::Decisive), |(_, name, kind)| {
                (*name, *kind)
            });
        Progress {
            stage: name.to_owned(),
            kind,
            // A structure of texts, numbers and lists always has a JSON form.
            state: serde_json::to_string(state).unwrap_or_default(),
        }
    }
}

/// A container, or the place of one that is still to be made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Slot {
    /// Instagram's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// Whether it is ready to be published, or to be part of a carousel.
    pub(super) ready: bool,
    /// How often it was made anew in this attempt.
    pub(super) fresh: u32,
    /// Where its bytes go, as long as some are missing: the path on the upload host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) upload: Option<String>,
}

impl Slot {
    /// The place again, for a container to be made anew.
    pub(super) fn empty(&mut self) {
        *self = Self {
            fresh: self.fresh.saturating_add(1),
            ..Self::default()
        };
    }
}

/// What the account showed right before the post was to be published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Snapshot {
    pub(super) taken_at: Timestamp,
    /// The ids of its newest media.
    pub(super) media: Vec<String>,
    /// The posts that the quota counted, where Instagram said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) quota_used: Option<i64>,
}

/// A time during which the account must be left alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rest {
    pub(super) until: Timestamp,
    /// `RATE_LIMITED` or `QUOTA_EXHAUSTED`.
    pub(super) code: Code,
}

/// Everything that the adapter must remember between two steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct State {
    /// The items of a carousel, in the order they are shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) items: Vec<Slot>,
    /// What is published: the only container, or the carousel's.
    pub(super) post: Slot,
    /// When waiting for Instagram to process it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Timestamp>,
    /// How often the present container wasn't ready.
    pub(super) polls: u32,
    /// How many calls in a row came to nothing.
    pub(super) failures: u32,
    /// How often the publishing call certainly had no effect and was to be repeated.
    pub(super) tries: u32,
    /// How often the publishing call said that it doesn't know the container.
    pub(super) missing: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rest: Option<Rest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) snapshot: Option<Snapshot>,
    /// Whether the token was replaced that the publishing call was refused for.
    pub(super) token_replaced: bool,
    /// Whether a publishing call after the snapshot may have taken effect.
    pub(super) doubted: bool,
    /// Whether Instagram blocked the publishing call: nobody but a person may repeat it.
    pub(super) blocked: bool,
    /// What the publishing call was answered that leaves open whether the post is out, for the ledger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<String>,
    /// Whether the fields of media that only some tokens can read are left out.
    pub(super) bare_media: bool,
    /// When the container was first seen unpublished after the publishing call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finished_at: Option<Timestamp>,
    /// How often somebody looked for the post.
    pub(super) looks: u32,
    /// The published post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) media_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) published_at: Option<Timestamp>,
}

impl State {
    /// The stage and state of `progress`.
    ///
    /// # Errors
    /// [`Code::StoreCorrupt`] where this adapter can't have written it.
    pub(super) fn read(progress: &Progress) -> Result<(Stage, Self), Error> {
        let corrupt = || Error::new(Code::StoreCorrupt).at("progress");
        let stage = Stage::named(&progress.stage).ok_or_else(corrupt)?;
        let state: Self = serde_json::from_str(&progress.state).map_err(|_| corrupt())?;
        let is_complete = match stage {
            Stage::Quota | Stage::Create | Stage::Upload | Stage::Poll => true,
            Stage::Snapshot | Stage::Publish | Stage::Doubt | Stage::Find => {
                state.post.id.is_some()
            }
            Stage::Link => state.media_id.is_some(),
        };
        is_complete.then_some((stage, state)).ok_or_else(corrupt)
    }

    /// The place of the container that `index` names: an item of a carousel, or what is published.
    pub(super) fn slot_mut(&mut self, index: Option<usize>) -> &mut Slot {
        match index {
            Some(index) if index < self.items.len() => &mut self.items[index],
            _ => &mut self.post,
        }
    }

    /// The place that `index` names.
    pub(super) fn slot(&self, index: Option<usize>) -> &Slot {
        index
            .and_then(|index| self.items.get(index))
            .unwrap_or(&self.post)
    }

    /// The place whose container is to be made next: every item first, then what is published, which a
    /// carousel can be only when its items are ready.
    pub(super) fn to_make(&self) -> Option<Option<usize>> {
        match self.items.iter().position(|item| item.id.is_none()) {
            Some(index) => Some(Some(index)),
            None if self.post.id.is_none() && self.items.iter().all(|item| item.ready) => {
                Some(None)
            }
            None => None,
        }
    }

    /// The place whose container is waited for.
    pub(super) fn to_await(&self) -> Option<Option<usize>> {
        match self.items.iter().position(|item| !item.ready) {
            Some(index) => Some(Some(index)),
            None if !self.post.ready => Some(None),
            None => None,
        }
    }

    /// Everything is to be made anew: what was made is no longer good.
    pub(super) fn start_over(&mut self) {
        self.items.iter_mut().for_each(Slot::empty);
        self.post.empty();
        self.polls = 0;
        self.snapshot = None;
    }

    /// Leaves the account alone for `wait`.
    pub(super) fn rest(&mut self, code: Code, now: Timestamp, wait: Duration) {
        self.rest = Some(Rest {
            until: later(now, wait),
            code,
        });
    }
}

/// `now`, so much later.
pub(super) fn later(now: Timestamp, wait: Duration) -> Timestamp {
    let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.millis().saturating_add(millis))
}

/// How much time is left until `until`.
pub(super) fn left(until: Timestamp, now: Timestamp) -> Duration {
    let millis = until.millis().saturating_sub(now.millis());
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_survives_being_stored() {
        let mut state = State {
            items: vec![Slot::default(), Slot::default()],
            snapshot: Some(Snapshot {
                taken_at: Timestamp::from_millis(1_000),
                media: vec!["18000000000000201".to_owned()],
                quota_used: Some(7),
            }),
            ..State::default()
        };
        state.rest(
            Code::QuotaExhausted,
            Timestamp::from_millis(0),
            Duration::from_secs(60),
        );
        assert!(
            State::read(&Stage::Publish.with(&state)).is_err(),
            "nothing to publish"
        );
        state.post.id = Some("17900000000000101".to_owned());
        let progress = Stage::Publish.with(&state);
        assert_eq!(progress.stage, "publish");
        assert_eq!(progress.kind, StepKind::Decisive);
        assert_eq!(State::read(&progress), Ok((Stage::Publish, state)));
    }

    #[test]
    fn an_item_that_is_not_ready_keeps_the_carousel_from_being_made() {
        let made = Slot {
            id: Some("1".to_owned()),
            ..Slot::default()
        };
        let ready = Slot {
            ready: true,
            ..made.clone()
        };
        let carousel = |items: [&Slot; 2]| State {
            items: items.into_iter().cloned().collect(),
            ..State::default()
        };
        let empty = Slot::default();
        assert_eq!(carousel([&empty, &empty]).to_make(), Some(Some(0)));
        assert_eq!(carousel([&made, &empty]).to_make(), Some(Some(1)));
        assert_eq!(carousel([&ready, &made]).to_make(), None);
        assert_eq!(carousel([&ready, &made]).to_await(), Some(Some(1)));
        assert_eq!(carousel([&ready, &ready]).to_make(), Some(None));
    }
}
