//! `creator_info/query`: what the post screen needs to know (TikTok, Query creator info).

use calendar_publish::model::Timestamp;
use serde_json::{Value, json};

use super::answer::Refusal;
use super::body;
use super::state::State;
use crate::Request;

impl State {
    pub(super) fn creator_info(
        &self,
        open_id: &str,
        request: &Request,
        now: Timestamp,
    ) -> Result<Value, Refusal> {
        body::object(request)?;
        // Quotas are told with 200 here, on purpose.
        self.may_post(open_id, now)
            .map_err(|refusal| refusal.with_status(200))?;
        let creator = self
            .creators
            .get(open_id)
            .ok_or_else(|| Refusal::of("access_token_invalid"))?;
        let options = match self.app.audited || !self.knobs.unaudited_sees_self_only {
            true => json!(creator.privacy_level_options()),
            false => json!(["SELF_ONLY"]),
        };
        Ok(json!({
            "creator_avatar_url": format!("https://cdn.sim/avatar/{}.webp", creator.open_id),
            "creator_username": creator.username,
            "creator_nickname": creator.nickname,
            "privacy_level_options": options,
            "comment_disabled": creator.comment_disabled,
            "duet_disabled": creator.duet_disabled || creator.private,
            "stitch_disabled": creator.stitch_disabled || creator.private,
            "max_video_post_duration_sec": creator.max_video_seconds,
        }))
    }
}
