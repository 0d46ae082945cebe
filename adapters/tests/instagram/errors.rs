//! The platform's whole table of errors, as data: what each one comes to where it can appear, and what the user then
//! reads.
//!
//! From Instagram Platform, error codes (read 2026-06-02), Graph API, error handling and rate limits (read 2026-09-11), and
//! what users of the API reported for codes that are in no documentation.

use std::collections::BTreeSet;

use calendar_publish::Code;
use calendar_publish::error::Persistence;
use calendar_publish::message::{Lang, MessageContext, code_text};
use calendar_publish::model::Channel;
use serde_json::json;

use crate::fixture::{Asked, Bench, CONTAINER, End, bun, error, ok, status, worded};

/// Where an error appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// A container is made.
    Create,
    /// In the status of a container that failed.
    Container,
    /// The container is published.
    Publish,
}

/// What a repeated error comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// Certainly not published; nothing was repeated.
    No(Code),
    /// Certainly not published, after so many containers made anew.
    New(u32, Code),
    /// Certainly not published: the container is asked again until patience ends.
    Poll,
    /// Certainly not published, and the account is left alone.
    Wait(Code),
    /// The same request again, some times; then a passing fault.
    Same,
    /// It may be out: whoever wants to know must look. Nothing was repeated.
    Unknown,
}

use At::{Container, Create, Publish};
use Then::{New, No, Poll, Same, Unknown, Wait};

