//! Every rule says where it comes from.

use calendar_publish::model::{CalendarEntry, Channel, ChannelAccount};
use calendar_publish::rules::{PostKind, RuleBook, Source, Subject};

#[test]
fn every_rule_has_a_source_and_a_date() {
    let book = RuleBook::builtin();
    let limits = book.posts.iter().flat_map(|post| &post.limits);
    let parameters = book.posts.iter().flat_map(|post| &post.parameters);
    let sources: Vec<&Source> = book
        .posts
        .iter()
        .map(|post| &post.source)
        .chain(limits.map(|limit| &limit.source))
        .chain(parameters.map(|rule| &rule.source))
        .chain(book.caps.iter().map(|cap| &cap.source))
        .collect();
    assert!(sources.len() > 150);
    for source in sources {
        assert!(source.page.len() > 10, "{source:?}");
        assert!(source.date <= book.date, "{source:?}");
        assert!(source.date >= "2025-01-01".parse().unwrap(), "{source:?}");
        let url = source.url.as_deref().unwrap_or("https://");
        assert!(url.starts_with("https://"), "{source:?}");
    }
}

#[test]
fn the_builtin_book_is_complete_and_passes_its_own_check() {
    let book = RuleBook::builtin();
    book.check().unwrap();
    assert!(PostKind::ALL.iter().all(|&kind| book.post(kind).is_some()));
    for subject in Subject::ALL {
        let mut limits = book.posts.iter().flat_map(|post| &post.limits);
        assert!(
            limits.any(|limit| limit.subject == subject),
            "{}",
            subject.as_str()
        );
    }
    let caps = Channel::ALL.map(|channel| book.daily_cap(channel).max);
    assert_eq!(caps, [15, 50]); // TikTok's guidelines; Meta's reference of the publishing limit
}

#[test]
fn the_quota_that_a_platform_told_wins_over_every_document() {
    let book = RuleBook::builtin();
    let mut account: ChannelAccount = serde_json::from_str(
        r#"{"id":"018f0000-0000-7000-8000-000000000003","userId":"018f0000-0000-7000-8000-000000000004",
            "channel":"instagram","externalAccountId":"17841499000000001","displayName":"Pan",
            "timezone":"Europe/Madrid","status":"ok"}"#,
    )
    .unwrap();
    assert_eq!(book.daily_cap_of(&account).max, 50);
    account.quota = serde_json::from_str(
        r#"{"used":7,"total":100,"windowSeconds":86400,"readAt":"2026-04-01T09:00:00Z"}"#,
    )
    .unwrap();
    assert_eq!(book.daily_cap_of(&account).max, 100);
}

#[test]
fn scopes_follow_the_way_a_post_is_delivered() {
    let scopes = |channel: &str, options: &str| {
        let entry: CalendarEntry = serde_json::from_str(&format!(
            r#"{{"id":"018f0000-0000-7000-8000-000000000001","calendarId":"018f0000-0000-7000-8000-000000000002",
                "piece":{{"channel":"{channel}","date":"2026-04-02"}},"tiktok":{options}}}"#
        ))
        .unwrap();
        RuleBook::builtin()
            .required_scopes(entry.piece.channel, &entry)
            .to_vec()
    };
    assert_eq!(scopes("tiktok", "null"), ["video.publish"]);
    assert_eq!(scopes("tiktok", r#"{"mode":"inbox"}"#), ["video.upload"]);
    assert_eq!(
        scopes("instagram", "null"),
        [
            "instagram_business_basic",
            "instagram_business_content_publish"
        ]
    );
}
