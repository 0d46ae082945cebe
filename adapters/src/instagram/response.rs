//! What Instagram answers. Whatever isn't understood is left out, never guessed.

use calendar_publish::ledger::redact;
use calendar_publish::model::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a JSON body; `None` where it isn't the document that was expected.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

/// An id: decimal digits, as text or as a number. It becomes part of paths, so nothing else is one.
fn id(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_u64()?.to_string(),
        _ => return None,
    };
    is_id(&text).then_some(text)
}

/// Whether `text` can be an id of Instagram's.
pub(super) fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The answer to a container or post that was made.
pub(super) struct Created {
    pub(super) id: String,
    /// Where the bytes of a resumable upload go.
    pub(super) uri: Option<String>,
}

impl Created {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let value: Value = read(body)?;
        Some(Self {
            id: id(value.get("id")?)?,
            uri: value.get("uri").and_then(Value::as_str).map(str::to_owned),
        })
    }
}

/// What has become of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ContainerStatus {
    /// It is fetched, processed or being published.
    InProgress,
    /// It can be published.
    Finished,
    /// Its post is out.
    Published,
    /// It failed, with the sub-code of the sentence in `status`.
    Failed { subcode: Option<i64> },
    /// It wasn't published within a day.
    Expired,
    /// Nothing that is documented.
    Unclear,
}

impl ContainerStatus {
    pub(super) fn read(body: &[u8]) -> Self {
        let Some(value) = read::<Value>(body) else {
            return Self::Unclear;
        };
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        match text("status_code") {
            "IN_PROGRESS" => Self::InProgress,
            "FINISHED" => Self::Finished,
            "PUBLISHED" => Self::Published,
            "ERROR" => Self::Failed {
                subcode: subcode(text("status")),
            },
            "EXPIRED" => Self::Expired,
            _ => Self::Unclear,
        }
    }
}

/// The first number of the form 22xxxxx that stands alone in a sentence.
fn subcode(sentence: &str) -> Option<i64> {
    sentence
        .split(|sign: char| !sign.is_ascii_digit())
        .find(|digits| digits.len() == 7 && digits.starts_with("22"))
        .and_then(|digits| digits.parse().ok())
}

/// How many bytes of an upload have arrived, and whether it is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Uploaded {
    pub(super) bytes: u64,
    pub(super) complete: bool,
}

impl Uploaded {
    /// `None` where the answer doesn't say.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let value: Value = read(body)?;
        let phase = value.get("video_status")?.get("uploading_phase")?;
        Some(Self {
            bytes: phase
                .get("bytes_transferred")
                .and_then(Value::as_u64)
                .unwrap_or(0),
            complete: phase.get("status").and_then(Value::as_str) == Some("complete"),
        })
    }
}

/// The quota of posts, as far as it was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct QuotaAnswer {
    pub(super) used: Option<i64>,
    pub(super) total: Option<i64>,
    pub(super) window_seconds: Option<u64>,
}

impl QuotaAnswer {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let value: Value = read(body)?;
        let first = value.get("data")?.get(0)?;
        let config = first.get("config");
        Some(Self {
            used: first.get("quota_usage").and_then(Value::as_i64),
            total: config
                .and_then(|it| it.get("quota_total"))
                .and_then(Value::as_i64),
            window_seconds: config
                .and_then(|it| it.get("quota_duration"))
                .and_then(Value::as_u64),
        })
    }

    /// Whether no post is left.
    pub(super) fn is_spent(self) -> bool {
        matches!((self.used, self.total), (Some(used), Some(total)) if used >= total)
    }
}

/// One of an account's posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MediaAnswer {
    pub(super) id: String,
    pub(super) caption: Option<String>,
    pub(super) permalink: Option<String>,
    pub(super) at: Option<Timestamp>,
    pub(super) media_type: Option<String>,
    pub(super) product_type: Option<String>,
}

impl MediaAnswer {
    /// The posts of a list; `None` where it isn't one. A post without an id makes it unreadable: it could be the one
    /// that is looked for.
    pub(super) fn read_list(body: &[u8]) -> Option<Vec<Self>> {
        let value: Value = read(body)?;
        value
            .get("data")?
            .as_array()?
            .iter()
            .map(Self::of)
            .collect()
    }

    fn of(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            id: id(value.get("id")?)?,
            caption: text("caption"),
            permalink: text("permalink").filter(|link| is_address(link)),
            at: text("timestamp").as_deref().and_then(instant),
            media_type: text("media_type"),
            product_type: text("media_product_type"),
        })
    }
}

/// The address of a post.
pub(super) fn permalink(body: &[u8]) -> Option<String> {
    let value: Value = read(body)?;
    let link = value.get("permalink")?.as_str()?;
    is_address(link).then(|| link.to_owned())
}

