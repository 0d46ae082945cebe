//! Whose a body is: every way in which it can't be told is refused by its own error.

use std::time::Duration;

use calendar_publish::error::{Code, Error};
use calendar_publish::ports::Header;
use calendar_publish_adapters::webhooks::{AppSecrets, WebhookError};

use crate::fixture::{COMPLETE, COMPLETE_SIGNATURE, SECRET, header, read, seconds, signed, tiktok};

/// The error of TikTok's example body with these headers, five seconds after it was sent.
fn refusal(headers: &[Header], body: &[u8]) -> WebhookError {
    tiktok()
        .read(headers, body, seconds(1_790_000_010))
        .unwrap_err()
}

fn code_and_path(error: WebhookError) -> (u16, Code, String) {
    let status = error.http_status();
    let error = Error::from(error);
    (status, error.code, error.path)
}

const HEADER: &str = "headers.tiktok-signature";

#[test]
fn the_worked_example_is_taken_whatever_the_case_of_the_header() {
    for name in ["TikTok-Signature", "Tiktok-Signature", "tiktok-signature"] {
        let headers = [header(name, COMPLETE_SIGNATURE)];
        let webhook = tiktok().read(&headers, COMPLETE, seconds(1_790_000_010));
        assert_eq!(webhook.unwrap().user_openid, "sim-open-id-0001");
    }
}

#[test]
fn one_changed_byte_anywhere_is_a_wrong_signature() {
    let right = header("tiktok-signature", COMPLETE_SIGNATURE);
    for at in [0, 40, COMPLETE.len() / 2, COMPLETE.len() - 1] {
        let mut body = COMPLETE.to_vec();
        body[at] ^= 1;
        let error = refusal(std::slice::from_ref(&right), &body);
        assert!(matches!(error, WebhookError::SignatureWrong { .. }));
    }
    let mut longer = COMPLETE.to_vec();
    longer.push(b'\n');
    let error = refusal(std::slice::from_ref(&right), &longer);
    assert!(matches!(error, WebhookError::SignatureWrong { .. }));
    for at in ["t=1790000005,s=1", "t=1790000006,s=0"] {
        // The first digit of the signature, and the time, which is signed too.
        let value = format!("{at}{}", &COMPLETE_SIGNATURE[16..]);
        let error = refusal(&[header("tiktok-signature", value)], COMPLETE);
        assert_eq!(
            code_and_path(error),
            (401, Code::FieldValueInvalid, HEADER.to_owned())
        );
    }
}

#[test]
fn another_apps_secret_is_wrong_and_a_replaced_one_is_right_while_it_is_named() {
    let headers = signed("the_old_secret", 1_790_000_005, COMPLETE);
    let error = refusal(&headers, COMPLETE);
    assert!(matches!(error, WebhookError::SignatureWrong { .. }));
    let both = AppSecrets::new(SECRET.into())
        .unwrap()
        .and("the_old_secret".into())
        .unwrap();
    let webhooks = calendar_publish_adapters::webhooks::TiktokWebhooks::new(both);
    let now = seconds(1_790_000_010);
    for secret in [SECRET, "the_old_secret"] {
        let headers = signed(secret, 1_790_000_005, COMPLETE);
        assert!(webhooks.read(&headers, COMPLETE, now).is_ok());
    }
    assert!(!format!("{webhooks:?}").contains("secret_"), "{webhooks:?}");
    assert!(!format!("{webhooks:?}").contains("old_secret"));
}

#[test]
fn an_empty_secret_would_let_everybody_sign_and_is_refused() {
    let error = AppSecrets::new("".into()).unwrap_err();
    assert_eq!(error.code, Code::FieldMissing);
    let error = AppSecrets::new(SECRET.into())
        .unwrap()
        .and("".into())
        .unwrap_err();
    assert_eq!(error.code, Code::FieldMissing);
}

