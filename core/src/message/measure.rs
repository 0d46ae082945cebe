//! Measured values and allowed ranges in words.

use super::format::{is_binary, rounded};
use super::{Conjunction, Formatter, Lang, word};
use crate::error::{Allowed, Measure, Unit};

/// How a quantity is told.
#[derive(Clone, Copy, Default)]
struct Style {
    /// Sizes in MiB instead of MB.
    binary: bool,
    /// Decimals beyond the usual ones.
    extra: usize,
    /// Without its noun, since the sentence has just said it.
    bare: bool,
}

/// The decimals that are added at most to tell a measured value from its bound.
const MOST_EXTRA: usize = 6;

/// From so many extra decimals on, sizes are told in bytes.
const EXACT_BYTES: usize = 3;

impl Formatter {
    /// A measured value: `2.345 caracteres`, `1 min 30 s`, `«historia»`, an instant in the zone.
    pub fn measure(&self, measure: &Measure) -> String {
        match measure {
            Measure::Number { value, unit } => self.quantity(*value, *unit, alone(*value)),
            Measure::Text { value } => self.text(value).unwrap_or_default(),
            Measure::Instant { at } => self.instant(*at),
        }
    }

    /// What is allowed: `2.200 caracteres como máximo`, `entre 3 s y 15 min`, `TikTok o Instagram`.
    pub fn allowed(&self, allowed: &Allowed) -> String {
        match allowed {
            Allowed::OneOf { values } => self.choices(values),
            Allowed::Pattern { pattern } => {
                word::pattern(pattern, self.lang).unwrap_or_else(|| word::plain(pattern))
            }
            Allowed::NotBefore { at } => {
                let at = self.instant(*at);
                match self.lang {
                    Lang::Es => format!("a partir del {at}"),
                    Lang::En => format!("from {at} on"),
                }
            }
            Allowed::AtMost { .. } | Allowed::AtLeast { .. } | Allowed::Between { .. } => self
                .range(allowed, alone(bounds(allowed).1.unwrap_or_default()))
                .unwrap_or_default(),
        }
    }

    /// One of these, in words.
    pub(super) fn choices(&self, values: &[String]) -> String {
        let words: Vec<String> = values
            .iter()
            .map(|value| match word::known(value, self.lang) {
                Some(known) => known.to_owned(),
                None => word::plain(value),
            })
            .collect();
        self.list(&words, Conjunction::Or)
    }

    /// One of these, in words; `None` where there are none, or where one is a name of the wire
    /// without a word.
    pub(super) fn readable_choices(&self, values: &[String]) -> Option<String> {
        let readable =
            |value: &String| !value.contains('_') || word::known(value, self.lang).is_some();
        (!values.is_empty() && values.iter().all(readable)).then(|| self.choices(values))
    }

    /// A measured text: our own values in words, a move between two of them too; foreign ones as a
    /// quotation.
    pub(super) fn text(&self, value: &str) -> Option<String> {
        if let Some(known) = word::known(value, self.lang) {
            return Some(known.to_owned());
        }
        let state = |side: &str| {
            let name = side.split(' ').next().unwrap_or_default();
            word::known(name, self.lang)
        };
        let sides = value
            .split_once(" → ")
            .map(|(from, to)| (state(from), state(to)));
        match sides {
            Some((Some(from), Some(to))) => Some(format!("{from} → {to}")),
            _ => word::quoted(value, self.lang),
        }
    }

    /// A measured number and the range it is held against, told so that they can be compared: sizes
    /// in the same units, with as many decimals as it takes to see the difference, and the noun only
    /// once. The third is by how much the value exceeds the range.
    pub(super) fn compared(
        &self,
        value: f64,
        unit: Unit,
        allowed: &Allowed,
    ) -> (String, Option<String>, Option<String>) {
        let (allowed_unit, max) = bounds(allowed);
        let same = allowed_unit == Some(unit);
        let mut style = Style {
            binary: is_binary(max.unwrap_or(value)),
            ..Style::default()
        };
        if same {
            while style.extra < MOST_EXTRA && self.looks_like_a_bound(value, unit, allowed, style) {
                style.extra += 1;
            }
        }
        let excess = max
            .filter(|max| same && value > *max && unit != Unit::Ratio && unit != Unit::Revision)
            .map(|max| self.quantity(value - max, unit, excess_style(style)));
        let range_style = Style {
            bare: same,
            ..style
        };
        (
            self.quantity(value, unit, style),
            self.range(allowed, range_style),
            excess,
        )
    }

    /// The range in words; `None` where the allowed isn't one.
    pub(super) fn range_alone(&self, allowed: &Allowed) -> Option<String> {
        self.range(allowed, alone(bounds(allowed).1.unwrap_or_default()))
    }

