//! Films in fragments: their index says how tracks are encoded, and each fragment (`moof`) how long it is.

use mp4_atom::{Atom, Mehd, Tfhd, Trex, Trun, TrunSamples};

use super::boxes::{Part, Walk};
use super::index::Index;
use crate::probe::ProbeError;
use crate::probe::reader::{MAX_READ, Reader};

/// The most reads spent on fragments. Who has more of them has a film whose duration stays unknown, unless
/// its index names it.
const MAX_READS: u32 = 64;

/// What the index says of the fragments that follow it.
#[derive(Default)]
pub(super) struct Fragments {
    /// The whole film's duration, in ticks of its clock.
    pub(super) announced: Option<u64>,
    /// Whether every fragment was read.
    pub(super) complete: bool,
    /// How long a frame lasts where a fragment doesn't say, by track.
    frame_lengths: Vec<(u32, u32)>,
}

impl Fragments {
    /// Whether a box inside the index's `mvex` says something of fragments.
    pub(super) fn reads(part: &Part) -> bool {
        matches!(&part.kind, b"mehd" | b"trex") && part.length <= 64
    }

    pub(super) fn read(&mut self, kind: &[u8; 4], mut bytes: &[u8]) {
        if kind == b"mehd" {
            self.announced = Mehd::decode_body(&mut bytes)
                .ok()
                .map(|header| header.fragment_duration)
                .filter(|&duration| duration > 0);
        } else if let Ok(defaults) = Trex::decode_body(&mut bytes) {
            let length = (defaults.track_id, defaults.default_sample_duration);
            self.frame_lengths.push(length);
        }
    }

    fn frame_length(&self, track: u32) -> u32 {
        let mut lengths = self.frame_lengths.iter();
        lengths
            .find(|(id, _)| *id == track)
            .map_or(0, |&(_, length)| length)
    }
}

/// Adds up the fragments from `first` on. Where the bytes in hand or the reads don't suffice, the film is
/// measured without them.
pub(super) async fn read(
    reader: &mut Reader<'_>,
    walk: &mut Walk,
    first: Part,
    index: &mut Index,
) -> Result<(), ProbeError> {
    let last_read = reader.reads().saturating_add(MAX_READS);
    let mut next = Ok(Some(first));
    while let Some(part) = match next {
        Err(ProbeError::NeedsMore { .. }) => return Ok(()),
        other => other?,
    } {
        if &part.kind == b"moof" {
            match fragment(reader, part, index).await {
                Err(ProbeError::NeedsMore { .. }) => return Ok(()),
                other => other?,
            }
        }
        if reader.reads() > last_read {
            return Ok(());
        }
        next = walk.next(reader).await;
    }
    index.fragments.get_or_insert_default().complete = true;
    Ok(())
}

async fn fragment(
    reader: &mut Reader<'_>,
    moof: Part,
    index: &mut Index,
) -> Result<(), ProbeError> {
    let mut tracks = Walk::inside(moof);
    while let Some(track) = tracks.next(reader).await? {
        if &track.kind != b"traf" {
            continue;
        }
        let (mut id, mut length) = (0, 0);
        let mut runs = Walk::inside(track);
        while let Some(part) = runs.next(reader).await? {
            if !matches!(&part.kind, b"tfhd" | b"trun") || part.length > MAX_READ {
                continue;
            }
            let mut bytes = reader.exactly(part.start, part.length).await?;
            if &part.kind == b"tfhd" {
                if let Ok(header) = Tfhd::decode_body(&mut bytes) {
                    id = header.track_id;
                    let fragments = index.fragments.get_or_insert_default();
                    length = header
                        .default_sample_duration
                        .unwrap_or_else(|| fragments.frame_length(id));
                }
            } else if let Ok(run) = Trun::decode_body(&mut bytes)
                && let Some(track) = index.track(id)
            {
                let first_shown = run.samples.get(0).and_then(|sample| sample.cts);
                let (frames, ticks) = match &run.samples {
                    // A run may claim billions of frames without a byte for them.
                    TrunSamples::Inherited { count, .. } => {
                        (u64::from(*count), u64::from(*count) * u64::from(length))
                    }
                    TrunSamples::Explicit(frames) => {
                        let ticks = |duration: Option<u32>| u64::from(duration.unwrap_or(length));
                        let ticks = frames.iter().map(|frame| ticks(frame.duration)).sum();
                        (frames.len() as u64, ticks)
                    }
                };
                track.add(frames, ticks, first_shown.unwrap_or(0));
            }
        }
    }
    Ok(())
}
