//! What TikTok answers, read.
//!
//! Whatever may be missing is optional, an id may be a number or a string, and a body needn't be JSON at
//! all: all of that has been seen.

use calendar_publish::ledger::redact;
use calendar_publish::model::TiktokPrivacy;
use calendar_publish::ports::HttpResponse;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

/// How many characters of a text are kept (our own choice): codes, trace ids and sentences are shorter, and
/// whatever is kept reaches the ledger.
const KEPT: usize = 500;

/// The longest id of a post, in digits (our own choice): they have 19.
const LONGEST_ID: usize = 32;

/// An answer of the API, taken apart.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// `error.code`; `None` where the body isn't the API's.
    pub(super) code: Option<String>,
    /// `error.message`.
    pub(super) message: Option<String>,
    /// `error.log_id`, which TikTok's support asks for.
    pub(super) log_id: Option<String>,
    /// The header `Retry-After` in seconds, which isn't documented.
    pub(super) retry_after: Option<u64>,
    data: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    data: Option<Box<RawValue>>,
    #[serde(default)]
    error: Option<ErrorBody>,
}

#[derive(Deserialize)]
struct ErrorBody {
    #[serde(default)]
    code: Option<Value>,
    #[serde(default)]
    message: Option<Value>,
    #[serde(default)]
    log_id: Option<Value>,
    /// So the tables of the reference call it; the examples don't.
    #[serde(default)]
    logid: Option<Value>,
}

impl Answer {
    pub(super) fn read(response: &HttpResponse) -> Self {
        let envelope: Option<Envelope> = serde_json::from_slice(&response.body).ok();
        let (data, error) = envelope.map_or((None, None), |body| (body.data, body.error));
        // Whatever stands before TikTok may repeat what it was asked, the token too.
        let clean = |value| text(value).map(|text| redact(&text));
        let (code, message, log_id) = error.map_or((None, None, None), |error| {
            (
                error.code.and_then(clean),
                error.message.and_then(clean),
                error.log_id.or(error.logid).and_then(clean),
            )
        });
        Self {
            status: response.status,
            code,
            message,
            log_id,
            retry_after: header(response, "retry-after").and_then(|value| value.parse().ok()),
            data,
        }
    }

    /// Whether TikTok did what it was asked: the status alone says nothing.
    pub(super) fn is_ok(&self) -> bool {
        (200..300).contains(&self.status) && self.code.as_deref() == Some("ok")
    }

    /// The data; `None` where they aren't what they should be.
    pub(super) fn data<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.data.as_ref()?.get()).ok()
    }
}

