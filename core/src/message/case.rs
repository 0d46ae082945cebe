//! Which case of a code it is, where one code stands for several situations with words of their own.

use chrono::TimeDelta;

use crate::error::{Allowed, Code, Measure, Unit};
use crate::model::Judged;
use crate::readiness::MEDIA_URL_MARGIN_MINUTES;

/// The name of the condition that holds in the templates of `code`, if one does.
pub(super) fn case(
    code: Code,
    path: &str,
    judged: Option<Judged>,
    advice: bool,
    measured: Option<&Measure>,
    allowed: Option<&Allowed>,
) -> Option<&'static str> {
    match (code, measured, allowed) {
        (
            Code::MediaUrlExpires,
            Some(Measure::Instant { at }),
            Some(Allowed::NotBefore { at: needed_until }),
        ) => {
            let margin = TimeDelta::minutes(i64::from(MEDIA_URL_MARGIN_MINUTES));
            let outlives_the_start = at.plus(margin) > *needed_until;
            Some(match judged? {
                _ if outlives_the_start => "tight",
                Judged::Now => "dead",
                Judged::AtSchedule => "early",
            })
        }
        (Code::MediaNotStreamable, _, _) if path.ends_with("editList") => Some("edits"),
        (Code::MediaNotStreamable, _, _) if path.ends_with("moovFirst") => Some("order"),
        (
            Code::CoverInvalid,
            Some(Measure::Number {
                value,
                unit: Unit::Milliseconds,
            }),
            Some(Allowed::Between {
                max,
                unit: Unit::Milliseconds,
                ..
            }),
        ) if path.ends_with("offsetMs") && value > max => Some("beyond"),
        // A piece's place in the calendar isn't a number of pieces.
        (
            Code::InputTooLarge,
            Some(Measure::Number {
                unit: Unit::Pieces, ..
            }),
            Some(Allowed::AtMost { .. }),
        ) if path.ends_with(']') => Some("surplus"),
        // Advice on hashtags and mentions isn't always the platform's own.
        (Code::HashtagsTooMany | Code::MentionsTooMany, _, _) if advice => Some("advice"),
        _ => None,
    }
}
