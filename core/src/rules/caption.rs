//! The caption that is really sent: the copy with its hashtags behind it.

use std::collections::HashSet;

use super::text::{TextCount, hashtags, is_word};
use crate::model::{CalendarEntry, CalendarPiece};

/// The caption as it is sent and counted.
///
/// It is the copy with its line ends written as LF and nothing trimmed; then, after a blank line, the
/// piece's hashtags as `#tag`, separated by spaces. A hashtag that the copy holds already, or that
/// stood earlier in the list, isn't repeated; capitals make no difference. Without a copy the
/// hashtags stand alone.
///
/// Delivered to the TikTok inbox, a video takes no caption along: the creator writes it in the app.
///
/// ```
/// use calendar_publish::model::{CalendarEntry, CalendarId, EntryId};
/// use calendar_publish::rules::caption_text;
/// # let piece = serde_json::from_str(r##"{"channel":"instagram","date":"2026-04-02",
/// #     "copy":"Recién hecho #Pan","hashtags":["pan","#masamadre"]}"##)?;
/// # let entry = CalendarEntry::new(
/// #     EntryId::new(Default::default()), CalendarId::new(Default::default()), piece);
///
/// assert_eq!(entry.piece.copy, "Recién hecho #Pan");
/// assert_eq!(entry.piece.hashtags, ["pan", "#masamadre"]);
/// assert_eq!(caption_text(&entry), "Recién hecho #Pan\n\n#masamadre");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn caption_text(entry: &CalendarEntry) -> String {
    let piece = &entry.piece;
    let mut caption = if piece.copy.contains('\r') {
        piece.copy.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        piece.copy.clone()
    };
    appended_tags(piece, |tag, first| {
        caption.push_str(separator(piece, first));
        caption.push('#');
        caption.push_str(tag);
    });
    caption
}

/// What [`caption_text`] measures, without writing it.
pub(super) fn count_caption(piece: &CalendarPiece) -> TextCount {
    let mut count = TextCount::default();
    count.add(&piece.copy, None, piece.channel);
    appended_tags(piece, |tag, first| {
        let before = separator(piece, first).len() as u32 + 1; // and the `#`
        count.utf16 = count.utf16.saturating_add(before);
        count.code_points = count.code_points.saturating_add(before);
        if is_plain(tag) {
            let length = u32::try_from(tag.len()).unwrap_or(u32::MAX);
            count.utf16 = count.utf16.saturating_add(length);
            count.code_points = count.code_points.saturating_add(length);
            count.hashtags = count.hashtags.saturating_add(1);
            return;
        }
        count.add(tag, Some('#'), piece.channel);
        let recognised = match piece.channel {
            crate::model::Channel::Tiktok => tag.starts_with(|c: char| !c.is_whitespace()),
            crate::model::Channel::Instagram => tag.starts_with(is_word),
        };
        count.hashtags = count.hashtags.saturating_add(u32::from(recognised));
    });
    count
}

/// A hashtag of the piece without `#` and the space around it.
pub(super) fn bare_tag(tag: &str) -> &str {
    if is_plain(tag) {
        return tag;
    }
    tag.trim().trim_start_matches('#').trim_start()
}

/// Whether `tag` is a hashtag wherever it stands, each of its characters one byte: the usual case,
/// and the quick one.
pub(super) fn is_plain(tag: &str) -> bool {
    !tag.is_empty()
        && tag
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn separator(piece: &CalendarPiece, first: bool) -> &'static str {
    match (first, piece.copy.is_empty()) {
        (true, true) => "",
        (true, false) => "\n\n",
        (false, _) => " ",
    }
}

/// Calls `each` with every hashtag that is appended, in order, and whether it is the first.
fn appended_tags<'a>(piece: &'a CalendarPiece, mut each: impl FnMut(&'a str, bool)) {
    if piece.hashtags.is_empty() {
        return;
    }
    let mut seen = Seen::default();
    for name in written(piece) {
        seen.insert(name);
    }
    let mut first = true;
    for tag in &piece.hashtags {
        let tag = bare_tag(tag);
        if !tag.is_empty() && seen.insert(tag) {
            each(tag, first);
            first = false;
        }
    }
}

