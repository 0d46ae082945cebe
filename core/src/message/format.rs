//! Numbers, sizes, durations, ratios, instants and lists, as people write them.

use chrono::{Datelike, Timelike};
use serde::{Deserialize, Serialize};

use super::Lang;
use crate::model::{Timestamp, Zone};

/// Writes values in one language; instants in one zone.
///
/// No locale data is linked in: two languages need a separator each, twelve months and seven days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formatter {
    /// The language.
    pub lang: Lang,
    /// The zone that instants are told in.
    pub zone: Zone,
}

/// What joins the last two items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Conjunction {
    /// `and`, `y`.
    And,
    /// `or`, `o`.
    Or,
}

const MONTHS_ES: [&str; 12] = [
    "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic",
];
const MONTHS_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAYS_ES: [&str; 7] = ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"];
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Formatter {
    /// Writes in `lang`, with instants in `zone`.
    pub const fn new(lang: Lang, zone: Zone) -> Self {
        Self { lang, zone }
    }

    /// A number with at most `decimals` decimals: `2.345,5` in Spanish, `2,345.5` in English.
    ///
    /// Thousands are grouped from four digits on in both languages. The Ortografía of the RAE (2010)
    /// groups from five digits and with a space; interfaces in Spanish write `2.345`, and so do we.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return "—".to_owned();
        }
        let (group, point) = match self.lang {
            Lang::Es => ('.', ','),
            Lang::En => (',', '.'),
        };
        let (whole, fraction) = rounded(value.abs(), decimals);
        let fraction = fraction.trim_end_matches('0');
        let mut text = String::with_capacity(whole.len() + fraction.len() + 8);
        if value < 0.0 && !(whole == "0" && fraction.is_empty()) {
            text.push('-');
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(point);
            text.push_str(fraction);
        }
        text
    }

    /// A size in bytes with one decimal: `8,4 MB`; in binary units where the number was clearly
    /// meant in them: 8,388,608 is `8 MiB`, not 8.4 MB.
    pub fn bytes(&self, value: f64) -> String {
        self.bytes_in(value, is_binary(value), 1)
    }

    /// A size with at most `decimals` decimals, in binary (KiB, MiB…) or decimal units (kB, MB…).
    pub(super) fn bytes_in(&self, value: f64, binary: bool, decimals: usize) -> String {
        const DECIMAL: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
        const BINARY: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
        let (base, units) = if binary {
            (1024.0, BINARY)
        } else {
            (1000.0, DECIMAL)
        };
        if value.abs() < base {
            let unit = if value == 1.0 { "byte" } else { "bytes" };
            return format!("{} {unit}", self.number(value, 0));
        }
        self.scaled(value / base, base, units, decimals)
    }

    /// `value` in the largest of `units` that leaves a whole part; each is `base` of the one before.
    pub(super) fn scaled<const N: usize>(
        &self,
        mut value: f64,
        base: f64,
        units: [&str; N],
        decimals: usize,
    ) -> String {
        // What would be rounded up to a full next unit is told in it: 999,999 kB is 1 GB.
        let full = base - 0.5 / 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
        let mut name = "";
        for (index, unit) in units.into_iter().enumerate() {
            name = unit;
            if value.abs() < full || index + 1 == N {
                break;
            }
            value /= base;
        }
        format!("{} {name}", self.number(value, decimals))
    }

    /// A duration in milliseconds: `2,5 s`, `1 min 30 s`, `3 h`, `36 h`, `2 días 3 h`.
    ///
    /// At most two units, the rest is cut off. Days are told from 48 hours on.
    pub fn duration(&self, millis: f64) -> String {
        self.duration_to(millis, 0)
    }

    /// A duration; with `extra` above 0 to the last unit, with so many decimals of a second.
    pub(super) fn duration_to(&self, millis: f64, extra: usize) -> String {
        if !millis.is_finite() {
            return "—".to_owned();
        }
        let sign = if millis < 0.0 { "-" } else { "" };
        let seconds = millis.abs() / 1000.0;
        if seconds < 60.0 {
            let text = self.number(seconds, 2 + extra);
            let sign = if text == "0" { "" } else { sign };
            return format!("{sign}{text} s");
        }
        let whole = if extra == 0 { seconds.round() } else { seconds };
        let total = whole.floor();
        let days = if total >= 48.0 * 3600.0 {
            (total / 86_400.0).floor()
        } else {
            0.0
        };
        let rest = (total - days * 86_400.0) as i64;
        let day = self.lang.pick("días", "days");
        let last = self.number((rest % 60) as f64 + whole.fract(), extra);
        let parts = [
            (days > 0.0).then(|| format!("{} {day}", self.number(days, 0))),
            (rest >= 3600).then(|| format!("{} h", rest / 3600)),
            (rest % 3600 >= 60).then(|| format!("{} min", rest % 3600 / 60)),
            (last != "0").then(|| format!("{last} s")),
        ];
        let kept = if extra == 0 { 2 } else { parts.len() };
        let kept: Vec<String> = parts.into_iter().flatten().take(kept).collect();
        format!("{sign}{}", kept.join(" "))
    }

    /// Width divided by height: `4:5`, `9:16`, `1,91:1`.
    pub fn ratio(&self, value: f64) -> String {
        if let Some((width, height)) = simple_ratio(value, 1e-4) {
            return format!("{width}:{height}");
        }
        // Two decimals, more where they would hide a difference: 0.7995 must not read 0.8.
        let decimals = (2..4)
            .find(|decimals| {
                let step = 10_f64.powi(*decimals);
                ((value * step).round() / step - value).abs() <= 5e-4 * value.abs()
            })
            .unwrap_or(4);
        format!(
            "{}:1",
            self.number(value, usize::try_from(decimals).unwrap_or(2))
        )
    }

    /// A ratio that is only meant roughly: 0.5625 and 0.563 are both `9:16`.
    pub(super) fn near_ratio(&self, value: f64) -> String {
        match simple_ratio(value, 0.005) {
            Some((width, height)) => format!("{width}:{height}"),
            None => self.ratio(value),
        }
    }

    /// An instant in the zone: `jue 2 abr 2026, 09:00 (Europe/Madrid)`.
    pub fn instant(&self, at: Timestamp) -> String {
        let wall = self.zone.wall_at(at);
        let (days, months) = match self.lang {
            Lang::Es => (DAYS_ES, MONTHS_ES),
            Lang::En => (DAYS_EN, MONTHS_EN),
        };
        let name = |names: &[&'static str], index: u32| {
            let index = usize::try_from(index).unwrap_or(0);
            names.get(index).copied().unwrap_or_default()
        };
        format!(
            "{} {} {} {}, {:02}:{:02} ({})",
            name(&days, wall.weekday().num_days_from_monday()),
            wall.day(),
            name(&months, wall.month0()),
            wall.year(),
            wall.hour(),
            wall.minute(),
            self.zone
        )
    }

    /// A list: `TikTok o Instagram`, `una, dos y tres`; `TikTok e Instagram`, since Spanish avoids
    /// `y` before the sound `i` and `o` before the sound `o`.
    pub fn list<T: AsRef<str>>(&self, items: &[T], conjunction: Conjunction) -> String {
        let Some((last, before)) = items.split_last() else {
            return String::new();
        };
        let last = last.as_ref();
        if before.is_empty() {
            return last.to_owned();
        }
        let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
        let word = match (self.lang, conjunction) {
            (Lang::En, Conjunction::And) => "and",
            (Lang::En, Conjunction::Or) => "or",
            (Lang::Es, Conjunction::And) if sounds(last, "i", &["hia", "hie"]) => "e",
            (Lang::Es, Conjunction::And) => "y",
            (Lang::Es, Conjunction::Or) if sounds(last, "o", &[]) => "u",
            (Lang::Es, Conjunction::Or) => "o",
        };
        format!("{} {word} {last}", before.join(", "))
    }
}

