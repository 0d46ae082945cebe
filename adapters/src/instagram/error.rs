//! Instagram's codes and what they mean here: the only place that knows them.
//!
//! Codes are matched in this order: code and sub-code, a sub-code of the form 22xxxxx alone, the code alone, the HTTP
//! status (Instagram Platform, error codes, read 2026-06-02; Graph API, error handling and rate limits, read
//! 2026-09-11). Rows marked "seen" are in no documentation: they were reported by users of the API.

use std::time::Duration;

use calendar_publish::error::Measure;
use calendar_publish::{Code, Error};
use serde_json::json;

use super::response::{GraphError, UploadError};
use super::usage::Usage;

/// What was asked when Instagram refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The account, its quota or its media.
    Account,
    /// A container to be made.
    Create,
    /// The state of a container.
    Container,
    /// A container to be published.
    Publish,
}

/// What helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Nothing that the adapter can do.
    Nothing,
    /// Another token of the account, once.
    Token,
    /// Asking the container again whether it is ready.
    Poll,
    /// The same request again, a few times.
    Same,
    /// A new container, at most so often in an attempt.
    Fresh { times: u32, wait: Duration },
    /// Leaving the account alone.
    Wait,
}

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// What the user is told where nothing helped.
    pub(super) code: Code,
    /// What helps.
    pub(super) remedy: Remedy,
    /// Whether it is certain that nothing was published.
    pub(super) certain: bool,
    /// Whether only a person may have it published again.
    pub(super) blocked: bool,
}

/// A row of the table: what a code means wherever it appears before the publishing call.
struct Row {
    code: Option<i64>,
    subcode: Option<i64>,
    ours: Code,
    remedy: Remedy,
}

const fn sub(code: i64, subcode: i64, ours: Code, remedy: Remedy) -> Row {
    Row {
        code: Some(code),
        subcode: Some(subcode),
        ours,
        remedy,
    }
}

/// A sub-code that was seen without a code.
const fn alone(subcode: i64, ours: Code, remedy: Remedy) -> Row {
    Row {
        code: None,
        subcode: Some(subcode),
        ours,
        remedy,
    }
}

const fn code(code: i64, ours: Code, remedy: Remedy) -> Row {
    Row {
        code: Some(code),
        subcode: None,
        ours,
        remedy,
    }
}

const fn fresh(times: u32, seconds: u64) -> Remedy {
    Remedy::Fresh {
        times,
        wait: Duration::from_secs(seconds),
    }
}

use Remedy::{Nothing, Poll, Same, Token, Wait};

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // The media couldn't be fetched.
    sub(-2, 2_207_003, Code::MediaUnreachable, fresh(3, 10)),
    sub(9004, 2_207_052, Code::MediaUnreachable, fresh(3, 15)),
    alone(2_207_077, Code::MediaUnreachable, fresh(1, 15)), // seen
    // The container is gone.
    sub(-2, 2_207_020, Code::PlatformTemporary, fresh(2, 0)),
    sub(24, 2_207_006, Code::PlatformTemporary, fresh(1, 0)),
    sub(24, 2_207_008, Code::PlatformTemporary, Poll),
    // Passing faults.
    sub(-1, 2_207_001, Code::PlatformTemporary, fresh(2, 10)),
    sub(-1, 2_207_032, Code::PlatformTemporary, fresh(2, 10)),
    sub(-1, 2_207_053, Code::MediaRejected, fresh(2, 10)),
    // The file.
    sub(352, 2_207_026, Code::MediaFormatUnsupported, Nothing),
    sub(36_000, 2_207_004, Code::MediaTooLarge, Nothing),
    sub(36_001, 2_207_005, Code::MediaFormatUnsupported, Nothing),
    sub(36_003, 2_207_009, Code::MediaRatioInvalid, Nothing),
    alone(2_207_076, Code::MediaRejected, fresh(1, 10)), // seen
    alone(2_207_082, Code::MediaRejected, fresh(1, 10)), // seen
    sub(-1, 2_207_085, Code::MediaRejected, Nothing), // seen
    // The text and the choices.
    sub(1, 2_207_057, Code::CoverInvalid, Nothing),
    sub(36_004, 2_207_010, Code::CaptionTooLong, Nothing),
    sub(100, 2_207_040, Code::MentionsTooMany, Nothing),
    sub(110, 2_207_018, Code::UserTagInvalid, Nothing), // seen
    alone(2_207_081, Code::OptionUnsupported, Nothing), // seen
    sub(100, 2_207_023, Code::AppMisconfigured, Nothing),
    sub(100, 2_207_067, Code::AppMisconfigured, Nothing), // seen
    sub(100, 2_207_028, Code::ContentRejected, Nothing),
    sub(100, 2_207_035, Code::ContentRejected, Nothing),
    sub(100, 2_207_036, Code::ContentRejected, Nothing),
    sub(100, 2_207_037, Code::ContentRejected, Nothing),
    // The account.
    sub(4, 2_207_051, Code::AccountBlocked, Nothing),
    sub(9, 2_207_042, Code::QuotaExhausted, Wait),
    sub(25, 2_207_050, Code::AccountActionRequired, Nothing),
    sub(9007, 2_207_027, Code::PlatformTemporary, Poll),
    code(9007, Code::PlatformTemporary, Poll),
    code(368, Code::AccountBlocked, Nothing),
    // The token: code 102 means the same as 190.
    sub(190, 459, Code::AccountActionRequired, Nothing),
    sub(190, 464, Code::AccountActionRequired, Nothing),
    sub(190, 483, Code::AccountActionRequired, Nothing), // seen
    sub(190, 463, Code::TokenExpired, Token),
    code(190, Code::ChannelAuthInvalid, Token),
    // The app and its permissions.
    code(3, Code::AppMisconfigured, Nothing),
    code(10, Code::ScopeMissing, Nothing),
    sub(10, 9053, Code::PlatformPermanent, Nothing),
    code(104, Code::AppMisconfigured, Nothing), // seen
    code(2500, Code::AppMisconfigured, Nothing), // seen
    code(2635, Code::AppMisconfigured, Nothing), // seen
    // The request.
    code(100, Code::ContentRejected, Nothing),
    code(506, Code::PlatformPermanent, Nothing),
    // The servers.
    code(1, Code::PlatformTemporary, Same),
    code(2, Code::PlatformTemporary, Same),
    code(-1, Code::PlatformTemporary, Same),
    code(-2, Code::PlatformTemporary, Same),
    // Too many calls.
    code(4, Code::RateLimited, Wait),
    code(17, Code::RateLimited, Wait),
    code(32, Code::RateLimited, Wait),
    code(341, Code::RateLimited, Wait),
    code(613, Code::RateLimited, Wait),
    code(80_001, Code::RateLimited, Wait),
    code(80_002, Code::RateLimited, Wait),
];

