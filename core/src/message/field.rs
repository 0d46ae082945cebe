//! Field paths in words.

use super::{Lang, word};

/// What a path stands for, with its article: `el texto`, `la duración del archivo 3`.
///
/// An unknown path becomes `el campo «…»`; an empty one has no words.
pub(super) fn field_phrase(path: &str, lang: Lang) -> Option<String> {
    let path = short(path);
    if path.is_empty() {
        return None;
    }
    known(&path, lang).or_else(|| {
        let quoted = word::quoted(&path, lang)?;
        Some(format!("{} {quoted}", lang.pick("el campo", "the field")))
    })
}

/// What a path stands for, if that is a date or a time of day: `la fecha de la pieza 23`.
pub(super) fn when_phrase(path: &str, lang: Lang) -> Option<String> {
    let leaf = path.rsplit('.').next()?;
    ["date", "time", "start", "startDate", "end", "endDate"]
        .contains(&leaf)
        .then(|| known(&short(path), lang))
        .flatten()
}

/// What a path stands for, for people: `piece.copy` is `texto` in Spanish and `caption` in English,
/// `media[2].durationMs` is `duración del archivo 3`. An unknown path is shown as it is.
///
/// ```
/// use calendar_publish::message::{Lang, field_label};
///
/// assert_eq!(field_label("media[2].durationMs", Lang::En), "duration of file 3");
/// assert_eq!(field_label("entries[0].piece.date", Lang::Es), "fecha de la entrada 1");
/// assert_eq!(field_label("mood.tone", Lang::Es), "mood.tone");
/// ```
pub fn field_label(path: &str, lang: Lang) -> String {
    let path = short(path);
    let Some(phrase) = known(&path, lang) else {
        return path;
    };
    ["el ", "la ", "los ", "las ", "the "]
        .iter()
        .find_map(|article| phrase.strip_prefix(article))
        .unwrap_or(&phrase)
        .to_owned()
}

/// The file a path lies in: `el archivo 3`, `la portada`, or just `el archivo`.
pub(super) fn file_phrase(path: &str, lang: Lang) -> String {
    let mut segments = path.split('.').map(segment);
    let file = segments.find_map(|segment| match segment {
        Some(("media", Some(index))) => numbered("media", index, lang),
        Some(("cover", None)) => Some(lang.pick("la portada", "the cover").to_owned()),
        _ => None,
    });
    file.unwrap_or_else(|| lang.pick("el archivo", "the file").to_owned())
}

/// Paths come from outside: they are shown on one line and not at any length.
fn short(path: &str) -> String {
    const LONGEST: usize = 120;
    word::plain(path).chars().take(LONGEST).collect()
}

fn known(path: &str, lang: Lang) -> Option<String> {
    let mut segments = path.split('.').rev();
    let mut phrase = match segment(segments.next()?)? {
        (name, Some(index)) => numbered(name, index, lang)?,
        (name, None) => leaf(name, lang)?.to_owned(),
    };
    for outer in segments {
        let owner = match segment(outer)? {
            (name, Some(index)) => numbered(name, index, lang)?,
            ("cover", None) => lang.pick("la portada", "the cover").to_owned(),
            (
                "piece" | "entry" | "account" | "tiktok" | "instagram" | "media" | "consent"
                | "request" | "quota" | "tiktokCreator",
                None,
            ) => continue,
            _ => return None,
        };
        phrase = of(&phrase, &owner, lang);
    }
    Some(phrase)
}

/// `name` or `name[index]`.
fn segment(text: &str) -> Option<(&str, Option<u32>)> {
    match text.split_once('[') {
        None => Some((text, None)),
        Some((name, index)) => Some((name, Some(index.strip_suffix(']')?.parse().ok()?))),
    }
}

fn of(what: &str, whose: &str, lang: Lang) -> String {
    match (lang, whose.strip_prefix("el ")) {
        (Lang::Es, Some(whose)) => format!("{what} del {whose}"),
        (Lang::Es, None) => format!("{what} de {whose}"),
        (Lang::En, _) => format!("{what} of {whose}"),
    }
}

/// An item of a list, counted from 1 as people do.
fn numbered(list: &str, index: u32, lang: Lang) -> Option<String> {
    let (es, en) = match list {
        "media" => ("el archivo", "file"),
        "entries" => ("la entrada", "entry"),
        "pieces" => ("la pieza", "piece"),
        "rows" => ("la fila", "row"),
        "accounts" => ("la cuenta", "account"),
        "channels" => ("el canal", "channel"),
        "hashtags" => ("el hashtag", "hashtag"),
        "userTags" => ("la cuenta etiquetada", "tagged account"),
        "collaborators" => ("el colaborador", "collaborator"),
        "" => ("el elemento", "item"),
        _ => return None,
    };
    Some(format!("{} {}", lang.pick(es, en), u64::from(index) + 1))
}

