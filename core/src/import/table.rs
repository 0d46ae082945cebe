//! CSV as rows of cells, each with its place.
//!
//! The cells are split by csv-core, the parser inside the csv crate. It accepts anything and knows no
//! places, so lines are counted here, and a quoted cell that never ends is told apart from one that
//! does by what a line break appended to the input does to it.

use std::io::Read;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use memchr::memchr2_iter;

use super::source::Source;
use crate::error::{Code, Error, Measure};

/// Rows of cells from a stream; one row is held at a time.
#[derive(Debug)]
pub(super) struct Table<R> {
    source: Source<R>,
    parser: Reader,
    lines: LineCount,
    text: Vec<u8>,
    used: usize,
    cells: Vec<Cell>,
    max_cells: usize,
    line: i64,
    count: usize,
}

/// Where a cell ends in the text of its row, and the line it begins on.
#[derive(Clone, Copy, Debug)]
struct Cell {
    end: usize,
    line: i64,
}

/// What [`Table::next_row`] found.
#[derive(Debug)]
pub(super) enum Next {
    /// A row.
    Row,
    /// The input breaks off inside a quoted cell.
    Broken(Error),
    /// There are no more rows.
    End,
}

impl<R: Read> Table<R> {
    /// A table whose rows keep their first `max_cells` cells; further ones are only counted.
    pub(super) fn new(source: Source<R>, delimiter: u8, max_cells: usize) -> Self {
        Self {
            source,
            parser: ReaderBuilder::new().delimiter(delimiter).build(),
            lines: LineCount::default(),
            text: vec![0; 4096],
            used: 0,
            cells: Vec::new(),
            max_cells,
            line: 1,
            count: 0,
        }
    }

    /// From now on rows keep their first `max_cells` cells.
    pub(super) fn keep(&mut self, max_cells: usize) {
        self.max_cells = max_cells;
    }

    /// Moves to the next row that isn't an empty line.
    pub(super) fn next_row(&mut self) -> Result<Next, Error> {
        self.used = 0;
        self.count = 0;
        self.cells.clear();
        if !self.skip_line_breaks()? {
            return Ok(Next::End);
        }
        self.line = self.lines.line();
        loop {
            let line = self.lines.line();
            let begin = self.used;
            let Some(ends_row) = self.read_cell()? else {
                let column = self.count + 1;
                let broken = Error::new(Code::CsvSyntax)
                    .measured(Measure::text("a quoted cell that doesn't end"))
                    .positioned(line, column as i64);
                return Ok(Next::Broken(broken));
            };
            self.count += 1;
            if self.cells.len() < self.max_cells {
                let end = self.used;
                self.cells.push(Cell { end, line });
            } else {
                self.used = begin;
            }
            if ends_row {
                return Ok(Next::Row);
            }
        }
    }

    /// The line the row begins on.
    pub(super) fn line(&self) -> i64 {
        self.line
    }

    /// How many cells the row has, those that weren't kept included.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The cells of the row that were kept, each with the line it begins on.
    ///
    /// # Errors
    /// [`Code::InputNotUtf8`] at the first cell that isn't UTF-8, with the byte that is in the way.
    pub(super) fn cells(&self) -> Result<Vec<(&str, i64)>, Error> {
        let mut begin = 0;
        let mut cells = Vec::with_capacity(self.cells.len());
        for (index, cell) in self.cells.iter().enumerate() {
            let bytes = self.text.get(begin..cell.end).unwrap_or_default();
            let text = std::str::from_utf8(bytes).map_err(|error| {
                let (good, bad) = bytes.split_at(error.valid_up_to());
                let mut lines = LineCount::default();
                lines.pass(good);
                not_utf8(bad).positioned(cell.line + lines.breaks, index as i64 + 1)
            })?;
            cells.push((text, cell.line));
            begin = cell.end;
        }
        Ok(cells)
    }

    /// Reads one cell. `Some(true)` where it ends its row, `None` where the input ends inside it.
    fn read_cell(&mut self) -> Result<Option<bool>, Error> {
        loop {
            let input = self.source.fill()?;
            let ended = input.is_empty();
            // A line break ends any cell but a quoted one, where it would be text.
            let input = if ended { b"\n" } else { input };
            if self.used == self.text.len() {
                self.text.resize(self.text.len() * 2, 0);
            }
            let room = self.text.get_mut(self.used..).unwrap_or_default();
            let (result, read, written) = self.parser.read_field(input, room);
            self.used += written;
            if !ended {
                self.lines.pass(input.get(..read).unwrap_or_default());
                self.source.consume(read);
            }
            match result {
                ReadFieldResult::Field { record_end } => return Ok(Some(record_end)),
                ReadFieldResult::End => return Ok(Some(true)),
                ReadFieldResult::InputEmpty if ended => return Ok(None),
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            }
        }
    }

    /// Whether anything stands behind the line breaks that come next.
    fn skip_line_breaks(&mut self) -> Result<bool, Error> {
        loop {
            let input = self.source.fill()?;
            if input.is_empty() {
                return Ok(false);
            }
            let is_break = |byte: &&u8| matches!(byte, b'\n' | b'\r');
            let breaks = input.iter().take_while(is_break).count();
            let any_more = breaks < input.len();
            self.lines.pass(input.get(..breaks).unwrap_or_default());
            self.source.consume(breaks);
            if any_more {
                return Ok(true);
            }
        }
    }
}

/// The refusal of bytes that begin with something that isn't UTF-8.
pub(super) fn not_utf8(bytes: &[u8]) -> Error {
    let byte = bytes.first().copied().unwrap_or_default();
    Error::new(Code::InputNotUtf8).measured(Measure::text(format!("byte 0x{byte:02X}")))
}

/// Counts lines: CRLF, LF and a lone CR each end one.
#[derive(Clone, Copy, Debug, Default)]
struct LineCount {
    breaks: i64,
    after_cr: bool,
}

impl LineCount {
    fn line(&self) -> i64 {
        self.breaks + 1
    }

    fn pass(&mut self, bytes: &[u8]) {
        let mut behind_cr = self.after_cr.then_some(0);
        for place in memchr2_iter(b'\n', b'\r', bytes) {
            let is_cr = bytes.get(place) == Some(&b'\r');
            if is_cr || behind_cr != Some(place) {
                self.breaks += 1;
            }
            behind_cr = is_cr.then_some(place + 1);
        }
        if let Some(last) = bytes.last() {
            self.after_cr = *last == b'\r';
        }
    }
}
