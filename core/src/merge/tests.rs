//! What a person may rely on when a calendar is generated again.

use proptest::prelude::*;

use super::*;
use crate::model::{CalendarEntry, CalendarId, CalendarPiece, EntryId, deterministic_uuid};

const TITLES: [&str; 4] = [
    "Pan de masa madre",
    "Taller de verano",
    "Pieza",
    "Nuestro equipo",
];
const COPIES: [&str; 4] = [
    "",
    "Hoy horneamos pan con harina integral y mucha paciencia",
    "Apúntate al taller del sábado, quedan pocas plazas",
    "Conoce a quienes abren la tienda cada mañana",
];
const TAGS: [&str; 5] = ["pan", "#taller", "verano", "#Pan", "equipo"];

fn calendar_id() -> CalendarId {
    CalendarId::new(deterministic_uuid(&["calendar"]))
}

fn entry_id(number: usize) -> EntryId {
    EntryId::new(deterministic_uuid(&["test", &number.to_string()]))
}

/// A piece without an id.
fn a_piece() -> impl Strategy<Value = CalendarPiece> {
    let words = (
        0..TITLES.len(),
        0..COPIES.len(),
        any::<bool>(),
        any::<bool>(),
    );
    let slot = (1..=28_u32, 7..22_u32);
    let tags = prop::collection::vec(0..TAGS.len(), 0..4);
    let mood = prop::option::of(0..3_u8);
    (words, slot, tags, mood).prop_map(|((title, copy, tiktok, reel), (day, hour), tags, mood)| {
        let mut piece = serde_json::json!({
            "title": TITLES[title],
            "copy": COPIES[copy],
            "channel": if tiktok { "tiktok" } else { "instagram" },
            "format": if reel { "reel" } else { "carousel" },
            "date": format!("2026-04-{day:02}"),
            "time": format!("{hour:02}:00"),
            "hashtags": tags.into_iter().map(|tag| TAGS[tag]).collect::<Vec<_>>(),
        });
        if let Some(mood) = mood {
            piece["mood"] = mood.into();
        }
        serde_json::from_value(piece).unwrap()
    })
}

/// A calendar as it was generated: every piece with the id of its entry.
fn generated() -> impl Strategy<Value = Vec<KeyedPiece>> {
    prop::collection::vec(a_piece(), 0..8).prop_map(|pieces| {
        let pieces = pieces.into_iter().enumerate();
        pieces
            .map(|(number, mut piece)| {
                piece.id = Some(entry_id(number));
                piece.into()
            })
            .collect()
    })
}

fn entries(pieces: &[KeyedPiece]) -> Vec<CalendarEntry> {
    let pieces = pieces.iter().map(|keyed| keyed.piece.clone());
    pieces
        .map(|piece| CalendarEntry::new(piece.id.unwrap(), calendar_id(), piece))
        .collect()
}

/// What one side did to a calendar: for each piece, nothing, a deletion, or other fields.
fn edits() -> impl Strategy<Value = Vec<(u8, CalendarPiece)>> {
    prop::collection::vec((0..8_u8, a_piece()), 8)
}

fn edit(base: &[KeyedPiece], edits: &[(u8, CalendarPiece)]) -> Vec<KeyedPiece> {
    let mut side = Vec::new();
    for (keyed, (what, other)) in base.iter().zip(edits) {
        let mut piece = keyed.piece.clone();
        match what {
            0 => continue,
            1 => piece.title.clone_from(&other.title),
            2 => piece.copy.clone_from(&other.copy),
            3 => (piece.date, piece.time) = (other.date, other.time),
            4 => piece.hashtags.clone_from(&other.hashtags),
            5 => piece.extra.clone_from(&other.extra),
            _ => {}
        }
        side.push(piece.into());
    }
    side
}

fn request(base: &[KeyedPiece], mine: Vec<CalendarEntry>, theirs: &[KeyedPiece]) -> MergeRequest {
    MergeRequest {
        calendar_id: calendar_id(),
        base: base.to_vec(),
        mine,
        theirs: theirs.to_vec(),
        complete: true,
        frozen: Vec::new(),
    }
}

