//! Bytes, cut anywhere → server-sent events.

use std::borrow::Cow;

use memchr::memchr;

use crate::error::{Allowed, Code, Error, Measure, Unit};

mod line;
#[cfg(test)]
mod tests;

use line::{Field, comment_text, field, line_end, lossy, milliseconds};

/// One thing a stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SseEvent<'a> {
    /// An event with data.
    Message(SseMessage<'a>),
    /// A comment, without its colon: a keep-alive.
    Comment(Cow<'a, str>),
}

/// An event with data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseMessage<'a> {
    /// The event's name; `message` where the stream gives none.
    pub event: Cow<'a, str>,
    /// The data; several lines are joined with LF.
    pub data: Cow<'a, str>,
    /// The last id the stream has given so far; empty where it gave none.
    pub last_event_id: &'a str,
}

/// Reads a `text/event-stream` by the rules of the WHATWG HTML Living Standard, section 9.2.6
/// "Interpreting an event stream" (read 2026-09-11).
///
/// Bytes may be cut anywhere: inside a UTF-8 sequence, between CR and LF, inside the byte order
/// mark. What isn't UTF-8 becomes U+FFFD, as that standard demands, so that no byte sequence is
/// refused; the only refusal is an event that is larger than the bound. Comments are handed out as
/// well, since keep-alives are comments.
///
/// Events are borrowed from the bytes they came in wherever they can be; only the unfinished rest of
/// a chunk is copied. What is held is bounded by the largest event.
///
/// ```
/// use calendar_publish::generation::{SseDecoder, SseEvent};
///
/// let mut decoder = SseDecoder::new();
/// let mut seen = Vec::new();
/// for mut chunk in [b"event: data\ndata: ho".as_slice(), b"la\r", b"\n\n: keep-alive\n"] {
///     while let Some(event) = decoder.next(&mut chunk)? {
///         seen.push(match event {
///             SseEvent::Message(message) => format!("{}={}", message.event, message.data),
///             SseEvent::Comment(text) => format!(":{text}"),
///         });
///     }
/// }
/// assert_eq!(seen, ["data=hola", ": keep-alive"]);
/// # Ok::<(), calendar_publish::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SseDecoder {
    max_event_bytes: usize,
    /// The start of a line whose end hasn't arrived.
    line: Vec<u8>,
    /// The data of the event at hand, from `data_start`, as far as it had to be copied.
    data: Vec<u8>,
    data_start: usize,
    has_data: bool,
    name: Vec<u8>,
    id: String,
    id_changed: bool,
    last_event_id: String,
    retry_millis: Option<u64>,
    /// Bytes of the event's finished lines.
    held: usize,
    finished_lines: i64,
    after_cr: bool,
    /// An event was handed out of the buffers; they are cleared when the next one is asked for.
    handed_out: bool,
    failure: Option<Error>,
}

/// What a line turned out to complete.
enum Step<'a> {
    Starved,
    Message,
    Comment(&'a [u8]),
    BufferedComment,
}

/// The fields of the event at hand that can be borrowed from the chunk.
#[derive(Default)]
struct Borrowed<'a> {
    data: Option<&'a [u8]>,
    name: Option<&'a [u8]>,
}

impl Default for SseDecoder {
    fn default() -> Self {
        Self::new()
    }
}

impl SseDecoder {
    /// The bound on one event, in bytes, unless another is asked for: 1 MiB.
    pub const DEFAULT_MAX_EVENT_BYTES: usize = 1024 * 1024;

    /// A decoder at the start of a stream.
    pub const fn new() -> Self {
        Self::with_max_event_bytes(Self::DEFAULT_MAX_EVENT_BYTES)
    }

    /// A decoder that refuses an event of more than `max_event_bytes`: all its lines with their field
    /// names, a line end counted as one byte. A comment is measured by itself.
    pub const fn with_max_event_bytes(max_event_bytes: usize) -> Self {
        Self {
            max_event_bytes,
            line: Vec::new(),
            data: Vec::new(),
            data_start: 0,
            has_data: false,
            name: Vec::new(),
            id: String::new(),
            id_changed: false,
            last_event_id: String::new(),
            retry_millis: None,
            held: 0,
            finished_lines: 0,
            after_cr: false,
            handed_out: false,
            failure: None,
        }
    }

