//! The quick way to read a piece's event: all of it at once.

use std::borrow::Cow;

use serde::Deserialize;

use super::event::{GenerationEvent, PiecePlace, under};
use crate::model::{CalendarId, EmbeddedPiece, RunRef};

#[derive(Deserialize)]
struct PlainEnvelope<'a> {
    #[serde(borrow)]
    data: PlainBody<'a>,
    #[serde(default)]
    meta: Option<PlainMeta>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainBody<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(default)]
    run_id: Option<RunRef>,
    #[serde(default)]
    calendar_id: Option<CalendarId>,
    #[serde(default)]
    index: Option<u32>,
    #[serde(default)]
    total: Option<u32>,
    #[serde(borrow)]
    piece: EmbeddedPiece<'a>,
}

#[derive(Deserialize)]
struct PlainMeta {
    #[serde(default)]
    index: Option<u32>,
    #[serde(default)]
    total: Option<u32>,
}

/// The piece of an event in which every field is what it should be: one pass over the text instead of
/// four. Nothing for any other event.
pub(super) fn read_plainly(json: &str) -> Option<GenerationEvent> {
    let PlainEnvelope { data, meta } = crate::json::from_str(json).ok()?;
    if data.kind != "calendar_piece" {
        return None;
    }
    let (meta_index, meta_total) = meta.map_or((None, None), |meta| (meta.index, meta.total));
    let index = data.index.or(meta_index)?;
    let (piece, defaults) = data.piece.read()?;
    Some(GenerationEvent::Piece {
        place: PiecePlace {
            index,
            total: data.total.or(meta_total),
            calendar_id: data.calendar_id,
            run_id: data.run_id,
            errors: Vec::new(),
        },
        piece,
        defaults: match defaults.as_slice() {
            [] => defaults,
            _ => under(defaults, &format!("pieces[{index}]")),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generation::event::read_data;

    const PIECE: &str = r##"{"title":"Pan","channel":"ig","format":"reel","copy":"Recién \u00e1 👍",
        "date":"2026-04-02","time":"09:00","hashtags":["pan","#masa"],"order":3,"mood":{"tone":[1,{}]}}"##;

    fn event(data: &str, meta: &str) -> String {
        format!(r#"{{"data":{data},"error":null,"meta":{meta}}}"#)
    }

    fn data(fields: &str, piece: &str) -> String {
        format!(r#"{{"type":"calendar_piece",{fields}"piece":{piece}}}"#)
    }

    #[test]
    fn what_is_read_plainly_is_what_is_read_with_care() {
        let run = r#""runId":"legacy","calendarId":"018f0000-0000-7000-8000-0000000000c1","#;
        let place = r#""index":2,"total":7,"#;
        let meta = r#"{"requestId":"r","index":4,"total":9}"#;
        let bare = r#"{"channel":"tiktok","date":"2026-04-03","script":null}"#;
        for json in [
            event(&data(&format!("{run}{place}"), PIECE), "{}"),
            event(&data(place, bare), "null"),
            event(&data("", bare), meta),
            event(&data(r#""total":null,"index":null,"#, PIECE), meta),
            format!(r#"{{"data":{}}}"#, data(place, PIECE)),
        ] {
            let read = read_plainly(&json);
            assert!(read.is_some(), "{json}");
            assert_eq!(read, read_data(&json).ok(), "{json}");
        }
    }

    #[test]
    fn what_is_out_of_the_ordinary_is_left_to_care() {
        let place = r#""index":2,"#;
        let story = PIECE.replace("reel", "historia");
        let half = PIECE.replace("Pan", r"\ud83d");
        for json in [
            event(&data(place, &story), "{}"),
            event(&data(place, &half), "{}"),
            event(&data(place, "[]"), "{}"),
            event(&data(place, "null"), "{}"),
            event(&data("", PIECE), "{}"),
            event(&data(r#""index":"2","#, PIECE), r#"{"index":1}"#),
            event(&data(r#""index":2,"runId":5,"#, PIECE), "{}"),
            event(&data(place, PIECE), r#"{"index":"x"}"#),
            event(&data(place, PIECE).replace("calendar_piece", "pieza"), "{}"),
            event("null", "{}"),
            format!("{} x", event(&data(place, PIECE), "{}")),
        ] {
            assert_eq!(read_plainly(&json), None, "{json}");
        }
    }
}