fn merged(request: MergeRequest) -> MergedCalendar {
    apply(plan(request).unwrap(), &MergeChoices::ALL).unwrap()
}

/// Contents without ids and spelling, in one order.
fn contents<'a>(pieces: impl Iterator<Item = &'a CalendarPiece>) -> Vec<String> {
    let mut contents: Vec<String> = pieces
        .map(|piece| {
            let mut piece = piece.clone();
            piece.id = None;
            piece
                .hashtags
                .iter_mut()
                .for_each(|tag| *tag = tags::tag_key(tag));
            serde_json::to_string(&piece).unwrap()
        })
        .collect();
    contents.sort();
    contents
}

/// The same pieces as an AI delivers them: without ids.
fn anonymous(pieces: &[KeyedPiece]) -> Vec<KeyedPiece> {
    let mut pieces = pieces.to_vec();
    pieces.iter_mut().for_each(|keyed| keyed.piece.id = None);
    pieces
}

proptest! {
    #[test]
    fn a_regeneration_that_changes_nothing_changes_nothing(
        base in generated(), edits in edits(), named in any::<bool>(),
    ) {
        let mine = entries(&edit(&base, &edits));
        let theirs = if named { base.clone() } else { anonymous(&base) };
        let plan = plan(request(&base, mine.clone(), &theirs)).unwrap();
        // Without ids, pieces with the same text can't always be told apart once one has gone.
        if named {
            prop_assert_eq!(&plan.changes, &vec![]);
        }
        prop_assert_eq!(apply(plan, &MergeChoices::NONE).unwrap().entries, mine);
    }

    #[test]
    fn without_edits_the_regeneration_is_taken_whole(
        base in generated(), edits in edits(), added in prop::collection::vec(a_piece(), 0..4),
        named in any::<bool>(),
    ) {
        let mut theirs = edit(&base, &edits);
        theirs.extend(added.into_iter().map(KeyedPiece::from));
        if !named {
            theirs = anonymous(&theirs);
        }
        let merged = merged(request(&base, entries(&base), &theirs));
        prop_assert_eq!(
            contents(merged.entries.iter().map(|entry| &entry.piece)),
            contents(theirs.iter().map(|keyed| &keyed.piece))
        );
    }

    #[test]
    fn no_manual_edit_is_lost(
        base in generated(), by_hand in edits(), by_ai in edits(), named in any::<bool>(),
    ) {
        let mine = entries(&edit(&base, &by_hand));
        let mut theirs = edit(&base, &by_ai);
        if !named {
            theirs = anonymous(&theirs);
        }
        let merged = merged(request(&base, mine.clone(), &theirs));
        for entry in &mine {
            let base = base.iter().find(|keyed| keyed.piece.id == Some(entry.id)).unwrap();
            let after = merged.entries.iter().find(|other| other.id == entry.id);
            let (before, edited) = (&base.piece, &entry.piece);
            if before == edited {
                continue;
            }
            let after = &after.expect("an edited entry stays").piece;
            if before.title != edited.title {
                prop_assert_eq!(&after.title, &edited.title);
            }
            if before.copy != edited.copy {
                prop_assert_eq!(&after.copy, &edited.copy);
            }
            if (before.date, before.time) != (edited.date, edited.time) {
                prop_assert_eq!((after.date, after.time), (edited.date, edited.time));
            }
            if before.extra != edited.extra {
                prop_assert_eq!(&after.extra, &edited.extra);
            }
            let keys = |tags: &[String]| -> Vec<String> {
                tags.iter().map(|tag| tags::tag_key(tag)).collect()
            };
            for tag in keys(&edited.hashtags) {
                let added = !keys(&before.hashtags).contains(&tag);
                prop_assert!(!added || keys(&after.hashtags).contains(&tag), "lost {}", tag);
            }
            for tag in keys(&before.hashtags) {
                let dropped = !keys(&edited.hashtags).contains(&tag);
                prop_assert!(!dropped || !keys(&after.hashtags).contains(&tag), "back: {}", tag);
            }
        }
    }

    #[test]
    fn the_same_sides_give_the_same_plan(
        base in generated(), by_hand in edits(), by_ai in edits(),
    ) {
        let theirs = anonymous(&edit(&base, &by_ai));
        let request = request(&base, entries(&edit(&base, &by_hand)), &theirs);
        prop_assert_eq!(plan(request.clone()).unwrap(), plan(request).unwrap());
    }

    #[test]
    fn merging_a_second_time_brings_nothing_new(
        base in generated(), by_hand in edits(), by_ai in edits(),
    ) {
        let theirs = edit(&base, &by_ai);
        let first = merged(request(&base, entries(&edit(&base, &by_hand)), &theirs));
        // What was generated last is now what was just merged.
        let again = plan(request(&theirs, first.entries, &theirs)).unwrap();
        prop_assert_eq!(again.changes, vec![]);
    }

    #[test]
    fn a_diff_is_empty_exactly_where_nothing_changed(base in generated(), by_ai in edits()) {
        prop_assert!(diff(&base, &anonymous(&base)).unwrap().is_empty());
        let after = edit(&base, &by_ai);
        let diff = diff(&base, &after).unwrap();
        prop_assert_eq!(diff.removed.len(), base.len() - after.len());
        prop_assert_eq!(diff.added, vec![]);
        for update in diff.updated {
            prop_assert_eq!(update.before.id, update.after.id);
            prop_assert!(!update.fields.is_empty());
        }
    }
}

