//! Text from bytes that come in chunks, with its place.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::rc::Rc;

use super::source::Source;
use super::table::not_utf8;
use crate::error::{Error, Position};

/// A reader that passes on UTF-8 alone and tells how far it was read.
#[derive(Debug)]
pub(super) struct TextReader<R> {
    source: Source<R>,
    /// Checked bytes of the source that weren't passed on yet.
    checked: usize,
    /// The first bytes of a character that the next chunk goes on with.
    partial: Vec<u8>,
    track: Track,
}

/// Where a [`TextReader`] stands, and why it stopped.
#[derive(Clone, Debug, Default)]
pub(super) struct Track(Rc<State>);

#[derive(Debug, Default)]
struct State {
    breaks: Cell<i64>,
    column: Cell<i64>,
    failure: RefCell<Option<Error>>,
}

impl Track {
    /// The place of the last byte that was passed on; the column counts bytes.
    pub(super) fn position(&self) -> Position {
        Position {
            line: self.0.breaks.get() + 1,
            column: self.0.column.get(),
        }
    }

    /// Keeps an error that the reader on top has no form for.
    pub(super) fn fail(&self, error: Error) {
        self.0.failure.replace(Some(error));
    }

    /// The error that was kept.
    pub(super) fn failure(&self) -> Option<Error> {
        self.0.failure.take()
    }

    fn pass(&self, bytes: &[u8]) {
        let (breaks, column) = (&self.0.breaks, &self.0.column);
        for byte in bytes {
            if *byte == b'\n' {
                breaks.set(breaks.get() + 1);
                column.set(0);
            } else {
                column.set(column.get() + 1);
            }
        }
    }
}

impl<R: Read> TextReader<R> {
    pub(super) fn new(source: Source<R>, track: Track) -> Self {
        Self {
            source,
            checked: 0,
            partial: Vec::new(),
            track,
        }
    }

    /// How many checked bytes can be passed on; reads and checks more where there are none. Zero at
    /// the end.
    fn ready(&mut self) -> Result<usize, Error> {
        if self.checked == 0 {
            let chunk = self.source.fill()?;
            self.checked = chunk.len();
            if let Err(at) = continues(&mut self.partial, chunk) {
                let good = chunk.get(..at).unwrap_or_default();
                let error = match chunk.get(at..) {
                    Some(bad @ [_, ..]) => not_utf8(bad),
                    _ => not_utf8(&self.partial),
                };
                self.track.pass(good);
                let Position { line, column } = self.track.position();
                return Err(error.positioned(line, column + 1));
            }
        }
        Ok(self.checked)
    }
}

/// Checks that `chunk` goes on after `partial`, and keeps what the next chunk must go on with. An
/// empty chunk is the end. `Err` is the place in the chunk that isn't UTF-8.
fn continues(partial: &mut Vec<u8>, chunk: &[u8]) -> Result<(), usize> {
    if chunk.is_empty() {
        return if partial.is_empty() { Ok(()) } else { Err(0) };
    }
    let mut from = 0;
    while !partial.is_empty() {
        let Some(byte) = chunk.get(from) else {
            return Ok(());
        };
        partial.push(*byte);
        match std::str::from_utf8(partial) {
            Ok(_) => partial.clear(),
            Err(error) if error.error_len().is_none() => {}
            Err(_) => return Err(from),
        }
        from += 1;
    }
    let rest = chunk.get(from..).unwrap_or_default();
    if let Err(error) = std::str::from_utf8(rest) {
        let (_, bad) = rest.split_at(error.valid_up_to());
        if error.error_len().is_some() {
            return Err(from + error.valid_up_to());
        }
        partial.extend_from_slice(bad);
    }
    Ok(())
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let passed = self.ready().and_then(|ready| {
            let bytes = self.source.fill()?;
            let count = ready.min(buffer.len()).min(bytes.len());
            let bytes = bytes.get(..count).unwrap_or_default();
            if let Some(room) = buffer.get_mut(..count) {
                room.copy_from_slice(bytes);
            }
            self.track.pass(bytes);
            Ok(count)
        });
        match passed {
            Ok(count) => {
                self.source.consume(count);
                self.checked -= count;
                Ok(count)
            }
            Err(error) => {
                self.track.fail(error);
                Err(io::Error::other("the input was refused"))
            }
        }
    }
}
