//! From pieces to entries, and into the store.

use anyhow::Result;
use calendar_publish::generation::{GeneratedPiece, GenerationSnapshot};
use calendar_publish::model::{
    Cadence, CalendarEntry, CalendarId, CalendarRun, EntryId, RunId, RunStatus, Timestamp, UserId,
    deterministic_uuid,
};
use calendar_publish::ports::{RefusedEntry, SaveCalendar, Store, StoreError, StoredCalendar};
use calendar_publish::readiness::link_account;
use calendar_publish::schedule::resolve;
use calendar_publish_adapters::sqlite::SqliteStore;

use super::Desk;
use crate::report::Save;

/// Makes entries of the pieces of a run: with ids that are the same on every run of the tour, the
/// person's media and choices, and the instant in the account's zone.
pub(super) fn build_entries(
    calendar: CalendarId,
    snapshot: &GenerationSnapshot,
    desk: &Desk<'_>,
) -> Vec<CalendarEntry> {
    let build = |GeneratedPiece { index, piece, .. }: &GeneratedPiece| {
        let id = piece.id.unwrap_or_else(|| {
            let parts = ["entry", &calendar.to_string(), &index.to_string()];
            EntryId::new(deterministic_uuid(&parts))
        });
        let mut entry = CalendarEntry::new(id, calendar, piece.clone());
        if let Some(added) = desk.additions.iter().find(|added| added.index == *index) {
            entry.media.clone_from(&added.media);
            entry.cover.clone_from(&added.cover);
            entry.tiktok.clone_from(&added.tiktok);
            entry.instagram.clone_from(&added.instagram);
            entry.reviewed = added.reviewed;
        }
        set_instant(&mut entry, desk);
        entry
    };
    snapshot.pieces.iter().map(build).collect()
}

/// Gives an entry the instant of its wall clock, in its account's zone or else in the desk's.
pub(super) fn set_instant(entry: &mut CalendarEntry, desk: &Desk<'_>) {
    let account = link_account(entry, desk.accounts).usable(entry);
    let zone = account.map_or(desk.zone, |account| account.timezone);
    entry.scheduled_at = Some(resolve(entry.piece.date, entry.piece.time, zone).instant);
}

/// The store, as one user works on one calendar.
pub(crate) struct Shelf {
    pub(crate) store: SqliteStore,
    pub(crate) user: UserId,
    pub(crate) calendar: CalendarId,
    pub(crate) now: Timestamp,
    pub(crate) saves: Vec<Save>,
}

/// What is saved as one run.
pub(crate) struct Version {
    pub(super) run: RunId,
    pub(super) status: RunStatus,
    pub(super) cadence: Cadence,
    pub(super) entries: Vec<CalendarEntry>,
    pub(super) refused: Vec<RefusedEntry>,
    /// What was generated, where the entries are its merge with manual edits.
    pub(super) generated: Option<Vec<CalendarEntry>>,
}

impl Version {
    /// A calendar as it was generated.
    pub(super) fn generated(
        run: RunId,
        snapshot: &GenerationSnapshot,
        entries: Vec<CalendarEntry>,
    ) -> Self {
        Self {
            run,
            status: snapshot.status.unwrap_or(RunStatus::Failed),
            cadence: Cadence::Weekly,
            entries,
            refused: Vec::new(),
            generated: None,
        }
    }

    /// A calendar as a person saved it on top of `latest`.
    pub(crate) fn by_hand(latest: &StoredCalendar, entries: Vec<CalendarEntry>) -> Self {
        let latest_run = latest.run.id.to_string();
        Self {
            run: RunId::new(deterministic_uuid(&["by-hand", &latest_run])),
            status: RunStatus::Completed,
            cadence: Cadence::Manual,
            entries,
            refused: latest.refused.clone(),
            generated: None,
        }
    }
}

impl Shelf {
    /// The calendar as it was last saved.
    pub(crate) async fn latest(&self) -> Result<Option<StoredCalendar>> {
        match self.store.calendar(self.user, self.calendar).await {
            Ok(stored) => Ok(Some(stored)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether `run` was saved before: on an earlier run of the tour.
    pub(crate) async fn knows(&self, run: RunId) -> Result<bool> {
        match self.store.runs(self.user, self.calendar).await {
            Ok(runs) => Ok(runs.iter().any(|known| known.id == run)),
            Err(StoreError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Notes that a run was saved before, and nothing is saved now.
    pub(super) fn note_repetition(&mut self, run_id: RunId, revision: i64) {
        self.saves.push(Save {
            run_id,
            revision,
            repeated: true,
        });
    }

    /// Saves a version on top of the latest. Gives what is stored now.
    pub(crate) async fn save(&mut self, version: Version) -> Result<StoredCalendar> {
        let latest = self.latest().await?;
        let revision = latest.as_ref().map_or(0, |stored| stored.revision);
        let run = self.run(&version)?;
        let saved = self
            .store
            .save_calendar(SaveCalendar {
                refused: version.refused,
                generated: version.generated,
                ..SaveCalendar::new(run, revision, version.entries)
            })
            .await?;
        self.saves.push(Save {
            run_id: saved.run_id,
            revision: saved.revision,
            repeated: saved.repeated,
        });
        Ok(self.store.calendar(self.user, self.calendar).await?)
    }

    fn run(&self, version: &Version) -> Result<CalendarRun> {
        let pieces = &version.entries;
        let mut channels: Vec<_> = pieces.iter().map(|entry| entry.piece.channel).collect();
        channels.sort();
        channels.dedup();
        Ok(CalendarRun {
            id: version.run,
            calendar_id: self.calendar,
            user_id: self.user,
            plan_id: None,
            status: version.status,
            started_at: self.now,
            completed_at: self.now,
            piece_count: u32::try_from(pieces.len())?,
            cadence: version.cadence,
            channels,
            start_date: pieces.iter().map(|entry| entry.piece.date).min(),
            end_date: pieces.iter().map(|entry| entry.piece.date).max(),
        })
    }
}
