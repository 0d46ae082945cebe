//! One generation at a time per user.

use serde::{Deserialize, Serialize};

use super::session::SessionOptions;
use crate::error::{Allowed, Code, Error, Measure};
use crate::model::{Timestamp, UserId};

/// A generation that was started and of which no end is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunningGeneration {
    /// Whose it is.
    pub user_id: UserId,
    /// When it was started.
    pub started_at: Timestamp,
}

/// Whether `user_id` may start a generation at `now`, from those that are `running`.
///
/// A generation older than the cut counts as over, so that a crashed one locks nobody out.
///
/// # Errors
/// [`Code::GenerationBusy`], with the start of the one that runs and the instant from which another
/// may be started at the latest.
pub fn admit_generation(
    user_id: UserId,
    running: &[RunningGeneration],
    options: &SessionOptions,
    now: Timestamp,
) -> Result<(), Error> {
    let free_at = |generation: &RunningGeneration| {
        let cut = chrono::TimeDelta::milliseconds(i64::from(options.cut_after_millis));
        generation.started_at.plus(cut)
    };
    let busy = running
        .iter()
        .filter(|generation| generation.user_id == user_id && now < free_at(generation))
        .max_by_key(|generation| generation.started_at);
    match busy {
        None => Ok(()),
        Some(generation) => Err(Error::new(Code::GenerationBusy)
            .measured(Measure::instant(generation.started_at))
            .allowed(Allowed::not_before(free_at(generation)))),
    }
}