/// A refusal as it was answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) http_status: u16,
    pub(super) error: Option<GraphError>,
    /// What the upload host said, which has words of its own.
    pub(super) upload: Option<UploadError>,
    pub(super) usage: Usage,
}

impl Refusal {
    /// Whether the platform didn't accept the token, and another one of the account may do.
    pub(super) fn is_of_token(&self) -> bool {
        match (&self.error, &self.upload) {
            (Some(error), _) => known(error, Place::Account, self.http_status).remedy == Token,
            (None, Some(upload)) => upload.kind == "NotAuthorizedError",
            (None, None) => self.http_status == 401,
        }
    }

    /// What it means at `place`.
    pub(super) fn verdict(&self, place: Place) -> Verdict {
        let verdict = match &self.error {
            Some(error) => known(error, place, self.http_status),
            None => by_status(self.http_status),
        };
        if place != Place::Publish {
            return Verdict {
                certain: true,
                blocked: false,
                ..verdict
            };
        }
        let certain = self.http_status < 500
            && (self.error.as_ref().is_some_and(refuses_for_certain) || self.is_of_token());
        let blocked = !certain && (self.http_status == 403 || verdict.code == Code::AccountBlocked);
        // What a container was refused with once it was ready isn't about its file.
        let is_fatal = self.error.as_ref().and_then(|error| error.error_subcode) == Some(2_207_085);
        Verdict {
            code: if is_fatal {
                Code::PlatformPermanent
            } else {
                verdict.code
            },
            certain,
            blocked,
            ..verdict
        }
    }

    /// The error that the user is told about, with Instagram's reference where nothing else can be said.
    pub(super) fn error(&self, code: Code, path: &str) -> Error {
        let error = Error::new(code).at(path);
        let trace = self
            .error
            .as_ref()
            .and_then(|error| error.fbtrace_id.as_deref());
        match (code, trace) {
            (Code::PlatformPermanent, Some(trace)) => error.measured(Measure::text(trace)),
            _ => error,
        }
    }

    /// The answer for the ledger, without secrets.
    pub(super) fn meta(&self) -> String {
        let error = self.error.as_ref();
        let text = |text: Option<&String>| text.map(|text| shorten(text));
        json!({
            "httpStatus": self.http_status,
            "code": error.map(|error| error.code),
            "subcode": error.and_then(|error| error.error_subcode),
            "message": text(error.map(|error| &error.message)),
            "userTitle": text(error.and_then(|error| error.error_user_title.as_ref())),
            "userMessage": text(error.and_then(|error| error.error_user_msg.as_ref())),
            "traceId": text(error.and_then(|error| error.fbtrace_id.as_ref())),
            "upload": text(self.upload.as_ref().map(|upload| &upload.kind)),
        })
        .to_string()
    }

    /// How long Instagram asks to leave the account alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.usage.regain()
    }
}

/// As much of a text as the ledger keeps (our own choice).
fn shorten(text: &str) -> String {
    text.chars().take(500).collect()
}

