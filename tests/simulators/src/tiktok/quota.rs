//! What a creator, and an app, may do in 24 hours.

use std::collections::BTreeSet;

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;

use super::answer::Refusal;
use super::publish::{Publish, Stage};
use super::state::State;

/// An unaudited app's users in 24 hours (TikTok, Content sharing guidelines, read 2026-09-11).
const UNAUDITED_USERS: usize = 5;

impl State {
    /// Whether the creator may post directly now.
    pub(super) fn may_post(&self, open_id: &str, now: Timestamp) -> Result<(), Refusal> {
        self.not_banned(open_id)?;
        if self.is_over_daily_posts(open_id, now) {
            return Err(Refusal::of("spam_risk_too_many_posts"));
        }
        let cap = match self.app.audited {
            true => self.app.active_user_cap,
            false => Some(UNAUDITED_USERS),
        };
        let active: BTreeSet<_> = self
            .today(now)
            .filter(|publish| !publish.is_draft)
            .map(|publish| publish.open_id.as_str())
            .collect();
        if cap.is_some_and(|cap| active.len() >= cap && !active.contains(open_id)) {
            return Err(Refusal::of("reached_active_user_cap"));
        }
        Ok(())
    }

    /// Whether the creator may get another draft now.
    pub(super) fn may_draft(&self, open_id: &str, now: Timestamp) -> Result<(), Refusal> {
        self.not_banned(open_id)?;
        let waiting = self
            .today(now)
            .filter(|publish| publish.is_draft && publish.open_id == open_id)
            .filter(|publish| publish.is_started() || self.knobs.pending_drafts_count_unused_inits)
            .filter(|publish| {
                !matches!(
                    publish.stage(now),
                    Stage::Complete { .. } | Stage::Failed { .. }
                )
            })
            .count();
        if waiting >= self.knobs.pending_drafts {
            return Err(Refusal::of("spam_risk_too_many_pending_share"));
        }
        Ok(())
    }

    /// Whether the creator's posts of the last 24 hours, by all apps, are as many as may be.
    pub(super) fn is_over_daily_posts(&self, open_id: &str, now: Timestamp) -> bool {
        let elsewhere = self
            .creators
            .get(open_id)
            .map_or(0, |creator| creator.daily_posts_elsewhere);
        let here = self
            .today(now)
            .filter(|publish| !publish.is_draft && publish.open_id == open_id)
            .filter(|publish| publish.is_started() || self.knobs.daily_posts_count_unused_inits)
            .filter(|publish| !matches!(publish.stage(now), Stage::Failed { .. }))
            .count();
        here + elsewhere >= self.knobs.daily_posts
    }

    fn not_banned(&self, open_id: &str) -> Result<(), Refusal> {
        match self.creators.get(open_id) {
            Some(creator) if creator.banned => {
                Err(Refusal::of("spam_risk_user_banned_from_posting"))
            }
            _ => Ok(()),
        }
    }

    fn today(&self, now: Timestamp) -> impl Iterator<Item = &Publish> {
        self.publishes
            .iter()
            .filter(move |publish| now.since(publish.created) < TimeDelta::hours(24))
    }
}
