//! The platform's two shapes of an answer, and its table of codes.

use std::borrow::Cow;

use serde_json::{Value, json};

/// What a request got wrong, in the platform's words.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) code: Cow<'static, str>,
    pub(super) status: u16,
    pub(super) message: Cow<'static, str>,
}

impl Refusal {
    /// A refusal by its code, with the status of the documentation's table.
    pub(super) fn of(code: impl Into<Cow<'static, str>>) -> Self {
        let code = code.into();
        Self {
            status: status_of(&code),
            message: message_of(&code).into(),
            code,
        }
    }

    /// A field that is wrong.
    pub(super) fn invalid(message: &'static str) -> Self {
        Self {
            code: INVALID_PARAMS.into(),
            status: 400,
            message: message.into(),
        }
    }

    /// The same refusal with another status.
    pub(super) const fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}

/// Stands for the code of a bad field, of which there are two spellings.
pub(super) const INVALID_PARAMS: &str = "invalid_params";
/// What a wrong or missing `post_info` is told.
pub(super) const POST_INFO: &str = "The request post info is empty or incorrect";
/// What a wrong or missing `source_info` is told.
pub(super) const SOURCE_INFO: &str = "The request source info is empty or incorrect";

/// The status that goes with a code (TikTok, the references of the Content Posting API and API v2 error handling).
fn status_of(code: &str) -> u16 {
    match code {
        "ok" => 200,
        "access_token_invalid" | "scope_not_authorized" => 401,
        "spam_risk"
        | "spam_risk_too_many_posts"
        | "spam_risk_user_banned_from_posting"
        | "spam_risk_too_many_pending_share"
        | "reached_active_user_cap"
        | "unaudited_client_can_only_post_to_private_accounts"
        | "url_ownership_unverified"
        | "privacy_level_option_mismatch" => 403,
        "rate_limit_exceeded" => 429,
        "internal_error" => 500,
        _ => 400,
    }
}

fn message_of(code: &str) -> &'static str {
    match (code, status_of(code)) {
        ("access_token_invalid", _) => "The access token is invalid or not found in the request.",
        ("scope_not_authorized", _) => {
            "The user did not authorize the scope required for completing this request."
        }
        // The platform says the same for every 403, whatever the code.
        (_, 403) => {
            "Please review our integration guidelines at https://developers.tiktok.com/doc/content-sharing-guidelines/"
        }
        ("rate_limit_exceeded", _) => "The API rate limit was exceeded.",
        ("internal_error", _) => "Something is wrong. Please try again later.",
        _ => "The request is invalid.",
    }
}

/// The envelope of the API's answers: `data` and `error`.
pub(super) fn envelope(data: Option<Value>, code: &str, message: &str, log_id: &str) -> Value {
    let error = json!({ "code": code, "message": message, "log_id": log_id });
    match data {
        Some(data) => json!({ "data": data, "error": error }),
        None => json!({ "error": error }),
    }
}

/// The flat error of the OAuth endpoints (TikTok, OAuth error handling).
pub(super) fn oauth_error(error: &str, description: &str, log_id: &str) -> Value {
    json!({ "error": error, "error_description": description, "log_id": log_id })
}
