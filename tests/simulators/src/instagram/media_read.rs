//! Reading, listing and deleting what is out.

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::access;
use super::account::{Flavour, Token};
use super::call::Call;
use super::error::GraphError;
use super::fields::{object, select};
use super::knobs::{CaptionReads, Knobs};
use super::state::{Media, State};

const FIELDS: [&str; 16] = [
    "id",
    "caption",
    "permalink",
    "shortcode",
    "timestamp",
    "media_type",
    "media_product_type",
    "media_url",
    "thumbnail_url",
    "username",
    "owner",
    "children",
    "comments_count",
    "like_count",
    "is_comment_enabled",
    "alt_text",
];

/// One media.
pub(super) fn read(state: &mut State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    let token = access::token(state, call, now)?;
    access::may_read(&token)?;
    call.only(&[])?;
    let place = place(state, call, &token, now)?;
    if state.media[place].missed < state.knobs.missing_media_reads {
        state.media[place].missed += 1;
        return Err(GraphError::missing_object());
    }
    let whole = whole(state, &state.media[place]);
    select(call, &FIELDS, &["id"], &whole)
}

/// The account's media, newest first, without stories.
pub(super) fn list(state: &State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    let token = access::token(state, call, now)?;
    access::may_read(&token)?;
    let account = access::account(state, call, &token)?;
    call.only(&["limit", "since", "until", "after", "before"])?;
    let second = |name| {
        call.number(name)
            .map(|second| second.map(|second| Timestamp::from_millis(second.saturating_mul(1000))))
    };
    let (since, until) = (second("since")?, second("until")?);
    let limit = match call.number("limit")?.unwrap_or(25) {
        limit @ 1..=100 => limit as usize,
        _ => return Err(GraphError::parameter("limit must be 1 to 100")),
    };
    let listed: Vec<&Media> = state
        .media
        .iter()
        .rev()
        .filter(|media| media.account == account.ig_id && is_out(media, now))
        .filter(|media| !media.kind.is_story())
        .filter(|media| now >= media.at.plus(state.knobs.list_delay))
        .filter(|media| since.is_none_or(|since| media.at >= since))
        .filter(|media| until.is_none_or(|until| media.at <= until))
        .collect();
    let start = match call.get("after") {
        None => 0,
        Some(cursor) => listed
            .iter()
            .position(|media| cursor_of(media) == cursor)
            .map(|place| place + 1)
            .ok_or_else(|| GraphError::parameter("The cursor is invalid"))?,
    };
    let page = &listed[start..listed.len().min(start + limit)];
    let data = select_all(state, call, page)?;
    let (Some(first), Some(last)) = (page.first(), page.last()) else {
        return Ok(json!({ "data": data }));
    };
    let mut paging = json!({"cursors": {"before": cursor_of(first), "after": cursor_of(last)}});
    if start + page.len() < listed.len() {
        let origin = state.origin_of(&call.request.host);
        let path = &call.request.path;
        let fields = call.get("fields").unwrap_or("id");
        let after = cursor_of(last);
        paging["next"] =
            format!("{origin}{path}?fields={fields}&limit={limit}&after={after}").into();
    }
    Ok(json!({ "data": data, "paging": paging }))
}

/// The stories of the last day.
pub(super) fn stories(state: &State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    let token = access::token(state, call, now)?;
    access::may_read(&token)?;
    let account = access::account(state, call, &token)?;
    call.only(&["limit", "after", "before"])?;
    let stories: Vec<&Media> = state
        .media
        .iter()
        .rev()
        .filter(|media| media.account == account.ig_id && is_out(media, now))
        .filter(|media| media.kind.is_story())
        .filter(|media| now >= media.at.plus(state.knobs.list_delay))
        .collect();
    Ok(json!({ "data": select_all(state, call, &stories)? }))
}

/// Takes a media away; Facebook Login only.
pub(super) fn delete(state: &mut State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    let token = access::token(state, call, now)?;
    call.only(&[])?;
    if token.flavour == Flavour::Instagram {
        return Err(GraphError::unsupported("delete"));
    }
    if !token.has("instagram_manage_contents") {
        return Err(GraphError::new(200, None));
    }
    let place = place(state, call, &token, now)?;
    state.media[place].deleted = true;
    Ok(json!({"success": true}))
}

/// Where the media in the path stands, if it is out and the token reaches it.
pub(super) fn place(
    state: &State,
    call: &Call,
    token: &Token,
    now: Timestamp,
) -> Result<usize, GraphError> {
    let reached = |media: &Media| {
        state
            .accounts
            .get(&media.account)
            .is_some_and(|account| access::reaches(state, token, account))
    };
    state
        .media
        .iter()
        .position(|media| media.id == call.route.object && is_out(media, now) && reached(media))
        .ok_or_else(GraphError::missing_object)
}

/// Whether it can be seen. A story is gone after a day.
fn is_out(media: &Media, now: Timestamp) -> bool {
    let gone = media.kind.is_story() && now.since(media.at) >= TimeDelta::hours(24);
    !media.deleted && now >= media.at && !gone
}

fn cursor_of(media: &Media) -> String {
    format!("Q{}", media.shortcode())
}

fn select_all(state: &State, call: &Call, media: &[&Media]) -> Result<Vec<Value>, GraphError> {
    media
        .iter()
        .map(|media| select(call, &FIELDS, &["id"], &whole(state, media)))
        .collect()
}

fn whole(state: &State, media: &Media) -> Map<String, Value> {
    let knobs = &state.knobs;
    let shortcode = media.shortcode();
    let folder = match media.kind.product_type() {
        "REELS" => "reel",
        "STORY" => "stories",
        _ => "p",
    };
    let owner = state.accounts.get(&media.account);
    object([
        ("id", media.id.as_str().into()),
        ("caption", caption(media, knobs)),
        (
            "permalink",
            format!("https://www.instagram.com/{folder}/{shortcode}/").into(),
        ),
        ("shortcode", shortcode.into()),
        (
            "timestamp",
            media
                .at
                .utc()
                .format("%Y-%m-%dT%H:%M:%S+0000")
                .to_string()
                .into(),
        ),
        ("media_type", media.kind.media_type().into()),
        (
            "media_product_type",
            match knobs.product_type {
                true => media.kind.product_type().into(),
                false => Value::Null,
            },
        ),
        (
            "username",
            owner.map(|account| account.username.clone()).into(),
        ),
        ("owner", json!({ "id": media.account })),
        (
            "comments_count",
            state
                .comments
                .iter()
                .filter(|comment| comment.media == media.id)
                .count()
                .into(),
        ),
        ("like_count", 0.into()),
        ("is_comment_enabled", (!media.comments_off).into()),
    ])
}

fn caption(media: &Media, knobs: &Knobs) -> Value {
    match knobs.captions {
        _ if media.caption.is_empty() => Value::Null,
        CaptionReads::Whole => media.caption.as_str().into(),
        CaptionReads::WithoutAt => media.caption.replace('@', "").into(),
        CaptionReads::Missing => Value::Null,
    }
}
