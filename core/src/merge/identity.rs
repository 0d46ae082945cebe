//! Which new piece an old piece is.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::likeness::{ALIKE, Profile, likeness, minutes_apart};
use crate::error::{Code, Error, Measure};
use crate::model::{CalendarEntry, CalendarPiece, EntryId};
use crate::order::sort_by_key;

/// A piece and the host's stable name for it, where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyedPiece {
    /// The host's `entry_key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_key: Option<String>,
    /// The piece; its `id` names the entry it is the payload of.
    pub piece: CalendarPiece,
}

impl From<CalendarPiece> for KeyedPiece {
    fn from(piece: CalendarPiece) -> Self {
        Self {
            entry_key: None,
            piece,
        }
    }
}

impl From<&CalendarEntry> for KeyedPiece {
    fn from(entry: &CalendarEntry) -> Self {
        let mut piece = entry.piece.clone();
        piece.id = Some(entry.id);
        Self {
            entry_key: entry.entry_key.clone(),
            piece,
        }
    }
}

/// What identity looks at.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) id: Option<EntryId>,
    pub(super) key: Option<&'a str>,
    pub(super) piece: &'a CalendarPiece,
}

impl<'a> From<&'a KeyedPiece> for Subject<'a> {
    fn from(keyed: &'a KeyedPiece) -> Self {
        Self {
            id: keyed.piece.id,
            key: keyed.entry_key.as_deref(),
            piece: &keyed.piece,
        }
    }
}

impl<'a> From<&'a CalendarEntry> for Subject<'a> {
    fn from(entry: &'a CalendarEntry) -> Self {
        Self {
            id: Some(entry.id),
            key: entry.entry_key.as_deref(),
            piece: &entry.piece,
        }
    }
}

/// Refuses an id that stands twice among `subjects`; `path` names the place of the second.
pub(super) fn refuse_duplicate_ids<'a>(
    subjects: impl IntoIterator<Item = Subject<'a>>,
    path: impl Fn(usize) -> String,
) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for (index, subject) in subjects.into_iter().enumerate() {
        if let Some(id) = subject.id
            && !seen.insert(id)
        {
            return Err(Error::new(Code::IdDuplicate)
                .at(path(index))
                .measured(Measure::text(id.to_string())));
        }
    }
    Ok(())
}

/// For each old subject, the index of the new one that it is.
///
/// A subject is paired once, by the first of these that fits: the same id; the same entry key; the
/// same text, date and time; the same text, where only one on each side has it; the greatest
/// likeness, from the threshold up; the same text, in order of time. Likeness never crosses channels:
/// the same text on both is two posts. Ties go to the nearer date, then to the earlier place.
///
/// The cost is bounded: a subject is compared with at most 96 others, those that share its title, its
/// date or its rarest words and lie nearest in time.
pub(super) fn pair(old: &[Subject<'_>], new: &[Subject<'_>]) -> Vec<Option<usize>> {
    let mut matcher = Matcher {
        old,
        new,
        partner: vec![None; old.len()],
        taken: vec![false; new.len()],
    };
    matcher.join(Join::InOrder, |subject| subject.id);
    matcher.join(Join::InOrder, |subject| subject.key);
    matcher.join(Join::InOrder, |subject| {
        let piece = subject.piece;
        Some((text(piece), piece.date, piece.time))
    });
    matcher.join(Join::OnlyUnique, |subject| Some(text(subject.piece)));
    matcher.by_likeness();
    matcher.join(Join::InOrder, |subject| Some(text(subject.piece)));
    matcher.partner
}

fn text(piece: &CalendarPiece) -> (crate::model::Channel, &str, &str) {
    (piece.channel, &piece.title, &piece.copy)
}

#[derive(Clone, Copy, PartialEq)]
enum Join {
    /// Subjects with equal keys are paired in order of time.
    InOrder,
    /// Only where exactly one subject on each side has the key.
    OnlyUnique,
}