/// The ratio of two small numbers that `value` is, up to a relative error of `within`; the simplest.
fn simple_ratio(value: f64, within: f64) -> Option<(u32, u32)> {
    const LARGEST: u32 = 21;
    (1..=LARGEST)
        .flat_map(|height| (1..=LARGEST).map(move |width| (width, height)))
        .find(|(width, height)| {
            (f64::from(*width) / f64::from(*height) - value).abs() <= within * value
        })
}

/// Whether `word` begins with the sound of `vowel`, alone or after a silent h.
fn sounds(word: &str, vowel: &str, except: &[&str]) -> bool {
    let word = word.to_lowercase().replace('í', "i").replace('ó', "o");
    let heard = word.strip_prefix('h').unwrap_or(&word);
    heard.starts_with(vowel) && !except.iter().any(|start| word.starts_with(start))
}

/// Whether a size is a round number in binary units and not in decimal ones.
pub(super) fn is_binary(value: f64) -> bool {
    let (binary, decimal) = if value.abs() >= 1e6 {
        (1_048_576.0, 1e6)
    } else {
        (1024.0, 1000.0)
    };
    value != 0.0 && value % binary == 0.0 && value % decimal != 0.0
}

/// The digits of a number that isn't negative: the whole ones and at most `decimals` more. A half in the shortest
/// decimal that stands for the number is rounded up, as people and `Intl.NumberFormat` do: 1.005 to 1.01. The standard
/// library rounds the binary value, which lies a little below.
pub(super) fn rounded(value: f64, decimals: usize) -> (String, String) {
    let shortest = value.to_string();
    let (whole, fraction) = shortest.split_once('.').unwrap_or((&shortest, ""));
    let Some((kept, dropped)) = fraction.split_at_checked(decimals) else {
        return (whole.to_owned(), fraction.to_owned());
    };
    let mut digits = format!("{whole}{kept}").into_bytes();
    if dropped.starts_with(['5', '6', '7', '8', '9']) {
        count_up(&mut digits);
    }
    let mut whole: String = digits.into_iter().map(char::from).collect();
    let fraction = whole.split_off(whole.len() - decimals);
    (whole, fraction)
}

