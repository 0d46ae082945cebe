//! Whatever is changed in a ledger is found, and where.

use proptest::prelude::*;

use super::*;
use crate::ports::AttemptNote;

const ACCOUNT: &str = "018f0000-0000-7000-8000-0000000000a1";
const OTHER: &str = "018f0000-0000-7000-8000-0000000000a2";

fn record(number: u32, account: &str, message: Option<&str>) -> LedgerRecord {
    serde_json::from_value(serde_json::json!({
        "at": "2026-04-02T09:00:00Z", "userId": "018f0000-0000-7000-8000-0000000000b1",
        "accountId": account, "channel": "instagram",
        "jobId": "018f0000-0000-7000-8000-0000000000d1",
        "entryId": "018f0000-0000-7000-8000-0000000000e1", "attempt": number, "token": 7,
        "contentHash": "ab".repeat(32), "status": "failed", "errorCode": "PLATFORM_TEMPORARY",
        "message": message,
    }))
    .unwrap()
}

/// A ledger whose rows say `messages`.
fn ledger(messages: &[&str]) -> Vec<LedgerRow> {
    let mut head = LedgerHead::default();
    let mut rows = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        let row = chain(&head, &record(index as u32 + 1, ACCOUNT, Some(message))).unwrap();
        head = head_of(&row);
        rows.push(row);
    }
    rows
}

fn head_of(row: &LedgerRow) -> LedgerHead {
    LedgerHead {
        sequence: row.sequence,
        hash: row.hash.clone(),
    }
}

fn file(rows: &[LedgerRow]) -> String {
    let now = "2026-04-03T00:00:00Z".parse().unwrap();
    export(ACCOUNT.parse().unwrap(), &LedgerHead::default(), rows, now).unwrap()
}

fn broken(sequence: i64, kind: BreakKind) -> LedgerBreak {
    LedgerBreak {
        sequence,
        line: None,
        kind,
    }
}

#[test]
fn a_whole_ledger_gives_its_head() {
    assert_eq!(verify(&[]), Ok(LedgerHead::default()));
    let rows = ledger(&["one", "two", "three"]);
    assert_eq!(verify(&rows), Ok(head_of(&rows[2])));
    assert_eq!(
        verify_after(&head_of(&rows[0]), &rows[1..]),
        Ok(head_of(&rows[2]))
    );
}

#[test]
fn the_first_wrong_row_is_named_with_what_is_wrong() {
    let rows = ledger(&["one", "two", "three"]);
    let verdict = |change: &dyn Fn(&mut Vec<LedgerRow>)| {
        let mut rows = rows.clone();
        change(&mut rows);
        verify(&rows).unwrap_err()
    };
    let edited = verdict(&|rows| rows[1].record = rows[1].record.replace("two", "2"));
    assert_eq!(edited, broken(2, BreakKind::HashWrong));
    assert_eq!(edited.to_string(), "row 2: its content has another hash");
    let rehashed = verdict(&|rows| {
        rows[1].record = rows[1].record.replace("two", "2");
        rows[1].hash = link(&rows[1].previous_hash, &rows[1].record);
    });
    assert_eq!(rehashed, broken(3, BreakKind::LinkWrong));
    let taken_out = verdict(&|rows| drop(rows.remove(1)));
    assert_eq!(taken_out, broken(2, BreakKind::Gap));
    let swapped = verdict(&|rows| rows.swap(0, 1));
    assert_eq!(swapped, broken(1, BreakKind::Gap));
    let elsewhere = verdict(&|rows| rows[2].account_id = OTHER.parse().unwrap());
    assert_eq!(elsewhere, broken(3, BreakKind::AnotherAccount));
    let foreign = verdict(&|rows| {
        let record = record(3, OTHER, None);
        let row = chain(&head_of(&rows[1]), &record).unwrap();
        rows[2] = LedgerRow {
            account_id: ACCOUNT.parse().unwrap(),
            ..row
        };
    });
    assert_eq!(foreign, broken(3, BreakKind::AnotherAccount));
    let nonsense = verdict(&|rows| {
        rows[0].record = "{}".to_owned();
        rows[0].hash = link(&rows[0].previous_hash, "{}");
    });
    assert_eq!(nonsense, broken(1, BreakKind::RecordUnreadable));
}

#[test]
fn a_file_is_read_back_as_it_was_written() {
    for rows in [
        ledger(&[]),
        ledger(&["one"]),
        ledger(&["one", "¡dos!\n\"", "three"]),
    ] {
        let text = file(&rows);
        let read = import(text.as_bytes()).unwrap();
        assert_eq!(read.rows, rows);
        assert_eq!(read.header.count, rows.len() as u64);
        assert_eq!(verify(&rows), Ok(read.header.head));
    }
    let rows = ledger(&["one", "two", "three"]);
    let after = head_of(&rows[0]);
    let now = "2026-04-03T00:00:00Z".parse().unwrap();
    let part = export(ACCOUNT.parse().unwrap(), &after, &rows[1..], now).unwrap();
    assert_eq!(import(part.as_bytes()).unwrap().header.after, after);
}

