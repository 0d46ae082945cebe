//! The sealing keys in an engine's settings: what can't be meant is refused at its place, and no key is ever shown.

use calendar_publish::error::{Allowed, Measure, Unit};
use calendar_publish::message::{Lang, MessageContext, error_text};
use calendar_publish::{Code, Error};
use calendar_publish_documents::{Engine, EngineSettings};
use serde_json::{Value, json};

use crate::fixture::{Trouble, ports, switched_on};

/// 32 bytes, and what must never be seen of them.
const KEY: &str = "c2VhbGluZyBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE=";
const SECRET: &str = "c2VhbGluZyBrZXk";

fn settings(keys: &Value) -> Result<EngineSettings, Error> {
    let mut settings = switched_on();
    settings["tiktok"] = json!({});
    settings["sealingKeys"] = keys.clone();
    EngineSettings::read(&settings.to_string())
}

fn opened(keys: &Value) -> Result<(), Error> {
    Engine::new(ports(Trouble::None).0, settings(keys)?).map(drop)
}

/// The refusal of `keys`, which shows no key in any of its forms.
fn refused(keys: &Value) -> Error {
    let error = opened(keys).unwrap_err();
    let mut forms = vec![
        format!("{error} {error:?}"),
        serde_json::to_string(&error).unwrap(),
    ];
    for lang in [Lang::Es, Lang::En] {
        let text = error_text(&error, lang, &MessageContext::default());
        forms.push(format!("{text:?}"));
    }
    for form in forms {
        assert!(!form.contains(SECRET), "{form}");
    }
    error
}

#[test]
fn one_key_or_several_are_taken() {
    // The same 32 bytes, as other key services write them: without padding, with a line's end.
    let bare = KEY.trim_end_matches('=');
    for keys in [
        json!(null),
        json!([{ "id": "2026-11", "key": KEY }]),
        json!([{ "id": "2026-12", "key": bare }, { "id": "2026-11", "key": format!("{KEY}\n") }]),
    ] {
        assert_eq!(opened(&keys), Ok(()), "{keys}");
    }
}

#[test]
fn keys_that_make_no_sense_are_refused_where_they_stand() {
    let good = json!({ "id": "2026-11", "key": KEY });
    let error = refused(
        &json!([good, { "id": "2026-10", "key": "c2VhbGluZyBrZXkgb2YgdGhpcnR5LW9uZSBieXRlcw==" }]),
    );
    let bytes = |count: u32| Measure::number(count, Unit::Bytes);
    assert_eq!(
        error,
        Error::new(Code::FieldValueInvalid)
            .at("sealingKeys[1].key")
            .measured(bytes(31))
            .allowed(Allowed::between(32, 32, Unit::Bytes))
    );

    let error = refused(&json!([{ "id": "2026-11", "key": format!("{KEY}!") }]));
    assert_eq!(
        error,
        Error::new(Code::FieldValueInvalid)
            .at("sealingKeys[0].key")
            .allowed(Allowed::pattern("Base64"))
    );

    let error = refused(&json!([good, good]));
    assert_eq!(
        error,
        Error::new(Code::IdDuplicate)
            .at("sealingKeys[1].id")
            .measured(Measure::text("2026-11"))
    );

    let error = refused(&json!([]));
    assert_eq!(
        error,
        Error::new(Code::FieldValueInvalid)
            .at("sealingKeys")
            .measured(Measure::number(0, Unit::Items))
            .allowed(Allowed::at_least(1, Unit::Items))
    );

    // A key where its id belongs.
    let error = refused(&json!([{ "id": KEY, "key": KEY }]));
    assert_eq!(error.path, "sealingKeys[0].id");
    assert_eq!(error.measured, Some(Measure::number(44, Unit::CodePoints)));
}

#[test]
fn what_stands_in_a_keys_place_stays_untold() {
    for (keys, path) in [
        (json!(format!("2026-11:{KEY}")), "sealingKeys"),
        (json!([format!("2026-11:{KEY}")]), "sealingKeys[0]"),
        (json!([{ "id": "a", "key": KEY }, KEY]), "sealingKeys[1]"),
        (json!([{ "id": "2026-11" }]), "sealingKeys[0].key"),
        (json!([{ "id": "2026-11", "key": 7 }]), "sealingKeys[0].key"),
        (
            json!([{ "id": "2026-11", "secret": KEY }]),
            "sealingKeys[0]",
        ),
        (json!([{ KEY: "2026-11" }]), "sealingKeys[0]"),
    ] {
        let error = refused(&keys);
        assert_eq!(
            (error.code, error.path.as_str()),
            (Code::InputInvalid, path)
        );
    }
}

#[test]
fn debug_shows_no_key() {
    let settings = settings(&json!([{ "id": "2026-11", "key": KEY }])).unwrap();
    let shown = format!("{settings:?}");
    assert!(
        shown.contains("2026-11") && !shown.contains(SECRET),
        "{shown}"
    );
    assert!(settings.sealing_keys.unwrap()[0].key.contains(SECRET));
}

#[test]
fn both_languages_say_what_is_wrong_with_a_short_key() {
    let error = refused(&json!([{ "id": "2026-11", "key": "c2hvcnQ=" }]));
    let text = |lang| {
        let text = error_text(&error, lang, &MessageContext::default());
        format!("{text:?}")
    };
    for (lang, measured) in [(Lang::Es, "5 bytes"), (Lang::En, "5 bytes")] {
        let said = text(lang);
        assert!(said.contains(measured) && said.contains("32"), "{said}");
    }
}
