//! The exports, always of what was saved last.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result};
use calendar_publish::export::{
    ColumnSet, CsvOptions, ExportRow, IcalOptions, JsonHead, export_csv, export_ical, export_json,
};
use calendar_publish::model::{ChannelAccount, RunRef, Timestamp};
use calendar_publish::ports::StoredCalendar;
use calendar_publish::readiness::{CalendarReadiness, link_account};

use crate::report::ExportedFile;
use crate::view::Screen;

/// Writes the calendar as the host's CSV, as a CSV that carries everything, as JSON and as iCalendar.
pub(crate) fn export(
    screen: &Screen,
    stored: &StoredCalendar,
    accounts: &[ChannelAccount],
    judged: &CalendarReadiness<'_>,
    folder: &Path,
    now: Timestamp,
) -> Result<Vec<ExportedFile>> {
    fs::create_dir_all(folder).with_context(|| format!("`{}` can't be made", folder.display()))?;
    let reasons: Vec<Option<String>> = (stored.entries.iter())
        .map(|entry| {
            let finding = judged.of(entry.id)?.findings.first()?;
            Some(screen.finding(finding, entry).0)
        })
        .collect();
    let rows: Vec<ExportRow<'_>> = (stored.entries.iter().zip(&reasons))
        .map(|(entry, reason)| ExportRow {
            entry,
            readiness: judged.of(entry.id),
            timezone: link_account(entry, accounts)
                .usable(entry)
                .map(|account| account.timezone),
            reason: reason.as_deref(),
        })
        .collect();
    let rows = || rows.iter().copied();
    let extended = CsvOptions {
        columns: ColumnSet::Extended,
        ..CsvOptions::default()
    };
    let head = JsonHead {
        calendar_id: stored.calendar_id,
        run_id: Some(RunRef::Stored(stored.run.id)),
        exported_at: Some(now),
    };
    Ok(vec![
        file(folder, "calendar.csv", |out| {
            export_csv(rows(), &CsvOptions::default(), out)
        })?,
        file(folder, "calendar-extended.csv", |out| {
            export_csv(rows(), &extended, out)
        })?,
        file(folder, "calendar.json", |out| {
            export_json(rows(), &head, out)
        })?,
        file(folder, "calendar.ics", |out| {
            export_ical(rows(), &IcalOptions { stamp: now }, out)
        })?,
    ])
}

fn file(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&File) -> Result<(), calendar_publish::Error>,
) -> Result<ExportedFile> {
    let path = folder.join(name);
    let file =
        File::create(&path).with_context(|| format!("`{}` can't be written", path.display()))?;
    write(&file)?;
    Ok(ExportedFile {
        path: path.display().to_string(),
        bytes: file.metadata()?.len(),
    })
}
