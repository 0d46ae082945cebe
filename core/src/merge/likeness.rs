//! How alike two pieces are, from their words, their format and their dates.
//!
//! All numbers are integers, so that every machine ranks the same pairs in the same order.

use crate::model::{CalendarPiece, DEFAULT_TITLE};

/// The likeness of a piece with itself.
const MAX: u64 = 1000;
/// Pieces less alike than this are different pieces. Text weighs 750, the date 200 and the format
/// 50, so that the same text is recognised on any date, and the same date never stands in for text.
pub(super) const ALIKE: u64 = 600;
const TEXT_WEIGHT: u64 = 750;
const DATE_WEIGHT: u64 = 200;
const FORMAT_WEIGHT: u64 = 50;
/// Two weeks: from here on the distance in time says nothing more.
const FAR_MINUTES: u64 = 14 * 24 * 60;
/// A caption is recognised by its beginning, and a huge one costs no more than a long one.
const MAX_WORDS: usize = 64;

/// What is compared of a piece.
pub(super) struct Profile<'a> {
    pub(super) piece: &'a CalendarPiece,
    /// Hashes of the words of the title, sorted, each once; empty where the title says nothing.
    pub(super) title: Vec<u64>,
    /// Hashes of the first words of the caption, sorted, each once.
    pub(super) copy: Vec<u64>,
}

impl<'a> Profile<'a> {
    pub(super) fn new(piece: &'a CalendarPiece) -> Self {
        // The host's default title stands on every piece that had none: it tells nothing apart.
        let title = match piece.title.as_str() {
            DEFAULT_TITLE => Vec::new(),
            title => words(title),
        };
        Self {
            piece,
            title,
            copy: words(&piece.copy),
        }
    }
}

/// From 0 (nothing in common) to 1000 (the same text, format, date and time).
pub(super) fn likeness(a: &Profile<'_>, b: &Profile<'_>) -> u64 {
    let title = overlap(&a.title, &b.title);
    let copy = overlap(&a.copy, &b.copy);
    let text = match (title, copy) {
        // A renamed piece keeps its caption and a rewritten one its title: the better half decides.
        (Some(title), Some(copy)) => (title.max(copy) * 7 + title.min(copy) * 3) / 10,
        (Some(known), None) | (None, Some(known)) => known,
        (None, None) => 0,
    };
    let near = FAR_MINUTES.saturating_sub(minutes_apart(a.piece, b.piece));
    let format = if a.piece.format.kind() == b.piece.format.kind() {
        FORMAT_WEIGHT
    } else {
        0
    };
    text * TEXT_WEIGHT / MAX + DATE_WEIGHT * near / FAR_MINUTES + format
}

/// Minutes between two pieces on the wall clock.
pub(super) fn minutes_apart(a: &CalendarPiece, b: &CalendarPiece) -> u64 {
    let apart = a.time.on(a.date) - b.time.on(b.date);
    apart.num_minutes().unsigned_abs()
}

/// Twice the shared words over all words (the Sørensen–Dice coefficient); `None` where neither side
/// has any.
fn overlap(a: &[u64], b: &[u64]) -> Option<u64> {
    let all = (a.len() + b.len()) as u64;
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut shared = 0;
    while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
        let order = left.cmp(right);
        if order.is_le() {
            a.next();
        }
        if order.is_ge() {
            b.next();
        }
        if order.is_eq() {
            shared += 1;
        }
    }
    (2 * MAX * shared).checked_div(all)
}

/// The first words of a text as hashes, sorted, each once. Scripts that put no space between words
/// are read character by character.
fn words(text: &str) -> Vec<u64> {
    let mut words = Vec::new();
    let mut word = Fnv::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        let unspaced = character >= '\u{2E80}';
        if !word.is_empty() && (unspaced || !character.is_alphanumeric()) {
            words.push(std::mem::replace(&mut word, Fnv::new()).hash());
        }
        if character.is_alphanumeric() {
            word.add(character);
        }
        if words.len() >= MAX_WORDS {
            break;
        }
    }
    if !word.is_empty() {
        words.push(word.hash());
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// FNV-1a over code points. The hash decides in which order rare words are tried, so it must be the
/// same in every build, which the standard library's hashers don't promise.
struct Fnv(u64);

impl Fnv {
    const START: u64 = 0xcbf2_9ce4_8422_2325;

    const fn new() -> Self {
        Self(Self::START)
    }

    const fn is_empty(&self) -> bool {
        self.0 == Self::START
    }

    const fn add(&mut self, character: char) {
        self.0 = (self.0 ^ character as u64).wrapping_mul(0x0000_0100_0000_01b3);
    }

    const fn hash(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(title: &str, copy: &str, date: &str) -> CalendarPiece {
        serde_json::from_value(serde_json::json!({
            "title": title, "copy": copy, "channel": "tiktok", "format": "video", "date": date,
        }))
        .unwrap()
    }

    fn likeness_of(a: (&str, &str, &str), b: (&str, &str, &str)) -> u64 {
        let (a, b) = (piece(a.0, a.1, a.2), piece(b.0, b.1, b.2));
        let forward = likeness(&Profile::new(&a), &Profile::new(&b));
        let back = likeness(&Profile::new(&b), &Profile::new(&a));
        assert_eq!(forward, back, "likeness has no direction");
        forward
    }

    const BREAD: (&str, &str, &str) = (
        "Pan de masa madre",
        "Hoy horneamos pan de masa madre con harina integral",
        "2026-04-02",
    );

    #[test]
    fn a_piece_is_most_like_itself() {
        assert_eq!(likeness_of(BREAD, BREAD), MAX);
    }

    #[test]
    fn the_same_text_is_alike_on_any_date() {
        assert!(likeness_of(BREAD, (BREAD.0, BREAD.1, "2027-04-02")) >= ALIKE);
    }

    #[test]
    fn a_new_title_over_the_same_caption_is_alike() {
        assert!(likeness_of(BREAD, ("Receta estrella", BREAD.1, BREAD.2)) >= ALIKE);
    }

    #[test]
    fn a_new_caption_under_the_same_title_is_alike_nearby() {
        let rewritten = "¿Sabías que la fermentación lenta mejora el sabor?";
        assert!(likeness_of(BREAD, (BREAD.0, rewritten, "2026-04-03")) >= ALIKE);
    }

    #[test]
    fn another_text_in_the_same_slot_is_not_alike() {
        let other = (
            "Nuestro equipo",
            "Conoce a quienes abren la tienda",
            BREAD.2,
        );
        assert!(likeness_of(BREAD, other) < ALIKE);
    }

    #[test]
    fn the_default_title_tells_nothing() {
        let one = ("Pieza", "Abrimos el lunes", "2026-04-02");
        let other = ("Pieza", "Nueva carta de verano", "2026-04-02");
        assert!(likeness_of(one, other) < ALIKE);
    }

    #[test]
    fn scripts_without_spaces_are_compared_by_character() {
        assert!(words("新しいパン").len() == 5);
        assert_eq!(words("Pan, PAN; ¡pan!").len(), 1);
    }
}
