//! Hashtags in one cell.
//!
//! They are joined with `;`, as the host does. Inside a hashtag `\;` stands for a semicolon and `\\`
//! for a backslash; a hashtag that is empty is written `\e`. A backslash before anything else stands
//! for itself, and nothing between two semicolons is no hashtag: cells typed by hand are read as
//! they were meant.

/// Appends the cell for `hashtags` to `cell`.
pub(super) fn join_hashtags(hashtags: &[String], cell: &mut String) {
    for (index, hashtag) in hashtags.iter().enumerate() {
        if index > 0 {
            cell.push(';');
        }
        if hashtag.is_empty() {
            cell.push_str("\\e");
        } else if memchr::memchr2(b';', b'\\', hashtag.as_bytes()).is_some() {
            for c in hashtag.chars() {
                if matches!(c, ';' | '\\') {
                    cell.push('\\');
                }
                cell.push(c);
            }
        } else {
            cell.push_str(hashtag);
        }
    }
}

/// The hashtags of a cell.
pub(crate) fn split_hashtags(cell: &str) -> Vec<String> {
    let mut hashtags = Vec::new();
    let mut hashtag = String::new();
    let mut named = false;
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ';' => {
                if std::mem::take(&mut named) {
                    hashtags.push(std::mem::take(&mut hashtag));
                }
                continue;
            }
            '\\' => match chars.next_if(|next| matches!(next, ';' | '\\' | 'e')) {
                Some('e') => {}
                Some(escaped) => hashtag.push(escaped),
                None => hashtag.push('\\'),
            },
            _ => hashtag.push(c),
        }
        named = true;
    }
    if named {
        hashtags.push(hashtag);
    }
    hashtags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(hashtags: &[&str]) -> String {
        let owned: Vec<String> = hashtags.iter().map(|&hashtag| hashtag.to_owned()).collect();
        let mut cell = String::new();
        join_hashtags(&owned, &mut cell);
        cell
    }

    #[test]
    fn hashtags_are_joined_as_the_host_does() {
        assert_eq!(joined(&["#pan", "masa madre"]), "#pan;masa madre");
        assert_eq!(joined(&[]), "");
    }

    #[test]
    fn hostile_hashtags_come_back() {
        for hashtags in [
            &["a;b", "c"][..],
            &["", ""],
            &["\\"],
            &["\\;", ";\\"],
            &["\\e", "e", "e\\"],
            &["a", "", "b"],
        ] {
            assert_eq!(split_hashtags(&joined(hashtags)), hashtags);
        }
    }

    #[test]
    fn cells_typed_by_hand_are_read_as_meant() {
        assert_eq!(split_hashtags("#pan;;#masa;"), ["#pan", "#masa"]);
        assert_eq!(split_hashtags(r"C:\new"), [r"C:\new"]);
        assert_eq!(split_hashtags(r"a\"), [r"a\"]);
    }
}
