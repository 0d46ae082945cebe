//! Whether an edit list changes what is seen or heard.

use mp4_atom::ElstEntry;

/// What a track would play without its edit list, in seconds.
pub(super) struct Played {
    /// When its first frame is shown; later ones may be stored before it.
    pub(super) first: f64,
    /// How long it lasts.
    pub(super) length: f64,
    /// What nobody would notice: a frame of the picture, a tenth of a second of the sound.
    pub(super) slack: f64,
    /// Ticks a second of the track's clock.
    pub(super) timescale: f64,
    /// Ticks a second of the film's clock, in which edits say how long they last.
    pub(super) film_timescale: f64,
}

/// Whether a player that ignores the list shows something else. The meaning is that of
/// [`MediaFacts::edit_list`](crate::probe::MediaFacts::edit_list).
pub(super) fn changes(edits: &[ElstEntry], played: &Played) -> bool {
    let seconds = |edit: &ElstEntry| edit.segment_duration as f64 / played.film_timescale;
    // Durations are rounded to the film's clock.
    let slack = played.slack + 1.0 / played.film_timescale;
    let (delay, rest) = match edits {
        [wait, rest @ ..] if wait.media_time.is_none() => (seconds(wait), rest),
        edits => (0.0, edits),
    };
    let [edit] = rest else {
        return !edits.is_empty();
    };
    let Some(media_time) = edit.media_time else {
        return true;
    };
    let begins = media_time as f64 / played.timescale;
    let lasts = seconds(edit);
    // No duration means: to the end.
    let ends_early = lasts > 0.0 && begins + lasts + slack < played.length;
    delay > slack
        || begins > played.first.max(0.0) + slack
        || ends_early
        || edit.media_rate.integer() != 1
        || edit.media_rate.decimal() != 0
}
