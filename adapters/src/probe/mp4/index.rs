//! The index of a film: its tracks.

use mp4_atom::{Atom, Mvhd};

use super::boxes::{Part, Walk};
use super::fragments::Fragments;
use super::track::{Handler, Track};
use crate::probe::ProbeError;
use crate::probe::reader::Reader;

/// The most tracks that are looked at; phones write up to six.
const MAX_TRACKS: usize = 32;

#[derive(Default)]
pub(super) struct Index {
    /// Ticks a second of the film's own clock.
    timescale: u32,
    /// In ticks of that clock.
    duration: u64,
    tracks: Vec<Track>,
    /// Where the film is in fragments.
    pub(super) fragments: Option<Fragments>,
}

impl Index {
    pub(super) async fn read(reader: &mut Reader<'_>, moov: Part) -> Result<Self, ProbeError> {
        let mut index = Self::default();
        let mut open = vec![Walk::inside(moov)];
        while let Some(walk) = open.last_mut() {
            let Some(part) = walk.next(reader).await? else {
                open.pop();
                continue;
            };
            match (&part.kind, open.len()) {
                (b"trak", 1) if index.tracks.len() >= MAX_TRACKS => {}
                (b"trak", 1) => {
                    index.tracks.push(Track::default());
                    open.push(Walk::inside(part));
                }
                (b"mvex", 1) => {
                    index.fragments = Some(Fragments::default());
                    open.push(Walk::inside(part));
                }
                (b"mehd" | b"trex", 2) if Fragments::reads(&part) => {
                    let bytes = reader.exactly(part.start, part.length).await?;
                    if let Some(fragments) = &mut index.fragments {
                        fragments.read(&part.kind, bytes);
                    }
                }
                (b"edts" | b"mdia", 2) | (b"minf", 3) | (b"stbl", 4) => {
                    open.push(Walk::inside(part));
                }
                (b"mvhd", 1) if part.length <= 256 => {
                    let bytes = reader.exactly(part.start, part.length).await?;
                    if let Ok(header) = Mvhd::decode_body(&mut &*bytes) {
                        index.timescale = header.timescale;
                        index.duration = header.duration;
                    }
                }
                (kind, level) => {
                    if let Some(track) = index.tracks.last_mut()
                        && Track::level(kind) == Some(level)
                        && part.length <= Track::most(kind)
                    {
                        let bytes = reader.exactly(part.start, part.length).await?;
                        track.read(&part.kind, bytes);
                    }
                }
            }
        }
        Ok(index)
    }

    pub(super) fn track(&mut self, id: u32) -> Option<&mut Track> {
        self.tracks.iter_mut().find(|track| track.id == id)
    }

    /// The track that is seen: the first one that isn't switched off, or else the first.
    pub(super) fn video(&self) -> Option<&Track> {
        self.first(Handler::Video)
    }

    pub(super) fn audio(&self) -> Option<&Track> {
        self.first(Handler::Audio)
    }

    fn first(&self, handler: Handler) -> Option<&Track> {
        let mut tracks = self.tracks.iter().filter(|track| track.handler == handler);
        let first = tracks.clone().next();
        tracks.find(|track| track.enabled).or(first)
    }

    fn played(&self) -> impl Iterator<Item = &Track> {
        self.video().into_iter().chain(self.audio())
    }

    /// The longest of the tracks that are played; the film's own account where they don't say.
    pub(super) fn duration_ms(&self) -> Option<i64> {
        let film = |ticks: u64| {
            let known = self.timescale > 0 && ticks < u64::from(u32::MAX);
            known.then(|| ticks as f64 / f64::from(self.timescale))
        };
        let tracks = || {
            self.played()
                .filter_map(|track| track.seconds(self.timescale, self.fragments.is_some()))
                .reduce(f64::max)
        };
        let seconds = match &self.fragments {
            None => tracks().or_else(|| film(self.duration)),
            Some(fragments) if fragments.complete => tracks(),
            Some(fragments) => fragments.announced.and_then(film),
        };
        let ms = (seconds? * 1_000.0).round();
        (ms > 0.0 && ms < 1e15).then_some(ms as i64)
    }

    /// Whether an edit list changes what is seen or heard; `None` where one can't be read.
    pub(super) fn edited(&self) -> Option<bool> {
        let mut unknown = false;
        for track in self.played() {
            match track.edited(self.timescale, self.fragments.is_some()) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => unknown = true,
            }
        }
        (!unknown).then_some(false)
    }
}
