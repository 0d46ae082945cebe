//! The calendar that is shown while the calendar service is switched off.

use chrono::Days;
use serde::{Deserialize, Serialize};

use super::encode::{OutgoingPiece, StreamEncoder};
use super::event::StreamSummary;
use super::request::CalendarRequest;
use crate::error::{Code, Error};
use crate::model::{
    Cadence, CalendarDiff, CalendarId, CalendarPiece, Channel, EntryId, LocalDate, LocalTime,
    PostFormat, RunRef, RunStatus, deterministic_uuid,
};
use crate::operation::json_error;

/// The provider that a draft's envelopes name.
pub const DRAFT_PROVIDER: &str = "legacy-fallback";

/// The titles and captions in turn; the host's users read Spanish first.
const THEMES: [(&str, &str); 7] = [
    (
        "Presentación",
        "Cuéntanos en los comentarios de dónde nos lees.",
    ),
    (
        "Consejo práctico",
        "Guarda este consejo para cuando lo necesites.",
    ),
    ("Detrás de cámaras", "Así trabajamos cuando nadie nos ve."),
    (
        "Historia de un cliente",
        "Una historia real de alguien como tú.",
    ),
    ("Pregunta a la comunidad", "¿Tú qué opinas? Te leemos."),
    ("Mito o realidad", "Lo has oído mil veces, pero ¿es verdad?"),
    (
        "Resumen y próximos pasos",
        "Lo mejor de estos días y lo que viene.",
    ),
];

/// A calendar made without any AI.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarDraft {
    /// The calendar: the one to regenerate, or an id made from the request.
    pub calendar_id: CalendarId,
    /// The literal run `legacy`.
    pub run_id: RunRef,
    /// The pieces.
    pub pieces: Vec<CalendarPiece>,
    /// The same as the event stream that the host serves.
    pub stream: String,
}

/// Drafts the calendar for `request`: 7 pieces for a daily cadence, 6 for a weekly, 4 for a monthly
/// one, each at 09:00, spread evenly from the first to the last day, channels in turn.
///
/// The draft is made from the request alone: the same request gives the same ids and the same stream,
/// byte for byte, on every machine and for every user.
///
/// ```
/// use calendar_publish::generation::{CalendarRequest, draft_calendar};
///
/// let request: CalendarRequest = serde_json::from_str(
///     r#"{"channels":["tiktok","instagram"],"cadence":"monthly","start":"2026-04-01","end":"2026-04-28"}"#,
/// )?;
/// let draft = draft_calendar(&request)?;
/// let days: Vec<String> = draft.pieces.iter().map(|p| format!("{} {}", p.date, p.channel)).collect();
/// assert_eq!(
///     days,
///     ["2026-04-01 tiktok", "2026-04-08 instagram", "2026-04-15 tiktok", "2026-04-22 instagram"]
/// );
/// assert_eq!(draft, draft_calendar(&request)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of [`CalendarRequest::validate`].
pub fn draft_calendar(request: &CalendarRequest) -> Result<CalendarDraft, Error> {
    request.validate()?;
    let channels = request.channels()?;
    let days = request.days()?;
    let seed = serde_json::to_string(request).map_err(|error| json_error(&error))?;
    let calendar_id = request
        .calendar_id
        .unwrap_or_else(|| CalendarId::new(deterministic_uuid(&["draft", "calendar", &seed])));

    let count = piece_count(request.cadence);
    let mut pieces = Vec::new();
    for (index, (channel, theme)) in (0..count).zip(channels.iter().cycle().zip(THEMES)) {
        let offset = i64::from(index) * days / i64::from(count);
        let id = deterministic_uuid(&["draft", "entry", &seed, &index.to_string()]);
        pieces.push(CalendarPiece {
            id: Some(EntryId::new(id)),
            title: theme.0.to_owned(),
            channel: *channel,
            format: format_for(*channel)?,
            copy: theme.1.to_owned(),
            script: None,
            target_audience: None,
            date: day_after(request.start, offset)?,
            time: LocalTime::DEFAULT,
            hashtags: Vec::new(),
            order: Some(index),
            extra: Vec::new(),
        });
    }

    let request_id = deterministic_uuid(&["draft", "request", &seed]).to_string();
    let stream = write_stream(&request_id, calendar_id, &pieces)?;
    Ok(CalendarDraft {
        calendar_id,
        run_id: RunRef::Legacy,
        pieces,
        stream,
    })
}

