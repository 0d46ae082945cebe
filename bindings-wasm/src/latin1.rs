//! JSON in ISO 8859-1, which JavaScript makes a string of without decoding anything.

/// Writes `json` to `out`, a byte for a character. What lies beyond U+00FF is escaped, and so are the C1
/// controls, of which browsers' `windows-1252` makes something else.
///
/// Outside its strings JSON is ASCII, so that an escape never stands where none is allowed.
pub(crate) fn write(json: &str, out: &mut Vec<u8>) {
    let mut rest = json;
    while let Some(character) = pass_ascii(&mut rest, out) {
        match u8::try_from(character) {
            Ok(byte @ 0xA0..) => out.push(byte),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    escape(*unit, out);
                }
            }
        }
    }
}

/// Takes the ASCII that `rest` begins with, and the character after it.
fn pass_ascii(rest: &mut &str, out: &mut Vec<u8>) -> Option<char> {
    const STEP: usize = size_of::<u64>();
    let bytes = rest.as_bytes();
    let whole = bytes
        .chunks_exact(STEP)
        .take_while(|chunk| chunk.is_ascii())
        .count()
        * STEP;
    let tail = bytes.iter().skip(whole).take_while(|byte| byte.is_ascii());
    let end = whole + tail.count();
    let (ascii, other) = rest.split_at(end);
    out.extend_from_slice(ascii.as_bytes());
    let mut characters = other.chars();
    let character = characters.next();
    *rest = characters.as_str();
    character
}

fn escape(unit: u16, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        let digit = unit >> shift & 0xF;
        out.push(b"0123456789abcdef"[usize::from(digit)]);
    }
}

#[cfg(test)]
mod tests {
    use super::write;

    /// The characters that the bytes stand for, read as the JSON they are.
    fn read_back(json: &str) -> serde_json::Value {
        let mut out = Vec::new();
        write(json, &mut out);
        // Each byte is the character of its number: that is what ISO 8859-1 is.
        let text: String = out.iter().map(|byte| char::from(*byte)).collect();
        assert!(text.chars().all(|c| !('\u{80}'..='\u{9f}').contains(&c)));
        serde_json::from_str(&text).unwrap_or_default()
    }

    #[test]
    fn what_is_written_is_what_was_said() {
        for text in [
            "",
            "Pan",
            "Recién hecho, ¿mañana? Ñandú, ÿ",
            "seven b\u{e9}",
            "🥖 in the middle 🥖",
            "\u{80}\u{9f}\u{a0}\u{ff}\u{100}\u{ffff}\u{10000}\u{10ffff}",
            "\"quoted\" \\ \n \u{2028}",
            "e\u{301} and 👩‍🍳",
        ] {
            let value = serde_json::json!([{ "text": text, "máx": 1 }]);
            assert_eq!(read_back(&value.to_string()), value);
        }
    }
}
