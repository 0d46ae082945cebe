//! What TikTok is asked, built.

use std::time::Duration;

use calendar_publish::model::{CalendarEntry, Cover, TiktokOptions};
use calendar_publish::ports::{Header, HttpRequest, Method};
use calendar_publish::rules::{PostKind, caption_text};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::state::Off;
use super::upload::ChunkPlan;

/// The endpoints, with the slash that they end in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    CreatorInfo,
    VideoInit,
    InboxInit,
    ContentInit,
    StatusFetch,
    VideoList,
}

impl Endpoint {
    const fn path(self) -> &'static str {
        match self {
            Self::CreatorInfo => "/v2/post/publish/creator_info/query/",
            Self::VideoInit => "/v2/post/publish/video/init/",
            Self::InboxInit => "/v2/post/publish/inbox/video/init/",
            Self::ContentInit => "/v2/post/publish/content/init/",
            Self::StatusFetch => "/v2/post/publish/status/fetch/",
            Self::VideoList => {
                "/v2/video/list/?fields=id,title,video_description,create_time,share_url"
            }
        }
    }

    /// Where a post of this kind is begun.
    pub(super) const fn init(kind: PostKind) -> Self {
        match kind {
            PostKind::TiktokVideoDraft => Self::InboxInit,
            PostKind::TiktokPhotos | PostKind::TiktokPhotosDraft => Self::ContentInit,
            _ => Self::VideoInit,
        }
    }
}

/// A call of the API.
pub(super) fn call(
    api: &str,
    endpoint: Endpoint,
    token: &SecretString,
    body: &Value,
    deadline: Duration,
) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        url: format!("{api}{}", endpoint.path()),
        headers: vec![
            header("authorization", format!("Bearer {}", token.expose_secret())),
            header("content-type", "application/json; charset=UTF-8".to_owned()),
        ],
        body: body.to_string().into_bytes(),
        deadline,
    }
}

/// A chunk of a video. Its address carries the authorisation, so that no token goes along.
pub(super) fn put(
    url: &SecretString,
    plan: &ChunkPlan,
    index: u64,
    mime_type: &str,
    bytes: Vec<u8>,
    deadline: Duration,
) -> HttpRequest {
    HttpRequest {
        method: Method::Put,
        url: url.expose_secret().to_owned(),
        headers: vec![
            header("content-type", mime_type.to_owned()),
            header("content-length", bytes.len().to_string()),
            header("content-range", plan.content_range(index)),
        ],
        body: bytes,
        deadline,
    }
}

fn header(name: &str, value: String) -> Header {
    Header {
        name: name.to_owned(),
        value,
    }
}

/// The body that begins the upload of a video, or of a draft of one.
pub(super) fn upload_body(entry: &CalendarEntry, off: Off, plan: &ChunkPlan) -> Value {
    let source = json!({
        "source": "FILE_UPLOAD",
        "video_size": plan.total_bytes,
        "chunk_size": plan.chunk_bytes,
        "total_chunk_count": plan.count,
    });
    video_body(entry, off, source)
}

/// The body that lets TikTok fetch the files at `urls`.
pub(super) fn pull_body(entry: &CalendarEntry, off: Off, urls: &[String]) -> Value {
    match PostKind::of(entry) {
        PostKind::TiktokPhotos | PostKind::TiktokPhotosDraft => photos_body(entry, off, urls),
        _ => {
            let url = urls.first().map_or("", String::as_str);
            let source = json!({ "source": "PULL_FROM_URL", "video_url": url });
            video_body(entry, off, source)
        }
    }
}

/// The question what became of a post.
pub(super) fn status_body(publish_id: &str) -> Value {
    json!({ "publish_id": publish_id })
}

/// The question for the newest posts.
pub(super) fn list_body() -> Value {
    json!({ "max_count": 20 })
}

fn video_body(entry: &CalendarEntry, off: Off, source: Value) -> Value {
    if PostKind::of(entry).is_draft() {
        // The creator writes the rest in the app.
        return json!({ "source_info": source });
    }
    let options = options(entry);
    let mut info = shared_info(&options, off);
    info.insert("title".to_owned(), caption_text(entry).into());
    let duet = options.allow_duet && !off.duet;
    let stitch = options.allow_stitch && !off.stitch;
    info.insert("disable_duet".to_owned(), (!duet).into());
    info.insert("disable_stitch".to_owned(), (!stitch).into());
    info.insert("is_aigc".to_owned(), options.ai_generated.into());
    if let Some(Cover::Frame { offset_ms }) = entry.cover {
        info.insert("video_cover_timestamp_ms".to_owned(), offset_ms.into());
    }
    json!({ "post_info": info, "source_info": source })
}

fn photos_body(entry: &CalendarEntry, off: Off, urls: &[String]) -> Value {
    let cover = match entry.cover {
        Some(Cover::Item { index }) => index,
        _ => 0,
    };
    let source = json!({
        "source": "PULL_FROM_URL",
        "photo_cover_index": cover,
        "photo_images": urls,
    });
    let title = entry.piece.title.as_str();
    let description = caption_text(entry);
    if PostKind::of(entry).is_draft() {
        return json!({
            "media_type": "PHOTO",
            "post_mode": "MEDIA_UPLOAD",
            "post_info": { "title": title, "description": description },
            "source_info": source,
        });
    }
    let options = options(entry);
    let mut info = shared_info(&options, off);
    info.insert("title".to_owned(), title.into());
    info.insert("description".to_owned(), description.into());
    info.insert("auto_add_music".to_owned(), options.auto_add_music.into());
    json!({
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST",
        "is_aigc": options.ai_generated,
        "post_info": info,
        "source_info": source,
    })
}

/// What videos and photos have in common. Every choice is sent, also where TikTok has a default for it.
fn shared_info(options: &TiktokOptions, off: Off) -> Map<String, Value> {
    let mut info = Map::new();
    if let Some(privacy) = options.privacy {
        info.insert("privacy_level".to_owned(), privacy.as_str().into());
    }
    let comment = options.allow_comment && !off.comment;
    let discloses = options.disclose_commercial;
    info.insert("disable_comment".to_owned(), (!comment).into());
    let branded = discloses && options.branded_content;
    let organic = discloses && options.your_brand;
    info.insert("brand_content_toggle".to_owned(), branded.into());
    info.insert("brand_organic_toggle".to_owned(), organic.into());
    info
}

fn options(entry: &CalendarEntry) -> TiktokOptions {
    entry.tiktok.clone().unwrap_or_default()
}
