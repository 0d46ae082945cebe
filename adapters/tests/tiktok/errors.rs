//! Every row of TikTok's error tables, and what a person reads of it.
//!
//! The rows are those of the references (Content Posting API: Query Creator Info, Direct Post, Upload Video, Photo
//! Post, Get Post Status, read 2026-09-11 and 2026-11-20; API v2 error handling); what each means for a
//! post was decided when they were read.

use std::time::Duration;

use calendar_publish::Code;
use calendar_publish::error::Persistence;
use calendar_publish::message::{Lang, MessageContext, code_text};
use calendar_publish::model::Channel;
use calendar_publish::ports::{AdapterError, Post, Progress};
use calendar_publish_adapters::tiktok::TiktokSettings;
use serde_json::json;

use crate::fixture::{Bench, code, draft, photo_entry, post, video_entry};

/// Where a call is made, as the tables call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// `creator_info/query`.
    Ci,
    /// `video/init`, for an upload.
    Vi,
    /// `video/init`, for a download.
    ViPull,
    /// `inbox/video/init`.
    Iv,
    /// `content/init`, a direct post.
    Pi,
    /// `content/init`, a draft.
    PiDraft,
}

/// What the job comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    /// It ends, and a person has to act.
    Ends,
    /// The account rests; the job costs no attempt.
    Rests,
    /// It is tried again.
    TriedAgain,
    /// Nobody knows yet: it is looked for.
    Unknown,
}

/// A row: status, code, where, our code, what it comes to.
type Row = (u16, &'static str, &'static [At], Code, Comes);

const ALL: &[At] = &[At::Ci, At::Vi, At::ViPull, At::Iv, At::Pi, At::PiDraft];
const INITS: &[At] = &[At::Vi, At::ViPull, At::Iv, At::Pi, At::PiDraft];
const DIRECT: &[At] = &[At::Vi, At::ViPull, At::Pi];

const ROWS: &[Row] = &[
    (
        400,
        "invalid_param",
        INITS,
        Code::PlatformPermanent,
        Comes::Ends,
    ),
    (
        400,
        "invalid_params",
        INITS,
        Code::PlatformPermanent,
        Comes::Ends,
    ),
    (
        400,
        "invalid_file_upload",
        INITS,
        Code::MediaRejected,
        Comes::Ends,
    ),
    (
        400,
        "app_version_check_failed",
        &[At::PiDraft],
        Code::AccountActionRequired,
        Comes::Ends,
    ),
    (
        400,
        "scope_permission_missed",
        ALL,
        Code::ScopeMissing,
        Comes::Ends,
    ),
    (
        401,
        "scope_not_authorized",
        ALL,
        Code::ScopeMissing,
        Comes::Ends,
    ),
    (
        200,
        "spam_risk_too_many_posts",
        &[At::Ci],
        Code::QuotaExhausted,
        Comes::Rests,
    ),
    (
        403,
        "spam_risk_too_many_posts",
        DIRECT,
        Code::QuotaExhausted,
        Comes::Rests,
    ),
    (
        200,
        "spam_risk_user_banned_from_posting",
        &[At::Ci],
        Code::AccountBlocked,
        Comes::Ends,
    ),
    (
        403,
        "spam_risk_user_banned_from_posting",
        INITS,
        Code::AccountBlocked,
        Comes::Ends,
    ),
    (
        200,
        "reached_active_user_cap",
        &[At::Ci],
        Code::QuotaExhausted,
        Comes::Rests,
    ),
    (
        403,
        "reached_active_user_cap",
        DIRECT,
        Code::QuotaExhausted,
        Comes::Rests,
    ),
    (
        403,
        "spam_risk_too_many_pending_share",
        &[At::Iv, At::PiDraft],
        Code::QuotaExhausted,
        Comes::Rests,
    ),
    (
        403,
        "unaudited_client_can_only_post_to_private_accounts",
        DIRECT,
        Code::AppUnaudited,
        Comes::Ends,
    ),
    (
        403,
        "url_ownership_unverified",
        INITS,
        Code::AppMisconfigured,
        Comes::Ends,
    ),
    (
        403,
        "privacy_level_option_mismatch",
        DIRECT,
        Code::PrivacyNotAllowed,
        Comes::Ends,
    ),
    (
        429,
        "rate_limit_exceeded",
        ALL,
        Code::RateLimited,
        Comes::Rests,
    ),
    (
        500,
        "internal_error",
        &[At::Ci, At::Vi, At::Iv],
        Code::PlatformTemporary,
        Comes::TriedAgain,
    ),
    (
        503,
        "",
        &[At::Ci, At::Vi, At::Iv],
        Code::PlatformTemporary,
        Comes::TriedAgain,
    ),
    (
        500,
        "internal_error",
        &[At::ViPull, At::Pi, At::PiDraft],
        Code::PlatformTemporary,
        Comes::Unknown,
    ),
    (
        503,
        "",
        &[At::ViPull, At::Pi, At::PiDraft],
        Code::PlatformTemporary,
        Comes::Unknown,
    ),
    (
        400,
        "a_code_nobody_knows",
        ALL,
        Code::PlatformPermanent,
        Comes::Ends,
    ),
    (
        502,
        "a_code_nobody_knows",
        &[At::Ci, At::Vi, At::Iv],
        Code::PlatformTemporary,
        Comes::TriedAgain,
    ),
    (
        502,
        "a_code_nobody_knows",
        &[At::ViPull, At::Pi, At::PiDraft],
        Code::PlatformTemporary,
        Comes::Unknown,
    ),
];

