//! Every rule says where it comes from, and `docs/limits.md` is the rule book as it is.

use std::{env, fs, path::Path};

use calendar_publish::model::Channel;
use calendar_publish::rules::{PostKind, RuleBook, Source, Subject, render_limits};

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
fn the_page_of_limits_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/limits.md");
    let page = render_limits(RuleBook::builtin());
    if env::var_os("WRITE_LIMITS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/limits.md is stale: WRITE_LIMITS=1 cargo test -p calendar-publish-tests --test limits"
    );
}
