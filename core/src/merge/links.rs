//! Which pieces of the three sides are the same.

use super::change::MergeRequest;
use super::identity::{Subject, pair};

/// Which piece of the base and which of the regeneration a saved entry is.
#[derive(Clone, Copy, Default)]
pub(super) struct Link {
    pub(super) base: Option<usize>,
    pub(super) theirs: Option<usize>,
}

pub(super) struct Links {
    /// For each saved entry.
    pub(super) mine: Vec<Link>,
    /// Pieces of the base that no saved entry is, with the regenerated piece that each is.
    pub(super) deleted: Vec<(usize, usize)>,
    /// Regenerated pieces that are nothing else.
    pub(super) added: Vec<usize>,
    /// Pieces of the base that no regenerated piece is, with the saved entry that each is.
    pub(super) gone: Vec<(usize, Option<usize>)>,
}

impl Links {
    pub(super) fn new(request: &MergeRequest) -> Self {
        let mine: Vec<Subject<'_>> = request.mine.iter().map(Subject::from).collect();
        let theirs: Vec<Subject<'_>> = request.theirs.iter().map(Subject::from).collect();
        let mut base: Vec<Subject<'_>> = request.base.iter().map(Subject::from).collect();
        let mut links = vec![Link::default(); mine.len()];
        let saved = pair(&base, &mine);
        for (index, (base, entry)) in base.iter_mut().zip(&saved).enumerate() {
            let Some((entry, link)) = entry.and_then(|i| mine.get(i).zip(links.get_mut(i))) else {
                continue;
            };
            link.base = Some(index);
            // What the entry is called now also names the piece it came from.
            base.id = base.id.or(entry.id);
            base.key = base.key.or(entry.key);
        }
        let mut deleted = Vec::new();
        let mut gone = Vec::new();
        let mut is_new = vec![true; theirs.len()];
        for (index, (entry, regenerated)) in saved.iter().zip(pair(&base, &theirs)).enumerate() {
            let Some((regenerated, is_new)) =
                regenerated.and_then(|i| Some((i, is_new.get_mut(i)?)))
            else {
                gone.push((index, *entry));
                continue;
            };
            *is_new = false;
            match entry.and_then(|i| links.get_mut(i)) {
                Some(link) => link.theirs = Some(regenerated),
                None => deleted.push((index, regenerated)),
            }
        }
        // A regeneration that started from the saved calendar is like it, not like the base; and a
        // piece that both sides added is in no base.
        let free = |link: &Link| link.theirs.is_none();
        let rest_mine: Vec<usize> = indices(links.iter().map(free));
        let rest_theirs: Vec<usize> = indices(is_new.iter().copied());
        let old: Vec<_> = rest_mine
            .iter()
            .filter_map(|i| mine.get(*i).copied())
            .collect();
        let new: Vec<_> = rest_theirs
            .iter()
            .filter_map(|i| theirs.get(*i).copied())
            .collect();
        for (entry, regenerated) in rest_mine.iter().zip(pair(&old, &new)) {
            let regenerated = regenerated.and_then(|i| rest_theirs.get(i)).copied();
            if let Some((i, link)) = regenerated.zip(links.get_mut(*entry)) {
                link.theirs = Some(i);
                if let Some(is_new) = is_new.get_mut(i) {
                    *is_new = false;
                }
            }
        }
        let regenerated = |entry: usize| links.get(entry).is_some_and(|link| link.theirs.is_some());
        gone.retain(|(_, entry)| !entry.is_some_and(regenerated));
        Self {
            mine: links,
            deleted,
            gone,
            added: indices(is_new.into_iter()),
        }
    }
}

fn indices(flags: impl Iterator<Item = bool>) -> Vec<usize> {
    let flagged = flags.enumerate().filter(|(_, flag)| *flag);
    flagged.map(|(index, _)| index).collect()
}