/// The hashtags that stand in the caption already.
///
/// Usually they are few: comparing with each is faster than a set and takes no memory. Of the many
/// that a hostile calendar may hold, the rest goes into a set, so that time stays linear.
#[derive(Default)]
struct Seen<'a> {
    few: [&'a str; 24],
    count: usize,
    rest: HashSet<String>,
}

impl<'a> Seen<'a> {
    /// Whether `tag` wasn't here yet; now it is.
    fn insert(&mut self, tag: &'a str) -> bool {
        if self
            .few
            .iter()
            .take(self.count)
            .any(|name| same_tag(name, tag))
        {
            return false;
        }
        match self.few.get_mut(self.count) {
            Some(slot) => {
                *slot = tag;
                self.count += 1;
                true
            }
            None => self.rest.insert(tag.to_lowercase()),
        }
    }
}

/// The hashtags in the copy. Punctuation behind one isn't meant as part of it, even where TikTok's
/// documents would take it in.
fn written(piece: &CalendarPiece) -> impl Iterator<Item = &str> {
    hashtags(&piece.copy, piece.channel).map(|name| name.trim_end_matches(|c| !is_word(c)))
}

fn same_tag(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || (!(one.is_ascii() && other.is_ascii())
            && one
                .chars()
                .flat_map(char::to_lowercase)
                .eq(other.chars().flat_map(char::to_lowercase)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::count_text;
    use super::*;
    use crate::model::{CalendarId, Channel, EntryId};

    fn entry(channel: Channel, copy: &str, tags: &[&str]) -> CalendarEntry {
        let mut piece: CalendarPiece =
            serde_json::from_str(r#"{"channel":"instagram","date":"2026-04-02"}"#).unwrap();
        piece.channel = channel;
        piece.copy = copy.to_owned();
        piece.hashtags = tags.iter().map(|&tag| tag.to_owned()).collect();
        let nil = uuid::Uuid::nil();
        CalendarEntry::new(EntryId::new(nil), CalendarId::new(nil), piece)
    }

    #[track_caller]
    fn check(copy: &str, tags: &[&str], expected: &str) {
        for channel in Channel::ALL {
            assert_eq!(caption_text(&entry(channel, copy, tags)), expected);
        }
    }

    #[test]
    fn hashtags_follow_after_a_blank_line() {
        check("Hola", &["pan", "#masa"], "Hola\n\n#pan #masa");
        check("", &["pan", "masa"], "#pan #masa");
        check("Hola\r\nahí\r", &[], "Hola\nahí\n");
        check("Hola ", &["", "#", " # pan "], "Hola \n\n#pan");
    }

    #[test]
    fn no_hashtag_is_repeated() {
        check("Sin #PAN, claro", &["pan", "#Pan"], "Sin #PAN, claro");
        check("Hola", &["pan", "PAN", "#pan"], "Hola\n\n#pan");
        check("ÑANDÚ #ÑANDÚ", &["ñandú"], "ÑANDÚ #ÑANDÚ");
        check("#panes", &["pan"], "#panes\n\n#pan");
    }

    proptest! {
        #[test]
        fn the_count_is_the_count_of_what_is_sent(
            copy in "([a#@ñ👍 ,.\r\n_1]|PANpan){0,40}",
            tags in prop::collection::vec("[#@]?([a-cñ👍 _,]){0,4}", 0..90),
        ) {
            let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
            for channel in Channel::ALL {
                let entry = entry(channel, &copy, &tags);
                prop_assert_eq!(
                    count_caption(&entry.piece),
                    count_text(&caption_text(&entry), channel)
                );
            }
        }
    }
}
