//! A host whose zones are the compiled-in database's must come to the database's answers.

use chrono::{NaiveDate, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::prelude::*;

use super::*;
use crate::model::zones::database;

/// The database, as a host would tell it.
pub(in crate::model::zones) struct Database;

impl ZoneSource for Database {
    fn knows(&self, name: &str) -> bool {
        name.parse::<Tz>().is_ok()
    }

    fn offset_seconds(&self, name: &str, millis: i64) -> i32 {
        let tz: Tz = name.parse().unwrap();
        let utc = DateTime::from_timestamp_millis(millis).unwrap();
        let offset = tz.offset_from_utc_datetime(&utc.naive_utc());
        offset.fix().local_minus_utc()
    }
}

/// Hours, half hours, two hours and whole days; both hemispheres; a pause in Ramadan; none at all.
const ZONES: [&str; 16] = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Argentina/Buenos_Aires",
    "America/Boa_Vista",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Madrid",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Etc/GMT+3",
];

fn both(name: &str) -> (Entry, database::Entry) {
    let host = Entry::find(name).unwrap();
    assert_eq!(host.name(), name);
    (host, database::Entry::find(name).unwrap())
}

fn time(second: i64) -> NaiveDateTime {
    DateTime::from_timestamp(second, 0).unwrap().naive_utc()
}

fn year(year: i32) -> NaiveDateTime {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    first.and_hms_opt(0, 0, 0).unwrap()
}

/// The wall clocks around every change, minute by minute near its two ends, and the instants.
#[test]
fn changes_gaps_and_repeated_hours_are_the_databases() {
    let mut changes = 0;
    let (mut gaps, mut folds) = (0, 0);
    for name in ZONES {
        let (host, database) = both(name);
        let mut from = year(1969);
        // The database also counts changes of the abbreviation alone.
        let mut expected = std::iter::from_fn(|| {
            let change = database.change_after(from, year(2105))?;
            from = change.instant;
            Some(change)
        })
        .filter(|change| database.offset_at(change.instant) != change.before);
        let mut at = year(1969);
        while let Some(change) = host.change_after(at, year(2105)) {
            assert_eq!(Some(&change), expected.next().as_ref(), "{name}");
            at = change.instant;
            changes += 1;
            let after = host.offset_at(at);
            for offset in [change.before, after] {
                for minute in [-1441, -61, -31, -1, 0, 1, 29, 30, 59, 60, 1439] {
                    let wall = at + TimeDelta::seconds(i64::from(offset) + minute * 60);
                    let clocks = host.offset_of(wall);
                    assert_eq!(clocks, database.offset_of(wall), "{name} {wall}");
                    match clocks {
                        LocalResult::None => gaps += 1,
                        LocalResult::Ambiguous(..) => folds += 1,
                        LocalResult::Single(_) => {}
                    }
                }
            }
        }
        assert_eq!(expected.next(), None, "{name}");
    }
    assert!(changes > 1_500, "{changes} changes");
    assert!(gaps > 3_000 && folds > 3_000, "{gaps} gaps, {folds} folds");
}

#[test]
fn every_zone_was_last_changed_when_the_database_says() {
    let now = year(2026);
    let mut steady = 0;
    for tz in TZ_VARIANTS {
        let (host, database) = both(tz.name());
        let mut expected = database.change_before(now);
        // The database also counts changes of the abbreviation alone.
        while let Some(change) = &expected
            && database.offset_at(change.instant) == change.before
        {
            expected = database.change_before(change.instant - TimeDelta::seconds(1));
        }
        steady += usize::from(expected.is_none());
        assert_eq!(host.change_before(now), expected, "{tz}");
    }
    assert!(steady > 20, "{steady} zones never changed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_zone_at_any_time_is_the_databases(
        zone in 0..TZ_VARIANTS.len(),
        second in -62_135_596_800_i64..253_402_300_800,
        near in -5_000_000_000_i64..4_500_000_000,
    ) {
        let (host, database) = both(TZ_VARIANTS[zone].name());
        for at in [time(second), time(near)] {
            prop_assert_eq!(host.offset_at(at), database.offset_at(at));
            prop_assert_eq!(host.offset_of(at), database.offset_of(at));
        }
    }
}

#[test]
fn an_offset_above_the_smallest_of_its_year_is_daylight_time() {
    let (host, _) = both("Europe/Madrid");
    let observed = |month| {
        let date = NaiveDate::from_ymd_opt(2026, month, 1).unwrap();
        host.observed(date.and_hms_opt(0, 0, 0).unwrap())
    };
    let told = |seconds, daylight| Observed {
        seconds,
        daylight,
        name: None,
    };
    assert_eq!(observed(1), told(3600, false));
    assert_eq!(observed(7), told(7200, true));
}

#[test]
fn utc_needs_no_host() {
    assert!(Entry::find_in(None, "UTC") == Some(Entry::UTC));
    assert_eq!(Entry::UTC.name(), "UTC");
    assert_eq!(Entry::UTC.offset_at(year(2026)), 0);
    assert_eq!(Entry::UTC.offset_of(year(2026)), LocalResult::Single(0));
    assert_eq!(Entry::UTC.change_before(year(2026)), None);
    assert_eq!(Entry::UTC.change_after(year(2026), year(2027)), None);
}

#[test]
fn other_zones_are_unknown_without_a_host_and_the_error_says_why() {
    struct Mars;
    impl ZoneSource for Mars {
        fn knows(&self, name: &str) -> bool {
            name == "Mars/Olympus"
        }

        fn offset_seconds(&self, _name: &str, _millis: i64) -> i32 {
            0
        }
    }
    assert!(Entry::find_in(None, "Mars/Olympus").is_none());
    assert_eq!(Entry::allowed_in(None), "UTC alone: no zone source is set");
    assert!(Entry::find_in(Some(&Mars), "Mars/Utopia").is_none());
    assert!(Entry::find_in(Some(&Mars), "Mars/Olympus").is_some());
    // From then on the host isn't asked again.
    assert!(Entry::find_in(None, "Mars/Olympus").is_some());
}

#[test]
fn names_are_spelled_as_the_database_spells_them() {
    for unknown in ["europe/madrid", "Europe/Atlantis", "utc", ""] {
        assert!(Entry::find(unknown).is_none(), "{unknown}");
        assert!(database::Entry::find(unknown).is_none(), "{unknown}");
    }
    assert_eq!(Entry::allowed(), database::Entry::allowed());
}

#[test]
fn a_zone_is_found_again_and_a_link_is_a_zone_of_its_own() {
    let [kolkata, calcutta] = ["Asia/Kolkata", "Asia/Calcutta"].map(|name| both(name).0);
    assert!(kolkata == both("Asia/Kolkata").0);
    assert!(kolkata != calcutta && kolkata.number() != calcutta.number());
    assert!(kolkata != Entry::UTC && kolkata.number() != Entry::UTC.number());
}