/// What a container failed with, by the sub-code of its status. Without one nothing is known: a new container may
/// do, once.
pub(super) fn container_failure(subcode: Option<i64>) -> Verdict {
    let verdict = |code, remedy| Verdict {
        code,
        remedy,
        certain: true,
        blocked: false,
    };
    match subcode {
        Some(subcode) => match by_subcode(subcode) {
            Some(row) => verdict(row.ours, row.remedy),
            None => verdict(Code::PlatformPermanent, Nothing),
        },
        None => verdict(Code::MediaRejected, fresh(1, 10)),
    }
}

/// What the upload host's refusal means, and whether the piece is sent again, which does no harm.
pub(super) fn upload_failure(refusal: &Refusal) -> (Code, bool) {
    match &refusal.upload {
        Some(error) if error.kind == "NotAuthorizedError" => (Code::ChannelAuthInvalid, false),
        Some(error) if error.retriable => (Code::PlatformTemporary, true),
        Some(_) if refusal.http_status < 500 => (Code::MediaRejected, false),
        _ => {
            let verdict = refusal.verdict(Place::Create);
            (verdict.code, verdict.remedy == Same)
        }
    }
}

fn known(error: &GraphError, place: Place, http_status: u16) -> Verdict {
    let (code, remedy) = row_of(error).map_or_else(
        || {
            let is_fault = http_status >= 500 && error.error_subcode.is_none_or(|it| !is_media(it));
            if is_fault {
                (Code::PlatformTemporary, Same)
            } else {
                (Code::PlatformPermanent, Nothing)
            }
        },
        |row| (row.ours, row.remedy),
    );
    let (code, remedy) = by_words(error, place).unwrap_or((code, remedy));
    Verdict {
        code,
        remedy,
        certain: true,
        blocked: false,
    }
}

fn row_of(error: &GraphError) -> Option<&'static Row> {
    let code = if error.code == 102 { 190 } else { error.code };
    let exact = TABLE.iter().find(|row| {
        row.subcode.is_some() && row.code == Some(code) && row.subcode == error.error_subcode
    });
    if exact.is_some() {
        return exact;
    }
    if let Some(subcode) = error.error_subcode.filter(|subcode| is_media(*subcode)) {
        return by_subcode(subcode);
    }
    if (200..300).contains(&code) {
        return TABLE
            .iter()
            .find(|row| row.code == Some(10) && row.subcode.is_none());
    }
    TABLE
        .iter()
        .find(|row| row.code == Some(code) && row.subcode.is_none())
}

fn by_subcode(subcode: i64) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.subcode == Some(subcode))
}

/// Whether a sub-code is one of Instagram's own, which mean the same under every code.
const fn is_media(subcode: i64) -> bool {
    matches!(subcode, 2_200_000..=2_299_999)
}

/// Where one code stands for several causes, a word of its message tells them apart. Messages are localised, so
/// that this only ever refines.
fn by_words(error: &GraphError, place: Place) -> Option<(Code, Remedy)> {
    let message = error.message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    match (error.code, error.error_subcode) {
        (190 | 102, None) if says(&["till you log in", "session key is malformed"]) => {
            Some((Code::AccountActionRequired, Nothing))
        }
        (10, None) if says(&["not an instagram business"]) => {
            Some((Code::AccountActionRequired, Nothing))
        }
        // Instagram answers so for its own containers and media that are a moment old.
        (100, Some(33)) if place != Place::Create => Some((Code::PlatformTemporary, Same)),
        (100, None) if says(&["appsecret_proof", "unsupported request"]) => {
            Some((Code::AppMisconfigured, Nothing))
        }
        // Nothing was fetched, so nothing had a ratio.
        (36_003, _) if says_ratio_zero(&message) => Some((Code::MediaUnreachable, fresh(1, 15))),
        _ => None,
    }
}

/// Whether one of the numbers of `message` is 0 or 0.0.
fn says_ratio_zero(message: &str) -> bool {
    message
        .split(|sign: char| !sign.is_ascii_digit() && sign != '.')
        .map(|number| number.trim_matches('.'))
        .any(|number| number.parse::<f64>() == Ok(0.0))
}

/// What an answer without an `error` object means.
fn by_status(http_status: u16) -> Verdict {
    let (code, remedy) = match http_status {
        401 => (Code::ChannelAuthInvalid, Token),
        429 => (Code::RateLimited, Wait),
        _ => (Code::PlatformTemporary, Same),
    };
    Verdict {
        code,
        remedy,
        certain: true,
        blocked: false,
    }
}

/// Whether a refusal of the publishing call says by its meaning that nothing was published. Everything else may
/// have published, a 403 above all.
fn refuses_for_certain(error: &GraphError) -> bool {
    match (error.code, error.error_subcode) {
        (9007 | 24 | 190 | 102 | 10 | 200..=299, _)
        | (9, Some(2_207_042))
        | (25, Some(2_207_050)) => true,
        // "No such object" has been answered for containers that were there.
        (100, subcode) => subcode != Some(33),
        _ => false,
    }
}