/// Adds one to a number in decimal digits.
fn count_up(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

#[cfg(test)]
mod tests {
    use super::*;

    const ES: Formatter = Formatter::new(Lang::Es, Zone::UTC);
    const EN: Formatter = Formatter::new(Lang::En, Zone::UTC);

    #[test]
    fn numbers() {
        for (value, es, en) in [
            (0.0, "0", "0"),
            (-0.001, "0", "0"),
            (999.0, "999", "999"),
            (2_345.5, "2.345,5", "2,345.5"),
            (-1_234_567.0, "-1.234.567", "-1,234,567"),
            (0.126, "0,13", "0.13"),
            (0.125, "0,13", "0.13"),
            (1.005, "1,01", "1.01"),
            (2.675, "2,68", "2.68"),
            (0.285, "0,29", "0.29"),
            (29.965, "29,97", "29.97"),
            (9.996, "10", "10"),
            (999.999, "1.000", "1,000"),
            (1.07, "1,07", "1.07"),
            (
                9_007_199_254_740_993.0,
                "9.007.199.254.740.992",
                "9,007,199,254,740,992",
            ),
            (
                1e22,
                "10.000.000.000.000.000.000.000",
                "10,000,000,000,000,000,000,000",
            ),
            (f64::NAN, "—", "—"),
        ] {
            assert_eq!(ES.number(value, 2), es);
            assert_eq!(EN.number(value, 2), en);
        }
    }

    #[test]
    fn sizes() {
        for (value, es) in [
            (1.0, "1 byte"),
            (512.0, "512 bytes"),
            (8_000_000.0, "8 MB"),
            (8_388_608.0, "8 MiB"),
            (8_400_000.0, "8,4 MB"),
            (999_999_999.0, "1 GB"),
            (4_000_000_000.0, "4 GB"),
            (64_000.0, "64 kB"),
        ] {
            assert_eq!(ES.bytes(value), es);
        }
    }

    #[test]
    fn durations() {
        for (millis, es) in [
            (0.0, "0 s"),
            (250.0, "0,25 s"),
            (2_500.0, "2,5 s"),
            (90_000.0, "1 min 30 s"),
            (900_000.0, "15 min"),
            (10_800_000.0, "3 h"),
            (129_600_000.0, "36 h"),
            (183_600_000.0, "2 días 3 h"),
            (-90_000.0, "-1 min 30 s"),
        ] {
            assert_eq!(ES.duration(millis), es);
        }
        assert_eq!(EN.duration_to(900_400.0, 1), "15 min 0.4 s");
        assert!(EN.duration(f64::MAX).ends_with('h') || EN.duration(f64::MAX).ends_with("days"));
    }

    #[test]
    fn ratios() {
        for (value, es) in [
            (0.8, "4:5"),
            (1080.0 / 1920.0, "9:16"),
            (16.0 / 9.0, "16:9"),
            (1.0, "1:1"),
            (1.91, "1,91:1"),
            (0.01, "0,01:1"),
            (0.7995, "0,7995:1"),
            (2.35, "2,35:1"),
        ] {
            assert_eq!(ES.ratio(value), es);
        }
        assert_eq!(EN.ratio(1.91), "1.91:1");
    }

    #[test]
    fn instants() {
        let zone: Zone = "Europe/Madrid".parse().unwrap();
        let at: Timestamp = "2026-04-02T07:00:00Z".parse().unwrap();
        assert_eq!(
            Formatter::new(Lang::Es, zone).instant(at),
            "jue 2 abr 2026, 09:00 (Europe/Madrid)"
        );
        assert_eq!(
            Formatter::new(Lang::En, zone).instant(at),
            "Thu 2 Apr 2026, 09:00 (Europe/Madrid)"
        );
        for end in [Timestamp::MIN, Timestamp::MAX] {
            assert!(!Formatter::new(Lang::Es, zone).instant(end).is_empty());
        }
    }

    #[test]
    fn lists() {
        use Conjunction::{And, Or};
        assert_eq!(ES.list::<&str>(&[], And), "");
        assert_eq!(ES.list(&["una"], And), "una");
        assert_eq!(ES.list(&["TikTok", "Instagram"], Or), "TikTok o Instagram");
        assert_eq!(ES.list(&["TikTok", "Instagram"], And), "TikTok e Instagram");
        assert_eq!(ES.list(&["agua", "hielo"], And), "agua y hielo");
        assert_eq!(ES.list(&["siete", "ocho"], Or), "siete u ocho");
        assert_eq!(EN.list(&["one", "two", "three"], And), "one, two and three");
    }
}
