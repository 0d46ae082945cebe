//! Counting a text the way the platforms count it.

use memchr::{memchr_iter, memchr2};
use serde::{Deserialize, Serialize};

use crate::error::Unit;
use crate::model::Channel;

/// What a text measures: its length in both units, and what a platform will recognise in it.
///
/// Numbers stop at `u32::MAX`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TextCount {
    /// UTF-16 code units: 👍 is two.
    pub utf16: u32,
    /// Unicode code points: 👍 is one.
    pub code_points: u32,
    /// Hashtags.
    pub hashtags: u32,
    /// Mentions.
    pub mentions: u32,
}

impl TextCount {
    /// The length in `unit`; `None` where `unit` doesn't measure texts.
    pub(super) const fn length(&self, unit: Unit) -> Option<u32> {
        match unit {
            Unit::Utf16 => Some(self.utf16),
            Unit::CodePoints => Some(self.code_points),
            _ => None,
        }
    }

    /// Counts `text` too, which stands behind the character `before`.
    pub(super) fn add(&mut self, text: &str, before: Option<char>, channel: Channel) {
        let (mut points, astral) = lengths(text);
        points -= line_ends(text);
        let (mut hashtags, mut mentions) = (0_usize, 0_usize);
        for token in tokens_after(text, before, channel) {
            match token.sigil {
                Sigil::Hashtag => hashtags += 1,
                Sigil::Mention => mentions += 1,
            }
        }
        let plus =
            |sum: u32, more: usize| sum.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        self.code_points = plus(self.code_points, points);
        self.utf16 = plus(self.utf16, points + astral);
        self.hashtags = plus(self.hashtags, hashtags);
        self.mentions = plus(self.mentions, mentions);
    }
}

/// Counts `text` as `channel` does. Line ends are counted as one character however they are
/// written, and nothing is trimmed.
///
/// Neither platform defines its "character". TikTok's "UTF-16 runes" are read as UTF-16 code units,
/// the strict reading (TikTok, Content Posting API: Direct Post, read 2026-09-11). Instagram doesn't
/// say, so that its rules hold a limit in each unit.
///
/// ```
/// use calendar_publish::model::Channel;
/// use calendar_publish::rules::count_text;
///
/// let count = count_text("Pan 👍 #pan @ana", Channel::Tiktok);
/// assert_eq!((count.utf16, count.code_points), (16, 15));
/// assert_eq!((count.hashtags, count.mentions), (1, 1));
/// ```
pub fn count_text(text: &str, channel: Channel) -> TextCount {
    let mut count = TextCount::default();
    count.add(text, None, channel);
    count
}

/// The hashtags of `text` as `channel` recognises them, in order, without `#`.
///
/// Instagram: `#` that doesn't follow a word character, then letters of any script, digits and
/// underscores (Meta publishes no rule; this is common practice). TikTok: `#` at the start of a
/// word, up to the next space or line end (TikTok, Content Posting API: Direct Post, read
/// 2026-09-11).
///
/// ```
/// use calendar_publish::model::Channel;
/// use calendar_publish::rules::hashtags;
///
/// let tags: Vec<&str> = hashtags("Hoy #pan, mañana #café.", Channel::Instagram).collect();
/// assert_eq!(tags, ["pan", "café"]);
/// ```
pub fn hashtags(text: &str, channel: Channel) -> impl Iterator<Item = &str> {
    names(text, channel, Sigil::Hashtag)
}

/// The mentions of `text` as `channel` recognises them, in order, without `@`.
///
/// Instagram: `@` that doesn't follow a word character, then letters without accents, digits, dots
/// and underscores. TikTok: as [`hashtags`].
pub fn mentions(text: &str, channel: Channel) -> impl Iterator<Item = &str> {
    names(text, channel, Sigil::Mention)
}

fn names(text: &str, channel: Channel, sigil: Sigil) -> impl Iterator<Item = &str> {
    tokens_after(text, None, channel)
        .filter(move |token| token.sigil == sigil)
        .map(|token| token.name)
}

/// Whether `c` can stand inside a word, and so inside a hashtag. Combining accents can: a decomposed
/// `é` is a letter to whoever reads it.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || ('\u{300}'..='\u{36F}').contains(&c)
}

/// The code points of `text`, and how many of them take two units in UTF-16.
///
/// Sums of one byte over short chunks are what a compiler turns into vector instructions.
fn lengths(text: &str) -> (usize, usize) {
    let (mut points, mut astral) = (0_usize, 0_usize);
    for chunk in text.as_bytes().chunks(192) {
        let (mut leading, mut four) = (0_u8, 0_u8);
        for byte in chunk {
            leading += u8::from(byte & 0xC0 != 0x80); // not a continuation byte
            four += u8::from(*byte >= 0xF0);
        }
        points += usize::from(leading);
        astral += usize::from(four);
    }
    (points, astral)
}