fn leaf(name: &str, lang: Lang) -> Option<&'static str> {
    let (es, en) = match name {
        "title" => ("el título", "the title"),
        "channel" => ("el canal", "the channel"),
        "format" => ("el formato", "the format"),
        "copy" => ("el texto", "the caption"),
        "script" => ("el guion", "the script"),
        "targetAudience" => ("el público", "the audience"),
        "date" => ("la fecha", "the date"),
        "time" => ("la hora", "the time"),
        "hashtags" => ("los hashtags", "the hashtags"),
        "order" | "x" | "y" => ("la posición", "the position"),
        "id" | "calendarId" | "userId" | "runId" | "entryId" | "jobId" => {
            ("el identificador", "the id")
        }
        "piece" => ("la pieza", "the piece"),
        "entry" => ("la entrada", "the entry"),
        "entries" => ("las entradas", "the entries"),
        "pieces" => ("las piezas", "the pieces"),
        "account" | "accountId" => ("la cuenta", "the account"),
        "accounts" => ("las cuentas", "the accounts"),
        "channels" => ("los canales", "the channels"),
        "cadence" => ("la frecuencia", "the cadence"),
        "start" | "startDate" => ("la fecha de inicio", "the start date"),
        "end" | "endDate" => ("la fecha de final", "the end date"),
        "lang" => ("el idioma", "the language"),
        "zone" | "timezone" => ("la zona horaria", "the time zone"),
        "scheduledAt" => ("la fecha de publicación", "the publication time"),
        "revision" => ("la versión", "the version"),
        "readiness" | "status" => ("el estado", "the status"),
        "media" => ("los archivos", "the files"),
        "cover" => ("la portada", "the cover"),
        "url" => ("la dirección", "the address"),
        "urlExpiresAt" => ("la caducidad del enlace", "the expiry of the link"),
        "kind" | "mimeType" => ("el tipo", "the type"),
        "sizeBytes" => ("el tamaño", "the size"),
        "width" => ("el ancho", "the width"),
        "height" => ("el alto", "the height"),
        "durationMs" => ("la duración", "the duration"),
        "frameRate" => ("la velocidad de fotogramas", "the frame rate"),
        "bitRate" => ("la tasa de bits", "the bit rate"),
        "videoCodec" => ("la codificación de video", "the video encoding"),
        "audioCodec" => ("la codificación de sonido", "the audio encoding"),
        "audioSampleRate" => ("la frecuencia de muestreo", "the sample rate"),
        "audioChannels" => ("los canales de sonido", "the audio channels"),
        "moovFirst" | "editList" => ("la estructura interna", "the inner structure"),
        "altText" => ("el texto alternativo", "the alternative text"),
        "userTags" => ("las cuentas etiquetadas", "the tagged accounts"),
        "username" => ("el nombre de usuario", "the user name"),
        "offsetMs" => ("el momento", "the moment"),
        "tiktok" => ("las opciones de TikTok", "the TikTok options"),
        "mode" => ("el modo de envío", "the delivery mode"),
        "privacy" => ("la privacidad", "the privacy"),
        "allowComment" => ("los comentarios", "comments"),
        "allowDuet" => ("los dúos", "duets"),
        "allowStitch" => ("la función Stitch", "stitches"),
        "discloseCommercial" => (
            "el aviso de contenido comercial",
            "the commercial disclosure",
        ),
        "yourBrand" => ("la opción «tu marca»", "the option “your brand”"),
        "brandedContent" => (
            "la opción «contenido de marca»",
            "the option “branded content”",
        ),
        "aiGenerated" => ("la etiqueta de IA", "the AI label"),
        "autoAddMusic" => ("la música automática", "the automatic music"),
        "consent" => ("la aceptación de las condiciones", "the consent"),
        "instagram" => ("las opciones de Instagram", "the Instagram options"),
        "collaborators" => ("los colaboradores", "the collaborators"),
        "locationId" => ("el lugar", "the location"),
        "shareToFeed" => (
            "la opción de mostrarlo en el feed",
            "the option to share to the feed",
        ),
        "audioName" => ("el nombre del audio", "the audio name"),
        "trial" => ("el reel de prueba", "the trial reel"),
        "expiresAt" => ("la caducidad del permiso", "the expiry of the permission"),
        "scopes" => ("los permisos", "the permissions"),
        "quota" => ("el límite diario", "the daily limit"),
        _ => return None,
    };
    Some(lang.pick(es, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, es: &str, en: &str) {
        assert_eq!(field_label(path, Lang::Es), es);
        assert_eq!(field_label(path, Lang::En), en);
    }

    #[test]
    fn known_paths_are_worded() {
        check("piece.copy", "texto", "caption");
        check("copy", "texto", "caption");
        check(
            "media[2].durationMs",
            "duración del archivo 3",
            "duration of file 3",
        );
        check("media[0]", "archivo 1", "file 1");
        check("media", "archivos", "files");
        check(
            "cover.media.width",
            "ancho de la portada",
            "width of the cover",
        );
        check(
            "account.expiresAt",
            "caducidad del permiso",
            "expiry of the permission",
        );
        check("tiktok.allowDuet", "dúos", "duets");
        check(
            "entries[3].media[0].userTags[1].username",
            "nombre de usuario de la cuenta etiquetada 2 del archivo 1 de la entrada 4",
            "user name of tagged account 2 of file 1 of entry 4",
        );
        check("[4].date", "fecha del elemento 5", "date of item 5");
    }

    #[test]
    fn unknown_paths_are_shown_as_they_are() {
        for path in [
            "mood",
            "piece.mood.tone",
            "media[x].url",
            "media[-1]",
            "a[0][1]",
            "[",
            "…",
        ] {
            check(path, path, path);
        }
        assert_eq!(
            field_phrase("mood", Lang::Es).as_deref(),
            Some("el campo «mood»")
        );
        assert_eq!(field_phrase("", Lang::Es), None);
    }

    #[test]
    fn hostile_paths_are_shortened() {
        assert_eq!(field_label(&"x".repeat(10_000), Lang::En).len(), 120);
        assert_eq!(
            field_label("media[4294967295]", Lang::En),
            "file 4294967296"
        );
    }
}