    /// Takes bytes from the front of `input` until an event is complete. `None` means that `input`
    /// is used up: go on with the next bytes of the stream.
    ///
    /// # Errors
    /// [`Code::StreamEventTooLarge`] at the first byte beyond the bound (line and column in the
    /// stream, both from 1, the column in bytes). It ends the stream: every later call repeats it.
    pub fn next<'a, 'i: 'a>(
        &'a mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<SseEvent<'a>>, Error> {
        if self.handed_out {
            self.clear_event();
        }
        let mut borrowed = Borrowed::default();
        match self.step(input, &mut borrowed)? {
            Step::Starved => {
                self.keep(&borrowed);
                Ok(None)
            }
            Step::Comment(text) => {
                self.keep(&borrowed);
                Ok(Some(SseEvent::Comment(lossy(text))))
            }
            Step::BufferedComment => {
                self.handed_out = true;
                Ok(Some(SseEvent::Comment(lossy(comment_text(&self.line)))))
            }
            Step::Message => {
                self.handed_out = true;
                let event = match borrowed.name.unwrap_or(&self.name) {
                    b"" => Cow::Borrowed("message"),
                    name => lossy(name),
                };
                let data = borrowed.data.unwrap_or_else(|| self.buffered_data());
                Ok(Some(SseEvent::Message(SseMessage {
                    event,
                    data: lossy(data),
                    last_event_id: &self.last_event_id,
                })))
            }
        }
    }

    /// Says that the stream has ended: an event that isn't complete is discarded, as the standard
    /// has it. Answers whether there was one. The decoder is then ready for a new connection and
    /// keeps the last event id and the reconnection time.
    pub fn finish(&mut self) -> bool {
        if self.handed_out {
            self.clear_event();
        }
        let discarded = self.held > 0 || !self.line.is_empty();
        let fresh = Self::with_max_event_bytes(self.max_event_bytes);
        let ended = std::mem::replace(self, fresh);
        self.id.clone_from(&ended.last_event_id);
        self.last_event_id = ended.last_event_id;
        self.retry_millis = ended.retry_millis;
        discarded
    }

    /// The last id of a complete event; a client sends it when it connects again.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// How long a client waits before it connects again, in milliseconds, where the stream said so.
    pub const fn retry_millis(&self) -> Option<u64> {
        self.retry_millis
    }