/// A bench where the call is made next.
fn about_to(at: At) -> (Bench, Post, Progress) {
    let bench = match at {
        At::ViPull => Bench::pulling(TiktokSettings::default()),
        _ => Bench::new(),
    };
    let entry = match at {
        At::Ci | At::Vi | At::ViPull => video_entry(),
        At::Iv => draft(video_entry()),
        At::Pi => photo_entry(),
        At::PiDraft => draft(photo_entry()),
    };
    let post = post(entry);
    let stage = match at {
        At::Ci => "creator",
        At::Vi | At::Iv => "init",
        At::ViPull | At::Pi | At::PiDraft => "pull",
    };
    if matches!(at, At::Vi | At::ViPull | At::Pi) {
        bench.script.creator();
    }
    let progress = bench.up_to(&post, stage);
    (bench, post, progress)
}

fn comes_to(error: &AdapterError) -> Comes {
    let AdapterError::NotPublished { error, .. } = error else {
        return Comes::Unknown;
    };
    match (error.code, error.persistence()) {
        (Code::RateLimited | Code::QuotaExhausted, _) => Comes::Rests,
        (_, Persistence::Temporary) => Comes::TriedAgain,
        (_, Persistence::Permanent) => Comes::Ends,
        (_, Persistence::Unknown) => Comes::Unknown,
    }
}

#[test]
fn every_row_of_the_api_table() {
    for &(status, name, places, expected, comes) in ROWS {
        for &at in places {
            let row = format!("{status} {name} at {at:?}");
            let (bench, post, progress) = about_to(at);
            let calls = bench.script.requests().len();
            if name.is_empty() {
                bench.script.reply_raw(status, &[], b"");
            } else {
                bench.script.refuse(status, name);
            }
            let error = bench.advance(&post, &progress).unwrap_err();
            assert_eq!(code(&error), expected, "{row}");
            assert_eq!(comes_to(&error), comes, "{row}");
            assert_eq!(
                bench.script.requests().len(),
                calls + 1,
                "{row}: asked once"
            );
            let (AdapterError::NotPublished { meta, .. } | AdapterError::Unknown { meta, .. }) =
                &error;
            let meta = meta.as_deref().unwrap();
            if !name.is_empty() {
                assert!(
                    meta.contains(name) && meta.contains("2026SIM"),
                    "{row}: {meta}"
                );
            }
            if let AdapterError::NotPublished { retry_after, .. } = error {
                let least = (expected == Code::RateLimited).then_some(Duration::from_secs(60));
                assert!(retry_after >= least, "{row}");
            }
            reads_well(expected, &row);
        }
    }
}

/// What a person reads names TikTok or the file, says what to do, and is said in both languages.
pub(crate) fn reads_well(code: Code, row: &str) {
    let context = MessageContext {
        channel: Some(Channel::Tiktok),
        ..MessageContext::default()
    };
    let texts = [Lang::Es, Lang::En].map(|lang| code_text(code, lang, &context));
    for text in &texts {
        assert!(
            text.message.len() > 10 && text.action.len() > 10,
            "{row}: {text:?}"
        );
        assert!(
            !text.message.contains('{') && !text.action.contains('{'),
            "{row}: {text:?}"
        );
        assert!(!text.message.contains(code.as_str()), "{row}: {text:?}");
    }
    assert_ne!(texts[0].message, texts[1].message, "{row}");
    assert_ne!(texts[0].action, texts[1].action, "{row}");
    let names_tiktok = |text: &str| text.contains("TikTok");
    if NAMES_TIKTOK.contains(&code) {
        for text in &texts {
            assert!(names_tiktok(&text.message), "{row}: {text:?}");
        }
    }
}

/// The codes that are about the platform: their texts name it.
const NAMES_TIKTOK: &[Code] = &[
    Code::PlatformPermanent,
    Code::PlatformTemporary,
    Code::MediaRejected,
    Code::MediaUnreachable,
    Code::AccountActionRequired,
    Code::AccountBlocked,
    Code::QuotaExhausted,
    Code::RateLimited,
    Code::AppUnaudited,
    Code::AppMisconfigured,
    Code::ContentRejected,
];

