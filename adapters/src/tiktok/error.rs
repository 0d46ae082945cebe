//! TikTok's codes and ours. Nothing else here knows TikTok's.
//!
//! Codes and statuses: TikTok, Content Posting API, Direct Post, Photo Post, Upload Video, Get Post Status
//! and Query Creator Info references, and Media Transfer Guide, read 2026-09-11 and 2026-11-20; `invalid_params` is
//! what arrives where those pages say `invalid_param`.

use std::time::Duration;

use calendar_publish::error::{Measure, Persistence};
use calendar_publish::ledger::redact;
use calendar_publish::ports::{AdapterError, StepKind, TransportError};
use calendar_publish::{Code, Error};
use serde_json::json;

use super::response::Answer;
use crate::access::AccessError;

/// How long to leave an account alone after a limit per minute: the window slides (TikTok, API v2 rate
/// limits, dated 2026-08-04).
const MINUTE: Duration = Duration::from_secs(60);

/// Why a call didn't do what it was meant to.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: Error,
    /// Whether it may have taken effect all the same.
    pub(super) effect: Effect,
    pub(super) retry_after: Option<Duration>,
    /// Whether repeating the same call can't help, though beginning anew may.
    pub(super) is_final: bool,
    /// TikTok's own words, for the ledger.
    pub(super) meta: Option<String>,
}

/// Whether a call that failed may have taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It certainly hasn't.
    Nothing,
    /// Nobody can say.
    Possible,
}

impl Failure {
    /// A failure that certainly had no effect.
    pub(super) fn certain(error: Error) -> Self {
        Self {
            error,
            effect: Effect::Nothing,
            retry_after: None,
            is_final: false,
            meta: None,
        }
    }

    pub(super) const fn code(&self) -> Code {
        self.error.code
    }

    /// What the engine is told of it, at a step of this kind.
    ///
    /// A step that publishes nothing has published nothing, whatever became of it. Where the post may be
    /// out already, a question that wasn't answered says nothing about it, but for having been
    /// asked too often.
    pub(super) fn at(self, kind: StepKind) -> AdapterError {
        let is_certain = match kind {
            StepKind::Read | StepKind::Repeatable => true,
            StepKind::Decisive => self.effect == Effect::Nothing,
            StepKind::Confirm => self.code() == Code::RateLimited,
        };
        if is_certain {
            self.refusal()
        } else {
            AdapterError::Unknown {
                error: self.error,
                meta: self.meta,
            }
        }
    }

    /// The same as an answer about the post itself: it isn't out.
    pub(super) fn refusal(self) -> AdapterError {
        AdapterError::NotPublished {
            error: self.error,
            retry_after: self.retry_after,
            meta: self.meta,
        }
    }
}

/// What an answer of the API that isn't `ok` means.
pub(super) fn api(answer: &Answer) -> Failure {
    let known = answer.code.as_deref().and_then(known);
    let code = match (known, answer.status) {
        // Whatever it says besides, TikTok had a fault.
        (_, 500..) => Code::PlatformTemporary,
        (Some(code), _) => code,
        (None, 429) => Code::RateLimited,
        // Not the API, but something that stands before it.
        (None, _) if answer.code.is_none() => Code::PlatformTemporary,
        (None, _) => Code::PlatformPermanent,
    };
    let effect = match (&answer.code, answer.status) {
        (_, 429) => Effect::Nothing,
        (_, 500..) => Effect::Possible,
        // A code that nobody documented, with a status that says success.
        (Some(_), 200..=299) if known.is_none() => Effect::Possible,
        (Some(_), _) => Effect::Nothing,
        // Not the API itself: whatever stands before it may have passed the call on.
        (None, _) => Effect::Possible,
    };
    let mut error = Error::new(code).at("platform");
    if code == Code::PlatformPermanent
        && let Some(log_id) = &answer.log_id
    {
        error = error.measured(Measure::text(log_id));
    }
    let asked = answer.retry_after.map(Duration::from_secs);
    Failure {
        error,
        effect,
        retry_after: if code == Code::RateLimited {
            Some(asked.unwrap_or_default().max(MINUTE))
        } else {
            asked
        },
        is_final: false,
        meta: Some(meta(answer)),
    }
}

/// The code of the API, where it is documented.
fn known(code: &str) -> Option<Code> {
    Some(match code {
        "invalid_param" | "invalid_params" => Code::PlatformPermanent,
        "invalid_file_upload" => Code::MediaRejected,
        "app_version_check_failed" => Code::AccountActionRequired,
        "scope_permission_missed" | "scope_not_authorized" => Code::ScopeMissing,
        "access_token_invalid" => Code::ChannelAuthInvalid,
        "invalid_publish_id" | "publish_not_cancellable" => Code::PlatformPermanent,
        "token_not_authorized_for_specified_publish_id" | "url_ownership_unverified" => {
            Code::AppMisconfigured
        }
        "spam_risk_too_many_posts"
        | "reached_active_user_cap"
        | "spam_risk_too_many_pending_share" => Code::QuotaExhausted,
        "spam_risk_user_banned_from_posting" => Code::AccountBlocked,
        "spam_risk_text" | "spam_risk" => Code::ContentRejected,
        "unaudited_client_can_only_post_to_private_accounts" => Code::AppUnaudited,
        "privacy_level_option_mismatch" => Code::PrivacyNotAllowed,
        "rate_limit_exceeded" => Code::RateLimited,
        "internal_error" => Code::PlatformTemporary,
        _ => return None,
    })
}

