//! What was read from any JSON, exported and read again, is the same; what wasn't read has a place.
#![no_main]

use calendar_publish::Code;
use calendar_publish::export::{ExportedEntry, JsonHead, export_json};
use calendar_publish::import::{JsonImportOptions, read_json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let import = match read_json(bytes, &JsonImportOptions::default()) {
        Ok(import) => import,
        Err(error) => {
            let of_the_whole = [Code::InputTooLarge, Code::FieldMissing];
            assert!(error.position.is_some() || of_the_whole.contains(&error.code));
            return;
        }
    };
    for error in import.refused.iter().flat_map(|refusal| &refusal.errors) {
        assert!(error.position.is_some());
    }
    let head = JsonHead {
        calendar_id: import.calendar_id,
        run_id: import.run_id,
        exported_at: import.exported_at,
    };
    let mut json = Vec::new();
    export_json(
        import.entries.iter().map(ExportedEntry::row),
        &head,
        &mut json,
    )
    .unwrap();
    let again = read_json(json.as_slice(), &JsonImportOptions::default()).unwrap();
    assert!(again.refused.is_empty());
    assert_eq!(again.entries, import.entries);
    assert_eq!(again.run_id, import.run_id);
    assert_eq!(again.exported_at, import.exported_at);
});
