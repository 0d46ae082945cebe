//! What holds for every text: no loose ends, in any language, with any values or none.

use super::template::placeholders;
use super::text::templates;
use super::ux_template;
use super::*;
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{Channel, Finding, NextStep, Severity, Tile};

/// Values of every kind, as findings and errors carry them.
fn measures() -> Vec<Option<Measure>> {
    vec![
        None,
        Some(Measure::number(1, Unit::Items)),
        Some(Measure::number(2_345, Unit::Utf16)),
        Some(Measure::number(0.5625, Unit::Ratio)),
        Some(Measure::text("historia")),
        Some(Measure::text(" \u{7}  ")),
        Some(Measure::instant("2026-04-02T07:00:00Z".parse().unwrap())),
    ]
}

fn allowances() -> Vec<Option<Allowed>> {
    vec![
        None,
        Some(Allowed::at_most(2_200, Unit::Utf16)),
        Some(Allowed::at_least(2, Unit::Items)),
        Some(Allowed::between(0.8, 1.91, Unit::Ratio)),
        Some(Allowed::one_of(["tiktok", "instagram"])),
        Some(Allowed::one_of(Vec::<String>::new())),
        Some(Allowed::pattern("YYYY-MM-DD")),
        Some(Allowed::not_before("2026-04-03T07:00:00Z".parse().unwrap())),
    ]
}

fn contexts() -> [MessageContext; 2] {
    [
        MessageContext::default(),
        MessageContext {
            channel: Some(Channel::Instagram),
            zone: Some("Europe/Madrid".parse().unwrap()),
            field: Some("media[2].sizeBytes".to_owned()),
        },
    ]
}

/// Every text of every code, in every language, with values of every kind.
fn for_each_text(mut check: impl FnMut(Code, Lang, &str)) {
    for code in Code::ALL.iter().copied() {
        for lang in Lang::ALL {
            for context in contexts() {
                for measured in measures() {
                    for allowed in allowances() {
                        let mut error = Error::new(code).positioned(3, 14);
                        let mut finding = Finding::blocking(code, "piece.copy").at_schedule();
                        (error.measured, error.allowed) = (measured.clone(), allowed.clone());
                        (finding.measured, finding.allowed) = (measured.clone(), allowed);
                        for text in [
                            code_text(code, lang, &context),
                            error_text(&error, lang, &context),
                            finding_text(&finding, lang, &context),
                        ] {
                            check(code, lang, &text.message);
                            check(code, lang, &text.action);
                        }
                    }
                }
            }
        }
    }
}

/// What is wrong with a sentence, if anything.
fn flaw(text: &str) -> Option<&'static str> {
    let first = text.trim_start_matches(['«', '“']).chars().next();
    [
        (
            text.contains(['{', '}', '[', ']', '|']),
            "a loose template sign",
        ),
        (text.contains("  "), "a double space"),
        (
            text.contains(" ,") || text.contains(" .") || text.contains(" ;"),
            "a space before a sign",
        ),
        (
            text.contains("..") || text.contains(",.") || text.contains(": ."),
            "two signs in a row",
        ),
        (!text.ends_with('.'), "no full stop"),
        (text.trim() != text, "space at an end"),
        (
            first.is_none_or(char::is_lowercase),
            "no capital at the start",
        ),
        (
            text.contains(" de el ") || text.contains(" a el "),
            "a missing contraction",
        ),
        (text.contains(" y Instagram"), "`y` before `i`"),
    ]
    .into_iter()
    .find_map(|(found, what)| found.then_some(what))
}

#[test]
fn every_text_of_every_code_is_whole() {
    for_each_text(|code, lang, text| {
        assert_eq!(flaw(text), None, "{code} {lang}: {text}");
    });
}

#[test]
fn no_text_shows_a_code_or_a_wire_name() {
    for_each_text(|code, lang, text| {
        for word in text.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
            let shouted = word.len() > 3 && !word.contains(char::is_lowercase);
            assert!(
                !shouted || word.parse::<Code>().is_err(),
                "{code} {lang}: {text}"
            );
            assert!(!word.contains('_'), "{code} {lang}: {text}");
        }
    });
}

