//! Captions, tags and the other words of a post.

use serde::Deserialize;

use super::call::Call;
use super::container::Kind;
use super::error::GraphError;
use super::knobs::Knobs;

/// Code points of a caption, `@` tags in it, code points of an alternative text, tagged users, invited
/// collaborators, sponsors (Instagram Platform, IG User Media reference, read 2026-09-11).
const CAPTION: usize = 2200;
const MENTIONS: usize = 20;
const ALT_TEXT: usize = 1000;
const USER_TAGS: usize = 20;
const COLLABORATORS: usize = 3;
const SPONSORS: usize = 2;

/// Refuses words that the documentation refuses.
pub(super) fn check(
    call: &Call,
    kind: Kind,
    facebook: bool,
    knobs: &Knobs,
) -> Result<(), GraphError> {
    if let Some(caption) = call.get("caption") {
        check_caption(caption, knobs)?;
    }
    if call
        .get("alt_text")
        .is_some_and(|text| text.chars().count() > ALT_TEXT)
    {
        return Err(GraphError::parameter("alt_text is too long"));
    }
    check_user_tags(call, kind, knobs)?;
    if let Some(names) = call.list("collaborators")? {
        if !facebook && !knobs.collaborators_with_instagram_login {
            return Err(GraphError::parameter("collaborators is not supported"));
        }
        if names.is_empty() || names.len() > COLLABORATORS {
            return Err(GraphError::parameter("There may be 1 to 3 collaborators"));
        }
        names.iter().try_for_each(|name| taggable(name, knobs))?;
    }
    if let Some(location) = call.get("location_id") {
        let known = location.bytes().all(|byte| byte.is_ascii_digit())
            && !knobs.unknown_locations.contains(location);
        if !known {
            return Err(GraphError::parameter(
                "INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID",
            ));
        }
    }
    for name in ["share_to_feed", "is_ai_generated", "is_paid_partnership"] {
        call.flag(name)?;
    }
    if call
        .number("thumb_offset")?
        .is_some_and(|offset| offset < 0)
    {
        return Err(GraphError::sub(2_207_057));
    }
    if let Some(sponsors) = call.list("branded_content_sponsor_ids")?
        && (sponsors.is_empty() || sponsors.len() > SPONSORS)
    {
        return Err(GraphError::parameter("There may be 1 or 2 sponsors"));
    }
    if let Some(audio) = call.json::<AudioConfiguration>("audio_configuration")?
        && audio.audio_id.is_empty()
    {
        return Err(GraphError::parameter("audio_id is required"));
    }
    Ok(())
}

fn check_caption(caption: &str, knobs: &Knobs) -> Result<(), GraphError> {
    let length = caption.chars().count();
    if length > CAPTION {
        let error = GraphError::sub(2_207_010);
        return Err(error.with_message(&format!(
            "(#36004) The caption has {length} characters, the limit is {CAPTION}"
        )));
    }
    if marked(caption, '@') > MENTIONS {
        return Err(GraphError::sub(2_207_040));
    }
    if marked(caption, '#') > knobs.hashtags {
        return Err(GraphError::parameter("Too many hashtags"));
    }
    Ok(())
}

/// Counts `#tag` or `@name`: the mark, not preceded by a word, followed by one.
fn marked(text: &str, mark: char) -> usize {
    let word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    let mut count = 0;
    while let Some(letter) = letters.next() {
        let begins = letter == mark && !word(before);
        if begins && letters.peek().copied().is_some_and(word) {
            count += 1;
        }
        before = letter;
    }
    count
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserTag {
    username: String,
    x: Option<f64>,
    y: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AudioConfiguration {
    audio_id: String,
    #[serde(rename = "audio_volume")]
    _audio_volume: Option<f64>,
    video_volume: Option<f64>,
}

/// Whether audio is attached that is to be mixed with the video's own sound.
pub(super) fn mixes_audio(call: &Call) -> Result<bool, GraphError> {
    let audio = call.json::<AudioConfiguration>("audio_configuration")?;
    Ok(audio.is_some_and(|audio| audio.video_volume != Some(0.0)))
}

fn check_user_tags(call: &Call, kind: Kind, knobs: &Knobs) -> Result<(), GraphError> {
    let Some(tags) = call.json::<Vec<UserTag>>("user_tags")? else {
        return Ok(());
    };
    if tags.len() > USER_TAGS {
        return Err(GraphError::parameter("There may be 20 user tags"));
    }
    for tag in &tags {
        let places = [tag.x, tag.y];
        let inside = places
            .iter()
            .flatten()
            .all(|place| (0.0..=1.0).contains(place));
        let given = places.iter().flatten().count();
        let right = match kind {
            Kind::Image | Kind::ItemImage => given == 2,
            Kind::Reel => given == 0,
            _ => given != 1,
        };
        if !inside || !right {
            return Err(GraphError::parameter("The position of a user tag is wrong"));
        }
        taggable(&tag.username, knobs)?;
    }
    Ok(())
}

fn taggable(name: &str, knobs: &Knobs) -> Result<(), GraphError> {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_';
    let spelt = !name.is_empty() && name.len() <= 30 && name.bytes().all(letters);
    if !spelt || knobs.unknown_users.contains(name) {
        return Err(GraphError::sub(2_207_018));
    }
    Ok(())
}
