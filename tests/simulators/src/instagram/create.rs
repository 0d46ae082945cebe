//! Creating containers.

use calendar_publish::model::Timestamp;
use calendar_publish::ports::MediaSource;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use super::access;
use super::account::{Account, Flavour};
use super::call::Call;
use super::container::{Container, Kind, Status};
use super::error::GraphError;
use super::fetch::{Seen, fetch};
use super::judge::largest;
use super::state::State;
use super::upload::Upload;
use super::{matrix, text};

/// What a create call asks for, once everything has been checked that needs no media.
#[derive(Debug)]
pub(super) struct Plan {
    account: String,
    kind: Kind,
    caption: String,
    children: Vec<String>,
    media_url: Option<String>,
    cover_url: Option<String>,
    thumb_offset: Option<i64>,
    mixes_audio: bool,
    resumable: bool,
}

/// What became of the media.
#[derive(Debug)]
pub(super) struct Media {
    seen: Option<Result<Seen, u32>>,
    cover: Option<Result<Seen, u32>>,
}

pub(super) fn plan(state: &State, call: &Call, now: Timestamp) -> Result<Plan, GraphError> {
    let token = access::token(state, call, now)?;
    let account = access::account(state, call, &token)?;
    access::may_publish(state, &token, account)?;
    let facebook = token.flavour != Flavour::Instagram;
    let kind = matrix::kind(call)?;
    matrix::check(call, kind, facebook, state.knobs.refuse_silent)?;
    text::check(call, kind, facebook, &state.knobs)?;
    check_trial(call, account)?;
    check_products(call, kind, account)?;
    let children = match kind {
        Kind::Carousel => children(state, call, account, now)?,
        _ => Vec::new(),
    };
    let resumable = match call.get("upload_type") {
        None => false,
        Some("resumable") => true,
        Some(_) => return Err(GraphError::parameter("upload_type must be resumable")),
    };
    let media_url = match kind {
        Kind::Carousel => None,
        _ if kind.is_video() && resumable => match call.get("video_url") {
            Some(_) => return Err(GraphError::parameter("Either video_url or upload_type")),
            None => None,
        },
        _ if kind.is_video() => Some(call.required("video_url")?),
        _ => Some(call.required("image_url")?),
    };
    Ok(Plan {
        account: account.ig_id.clone(),
        kind,
        caption: call.get("caption").unwrap_or_default().to_owned(),
        children,
        media_url: media_url.map(str::to_owned),
        cover_url: call.get("cover_url").map(str::to_owned),
        thumb_offset: call.number("thumb_offset")?,
        mixes_audio: text::mixes_audio(call)?,
        resumable,
    })
}

/// Fetches what the plan names, as Meta's servers do.
pub(super) async fn media(plan: &Plan, source: &dyn MediaSource) -> Media {
    let seen = match &plan.media_url {
        Some(url) => Some(fetch(source, url, largest(plan.kind)).await),
        None => None,
    };
    let cover = match &plan.cover_url {
        Some(url) => Some(fetch(source, url, largest(Kind::StoryImage)).await),
        None => None,
    };
    Media { seen, cover }
}

