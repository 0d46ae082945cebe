//! CSV, as this library, the host and spreadsheets write it.

use std::io::Read;

use super::row::Row;
use super::source::Source;
use super::table::{Next, Table};
use super::{CsvHeader, CsvImportOptions, Imported, ImportedPiece, Refusal};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::export::{Column, Delimiter};

/// The most columns a header may have; spreadsheets fill rows with hundreds of empty ones.
const MAX_COLUMNS: usize = 1_024;

/// The columns without which a row can't be a piece.
const REQUIRED: [Column; 2] = [Column::Channel, Column::Date];

/// The columns that every piece has; without them it gets a default.
const DEFAULTED: [Column; 5] = [
    Column::Title,
    Column::Format,
    Column::Copy,
    Column::Time,
    Column::Hashtags,
];

/// Reads CSV from a stream and hands over every row, taken or refused, in the file's order.
///
/// Both column sets are read, in any order and any capitals, with either delimiter, with or without a
/// byte order mark. `channel` and `date` must be there; other columns of the host that are missing get
/// the host's defaults, and columns that aren't known are reported. `status`, `readiness` and
/// `reason` are judgements, not content: they aren't read.
///
/// What [`export_csv`](crate::export::export_csv) did to a cell is undone exactly: the guard against
/// formulas, the joined hashtags, the texts that are there and empty. Rows without any text are
/// passed over. Lines are counted as an editor does, cells that hold line breaks included.
///
/// # Errors
/// [`Code::InputTooLarge`] over the bound, [`Code::CsvHeaderInvalid`] where the first row doesn't
/// name the columns, [`Code::InputNotUtf8`] with line, column and byte at the first cell that isn't
/// UTF-8 (a file saved by Excel as "CSV" instead of "CSV UTF-8", mostly): the whole file is in
/// another encoding then, and text of any row could be misread. What is wrong with one row is
/// handed over with the row: [`Code::CsvSyntax`] where it has another number of cells than the
/// header or breaks off inside a quoted one, and the codes of the cells.
pub fn import_csv(
    input: impl Read,
    options: &CsvImportOptions,
    mut each: impl FnMut(Imported<ImportedPiece>),
) -> Result<CsvHeader, Error> {
    let mut source = Source::new(input, options.max_bytes);
    if source
        .fill_until(|bytes| bytes.len() >= 3)?
        .starts_with(b"\xEF\xBB\xBF")
    {
        source.consume(3);
    }
    let delimiter = match options.delimiter {
        Some(delimiter) => delimiter,
        None => detect_delimiter(source.fill_until(holds_a_line)?),
    };
    let mut table = Table::new(source, delimiter.byte(), MAX_COLUMNS);
    let (columns, header) = read_header(&mut table, delimiter)?;
    table.keep(columns.len());
    loop {
        match table.next_row()? {
            Next::End => return Ok(header),
            Next::Broken(error) => {
                let line = table.line();
                each(refused(line, vec![error]));
                return Ok(header);
            }
            Next::Row => {
                if let Some(row) = read_row(&table, &columns)? {
                    each(row);
                }
            }
        }
    }
}

fn refused(line: i64, errors: Vec<Error>) -> Imported<ImportedPiece> {
    Imported::Refused(Refusal { line, errors })
}

/// The row as a piece; `None` where all its cells are empty.
fn read_row<R: Read>(
    table: &Table<R>,
    columns: &[Option<Column>],
) -> Result<Option<Imported<ImportedPiece>>, Error> {
    let line = table.line();
    let cells = table.cells()?;
    if table.count() <= columns.len() && cells.iter().all(|(text, _)| text.is_empty()) {
        return Ok(None);
    }
    if table.count() != columns.len() {
        let error = Error::new(Code::CsvSyntax)
            .measured(Measure::count(table.count(), Unit::Cells))
            .allowed(Allowed::between(
                columns.len() as f64,
                columns.len() as f64,
                Unit::Cells,
            ))
            .positioned(line, table.count().min(columns.len() + 1) as i64);
        return Ok(Some(refused(line, vec![error])));
    }
    let mut row = Row::new();
    for (place, (column, (text, line))) in columns.iter().zip(&cells).enumerate() {
        if let Some(column) = column {
            row.set(*column, text, *line, place);
        }
    }
    Ok(Some(match row.read(line) {
        Ok(piece) => Imported::Taken(piece),
        Err(errors) => refused(line, errors),
    }))
}

