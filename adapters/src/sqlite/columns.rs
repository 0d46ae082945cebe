//! The columns of a job's row.

use std::str::FromStr;

use calendar_publish::model::{JobStatus, Timestamp};
use calendar_publish::ports::{StepKind, StoreError};
use rusqlite::Row;
use rusqlite::types::FromSql;

/// Reads the columns of a row one after another, and names the one that can't be read.
pub(super) struct Columns<'r, 's> {
    pub(super) row: &'r Row<'s>,
    pub(super) next: usize,
}

impl Columns<'_, '_> {
    fn place(&self, column: usize) -> String {
        let name = self.row.as_ref().column_name(column).unwrap_or("?");
        format!("publish_jobs.{name}")
    }

    pub(super) fn value<T: FromSql>(&mut self) -> Result<T, StoreError> {
        let column = self.next;
        self.next += 1;
        self.row
            .get(column)
            .map_err(|error| StoreError::corrupt(self.place(column), error))
    }

    pub(super) fn optional_text<T: FromStr>(&mut self) -> Result<Option<T>, StoreError> {
        let column = self.next;
        self.value::<Option<String>>()?
            .map(|text| {
                text.parse()
                    .map_err(|_| StoreError::corrupt(self.place(column), format!("is `{text}`")))
            })
            .transpose()
    }

    pub(super) fn text<T: FromStr>(&mut self) -> Result<T, StoreError> {
        let column = self.next;
        self.optional_text()?
            .ok_or_else(|| StoreError::corrupt(self.place(column), "is null"))
    }

    pub(super) fn instant(&mut self) -> Result<Timestamp, StoreError> {
        self.value().map(Timestamp::from_millis)
    }

    pub(super) fn optional_instant(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.value::<Option<i64>>()?.map(Timestamp::from_millis))
    }

    pub(super) fn status(&mut self) -> Result<JobStatus, StoreError> {
        let text: String = self.value()?;
        JobStatus::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| StoreError::corrupt("publish_jobs.status", format!("`{text}`")))
    }
}

pub(super) fn step_kind(text: &str) -> Result<StepKind, StoreError> {
    serde_json::from_value(serde_json::Value::from(text))
        .map_err(|error| StoreError::corrupt("publish_jobs.progress_kind", error))
}
