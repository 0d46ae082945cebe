//! How much of its calls an account has used, as every answer's headers say.

use std::collections::HashMap;
use std::time::Duration;

use calendar_publish::ports::Header;
use serde::Deserialize;

/// From this share on the account is left alone (Graph API, Rate limits, read 2026-09-11: calls that are refused
/// for the limit count as well, so going on prolongs it).
const FULL: f64 = 95.0;
/// From this share on polling slows down.
const HIGH: f64 = 80.0;
/// How long an account rests where Instagram doesn't say.
pub(super) const REST: Duration = Duration::from_secs(15 * 60);
/// The longest rest that is believed: the window that calls are counted in.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The fullest of the counts, in per cent, and when Instagram expects calls to be welcome again.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Usage {
    percent: f64,
    regain: Option<Duration>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Counts {
    r#type: Option<String>,
    call_count: f64,
    total_time: f64,
    total_cputime: f64,
    /// In minutes.
    estimated_time_to_regain_access: f64,
}

impl Usage {
    /// What the headers say; what can't be read says nothing.
    pub(super) fn read(headers: &[Header]) -> Self {
        let mut usage = Self::default();
        for header in headers {
            if header.name.eq_ignore_ascii_case("x-app-usage") {
                if let Ok(counts) = serde_json::from_str::<Counts>(&header.value) {
                    usage.add(&counts);
                }
            } else if header
                .name
                .eq_ignore_ascii_case("x-business-use-case-usage")
            {
                let read = serde_json::from_str::<HashMap<String, Vec<Counts>>>(&header.value);
                for counts in read.into_iter().flat_map(HashMap::into_values).flatten() {
                    let other = counts.r#type.as_deref();
                    if other.is_none_or(|name| name.eq_ignore_ascii_case("instagram")) {
                        usage.add(&counts);
                    }
                }
            }
        }
        usage
    }

    fn add(&mut self, counts: &Counts) {
        for percent in [counts.call_count, counts.total_time, counts.total_cputime] {
            self.percent = self.percent.max(percent);
        }
        let minutes = counts.estimated_time_to_regain_access;
        if minutes > 0.0 {
            let wait = Duration::try_from_secs_f64(minutes * 60.0).unwrap_or(LONGEST);
            self.regain = self.regain.max(Some(wait.min(LONGEST)));
        }
    }

    /// The same with what another answer says.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            percent: self.percent.max(other.percent),
            regain: self.regain.max(other.regain),
        }
    }

    /// How long the account must be left alone, where it must.
    pub(super) fn rest(self) -> Option<Duration> {
        (self.percent >= FULL).then(|| self.regain.unwrap_or(REST))
    }

    /// How long Instagram says that a limit lasts.
    pub(super) const fn regain(self) -> Option<Duration> {
        self.regain
    }

    /// A wait between two polls, twice as long where calls are getting scarce.
    pub(super) fn slow(self, wait: Duration) -> Duration {
        if self.percent >= HIGH { wait * 2 } else { wait }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Usage {
        Usage::read(&[Header {
            name: name.to_owned(),
            value: value.to_owned(),
        }])
    }

    #[test]
    fn the_headers_of_the_documentation_are_understood() {
        let calm = read(
            "X-App-Usage",
            r#"{"call_count":12,"total_time":5,"total_cputime":3}"#,
        );
        assert_eq!(calm.rest(), None);
        let minute = Duration::from_secs(60);
        assert_eq!(calm.slow(minute), minute);
        let full = read(
            "x-business-use-case-usage",
            r#"{"17841499000000001":[{"type":"instagram","call_count":97,"total_cputime":20,"total_time":31,"estimated_time_to_regain_access":19}]}"#,
        );
        assert_eq!(full.rest(), Some(19 * minute));
        assert_eq!(full.slow(minute), 2 * minute);
        assert_eq!(calm.and(full).rest(), Some(19 * minute));
        assert_eq!(
            read("x-app-usage", r#"{"call_count":95}"#).rest(),
            Some(15 * minute)
        );
        assert_eq!(read("x-app-usage", r#"{"total_time":94.9}"#).rest(), None);
    }

    #[test]
    fn other_products_and_nonsense_say_nothing() {
        let pages = r#"{"1":[{"type":"pages","call_count":100}]}"#;
        for (name, value) in [
            ("x-business-use-case-usage", pages),
            ("x-app-usage", "[]"),
            ("x-app-usage", r#"{"call_count":"many"}"#),
            ("content-type", r#"{"call_count":100}"#),
        ] {
            assert_eq!(read(name, value), Usage::default(), "{value}");
        }
        let forever = r#"{"1":[{"type":"instagram","call_count":100,"estimated_time_to_regain_access":1e300}]}"#;
        let rest = read("x-business-use-case-usage", forever).rest();
        assert_eq!(rest, Some(Duration::from_secs(24 * 60 * 60)));
    }
}
