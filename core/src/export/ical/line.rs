//! Content lines: escaping, folding, CRLF.

use std::io::{self, Write};

/// The longest line in octets, without its CRLF (RFC 5545, 3.1).
const MAX_OCTETS: usize = 75;

/// Writes content lines one by one.
#[derive(Debug)]
pub(super) struct Lines<W> {
    out: W,
    line: String,
}

impl<W: Write> Lines<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            line: String::new(),
        }
    }

    /// A line that needs no escaping.
    pub(super) fn plain(&mut self, line: &str) -> io::Result<()> {
        fold(line, &mut self.out)
    }

    /// A line that `write` composes after its name.
    pub(super) fn composed(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut String),
    ) -> io::Result<()> {
        self.line.clear();
        self.line.push_str(name);
        write(&mut self.line);
        fold(&self.line, &mut self.out)
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Appends `text` as a TEXT value (RFC 5545, 3.3.11): backslash, semicolon and comma escaped, any
/// kind of line break as `\n`, other control characters left out.
pub(super) fn push_text(line: &mut String, text: &str) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => line.push_str("\\\\"),
            ';' => line.push_str("\\;"),
            ',' => line.push_str("\\,"),
            '\r' => {
                chars.next_if_eq(&'\n');
                line.push_str("\\n");
            }
            '\n' => line.push_str("\\n"),
            '\t' => line.push('\t'),
            c if c.is_ascii_control() => {}
            c => line.push(c),
        }
    }
}

/// Writes `line`, broken so that no line is longer than allowed and no character is cut.
fn fold(line: &str, out: &mut impl Write) -> io::Result<()> {
    let mut rest = line;
    let mut room = MAX_OCTETS;
    while rest.len() > room {
        let (head, tail) = rest.split_at(rest.floor_char_boundary(room));
        out.write_all(head.as_bytes())?;
        out.write_all(b"\r\n ")?;
        rest = tail;
        room = MAX_OCTETS - 1;
    }
    out.write_all(rest.as_bytes())?;
    out.write_all(b"\r\n")
}

/// The last `width` decimal digits of `number`; `width` is even.
pub(super) fn push_digits(number: u32, width: u32, text: &mut String) {
    const PAIRS: &str = "0001020304050607080910111213141516171819\
        2021222324252627282930313233343536373839\
        4041424344454647484950515253545556575859\
        6061626364656667686970717273747576777879\
        8081828384858687888990919293949596979899";
    for pair in (0..width / 2).rev() {
        let at = (number / 100_u32.pow(pair) % 100) as usize * 2;
        text.push_str(PAIRS.get(at..at + 2).unwrap_or("00"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(line: &str) -> String {
        let mut out = Vec::new();
        fold(line, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_of_75_octets_stays_whole() {
        let line = "x".repeat(75);
        assert_eq!(folded(&line), format!("{line}\r\n"));
        assert_eq!(folded(&format!("{line}y")), format!("{line}\r\n y\r\n"));
    }

    #[test]
    fn no_character_is_cut_and_no_line_is_too_long() {
        let line = format!("DESCRIPTION:{}", "a🥐é\u{5d0}".repeat(100));
        let text = folded(&line);
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(text.replace("\r\n ", ""), format!("{line}\r\n"));
    }

    #[test]
    fn text_is_escaped_as_the_rfc_says() {
        let mut line = String::new();
        push_text(&mut line, "a\\b;c,d\r\ne\rf\ng\0\u{7}\u{7f}\th:\"i\"");
        assert_eq!(line, "a\\\\b\\;c\\,d\\ne\\nf\\ng\th:\"i\"");
    }
}