#[test]
fn ten_thousand_alike_pieces_are_paired_in_bounded_time() {
    let piece = |day: i64, title: &str| -> KeyedPiece {
        let date =
            chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(day as u64);
        let piece: CalendarPiece = serde_json::from_value(serde_json::json!({
            "title": title, "copy": "El consejo de hoy", "channel": "tiktok", "date": date.to_string(),
        }))
        .unwrap();
        piece.into()
    };
    let before: Vec<_> = (0..10_000).map(|day| piece(day, "Consejo")).collect();
    let moved: Vec<_> = (0..10_000)
        .map(|day| piece(day + 20_000, "Consejo"))
        .collect();
    let renamed: Vec<_> = (0..10_000)
        .map(|day| piece(day, &format!("Consejo {day}")))
        .collect();
    for after in [moved, renamed] {
        let diff = diff(&before, &after).unwrap();
        assert_eq!((diff.added.len(), diff.removed.len()), (0, 0));
        assert_eq!(diff.updated.len(), 10_000);
    }
}

#[test]
fn what_a_broken_off_regeneration_did_not_bring_is_known_to_the_next() {
    let piece = |title: &str, day: u32| -> KeyedPiece {
        let piece: CalendarPiece = serde_json::from_value(serde_json::json!({
            "title": title, "copy": title, "channel": "tiktok", "date": format!("2026-04-{day:02}"),
        }))
        .unwrap();
        piece.into()
    };
    let mut base = [piece("Pan", 2), piece("Riego", 10), piece("Yoga", 20)];
    for (number, keyed) in base.iter_mut().enumerate() {
        keyed.piece.id = Some(entry_id(number));
    }
    // Yoga was deleted by hand; only Pan arrived before the stream broke off.
    let mine = entries(&base[..2]);
    let cut = MergeRequest {
        complete: false,
        ..request(&base, mine.clone(), &anonymous(&base[..1]))
    };
    let cut = plan(cut).unwrap();
    assert_eq!(cut.changes, vec![]);
    let next = plan(request(&cut.next_base, mine, &anonymous(&base))).unwrap();
    assert_eq!(next.changes, vec![], "Yoga stays deleted, Riego stays");
}

#[test]
fn thousands_of_unknown_fields_are_merged_one_by_one() {
    let piece = |value: u8| -> KeyedPiece {
        let mut piece = serde_json::json!({
            "title": "Pan", "channel": "tiktok", "date": "2026-04-02", "id": entry_id(0),
        });
        for number in 0..20_000 {
            piece[format!("field {number}")] = value.into();
        }
        serde_json::from_value::<CalendarPiece>(piece)
            .unwrap()
            .into()
    };
    let base = [piece(0)];
    let plan = plan(request(&base, entries(&base), &[piece(1)])).unwrap();
    assert_eq!(plan.changes.len(), 20_000);
}
