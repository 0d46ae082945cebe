//! The store, in the engine's words: operations, not rows.

use async_trait::async_trait;
use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use super::{MaybeSend, MaybeSync, SaveCalendar, StoreError};
use crate::error::{Code, Error};
use crate::model::{
    AccountId, CalendarEntry, CalendarId, CalendarPiece, CalendarRun, ChannelAccount, EntryId,
    PlanId, PublishIntent, RunId, UserId,
};

/// A row of a calendar that can't be read as an entry. It is kept to the letter and named, so that
/// it never disappears silently and never blocks the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefusedEntry {
    /// The row's identity.
    pub id: EntryId,
    /// Its place in the calendar, from 0.
    pub position: u32,
    /// The payload, as it came.
    pub payload: String,
    /// What is wrong with it.
    pub error: Error,
}

impl RefusedEntry {
    /// The title that the row names (or the piece inside it), for people; empty where it has none.
    pub fn title(&self) -> String {
        let payload: serde_json::Value = crate::json::from_str(&self.payload).unwrap_or_default();
        [&payload["title"], &payload["piece"]["title"]]
            .into_iter()
            .find_map(|title| title.as_str())
            .unwrap_or_default()
            .to_owned()
    }
}

/// Reads the payload of a stored row.
///
/// # Errors
/// What is wrong with it, under `payload`: the row is then a [`RefusedEntry`].
pub fn read_payload(payload: &str) -> Result<CalendarPiece, Error> {
    crate::json::from_str(payload)
        .map_err(|error| crate::operation::json_error(&error).under("payload"))
}

/// What a save came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavedCalendar {
    /// The run that was saved.
    pub run_id: RunId,
    /// The revision it made.
    pub revision: i64,
    /// Whether exactly this save had been made before, and nothing was written now.
    pub repeated: bool,
}

/// A calendar as one run left it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StoredCalendar {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The plan it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<PlanId>,
    /// The revision that the run made.
    pub revision: i64,
    /// The run.
    pub run: CalendarRun,
    /// The entries, in the order they were saved.
    pub entries: Vec<CalendarEntry>,
    /// Rows that can't be read as entries, by position.
    pub refused: Vec<RefusedEntry>,
}

/// A command that carried an idempotency key, and what it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Command {
    /// The key, unique for a user.
    pub key: String,
    /// The fingerprint of the command's content.
    pub fingerprint: String,
    /// The answer, as JSON text.
    pub answer: String,
}

/// Intents to be recorded, with the command that made them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordIntents {
    /// Whose they are; every intent names the same user.
    pub user_id: UserId,
    /// The command, where it carried an idempotency key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Command>,
    /// The intents. One whose id is stored already is left as it is.
    pub intents: Vec<PublishIntent>,
}

impl RecordIntents {
    /// Checks that every intent is this user's.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] at the first that isn't.
    pub fn check(&self) -> Result<(), StoreError> {
        match self
            .intents
            .iter()
            .position(|intent| intent.user_id != self.user_id)
        {
            None => Ok(()),
            Some(index) => Err(StoreError::Invalid(
                Error::new(Code::FieldValueInvalid).at(format!("intents[{index}].userId")),
            )),
        }
    }
}

/// What recording intents came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Recorded {
    /// They are durable.
    Now {
        /// How many weren't stored before.
        new: u32,
    },
    /// The command was answered before; nothing was written now.
    Before {
        /// The answer it was given, as JSON text.
        answer: String,
    },
}

/// Storage.
///
/// Every operation names the user whose rows it may see: another user's rows are absent, for reading
/// and for writing alike. Each writing operation is one transaction: after any failure, a killed
/// process included, the rows are wholly as before or wholly as after. The conformance suite
/// (`conformance::store_suite`, feature `conformance`) checks an implementation.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait Store: MaybeSend + MaybeSync {
    /// Saves a calendar as its next revision.
    ///
    /// An entry whose content changed counts its own revision up, a new one starts at 1, an
    /// unchanged one keeps its number; the revisions that came with the entries are not looked at.
    /// Earlier runs stay readable.
    ///
    /// # Errors
    /// [`StoreError::RevisionConflict`] where the calendar isn't at the expected revision,
    /// [`StoreError::RunConflict`] where the run's id was saved with other content,
    /// [`StoreError::Invalid`] from [`SaveCalendar::fingerprint`].
    async fn save_calendar(&self, save: SaveCalendar) -> Result<SavedCalendar, StoreError>;

    /// The calendar as it was last saved.
    async fn calendar(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<StoredCalendar, StoreError>;

    /// The calendar's runs, the latest first.
    async fn runs(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<CalendarRun>, StoreError>;

    /// The calendar as `run_id` saved it.
    async fn run(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
        run_id: RunId,
    ) -> Result<StoredCalendar, StoreError>;

    /// The calendar as it was last generated, before manual edits: the base of a three-way merge.
    /// `None` where every run was saved by hand.
    async fn last_generation(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Option<StoredCalendar>, StoreError>;

    /// Stores an account, in place of the one with its id.
    async fn put_account(&self, account: ChannelAccount) -> Result<(), StoreError>;

    /// The user's accounts, by channel, name and id.
    async fn accounts(&self, user_id: UserId) -> Result<Vec<ChannelAccount>, StoreError>;

    /// Removes an account.
    async fn remove_account(
        &self,
        user_id: UserId,
        account_id: AccountId,
    ) -> Result<(), StoreError>;

    /// Records intents, and the command that made them, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::CommandConflict`] where the key was used for other content,
    /// [`StoreError::Invalid`] where an intent names another user.
    async fn record_intents(&self, record: RecordIntents) -> Result<Recorded, StoreError>;

    /// The calendar's intents, in the order they were recorded; none where there is no such calendar.
    async fn intents(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<PublishIntent>, StoreError>;

    /// The command that carried `key`.
    async fn command(&self, user_id: UserId, key: String) -> Result<Option<Command>, StoreError>;
}