#[test]
fn both_languages_use_the_same_placeholders() {
    for code in Code::ALL.iter().copied() {
        let (es, en) = (templates(code, Lang::Es), templates(code, Lang::En));
        assert_eq!(placeholders(es.0), placeholders(en.0), "{code}: message");
        assert_eq!(placeholders(es.1), placeholders(en.1), "{code}: action");
    }
}

#[test]
fn no_text_is_left_in_the_other_language() {
    const ENGLISH: [&str; 14] = [
        "the", "of", "is", "are", "your", "post", "file", "files", "account", "entry", "again",
        "try", "upload", "app's",
    ];
    const SPANISH: [&str; 10] = [
        "el", "la", "los", "las", "de", "que", "archivo", "cuenta", "vuelve", "se",
    ];
    for code in Code::ALL.iter().copied() {
        let (es, en) = (templates(code, Lang::Es), templates(code, Lang::En));
        assert_ne!(es.0, en.0, "{code}");
        assert_ne!(es.1, en.1, "{code}");
        for (texts, foreign) in [(es, &ENGLISH[..]), (en, &SPANISH[..])] {
            for word in without_placeholders(&[texts.0, texts.1].join(" "))
                .to_lowercase()
                .split(|letter: char| !letter.is_alphabetic() && letter != '\'')
            {
                assert!(!foreign.contains(&word), "{code}: `{word}` in {texts:?}");
            }
        }
    }
}

fn without_placeholders(template: &str) -> String {
    template
        .split('{')
        .map(|part| part.rsplit_once('}').map_or(part, |(_, text)| text))
        .collect()
}

#[test]
fn values_that_may_be_absent_stand_in_optional_parts() {
    for code in Code::ALL.iter().copied() {
        for lang in Lang::ALL {
            let (message, action) = templates(code, lang);
            for template in [message, action] {
                let outside: String = template
                    .split('[')
                    .map(|part| part.rsplit_once(']').map_or(part, |(_, outside)| outside))
                    .collect();
                for name in placeholders(&outside) {
                    assert!(
                        ["channel", "file", "allows"].contains(&name),
                        "{code} {lang}: {template}"
                    );
                }
                for name in [
                    "de {field}",
                    "a {field}",
                    "del {field}",
                    "de {file}",
                    "a {file}",
                ] {
                    let found = format!(" {template}").contains(&format!(" {name}"));
                    assert!(lang == Lang::En || !found, "{code}: {template}");
                }
            }
        }
    }
}

#[test]
fn an_unknown_outcome_never_offers_a_plain_retry() {
    for lang in Lang::ALL {
        let text = code_text(Code::OutcomeUnknown, lang, &MessageContext::default());
        for word in ["intentar", "intento", "again", "retry"] {
            assert!(!text.action.contains(word), "{text:?}");
        }
    }
}

#[test]
fn a_forecast_is_worded_as_one() {
    let expiry = Measure::instant("2026-04-02T07:00:00Z".parse().unwrap());
    let context = MessageContext {
        channel: Some(Channel::Tiktok),
        zone: Some("America/Argentina/Buenos_Aires".parse().unwrap()),
        field: None,
    };
    let now = Finding::blocking(Code::TokenExpired, "account.expiresAt").measured(expiry);
    assert_eq!(
        finding_text(&now, Lang::Es, &context).message,
        "El permiso para publicar en TikTok ha caducado \
         (el jue 2 abr 2026, 04:00 (America/Argentina/Buenos_Aires))."
    );
    assert!(
        finding_text(&now.at_schedule(), Lang::Es, &context)
            .message
            .starts_with("El permiso para publicar en TikTok habrá caducado cuando toque publicar")
    );
    let soon = Finding::warning(Code::TokenExpired, "account.expiresAt").at_schedule();
    assert_eq!(
        finding_text(&soon, Lang::Es, &context).message,
        "El permiso para publicar en TikTok puede caducar antes de que termine de publicarse."
    );
}

