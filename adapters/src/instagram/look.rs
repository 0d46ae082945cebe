//! Telling a post among those of an account.

use calendar_publish::Code;
use calendar_publish::model::{CalendarEntry, Timestamp};
use calendar_publish::ports::{Receipt, ReceiptKind};
use calendar_publish::rules::{PostKind, caption_text};

use super::adapter::Turn;
use super::error::Place;
use super::response::MediaAnswer;
use super::session::Trouble;
use super::state::Snapshot;
use super::usage::Usage;

/// How far Instagram's clock and ours may be apart, in milliseconds.
const SKEW: i64 = 5 * 60 * 1000;
/// How long after the snapshot a post can have been published by the call that followed it, in milliseconds: what comes
/// later is somebody else's.
const WITHIN: i64 = 60 * 60 * 1000;

/// The newest media of an account.
pub(super) struct Newest {
    pub(super) media: Vec<MediaAnswer>,
    pub(super) usage: Usage,
}

/// Reads the newest media, without the fields that only some tokens can read where they are refused.
pub(super) async fn newest(turn: &mut Turn<'_>) -> Result<Newest, Trouble> {
    loop {
        let bare = turn.state.bare_media;
        let call = turn.adapter.settings().newest_media(turn.account(), bare);
        match turn.session.send(call).await {
            Ok(answer) => {
                let media = MediaAnswer::read_list(&answer.body)
                    .ok_or_else(|| Trouble::NoAnswer("no list of media".to_owned()))?;
                return Ok(Newest {
                    media,
                    usage: answer.usage,
                });
            }
            Err(Trouble::Refused(refusal))
                if !bare && refusal.verdict(Place::Account).code == Code::ContentRejected =>
            {
                turn.state.bare_media = true;
            }
            Err(trouble) => return Err(trouble),
        }
    }
}

/// What the post looks like.
pub(super) struct Wanted {
    media_type: &'static str,
    product_type: &'static str,
    caption: String,
}

impl Wanted {
    pub(super) fn of(entry: &CalendarEntry) -> Self {
        let (media_type, product_type) = match PostKind::of(entry) {
            PostKind::InstagramReel => ("VIDEO", "REELS"),
            PostKind::InstagramCarousel => ("CAROUSEL_ALBUM", "FEED"),
            _ => ("IMAGE", "FEED"),
        };
        Self {
            media_type,
            product_type,
            caption: comparable(&caption_text(entry)),
        }
    }

    /// Whether nothing that is known of `media` speaks against it.
    fn fits(&self, media: &MediaAnswer) -> bool {
        let is =
            |field: &Option<String>, wanted: &str| field.as_ref().is_none_or(|it| it == wanted);
        is(&media.media_type, self.media_type)
            && is(&media.product_type, self.product_type)
            && media
                .caption
                .as_ref()
                .is_none_or(|it| comparable(it) == self.caption)
    }

    /// Whether what is known of `media` can hardly be true of another post.
    fn is_surely(&self, media: &MediaAnswer) -> bool {
        !self.caption.is_empty()
            && media.caption.is_some()
            && media.at.is_some()
            && self.fits(media)
    }
}

/// A caption as two of them are compared: Instagram leaves out every `@` for some readers.
fn comparable(caption: &str) -> String {
    let caption = caption.replace('@', "").replace("\r\n", "\n");
    caption.trim().to_owned()
}

/// What has appeared since a snapshot.
#[derive(Debug, PartialEq)]
pub(super) struct Found<'a> {
    /// Whether anything at all has.
    pub(super) anything_new: bool,
    /// The only one that can be the post.
    pub(super) only: Option<&'a MediaAnswer>,
    /// The only one that can be the post, and by its caption is it.
    pub(super) certainly: Option<&'a MediaAnswer>,
}

/// Compares an account's newest media with the snapshot that was taken before the publishing call.
pub(super) fn compare<'a>(
    newest: &'a [MediaAnswer],
    before: &Snapshot,
    wanted: &Wanted,
) -> Found<'a> {
    let taken_at = before.taken_at.millis();
    let is_late_enough = |at: Timestamp| at.millis() >= taken_at.saturating_sub(SKEW);
    let new: Vec<&MediaAnswer> = newest
        .iter()
        .filter(|media| !before.media.contains(&media.id) && media.at.is_none_or(is_late_enough))
        .collect();
    let is_early_enough = |at: Timestamp| at.millis() <= taken_at.saturating_add(WITHIN);
    let candidates: Vec<&MediaAnswer> = new
        .iter()
        .copied()
        .filter(|media| wanted.fits(media) && media.at.is_none_or(is_early_enough))
        .collect();
    let only = match candidates[..] {
        [only] => Some(only),
        _ => None,
    };
    Found {
        anything_new: !new.is_empty(),
        only,
        certainly: only.filter(|media| wanted.is_surely(media)),
    }
}

impl MediaAnswer {
    /// The receipt of the post that this is.
    pub(super) fn receipt(&self, now: Timestamp) -> Receipt {
        Receipt {
            kind: ReceiptKind::Published,
            external_id: self.id.clone(),
            permalink: self.permalink.clone(),
            at: self.at.unwrap_or(now),
        }
    }
}
