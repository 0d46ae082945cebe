//! The month ahead, run through the real engine in virtual time against platforms that fail as real
//! ones do.

use anyhow::Result;
use calendar_publish::model::{CalendarEntry, ChannelAccount, Timestamp};
use calendar_publish::rules::RuleBook;
use calendar_publish_simulation::{CalendarReport, PlatformProfile, simulate_calendar};

/// Decides what the platforms do to which post. With this one the recorded month shows posts that come
/// out at once, posts that need a retry, and posts that need a person.
const SEED: u64 = 3;

/// What would become of the calendar from now on.
pub(crate) fn simulate_month(
    entries: &[CalendarEntry],
    accounts: &[ChannelAccount],
    now: Timestamp,
) -> Result<CalendarReport> {
    let profile = PlatformProfile::usual(SEED);
    Ok(simulate_calendar(
        entries,
        accounts,
        RuleBook::builtin(),
        now,
        profile,
    )?)
}