/// Every state, with counts of none, one and many.
fn states() -> Vec<UxState> {
    let mut states = vec![
        UxState::SaveFailed,
        UxState::SaveConflict,
        UxState::NothingToPublish,
        UxState::PublishingOff,
        UxState::ExportFailed,
    ];
    states.extend(Channel::ALL.map(|channel| UxState::ChannelNotConnected { channel }));
    for n in [0, 1, 2, 1_500] {
        for m in [0, 1, 2] {
            states.extend([
                UxState::Streaming {
                    received: n,
                    total: Some(m),
                },
                UxState::StreamStalled {
                    received: n,
                    silent_seconds: m,
                },
                UxState::ChangesFound {
                    added: n,
                    updated: m,
                    removed: 1,
                },
                UxState::ChangesFound {
                    added: 0,
                    updated: n,
                    removed: m,
                },
                UxState::PublishPartial {
                    published: n,
                    failed: m,
                },
                UxState::PublishChecked {
                    ready: n,
                    blocked: m,
                },
                UxState::ShiftPreview {
                    moved: n,
                    clashes: m,
                    adjusted: m,
                },
            ]);
        }
        states.extend([
            UxState::Streaming {
                received: n,
                total: None,
            },
            UxState::StreamTimedOut { received: n },
            UxState::StreamFailed { received: n },
            UxState::StreamCancelled { received: n },
            UxState::StreamCompleted { received: n },
            UxState::Saved { entries: n },
            UxState::PublishSucceeded { published: n },
            UxState::PublishFailed { failed: n },
            UxState::PublishCancelled { cancelled: n },
            UxState::WaitingForStore { waiting: n },
            UxState::ExportSucceeded { entries: n },
            UxState::UndoOffered { changed: n },
            UxState::Undone { restored: n },
        ]);
    }
    states
}

#[test]
fn every_state_is_whole_in_both_languages() {
    for state in states() {
        let (es, en) = (
            ux_template::templates(state, Lang::Es),
            ux_template::templates(state, Lang::En),
        );
        assert_ne!(es, en, "{state:?}");
        for lang in Lang::ALL {
            let text = ux_text(state, lang);
            assert_eq!(flaw(&text.body), None, "{state:?}: {}", text.body);
            assert_eq!(
                flaw(&text.announcement),
                None,
                "{state:?}: {}",
                text.announcement
            );
            assert!(
                !text.title.is_empty() && !text.title.ends_with('.'),
                "{state:?}"
            );
        }
    }
}

#[test]
fn labels_differ_within_a_language_and_between_them() {
    let (es, en) = (labels(Lang::Es), labels(Lang::En));
    for labels in [&es, &en] {
        let mut buttons: Vec<&str> = labels.actions.iter().map(|a| a.label.as_str()).collect();
        buttons.sort_unstable();
        buttons.dedup();
        assert_eq!(buttons.len(), labels.actions.len());
    }
    for (es, en) in es.tiles.iter().zip(&en.tiles) {
        assert_ne!(es.label, en.label);
        assert_eq!(es.tone, en.tone);
    }
}

#[test]
fn every_next_step_is_a_sentence() {
    let at = "2026-04-02T07:00:00Z".parse().unwrap();
    for next in [
        NextStep::PublishesAt { at },
        NextStep::RetriesAt { at, attempt: 2 },
        NextStep::ResolvesBy { at },
        NextStep::WaitsForPerson,
        NextStep::Done,
    ] {
        let explanation = crate::model::Explanation {
            tile: Tile::NeedsAttention,
            cause: Some(Finding::new(Code::MissedSchedule, Severity::Blocking, "")),
            actor: Some(crate::error::Actor::Account),
            next,
            actions: vec![],
        };
        for (lang, context) in Lang::ALL.into_iter().zip(contexts()) {
            let text = explain_text(&explanation, lang, &context);
            assert_eq!(flaw(&text.next), None, "{}", text.next);
            assert_eq!(flaw(&text.who), None, "{}", text.who);
        }
    }
}
