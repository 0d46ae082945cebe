//! Where zones come from that aren't compiled in.

use std::sync::OnceLock;

/// The host's time zones, for a library built without the feature `zone-database`.
///
/// What it answers must not change while the process runs: offsets are remembered.
///
/// ```
/// use calendar_publish::model::zones::{ZoneSource, set_zone_source};
///
/// /// Knows the one zone of a host that has never heard of daylight time.
/// struct Buenos;
///
/// impl ZoneSource for Buenos {
///     fn knows(&self, name: &str) -> bool {
///         name == "America/Argentina/Buenos_Aires"
///     }
///
///     fn offset_seconds(&self, _name: &str, _millis: i64) -> i32 {
///         -3 * 3600
///     }
/// }
///
/// assert!(set_zone_source(Buenos));
/// assert!(!set_zone_source(Buenos)); // the first one stays
/// ```
pub trait ZoneSource: Send + Sync + 'static {
    /// Whether there is a zone of exactly this name. Names are spelled as the IANA database spells
    /// them, and a link such as `Asia/Calcutta` is a name like any other.
    fn knows(&self, name: &str) -> bool;

    /// How many seconds the clocks of a known zone are ahead of UTC, `millis` milliseconds after
    /// 1970-01-01T00:00:00Z. Asked for instants of the years 1830 to 2100, and for each only once
    /// or a few times.
    fn offset_seconds(&self, name: &str, millis: i64) -> i32;
}

static SOURCE: OnceLock<Box<dyn ZoneSource>> = OnceLock::new();

/// Takes the zones from `source` from now on; `false` if there is one already, which then stays.
///
/// Until then only `UTC` is known, and the error of any other name says so. With the feature
/// `zone-database` the compiled-in database answers and no source is ever asked.
pub fn set_zone_source(source: impl ZoneSource) -> bool {
    SOURCE.set(Box::new(source)).is_ok()
}

/// The source, once it was set.
#[cfg(all(not(test), not(feature = "zone-database")))]
pub(super) fn source() -> Option<&'static dyn ZoneSource> {
    SOURCE.get().map(Box::as_ref)
}

/// Under test the database stands in for a host.
#[cfg(test)]
pub(super) fn source() -> Option<&'static dyn ZoneSource> {
    Some(
        SOURCE
            .get_or_init(|| Box::new(super::host::tests::Database))
            .as_ref(),
    )
}
