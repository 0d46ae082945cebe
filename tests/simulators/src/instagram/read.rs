//! Reading containers, accounts and quotas.

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::access;
use super::account::Flavour;
use super::call::Call;
use super::error::GraphError;
use super::fields::{object, select};
use super::publish::used;
use super::state::State;

const CONTAINER_FIELDS: [&str; 5] = [
    "id",
    "status",
    "status_code",
    "copyright_check_status",
    "video_status",
];

/// A container's status. Every read counts as a poll, also one that answers 100/33.
pub(super) fn container(
    state: &mut State,
    call: &Call,
    now: Timestamp,
) -> Result<Value, GraphError> {
    let token = access::token(state, call, now)?;
    access::may_read(&token)?;
    call.only(&[])?;
    let id = &call.route.object;
    let reached = state
        .containers
        .get(id)
        .and_then(|container| state.accounts.get(&container.account))
        .is_some_and(|account| access::reaches(state, &token, account));
    let Some(container) = state.containers.get_mut(id).filter(|_| reached) else {
        return Err(GraphError::missing_object());
    };
    if container.missed < state.knobs.missing_container_reads {
        container.missed += 1;
        return Err(GraphError::missing_object());
    }
    let status = container.status(now, &state.knobs);
    container.reads = container.reads.saturating_add(1);
    let facebook = token.flavour != Flavour::Instagram;
    let whole = object([
        ("id", id.as_str().into()),
        ("status_code", status.code().into()),
        ("status", status.sentence(state.knobs.language).into()),
        (
            "video_status",
            container
                .upload
                .as_ref()
                .map_or(Value::Null, |upload| upload.video_status(status)),
        ),
        (
            "copyright_check_status",
            match facebook && container.kind.is_video() {
                true => json!({"status": "completed", "matches_found": false}),
                false => Value::Null,
            },
        ),
    ]);
    select(call, &CONTAINER_FIELDS, &["id"], &whole)
}

const ACCOUNT_FIELDS: [&str; 12] = [
    "id",
    "user_id",
    "username",
    "name",
    "account_type",
    "profile_picture_url",
    "followers_count",
    "follows_count",
    "media_count",
    "biography",
    "website",
    "has_profile_pic",
];

/// `/me` and `/{ig-id}`. On the Facebook host `/me` is the person or the Page.
pub(super) fn account(state: &State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    let token = access::token(state, call, now)?;
    call.only(&[])?;
    if call.route.is_me() && token.flavour != Flavour::Instagram {
        let own = state.accounts.get(&token.ig_id);
        let (id, name) = match token.flavour {
            Flavour::FacebookPage => (
                own.and_then(|own| own.page_id.clone()),
                own.map(|own| own.name.clone()),
            ),
            _ => (
                own.map(|own| own.person.clone()),
                Some("Page manager".to_owned()),
            ),
        };
        let whole = object([("id", id.into()), ("name", name.into())]);
        return select(call, &["id", "name"], &["id", "name"], &whole);
    }
    access::may_read(&token)?;
    let account = access::account(state, call, &token)?;
    let instagram = token.flavour == Flavour::Instagram;
    // With Instagram Login `id` is the app-scoped id, and `user_id` the account's.
    let (id, user_id) = match instagram {
        true => (&account.app_scoped_id, Some(account.ig_id.as_str())),
        false => (&account.ig_id, None),
    };
    let media = state
        .media
        .iter()
        .filter(|media| media.account == account.ig_id && !media.deleted)
        .count();
    let whole = object([
        ("id", id.as_str().into()),
        ("user_id", user_id.into()),
        ("username", account.username.as_str().into()),
        ("name", account.name.as_str().into()),
        (
            "account_type",
            match instagram {
                true => account.account_type.as_str().into(),
                false => Value::Null,
            },
        ),
        ("followers_count", 120.into()),
        ("follows_count", 80.into()),
        ("media_count", media.into()),
        ("biography", "".into()),
    ]);
    select(call, &ACCOUNT_FIELDS, &["id"], &whole)
}

/// How many posts of the moving day are used up.
pub(super) fn quota(state: &State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    let token = access::token(state, call, now)?;
    access::may_read(&token)?;
    let account = access::account(state, call, &token)?;
    if !token.has(token.flavour.publishing_permissions()[1]) {
        return Err(GraphError::new(10, None));
    }
    call.only(&["since"])?;
    let day = TimeDelta::hours(24);
    let window = match call.number("since")? {
        None => day,
        Some(since) => {
            let window = now.since(Timestamp::from_millis(since.saturating_mul(1000)));
            if window > day || window < TimeDelta::zero() {
                return Err(GraphError::parameter("since must lie in the last 24 hours"));
            }
            window
        }
    };
    let total = state.knobs.quota_reported.unwrap_or(account.quota_total);
    let whole = object([
        (
            "quota_usage",
            used(state, &account.ig_id, now, window).into(),
        ),
        (
            "config",
            json!({"quota_total": total, "quota_duration": 86_400}),
        ),
    ]);
    // Meta's own sample asks for `rate_limit_settings`, which gives nothing.
    let known = ["quota_usage", "config", "rate_limit_settings"];
    let chosen = select(call, &known, &["quota_usage"], &whole)?;
    Ok(json!({ "data": [chosen] }))
}
