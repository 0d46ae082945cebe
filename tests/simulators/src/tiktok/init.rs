//! The inits of videos: direct posts and drafts (TikTok, Direct Post and Upload video references, read 2026-09-11).

use calendar_publish::model::Timestamp;
use serde_json::{Map, Value, json};
use url::{Host, Url};

use super::answer::{POST_INFO, Refusal, SOURCE_INFO};
use super::body::{self, Fields};
use super::chunks::Chunks;
use super::publish::{PostInfo, Publish, Transfer};
use super::pull::Pull;
use super::state::State;
use super::upload::Upload;
use crate::Request;

/// The longest caption of a video in UTF-16 code units.
const VIDEO_TITLE: usize = 2_200;

/// What an init, or another call, came to.
pub(super) struct Done {
    pub(super) data: Option<Value>,
    pub(super) handle: Option<String>,
}

impl State {
    /// `video/init`.
    pub(super) fn video_init(
        &mut self,
        open_id: &str,
        request: &Request,
        now: Timestamp,
    ) -> Result<Done, Refusal> {
        let body = body::object(request)?;
        let strict = self.knobs.strict_fields;
        Fields::new(&body, POST_INFO).only(&["post_info", "source_info"], strict)?;
        let mut info = self.video_post_info(open_id, &body)?;
        let source = self.video_source(&body)?;
        self.may_post(open_id, now)?;
        self.may_be_seen_by(open_id, &mut info)?;
        self.start_video(open_id, Some(info), source, now)
    }

    /// `inbox/video/init`: only the source travels, the creator writes the rest.
    pub(super) fn inbox_init(
        &mut self,
        open_id: &str,
        request: &Request,
        now: Timestamp,
    ) -> Result<Done, Refusal> {
        let body = body::object(request)?;
        Fields::new(&body, SOURCE_INFO).only(&["source_info"], self.knobs.strict_fields)?;
        let source = self.video_source(&body)?;
        self.may_draft(open_id, now)?;
        self.start_video(open_id, None, source, now)
    }

    fn video_post_info(
        &self,
        open_id: &str,
        body: &Map<String, Value>,
    ) -> Result<PostInfo, Refusal> {
        let fields = Fields::within(body, "post_info", POST_INFO)?;
        let known = [
            "privacy_level",
            "title",
            "disable_duet",
            "disable_stitch",
            "disable_comment",
            "video_cover_timestamp_ms",
            "brand_content_toggle",
            "brand_organic_toggle",
            "is_aigc",
        ];
        fields.only(&known, self.knobs.strict_fields)?;
        let creator = self.creators.get(open_id);
        let off = |setting: fn(&super::Creator) -> bool| creator.is_some_and(setting);
        Ok(PostInfo {
            title: fields.limited("title", VIDEO_TITLE)?,
            privacy_level: privacy_level(&fields)?,
            // What the creator turned off stays off, whatever the post says.
            disable_comment: fields.flag("disable_comment")? | off(|c| c.comment_disabled),
            disable_duet: fields.flag("disable_duet")? | off(|c| c.duet_disabled || c.private),
            disable_stitch: fields.flag("disable_stitch")?
                | off(|c| c.stitch_disabled || c.private),
            cover_timestamp_ms: fields
                .whole("video_cover_timestamp_ms")?
                .map(|millis| i32::try_from(millis).map_err(|_| fields.wrong()))
                .transpose()?,
            brand_content: fields.flag("brand_content_toggle")?,
            brand_organic: fields.flag("brand_organic_toggle")?,
            is_aigc: fields.flag("is_aigc")?,
            ..PostInfo::default()
        })
    }

    /// Whether the creator may choose the post's privacy today.
    pub(super) fn may_be_seen_by(&self, open_id: &str, info: &mut PostInfo) -> Result<(), Refusal> {
        let creator = self
            .creators
            .get(open_id)
            .ok_or_else(|| Refusal::of("access_token_invalid"))?;
        let mismatch = || Refusal::of("privacy_level_option_mismatch");
        let level = info.privacy_level.as_deref().ok_or_else(mismatch)?;
        let is_for_the_creator = creator.private && level == "SELF_ONLY";
        if !self.app.audited && !is_for_the_creator {
            return Err(Refusal::of(
                "unaudited_client_can_only_post_to_private_accounts",
            ));
        }
        if !creator.privacy_level_options().contains(&level) {
            return Err(mismatch());
        }
        if info.brand_content && level == "SELF_ONLY" && self.knobs.refuses_private_branded {
            return Err(Refusal::invalid(POST_INFO));
        }
        Ok(())
    }