#[test]
fn a_file_that_was_cut_or_grew_is_named_with_its_line() {
    let text = file(&ledger(&["one", "two", "three"]));
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let verdict = |lines: &[&str]| import(lines.concat().as_bytes()).unwrap_err();
    let at = |line, sequence, kind| LedgerBreak {
        sequence,
        line: Some(line),
        kind,
    };
    assert_eq!(verdict(&[]), at(1, 0, BreakKind::CutShort));
    assert_eq!(verdict(&lines[1..]), at(1, 0, BreakKind::HeaderWrong));
    assert_eq!(verdict(&lines[..3]), at(4, 3, BreakKind::CutShort));
    assert_eq!(
        verdict(&[lines[0], lines[1], lines[3]]),
        at(3, 2, BreakKind::Gap)
    );
    let unended = lines[3].trim_end();
    assert_eq!(
        verdict(&[lines[0], lines[1], lines[2], unended]),
        at(4, 3, BreakKind::CutShort)
    );
    assert_eq!(
        verdict(&[lines[0], lines[1], lines[2], lines[3], lines[3]]),
        at(5, 4, BreakKind::Surplus)
    );
    let spaced = lines[2].replacen(':', ": ", 1);
    assert_eq!(
        verdict(&[lines[0], lines[1], &spaced, lines[3]]),
        at(3, 2, BreakKind::LineWrong)
    );
}

#[test]
fn a_ledger_that_was_written_anew_is_found_by_a_head_kept_elsewhere() {
    let kept = verify(&ledger(&["one", "two"])).unwrap();
    let anew = ledger(&["one", "2", "three"]);
    assert_eq!(
        verify_after(&kept, &anew[2..]),
        Err(broken(3, BreakKind::LinkWrong))
    );
}

#[test]
fn no_row_with_a_secret_leaves() {
    let rows = ledger(&["fine", "answered access_token=EAAB1"]);
    let now = "2026-04-03T00:00:00Z".parse().unwrap();
    let account = ACCOUNT.parse().unwrap();
    let error = export(account, &LedgerHead::default(), &rows, now).unwrap_err();
    assert_eq!(error.code, Code::FieldValueInvalid);
    assert_eq!(error.path, "rows[1].record.message");
    assert!(!error.to_string().contains("EAAB1"));
    let other = OTHER.parse().unwrap();
    let error = export(other, &LedgerHead::default(), &rows[..1], now).unwrap_err();
    assert_eq!(
        (error.code, error.path.as_str()),
        (Code::StoreCorrupt, "rows[0]")
    );
}

#[test]
fn every_byte_of_a_file_counts() {
    let text = file(&ledger(&["one", "¿dos?"]));
    for place in 0..text.len() {
        for other in [b' ', b'0', b'a', b'A', b'\n', b'"', 0, 0xFF] {
            let mut bytes = text.clone().into_bytes();
            // Lower and upper case are tried for every letter.
            for new in [other, bytes[place] ^ 0x20] {
                bytes[place] = new;
                let same = bytes == text.as_bytes();
                assert_eq!(import(&bytes).is_ok(), same, "byte {place} as {new:?}");
            }
        }
        assert!(import(&text.as_bytes()[..place]).is_err(), "cut at {place}");
    }
}

