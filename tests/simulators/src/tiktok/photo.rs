//! The init of photos (TikTok, Photo post reference, read 2026-09-11).

use calendar_publish::model::Timestamp;
use serde_json::{Map, Value, json};

use super::answer::{POST_INFO, Refusal, SOURCE_INFO};
use super::body::{self, Fields};
use super::init::{Done, privacy_level};
use super::publish::{PostInfo, Transfer};
use super::pull::Pull;
use super::state::State;
use crate::Request;

/// The longest title and description in UTF-16 code units.
const TITLE: usize = 90;
const DESCRIPTION: usize = 4_000;
/// Photos of a post.
const MAX_PHOTOS: usize = 35;
/// The first version of the creator's app that takes photo drafts.
const DRAFTS_SINCE: (u32, u32) = (31, 8);

impl State {
    /// `content/init`.
    pub(super) fn photo_init(
        &mut self,
        open_id: &str,
        is_draft: bool,
        request: &Request,
        now: Timestamp,
    ) -> Result<Done, Refusal> {
        let body = body::object(request)?;
        let top = Fields::new(&body, "Invalid media_type or post_mode");
        let known = [
            "media_type",
            "post_mode",
            "post_info",
            "source_info",
            "is_aigc",
        ];
        if top.text("media_type")? != Some("PHOTO") || mode(&body).is_none() {
            return Err(top.wrong());
        }
        let top = Fields::new(&body, POST_INFO);
        top.only(&known, self.knobs.strict_fields)?;
        let is_aigc = top.flag("is_aigc")?;
        let mut info = self.photo_post_info(open_id, is_draft, &body)?;
        info.is_aigc = is_aigc && !is_draft;
        let (urls, cover) = self.photo_source(&body)?;
        info.photo_cover_index = Some(cover);
        if is_draft {
            self.may_draft(open_id, now)?;
            if (self.creators.get(open_id)).is_some_and(|c| c.app_version < DRAFTS_SINCE) {
                return Err(Refusal::of("app_version_check_failed"));
            }
        } else {
            self.may_post(open_id, now)?;
            self.may_be_seen_by(open_id, &mut info)?;
        }
        let id = format!("p_pub_url~v2.{}", self.next_id());
        let transfer = Transfer::Pull(Pull::new(urls, now));
        self.start(id.clone(), open_id, Some(info), transfer, now);
        Ok(Done {
            data: Some(json!({ "publish_id": id })),
            handle: Some(id),
        })
    }

    fn photo_post_info(
        &self,
        open_id: &str,
        is_draft: bool,
        body: &Map<String, Value>,
    ) -> Result<PostInfo, Refusal> {
        let fields = Fields::within(body, "post_info", POST_INFO)?;
        let known = [
            "title",
            "description",
            "privacy_level",
            "disable_comment",
            "auto_add_music",
            "brand_content_toggle",
            "brand_organic_toggle",
        ];
        fields.only(&known, self.knobs.strict_fields)?;
        let comment_disabled = self
            .creators
            .get(open_id)
            .is_some_and(|creator| creator.comment_disabled);
        let info = PostInfo {
            is_photo: true,
            title: fields.limited("title", TITLE)?,
            description: fields.limited("description", DESCRIPTION)?,
            privacy_level: privacy_level(&fields)?,
            disable_comment: fields.flag("disable_comment")? | comment_disabled,
            auto_add_music: fields.flag("auto_add_music")?,
            brand_content: fields.flag("brand_content_toggle")?,
            brand_organic: fields.flag("brand_organic_toggle")?,
            ..PostInfo::default()
        };
        if !is_draft {
            return Ok(info);
        }
        // Only the texts reach the creator's inbox.
        Ok(PostInfo {
            is_photo: true,
            title: info.title,
            description: info.description,
            ..PostInfo::default()
        })
    }

    fn photo_source(&self, body: &Map<String, Value>) -> Result<(Vec<String>, usize), Refusal> {
        let fields = Fields::within(body, "source_info", SOURCE_INFO)?;
        fields.only(
            &["source", "photo_images", "photo_cover_index"],
            self.knobs.strict_fields,
        )?;
        if fields.text("source")? != Some("PULL_FROM_URL") {
            return Err(fields.wrong());
        }
        let urls = fields.list("photo_images")?;
        let cover = fields.whole("photo_cover_index")?.map(usize::try_from);
        let cover = match cover {
            Some(Ok(cover)) if cover < urls.len() && urls.len() <= MAX_PHOTOS => cover,
            _ => return Err(fields.wrong()),
        };
        for url in &urls {
            self.may_pull(url)?;
        }
        Ok((urls.into_iter().map(str::to_owned).collect(), cover))
    }
}

/// Whether a body asks for a draft; `None` where it doesn't say.
pub(super) fn mode(body: &Map<String, Value>) -> Option<bool> {
    match body.get("post_mode")?.as_str()? {
        "DIRECT_POST" => Some(false),
        "MEDIA_UPLOAD" => Some(true),
        _ => None,
    }
}