/// The column of each cell, `None` for those that aren't known.
fn read_header<R: Read>(
    table: &mut Table<R>,
    delimiter: Delimiter,
) -> Result<(Vec<Option<Column>>, CsvHeader), Error> {
    match table.next_row()? {
        Next::Row => {}
        Next::Broken(error) => return Err(error),
        Next::End => return Err(missing_header(1)),
    }
    let line = table.line();
    if table.count() > MAX_COLUMNS {
        return Err(Error::new(Code::CsvHeaderInvalid)
            .measured(Measure::count(table.count(), Unit::Cells))
            .allowed(Allowed::at_most(MAX_COLUMNS as f64, Unit::Cells))
            .positioned(line, MAX_COLUMNS as i64 + 1));
    }
    let mut columns: Vec<Option<Column>> = Vec::new();
    let mut unknown_columns = Vec::new();
    for (place, (name, line)) in table.cells()?.into_iter().enumerate() {
        let column = Column::from_name(name.trim());
        let position = place as i64 + 1;
        if column.is_some() && columns.contains(&column) {
            return Err(Error::new(Code::CsvHeaderInvalid)
                .at(name.trim())
                .measured(Measure::text("a column that stands twice"))
                .positioned(line, position));
        }
        if column.is_none() {
            let unknown = Error::new(Code::FieldUnknown)
                .measured(Measure::text(name))
                .positioned(line, position);
            unknown_columns.push(unknown);
        }
        columns.push(column);
    }
    if REQUIRED
        .iter()
        .any(|required| !columns.contains(&Some(*required)))
    {
        return Err(missing_header(line));
    }
    let missing_columns = DEFAULTED
        .iter()
        .filter(|column| !columns.contains(&Some(**column)))
        .map(|column| {
            Error::new(Code::FieldDefaulted)
                .at(column.as_str())
                .positioned(line, 1)
        })
        .collect();
    let header = CsvHeader {
        delimiter,
        unknown_columns,
        missing_columns,
    };
    Ok((columns, header))
}

/// The row on `line` doesn't name the columns that are needed.
fn missing_header(line: i64) -> Error {
    Error::new(Code::CsvHeaderInvalid)
        .allowed(Allowed::pattern(REQUIRED.map(Column::as_str).join(" … ")))
        .positioned(line, 1)
}

/// Whether `bytes` hold a whole line with something on it.
fn holds_a_line(bytes: &[u8]) -> bool {
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let text = bytes.iter().position(|byte| !is_break(byte));
    text.and_then(|text| bytes.get(text..))
        .is_some_and(|line| line.iter().any(is_break))
}

/// The delimiter that makes more of the first line's cells the name of a column.
fn detect_delimiter(bytes: &[u8]) -> Delimiter {
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let mut lines = bytes.split(is_break);
    let header = lines.find(|line| !line.is_empty()).unwrap_or_default();
    let known = |delimiter: Delimiter| {
        header
            .split(|byte| *byte == delimiter.byte())
            .filter_map(|cell| std::str::from_utf8(cell).ok())
            .filter(|cell| Column::from_name(cell.trim().trim_matches('"').trim()).is_some())
            .count()
    };
    if known(Delimiter::Semicolon) > known(Delimiter::Comma) {
        Delimiter::Semicolon
    } else {
        Delimiter::Comma
    }
}