/// Whether people can be sent to `link`. The longest is our own choice.
fn is_address(link: &str) -> bool {
    link.starts_with("https://")
        && link.len() <= 2_048
        && link.bytes().all(|byte| byte.is_ascii_graphic())
}

/// An instant as the Graph API writes it, with an offset that has no colon: `2026-11-20T10:00:00+0000`.
fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let split = text.len().checked_sub(2)?;
    let (start, minutes) = (text.get(..split)?, text.get(split..)?);
    format!("{start}:{minutes}").parse().ok()
}

/// The `error` object of the Graph API. Its `type` and `is_transient` are unreliable and not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct GraphError {
    pub(super) message: String,
    pub(super) code: i64,
    pub(super) error_subcode: Option<i64>,
    pub(super) error_user_title: Option<String>,
    pub(super) error_user_msg: Option<String>,
    pub(super) fbtrace_id: Option<String>,
}

impl GraphError {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let value: Value = read(body)?;
        let error = value
            .get("error")
            .filter(|error| error.get("code").is_some())?;
        let error: Self = serde_json::from_value(error.clone()).ok()?;
        // Whatever stands before Instagram may repeat what it was asked, the token too.
        let clean = |text: String| redact(&text);
        Some(Self {
            message: clean(error.message),
            error_user_title: error.error_user_title.map(clean),
            error_user_msg: error.error_user_msg.map(clean),
            fbtrace_id: error.fbtrace_id.map(clean),
            ..error
        })
    }
}

/// What the upload host says of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UploadError {
    pub(super) retriable: bool,
    pub(super) kind: String,
}

impl UploadError {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let value: Value = read(body)?;
        let info = value.get("debug_info")?;
        Some(Self {
            retriable: info
                .get("retriable")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            kind: info
                .get("type")
                .and_then(Value::as_str)
                .map(redact)
                .unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sub_code_of_a_failed_container_is_found_in_its_sentence() {
        let status = |sentence: &str| {
            let body = serde_json::json!({"status_code": "ERROR", "status": sentence, "id": "1"});
            ContainerStatus::read(body.to_string().as_bytes())
        };
        let failed = |subcode| ContainerStatus::Failed { subcode };
        assert_eq!(
            status("Error: upload failed with error code 2207052"),
            failed(Some(2_207_052))
        );
        assert_eq!(status("2207026"), failed(Some(2_207_026)));
        assert_eq!(status("Error: 17900000000000101 broke"), failed(None));
        assert_eq!(status("Error"), failed(None));
    }

    #[test]
    fn ids_are_digits_however_they_are_written() {
        let created = |body: &str| Created::read(body.as_bytes()).map(|created| created.id);
        let id = Some("17900000000000101".to_owned());
        assert_eq!(created(r#"{"id":"17900000000000101"}"#), id);
        assert_eq!(created(r#"{"id":17900000000000101}"#), id);
        for body in [
            r#"{"id":"../me"}"#,
            r#"{"id":""}"#,
            r#"{"id":1.5}"#,
            "{}",
            "<html>",
        ] {
            assert_eq!(created(body), None, "{body}");
        }
    }

    #[test]
    fn the_media_list_of_the_documentation_is_read_with_and_without_its_optional_fields() {
        let body = r#"{"data":[{"id":"18000000000000201","caption":"Fresh buns #bakery","permalink":"https://www.instagram.com/p/DEMOcode1/","timestamp":"2026-11-20T10:00:00+0000","media_type":"IMAGE","media_product_type":"FEED"},{"id":"2"}],"paging":{}}"#;
        let list = MediaAnswer::read_list(body.as_bytes()).unwrap();
        assert_eq!(list[0].at, Some("2026-11-20T10:00:00Z".parse().unwrap()));
        assert_eq!(list[0].product_type.as_deref(), Some("FEED"));
        assert_eq!((list[1].id.as_str(), &list[1].caption), ("2", &None));
        assert_eq!(
            MediaAnswer::read_list(br#"{"data":[{"caption":"x"}]}"#),
            None
        );
    }

    #[test]
    fn the_quota_is_read_and_never_assumed() {
        let quota = |body: &str| QuotaAnswer::read(body.as_bytes());
        let told = quota(
            r#"{"data":[{"quota_usage":7,"config":{"quota_total":50,"quota_duration":86400}}]}"#,
        );
        let told = told.unwrap();
        assert_eq!((told.used, told.total), (Some(7), Some(50)));
        assert!(!told.is_spent());
        assert!(
            !quota(r#"{"data":[{"quota_usage":700}]}"#)
                .unwrap()
                .is_spent()
        );
        assert_eq!(quota(r#"{"data":[]}"#), None);
    }
}
