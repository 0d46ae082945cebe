//! "Next month in a second", as a host sees it.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use calendar_publish::Code;
use calendar_publish::message::Lang;
use calendar_publish::model::{AccountStatus, CalendarEntry, ChannelAccount, JobStatus, Timestamp};
use calendar_publish::rules::RuleBook;
use calendar_publish_simulation::{CalendarReport, PlatformProfile, simulate_calendar};

fn account() -> ChannelAccount {
    serde_json::from_str(
        r#"{ "id": "018f0000-0000-7000-8000-0000000000a1",
            "userId": "018f0000-0000-7000-8000-0000000000b1", "channel": "instagram",
            "externalAccountId": "17841400000000000", "displayName": "@pan",
            "timezone": "Europe/Madrid", "status": "ok" }"#,
    )
    .unwrap()
}

/// Three posts a day in April.
fn april() -> Vec<CalendarEntry> {
    (0..90)
        .map(|number| {
            let (day, hour) = (number / 3 + 1, 7 + 4 * (number % 3));
            let json = format!(
                r#"{{ "id": "018f0000-0000-7000-8000-000000000{number:03}",
                    "calendarId": "018f0000-0000-7000-8000-0000000000c1",
                    "scheduledAt": "2026-04-{day:02}T{hour:02}:00:00Z",
                    "media": [{{ "kind": "image", "url": "https://cdn.example/{number}.jpg",
                        "mimeType": "image/jpeg", "sizeBytes": 640000, "width": 1080, "height": 1350 }}],
                    "piece": {{ "title": "Pan {number}", "channel": "instagram", "format": "post",
                        "copy": "Hoy hay pan.", "date": "2026-04-{day:02}" }} }}"#
            );
            serde_json::from_str(&json).unwrap()
        })
        .collect()
}

fn run(
    entries: &[CalendarEntry],
    account: &ChannelAccount,
    profile: PlatformProfile,
) -> CalendarReport {
    let start: Timestamp = "2026-03-31T12:00:00Z".parse().unwrap();
    let accounts = std::slice::from_ref(account);
    simulate_calendar(entries, accounts, RuleBook::builtin(), start, profile).unwrap()
}

#[test]
fn a_flawless_month_comes_out_on_time() {
    let entries = april();
    let report = run(&entries, &account(), PlatformProfile::FLAWLESS);
    assert_eq!(report.out(), 90);
    assert_eq!(report.attention().count(), 0);
    for (entry, told) in entries.iter().zip(&report.entries) {
        assert_eq!(told.entry_id, entry.id);
        assert_eq!(told.status, Some(JobStatus::Published));
        assert_eq!((told.attempts.len(), told.retries()), (1, 0));
        let late = told.out_at.unwrap().millis() - entry.scheduled_at.unwrap().millis();
        assert!((0..60_000).contains(&late), "{}: {late} ms", told.title);
    }
}

#[test]
fn a_rough_month_explains_every_entry_and_is_the_same_again() {
    let entries = april();
    let report = run(&entries, &account(), PlatformProfile::rough(7));
    assert_eq!(report, run(&entries, &account(), PlatformProfile::rough(7)));
    assert_ne!(report, run(&entries, &account(), PlatformProfile::rough(8)));
    assert!(report.attention().count() > 0);
    assert!(report.entries.iter().any(|entry| entry.retries() > 0));
    for entry in &report.entries {
        // It is out, or there is a reason why it isn't, in both languages.
        if entry.out_at.is_none() {
            assert!(entry.needs_attention(), "{entry:?}");
        }
        for lang in [Lang::Es, Lang::En] {
            let text = entry.text(lang);
            assert!(text.starts_with(&entry.title), "{text}");
            if let Some(advice) = entry.advice(lang) {
                assert!(text.ends_with(&advice.action), "{text}");
            }
        }
    }
    assert_eq!(report.text(Lang::Es).lines().count(), 90);
}

#[test]
fn what_can_be_known_beforehand_is_told() {
    let mut entries: Vec<_> = april().into_iter().take(4).collect();
    entries[0].draft = true;
    entries[1].scheduled_at = None;
    entries[2].scheduled_at = Some("2026-03-30T07:00:00Z".parse().unwrap());
    entries[3].media.clear();
    let report = run(&entries, &account(), PlatformProfile::FLAWLESS);
    let problems: Vec<_> = report.entries.iter().map(|entry| entry.problem).collect();
    assert_eq!(
        problems,
        [
            Some(Code::EntryDraft),
            Some(Code::ScheduleMissing),
            Some(Code::ScheduleInPast),
            Some(Code::MediaMissing),
        ]
    );
    // A draft isn't meant to go out yet.
    assert_eq!(report.attention().count(), 3);
    assert_eq!(report.out(), 0);

    let mut revoked = account();
    revoked.status = AccountStatus::Revoked;
    let report = run(&april()[..1], &revoked, PlatformProfile::FLAWLESS);
    assert_eq!(report.entries[0].problem, Some(Code::ChannelAuthInvalid));
    assert!(report.entries[0].attempts.is_empty());
}

#[test]
fn an_entry_that_stands_twice_is_refused() {
    let mut entries = april();
    entries[5].id = entries[2].id;
    let start = "2026-03-31T12:00:00Z".parse().unwrap();
    let error = simulate_calendar(
        &entries,
        &[account()],
        RuleBook::builtin(),
        start,
        PlatformProfile::FLAWLESS,
    )
    .unwrap_err();
    assert_eq!(
        (error.code, error.path.as_str()),
        (Code::IdDuplicate, "entries[5].id")
    );
}
