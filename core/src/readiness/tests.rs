//! A calendar judged in one go, one change at a time, and by counting on one's fingers.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::error::Code;
use crate::model::{
    Action, CalendarEntry, ChannelAccount, EntryId, JobStatus, PublishJob, Readiness, Severity,
    Tile, Timestamp,
};
use crate::rules::RuleBook;

fn start() -> Timestamp {
    "2026-04-01T08:00:00Z".parse().unwrap()
}

fn uuid(kind: u8, number: u32) -> String {
    format!("018f0000-0000-7000-80{kind:02x}-{number:012x}")
}

fn account(number: u32) -> ChannelAccount {
    serde_json::from_value(serde_json::json!({
        "id": uuid(1, number), "userId": uuid(2, 0), "channel": "instagram",
        "externalAccountId": "17841400000000001", "displayName": "Pan",
        "timezone": "Europe/Madrid", "status": "ok",
        "quota": { "used": number, "total": 3, "windowSeconds": 86_400,
                   "readAt": "2026-04-01T08:00:00Z" },
    }))
    .unwrap()
}

fn entry(number: u32, plan: &Plan) -> CalendarEntry {
    let mut entry: CalendarEntry = serde_json::from_value(serde_json::json!({
        "id": uuid(3, number), "calendarId": uuid(4, 0), "accountId": uuid(1, plan.account),
        "piece": { "channel": "instagram", "format": "reel", "copy": "Hola",
                   "date": "2026-04-10", "time": "09:00" },
        "media": [{ "kind": "video", "url": "https://media.example.com/pan.mp4" }],
        "draft": plan.state == 0, "reviewed": true,
    }))
    .unwrap();
    if plan.state == 1 {
        entry.readiness = Some(crate::model::ReadinessState::Published);
    }
    if plan.state == 2 {
        entry.media.clear();
    }
    // Half-hour steps from a day before now, some of them half a minute apart.
    let minutes = i64::from(plan.half_hours) * 30 - 24 * 60;
    let nudge = TimeDelta::seconds(if plan.nudged { 30 } else { 0 });
    entry.scheduled_at = Some(start().plus(TimeDelta::minutes(minutes)).plus(nudge));
    entry
}

#[derive(Clone, Debug)]
struct Plan {
    account: u32,
    half_hours: u32,
    nudged: bool,
    state: u8,
}

fn plan() -> impl Strategy<Value = Plan> {
    (0..3_u32, 0..250_u32, any::<bool>(), 0..12_u8).prop_map(
        |(account, half_hours, nudged, state)| Plan {
            account,
            half_hours,
            nudged,
            state,
        },
    )
}

fn judge<'a>(entries: &[CalendarEntry], accounts: &[ChannelAccount]) -> CalendarReadiness<'a> {
    CalendarReadiness::new(entries, accounts, &[], RuleBook::builtin(), start()).unwrap()
}

fn snapshot(calendar: &CalendarReadiness<'_>) -> Vec<(EntryId, Readiness)> {
    let mut all: Vec<(EntryId, Readiness)> = calendar
        .all()
        .map(|(id, readiness)| (id, readiness.clone()))
        .collect();
    all.sort_by_key(|(id, _)| *id);
    all
}