/// The first header of that name.
pub(super) fn header<'a>(response: &'a HttpResponse, name: &str) -> Option<&'a str> {
    response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value.trim())
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(shorten(&text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(KEPT).collect()
}

/// What a creator may do.
#[derive(Debug, Deserialize)]
pub(super) struct Creator {
    #[serde(default)]
    pub(super) creator_username: Option<String>,
    #[serde(default)]
    privacy_level_options: Vec<String>,
    #[serde(default)]
    pub(super) comment_disabled: bool,
    #[serde(default)]
    pub(super) duet_disabled: bool,
    #[serde(default)]
    pub(super) stitch_disabled: bool,
    #[serde(default)]
    pub(super) max_video_post_duration_sec: Option<u32>,
}

impl Creator {
    /// Whether posts may be seen by `privacy` now.
    pub(super) fn offers(&self, privacy: TiktokPrivacy) -> bool {
        self.privacy_level_options
            .iter()
            .any(|option| option == privacy.as_str())
    }

    /// The levels on offer, as TikTok names them: a few, and short ones.
    pub(super) fn options(&self) -> impl Iterator<Item = String> {
        let options = self.privacy_level_options.iter();
        options.take(8).map(|option| shorten(option))
    }
}

/// What an init gives.
#[derive(Deserialize)]
pub(super) struct Begun {
    pub(super) publish_id: String,
    /// It carries its own authorisation.
    #[serde(default)]
    pub(super) upload_url: Option<String>,
}

impl Begun {
    /// Whether the id is one: letters, digits, `_ ~ . -`, at most 64 (TikTok, Content Posting API, Direct Post
    /// reference, read 2026-09-11); some leeway costs nothing.
    pub(super) fn is_sound(&self) -> bool {
        (1..=256).contains(&self.publish_id.len())
            && self.publish_id.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// Where a post is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PostStatus {
    /// TikTok takes the bytes, or works on them.
    Uploading,
    /// TikTok fetches the file.
    Downloading,
    /// A draft is in the creator's inbox.
    InInbox,
    /// It is out.
    Complete,
    /// It isn't, and won't be.
    Failed(String),
    /// Something that isn't documented: to be waited out, never guessed.
    Other(String),
}

/// An answer of `status/fetch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) status: PostStatus,
    /// The ids of the public posts, as digits.
    pub(super) post_ids: Vec<String>,
    /// How many bytes TikTok holds of an upload.
    pub(super) uploaded_bytes: Option<u64>,
}

#[derive(Deserialize)]
struct StatusData {
    status: String,
    #[serde(default)]
    fail_reason: Option<String>,
    /// TikTok's own spelling.
    #[serde(default)]
    publicaly_available_post_id: Option<Box<RawValue>>,
    #[serde(default)]
    uploaded_bytes: Option<Value>,
}

impl Status {
    pub(super) fn read(answer: &Answer) -> Option<Self> {
        let data: StatusData = answer.data()?;
        let status = match data.status.as_str() {
            "PROCESSING_UPLOAD" => PostStatus::Uploading,
            "PROCESSING_DOWNLOAD" => PostStatus::Downloading,
            "SEND_TO_USER_INBOX" => PostStatus::InInbox,
            "PUBLISH_COMPLETE" => PostStatus::Complete,
            "FAILED" => PostStatus::Failed(shorten(&data.fail_reason.unwrap_or_default())),
            other => PostStatus::Other(shorten(other)),
        };
        Some(Self {
            status,
            post_ids: data
                .publicaly_available_post_id
                .map(|ids| read_ids(&ids))
                .unwrap_or_default(),
            uploaded_bytes: data.uploaded_bytes.as_ref().and_then(number),
        })
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Ids as digits, read from their text: as numbers they would be rounded somewhere.
fn read_ids(raw: &RawValue) -> Vec<String> {
    let ids = serde_json::from_str::<Vec<Box<RawValue>>>(raw.get());
    let ids = ids.unwrap_or_else(|_| vec![raw.to_owned()]);
    ids.iter()
        .map(|id| id.get().trim_matches('"').to_owned())
        .filter(|id| {
            (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
        })
        .collect()
}

/// A post of the creator's list.
#[derive(Debug, Deserialize)]
pub(super) struct ListedVideo {
    id: Box<RawValue>,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) video_description: Option<String>,
    /// Seconds since 1970.
    #[serde(default)]
    pub(super) create_time: Option<i64>,
    #[serde(default)]
    pub(super) share_url: Option<String>,
}

impl ListedVideo {
    pub(super) fn id(&self) -> Option<String> {
        read_ids(&self.id).pop()
    }
}

/// The newest public posts of a creator.
#[derive(Debug, Deserialize)]
pub(super) struct VideoList {
    #[serde(default)]
    pub(super) videos: Vec<ListedVideo>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::read(&HttpResponse {
            status,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        })
    }

    fn status(data: &str) -> Status {
        let body =
            format!(r#"{{"data":{data},"error":{{"code":"ok","message":"","log_id":"1"}}}}"#);
        Status::read(&answer(200, &body)).unwrap()
    }

    #[test]
    fn only_the_code_says_that_it_worked() {
        let ok = r#"{"data":{},"error":{"code":"ok","message":"","log_id":"a"}}"#;
        assert!(answer(200, ok).is_ok());
        assert!(!answer(500, ok).is_ok());
        let quota =
            r#"{"data":{},"error":{"code":"spam_risk_too_many_posts","message":"x","log_id":"a"}}"#;
        assert!(!answer(200, quota).is_ok());
        for body in [
            "",
            "<html>Bad gateway</html>",
            "[]",
            "null",
            r#"{"error":7}"#,
            r#"{"error":{}}"#,
        ] {
            let answer = answer(200, body);
            assert!(!answer.is_ok() && answer.code.is_none(), "{body}");
        }
    }

    #[test]
    fn the_trace_id_is_read_under_both_names() {
        let short = answer(
            400,
            r#"{"error":{"code":"invalid_params","message":"The chunk size is invalid","log_id":"L1"}}"#,
        );
        assert_eq!(short.code.as_deref(), Some("invalid_params"));
        assert_eq!(short.log_id.as_deref(), Some("L1"));
        let other = answer(400, r#"{"error":{"code":"invalid_params","logid":"L2"}}"#);
        assert_eq!(other.log_id.as_deref(), Some("L2"));
    }

    #[test]
    fn ids_keep_all_their_digits() {
        for ids in [
            "[7412345678901234567]",
            r#"["7412345678901234567"]"#,
            "7412345678901234567",
            r#""7412345678901234567""#,
        ] {
            let data =
                format!(r#"{{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":{ids}}}"#);
            assert_eq!(status(&data).post_ids, ["7412345678901234567"], "{ids}");
        }
        for none in ["[]", "null", r#"[""]"#, "[0.5]", "{}"] {
            let data =
                format!(r#"{{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":{none}}}"#);
            assert!(status(&data).post_ids.is_empty(), "{none}");
        }
    }

    #[test]
    fn every_field_but_the_status_may_be_missing() {
        let failed = status(r#"{"fail_reason":"frame_rate_check_failed","status":"FAILED"}"#);
        assert_eq!(
            failed.status,
            PostStatus::Failed("frame_rate_check_failed".to_owned())
        );
        assert_eq!(
            status(r#"{"status":"EXPIRED"}"#).status,
            PostStatus::Other("EXPIRED".to_owned())
        );
        assert_eq!(
            status(r#"{"status":"PROCESSING_UPLOAD","uploaded_bytes":"30"}"#).uploaded_bytes,
            Some(30)
        );
        let nothing = answer(200, r#"{"data":{},"error":{"code":"ok"}}"#);
        assert_eq!(Status::read(&nothing), None);
    }
}