#[test]
fn a_token_that_is_refused_is_replaced_once_and_only_that_call_is_repeated() {
    for &at in ALL {
        let (bench, post, progress) = about_to(at);
        let calls = bench.script.requests().len();
        bench.script.refuse(401, "access_token_invalid");
        match at {
            At::Ci => bench.script.creator(),
            At::Vi | At::Iv => bench.script.upload_begun(),
            At::ViPull | At::Pi | At::PiDraft => bench.script.ok(json!({ "publish_id": "p~1" })),
        };
        bench.advance(&post, &progress).unwrap();
        let asked = bench.script.requests().split_off(calls);
        assert_eq!(asked.len(), 2, "{at:?}");
        assert_eq!(asked[0].url, asked[1].url);
        assert_eq!(asked[0].body, asked[1].body);
        let token = |index: usize| asked[index].headers[0].value.clone();
        assert_eq!(token(0), "Bearer act.SECRET-TOKEN-0");
        assert_eq!(token(1), "Bearer act.SECRET-TOKEN-1");
    }
}

#[test]
fn a_replacement_that_is_refused_too_ends_the_authorisation() {
    for &at in ALL {
        let (bench, post, progress) = about_to(at);
        bench.script.refuse(401, "access_token_invalid");
        bench.script.refuse(401, "access_token_invalid");
        let error = bench.advance(&post, &progress).unwrap_err();
        assert_eq!(code(&error), Code::ChannelAuthInvalid, "{at:?}");
        assert_eq!(comes_to(&error), Comes::Ends, "{at:?}");
    }
    reads_well(Code::ChannelAuthInvalid, "access_token_invalid twice");
}

#[test]
fn no_token_to_replace_it_is_said_as_it_is() {
    use calendar_publish_adapters::access::AccessError;
    let cases = [
        (AccessError::Revoked, Code::ChannelAuthInvalid, Comes::Ends),
        (AccessError::Expired, Code::TokenExpired, Comes::Ends),
        (
            AccessError::Unavailable {
                reason: "down".to_owned(),
            },
            Code::PlatformTemporary,
            Comes::TriedAgain,
        ),
    ];
    for (refused, expected, comes) in cases {
        let (bench, post, progress) = about_to(At::Pi);
        *bench.tokens.refused.lock().unwrap() = Some(refused);
        bench.script.refuse(401, "access_token_invalid");
        let error = bench.advance(&post, &progress).unwrap_err();
        assert_eq!((code(&error), comes_to(&error)), (expected, comes));
    }
}

#[test]
fn what_isnt_the_api_proves_nothing_about_a_download() {
    let page = b"<html>Forbidden</html>".as_slice();
    for (status, body) in [
        (200, page),
        (403, page),
        (404, page),
        (302, b""),
        (200, b"{}"),
        (200, b""),
    ] {
        let (bench, post, progress) = about_to(At::Pi);
        bench.script.reply_raw(status, &[], body);
        let error = bench.advance(&post, &progress).unwrap_err();
        assert_eq!(comes_to(&error), Comes::Unknown, "{status}");
        let (bench, post, progress) = about_to(At::Vi);
        bench.script.reply_raw(status, &[], body);
        let error = bench.advance(&post, &progress).unwrap_err();
        assert_eq!(comes_to(&error), Comes::TriedAgain, "{status}");
    }
}

#[test]
fn an_ok_without_a_handle_is_no_answer_to_a_download() {
    let (bench, post, progress) = about_to(At::Pi);
    bench.script.ok(json!({}));
    let error = bench.advance(&post, &progress).unwrap_err();
    assert_eq!(comes_to(&error), Comes::Unknown);
}

#[test]
fn what_the_creator_may_do_is_held_against_what_was_chosen() {
    type Change = fn(&mut serde_json::Value);
    let cases: [(Change, Code); 2] = [
        (
            |creator| creator["privacy_level_options"] = json!(["SELF_ONLY"]),
            Code::PrivacyNotAllowed,
        ),
        (
            |creator| creator["max_video_post_duration_sec"] = json!(29),
            Code::MediaDurationInvalid,
        ),
    ];
    for (change, expected) in cases {
        let (bench, post, progress) = about_to(At::Ci);
        let mut creator = crate::fixture::creator();
        change(&mut creator);
        bench.script.ok(creator);
        let error = bench.advance(&post, &progress).unwrap_err();
        assert_eq!((code(&error), comes_to(&error)), (expected, Comes::Ends));
        reads_well(expected, "creator_info");
    }
    let (bench, mut post, progress) = about_to(At::Ci);
    post.entry.tiktok.as_mut().unwrap().privacy = None;
    bench.script.creator();
    let error = bench.advance(&post, &progress).unwrap_err();
    assert_eq!(code(&error), Code::PrivacyMissing);
}
