//! What Rust's documentation says, as JSDoc.

/// `text` as a comment at `indent`; nothing for no text.
pub(super) fn comment(text: &str, indent: &str) -> String {
    let text = worded(text);
    let lines: Vec<&str> = text.lines().collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let mut out = format!("{indent}/**\n");
            for line in lines {
                out.push_str(format!("{indent} * {line}").trim_end());
                out.push('\n');
            }
            out + indent + " */\n"
        }
    }
}

/// The text without what only speaks to Rust: examples, links to items, `None`.
pub(super) fn worded(text: &str) -> String {
    let mut out = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            out.push(
                without_links(line)
                    .replace("`None`", "`null`")
                    .replace("*/", "*\\/"),
            );
        }
    }
    out.join("\n").trim().to_owned()
}

/// `[text](target)` and `[text]` become `text`, except for addresses.
fn without_links(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        let Some((text, behind)) = after.split_once(']') else {
            out.push('[');
            rest = after;
            continue;
        };
        let target = behind
            .strip_prefix('(')
            .and_then(|behind| behind.split_once(')'));
        match target {
            Some((address, behind)) if address.starts_with("http") => {
                out.push_str(&format!("[{text}]({address})"));
                rest = behind;
            }
            Some((_, behind)) => {
                out.push_str(text);
                rest = behind;
            }
            // Only a name in backticks is a link by itself; `entries[0]` isn't.
            None if text.starts_with('`') && text.ends_with('`') => {
                out.push_str(text);
                rest = behind;
            }
            None => {
                out.push('[');
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::{comment, worded};

    #[test]
    fn links_become_words_and_places_stay() {
        assert_eq!(
            worded("As [`JobRecord`] and [the code](crate::Code) say at `entries[0].id`."),
            "As `JobRecord` and the code say at `entries[0].id`."
        );
        assert_eq!(
            worded("See [RFC](https://x.example)."),
            "See [RFC](https://x.example)."
        );
    }

    #[test]
    fn examples_in_rust_are_left_out() {
        assert_eq!(worded("A day.\n\n```\nlet day = 1;\n```"), "A day.");
    }

    #[test]
    fn a_comment_cannot_end_early() {
        assert_eq!(comment("a */ b", ""), "/** a *\\/ b */\n");
        assert_eq!(
            comment("a\n\nb", "  "),
            "  /**\n   * a\n   *\n   * b\n   */\n"
        );
    }
}