/// Whether another token may help. A server that had a fault may have done what it was asked all the same.
pub(super) fn refuses_the_token(answer: &Answer) -> bool {
    answer.status < 500 && answer.code.as_deref() == Some("access_token_invalid")
}

/// Whether TikTok doesn't know the post: right after it was begun that may only mean "not yet".
pub(super) fn is_unknown_post(answer: &Answer) -> bool {
    answer.code.as_deref() == Some("invalid_publish_id")
}

/// An answer that says `ok` and lacks what was asked for.
pub(super) fn unreadable(answer: &Answer) -> Failure {
    Failure {
        error: Error::new(Code::PlatformTemporary).at("platform"),
        effect: Effect::Possible,
        retry_after: None,
        is_final: false,
        meta: Some(meta(answer)),
    }
}

fn meta(answer: &Answer) -> String {
    json!({
        "http": answer.status,
        "code": answer.code,
        "message": answer.message,
        "logId": answer.log_id,
    })
    .to_string()
}

/// What became of a chunk.
#[derive(Debug)]
pub(super) enum Put {
    /// It was taken, and more is expected.
    Taken,
    /// All bytes are there: the posting starts.
    Complete,
    /// TikTok holds other bytes than the chunk goes on from; it wasn't taken.
    OutOfPlace,
    /// It was, as it looks: TikTok is asked whether that is so.
    Unsure,
    /// It wasn't, for certain or not.
    Failed(Failure),
    /// It wasn't, says TikTok. For a chunk that publishes, TikTok is asked once more whether that is so.
    Refused(u16),
}

/// What the status of a chunk's answer means.
pub(super) fn put(status: u16, is_last: bool) -> Put {
    match status {
        201 => Put::Complete,
        // 200 isn't documented, and answered all the same: by TikTok, or by a page in its stead.
        200 if is_last => Put::Unsure,
        200 | 206 if !is_last => Put::Taken,
        416 => Put::OutOfPlace,
        400 | 403..=405 if is_last => Put::Refused(status),
        _ => Put::Failed(put_failure(status, is_last)),
    }
}

/// What a chunk that wasn't taken failed for.
pub(super) fn put_failure(status: u16, is_last: bool) -> Failure {
    let (code, effect) = match status {
        400 => (Code::PlatformPermanent, Effect::Nothing),
        // The address has died, or there is no such upload (405 is the edge's word for it): what was
        // sent so far is never posted, and a new upload may work.
        403..=405 => (Code::PlatformTemporary, Effect::Nothing),
        // Not documented here, so that it proves nothing about a chunk that publishes.
        429 if !is_last => (Code::RateLimited, Effect::Nothing),
        _ => (Code::PlatformTemporary, Effect::Possible),
    };
    Failure {
        error: Error::new(code).at("media[0]"),
        effect,
        retry_after: (code == Code::RateLimited).then_some(MINUTE),
        is_final: matches!(status, 400 | 403..=405),
        meta: Some(json!({ "http": status, "call": "upload" }).to_string()),
    }
}

/// What a post that `FAILED` failed for.
pub(super) fn fail_reason(reason: &str, log_id: Option<&str>) -> Failure {
    let (code, path) = match reason {
        "file_format_check_failed" => (Code::MediaFormatUnsupported, "media[0].mimeType"),
        "duration_check_failed" => (Code::MediaDurationInvalid, "media[0].durationMs"),
        "frame_rate_check_failed" => (Code::MediaFrameRateInvalid, "media[0].frameRate"),
        // TikTok doesn't say which of several.
        "picture_size_check_failed" => (Code::MediaDimensionsInvalid, "media"),
        "internal" => (Code::PlatformTemporary, "platform"),
        "video_pull_failed" | "photo_pull_failed" => (Code::MediaUnreachable, "media"),
        "publish_cancelled" => (Code::Cancelled, "platform"),
        "auth_removed" => (Code::ChannelAuthInvalid, "account"),
        "spam_risk_too_many_posts" => (Code::QuotaExhausted, "account"),
        "spam_risk_user_banned_from_posting" => (Code::AccountBlocked, "account"),
        "spam_risk_text" => (Code::ContentRejected, "piece.copy"),
        "spam_risk" => (Code::ContentRejected, ""),
        _ => (Code::PlatformPermanent, "platform"),
    };
    let mut error = Error::new(code).at(path);
    let reason = redact(reason);
    if code == Code::PlatformPermanent {
        error = error.measured(Measure::text(log_id.unwrap_or(&reason)));
    }
    Failure {
        error,
        effect: Effect::Nothing,
        retry_after: None,
        is_final: true,
        meta: Some(
            json!({ "status": "FAILED", "failReason": reason, "logId": log_id }).to_string(),
        ),
    }
}

/// Whether a post that failed for this reason may come out when it is begun anew.
pub(super) fn is_worth_another_try(reason: &str) -> bool {
    fail_reason(reason, None).error.persistence() == Persistence::Temporary
        && reason != "spam_risk_too_many_posts"
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        let (code, effect) = match &error {
            TransportError::NotSent { .. } => (Code::PlatformTemporary, Effect::Nothing),
            TransportError::NoAnswer { .. } => (Code::PlatformTemporary, Effect::Possible),
            TransportError::AddressForbidden { .. } => (Code::AppMisconfigured, Effect::Nothing),
        };
        Self {
            error: Error::new(code).at("platform"),
            effect,
            retry_after: None,
            is_final: false,
            meta: Some(json!({ "transport": error.to_string() }).to_string()),
        }
    }
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        Self::certain(error.into())
    }
}