struct Matcher<'s, 'a> {
    old: &'s [Subject<'a>],
    new: &'s [Subject<'a>],
    partner: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl<'s, 'a> Matcher<'s, 'a> {
    fn free_old(&self) -> impl Iterator<Item = (usize, &'s Subject<'a>)> {
        let subjects = self.old.iter().enumerate().zip(&self.partner);
        subjects.filter_map(|(subject, partner)| partner.is_none().then_some(subject))
    }

    fn free_new(&self) -> impl Iterator<Item = (usize, &'s Subject<'a>)> {
        let subjects = self.new.iter().enumerate().zip(&self.taken);
        subjects.filter_map(|(subject, taken)| (!taken).then_some(subject))
    }

    fn is_free(&self, old: usize, new: usize) -> bool {
        self.partner.get(old).is_some_and(Option::is_none)
            && self.taken.get(new).is_some_and(|taken| !taken)
    }

    fn marry(&mut self, old: usize, new: usize) {
        if let (Some(partner), Some(taken)) = (self.partner.get_mut(old), self.taken.get_mut(new)) {
            *partner = Some(new);
            *taken = true;
        }
    }

    /// Pairs free subjects whose keys are equal.
    fn join<K: Ord + Copy>(&mut self, how: Join, key: impl Fn(&'s Subject<'a>) -> Option<K>) {
        let keyed = |(index, subject): (usize, &'s Subject<'a>)| {
            key(subject).map(|key| (key, subject.piece.date, subject.piece.time, index))
        };
        let mut old: Vec<_> = self.free_old().filter_map(keyed).collect();
        let mut new: Vec<_> = self.free_new().filter_map(keyed).collect();
        sort_by_key(&mut old, |one| *one);
        sort_by_key(&mut new, |one| *one);
        let mut old = old.chunk_by(|a, b| a.0 == b.0).peekable();
        let mut new = new.chunk_by(|a, b| a.0 == b.0).peekable();
        while let (Some(&left), Some(&right)) = (old.peek(), new.peek()) {
            let order = left.first().map(|l| &l.0).cmp(&right.first().map(|r| &r.0));
            if order.is_eq() && (how == Join::InOrder || (left.len() == 1 && right.len() == 1)) {
                for (left, right) in left.iter().zip(right) {
                    self.marry(left.3, right.3);
                }
            }
            if order.is_le() {
                old.next();
            }
            if order.is_ge() {
                new.next();
            }
        }
    }

    /// Pairs the most alike first.
    fn by_likeness(&mut self) {
        let mut old: Vec<(usize, Profile<'a>)> = self
            .free_old()
            .map(|(index, subject)| (index, Profile::new(subject.piece)))
            .collect();
        sort_by_key(&mut old, |(index, profile)| {
            (profile.piece.date, profile.piece.time, *index)
        });
        let postings = Postings::new(&old);
        let mut likely = Vec::new();
        for (index, subject) in self.free_new() {
            let profile = Profile::new(subject.piece);
            for rank in postings.candidates(&old, &profile) {
                let Some((old_index, other)) = old.get(rank) else {
                    continue;
                };
                let likeness = likeness(other, &profile);
                if likeness >= ALIKE {
                    let apart = minutes_apart(other.piece, profile.piece);
                    likely.push((Reverse(likeness), apart, *old_index, index));
                }
            }
        }
        sort_by_key(&mut likely, |pair| *pair);
        for (_, _, old, new) in likely {
            if self.is_free(old, new) {
                self.marry(old, new);
            }
        }
    }
}

/// Which old subjects hold a word: (word, rank in order of time), sorted.
struct Postings(Vec<(u64, usize)>);

impl Postings {
    /// Rare words that are looked up for a subject.
    const RARE_WORDS: usize = 6;
    /// Neighbours in time that a word gives, on each side.
    const NEIGHBOURS: usize = 6;

    fn new(old: &[(usize, Profile<'_>)]) -> Self {
        let mut postings: Vec<(u64, usize)> = old
            .iter()
            .enumerate()
            .flat_map(|(rank, (_, profile))| {
                let [title, date] = marks(profile);
                let words = profile.title.iter().chain(&profile.copy);
                let words = words.map(|word| word ^ salt(profile));
                words.chain([title, date]).map(move |word| (word, rank))
            })
            .collect();
        postings.sort_unstable();
        postings.dedup();
        Self(postings)
    }

    fn of(&self, word: u64) -> &[(u64, usize)] {
        let start = self.0.partition_point(|(other, _)| *other < word);
        let tail = self.0.get(start..).unwrap_or_default();
        let length = tail.partition_point(|(other, _)| *other == word);
        tail.get(..length).unwrap_or_default()
    }

    /// The ranks that are worth a comparison, each once.
    fn candidates(&self, old: &[(usize, Profile<'_>)], profile: &Profile<'_>) -> Vec<usize> {
        let words = profile.title.iter().chain(&profile.copy);
        let mut rare: Vec<(usize, u64)> = words
            .map(|word| word ^ salt(profile))
            .map(|word| (self.of(word).len(), word))
            .filter(|(length, _)| *length > 0)
            .collect();
        sort_by_key(&mut rare, |word| *word);
        rare.dedup();
        rare.truncate(Self::RARE_WORDS);
        let when = profile.piece.time.on(profile.piece.date);
        let here = old.partition_point(|(_, other)| other.piece.time.on(other.piece.date) < when);
        let mut ranks: Vec<usize> = rare
            .into_iter()
            .map(|(_, word)| word)
            .chain(marks(profile))
            .flat_map(|word| {
                let list = self.of(word);
                let middle = list.partition_point(|(_, rank)| *rank < here);
                let from = middle.saturating_sub(Self::NEIGHBOURS);
                let to = middle.saturating_add(Self::NEIGHBOURS).min(list.len());
                list.get(from..to).unwrap_or_default()
            })
            .map(|(_, rank)| *rank)
            .collect();
        ranks.sort_unstable();
        ranks.dedup();
        ranks
    }
}

/// Keeps the words of the channels apart.
fn salt(profile: &Profile<'_>) -> u64 {
    (profile.piece.channel as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Two words that every piece has: its whole title, and its date.
fn marks(profile: &Profile<'_>) -> [u64; 2] {
    use chrono::Datelike;

    let title = profile.title.iter().fold(1_u64, |all, word| {
        all.rotate_left(5).wrapping_mul(31) ^ word
    });
    let day = profile.piece.date.naive().num_days_from_ce().unsigned_abs();
    [title, u64::from(day)].map(|mark| mark.wrapping_add(1) ^ salt(profile))
}
