//! What is needed of the Display API: who somebody is, and what they posted in public.

use calendar_publish::model::Timestamp;
use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::body::{self, Fields};
use super::publish::Publish;
use super::state::State;
use crate::Request;

impl State {
    /// `user/info`: the fields that the query names.
    pub(super) fn user_info(
        &self,
        open_id: &str,
        scopes: &[String],
        request: &Request,
    ) -> Result<Value, Refusal> {
        let creator = self
            .creators
            .get(open_id)
            .ok_or_else(|| Refusal::of("access_token_invalid"))?;
        let mut user = Map::new();
        for field in fields_of(request)? {
            let (scope, value) = match field {
                "open_id" => ("user.info.basic", creator.open_id.clone()),
                "union_id" => ("user.info.basic", format!("union-{}", creator.open_id)),
                "avatar_url" => (
                    "user.info.basic",
                    format!("https://cdn.sim/avatar/{}.webp", creator.open_id),
                ),
                "display_name" => ("user.info.basic", creator.nickname.clone()),
                "username" => ("user.info.profile", creator.username.clone()),
                _ => return Err(Refusal::invalid("The fields are invalid")),
            };
            if !scopes.iter().any(|granted| granted == scope) {
                return Err(Refusal::of("scope_not_authorized"));
            }
            user.insert(field.to_owned(), value.into());
        }
        Ok(json!({ "user": user }))
    }

    /// `video/list`: public posts, newest first.
    pub(super) fn video_list(
        &self,
        open_id: &str,
        request: &Request,
        now: Timestamp,
    ) -> Result<Value, Refusal> {
        let body = body::object(request)?;
        let fields = Fields::new(&body, "The request parameters are invalid");
        fields.only(&["cursor", "max_count"], self.knobs.strict_fields)?;
        let before = fields.whole("cursor")?.unwrap_or(i64::MAX);
        let max_count = match fields.whole("max_count")?.unwrap_or(10) {
            count @ 1..=20 => count.unsigned_abs() as usize,
            _ => return Err(fields.wrong()),
        };
        let wanted = fields_of(request)?;
        let mut posts: Vec<(Timestamp, u64, &Publish)> = self
            .publishes
            .iter()
            .filter(|publish| publish.open_id == open_id)
            .flat_map(|publish| {
                let ids = publish.public_ids(now).into_iter();
                ids.map(move |(at, id)| (at, id, publish))
            })
            .filter(|(at, ..)| at.millis() < before)
            .collect();
        posts.sort_by_key(|(at, id, _)| std::cmp::Reverse((*at, *id)));
        let has_more = posts.len() > max_count;
        posts.truncate(max_count);
        let cursor = posts.last().map_or(0, |(at, ..)| at.millis());
        let videos: Vec<Value> = posts
            .iter()
            .map(|(at, id, publish)| {
                let mut video = Map::new();
                for field in &wanted {
                    let value = match *field {
                        "id" => id.to_string().into(),
                        "create_time" => (at.millis() / 1000).into(),
                        "title" | "video_description" => publish.info.caption().into(),
                        "share_url" => self.permalink(open_id, *id).into(),
                        _ => continue,
                    };
                    video.insert((*field).to_owned(), value);
                }
                Value::Object(video)
            })
            .collect();
        Ok(json!({ "videos": videos, "cursor": cursor, "has_more": has_more }))
    }

    /// Where a post is to be seen, by convention.
    fn permalink(&self, open_id: &str, post_id: u64) -> String {
        let username = self
            .creators
            .get(open_id)
            .map_or("", |creator| &creator.username);
        format!("https://www.tiktok.com/@{username}/video/{post_id}")
    }
}

fn fields_of(request: &Request) -> Result<Vec<&str>, Refusal> {
    match request.query("fields") {
        Some(fields) if !fields.is_empty() => Ok(fields.split(',').collect()),
        _ => Err(Refusal::invalid("The fields are required")),
    }
}
