//! One track of a film, from the boxes that describe it.

use mp4_atom::{Atom, Ctts, Elst, ElstEntry, Mdhd, Stts, Tkhd};

use super::edits::{Played, changes};
use super::sample_entry::SampleEntry;
use crate::probe::reader::MAX_HELD;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Handler {
    Video,
    Audio,
    #[default]
    Other,
}

#[derive(Default)]
pub(super) struct Track {
    pub(super) id: u32,
    pub(super) handler: Handler,
    pub(super) enabled: bool,
    /// Degrees clockwise, from the matrix.
    pub(super) rotation: u32,
    pub(super) entry: SampleEntry,
    /// The size the track header names, for entries without one.
    header_size: (u32, u32),
    /// Ticks a second of this track's clock; the numbers below count them.
    timescale: u32,
    duration: u64,
    frames: u64,
    ticks: u64,
    first_shown: i64,
    edits: Edits,
}

#[derive(Default)]
enum Edits {
    #[default]
    None,
    Unreadable,
    List(Vec<ElstEntry>),
}

impl Track {
    /// How deep below the index a box stands that says something of a track; in other places QuickTime
    /// uses the same names for other things.
    pub(super) const fn level(kind: &[u8; 4]) -> Option<usize> {
        match kind {
            b"tkhd" => Some(2),
            b"elst" | b"mdhd" | b"hdlr" => Some(3),
            b"stsd" | b"stts" | b"ctts" => Some(5),
            _ => None,
        }
    }

    /// The most bytes of such a box; a larger one isn't read.
    pub(super) const fn most(kind: &[u8; 4]) -> u64 {
        match kind {
            b"tkhd" | b"mdhd" => 256,
            b"hdlr" => 4_096,
            b"elst" | b"stsd" => 64 * 1_024,
            _ => MAX_HELD,
        }
    }

    pub(super) fn read(&mut self, kind: &[u8; 4], mut bytes: &[u8]) {
        match kind {
            b"tkhd" => {
                if let Ok(header) = Tkhd::decode_body(&mut bytes) {
                    self.id = header.track_id;
                    self.enabled = header.enabled;
                    self.rotation = turn(header.matrix.a, header.matrix.b);
                    self.header_size = (
                        header.width.integer().into(),
                        header.height.integer().into(),
                    );
                }
            }
            b"mdhd" => {
                if let Ok(header) = Mdhd::decode_body(&mut bytes) {
                    self.timescale = header.timescale;
                    self.duration = header.duration;
                }
            }
            // QuickTime's names here have no end that a C string would have; only the kind is needed.
            b"hdlr" => {
                self.handler = match bytes.get(8..12) {
                    Some(b"vide") => Handler::Video,
                    Some(b"soun") => Handler::Audio,
                    _ => Handler::Other,
                }
            }
            b"stsd" => self.entry = SampleEntry::read(bytes, self.handler),
            b"stts" => {
                if let Ok(table) = Stts::decode_body(&mut bytes) {
                    for run in table.entries {
                        let frames = u64::from(run.sample_count);
                        self.frames = self.frames.saturating_add(frames);
                        self.ticks = self
                            .ticks
                            .saturating_add(frames.saturating_mul(run.sample_delta.into()));
                    }
                }
            }
            b"ctts" => {
                if let Ok(table) = Ctts::decode_body(&mut bytes) {
                    self.first_shown = table.entries.first().map_or(0, |run| run.sample_offset);
                }
            }
            b"elst" => {
                self.edits = match Elst::decode_body(&mut bytes) {
                    Ok(list) => Edits::List(list.entries),
                    Err(_) => Edits::Unreadable,
                }
            }
            _ => {}
        }
    }

    /// The stored size, with pixels made square.
    pub(super) fn size(&self) -> Option<(u32, u32)> {
        let (width, height) = match self.entry.size {
            (0, _) | (_, 0) => self.header_size,
            size => size,
        };
        (width > 0 && height > 0).then_some((width, height))
    }

    pub(super) fn codec(&self) -> Option<String> {
        self.entry.codec.clone()
    }

    pub(super) fn frame_rate(&self) -> Option<f64> {
        let seconds = self.ticks as f64 / f64::from(self.timescale);
        let rate = self.frames as f64 / seconds;
        (rate.is_finite() && rate > 0.0).then_some(rate)
    }

    /// Adds a fragment's frames, and how long they last.
    pub(super) fn add(&mut self, frames: u64, ticks: u64, first_shown: i64) {
        if self.frames == 0 {
            self.first_shown = first_shown;
        }
        self.frames = self.frames.saturating_add(frames);
        self.ticks = self.ticks.saturating_add(ticks);
    }

    /// How long the track plays, edits applied; those of a film in fragments cover its beginning only.
    pub(super) fn seconds(&self, film_timescale: u32, fragments: bool) -> Option<f64> {
        if let Edits::List(edits) = &self.edits
            && film_timescale > 0
            && !fragments
        {
            let ticks: f64 = edits.iter().map(|edit| edit.segment_duration as f64).sum();
            if ticks > 0.0 {
                return Some(ticks / f64::from(film_timescale));
            }
        }
        let ticks = if fragments { self.ticks } else { self.duration };
        let unknown = ticks == 0 || ticks == u64::MAX || ticks == u64::from(u32::MAX);
        (self.timescale > 0 && !unknown).then(|| ticks as f64 / f64::from(self.timescale))
    }

    /// Whether the track's edit list changes what is seen or heard; `None` where it can't be read.
    pub(super) fn edited(&self, film_timescale: u32, fragments: bool) -> Option<bool> {
        let edits = match &self.edits {
            Edits::None => return Some(false),
            Edits::Unreadable => return None,
            Edits::List(edits) => edits,
        };
        let seconds = |ticks: f64| ticks / f64::from(self.timescale.max(1));
        let slack = match self.handler {
            Handler::Audio => 0.1,
            _ => 1.0 / self.frame_rate().unwrap_or(24.0),
        };
        Some(changes(
            edits,
            &Played {
                first: seconds(self.first_shown as f64),
                // How long fragments are doesn't stand in the list.
                length: if fragments {
                    0.0
                } else {
                    seconds(self.duration as f64)
                },
                slack,
                timescale: f64::from(self.timescale.max(1)),
                film_timescale: f64::from(film_timescale.max(1)),
            },
        ))
    }
}

/// The turn of a matrix whose first row is `a`, `b`, clockwise: films are turned by right angles.
const fn turn(a: i32, b: i32) -> u32 {
    let upright = a.unsigned_abs() > b.unsigned_abs();
    match (upright, a < 0, b) {
        (true, true, _) => 180,
        (false, _, 1..=i32::MAX) => 90,
        (false, _, i32::MIN..=-1) => 270,
        _ => 0,
    }
}
