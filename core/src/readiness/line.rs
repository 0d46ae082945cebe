//! The posts of one account in the order of their instants.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::crowd::{CLASH_DISTANCE_SECONDS, Cap, Crowd};
use super::situation::Surroundings;
use crate::model::{EntryId, Timestamp};

/// A post on a line. Posts of the same instant stand in the order of their entries' ids, so that
/// which of them exceeds a cap doesn't depend on when it was put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Post {
    pub(super) at: Timestamp,
    pub(super) entry: EntryId,
    pub(super) slot: u32,
    pub(super) published: bool,
}

/// The posts of one account, and the cap they share.
#[derive(Clone, Debug)]
pub(super) struct Line {
    cap: Cap,
    posts: BTreeMap<(Timestamp, EntryId), (u32, bool)>,
}

impl Line {
    /// A line with `posts`, which are put in order; `visit` is told what each one's surroundings
    /// come to.
    pub(super) fn new(cap: Cap, mut posts: Vec<Post>, visit: impl FnMut(&Post, Crowd)) -> Self {
        posts.sort_unstable();
        sweep(&posts, &cap, (Timestamp::MIN, Timestamp::MAX), visit);
        Self {
            cap,
            posts: posts.iter().map(by_place).collect(),
        }
    }

    /// Replaces all posts, and tells `visit` what each one's surroundings come to now.
    pub(super) fn replace(&mut self, posts: Vec<Post>, visit: impl FnMut(&Post, Crowd)) {
        *self = Self::new(self.cap, posts, visit);
    }

    /// Gives the posts' slots their new numbers.
    pub(super) fn renumber(&mut self, renumbered: impl Fn(u32) -> u32) {
        for (slot, _) in self.posts.values_mut() {
            *slot = renumbered(*slot);
        }
    }

    pub(super) fn insert(&mut self, post: &Post) {
        self.posts.extend([by_place(post)]);
    }

    pub(super) fn remove(&mut self, at: Timestamp, entry: EntryId) {
        self.posts.remove(&(at, entry));
    }

    /// The first and the last instant at which a post may notice a change at `at`.
    pub(super) fn reach(&self, at: Timestamp) -> (Timestamp, Timestamp) {
        let until = self.cap.window_after(at).max(at.plus(clash_distance()));
        (at.plus(-clash_distance()), until)
    }

    /// Tells `visit` what the surroundings of each post between two instants come to.
    pub(super) fn revisit(
        &self,
        (from, to): (Timestamp, Timestamp),
        buffer: &mut Vec<Post>,
        visit: impl FnMut(&Post, Crowd),
    ) {
        let first = self
            .cap
            .window_before(from)
            .min(from.plus(-clash_distance()));
        let last = to.plus(clash_distance());
        let lowest = EntryId::new(uuid::Uuid::nil());
        let highest = EntryId::new(uuid::Uuid::max());
        buffer.clear();
        buffer.extend(self.posts.range((first, lowest)..=(last, highest)).map(
            |((at, entry), (slot, published))| Post {
                at: *at,
                entry: *entry,
                slot: *slot,
                published: *published,
            },
        ));
        sweep(buffer, &self.cap, (from, to), visit);
    }
}

fn by_place(post: &Post) -> ((Timestamp, EntryId), (u32, bool)) {
    ((post.at, post.entry), (post.slot, post.published))
}

fn clash_distance() -> TimeDelta {
    TimeDelta::seconds(i64::from(CLASH_DISTANCE_SECONDS))
}

/// Goes over `posts` once with the window behind each, and tells what each one between `from` and
/// `to` meets. Posts that are out already meet nothing.
fn sweep(
    posts: &[Post],
    cap: &Cap,
    (from, to): (Timestamp, Timestamp),
    mut visit: impl FnMut(&Post, Crowd),
) {
    let counts = |post: &Post| !(post.published && cap.counts_already(post.at));
    let mut in_window = 0_u32;
    let mut leaving = posts.iter().peekable();
    let mut before: Option<Timestamp> = None;
    let mut ahead = posts.iter().skip(1);
    for post in posts {
        let after = ahead.next().map(|next| next.at);
        let edge = cap.window_before(post.at);
        // With a window of nothing even the posts of the same instant leave: never this one.
        while let Some(gone) = leaving.next_if(|past| past.at <= edge && past.slot != post.slot) {
            in_window = in_window.saturating_sub(u32::from(counts(gone)));
        }
        if !post.published && (from..=to).contains(&post.at) {
            let surroundings = Surroundings {
                posts_in_window: in_window,
                nearest: nearer(post.at, before, after),
            };
            visit(post, Crowd::at(post.at, surroundings, cap));
        }
        in_window = in_window.saturating_add(u32::from(counts(post)));
        before = Some(post.at);
    }
}

fn nearer(at: Timestamp, before: Option<Timestamp>, after: Option<Timestamp>) -> Option<Timestamp> {
    match (before, after) {
        (Some(before), Some(after)) if after.since(at) < at.since(before) => Some(after),
        (before, after) => before.or(after),
    }
}
