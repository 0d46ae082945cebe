//! Publishing a container.

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::access;
use super::call::Call;
use super::container::Status;
use super::error::GraphError;
use super::knobs::SecondPublish;
use super::state::{Media, State};

/// Publishes; `blocked` tells that the caller will be told 4/2207051.
pub(super) fn publish(
    state: &mut State,
    call: &Call,
    now: Timestamp,
    blocked: bool,
) -> Result<Value, GraphError> {
    let token = access::token(state, call, now)?;
    let account = access::account(state, call, &token)?;
    access::may_publish(state, &token, account)?;
    call.only(&["creation_id"])?;
    let id = call.required("creation_id")?;
    let container = state
        .containers
        .get(id)
        .ok_or_else(|| GraphError::sub(2_207_008))?;
    if container.account != account.ig_id {
        return Err(GraphError::sub(2_207_006));
    }
    if container.kind.is_item() {
        return Err(GraphError::parameter("A carousel item can't be published"));
    }
    if container.published.is_some() {
        match state.knobs.second_publish {
            SecondPublish::Refused => {
                return Err(GraphError::parameter(
                    "The media has already been published",
                ));
            }
            SecondPublish::NotReady => return Err(GraphError::sub(2_207_027)),
            SecondPublish::Again => {}
        }
    } else {
        match container.status(now, &state.knobs) {
            Status::Finished => {}
            Status::Expired => return Err(GraphError::sub(2_207_020)),
            _ => return Err(GraphError::sub(2_207_027)),
        }
    }
    let quota = state.knobs.quota_enforced.unwrap_or(account.quota_total);
    if used(state, &account.ig_id, now, TimeDelta::hours(24)) >= quota {
        return Err(GraphError::sub(2_207_042));
    }
    let (id, media_id) = (id.to_owned(), state.next_media());
    let at = now.plus(state.knobs.publishing);
    let Some(container) = state.containers.get_mut(&id) else {
        return Err(GraphError::sub(2_207_008));
    };
    container.published.get_or_insert(at);
    container.blocked |= blocked;
    let media = Media {
        id: media_id.clone(),
        account: container.account.clone(),
        kind: container.kind,
        caption: container.caption.clone(),
        hashes: container.media.clone(),
        container: Some(id),
        at,
        missed: 0,
        deleted: false,
        comments_off: false,
    };
    state.media.push(media);
    Ok(json!({ "id": media_id }))
}

/// Posts that the API has published for the account in the moving window that ends now.
pub(super) fn used(state: &State, account: &str, now: Timestamp, window: TimeDelta) -> u32 {
    let counts = |media: &&Media| {
        media.account == account && media.container.is_some() && now.since(media.at) < window
    };
    u32::try_from(state.media.iter().filter(counts).count()).unwrap_or(u32::MAX)
}
