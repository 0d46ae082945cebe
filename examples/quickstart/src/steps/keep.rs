//! From pieces to entries, and into the store.

use anyhow::Result;
use calendar_publish::generation::GeneratedPiece;
use calendar_publish::model::{
    Cadence, CalendarEntry, CalendarId, CalendarRun, ChannelAccount, EntryId, RunId, RunStatus,
    Timestamp, UserId, Zone, deterministic_uuid,
};
use calendar_publish::ports::{RefusedEntry, SaveCalendar, Store, StoreError, StoredCalendar};
use calendar_publish::readiness::link_account;
use calendar_publish::schedule::resolve;
use calendar_publish_adapters::sqlite::SqliteStore;

use crate::input::Additions;
use crate::report::Save;

/// Makes entries of the pieces of a run: with ids that are the same on every run of the tour, the
/// person's media and choices, and the instant in the account's zone.
pub(crate) fn build_entries(
    calendar: CalendarId,
    pieces: &[GeneratedPiece],
    additions: &[Additions],
    accounts: &[ChannelAccount],
    zone: Zone,
) -> Vec<CalendarEntry> {
    pieces
        .iter()
        .map(|GeneratedPiece { index, piece, .. }| {
            let id = piece.id.unwrap_or_else(|| {
                let parts = ["entry", &calendar.to_string(), &index.to_string()];
                EntryId::new(deterministic_uuid(&parts))
            });
            let mut entry = CalendarEntry::new(id, calendar, piece.clone());
            if let Some(added) = additions.iter().find(|added| added.index == *index) {
                entry.media.clone_from(&added.media);
                entry.cover.clone_from(&added.cover);
                entry.tiktok.clone_from(&added.tiktok);
                entry.instagram.clone_from(&added.instagram);
                entry.reviewed = added.reviewed;
            }
            set_instant(&mut entry, accounts, zone);
            entry
        })
        .collect()
}

/// Gives an entry the instant of its wall clock, in its account's zone or else in `zone`.
pub(crate) fn set_instant(entry: &mut CalendarEntry, accounts: &[ChannelAccount], zone: Zone) {
    let zone = link_account(entry, accounts)
        .usable(entry)
        .map_or(zone, |account| account.timezone);
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
    pub(crate) run: RunId,
    pub(crate) cadence: Cadence,
    pub(crate) entries: Vec<CalendarEntry>,
    pub(crate) refused: Vec<RefusedEntry>,
    /// What was generated, where the entries are its merge with manual edits.
    pub(crate) generated: Option<Vec<CalendarEntry>>,
}

impl Version {
    /// A calendar as it was generated.
    pub(crate) fn generated(run: RunId, entries: Vec<CalendarEntry>) -> Self {
        Self {
            run,
            cadence: Cadence::Weekly,
            entries,
            refused: Vec::new(),
            generated: None,
        }
    }

    /// A calendar as a person saved it.
    pub(crate) fn by_hand(
        run: RunId,
        entries: Vec<CalendarEntry>,
        refused: Vec<RefusedEntry>,
    ) -> Self {
        Self {
            run,
            cadence: Cadence::Manual,
            entries,
            refused,
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

    /// Saves a version on top of the latest, unless its run was saved before. Gives what is stored now.
    pub(crate) async fn save(&mut self, version: Version) -> Result<StoredCalendar> {
        let latest = self.latest().await?;
        let revision = latest.as_ref().map_or(0, |stored| stored.revision);
        if self.knows(version.run).await?
            && let Some(stored) = latest
        {
            self.saves.push(Save {
                run_id: version.run,
                revision,
                repeated: true,
            });
            return Ok(stored);
        }
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
            status: RunStatus::Completed,
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
