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
    let mut calendar = CalendarReadiness::new(entries, accounts, jobs, rules, now)?;
    let before: Vec<(EntryId, ReadinessState)> = calendar
        .all()
        .map(|(entry, readiness)| (entry, readiness.state))
        .collect();
    let moves: HashMap<EntryId, &EntryMove> = plan
        .moves
        .iter()
        .map(|change| (change.entry_id, change))
        .collect();
    for entry in entries {
        if let Some(change) = moves.get(&entry.id) {
            calendar.update(&moved(entry, change));
        }
    }
    let after = calendar.all().map(|(_, readiness)| readiness.state);
    Ok(before
        .into_iter()
        .zip(after)
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
