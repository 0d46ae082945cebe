//! Every element of a list is read or refused, and what is read comes back when it is written.
#![no_main]

use calendar_publish::model::{CalendarPiece, read_pieces};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(reading) = read_pieces(input) else {
        return;
    };
    if let Ok(elements) = serde_json::from_slice::<Vec<&serde_json::value::RawValue>>(input) {
        assert_eq!(reading.pieces.len() + reading.refusals.len(), elements.len());
    }
    assert!(reading.refusals.iter().all(|refusal| !refusal.errors.is_empty()));

    let pieces: Vec<&CalendarPiece> = reading.pieces.iter().map(|read| &read.piece).collect();
    let written = serde_json::to_vec(&pieces).expect("a piece that was read can be written");
    let again = read_pieces(&written).expect("what was written can be read");
    assert!(again.refusals.is_empty());
    assert!(again.pieces.iter().map(|read| &read.piece).eq(pieces));
});
