//! What an entry breaks of the rules.

mod choices;
mod cover;
mod facts;
mod media;
mod people;
#[cfg(test)]
mod tests;
mod text;
mod tiktok;

use super::{PostKind, PostRules, RuleBook};
use crate::error::{Allowed, Code, Measure};
use crate::model::{CalendarEntry, Channel, ChannelAccount, Finding, TiktokCreator};

/// Appends everything that `entry` breaks of `rules`, each with its path in the entry, what was
/// measured and what is allowed.
///
/// It looks at the entry's text, media, cover and choices, and, where `account` is the TikTok account
/// it goes to, at what that creator may do. It doesn't look at time, tokens, scopes, quotas or other
/// entries, and fetches nothing: the same arguments always give the same findings.
///
/// A fact of a file that a limit needs and nobody has measured is [`Code::MediaUnprobed`], a warning;
/// so is a measurement that can't be true (zero bytes, a negative duration). A video whose codec is
/// known and that names no audio codec has no sound.
///
/// ```
/// use calendar_publish::Code;
/// use calendar_publish::model::{CalendarEntry, CalendarId, EntryId, Severity};
/// use calendar_publish::rules::{RuleBook, validate};
/// # let piece = serde_json::from_str(r##"{"channel":"instagram","format":"reel",
/// #     "date":"2026-04-02","copy":"Recién hecho"}"##)?;
/// # let entry = CalendarEntry::new(
/// #     EntryId::new(Default::default()), CalendarId::new(Default::default()), piece);
///
/// assert_eq!(entry.piece.format.as_str(), "reel");
/// assert!(entry.media.is_empty());
/// let mut findings = Vec::new();
/// validate(RuleBook::builtin(), &entry, None, &mut findings);
/// assert_eq!(findings.len(), 1);
/// assert_eq!((findings[0].code, findings[0].severity), (Code::MediaMissing, Severity::Blocking));
/// assert_eq!(findings[0].allowed.as_ref().unwrap().to_string(), "from 1 to 1 items");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn validate(
    rules: &RuleBook,
    entry: &CalendarEntry,
    account: Option<&ChannelAccount>,
    findings: &mut Vec<Finding>,
) {
    let kind = PostKind::of(entry);
    let Some(post) = rules.post(kind) else {
        findings.push(
            Finding::blocking(Code::FormatUnsupported, "piece.format")
                .measured(Measure::text(kind.as_str()))
                .allowed(Allowed::one_of(
                    rules.posts.iter().map(|post| post.kind.as_str()),
                )),
        );
        return;
    };
    let case = Case {
        post,
        entry,
        creator: account
            .filter(|account| account.channel == entry.piece.channel)
            .and_then(|account| account.tiktok_creator.as_ref()),
    };
    text::validate(case, findings);
    media::validate(case, findings);
    cover::validate(case, findings);
    people::validate(case, findings);
    choices::validate(case, findings);
    if entry.piece.channel == Channel::Tiktok && !kind.is_draft() {
        tiktok::validate(case, findings);
    }
}

/// What is judged.
#[derive(Clone, Copy)]
struct Case<'a> {
    post: &'a PostRules,
    entry: &'a CalendarEntry,
    creator: Option<&'a TiktokCreator>,
}