fn write_stream(
    request_id: &str,
    calendar_id: CalendarId,
    pieces: &[CalendarPiece],
) -> Result<String, Error> {
    let encoder = StreamEncoder::new(request_id).provider(DRAFT_PROVIDER);
    let total = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
    let mut stream = String::new();
    for (index, piece) in (0..).zip(pieces) {
        stream.push_str(&encoder.piece(&OutgoingPiece {
            calendar_id,
            run_id: RunRef::Legacy,
            index,
            total,
            piece,
        })?);
    }
    stream.push_str(&encoder.done(&StreamSummary {
        calendar_id: Some(calendar_id),
        run_id: Some(RunRef::Legacy),
        piece_count: Some(total),
        status: RunStatus::Completed,
        diff: CalendarDiff::default(),
        errors: Vec::new(),
    })?);
    Ok(stream)
}

/// The host's numbers; a manual calendar has nothing to draft.
const fn piece_count(cadence: Cadence) -> u32 {
    match cadence {
        Cadence::Daily => 7,
        Cadence::Weekly => 6,
        Cadence::Monthly => 4,
        Cadence::Manual => 0,
    }
}

/// The format that needs the least: one picture on Instagram, a video on TikTok.
fn format_for(channel: Channel) -> Result<PostFormat, Error> {
    match channel {
        Channel::Instagram => Ok(PostFormat::default()),
        Channel::Tiktok => "video".parse(),
    }
}

fn day_after(start: LocalDate, days: i64) -> Result<LocalDate, Error> {
    u64::try_from(days)
        .ok()
        .and_then(|days| start.naive().checked_add_days(Days::new(days)))
        .and_then(LocalDate::new)
        .ok_or_else(|| Error::new(Code::CalendarInvalidRange).at("end"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generation::{GenerationSession, GenerationState, SessionOptions};
    use crate::model::Timestamp;

    #[test]
    fn its_stream_reads_back_as_the_draft_however_it_is_cut() {
        let request: CalendarRequest = serde_json::from_str(
            r#"{"channels":["ig","tiktok"],"cadence":"weekly","start":"2026-03-20","end":"2026-04-20"}"#,
        )
        .unwrap();
        let draft = draft_calendar(&request).unwrap();
        let start = Timestamp::from_millis(0);
        let mut session = GenerationSession::start(SessionOptions::default(), start);
        for chunk in draft.stream.as_bytes().chunks(7) {
            session.push(chunk, start);
        }
        let snapshot = session.snapshot();
        assert_eq!(snapshot.state, GenerationState::Complete);
        assert_eq!(snapshot.run_id, Some(RunRef::Legacy));
        let pieces: Vec<CalendarPiece> = snapshot.pieces.into_iter().map(|p| p.piece).collect();
        assert_eq!(pieces, draft.pieces);
        assert_eq!(
            draft
                .stream
                .matches(r#""provider":"legacy-fallback""#)
                .count(),
            7
        );
        assert_eq!(draft.stream.matches(r#""requestId":""#).count(), 7);
    }

    #[test]
    fn another_request_is_another_calendar() {
        let json =
            r#"{"channels":["ig"],"cadence":"daily","start":"2026-03-20","end":"2026-03-26"}"#;
        let request: CalendarRequest = serde_json::from_str(json).unwrap();
        let other = CalendarRequest {
            ideas: Some(r#"["pan"]"#.to_owned()),
            ..request.clone()
        };
        let (draft, other) = (
            draft_calendar(&request).unwrap(),
            draft_calendar(&other).unwrap(),
        );
        assert_ne!(draft.calendar_id, other.calendar_id);
        assert_ne!(draft.pieces[0].id, other.pieces[0].id);
    }
}