#[test]
fn a_signature_is_as_old_as_its_time_and_five_minutes_are_the_bound() {
    let webhooks = tiktok();
    let headers = signed(SECRET, 1_790_000_000, COMPLETE);
    let at = |now| webhooks.read(&headers, COMPLETE, seconds(now));
    for now in [1_790_000_000, 1_790_000_300, 1_789_999_700] {
        assert!(at(now).is_ok(), "{now}");
    }
    for (now, age) in [(1_790_000_301, 301), (1_789_999_699, -301)] {
        let error = at(now).unwrap_err();
        let expected = WebhookError::SignatureStale {
            header: "tiktok-signature",
            seconds: age,
            max: 300,
        };
        assert_eq!(error, expected);
        assert_eq!(
            Error::from(error).to_string(),
            format!(
                "FIELD_VALUE_INVALID at `headers.tiktok-signature`: measured {age} s, allowed from -300 to 300 s"
            )
        );
    }
    let strict = tiktok().with_tolerance(Duration::from_secs(10));
    assert!(
        strict
            .read(&headers, COMPLETE, seconds(1_790_000_010))
            .is_ok()
    );
    assert!(
        strict
            .read(&headers, COMPLETE, seconds(1_790_000_011))
            .is_err()
    );
}

#[test]
fn a_stranger_does_not_learn_from_the_error_what_time_it_is_here() {
    let headers = signed("a guess", 1_000_000_000, COMPLETE);
    let error = refusal(&headers, COMPLETE);
    assert!(matches!(error, WebhookError::SignatureWrong { .. }));
}

#[test]
fn a_missing_doubled_or_misspelt_signature_is_said() {
    let other = header("content-type", "application/json");
    let error = refusal(std::slice::from_ref(&other), COMPLETE);
    assert_eq!(
        code_and_path(error),
        (401, Code::FieldMissing, HEADER.to_owned())
    );
    let twice = [
        header("TikTok-Signature", COMPLETE_SIGNATURE),
        header("tiktok-signature", COMPLETE_SIGNATURE),
    ];
    assert_eq!(
        code_and_path(refusal(&twice, COMPLETE)),
        (401, Code::FieldValueInvalid, HEADER.to_owned())
    );
    let signature = &COMPLETE_SIGNATURE[15..];
    for value in [
        String::new(),
        "t=1790000005".to_owned(),
        signature.to_owned(),
        format!("t=,s={signature}"),
        format!("t=+1790000005,{signature}"),
        format!("t=-1790000005,{signature}"),
        format!("t=1790000005,t=1790000005,{signature}"),
        format!("t=99999999999999999999,{signature}"),
        "t=1790000005,s=0116".to_owned(),
        format!("t=1790000005,s={}", "g".repeat(64)),
        format!("t=1790000005,s={}", "é".repeat(32)),
        format!("t=1790000005;{signature}"),
    ] {
        let error = refusal(&[header("tiktok-signature", value.clone())], COMPLETE);
        assert!(
            matches!(error, WebhookError::SignatureMalformed { .. }),
            "{value}: {error:?}"
        );
    }
}

#[test]
fn what_is_empty_too_large_not_utf8_or_not_the_document_is_said_by_its_code() {
    let headers = signed(SECRET, 1_790_000_005, b"");
    assert_eq!(
        code_and_path(refusal(&headers, b"")),
        (400, Code::InputInvalid, "body".to_owned())
    );
    let large = vec![b' '; 64 * 1024 + 1];
    assert_eq!(
        code_and_path(refusal(&[], &large)),
        (413, Code::InputTooLarge, "body".to_owned())
    );
    let expect = |body: &[u8], code: Code, path: &str| {
        let found = code_and_path(read(body).unwrap_err());
        let expected = (400, code, path.to_owned());
        assert_eq!(found, expected, "{}", body.escape_ascii());
    };
    expect(b"{\"event\":\"\xff\"}", Code::InputNotUtf8, "body");
    expect(b"{\"event\":", Code::InputInvalid, "body");
    expect(b"[1]", Code::FieldTypeInvalid, "body");
    expect(b"{\"create_time\":1}", Code::FieldMissing, "body.event");
    expect(b"{\"event\":\"x\"}", Code::FieldMissing, "body.create_time");
    expect(b"{\"event\":1}", Code::FieldTypeInvalid, "body");
    let deep = [vec![b'['; 20_000], vec![b']'; 20_000]].concat();
    let deep = [
        b"{\"event\":\"x\",\"create_time\":1,\"content\":",
        &deep[..],
        b"}",
    ]
    .concat();
    expect(&deep, Code::InputInvalid, "body");
}
