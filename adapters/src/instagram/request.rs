//! The requests, as Instagram's references describe them (Instagram Platform, IG User Media, IG Container,
//! Media Publish and Content Publishing Limit references, read 2026-09-11).

use std::time::Duration;

use calendar_publish::model::{
    CalendarEntry, Cover, InstagramOptions, Media, MediaKind, TrialReel, UserTag,
};
use calendar_publish::ports::{Header, HttpRequest, Method};
use calendar_publish::rules::{PostKind, caption_text};
use form_urlencoded::Serializer;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::settings::InstagramSettings;

/// How many of an account's newest media are compared. Nobody posts as many between two looks.
const NEWEST: &str = "25";
/// Everything that tells a post from another.
const MEDIA_FIELDS: &str = "id,caption,permalink,timestamp,media_type,media_product_type";
/// The fields that every token can read: caption and product type are documented for Facebook Login only.
const BARE_MEDIA_FIELDS: &str = "id,permalink,timestamp,media_type";

/// Parameters of a request, before they are encoded.
pub(super) type Pairs = Vec<(&'static str, String)>;

/// A request without its token.
#[derive(Clone)]
pub(super) struct Call {
    method: Method,
    url: String,
    content: Content,
    pub(super) deadline: Duration,
}

#[derive(Clone)]
enum Content {
    /// The query of a read, the form of a write.
    Pairs(Pairs),
    /// A piece of a file.
    Bytes {
        offset: u64,
        file_size: u64,
        bytes: Vec<u8>,
    },
}

impl Call {
    /// The request with the token in a header, which logs leave out.
    pub(super) fn signed(&self, token: &SecretString, settings: &InstagramSettings) -> HttpRequest {
        let token_text = token.expose_secret();
        let mut request = HttpRequest {
            method: self.method,
            url: self.url.clone(),
            headers: vec![header("authorization", format!("Bearer {token_text}"))],
            body: Vec::new(),
            deadline: self.deadline,
        };
        match &self.content {
            Content::Pairs(pairs) => {
                let mut encoder = Serializer::new(String::new());
                encoder.extend_pairs(pairs);
                if let Some(proof) = &settings.app_secret_proof {
                    let proof = proof.proof(token);
                    encoder.append_pair("appsecret_proof", proof.expose_secret());
                }
                let pairs = encoder.finish();
                if self.method == Method::Post {
                    let form = "application/x-www-form-urlencoded";
                    request
                        .headers
                        .push(header("content-type", form.to_owned()));
                    request.body = pairs.into_bytes();
                } else if !pairs.is_empty() {
                    request.url.push('?');
                    request.url.push_str(&pairs);
                }
            }
            Content::Bytes {
                offset,
                file_size,
                bytes,
            } => {
                // The upload host knows tokens by another word.
                request.headers = vec![
                    header("authorization", format!("OAuth {token_text}")),
                    header("offset", offset.to_string()),
                    header("file_size", file_size.to_string()),
                    header("content-type", "application/octet-stream".to_owned()),
                ];
                request.body.clone_from(bytes);
            }
        }
        request
    }
}

fn header(name: &str, value: String) -> Header {
    Header {
        name: name.to_owned(),
        value,
    }
}

impl InstagramSettings {
    fn get(&self, path: &str, pairs: Pairs) -> Call {
        Call {
            method: Method::Get,
            url: format!("{}/{}/{path}", self.graph, self.version),
            content: Content::Pairs(pairs),
            deadline: self.request_deadline,
        }
    }

    fn post(&self, path: &str, pairs: Pairs, deadline: Duration) -> Call {
        Call {
            method: Method::Post,
            url: format!("{}/{}/{path}", self.graph, self.version),
            content: Content::Pairs(pairs),
            deadline,
        }
    }

    pub(super) fn quota(&self, account: &str) -> Call {
        let fields = ("fields", "config,quota_usage".to_owned());
        self.get(&format!("{account}/content_publishing_limit"), vec![fields])
    }

    pub(super) fn create(&self, account: &str, pairs: Pairs) -> Call {
        self.post(&format!("{account}/media"), pairs, self.request_deadline)
    }

    pub(super) fn status(&self, container: &str) -> Call {
        self.get(container, vec![("fields", "status_code,status".to_owned())])
    }

    pub(super) fn upload_status(&self, container: &str) -> Call {
        let fields = "id,status,status_code,video_status".to_owned();
        self.get(container, vec![("fields", fields)])
    }

    /// Sends `bytes`, which begin at `offset` of a file of `file_size` bytes, to `path` of the upload host.
    pub(super) fn upload(&self, path: &str, offset: u64, file_size: u64, bytes: Vec<u8>) -> Call {
        Call {
            method: Method::Post,
            url: format!("{}{path}", self.rupload),
            content: Content::Bytes {
                offset,
                file_size,
                bytes,
            },
            deadline: self.request_deadline,
        }
    }

    pub(super) fn newest_media(&self, account: &str, bare: bool) -> Call {
        let fields = if bare {
            BARE_MEDIA_FIELDS
        } else {
            MEDIA_FIELDS
        };
        let pairs = vec![("fields", fields.to_owned()), ("limit", NEWEST.to_owned())];
        self.get(&format!("{account}/media"), pairs)
    }

    pub(super) fn publish(&self, account: &str, container: &str) -> Call {
        let pairs = vec![("creation_id", container.to_owned())];
        self.post(
            &format!("{account}/media_publish"),
            pairs,
            self.publish_deadline,
        )
    }

    pub(super) fn permalink(&self, media: &str) -> Call {
        self.get(media, vec![("fields", "permalink".to_owned())])
    }
}

/// What a single container is made of: the image or the reel that `entry` is.
pub(super) fn single(entry: &CalendarEntry, media: &Media, resumable: bool) -> Pairs {
    let options = entry.instagram.as_ref();
    let mut pairs = Pairs::new();
    if PostKind::of(entry) == PostKind::InstagramReel {
        pairs.push(("media_type", "REELS".to_owned()));
        pairs.push(video(media, resumable));
        caption(entry, &mut pairs);
        tags(media, false, &mut pairs);
        reel_only(entry, options, &mut pairs);
    } else {
        pairs.push(("image_url", media.url.clone()));
        caption(entry, &mut pairs);
        alt_text(media, &mut pairs);
        tags(media, true, &mut pairs);
    }
    of_the_post(options, &mut pairs);
    pairs
}

/// What one item of a carousel is made of. Everything that is said of the whole post stands at the carousel: an item
/// that says that it was made by AI, or invites collaborators, is refused.
pub(super) fn item(media: &Media, resumable: bool) -> Pairs {
    let mut pairs = vec![("is_carousel_item", "true".to_owned())];
    match media.kind {
        MediaKind::Image => {
            pairs.push(("image_url", media.url.clone()));
            alt_text(media, &mut pairs);
            tags(media, true, &mut pairs);
        }
        MediaKind::Video => {
            pairs.push(("media_type", "VIDEO".to_owned()));
            pairs.push(video(media, resumable));
        }
    }
    pairs
}

/// What a carousel of those containers is made of, in the order they are shown.
pub(super) fn carousel(entry: &CalendarEntry, children: &[&str]) -> Pairs {
    let mut pairs = vec![
        ("media_type", "CAROUSEL".to_owned()),
        ("children", children.join(",")),
    ];
    caption(entry, &mut pairs);
    of_the_post(entry.instagram.as_ref(), &mut pairs);
    pairs
}

fn video(media: &Media, resumable: bool) -> (&'static str, String) {
    if resumable {
        ("upload_type", "resumable".to_owned())
    } else {
        ("video_url", media.url.clone())
    }
}

fn caption(entry: &CalendarEntry, pairs: &mut Pairs) {
    let caption = caption_text(entry);
    if !caption.is_empty() {
        pairs.push(("caption", caption));
    }
}

fn alt_text(media: &Media, pairs: &mut Pairs) {
    if let Some(text) = media.alt_text.as_ref().filter(|text| !text.is_empty()) {
        pairs.push(("alt_text", text.clone()));
    }
}

#[derive(Serialize)]
struct Tag {
    username: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<f64>,
}

/// Who is tagged: at a place in an image, without one in a reel.
fn tags(media: &Media, placed: bool, pairs: &mut Pairs) {
    let tag = |tag: &UserTag| Tag {
        username: tag.username.clone(),
        x: tag.x.filter(|_| placed),
        y: tag.y.filter(|_| placed),
    };
    let all: Vec<Tag> = media.user_tags.iter().map(tag).collect();
    push_json("user_tags", &all, all.is_empty(), pairs);
}

fn reel_only(entry: &CalendarEntry, options: Option<&InstagramOptions>, pairs: &mut Pairs) {
    match &entry.cover {
        Some(Cover::Image { media }) => pairs.push(("cover_url", media.url.clone())),
        Some(Cover::Frame { offset_ms }) => pairs.push(("thumb_offset", offset_ms.to_string())),
        Some(Cover::Item { .. }) | None => {}
    }
    let Some(options) = options else {
        return;
    };
    if let Some(share) = options.share_to_feed {
        pairs.push(("share_to_feed", share.to_string()));
    }
    if let Some(name) = &options.audio_name {
        pairs.push(("audio_name", name.clone()));
    }
    if let Some(trial) = options.trial {
        let strategy = match trial {
            TrialReel::Manual => "MANUAL",
            TrialReel::Performance => "SS_PERFORMANCE",
        };
        let params = serde_json::json!({ "graduation_strategy": strategy });
        pairs.push(("trial_params", params.to_string()));
    }
}

/// What is said once of a post, whatever it is.
fn of_the_post(options: Option<&InstagramOptions>, pairs: &mut Pairs) {
    let Some(options) = options else {
        return;
    };
    let invited = &options.collaborators;
    push_json("collaborators", invited, invited.is_empty(), pairs);
    if let Some(place) = &options.location_id {
        pairs.push(("location_id", place.clone()));
    }
    if options.ai_generated {
        pairs.push(("is_ai_generated", "true".to_owned()));
    }
}

fn push_json<T: Serialize + ?Sized>(name: &'static str, value: &T, empty: bool, pairs: &mut Pairs) {
    if !empty && let Ok(json) = serde_json::to_string(value) {
        pairs.push((name, json));
    }
}

/// Whether `entry` becomes a carousel, whose items are containers of their own.
pub(super) fn is_carousel(entry: &CalendarEntry) -> bool {
    PostKind::of(entry) == PostKind::InstagramCarousel
}
