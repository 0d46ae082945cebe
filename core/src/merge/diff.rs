//! What differs between two versions of a calendar, in the host's shape.

use super::field::changed_names;
use super::identity::{KeyedPiece, Subject, pair, refuse_duplicate_ids};
use crate::error::Error;
use crate::model::{CalendarDiff, PieceUpdate};

/// What changed from `before` to `after`.
///
/// Pieces are recognised by id, then by entry key, then by likeness (the same channel, a like title or
/// caption, the format, the distance in time), so that a piece that was moved or renamed is one
/// update, not one removal and one addition. The position (`order`), the id, and other spellings of
/// the same format or hashtag are no changes.
///
/// # Errors
/// [`Code::IdDuplicate`](crate::Code::IdDuplicate) where one side holds an id twice.
///
/// ```
/// use calendar_publish::merge::{KeyedPiece, diff};
///
/// let piece = |text| serde_json::from_str::<KeyedPiece>(text);
/// let before = piece(r#"{"piece":{"channel":"tiktok","title":"Pan","copy":"Hoy hay pan",
///     "date":"2026-04-02","time":"09:00"}}"#)?;
/// let after = piece(r#"{"piece":{"channel":"tiktok","title":"Pan","copy":"Hoy hay pan",
///     "date":"2026-04-03","time":"18:00"}}"#)?;
/// let diff = diff(&[before], &[after])?;
/// assert!(diff.added.is_empty() && diff.removed.is_empty());
/// assert_eq!(diff.updated[0].fields, ["date", "time"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn diff(before: &[KeyedPiece], after: &[KeyedPiece]) -> Result<CalendarDiff, Error> {
    let old: Vec<Subject<'_>> = before.iter().map(Subject::from).collect();
    let new: Vec<Subject<'_>> = after.iter().map(Subject::from).collect();
    refuse_duplicate_ids(old.iter().copied(), |i| format!("before[{i}].piece.id"))?;
    refuse_duplicate_ids(new.iter().copied(), |i| format!("after[{i}].piece.id"))?;
    let mut is_new = vec![true; new.len()];
    let mut diff = CalendarDiff::default();
    for (old, partner) in old.iter().zip(pair(&old, &new)) {
        let before = old.piece;
        let Some((after, is_new)) = partner.and_then(|i| new.get(i).zip(is_new.get_mut(i))) else {
            diff.removed.push(before.clone());
            continue;
        };
        *is_new = false;
        let fields = changed_names(before, after.piece);
        if !fields.is_empty() {
            diff.updated.push(PieceUpdate {
                before: before.clone(),
                after: after.piece.clone(),
                fields,
            });
        }
    }
    let added = new.iter().zip(is_new).filter(|(_, is_new)| *is_new);
    diff.added = added.map(|(subject, _)| subject.piece.clone()).collect();
    Ok(diff)
}
