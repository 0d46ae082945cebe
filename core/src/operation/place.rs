//! Where in a JSON document a reader stopped, as a path.

/// The path of the value that a reader was in, or had just ended, when it stopped after `end` bytes of
/// `json`: `entries[3].piece.channel`. Empty for the document itself.
///
/// It only looks at the bytes before `end`, so that what follows may be anything.
pub(super) fn path_at(json: &str, end: usize) -> String {
    let read = &json.as_bytes()[..end.min(json.len())];
    let mut open: Vec<Level> = Vec::new();
    let mut at = 0;
    while let Some(byte) = read.get(at) {
        match byte {
            b'{' => open.push(Level::Object(None)),
            b'[' => open.push(Level::Array(0)),
            b'}' | b']' => {
                open.pop();
            }
            b',' => match open.last_mut() {
                Some(Level::Object(key)) => *key = None,
                Some(Level::Array(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let close = end_of_string(read, at);
                if let Some(Level::Object(key @ None)) = open.last_mut() {
                    *key = Some((at, close));
                }
                at = close;
            }
            _ => {}
        }
        at += 1;
    }
    written(json, &open)
}

/// An object or array that is open.
enum Level {
    /// An object, and where the key of the value that is read stands, its quotes included.
    Object(Option<(usize, usize)>),
    /// An array, and the place of the element that is read.
    Array(usize),
}

/// Where the quote stands that ends the string begun at `start`, or the end of `read`.
fn end_of_string(read: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        match read.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') | None => return at,
            Some(_) => at += 1,
        }
    }
}

fn written(json: &str, open: &[Level]) -> String {
    let mut path = String::new();
    for level in open {
        match level {
            Level::Array(index) => path.push_str(&format!("[{index}]")),
            Level::Object(Some((from, to))) => {
                if !path.is_empty() {
                    path.push('.');
                }
                let key = json.get(*from..=*to).unwrap_or_default();
                // A key that was cut off or isn't JSON is told as far as it goes.
                match crate::json::from_str::<String>(key) {
                    Ok(key) => path.push_str(&key),
                    Err(_) => path.push_str(json.get(from + 1..*to).unwrap_or_default()),
                }
            }
            Level::Object(None) => {}
        }
    }
    path
}

/// The number of bytes before the place that serde_json calls `line` and `column`.
pub(super) fn offset_of(json: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match memchr::memchr(b'\n', &json.as_bytes()[start..]) {
            Some(length) => start += length + 1,
            None => break,
        }
    }
    start + column
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path at the place where `|` stands, which isn't part of the document.
    fn path(marked: &str) -> String {
        let (before, after) = marked.split_once('|').unwrap();
        path_at(&format!("{before}{after}"), before.len())
    }

    #[test]
    fn names_the_value_that_is_read_or_was_just_read() {
        for (marked, expected) in [
            ("|{}", ""),
            ("{|}", ""),
            (r#"{"a"|:1}"#, "a"),
            (r#"{"a":|1}"#, "a"),
            (r#"{"a":1|,"b":2}"#, "a"),
            (r#"{"a":1,|"b":2}"#, ""),
            (r#"{"a":[|1,2]}"#, "a[0]"),
            (r#"{"a":[1,2|]}"#, "a[1]"),
            (r#"{"a":[1,2]|}"#, "a"),
            (r#"{"a":{"b":{"c":1}|}}"#, "a.b"),
            (r#"{"a":{"b":1},"c":[{},{"d":"x,]}\""|}]}"#, "c[1].d"),
            (r#"{"a\n\"":1|}"#, "a\n\""),
            (r#"[["x"|"#, "[0][0]"),
            (r#"{"ab|"#, "ab"),
        ] {
            assert_eq!(path(marked), expected, "{marked}");
        }
    }

    #[test]
    fn a_place_is_counted_in_bytes_of_its_line() {
        let json = "{\n\n  \"ñ\": x\n}";
        assert_eq!(&json[..offset_of(json, 3, 8)], "{\n\n  \"ñ\": ");
        assert_eq!(offset_of("{}", 9, 1), 1);
    }

    #[test]
    fn any_place_of_any_document_has_a_path() {
        let json = r#"{"a":[{"b\\":"\u00e9","c":null},[[]],"}"],"ñ":{"d":-1e3}}"#;
        for end in 0..=json.len() + 3 {
            path_at(json, end);
        }
    }
}
