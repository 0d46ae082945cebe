//! What a move would do to the readiness of a calendar.

use std::collections::HashMap;

use super::CalendarReadiness;
use crate::error::Error;
use crate::model::{CalendarEntry, ChannelAccount, EntryId, PublishJob, ReadinessState, Timestamp};
use crate::rules::RuleBook;
use crate::schedule::{EntryMove, ReadinessChange, ShiftPlan};

/// Which entries would have another readiness once `plan` is applied: the moved ones, and those whose
/// window or neighbourhood a moved one leaves or enters. Nothing is changed.
///
/// The entries, accounts and jobs are those the plan was made from; a move of an entry that isn't
/// among them counts for nothing. The answer belongs in
/// [`ShiftPlan::readiness_changes`](crate::schedule::ShiftPlan::readiness_changes).
///
/// # Errors
/// [`Code::IdDuplicate`](crate::Code::IdDuplicate) where two entries or two accounts share an id.
pub fn preview_changes(
    plan: &ShiftPlan,
    entries: &[CalendarEntry],
    accounts: &[ChannelAccount],
    jobs: &[PublishJob],
    rules: &RuleBook,
    now: Timestamp,
) -> Result<Vec<ReadinessChange>, Error> {
    let moves: HashMap<EntryId, &EntryMove> = plan
        .moves
        .iter()
        .map(|change| (change.entry_id, change))
        .collect();
    let moved_entries: Vec<CalendarEntry> = entries
        .iter()
        .map(|entry| match moves.get(&entry.id) {
            Some(change) => moved(entry, change),
            None => entry.clone(),
        })
        .collect();
    // Two passes over the calendar cost less than moving its entries one by one: each move would
    // visit every post in the windows it touches.
    let states = |entries: &[CalendarEntry]| -> Result<Vec<(EntryId, ReadinessState)>, Error> {
        let calendar = CalendarReadiness::new(entries, accounts, jobs, rules, now)?;
        Ok(calendar
            .all()
            .map(|(entry, readiness)| (entry, readiness.state))
            .collect())
    };
    let (before, after) = (states(entries)?, states(&moved_entries)?);
    Ok(before
        .into_iter()
        .zip(after)
        .map(|(before, (_, after))| (before, after))
        .filter(|((_, before), after)| before != after)
        .map(|((entry_id, before), after)| ReadinessChange {
            entry_id,
            before,
            after,
        })
        .collect())
}

fn moved(entry: &CalendarEntry, change: &EntryMove) -> CalendarEntry {
    let mut moved = entry.clone();
    moved.piece.date = change.after.date;
    moved.piece.time = change.after.time;
    moved.scheduled_at = change.after.scheduled_at;
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::{
        ScheduleContext, ScheduleSettings, ShiftOffset, ShiftRequest, plan_shift,
    };

    /// 4,000 posts, 20 s apart, of one account: its window holds them all.
    #[test]
    fn a_full_window_is_previewed_in_one_pass() {
        let account: ChannelAccount = serde_json::from_str(
            r#"{"id":"00000000-0000-4000-8000-0000000000a1","channel":"instagram","status":"ok",
                "userId":"00000000-0000-4000-8000-0000000000b1","externalAccountId":"1",
                "displayName":"Pan","timezone":"Europe/Madrid"}"#,
        )
        .unwrap();
        let first: Timestamp = "2026-04-02T00:00:00Z".parse().unwrap();
        let entries: Vec<CalendarEntry> = (0..4_000_i64)
            .map(|i| {
                let mut entry: CalendarEntry = serde_json::from_str(&format!(
                    r#"{{"id":"00000000-0000-4000-8000-{i:012x}",
                        "calendarId":"00000000-0000-4000-8000-0000000000c1",
                        "piece":{{"channel":"instagram","format":"post","date":"2026-04-02",
                                  "time":"09:00"}},
                        "media":[{{"kind":"image","url":"https://cdn.example/a.jpg",
                                   "mimeType":"image/jpeg","sizeBytes":1000,"width":1080,
                                   "height":1080}}]}}"#
                ))
                .unwrap();
                entry.scheduled_at = Some(first.plus(chrono::TimeDelta::seconds(20 * i)));
                entry
            })
            .collect();
        let accounts = [account];
        let now: Timestamp = "2026-04-01T09:00:00Z".parse().unwrap();
        let context = ScheduleContext {
            entries: &entries,
            accounts: &accounts,
            jobs: &[],
            settings: &ScheduleSettings::default(),
            now,
        };
        // Every other one goes, which leaves room in the window for some that stay.
        let request = ShiftRequest {
            entry_ids: entries.iter().step_by(2).map(|entry| entry.id).collect(),
            offset: ShiftOffset::Days { days: 5 },
        };
        let plan = plan_shift(&context, &request).unwrap();
        let rules = RuleBook::builtin();
        let changes = preview_changes(&plan, &entries, &accounts, &[], rules, now).unwrap();
        let ready = |after: ReadinessState| changes.iter().filter(|c| c.after == after).count();
        // 50 of 24 hours are planned with: of either half, the first 50 by time. Of those that stay
        // 25 were among the first 50 before, of those that go likewise.
        assert_eq!(ready(ReadinessState::Ready), 50);
        assert_eq!(changes.len(), 50);
    }

    #[test]
    fn a_post_moved_behind_the_tokens_end_is_told() {
        let entry: CalendarEntry = serde_json::from_str(
            r#"{"id":"00000000-0000-4000-8000-000000000001",
                "calendarId":"00000000-0000-4000-8000-0000000000c1",
                "piece":{"channel":"instagram","format":"post","date":"2026-04-02","time":"09:00"},
                "media":[{"kind":"image","url":"https://cdn.example/a.jpg","mimeType":"image/jpeg",
                          "sizeBytes":1000,"width":1080,"height":1080}]}"#,
        )
        .unwrap();
        let account: ChannelAccount = serde_json::from_str(
            r#"{"id":"00000000-0000-4000-8000-0000000000a1","channel":"instagram","status":"ok",
                "userId":"00000000-0000-4000-8000-0000000000b1","externalAccountId":"1",
                "displayName":"Pan","timezone":"Europe/Madrid","expiresAt":"2026-04-05T00:00:00Z"}"#,
        )
        .unwrap();
        let (entries, accounts) = ([entry], [account]);
        let now: Timestamp = "2026-04-01T09:00:00Z".parse().unwrap();
        let context = ScheduleContext {
            entries: &entries,
            accounts: &accounts,
            jobs: &[],
            settings: &ScheduleSettings::default(),
            now,
        };
        let shift = |days| {
            let request = ShiftRequest {
                entry_ids: vec![entries[0].id],
                offset: ShiftOffset::Days { days },
            };
            let plan = plan_shift(&context, &request).unwrap();
            preview_changes(&plan, &entries, &accounts, &[], RuleBook::builtin(), now).unwrap()
        };
        assert_eq!(shift(1), []);
        assert_eq!(
            shift(7),
            [ReadinessChange {
                entry_id: entries[0].id,
                before: ReadinessState::Ready,
                after: ReadinessState::TokenExpired,
            }]
        );
    }
}
