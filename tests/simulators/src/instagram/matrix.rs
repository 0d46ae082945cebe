//! Which parameter goes with which kind of container.
//!
//! Sources: Instagram Platform, IG User Media reference, Content Publishing guide and Changelog, read 2026-09-11.

use super::call::Call;
use super::container::Kind;
use super::error::GraphError;

/// What the documentation says of a parameter on a kind of container.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Allowed; whether it is required is decided where it is read.
    Yes,
    /// Forbidden or unsupported.
    No,
    /// The documentation is silent, or lists it without a meaning.
    Silent,
}

use Use::{No, Silent, Yes};

struct Row {
    name: &'static str,
    facebook_only: bool,
    image: Use,
    reel: Use,
    story_image: Use,
    story_video: Use,
    item_image: Use,
    item_video: Use,
    carousel: Use,
}

const fn row(name: &'static str, facebook_only: bool, uses: [Use; 7]) -> Row {
    let [
        image,
        reel,
        story_image,
        story_video,
        item_image,
        item_video,
        carousel,
    ] = uses;
    Row {
        name,
        facebook_only,
        image,
        reel,
        story_image,
        story_video,
        item_image,
        item_video,
        carousel,
    }
}

/// In columns: image, reel, image story, video story, image item, video item, carousel.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("media_type",               false, [Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
    row("image_url",                false, [Yes, No,  Yes, No,  Yes, No,  No]),
    row("video_url",                false, [No,  Yes, No,  Yes, No,  Yes, No]),
    row("upload_type",              true,  [No,  Yes, No,  Yes, No,  Yes, No]),
    row("is_carousel_item",         false, [No,  No,  No,  No,  Yes, Yes, No]),
    row("children",                 false, [No,  No,  No,  No,  No,  No,  Yes]),
    row("caption",                  false, [Yes, Yes, No,  No,  No,  No,  Yes]),
    row("alt_text",                 false, [Yes, No,  No,  No,  Yes, No,  No]),
    row("user_tags",                false, [Yes, Yes, Yes, Yes, Yes, No,  Silent]),
    row("collaborators",            false, [Yes, Yes, No,  No,  No,  No,  Yes]),
    row("location_id",              false, [Yes, Yes, No,  No,  No,  No,  Yes]),
    row("share_to_feed",            false, [No,  Yes, No,  No,  No,  No,  Silent]),
    row("cover_url",                false, [No,  Yes, No,  No,  No,  No,  No]),
    row("thumb_offset",             false, [No,  Yes, No,  No,  No,  Yes, No]),
    row("audio_name",               false, [No,  Yes, No,  No,  No,  No,  No]),
    row("trial_params",             false, [No,  Yes, No,  No,  No,  No,  No]),
    row("is_ai_generated",          false, [Yes, Yes, Yes, Yes, No,  No,  Yes]),
    row("is_paid_partnership",      true,  [Yes, Yes, Silent, Silent, Silent, Silent, Yes]),
    row("branded_content_sponsor_ids", true, [Yes, Yes, Silent, Silent, Silent, Silent, Yes]),
    row("product_tags",             true,  [Yes, Yes, No,  No,  Yes, Yes, Yes]),
    row("audio_configuration",      true,  [No,  Yes, No,  No,  No,  No,  No]),
];

/// Refuses what the documentation doesn't allow on `kind`.
pub(super) fn check(
    call: &Call,
    kind: Kind,
    facebook: bool,
    refuse_silent: bool,
) -> Result<(), GraphError> {
    for name in call.names()? {
        let Some(row) = ROWS.iter().find(|row| row.name == name) else {
            return Err(refused(name));
        };
        let verdict = match kind {
            Kind::Image => row.image,
            Kind::Reel => row.reel,
            Kind::StoryImage => row.story_image,
            Kind::StoryVideo => row.story_video,
            Kind::ItemImage => row.item_image,
            Kind::ItemVideo => row.item_video,
            Kind::Carousel => row.carousel,
        };
        let silent = verdict == Silent && refuse_silent;
        if verdict == No || silent || (row.facebook_only && !facebook) {
            return Err(refused(name));
        }
    }
    Ok(())
}

fn refused(name: &str) -> GraphError {
    GraphError::parameter(format!("The parameter {name} is not supported here"))
}

/// Reads the kind from the parameters.
pub(super) fn kind(call: &Call) -> Result<Kind, GraphError> {
    // Also refuses a `media_type` that stands twice.
    call.names()?;
    let item = call.flag("is_carousel_item")?;
    let is_item = item == Some(true);
    match call.get("media_type") {
        None | Some("IMAGE") if is_item => Ok(Kind::ItemImage),
        None | Some("IMAGE") => Ok(Kind::Image),
        Some("VIDEO") if is_item => Ok(Kind::ItemVideo),
        Some("VIDEO") => Err(GraphError::sub(2_207_067)),
        Some("REELS") if is_item => Err(GraphError::parameter("A reel can't be a carousel item")),
        Some("REELS") => Ok(Kind::Reel),
        Some("STORIES") => match (call.get("image_url"), call.get("video_url")) {
            (Some(_), Some(_)) => Err(GraphError::parameter(
                "Either image_url or video_url, not both",
            )),
            (None, None) if call.get("upload_type").is_none() => Err(GraphError::parameter(
                "The parameter image_url or video_url is required",
            )),
            (Some(_), None) => Ok(Kind::StoryImage),
            (None, _) => Ok(Kind::StoryVideo),
        },
        Some("CAROUSEL") => Ok(Kind::Carousel),
        Some(_) => Err(GraphError::sub(2_207_023)),
    }
}