proptest! {
    #[test]
    fn any_single_byte_changed_is_found(
        messages in proptest::collection::vec(".{0,40}", 1..6),
        place in any::<prop::sample::Index>(),
        change in 1u8..,
    ) {
        let clean: Vec<String> = messages.iter().map(|text| redact(text)).collect();
        let clean: Vec<&str> = clean.iter().map(String::as_str).collect();
        let mut bytes = file(&ledger(&clean)).into_bytes();
        prop_assert!(import(&bytes).is_ok());
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        prop_assert!(import(&bytes).is_err());
    }

    #[test]
    fn any_field_of_a_row_changed_is_found(
        count in 1usize..6, row in any::<prop::sample::Index>(), field in 0..4,
        place in any::<prop::sample::Index>(), change in 1u8..128,
    ) {
        let mut rows = ledger(&vec!["one"; count]);
        let row = &mut rows[row.index(count)];
        let text = match field {
            0 => &mut row.record,
            1 => &mut row.hash,
            2 => &mut row.previous_hash,
            _ => {
                row.sequence ^= i64::from(change);
                &mut String::from("-")
            }
        };
        let mut bytes = std::mem::take(text).into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        *text = String::from_utf8_lossy(&bytes).into_owned();
        let expected = row.sequence;
        let found = verify(&rows).unwrap_err();
        prop_assert!(field == 3 || found.sequence == expected);
    }

    #[test]
    fn redacting_twice_changes_nothing(
        parts in proptest::collection::vec(prop_oneof![
            Just("https://"), Just("user:pw@"), Just("host.example/a"), Just("?token="), Just("&sig="),
            Just("access_token"), Just("\": \""), Just("="), Just(": "), Just(" "), Just("\\/"), Just("%3D"),
            Just("ana@example.com"), Just("Bearer "), Just("Authorization"), Just("cookie"), Just("\n"),
            Just("EAABsbCS1iHgBAKZCxYz9Q"), Just("aB3dE5gH7jK9mN1pQ3sT5vW7"), Just("[redacted]"), Just("ñ"),
            Just("018f0000-0000-7000-8000-0000000000a1"), Just("\""), Just("{"), Just("'"), Just(","),
        ], 0..24),
        noise in ".{0,30}",
    ) {
        let text = parts.concat() + &noise;
        let once = redact(&text);
        prop_assert_eq!(redact(&once), once);
        let once = redact_json(&text);
        prop_assert_eq!(redact_json(&once), once);
    }

    #[test]
    fn a_planted_secret_never_stays(
        before in "[a-z ]{0,12}", after in "[ ,;\"'&][a-z ]{0,12}", secret in "[a-z0-9]{6}[A-Z]{6}[0-9]{4}",
        place in 0..9,
    ) {
        let text = match place {
            0 => format!("{before} access_token={secret}{after}"),
            1 => format!(r#"{before}{{"client_secret":"{secret}"}}{after}"#),
            2 => format!("{before} https://h.example/p?x={secret}{after}"),
            3 => format!("{before} https://{secret}@h.example/p{after}"),
            4 => format!("{before} Authorization: Bearer {secret}"),
            5 => format!("{before} https:\\/\\/h.example\\/p?sig={secret}{after}"),
            6 => format!("{before} Cookie: a=b; sid={secret}\n{after}"),
            7 => format!("{before} {secret}@mail.example{after}"),
            _ => format!("{before} {secret}xY9{secret}{after}"),
        };
        prop_assert!(!redact(&text).contains(&secret), "{} -> {}", text, redact(&text));
        prop_assert!(!redact_json(&text).contains(&secret));
    }
}

#[test]
fn what_explains_a_failure_stays() {
    for text in [
        "TOKEN_EXPIRED: the token: expired. Error 190/463",
        "container 17900000000000201 FINISHED twice, 30 s apart; quota 3 of 50",
        "fbtrace_id AkL2nV5yJ4e7KwGq8q0vWzL log_id 202210112248442CB9319E1FB30C1073F3",
        "publish_id v_pub_file~v2-1.7300000000000000201",
        "attempt 018f0000-0000-7000-8000-000000000001 of job-018f0000-0000-7000-8000-000000000002",
        "sha-256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "La publicación está en el perfil: ¿la ves? https://www.instagram.com/p/C5abcDEF123/",
        "at 2026-04-02T09:00:00.000Z the platform answered 503 Service Unavailable",
    ] {
        assert_eq!(redact(text), text);
    }
}

#[test]
fn json_keeps_its_form_and_loses_its_secrets() {
    let kept =
        r#"{ "error": { "code": 190, "type": "OAuthException", "fbtrace_id": "EJplcsCHuLu" } }"#;
    assert_eq!(redact_json(kept), kept);
    let note = AttemptNote {
        message: Some("mail ana@example.com".to_owned()),
        response_meta: Some(
            r#"{"access_token":{"value":"abc"},"next":"https:\/\/h\/p?after=x","n":1}"#.to_owned(),
        ),
    };
    let note = note.redacted();
    assert_eq!(note.message.as_deref(), Some("mail [email]"));
    let meta: serde_json::Value = serde_json::from_str(&note.response_meta.unwrap()).unwrap();
    let expected = serde_json::json!({
        "access_token": "[redacted]", "next": "https://h/p?[redacted]", "n": 1,
    });
    assert_eq!(meta, expected);
}

/// As large an answer as the transport lets through, with each slash escaped as often as one can. A pass for
/// each backslash would take hours.
#[test]
fn a_huge_answer_of_backslashes_is_redacted_in_one_pass() {
    let backslashes = "\\".repeat(8 * 1024 * 1024);
    assert_eq!(redact(&format!("a{backslashes}/b")), "a/b");
}

#[test]
fn an_oauth_code_and_a_short_token_of_tiktoks_are_told_from_error_codes() {
    for (text, clean) in [
        (
            "grant_type=authorization_code&code=sim.code.41*1",
            "grant_type=authorization_code&code=[redacted]",
        ),
        (
            "code=2207051 code=access_token_invalid code: 190",
            "code=2207051 code=access_token_invalid code: 190",
        ),
        (
            "log_id act.sim-A1 and act.now",
            "log_id [redacted] and act.now",
        ),
    ] {
        assert_eq!(redact(text), clean);
        assert_eq!(redact(clean), clean);
    }
}
