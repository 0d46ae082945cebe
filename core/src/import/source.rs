//! Bytes from a reader, up to a bound.

use std::io::{ErrorKind, Read};

use crate::error::{Allowed, Code, Error, Measure, Unit};

const CHUNK_BYTES: usize = 64 * 1024;

/// A reader with a buffer of a fixed size that refuses to read more than it may.
#[derive(Debug)]
pub(super) struct Source<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    read: u64,
    max_bytes: u32,
}

impl<R: Read> Source<R> {
    pub(super) fn new(input: R, max_bytes: u32) -> Self {
        Self {
            input,
            buffer: vec![0; CHUNK_BYTES],
            start: 0,
            end: 0,
            read: 0,
            max_bytes,
        }
    }

    /// What has been read and not consumed; reads on where there is nothing. Empty at the end.
    pub(super) fn fill(&mut self) -> Result<&[u8], Error> {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
            self.read_more()?;
        }
        Ok(self.unread())
    }

    /// Reads on until `enough`, the end, or a full buffer.
    pub(super) fn fill_until(&mut self, enough: impl Fn(&[u8]) -> bool) -> Result<&[u8], Error> {
        while !enough(self.unread()) && self.read_more()? {}
        Ok(self.unread())
    }

    /// Marks the first `count` unread bytes as consumed.
    pub(super) fn consume(&mut self, count: usize) {
        self.start = self.end.min(self.start + count);
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether more could be read into what is left of the buffer.
    fn read_more(&mut self) -> Result<bool, Error> {
        let Some(room @ [_, ..]) = self.buffer.get_mut(self.end..) else {
            return Ok(false);
        };
        let count = loop {
            match self.input.read(room) {
                Ok(count) => break count.min(room.len()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    let why = Measure::text(error.to_string());
                    return Err(Error::new(Code::InputInvalid).measured(why));
                }
            }
        };
        self.end += count;
        self.read += count as u64;
        if self.read > u64::from(self.max_bytes) {
            return Err(Error::new(Code::InputTooLarge)
                .measured(Measure::number(self.read as f64, Unit::Bytes))
                .allowed(Allowed::at_most(self.max_bytes, Unit::Bytes)));
        }
        Ok(count > 0)
    }
}