    fn video_source(&self, body: &Map<String, Value>) -> Result<Source, Refusal> {
        let fields = Fields::within(body, "source_info", SOURCE_INFO)?;
        let strict = self.knobs.strict_fields;
        match fields.text("source")? {
            Some("FILE_UPLOAD") => {
                fields.only(
                    &["source", "video_size", "chunk_size", "total_chunk_count"],
                    strict,
                )?;
                Ok(Source::File(Chunks::new(
                    fields.size("video_size")?,
                    fields.size("chunk_size")?,
                    fields.size("total_chunk_count")?,
                    self.knobs.megabyte,
                )?))
            }
            Some("PULL_FROM_URL") => {
                fields.only(&["source", "video_url"], strict)?;
                let url = fields.text("video_url")?.ok_or_else(|| fields.wrong())?;
                self.may_pull(url)?;
                Ok(Source::Url(url.to_owned()))
            }
            _ => Err(fields.wrong()),
        }
    }

    /// Whether TikTok fetches from `url`: `https`, a name rather than an IP address, and under a verified property (TikTok,
    /// Media transfer guide, read 2026-09-11).
    pub(super) fn may_pull(&self, url: &str) -> Result<(), Refusal> {
        let verified = Url::parse(url).ok().filter(|parsed| {
            let Some(Host::Domain(host)) = parsed.host() else {
                return false;
            };
            let is_plain = parsed.scheme() == "https"
                && parsed.username().is_empty()
                && parsed.password().is_none();
            is_plain
                && self.app.verified_prefixes.iter().any(|property| {
                    if property.contains("://") {
                        parsed.as_str().starts_with(property.as_str())
                    } else {
                        host == property || host.ends_with(&format!(".{property}"))
                    }
                })
        });
        match verified {
            Some(_) => Ok(()),
            None => Err(Refusal::of("url_ownership_unverified")),
        }
    }

    fn start_video(
        &mut self,
        open_id: &str,
        info: Option<PostInfo>,
        source: Source,
        now: Timestamp,
    ) -> Result<Done, Refusal> {
        let prefix = match (&source, &info) {
            (Source::File(_), Some(_)) => "v_pub_file~v2-1.",
            (Source::Url(_), Some(_)) => "v_pub_url~v2-1.",
            (Source::File(_), None) => "v_inbox_file~v2.",
            (Source::Url(_), None) => "v_inbox_url~v2.",
        };
        let id = format!("{prefix}{}", self.next_id());
        let mut data = json!({ "publish_id": id });
        let transfer = match source {
            Source::Url(url) => Transfer::Pull(Pull::new(vec![url], now)),
            Source::File(chunks) => {
                let upload = Upload::new(self.next_id(), chunks);
                data["upload_url"] = upload.url(self.origin.as_deref()).into();
                Transfer::Upload(upload)
            }
        };
        self.start(id.clone(), open_id, info, transfer, now);
        Ok(Done {
            data: Some(data),
            handle: Some(id),
        })
    }

    /// Begins a publish; without `info` a draft.
    pub(super) fn start(
        &mut self,
        id: String,
        open_id: &str,
        info: Option<PostInfo>,
        transfer: Transfer,
        now: Timestamp,
    ) {
        let post_id = self.next_post_id();
        self.publishes.push(Publish {
            id,
            open_id: open_id.to_owned(),
            is_draft: info
                .as_ref()
                .is_none_or(|info| info.privacy_level.is_none()),
            created: now,
            info: info.unwrap_or_default(),
            transfer,
            arrival: None,
            cancelled: None,
            auth_removed: None,
            fails_with: None,
            never_ends: false,
            post_id,
            draft_posts: Vec::new(),
        });
    }
}

/// Where a video's bytes are.
enum Source {
    File(Chunks),
    Url(String),
}

/// The privacy that a post asks for; a word that none has is a wrong field.
pub(super) fn privacy_level(fields: &Fields<'_>) -> Result<Option<String>, Refusal> {
    let level = fields.text("privacy_level")?;
    let known = [
        "PUBLIC_TO_EVERYONE",
        "MUTUAL_FOLLOW_FRIENDS",
        "FOLLOWER_OF_CREATOR",
        "SELF_ONLY",
    ];
    match level {
        Some(level) if !known.contains(&level) => Err(fields.wrong()),
        level => Ok(level.map(str::to_owned)),
    }
}
