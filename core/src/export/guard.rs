//! The guard against spreadsheet formulas, and its exact reversal.
//!
//! A spreadsheet may run a cell that begins with `=`, `+`, `-`, `@`, a tab, CR or LF, or with the
//! full-width forms `＝`, `＋`, `－`, `＠` (OWASP Web Security Testing Guide, Testing for CSV
//! Injection, read 2026-11-21); NUL is on the list of OWASP ASVS, 1.2.10. White space before them is
//! passed over by some spreadsheets. Such a cell gets an apostrophe in front, which spreadsheets read
//! as "this is text". The guide warns that Excel may drop the apostrophe when it saves the file: the
//! guard protects whoever opens an export, not whoever opens what Excel made of it.
//!
//! So that the guard can be taken off again, a cell that looks guarded already gets one more, and
//! only what looks guarded loses one: an apostrophe before ordinary text (`'tis`) is ordinary text.

const GUARD: char = '\'';

/// `cell` as it is written. `scratch` is used only where the cell must change.
pub(super) fn guard<'a>(cell: &'a str, scratch: &'a mut String) -> &'a str {
    if !is_risky(cell) {
        return cell;
    }
    scratch.clear();
    scratch.push(GUARD);
    scratch.push_str(cell);
    scratch
}

/// The cell that was written as `written`.
///
/// A lone apostrophe is a text that is there and empty.
pub(crate) fn unguard(written: &str) -> &str {
    match written.strip_prefix(GUARD) {
        Some(cell) if cell.is_empty() || is_risky(cell) => cell,
        _ => written,
    }
}

/// How an optional text that is there and empty is written, so that it differs from one that isn't.
pub(super) const EMPTY_TEXT: &str = "'";

/// Whether the guard must stand before `cell`.
///
/// For the reversal to be exact, a risky cell must stay risky behind an apostrophe; that is why
/// apostrophes are passed over here and why a cell of nothing but apostrophes is risky.
fn is_risky(cell: &str) -> bool {
    match cell.as_bytes().first() {
        // Letters, digits and `#` begin nearly every cell.
        None => false,
        Some(b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'#' | b'{') => false,
        Some(_) => {
            let begin = cell
                .trim_start_matches(|c: char| c == GUARD || (c.is_whitespace() && !is_trigger(c)));
            match begin.chars().next() {
                Some(first) => is_trigger(first),
                None => cell.chars().all(|c| c == GUARD),
            }
        }
    }
}

const fn is_trigger(c: char) -> bool {
    matches!(
        c,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trigger_of_owasp_is_guarded() {
        for cell in [
            "=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx", "\nx", "\0x", "＝1", "＋1", "－1", "＠x",
        ] {
            let mut scratch = String::new();
            assert_eq!(guard(cell, &mut scratch), format!("'{cell}"));
            let mut scratch = String::new();
            let after_space = format!(" \u{a0}{cell}");
            assert_eq!(guard(&after_space, &mut scratch), format!("'{after_space}"));
        }
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for cell in [
            "",
            "Hola",
            "¡Hola!",
            "'tis",
            "' quoted '",
            "1-2",
            "#pan",
            " a=b",
            "ー",
        ] {
            assert_eq!(guard(cell, &mut String::new()), cell);
            assert_eq!(unguard(cell), cell);
        }
    }

    #[test]
    fn every_short_cell_comes_back() {
        let alphabet = ['\'', '=', ' ', 'a', '\t', '＝', '\n', '\u{a0}'];
        let mut cells = vec![String::new()];
        for length in 0..4 {
            for index in 0..cells.len() {
                if cells[index].chars().count() == length {
                    for c in alphabet {
                        let longer = format!("{}{c}", cells[index]);
                        cells.push(longer);
                    }
                }
            }
        }
        for cell in cells {
            let mut scratch = String::new();
            let written = guard(&cell, &mut scratch);
            assert_ne!(written, EMPTY_TEXT);
            assert_eq!(unguard(written), cell, "written as {written:?}");
        }
    }
}