    fn looks_like_a_bound(&self, value: f64, unit: Unit, allowed: &Allowed, style: Style) -> bool {
        let text = self.quantity(value, unit, style);
        let told_alike = |bound: f64| value != bound && text == self.quantity(bound, unit, style);
        match allowed {
            Allowed::AtMost { max, .. } => told_alike(*max),
            Allowed::AtLeast { min, .. } => told_alike(*min),
            Allowed::Between { min, max, .. } => told_alike(*min) || told_alike(*max),
            Allowed::OneOf { .. } | Allowed::Pattern { .. } | Allowed::NotBefore { .. } => false,
        }
    }

    fn range(&self, allowed: &Allowed, style: Style) -> Option<String> {
        Some(match (self.lang, allowed) {
            (Lang::Es, Allowed::AtMost { max, unit }) => {
                format!("{} como máximo", self.quantity(*max, *unit, style))
            }
            (Lang::En, Allowed::AtMost { max, unit }) => {
                format!("at most {}", self.quantity(*max, *unit, style))
            }
            (Lang::Es, Allowed::AtLeast { min, unit }) => {
                format!("{} como mínimo", self.quantity(*min, *unit, style))
            }
            (Lang::En, Allowed::AtLeast { min, unit }) => {
                format!("at least {}", self.quantity(*min, *unit, style))
            }
            (lang, Allowed::Between { min, max, unit }) if min == max => {
                let exact = self.quantity(*max, *unit, style);
                format!("{} {exact}", lang.pick("exactamente", "exactly"))
            }
            (
                lang,
                Allowed::Between {
                    min,
                    max,
                    unit: Unit::Ratio,
                },
            ) if max - min < 0.01 * max => {
                let middle = self.near_ratio((min + max) / 2.0);
                format!("{} {middle}", lang.pick("más o menos", "about"))
            }
            (lang, Allowed::Between { min, max, unit }) => {
                let upper = self.quantity(*max, *unit, style);
                let lower = match word::noun(*unit, false, lang) {
                    Some(_) => self.number(*min, 2 + style.extra),
                    None => without_shared_unit(self.quantity(*min, *unit, style), &upper),
                };
                match lang {
                    Lang::Es => format!("entre {lower} y {upper}"),
                    Lang::En => format!("between {lower} and {upper}"),
                }
            }
            (_, Allowed::OneOf { .. } | Allowed::Pattern { .. } | Allowed::NotBefore { .. }) => {
                return None;
            }
        })
    }

    fn quantity(&self, value: f64, unit: Unit, style: Style) -> String {
        let decimals = 2 + style.extra;
        match unit {
            Unit::Bytes if style.extra >= EXACT_BYTES => {
                format!("{} bytes", self.number(value, 0))
            }
            Unit::Bytes => self.bytes_in(value, style.binary, 1 + style.extra),
            Unit::Milliseconds => self.duration_to(value, style.extra),
            Unit::Seconds => self.duration_to(value * 1e3, style.extra),
            Unit::Minutes => self.duration_to(value * 6e4, style.extra),
            // Creators know 1080 and 1920 as names, so pixels aren't grouped.
            Unit::Pixels => format!("{} px", pixels(value)),
            Unit::FramesPerSecond => format!("{} fps", self.number(value, decimals)),
            Unit::Ratio => self.ratio(value),
            Unit::BitsPerSecond => {
                self.scaled(value, 1e3, ["bps", "kbps", "Mbps", "Gbps"], 1 + style.extra)
            }
            Unit::Hertz => self.scaled(value, 1e3, ["Hz", "kHz", "MHz"], 1 + style.extra),
            Unit::Revision => {
                let version = self.lang.pick("versión", "version");
                format!("{version} {}", self.number(value, 0))
            }
            Unit::Plain
            | Unit::Utf16
            | Unit::CodePoints
            | Unit::Levels
            | Unit::AudioChannels
            | Unit::Items
            | Unit::Hashtags
            | Unit::Mentions
            | Unit::Accounts
            | Unit::Posts
            | Unit::Pieces
            | Unit::Entries
            | Unit::Cells => {
                let number = self.number(value, decimals);
                match word::noun(unit, value == 1.0, self.lang) {
                    Some(noun) if !style.bare => format!("{number} {noun}"),
                    _ => number,
                }
            }
        }
    }
}

/// What is left over is small: it is told in its own size, a byte as a byte.
fn excess_style(style: Style) -> Style {
    Style {
        extra: style.extra.min(EXACT_BYTES - 1),
        ..style
    }
}

/// `lower` without its unit where `upper` ends in the same: from `23 fps` to `60 fps`, `23`.
fn without_shared_unit(lower: String, upper: &str) -> String {
    match (lower.split_once(' '), upper.split_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => number.to_owned(),
        _ => lower,
    }
}

/// A length in whole pixels.
fn pixels(value: f64) -> String {
    let sign = if value <= -0.5 { "-" } else { "" };
    format!("{sign}{}", rounded(value.abs(), 0).0)
}

/// The style of a number that isn't held against another.
fn alone(value: f64) -> Style {
    Style {
        binary: is_binary(value),
        ..Style::default()
    }
}