/// The surroundings of an entry, counted entry by entry.
fn count(entry: &CalendarEntry, all: &[CalendarEntry], account: &ChannelAccount) -> Surroundings {
    let read_at = account.quota.unwrap().read_at;
    let is_out = |entry: &CalendarEntry| entry.readiness.is_some();
    let at = entry.scheduled_at.unwrap();
    let others = || {
        all.iter().filter(|other| {
            other.id != entry.id
                && other.account_id == entry.account_id
                && !other.draft
                && (is_out(other) || other.scheduled_at.unwrap() >= start())
        })
    };
    let posts_in_window = others()
        .filter(|other| {
            let there = other.scheduled_at.unwrap();
            let is_before = (there, other.id) < (at, entry.id);
            let is_recent = at.since(there) < TimeDelta::days(1);
            is_before && is_recent && !(is_out(other) && there <= read_at)
        })
        .count();
    Surroundings {
        posts_in_window: posts_in_window as u32,
        nearest: others()
            .map(|other| other.scheduled_at.unwrap())
            .min_by_key(|there| (there.since(at).abs(), *there)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_calendar_is_judged_as_by_hand(plans in prop::collection::vec(plan(), 1..40)) {
        let accounts: Vec<ChannelAccount> = (0..3).map(account).collect();
        let entries: Vec<CalendarEntry> =
            (0..).zip(&plans).map(|(number, plan)| entry(number, plan)).collect();
        let calendar = judge(&entries, &accounts);
        for (entry, plan) in entries.iter().zip(&plans) {
            let account = &accounts[plan.account as usize];
            let situation = Situation::new(
                entry,
                AccountLink::Linked(account),
                RuleBook::builtin(),
                start(),
            );
            let by_hand = evaluate(&situation.with_surroundings(count(entry, &entries, account)));
            prop_assert_eq!(calendar.of(entry.id), Some(&by_hand));
        }
    }

    #[test]
    fn changes_one_by_one_come_to_the_same(
        plans in prop::collection::vec(plan(), 1..40),
        changes in prop::collection::vec((0..45_u32, prop::option::weighted(0.9, plan())), 1..20),
    ) {
        let accounts: Vec<ChannelAccount> = (0..3).map(account).collect();
        let mut entries: Vec<CalendarEntry> =
            (0..).zip(&plans).map(|(number, plan)| entry(number, plan)).collect();
        let mut calendar = judge(&entries, &accounts);
        for (number, change) in changes {
            let before = snapshot(&calendar);
            let id: EntryId = uuid(3, number).parse().unwrap();
            entries.retain(|entry| entry.id != id);
            let mut told = match change {
                Some(plan) => {
                    let entry = entry(number, &plan);
                    entries.push(entry.clone());
                    calendar.update(&entry)
                }
                None => calendar.remove(id),
            };
            let after = snapshot(&judge(&entries, &accounts));
            prop_assert_eq!(snapshot(&calendar), after.clone());
            let mut differ: Vec<EntryId> = after
                .iter()
                .filter(|now| !before.contains(now))
                .map(|(id, _)| *id)
                .collect();
            told.sort();
            differ.sort();
            prop_assert_eq!(told, differ);
        }
    }
}

fn job(status: JobStatus, last_error: Option<Code>, attempt_count: u32) -> PublishJob {
    let mut job: PublishJob = serde_json::from_value(serde_json::json!({
        "id": uuid(5, 1), "calendarEntryId": uuid(3, 1), "userId": uuid(2, 0),
        "accountId": uuid(1, 0), "channel": "instagram", "scheduledAt": "2026-04-10T07:00:00Z",
        "status": "scheduled", "attemptCount": attempt_count,
        "createdAt": "2026-03-20T10:00:00Z", "updatedAt": "2026-03-20T10:00:00Z",
    }))
    .unwrap();
    job.status = status;
    job.last_error = last_error;
    job
}

fn good() -> CalendarEntry {
    let plan = Plan {
        account: 0,
        half_hours: 480,
        nudged: false,
        state: 9,
    };
    entry(1, &plan)
}

#[test]
fn a_job_that_changes_changes_its_entry() {
    let (accounts, entry) = ([account(0)], good());
    let mut calendar = judge(std::slice::from_ref(&entry), &accounts);
    let tile = |calendar: &CalendarReadiness<'_>| calendar.of(entry.id).map(|it| it.tile);
    assert_eq!(tile(&calendar), Some(Tile::Ready));
    let scheduled = job(JobStatus::Scheduled, None, 0);
    assert_eq!(calendar.insert(&entry, Some(&scheduled)), [entry.id]);
    assert_eq!(tile(&calendar), Some(Tile::Scheduled));
    assert_eq!(calendar.update(&entry), []);
    assert_eq!(tile(&calendar), Some(Tile::Scheduled));
    assert_eq!(calendar.insert(&entry, None), [entry.id]);
    assert_eq!(tile(&calendar), Some(Tile::Ready));
}

/// Whatever else is the matter, and whatever stopped the job: each action that is offered is one
/// that the job's state machine accepts.
#[test]
fn only_legal_actions_are_offered() {
    use crate::job::{JobEvent, advance};
    let accounts = [account(0)];
    let mut offered = 0;
    for code in Code::ALL.iter() {
        for status in JobStatus::ALL {
            for attempts in [0, 1, 4] {
                let mut entry = good();
                let mut job = job(status, Some(*code), attempts);
                if status == JobStatus::Failed {
                    job.next_attempt_at = Some(job.scheduled_at);
                }
                if attempts == 1 {
                    entry.media.clear();
                }
                let situation = Situation::new(
                    &entry,
                    link_account(&entry, &accounts),
                    RuleBook::builtin(),
                    start(),
                )
                .with_job(Some(&job));
                let readiness = evaluate(&situation);
                let explanation = explain(&situation, &readiness);
                for action in &explanation.actions {
                    let event = match action {
                        Action::Retry => JobEvent::RetryNow,
                        Action::Cancel => JobEvent::CancelRequested,
                        Action::Reschedule => JobEvent::Rescheduled {
                            at: start().plus(TimeDelta::days(3)),
                        },
                        Action::ConfirmPublished => JobEvent::ConfirmedPublished,
                        Action::ConfirmNotPublished => JobEvent::ConfirmedNotPublished {
                            grace_minutes: None,
                        },
                        _ => continue,
                    };
                    offered += 1;
                    let moved = advance(&job, event, start());
                    assert!(moved.is_ok(), "{action:?} for {status:?} {code}: {moved:?}");
                }
                let waits = readiness.next_action.is_some();
                let stopped = status == JobStatus::NeedsAttention;
                assert!(
                    !stopped || waits || readiness.tile == Tile::Scheduled,
                    "{code}: {readiness:?}"
                );
                let unknown = stopped && *code == Code::OutcomeUnknown;
                assert!(!unknown || !explanation.actions.contains(&Action::Retry));
            }
        }
    }
    assert!(offered > 500, "{offered}");
}

fn found(code: Code, entry: &CalendarEntry, account: &ChannelAccount) -> Option<Severity> {
    let link = AccountLink::Linked(account);
    let situation = Situation::new(entry, link, RuleBook::builtin(), start());
    let findings = evaluate(&situation).findings;
    let mut found = findings.iter().filter(|found| found.code == code);
    found.next().map(|found| found.severity)
}

#[test]
fn a_date_that_is_not_the_instant_is_told() {
    let plan = Plan {
        account: 0,
        half_hours: 0,
        nudged: false,
        state: 9,
    };
    // In Madrid clocks go back on 25 October 2026, from 03:00 to 02:00, and forward on 28 March 2027.
    for (date, time, instant, tells) in [
        ("2026-04-10", "09:00", "2026-04-10T07:00:00Z", false),
        ("2026-04-10", "09:00", "2026-04-10T07:00:59Z", false),
        ("2026-04-10", "09:00", "2026-04-10T07:01:00Z", true),
        ("2026-04-10", "09:00", "2026-04-10T09:00:00Z", true),
        ("2026-04-11", "09:00", "2026-04-10T07:00:00Z", true),
        ("2026-10-25", "02:30", "2026-10-25T00:30:00Z", false),
        ("2026-10-25", "02:30", "2026-10-25T01:30:00Z", false),
        ("2027-03-28", "02:30", "2027-03-28T01:30:00Z", false),
    ] {
        let mut entry = entry(1, &plan);
        entry.piece.date = date.parse().unwrap();
        entry.piece.time = time.parse().unwrap();
        entry.scheduled_at = Some(instant.parse().unwrap());
        let severity = found(Code::ScheduleMismatch, &entry, &account(0));
        assert_eq!(severity, tells.then_some(Severity::Warning), "{instant}");
    }
}

#[test]
fn a_token_that_an_attempt_can_outlast_is_a_warning() {
    let plan = Plan {
        account: 0,
        half_hours: 100,
        nudged: false,
        state: 9,
    };
    let entry = entry(1, &plan);
    let due = entry.scheduled_at.unwrap();
    let (warns, blocks) = (Some(Severity::Warning), Some(Severity::Blocking));
    for (minutes, severity) in [(0, blocks), (1, warns), (60, warns), (61, None)] {
        let mut account = account(0);
        account.expires_at = Some(due.plus(TimeDelta::minutes(minutes)));
        assert_eq!(found(Code::TokenExpired, &entry, &account), severity);
        let situation = |account| {
            Situation::new(
                &entry,
                AccountLink::Linked(account),
                RuleBook::builtin(),
                start(),
            )
        };
        let tile = evaluate(&situation(&account)).tile;
        assert_eq!(tile == Tile::TokenExpired, severity == blocks);
        account.renewable_until = Some(due.plus(TimeDelta::days(9)));
        assert_eq!(found(Code::TokenExpired, &entry, &account), None);
    }
}
