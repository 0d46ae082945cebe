//! The nesting of a JSON text.

use crate::error::{Allowed, Code, Error, Measure, Unit};

/// Refuses a JSON text that is nested deeper than `max_levels`, with the place where it is.
///
/// Parsers of nested documents recurse; this look at the brackets alone doesn't.
pub(super) fn check_depth(json: &str, max_levels: u32) -> Result<(), Error> {
    let mut levels = 0_u32;
    let mut in_string = false;
    let mut escaped = false;
    for (place, byte) in json.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                levels += 1;
                if levels > max_levels {
                    let (line, column) = place_of(json, place);
                    return Err(Error::new(Code::InputTooDeep)
                        .measured(Measure::number(levels, Unit::Levels))
                        .allowed(Allowed::at_most(max_levels, Unit::Levels))
                        .positioned(line, column));
                }
            }
            b']' | b'}' => levels = levels.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Line and column, both from 1, of the byte at `place`.
fn place_of(text: &str, place: usize) -> (i64, i64) {
    let before = text.as_bytes().get(..place).unwrap_or_default();
    let line = memchr::memchr_iter(b'\n', before).count() as i64 + 1;
    let begin = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    (line, (place - begin) as i64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_are_text() {
        assert!(check_depth(r#"["[[[[\"[[[", {"a": "]"}]"#, 2).is_ok());
    }

    #[test]
    fn the_first_bracket_too_many_is_named() {
        let error = check_depth("[\n [],\n [[]]]", 2).unwrap_err();
        assert_eq!(
            error.to_string(),
            "INPUT_TOO_DEEP (line 3, column 3): measured 3 levels, allowed at most 2 levels"
        );
    }
}