/// Creates the container. What is wrong with its media shows later, in its status.
pub(super) fn create(
    state: &mut State,
    plan: Plan,
    media: Media,
    version: &str,
    now: Timestamp,
) -> Result<Value, GraphError> {
    let day = |container: &&Container| {
        container.account == plan.account && now.since(container.created) < TimeDelta::hours(24)
    };
    if state.containers.values().filter(day).count() >= state.knobs.container_cap as usize {
        return Err(state.knobs.container_cap_error.clone());
    }
    if let (Some(offset), Some(Ok(seen))) = (plan.thumb_offset, &media.seen)
        && seen
            .duration_millis()
            .is_some_and(|duration| offset.unsigned_abs() >= duration)
    {
        return Err(GraphError::sub(2_207_057));
    }
    let knobs = &state.knobs;
    let judged = |media: &Option<Result<Seen, u32>>, kind| match media {
        None => None,
        Some(Ok(seen)) => seen.failure(kind, plan.mixes_audio, knobs),
        Some(Err(subcode)) => Some(*subcode),
    };
    let failure = judged(&media.seen, plan.kind).or_else(|| judged(&media.cover, Kind::StoryImage));
    let hashes = match (&media.seen, plan.kind) {
        (Some(Ok(seen)), _) => vec![seen.sha256()],
        (_, Kind::Carousel) => plan
            .children
            .iter()
            .filter_map(|child| state.containers.get(child))
            .flat_map(|child| child.media.clone())
            .collect(),
        _ => Vec::new(),
    };
    let id = state.next_container();
    let mut answer = json!({ "id": id });
    if plan.resumable {
        let host = state.origin_of(super::endpoint::RUPLOAD);
        answer["uri"] = format!("{host}/ig-api-upload/{version}/{id}").into();
    }
    let container = Container {
        account: plan.account,
        kind: plan.kind,
        created: now,
        caption: plan.caption,
        media: hashes,
        mixes_audio: plan.mixes_audio,
        upload: plan.resumable.then(Upload::new),
        ready: (!plan.resumable).then(|| now.plus(knobs.processing(plan.kind))),
        failure,
        reads: 0,
        missed: 0,
        published: None,
        blocked: false,
    };
    state.containers.insert(id, container);
    Ok(answer)
}

/// The children of a carousel: two to ten of the account's own items, all of them `FINISHED`.
fn children(
    state: &State,
    call: &Call,
    account: &Account,
    now: Timestamp,
) -> Result<Vec<String>, GraphError> {
    call.required("children")?;
    let children = call.list("children")?.unwrap_or_default();
    if !(2..=10).contains(&children.len()) {
        return Err(GraphError::sub(2_207_028));
    }
    for child in &children {
        let item = state
            .containers
            .get(child)
            .filter(|item| item.account == account.ig_id)
            .ok_or_else(|| GraphError::sub(2_207_006))?;
        if !item.kind.is_item() {
            return Err(GraphError::parameter("A child is no carousel item"));
        }
        match item.status(now, &state.knobs) {
            Status::Finished => {}
            Status::Expired => return Err(GraphError::sub(2_207_020)),
            _ => return Err(GraphError::sub(2_207_027)),
        }
    }
    Ok(children)
}

fn check_trial(call: &Call, account: &Account) -> Result<(), GraphError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Trial {
        graduation_strategy: String,
    }
    let Some(trial) = call.json::<Trial>("trial_params")? else {
        return Ok(());
    };
    let known = ["MANUAL", "SS_PERFORMANCE"].contains(&trial.graduation_strategy.as_str());
    match (known, account.trial_eligible) {
        (false, _) => Err(GraphError::parameter("graduation_strategy is unknown")),
        (true, false) => Err(GraphError::sub(2_207_081)),
        (true, true) => Ok(()),
    }
}

fn check_products(call: &Call, kind: Kind, account: &Account) -> Result<(), GraphError> {
    #[derive(Deserialize)]
    struct Product {
        product_id: Option<String>,
        x: Option<f64>,
        y: Option<f64>,
    }
    let Some(products) = call.json::<Vec<Product>>("product_tags")? else {
        return Ok(());
    };
    let most = if kind == Kind::Reel { 30 } else { 5 };
    let named = products
        .iter()
        .all(|product| product.product_id.as_ref().is_some_and(|id| !id.is_empty()));
    if !account.shop || !named || products.len() > most {
        return Err(GraphError::sub(2_207_037));
    }
    for product in &products {
        let placed = product.x.is_some() && product.y.is_some();
        if kind.is_video() && (product.x.is_some() || product.y.is_some()) {
            return Err(GraphError::sub(2_207_035));
        }
        if !kind.is_video() && !placed {
            return Err(GraphError::sub(2_207_036));
        }
    }
    Ok(())
}