/// The unit of a range, and the bound that decides its writing: the upper one where there is one.
fn bounds(allowed: &Allowed) -> (Option<Unit>, Option<f64>) {
    match allowed {
        Allowed::AtMost { max, unit } | Allowed::Between { max, unit, .. } => {
            (Some(*unit), Some(*max))
        }
        Allowed::AtLeast { unit, .. } => (Some(*unit), None),
        Allowed::OneOf { .. } | Allowed::Pattern { .. } | Allowed::NotBefore { .. } => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Zone;

    const ES: Formatter = Formatter::new(Lang::Es, Zone::UTC);
    const EN: Formatter = Formatter::new(Lang::En, Zone::UTC);

    fn compare(value: f64, unit: Unit, allowed: &Allowed) -> (String, String, String) {
        let (measured, range, excess) = ES.compared(value, unit, allowed);
        (
            measured,
            range.unwrap_or_default(),
            excess.unwrap_or_default(),
        )
    }

    #[test]
    fn every_counted_unit_has_a_singular_and_a_plural() {
        for (unit, one, two) in [
            (Unit::Utf16, "1 carácter", "2 caracteres"),
            (Unit::CodePoints, "1 carácter", "2 caracteres"),
            (Unit::Levels, "1 nivel", "2 niveles"),
            (
                Unit::AudioChannels,
                "1 canal de sonido",
                "2 canales de sonido",
            ),
            (Unit::Items, "1 archivo", "2 archivos"),
            (Unit::Hashtags, "1 hashtag", "2 hashtags"),
            (Unit::Mentions, "1 mención", "2 menciones"),
            (Unit::Accounts, "1 cuenta", "2 cuentas"),
            (Unit::Posts, "1 publicación", "2 publicaciones"),
            (Unit::Pieces, "1 pieza", "2 piezas"),
            (Unit::Entries, "1 entrada", "2 entradas"),
            (Unit::Cells, "1 celda", "2 celdas"),
        ] {
            assert_eq!(ES.measure(&Measure::number(1, unit)), one);
            assert_eq!(ES.measure(&Measure::number(2, unit)), two);
        }
        assert_eq!(EN.measure(&Measure::number(0, Unit::Entries)), "0 entries");
    }

    #[test]
    fn symbols_follow_their_number() {
        for (value, unit, es) in [
            (29.97, Unit::FramesPerSecond, "29,97 fps"),
            (1080.0, Unit::Pixels, "1080 px"),
            (25e6, Unit::BitsPerSecond, "25 Mbps"),
            (44_100.0, Unit::Hertz, "44,1 kHz"),
            (0.8, Unit::Ratio, "4:5"),
            (90.0, Unit::Seconds, "1 min 30 s"),
            (180.0, Unit::Minutes, "3 h"),
            (3.0, Unit::Revision, "versión 3"),
        ] {
            assert_eq!(ES.measure(&Measure::number(value, unit)), es);
        }
    }

    #[test]
    fn a_value_and_its_bound_can_be_told_apart() {
        let eight = Allowed::at_most(8_000_000, Unit::Bytes);
        assert_eq!(
            compare(8_000_001.0, Unit::Bytes, &eight),
            (
                "8.000.001 bytes".to_owned(),
                "8.000.000 bytes como máximo".to_owned(),
                "1 byte".to_owned()
            )
        );
        let binary = Allowed::at_most(8_388_608, Unit::Bytes);
        assert_eq!(compare(9_000_000.0, Unit::Bytes, &binary).0, "8,6 MiB");
        let quarter = Allowed::between(3, 900, Unit::Seconds);
        assert_eq!(
            compare(900.001, Unit::Seconds, &quarter).0,
            "15 min 0,001 s"
        );
        let (measured, range, _) = compare(900.4, Unit::Seconds, &quarter);
        assert_eq!(measured, "15 min 0,4 s");
        assert_eq!(range, "entre 3 s y 15 min");
    }

    #[test]
    fn the_noun_is_said_once() {
        let (measured, range, excess) =
            compare(31.0, Unit::Hashtags, &Allowed::at_most(30, Unit::Hashtags));
        assert_eq!(measured, "31 hashtags");
        assert_eq!(range, "30 como máximo");
        assert_eq!(excess, "1 hashtag");
    }

    #[test]
    fn ranges_and_choices() {
        assert_eq!(
            ES.allowed(&Allowed::between(2, 10, Unit::Items)),
            "entre 2 y 10 archivos"
        );
        assert_eq!(
            EN.allowed(&Allowed::at_least(3, Unit::Seconds)),
            "at least 3 s"
        );
        assert_eq!(
            EN.allowed(&Allowed::between(23, 60, Unit::FramesPerSecond)),
            "between 23 and 60 fps"
        );
        assert_eq!(
            EN.allowed(&Allowed::between(10, 10, Unit::Cells)),
            "exactly 10 cells"
        );
        assert_eq!(
            ES.allowed(&Allowed::one_of(["tiktok", "instagram"])),
            "TikTok o Instagram"
        );
    }
}
