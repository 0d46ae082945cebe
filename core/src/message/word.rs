//! Words for what stands in the data in English or in a platform's own writing.

use super::Lang;
use crate::error::Unit;
use crate::model::Channel;

/// What a unit counts, for people: `1 archivo`, `2 archivos`. `None` for units that are symbols.
///
/// UTF-16 units and code points are both characters to whoever reads the text.
pub(super) fn noun(unit: Unit, one: bool, lang: Lang) -> Option<&'static str> {
    let (es, en) = match unit {
        Unit::Utf16 | Unit::CodePoints => (["carácter", "caracteres"], ["character", "characters"]),
        Unit::Levels => (["nivel", "niveles"], ["level", "levels"]),
        Unit::AudioChannels => (
            ["canal de sonido", "canales de sonido"],
            ["audio channel", "audio channels"],
        ),
        Unit::Items => (["archivo", "archivos"], ["file", "files"]),
        Unit::Hashtags => (["hashtag", "hashtags"], ["hashtag", "hashtags"]),
        Unit::Mentions => (["mención", "menciones"], ["mention", "mentions"]),
        Unit::Accounts => (["cuenta", "cuentas"], ["account", "accounts"]),
        Unit::Posts => (["publicación", "publicaciones"], ["post", "posts"]),
        Unit::Pieces => (["pieza", "piezas"], ["piece", "pieces"]),
        Unit::Entries => (["entrada", "entradas"], ["entry", "entries"]),
        Unit::Cells => (["celda", "celdas"], ["cell", "cells"]),
        Unit::Bytes
        | Unit::Milliseconds
        | Unit::Seconds
        | Unit::Minutes
        | Unit::Pixels
        | Unit::FramesPerSecond
        | Unit::Ratio
        | Unit::BitsPerSecond
        | Unit::Hertz
        | Unit::Revision
        | Unit::Plain => return None,
    };
    let [singular, plural] = match lang {
        Lang::Es => es,
        Lang::En => en,
    };
    Some(if one { singular } else { plural })
}

/// The channel's brand; where no channel is known, "the platform".
pub(super) const fn channel_name(channel: Option<Channel>, lang: Lang) -> &'static str {
    match channel {
        Some(channel) => channel.brand(),
        None => lang.pick("la plataforma", "the platform"),
    }
}

/// The word for a value of the wire: a channel, a format, a file type, a privacy level, a status.
pub(super) fn known(value: &str, lang: Lang) -> Option<&'static str> {
    const WORDS: [(&str, &str, &str); 46] = [
        ("tiktok", "TikTok", "TikTok"),
        ("instagram", "Instagram", "Instagram"),
        ("post", "publicación", "post"),
        ("carousel", "carrusel", "carousel"),
        ("reel", "reel", "reel"),
        ("tiktok_video", "video de TikTok", "TikTok video"),
        ("tiktok_photos", "fotos de TikTok", "TikTok photos"),
        (
            "tiktok_video_draft",
            "borrador de video de TikTok",
            "TikTok video draft",
        ),
        (
            "tiktok_photos_draft",
            "borrador de fotos de TikTok",
            "TikTok photo draft",
        ),
        ("instagram_image", "imagen de Instagram", "Instagram image"),
        (
            "instagram_carousel",
            "carrusel de Instagram",
            "Instagram carousel",
        ),
        ("instagram_reel", "reel de Instagram", "Instagram reel"),
        ("image", "imagen", "image"),
        ("video", "video", "video"),
        ("image/jpeg", "JPEG", "JPEG"),
        ("image/png", "PNG", "PNG"),
        ("image/webp", "WebP", "WebP"),
        ("image/gif", "GIF", "GIF"),
        ("image/heic", "HEIC", "HEIC"),
        ("video/mp4", "MP4", "MP4"),
        ("video/quicktime", "MOV", "MOV"),
        ("video/webm", "WebM", "WebM"),
        ("h264", "H.264", "H.264"),
        ("hevc", "H.265", "H.265"),
        ("h265", "H.265", "H.265"),
        ("vp8", "VP8", "VP8"),
        ("vp9", "VP9", "VP9"),
        ("av1", "AV1", "AV1"),
        ("aac", "AAC", "AAC"),
        ("mp3", "MP3", "MP3"),
        ("opus", "Opus", "Opus"),
        ("PUBLIC_TO_EVERYONE", "todo el mundo", "everyone"),
        ("MUTUAL_FOLLOW_FRIENDS", "amigos", "friends"),
        ("FOLLOWER_OF_CREATOR", "seguidores", "followers"),
        ("SELF_ONLY", "solo yo", "only me"),
        ("ready", "lista", "ready"),
        ("draft", "borrador", "draft"),
        ("scheduled", "programada", "scheduled"),
        ("publishing", "publicando", "publishing"),
        ("published", "publicada", "published"),
        (
            "delivered_to_inbox",
            "en la bandeja de TikTok",
            "in the TikTok inbox",
        ),
        ("failed", "con un intento fallido", "after a failed attempt"),
        (
            "failed_retry",
            "con un reintento pendiente",
            "waiting to try again",
        ),
        ("needs_attention", "necesita atención", "needs attention"),
        ("cancelled", "cancelada", "cancelled"),
        ("missing_media", "sin archivos", "missing files"),
    ];
    WORDS
        .iter()
        .find(|(wire, _, _)| value == *wire)
        .map(|(_, es, en)| lang.pick(es, en))
}