/// HTTP status, code, sub-code, and what it comes to at each place.
type Row = (u16, i64, Option<i64>, &'static [(At, Then)]);

const MEDIA: Code = Code::MediaUnreachable;
const PASSING: Code = Code::PlatformTemporary;

#[rustfmt::skip]
const INSTAGRAM: &[Row] = &[
    (400, -2, Some(2_207_003), &[(Create, New(3, MEDIA)), (Container, New(3, MEDIA))]),
    (400, -2, Some(2_207_020), &[(Publish, Unknown), (Container, New(2, PASSING))]),
    (400, -1, Some(2_207_001), &[(Create, New(2, PASSING)), (Publish, Unknown), (Container, New(2, PASSING))]),
    (400, -1, Some(2_207_032), &[(Create, New(2, PASSING))]),
    (400, -1, Some(2_207_053), &[(Create, New(2, Code::MediaRejected)), (Container, New(2, Code::MediaRejected))]),
    (400, 1, Some(2_207_057), &[(Create, No(Code::CoverInvalid))]),
    (400, 4, Some(2_207_051), &[(Publish, Unknown), (Create, No(Code::AccountBlocked))]),
    (403, 4, Some(2_207_051), &[(Publish, Unknown), (Create, No(Code::AccountBlocked))]),
    (400, 9, Some(2_207_042), &[(Publish, Wait(Code::QuotaExhausted))]),
    (400, 24, Some(2_207_006), &[(Publish, New(1, PASSING)), (Create, New(1, PASSING))]),
    (400, 24, Some(2_207_008), &[(Publish, New(1, PASSING))]),
    (400, 25, Some(2_207_050), &[(Create, No(Code::AccountActionRequired)), (Publish, No(Code::AccountActionRequired))]),
    (400, 100, Some(2_207_023), &[(Create, No(Code::AppMisconfigured))]),
    (400, 100, Some(2_207_028), &[(Create, No(Code::ContentRejected))]),
    (400, 100, Some(2_207_035), &[(Create, No(Code::ContentRejected))]),
    (400, 100, Some(2_207_036), &[(Create, No(Code::ContentRejected))]),
    (400, 100, Some(2_207_037), &[(Create, No(Code::ContentRejected))]),
    (400, 100, Some(2_207_040), &[(Create, No(Code::MentionsTooMany))]),
    (400, 100, Some(2_207_067), &[(Create, No(Code::AppMisconfigured))]),
    (400, 110, Some(2_207_018), &[(Create, No(Code::UserTagInvalid))]),
    (400, 352, Some(2_207_026), &[(Create, No(Code::MediaFormatUnsupported)), (Container, No(Code::MediaFormatUnsupported))]),
    (400, 9004, Some(2_207_052), &[(Create, New(3, MEDIA)), (Container, New(3, MEDIA))]),
    (400, 9007, Some(2_207_027), &[(Publish, Poll)]),
    (400, 36_000, Some(2_207_004), &[(Create, No(Code::MediaTooLarge)), (Container, No(Code::MediaTooLarge))]),
    (400, 36_001, Some(2_207_005), &[(Create, No(Code::MediaFormatUnsupported)), (Container, No(Code::MediaFormatUnsupported))]),
    (400, 36_003, Some(2_207_009), &[(Create, No(Code::MediaRatioInvalid)), (Container, No(Code::MediaRatioInvalid))]),
    (400, 36_004, Some(2_207_010), &[(Create, No(Code::CaptionTooLong))]),
    (400, 0, Some(2_207_076), &[(Container, New(1, Code::MediaRejected))]),
    (400, 0, Some(2_207_077), &[(Container, New(1, MEDIA))]),
    (400, 0, Some(2_207_081), &[(Create, No(Code::OptionUnsupported))]),
    (400, 0, Some(2_207_082), &[(Container, New(1, Code::MediaRejected))]),
    (400, -1, Some(2_207_085), &[(Publish, Unknown), (Container, No(Code::MediaRejected))]),
    (400, 36_002, None, &[(Create, No(Code::PlatformPermanent)), (Publish, Unknown)]),
    // A sub-code of that form that nobody has documented.
    (400, 7, Some(2_207_999), &[(Create, No(Code::PlatformPermanent)), (Container, No(Code::PlatformPermanent)), (Publish, Unknown)]),
    // The code may be another one: the sub-code alone tells what it is.
    (400, 9999, Some(2_207_026), &[(Create, No(Code::MediaFormatUnsupported))]),
    (400, 100, Some(9_050), &[(Create, No(Code::ContentRejected))]),
    (400, 100, Some(9_064), &[(Create, No(Code::ContentRejected))]),
    (403, 10, Some(9_053), &[(Create, No(Code::PlatformPermanent))]),
];

const DEAD: Code = Code::ChannelAuthInvalid;
const ACT: Code = Code::AccountActionRequired;
const SETUP: Code = Code::AppMisconfigured;
const FEWER: Code = Code::RateLimited;

#[rustfmt::skip]
const GRAPH: &[Row] = &[
    (400, 190, None, &[(Create, No(DEAD)), (Publish, No(DEAD))]),
    (401, 190, None, &[(Create, No(DEAD)), (Publish, No(DEAD))]),
    (400, 102, None, &[(Create, No(DEAD)), (Publish, No(DEAD))]),
    (400, 190, Some(458), &[(Create, No(DEAD)), (Publish, No(DEAD))]),
    (400, 190, Some(459), &[(Create, No(ACT)), (Publish, No(ACT))]),
    (400, 190, Some(460), &[(Create, No(DEAD)), (Publish, No(DEAD))]),
    (400, 190, Some(463), &[(Create, No(Code::TokenExpired)), (Publish, No(Code::TokenExpired))]),
    (400, 102, Some(463), &[(Create, No(Code::TokenExpired))]),
    (400, 190, Some(464), &[(Create, No(ACT)), (Publish, No(ACT))]),
    (400, 190, Some(467), &[(Create, No(DEAD)), (Publish, No(DEAD))]),
    (400, 190, Some(483), &[(Create, No(ACT)), (Publish, No(ACT))]),
    (400, 190, Some(492), &[(Create, No(DEAD)), (Publish, No(DEAD))]),
    (500, 1, None, &[(Create, Same), (Publish, Unknown)]),
    (400, 1, None, &[(Create, Same), (Publish, Unknown)]),
    (503, 2, None, &[(Create, Same), (Publish, Unknown)]),
    (400, -1, None, &[(Create, Same), (Publish, Unknown)]),
    (400, -2, None, &[(Create, Same), (Publish, Unknown)]),
    (400, 3, None, &[(Create, No(SETUP)), (Publish, Unknown)]),
    (400, 4, None, &[(Create, Wait(FEWER)), (Publish, Unknown)]),
    (400, 17, None, &[(Create, Wait(FEWER)), (Publish, Unknown)]),
    (400, 32, None, &[(Create, Wait(FEWER)), (Publish, Unknown)]),
    (400, 613, None, &[(Create, Wait(FEWER)), (Publish, Unknown)]),
    (400, 613, Some(1996), &[(Create, Wait(FEWER)), (Publish, Unknown)]),
    (400, 80_002, None, &[(Create, Wait(FEWER)), (Publish, Unknown)]),
    (400, 80_001, None, &[(Create, Wait(FEWER)), (Publish, Unknown)]),
    (400, 341, None, &[(Create, Wait(FEWER)), (Publish, Unknown)]),
    (400, 10, None, &[(Create, No(Code::ScopeMissing)), (Publish, No(Code::ScopeMissing))]),
    (403, 10, None, &[(Create, No(Code::ScopeMissing)), (Publish, No(Code::ScopeMissing))]),
    (403, 200, None, &[(Create, No(Code::ScopeMissing)), (Publish, No(Code::ScopeMissing))]),
    (400, 299, None, &[(Create, No(Code::ScopeMissing)), (Publish, No(Code::ScopeMissing))]),
    (400, 100, None, &[(Create, No(Code::ContentRejected)), (Publish, No(Code::ContentRejected))]),
    (400, 100, Some(33), &[(Create, No(Code::ContentRejected)), (Publish, Unknown)]),
    (400, 104, None, &[(Create, No(SETUP)), (Publish, Unknown)]),
    (400, 368, None, &[(Create, No(Code::AccountBlocked)), (Publish, Unknown)]),
    (400, 506, None, &[(Create, No(Code::PlatformPermanent)), (Publish, Unknown)]),
    (400, 2500, None, &[(Create, No(SETUP)), (Publish, Unknown)]),
    (404, 2635, None, &[(Create, No(SETUP)), (Publish, Unknown)]),
    // Another product's sub-code, which must not be taken for one of these.
    (400, 24, Some(4_279_009), &[(Create, No(Code::PlatformPermanent)), (Publish, No(Code::PlatformPermanent))]),
];

/// What the error, repeated whenever it can, comes to.
fn drive(bench: &Bench) -> (End, usize, usize) {
    let end = bench.drive(&bun());
    let count = |asked| bench.graph.count(asked);
    (end, count(Asked::Create), count(Asked::Publish))
}

fn check((http, code, subcode, places): &Row) {
    for (at, then) in *places {
        let bench = Bench::new();
        let refusal = || error(*http, *code, *subcode);
        match at {
            Create => bench.graph.always(Asked::Create, refusal()),
            Publish => bench.graph.always(Asked::Publish, refusal()),
            Container => {
                let sentence = format!("Error: failed with error code {}", subcode.unwrap());
                let failed = json!({"status_code": "ERROR", "status": sentence, "id": CONTAINER});
                bench.graph.always(Asked::Status, ok(failed))
            }
        };
        expect(
            &bench,
            *at,
            *then,
            &format!("{code}/{subcode:?}, HTTP {http}, at {at:?}"),
        );
    }
}

fn expect(bench: &Bench, at: At, then: Then, what: &str) {
    let (end, creates, publishes) = drive(bench);
    // A token that is refused is replaced, and the refused request repeated, once.
    let tries = 1 + bench.tokens.refused.lock().unwrap().len();
    let told = match (&end, then) {
        (End::NotPublished(code, _), No(wanted)) => {
            assert_eq!(*code, wanted, "{what}");
            assert_eq!(code.persistence(), Persistence::Permanent, "{what}");
            let asked = if at == Publish { publishes } else { creates };
            assert_eq!(asked, tries, "{what} was repeated");
            *code
        }
        (End::NotPublished(code, _), New(times, wanted)) => {
            assert_eq!(*code, wanted, "{what}");
            assert_eq!(creates, 1 + times as usize, "{what}: containers");
            *code
        }
        (End::NotPublished(code, _), Same) => {
            assert_eq!(*code, PASSING, "{what}");
            assert!((2..=6).contains(&creates), "{what}: {creates} requests");
            *code
        }
        (End::NotPublished(code, wait), Wait(wanted)) => {
            assert_eq!(*code, wanted, "{what}");
            assert_eq!(creates.max(publishes), 1, "{what} was repeated");
            assert!(
                at != Publish || wait.is_some(),
                "{what}: the account isn't left alone"
            );
            *code
        }
        (End::NotPublished(code, _), Poll) => {
            assert_eq!(*code, PASSING, "{what}");
            assert_eq!(creates, 1, "{what}: the container stays good");
            assert!(publishes > 5, "{what}: {publishes} tries");
            *code
        }
        (End::Unknown(code, _), Unknown) => {
            assert_eq!(publishes, 1, "{what} was repeated");
            *code
        }
        (end, then) => panic!("{what}: {end:?} instead of {then:?}"),
    };
    reads_well(told, what);
}

/// What the user reads names what is wrong and what to do, in both languages.
fn reads_well(code: Code, what: &str) {
    let context = MessageContext {
        channel: Some(Channel::Instagram),
        ..MessageContext::default()
    };
    let texts = [Lang::Es, Lang::En].map(|lang| code_text(code, lang, &context));
    for text in &texts {
        assert!(text.message.len() > 10, "{what}: {text:?}");
        assert!(text.action.len() > 5, "{what} says nothing to do: {text:?}");
        assert!(!text.message.contains(['{', '[', '|']), "{what}: {text:?}");
    }
    assert_ne!(texts[0].message, texts[1].message, "{what}");
    assert_ne!(texts[0].action, texts[1].action, "{what}");
}

#[test]
fn every_error_of_instagram_comes_to_what_its_documentation_says() {
    INSTAGRAM.iter().for_each(check);
    let keys: BTreeSet<_> = INSTAGRAM.iter().map(|row| (row.0, row.1, row.2)).collect();
    assert_eq!(keys.len(), INSTAGRAM.len(), "a row stands twice");
}

#[test]
fn every_general_error_of_the_graph_api_comes_to_what_its_documentation_says() {
    GRAPH.iter().for_each(check);
}

#[test]
fn what_one_code_stands_for_is_told_apart_where_its_words_do() {
    let cases = [
        (
            190,
            None,
            "You cannot access the app till you log in to www.instagram.com",
            ACT,
        ),
        (190, None, "The session key is malformed", ACT),
        (10, None, "(#10) The user is not an Instagram Business", ACT),
        (
            100,
            None,
            "Invalid appsecret_proof provided in the API argument",
            SETUP,
        ),
        (100, None, "Unsupported request - method type: get", SETUP),
    ];
    for (code, subcode, message, wanted) in cases {
        let bench = Bench::new();
        bench
            .graph
            .always(Asked::Create, worded(400, code, subcode, message));
        expect(&bench, Create, No(wanted), message);
    }
    // A file of which nothing arrived has no ratio: that is no matter of its ratio.
    let bench = Bench::new();
    let nothing = worded(
        400,
        36_003,
        Some(2_207_009),
        "The aspect ratio 0.0 is not supported",
    );
    bench.graph.always(Asked::Create, nothing);
    expect(&bench, Create, New(1, MEDIA), "ratio 0");
}

#[test]
fn answers_without_an_error_object_are_told_by_their_status() {
    for (http, at, then) in [
        (500, Create, Same),
        (502, Publish, Unknown),
        (429, Create, Wait(FEWER)),
        (429, Publish, Unknown),
        (403, Publish, Unknown),
        (200, Publish, Unknown),
    ] {
        let bench = Bench::new();
        let asked = if at == Create {
            Asked::Create
        } else {
            Asked::Publish
        };
        let page = crate::fixture::answer(http, &json!("<html>"));
        bench.graph.always(asked, page);
        expect(&bench, at, then, &format!("HTTP {http} at {at:?}"));
    }
}

#[test]
fn a_failed_container_without_a_reason_is_made_anew_once() {
    let bench = Bench::new();
    bench.graph.always(Asked::Status, status("ERROR"));
    expect(&bench, Container, New(1, Code::MediaRejected), "no reason");
}

#[test]
fn the_ledger_is_given_the_reference_and_no_secret() {
    let bench = Bench::new();
    let message = "bad access_token=IGAAsecretsecretsecretsecret1 for https://cdn.test/a.jpg?sig=1";
    bench
        .graph
        .always(Asked::Create, worded(400, 36_002, None, message));
    let adapter = bench.adapter();
    use calendar_publish::ports::{AdapterError, ChannelAdapter, Step};
    let mut progress = adapter.begin(&bun());
    let (error, meta) = loop {
        match futures_executor::block_on(adapter.advance(bun(), progress)) {
            Ok(Step::Pending { progress: next, .. }) => progress = next,
            Err(AdapterError::NotPublished { error, meta, .. }) => break (error, meta.unwrap()),
            other => panic!("{other:?}"),
        }
    };
    assert!(error.to_string().contains("Atrace9"), "{error}");
    assert!(meta.contains("Atrace9") && meta.contains("36002"), "{meta}");
    assert!(
        !meta.contains("secretsecret") && !meta.contains("sig=1"),
        "{meta}"
    );
}
