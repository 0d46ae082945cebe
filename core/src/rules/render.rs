//! The rule book as a table for people.

use std::fmt::Write;

use super::{RuleBook, Source};
use crate::model::Severity;

/// `book` as a Markdown document: every limit, choice and cap with its source and date.
///
/// `docs/limits.md` in the repository is the built-in book, written by this function.
pub fn render_limits(book: &RuleBook) -> String {
    let mut page = format!(
        "# Limits\n\nRule book version {}, held against its sources on {}. \
         This page is written by `render_limits`.\n\n## Caps\n\n\
         | channel | what | at most | window | weight | source |\n\
         | --- | --- | --- | --- | --- | --- |\n",
        book.version, book.date
    );
    for cap in &book.caps {
        row(
            &mut page,
            &[
                cap.channel.as_str(),
                cap.subject.as_str(),
                &cap.max.to_string(),
                &format!("{} s", cap.window_seconds),
                weight(cap.severity),
                &source(&cap.source),
            ],
        );
    }
    for post in &book.posts {
        let _ = write!(
            page,
            "\n## {}\n\nScopes: {}. {}.\n\n| what | allowed | weight | source |\n\
             | --- | --- | --- | --- |\n",
            post.kind.as_str(),
            post.scopes.join(", "),
            source(&post.source)
        );
        for limit in &post.limits {
            row(
                &mut page,
                &[
                    limit.subject.as_str(),
                    &limit.allowed.to_string(),
                    weight(limit.severity),
                    &source(&limit.source),
                ],
            );
        }
        page.push_str("\n| choice | support | source |\n| --- | --- | --- |\n");
        for rule in &post.parameters {
            row(
                &mut page,
                &[
                    rule.parameter.as_str(),
                    rule.support.as_str(),
                    &source(&rule.source),
                ],
            );
        }
    }
    page
}

fn row(page: &mut String, cells: &[&str]) {
    for cell in cells {
        page.push_str("| ");
        page.push_str(&cell.replace('|', "\\|"));
        page.push(' ');
    }
    page.push_str("|\n");
}

const fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocking => "blocking",
        Severity::Warning => "warning",
        Severity::Notice => "notice",
    }
}

fn source(source: &Source) -> String {
    match &source.url {
        Some(url) => format!("[{}]({url}), {}", source.page, source.date),
        None => format!("{}, {}", source.page, source.date),
    }
}