/// How many characters fewer `text` has once CR LF is one line end.
fn line_ends(text: &str) -> usize {
    let bytes = text.as_bytes();
    memchr_iter(b'\r', bytes)
        .filter(|at| bytes.get(at + 1) == Some(&b'\n'))
        .count()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sigil {
    Hashtag,
    Mention,
}

struct Token<'a> {
    sigil: Sigil,
    name: &'a str,
}

/// The hashtags and mentions of `text`, which stands behind the character `before`.
fn tokens_after(
    text: &str,
    before: Option<char>,
    channel: Channel,
) -> impl Iterator<Item = Token<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + memchr2(b'#', b'@', text.as_bytes().get(from..)?)?;
            from = at + 1;
            let previous = text.get(..at)?.chars().next_back().or(before);
            if previous.is_some_and(|c| joins(c, channel)) {
                continue;
            }
            let sigil = if text.as_bytes().get(at) == Some(&b'#') {
                Sigil::Hashtag
            } else {
                Sigil::Mention
            };
            let rest = text.get(from..)?;
            let end = rest
                .find(|c| !belongs(c, sigil, channel))
                .unwrap_or(rest.len());
            if end > 0 {
                return Some(Token {
                    sigil,
                    name: rest.get(..end)?,
                });
            }
        }
    })
}

/// Whether a sigil right behind `c` is part of something else, such as an address or a link.
fn joins(c: char, channel: Channel) -> bool {
    match channel {
        Channel::Tiktok => !c.is_whitespace(),
        Channel::Instagram => is_word(c),
    }
}

/// Whether `c` goes on with a hashtag or mention.
fn belongs(c: char, sigil: Sigil, channel: Channel) -> bool {
    match (channel, sigil) {
        (Channel::Tiktok, _) => !c.is_whitespace(),
        (Channel::Instagram, Sigil::Hashtag) => is_word(c),
        (Channel::Instagram, Sigil::Mention) => is_user_name(c),
    }
}

/// Whether `c` can stand in an Instagram user name.
pub(super) const fn is_user_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn lengths(text: &str, utf16: u32, code_points: u32) {
        for channel in Channel::ALL {
            let count = count_text(text, channel);
            assert_eq!(
                (count.utf16, count.code_points),
                (utf16, code_points),
                "{text:?}"
            );
        }
    }

    #[track_caller]
    fn found(channel: Channel, text: &str, tags: &[&str], names: &[&str]) {
        assert_eq!(
            hashtags(text, channel).collect::<Vec<_>>(),
            tags,
            "{text:?}"
        );
        assert_eq!(
            mentions(text, channel).collect::<Vec<_>>(),
            names,
            "{text:?}"
        );
        let count = count_text(text, channel);
        assert_eq!(count.hashtags as usize, tags.len());
        assert_eq!(count.mentions as usize, names.len());
    }

    #[test]
    fn lengths_are_in_both_units() {
        lengths("", 0, 0);
        lengths("pan", 3, 3);
        lengths("ñandú", 5, 5);
        lengths("👍", 2, 1);
        lengths("👨‍👩‍👧", 8, 5);
        lengths("日本", 2, 2);
        lengths("a\r\nb\nc\rd", 7, 7);
    }

    #[test]
    fn instagram_ends_a_tag_at_punctuation() {
        let found =
            |text, tags: &[&str], names: &[&str]| found(Channel::Instagram, text, tags, names);
        found("#pan, #café! #año_2026", &["pan", "café", "año_2026"], &[]);
        found("#uno#dos", &["uno"], &[]);
        found("a#no b@no.com", &[], &[]);
        found("# #! ##dos", &["dos"], &[]);
        found("@ana.p_1: (@leo) @ @é", &[], &["ana.p_1", "leo"]);
        found("cafe\u{301}#no #cafe\u{301}s", &["cafe\u{301}s"], &[]);
        found("#日本 #🍞", &["日本"], &[]);
    }

    #[test]
    fn tiktok_ends_a_tag_at_a_space_or_line_end() {
        let found = |text, tags: &[&str], names: &[&str]| found(Channel::Tiktok, text, tags, names);
        found("#pan, #🍞\n#tres", &["pan,", "🍞", "tres"], &[]);
        found("#uno#dos (@leo) @ana!", &["uno#dos"], &["ana!"]);
        found("# @ #", &[], &[]);
    }
}
