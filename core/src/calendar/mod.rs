//! A calendar that lives in an interface: the entries stay inside, and only what changed comes out.
//!
//! [`Calendar`] holds entries, accounts and jobs with their readiness. An edit judges the entry and the
//! neighbours that notice it, and answers with their new tiles; a move of many is planned and applied
//! inside. Like everything here it reads no clock: whoever holds it says what time it is.
//!
//! | file | what it does |
//! |---|---|
//! | `handle` | the calendar: loading, looking up, what time it is |
//! | `order` | the entries by date and time |
//! | `page` | tiles, pages of them, how many there are of each |
//! | `edit` | changes of entries, accounts and jobs, and what they change |
//! | `moving` | shifts, drags and insertions: planned, applied, taken back |
//! | `merging` | a regeneration, merged into the entries |
//! | `outside` | exports, and what the schedule says of the whole |
//! | `documents` | the same by name, JSON in and JSON out |

mod documents;
mod edit;
mod handle;
mod merging;
mod moving;
mod order;
mod outside;
mod page;
#[cfg(test)]
mod tests;

pub use documents::{
    ApplyInput, CALENDAR_OPERATIONS, CalendarOperation, Entries, EntryInput, NoInput,
    PutAccountsInput, PutInput, PutJobInput, PutSettingsInput, SetNowInput,
};
pub use edit::{CalendarChanges, MAX_CHANGED_TILES};
pub use handle::{Calendar, CalendarDocument};
pub use merging::{MergeOutcome, MergeProposal, Regeneration};
pub use moving::AppliedMove;
pub use outside::ExportRequest;
pub use page::{CalendarSummary, PageRequest, TileCount, TilePage, TileView};