/// A JSON type, with its article.
pub(super) fn json_type(name: &str, lang: Lang) -> Option<&'static str> {
    let (es, en) = match name {
        "string" => ("un texto", "a text"),
        "number" => ("un número", "a number"),
        "integer" => ("un número entero", "a whole number"),
        "boolean" => ("un sí o no", "a yes or no"),
        "array" => ("una lista", "a list"),
        "object" => ("un grupo de datos", "a group of details"),
        "null" => ("un valor vacío", "an empty value"),
        _ => return None,
    };
    Some(lang.pick(es, en))
}

/// A pattern as people of the language write it: `AAAA-MM-DD` for `YYYY-MM-DD` in Spanish. `None` for
/// one that is made for developers.
pub(super) fn pattern(pattern: &str, lang: Lang) -> Option<String> {
    const DATES_AND_TIMES: &str = "YMDTHSZ-:";
    if pattern == "Area/Location" {
        return Some(lang.pick("Región/Ciudad", "Area/Location").to_owned());
    }
    let readable = !pattern.is_empty() && pattern.chars().all(|c| DATES_AND_TIMES.contains(c));
    readable.then(|| match lang {
        Lang::En => pattern.to_owned(),
        Lang::Es => pattern.replace("YYYY", "AAAA"),
    })
}

/// Foreign text as a quotation; `None` where there is nothing to quote, or where it is a note for
/// developers that begins with a code's name.
pub(super) fn quoted(text: &str, lang: Lang) -> Option<String> {
    let first = text.split([':', ' ']).next().unwrap_or_default();
    if first.parse::<crate::error::Code>().is_ok() {
        return None;
    }
    let text = plain(text);
    let (open, close) = match lang {
        Lang::Es => ('«', '»'),
        Lang::En => ('“', '”'),
    };
    (!text.is_empty()).then(|| format!("{open}{text}{close}"))
}

/// `text` on one line, without control characters and double spaces.
pub(super) fn plain(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_foreign_text_on_one_line() {
        assert_eq!(
            quoted("my\n space\u{0}", Lang::Es).as_deref(),
            Some("«my space»")
        );
        assert_eq!(quoted("myspace", Lang::En).as_deref(), Some("“myspace”"));
        assert_eq!(quoted(" \t", Lang::Es), None);
        assert_eq!(quoted("FIELD_VALUE_INVALID: measured `x`", Lang::Es), None);
    }

    #[test]
    fn patterns_speak_the_language() {
        assert_eq!(
            pattern("YYYY-MM-DD", Lang::Es).as_deref(),
            Some("AAAA-MM-DD")
        );
        assert_eq!(
            pattern("YYYY-MM-DD", Lang::En).as_deref(),
            Some("YYYY-MM-DD")
        );
        assert_eq!(pattern("[a-z]{1,64}", Lang::Es), None);
        assert_eq!(pattern("digits", Lang::Es), None);
    }
}
