//! The plan of a move: what would change, what stays where it is, and what speaks against it.

use serde::{Deserialize, Serialize};

use super::board::Board;
use super::cap::{CapExcess, excess_of_moved};
use super::clash::{Clash, clashes_of_moved};
use super::row::Row;
use super::timeline::Placement;
use super::zone::DstNote;
use crate::error::{Allowed, Code, Measure};
use crate::model::{
    AccountId, ChannelAccount, EntryId, LocalDate, LocalTime, ReadinessState, Timestamp, Zone,
};

/// When an entry is due: what the person meant, and the instant it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Slot {
    /// The date on the wall.
    pub date: LocalDate,
    /// The time on the wall.
    pub time: LocalTime,
    /// The instant; `None` where the entry has never been scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_at: Option<Timestamp>,
}

impl Slot {
    /// When an entry is due.
    pub(super) fn of(row: &Row) -> Self {
        Self {
            date: row.date,
            time: row.time,
            scheduled_at: row.scheduled_at,
        }
    }
}

/// The move of one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryMove {
    /// The entry.
    pub entry_id: EntryId,
    /// The account it is for.
    pub account_id: AccountId,
    /// The zone that its wall clock is meant in.
    pub zone: Zone,
    /// The revision the plan was made from.
    pub revision: i64,
    /// When it was due.
    pub before: Slot,
    /// When it would be due; it always has an instant.
    pub after: Slot,
    /// What a daylight-saving change does to the new wall clock, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<DstNote>,
}

/// An entry that the plan doesn't move, or mustn't, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanIssue {
    /// The entry.
    pub entry_id: EntryId,
    /// Why.
    pub code: Code,
    /// What was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measure>,
    /// What is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Allowed>,
}

impl PlanIssue {
    pub(super) fn held(row: &Row, code: Code) -> Self {
        Self {
            entry_id: row.id,
            code,
            measured: None,
            allowed: None,
        }
    }

    pub(super) fn in_past(row: &Row, at: Timestamp, now: Timestamp) -> Self {
        Self {
            entry_id: row.id,
            code: Code::ScheduleInPast,
            measured: Some(Measure::instant(at)),
            allowed: Some(Allowed::not_before(now)),
        }
    }
}

/// What a move does to an entry's readiness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadinessChange {
    /// The entry.
    pub entry_id: EntryId,
    /// Its readiness where it stands.
    pub before: ReadinessState,
    /// Its readiness where it would stand.
    pub after: ReadinessState,
}

/// What a shift, a drag or an insertion would do. Nothing has happened yet.
///
/// Clashes and exceeded caps are shown for a person to weigh; `refused` entries forbid the plan as a
/// whole, and [`apply`](Self::apply) says so.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShiftPlan {
    /// The entries that move, in calendar order.
    pub moves: Vec<EntryMove>,
    /// Entries that were chosen and stay where they are: published or on their way
    /// ([`Code::ScheduleFrozen`]), or without an account whose zone could be used
    /// ([`Code::ChannelAuthMissing`], [`Code::AccountAmbiguous`], [`Code::AccountNotFound`],
    /// [`Code::AccountChannelMismatch`]).
    #[serde(default)]
    pub held: Vec<PlanIssue>,
    /// Entries that would land in the past ([`Code::ScheduleInPast`]): while there is one, nothing
    /// can be applied.
    #[serde(default)]
    pub refused: Vec<PlanIssue>,
    /// Clashes that a moved entry would take part in.
    #[serde(default)]
    pub clashes: Vec<Clash>,
    /// Posts that would be too many, with a moved entry in their window.
    #[serde(default)]
    pub cap_excesses: Vec<CapExcess>,
    /// What the moves do to the entries' readiness. Planning leaves this empty: whoever knows the
    /// rules fills it in.
    #[serde(default)]
    pub readiness_changes: Vec<ReadinessChange>,
}

impl ShiftPlan {
    /// Whether [`apply`](Self::apply) would accept it, as long as the entries stay as they are.
    pub fn is_applicable(&self) -> bool {
        self.refused.is_empty()
    }

    /// A plan of `moves`, judged on the line that `placements` describes.
    pub(super) fn judged(
        board: &Board<'_>,
        moves: Vec<EntryMove>,
        held: Vec<PlanIssue>,
        refused: Vec<PlanIssue>,
        placements: &[Placement],
    ) -> Self {
        let timeline = board.timeline(placements);
        Self {
            clashes: clashes_of_moved(board, &timeline),
            cap_excesses: excess_of_moved(board, &timeline),
            moves,
            held,
            refused,
            readiness_changes: Vec::new(),
        }
    }
}

/// Where a move leads: the wall clock, the instant, and a note.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) date: LocalDate,
    pub(super) time: LocalTime,
    pub(super) at: Timestamp,
    pub(super) note: Option<DstNote>,
}

impl Target {
    pub(super) fn move_of(self, row: &Row, account: &ChannelAccount) -> EntryMove {
        EntryMove {
            entry_id: row.id,
            account_id: account.id,
            zone: account.timezone,
            revision: row.revision,
            before: Slot::of(row),
            after: Slot {
                date: self.date,
                time: self.time,
                scheduled_at: Some(self.at),
            },
            note: self.note,
        }
    }
}