    fn step<'a>(
        &mut self,
        input: &mut &'a [u8],
        borrowed: &mut Borrowed<'a>,
    ) -> Result<Step<'a>, Error> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        if self.after_cr
            && let Some(first) = input.first()
        {
            self.after_cr = false;
            if *first == b'\n' {
                *input = input.get(1..).unwrap_or_default();
            }
        }
        while !input.is_empty() {
            let Some(end) = line_end(input) else {
                self.measure(input)?;
                self.line.extend_from_slice(input);
                *input = &[];
                break;
            };
            let line = input.get(..end).unwrap_or_default();
            if !line.is_empty() {
                self.measure(line)?;
            }
            self.pass_line_end(input, end);
            if !self.line.is_empty() {
                self.line.extend_from_slice(line);
                if self.finish_buffered_line() {
                    return Ok(Step::BufferedComment);
                }
            } else if line.is_empty() {
                if self.finish_event(borrowed) {
                    return Ok(Step::Message);
                }
            } else if let Some(text) = self.finish_line(line, borrowed) {
                return Ok(Step::Comment(text));
            }
        }
        Ok(Step::Starved)
    }

    /// Takes a line and its end from `input`. A CR at the very end may be half of a CRLF.
    #[inline]
    fn pass_line_end(&mut self, input: &mut &[u8], end: usize) {
        self.finished_lines += 1;
        let (ending, rest) = match input.get(end..) {
            Some([ending, rest @ ..]) => (*ending, rest),
            _ => (b'\n', [].as_slice()),
        };
        *input = rest;
        if ending == b'\r' {
            match rest {
                [] => self.after_cr = true,
                [b'\n', rest @ ..] => *input = rest,
                _ => {}
            }
        }
    }

    /// Checks that the line at hand, continued with `more`, keeps the event inside its bound.
    #[inline]
    fn measure(&mut self, more: &[u8]) -> Result<(), Error> {
        let length = self.line.len() + more.len();
        if self.held.saturating_add(length) <= self.max_event_bytes {
            return Ok(());
        }
        let is_comment = self.line.first().or(more.first()) == Some(&b':');
        let held = if is_comment { 0 } else { self.held };
        if held.saturating_add(length) <= self.max_event_bytes {
            return Ok(());
        }
        Err(self.fail(held))
    }

    /// Ends the stream at the line whose event already held so many bytes, and frees what is held.
    #[cold]
    fn fail(&mut self, held: usize) -> Error {
        let column = self.max_event_bytes.saturating_sub(held).saturating_add(1);
        let measured = self.max_event_bytes.saturating_add(1);
        let failure = Error::new(Code::StreamEventTooLarge)
            .measured(Measure::count(measured, Unit::Bytes))
            .allowed(Allowed::at_most(self.max_event_bytes as f64, Unit::Bytes))
            .positioned(
                self.finished_lines + 1,
                i64::try_from(column).unwrap_or(i64::MAX),
            );
        self.line = Vec::new();
        self.data = Vec::new();
        self.data_start = 0;
        self.failure = Some(failure.clone());
        failure
    }

    /// Reads a line of the chunk; a comment's text is returned.
    #[inline]
    fn finish_line<'a>(&mut self, line: &'a [u8], borrowed: &mut Borrowed<'a>) -> Option<&'a [u8]> {
        let start = self.bom_length(line);
        let line = line.get(start..).unwrap_or_default();
        let (field, at) = field(line);
        if field == Field::Comment {
            return Some(comment_text(line));
        }
        if !line.is_empty() {
            self.held += start + line.len() + 1;
        }
        let value = line.get(at..).unwrap_or_default();
        match field {
            Field::Data if borrowed.data.is_none() && !self.has_data => borrowed.data = Some(value),
            Field::Data => {
                if let Some(first) = borrowed.data.take() {
                    self.push_data(first);
                }
                self.push_data(value);
            }
            Field::Event => borrowed.name = Some(value),
            _ => self.set_field(field, value),
        }
        None
    }

    /// Reads the line in the buffer and clears it; a comment stays there, and `true` is returned.
    /// It began in an earlier chunk, so nothing of this one is borrowed yet.
    fn finish_buffered_line(&mut self) -> bool {
        let mut line = std::mem::take(&mut self.line);
        let start = self.bom_length(&line);
        let text = line.get(start..).unwrap_or_default();
        let (field, at) = field(text);
        let value = text.get(at..).unwrap_or_default();
        if field == Field::Comment {
            self.line = line;
            return true;
        }
        if !text.is_empty() {
            self.held += line.len() + 1;
        }
        match field {
            Field::Data => {
                if self.has_data {
                    self.push_data(value);
                } else {
                    // The line itself becomes the data: nothing is copied.
                    std::mem::swap(&mut self.data, &mut line);
                    self.data_start = start + at;
                    self.has_data = true;
                }
            }
            Field::Event => {
                self.name.clear();
                self.name.extend_from_slice(value);
            }
            _ => self.set_field(field, value),
        }
        line.clear();
        self.line = line;
        false
    }

    fn set_field(&mut self, field: Field, value: &[u8]) {
        match field {
            Field::Id if memchr(0, value).is_none() => {
                self.id.clear();
                self.id.push_str(&lossy(value));
                self.id_changed = true;
            }
            Field::Retry => self.retry_millis = milliseconds(value).or(self.retry_millis),
            _ => {}
        }
    }

    /// The blank line: answers whether there is an event to hand out.
    #[inline]
    fn finish_event(&mut self, borrowed: &mut Borrowed<'_>) -> bool {
        self.held = 0;
        if self.id_changed {
            self.id_changed = false;
            self.last_event_id.clone_from(&self.id);
        }
        if self.has_data || borrowed.data.is_some() {
            return true;
        }
        borrowed.name = None;
        self.name.clear();
        false
    }

    /// Copies what was borrowed from a chunk that is now used up.
    fn keep(&mut self, borrowed: &Borrowed<'_>) {
        if let Some(name) = borrowed.name {
            self.name.clear();
            self.name.extend_from_slice(name);
        }
        if let Some(data) = borrowed.data {
            self.push_data(data);
        }
    }

    fn push_data(&mut self, line: &[u8]) {
        if self.has_data {
            self.data.push(b'\n');
        }
        self.has_data = true;
        self.data.extend_from_slice(line);
    }

    fn buffered_data(&self) -> &[u8] {
        self.data.get(self.data_start..).unwrap_or_default()
    }

    /// Forgets the event that was handed out. A comment may have come in the middle of an event,
    /// which then isn't over: its fields stay.
    fn clear_event(&mut self) {
        self.handed_out = false;
        self.line.clear();
        if self.held == 0 {
            self.data.clear();
            self.data_start = 0;
            self.has_data = false;
            self.name.clear();
        }
    }

    /// The length of a byte order mark before `line`: only the stream's first line can have one.
    #[inline]
    fn bom_length(&self, line: &[u8]) -> usize {
        const BOM: &[u8] = b"\xEF\xBB\xBF";
        if self.finished_lines == 1 && line.starts_with(BOM) {
            BOM.len()
        } else {
            0
        }
    }
}
