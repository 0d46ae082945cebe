//! Comments: the first one under an own post, and switching them off.
//!
//! Source: Instagram Platform, IG Media reference, read 2026-06-22.

use calendar_publish::model::Timestamp;
use serde_json::{Value, json};

use super::access;
use super::account::{Flavour, Token};
use super::call::Call;
use super::error::GraphError;
use super::media_read::place;
use super::state::State;

/// A comment that the API has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: String,
    /// The media under which it stands.
    pub media: String,
    /// Its text.
    pub text: String,
    /// When it was made.
    pub at: Timestamp,
}

const FIRST: u64 = 17_865_000_000_000_301;

pub(super) fn comment(state: &mut State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    let token = manager(state, call, now)?;
    call.only(&["message"])?;
    let text = call.required("message")?.to_owned();
    let place = place(state, call, &token, now)?;
    let media = &state.media[place];
    if media.comments_off {
        return Err(GraphError::parameter("Comments are off"));
    }
    let comment = Comment {
        id: (FIRST + state.comments.len() as u64).to_string(),
        media: media.id.clone(),
        text,
        at: now,
    };
    let answer = json!({ "id": comment.id });
    state.comments.push(comment);
    Ok(answer)
}

/// `comment_enabled`.
pub(super) fn switch(state: &mut State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    let token = manager(state, call, now)?;
    call.only(&["comment_enabled"])?;
    call.required("comment_enabled")?;
    let enabled = call.flag("comment_enabled")?.unwrap_or(true);
    let place = place(state, call, &token, now)?;
    state.media[place].comments_off = !enabled;
    Ok(json!({"success": true}))
}

/// The token, which must be allowed to manage comments.
fn manager(state: &State, call: &Call, now: Timestamp) -> Result<Token, GraphError> {
    let token = access::token(state, call, now)?;
    let permission = match token.flavour {
        Flavour::Instagram => "instagram_business_manage_comments",
        Flavour::FacebookUser | Flavour::FacebookPage => "instagram_manage_comments",
    };
    match token.has(permission) {
        true => Ok(token),
        false => Err(GraphError::new(10, None)),
    }
}
