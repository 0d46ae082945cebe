//! Whom an operation is for.

/// What no interface does by itself: what workers do, the endpoints that serve interfaces, and whoever watches
/// over them.
const FOR_SERVERS: &[&str] = &[
    "admitGeneration",
    "advanceJob",
    "decodeStream",
    "draftCalendar",
    "encodeStream",
    "exportDisabled",
    "importCsv",
    "importJson",
    "nextRetry",
    "preflight",
    "publishDisabled",
    "publishDryRun",
    "replayAlerts",
    "verifyLedger",
];

/// Whether only servers need the operation `name`, so that a download for interfaces can go without it. It can be
/// asked while a program is compiled.
///
/// ```
/// use calendar_publish::operation::is_for_servers;
///
/// const { assert!(is_for_servers("publishDryRun") && !is_for_servers("evaluateReadiness")) };
/// ```
pub const fn is_for_servers(name: &str) -> bool {
    let mut others = FOR_SERVERS;
    while let [other, rest @ ..] = others {
        if is_same(other.as_bytes(), name.as_bytes()) {
            return true;
        }
        others = rest;
    }
    false
}

/// `==` can't be asked yet while a program is compiled.
const fn is_same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let ([first, rest @ ..], [second, others @ ..]) = (one, other) {
        if *first != *second {
            return false;
        }
        (one, other) = (rest, others);
    }
    one.is_empty() && other.is_empty()
}

#[cfg(test)]
mod tests {
    use super::{FOR_SERVERS, is_for_servers};
    use crate::operation::OPERATIONS;

    #[test]
    fn every_name_is_that_of_an_operation() {
        let found = OPERATIONS.iter().filter(|it| is_for_servers(it.name));
        assert_eq!(found.count(), FOR_SERVERS.len());
        assert!(!is_for_servers("") && !is_for_servers("importJsonx"));
    }
}
