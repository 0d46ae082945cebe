//! What the cases store.

use super::Broken;
use crate::error::{Code, Error, Measure};
use crate::model::{
    AccountId, Cadence, CalendarEntry, CalendarId, CalendarRun, Channel, ChannelAccount, EntryId,
    IntentId, IntentStatus, PublishIntent, RunId, RunStatus, Timestamp, UserId, deterministic_uuid,
};
use crate::ports::{RefusedEntry, SaveCalendar};

pub(super) fn user(name: &str) -> UserId {
    UserId::new(deterministic_uuid(&["conformance user", name]))
}

pub(super) fn calendar(name: &str) -> CalendarId {
    CalendarId::new(deterministic_uuid(&["conformance calendar", name]))
}

pub(super) fn run_id(name: &str) -> RunId {
    RunId::new(deterministic_uuid(&["conformance run", name]))
}

pub(super) fn entry_id(name: &str) -> EntryId {
    EntryId::new(deterministic_uuid(&["conformance entry", name]))
}

pub(super) fn account_id(name: &str) -> AccountId {
    AccountId::new(deterministic_uuid(&["conformance account", name]))
}

pub(super) fn run(name: &str, cadence: Cadence) -> CalendarRun {
    CalendarRun {
        id: run_id(name),
        calendar_id: calendar("abril"),
        user_id: user("ana"),
        plan_id: None,
        status: RunStatus::Completed,
        started_at: Timestamp::from_millis(1_774_000_000_000),
        completed_at: Timestamp::from_millis(1_774_000_012_345),
        piece_count: 1,
        cadence,
        channels: vec![Channel::Tiktok, Channel::Instagram],
        start_date: None,
        end_date: None,
    }
}

/// A save of Ana's calendar "abril".
pub(super) fn save(
    name: &str,
    cadence: Cadence,
    expected_revision: i64,
    entries: Vec<CalendarEntry>,
) -> SaveCalendar {
    SaveCalendar::new(run(name, cadence), expected_revision, entries)
}

/// An entry with little in it.
pub(super) fn plain(name: &str) -> Result<CalendarEntry, Broken> {
    let piece = serde_json::from_str(
        r##"{"title":"Pan de masa madre","channel":"instagram","format":"reel","copy":"¡Recién hecho! 🍞",
            "date":"2026-04-02","time":"09:00","hashtags":["pan","#masaMadre"]}"##,
    )?;
    Ok(CalendarEntry::new(entry_id(name), calendar("abril"), piece))
}

/// An entry that has something in every field, unknown fields of the payload included.
pub(super) fn full(name: &str) -> Result<CalendarEntry, Broken> {
    let mut entry: CalendarEntry = serde_json::from_str(
        r#"{"id":"018f0000-0000-7000-8000-000000000001","calendarId":"018f0000-0000-7000-8000-000000000002",
        "entryKey":"2026-04-03|tiktok|café",
        "piece":{"id":"018f0000-0000-7000-8000-000000000003","title":"Café \"lento\"","channel":"tiktok",
            "format":"Vídeo","copy":"línea uno\nlínea dos \u0000 fin","script":"Plano 1","targetAudience":"Madrid",
            "date":"2026-04-03","time":"18:30","hashtags":[],"order":7,
            "mood":{"tone":"warm","score":0.10000000000000000555},"huge":12345678901234567890123,"nothing":null},
        "accountId":"018f0000-0000-7000-8000-000000000004","scheduledAt":"2026-04-03T16:30:00.250Z","draft":true,
        "media":[{"kind":"video","url":"https://cdn.example/v.mp4?sig=a%2Fb","urlExpiresAt":"2026-04-05T00:00:00Z",
            "mimeType":"video/mp4","sizeBytes":9007199254740993,"width":1080,"height":1920,"durationMs":15500,
            "frameRate":29.97,"altText":"Una taza","userTags":[{"username":"ana","x":0.1,"y":0.9}]}],
        "cover":{"type":"frame","offsetMs":1200},
        "tiktok":{"privacy":"SELF_ONLY","allowComment":true,"consent":{"givenAt":"2026-04-01T08:00:00Z","text":"Sí"}},
        "instagram":{"collaborators":["luis"],"locationId":"123456789012345678901"},
        "reviewed":true,"readiness":"missing_media","revision":41}"#,
    )?;
    entry.id = entry_id(name);
    entry.calendar_id = calendar("abril");
    Ok(entry)
}

/// A row that can't be read as an entry.
pub(super) fn unreadable(name: &str, position: u32) -> RefusedEntry {
    RefusedEntry {
        id: entry_id(name),
        position,
        payload: r#"{ "title" : "Hilo",  "channel":"myspace" }"#.to_owned(),
        error: Error::new(Code::ChannelUnsupported)
            .at("payload.channel")
            .measured(Measure::text("myspace")),
    }
}

pub(super) fn account(owner: UserId, name: &str, channel: &str) -> Result<ChannelAccount, Broken> {
    let mut account: ChannelAccount = serde_json::from_str(&format!(
        r#"{{"id":"018f0000-0000-7000-8000-000000000005","userId":"018f0000-0000-7000-8000-000000000006",
        "channel":"{channel}","externalAccountId":"17841400000000000000001","displayName":"{name}",
        "timezone":"America/Argentina/Buenos_Aires","status":"ok","expiresAt":"2026-06-01T00:00:00Z",
        "renewableUntil":"2026-07-01T00:00:00Z","scopes":["instagram_business_content_publish"],
        "coolingDownUntil":"2026-04-01T00:00:00Z",
        "quota":{{"used":3,"total":100,"windowSeconds":86400,"readAt":"2026-04-01T00:00:00Z"}},
        "tiktokCreator":{{"privacyOptions":["SELF_ONLY"],"duetDisabled":true,"readAt":"2026-04-01T00:00:00Z"}}}}"#
    ))?;
    account.id = account_id(name);
    account.user_id = owner;
    Ok(account)
}

pub(super) fn intent(name: &str, calendar_name: &str) -> PublishIntent {
    PublishIntent {
        id: IntentId::new(deterministic_uuid(&["conformance intent", name])),
        calendar_id: calendar(calendar_name),
        run_id: Some(run_id("one")),
        user_id: user("ana"),
        entry_id: entry_id(name),
        channel: Channel::Instagram,
        payload: r#"{"title":"Pan"}"#.to_owned(),
        status: IntentStatus::Refused,
        error: Some(
            Error::new(Code::ChannelAuthMissing)
                .at("account")
                .measured(Measure::text("instagram")),
        ),
        created_at: Timestamp::from_millis(1_775_000_000_001),
    }
}
