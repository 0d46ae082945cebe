//! What TikTok's guidelines and the creator's own settings ask of a direct post.
//!
//! Privacy, disclosure and consent: TikTok, Content Sharing Guidelines, read 2026-09-11. The creator's
//! options: TikTok, Content Posting API: Query Creator Info, read 2026-11-20.

use super::Case;
use crate::error::{Allowed, Code, Measure, Unit};
use crate::model::{Finding, MediaKind, TiktokCreator, TiktokOptions, TiktokPrivacy};
use crate::rules::PostKind;
use crate::rules::tiktok_ux::{consent_matches, consent_text};

pub(super) fn validate(case: Case<'_>, findings: &mut Vec<Finding>) {
    if let Some(options) = &case.entry.tiktok {
        disclosure(options, findings);
        consent(options, findings);
    }
    if let Some(creator) = case.creator {
        if let Some(options) = &case.entry.tiktok {
            privacy(options, creator, findings);
            interactions(case.post.kind, options, creator, findings);
        }
        unaudited(case, creator, findings);
        duration(case, creator, findings);
    }
}

fn privacy(options: &TiktokOptions, creator: &TiktokCreator, findings: &mut Vec<Finding>) {
    if let Some(privacy) = options.privacy
        && !creator.privacy_options.contains(&privacy)
    {
        findings.push(
            Finding::blocking(Code::PrivacyNotAllowed, "tiktok.privacy")
                .measured(Measure::text(privacy.as_str()))
                .allowed(Allowed::one_of(
                    creator.privacy_options.iter().map(|option| option.as_str()),
                )),
        );
    }
}

/// With the switch on, the person says what the post promotes; a paid partnership can't be private.
fn disclosure(options: &TiktokOptions, findings: &mut Vec<Finding>) {
    let brands = [
        (options.your_brand, "tiktok.yourBrand"),
        (options.branded_content, "tiktok.brandedContent"),
    ];
    if !options.disclose_commercial {
        for (_, path) in brands.iter().filter(|(chosen, _)| *chosen) {
            findings.push(Finding::warning(Code::OptionIgnored, *path));
        }
    } else if !options.your_brand && !options.branded_content {
        findings.push(
            Finding::blocking(Code::DisclosureIncomplete, "tiktok.discloseCommercial")
                .allowed(Allowed::one_of(["yourBrand", "brandedContent"])),
        );
    } else if options.branded_content && options.privacy == Some(TiktokPrivacy::SelfOnly) {
        findings.push(
            Finding::blocking(Code::DisclosurePrivacyConflict, "tiktok.privacy")
                .measured(Measure::text(TiktokPrivacy::SelfOnly.as_str()))
                .allowed(Allowed::one_of(
                    [
                        TiktokPrivacy::PublicToEveryone,
                        TiktokPrivacy::MutualFollowFriends,
                        TiktokPrivacy::FollowerOfCreator,
                    ]
                    .map(TiktokPrivacy::as_str),
                )),
        );
    }
}

/// A consent to another text than the one these choices ask for is none.
fn consent(options: &TiktokOptions, findings: &mut Vec<Finding>) {
    let asked = consent_text(options);
    if let Some(consent) = &options.consent
        && !consent_matches(&consent.text, asked)
    {
        findings.push(
            Finding::blocking(Code::ConsentMissing, "tiktok.consent.text")
                .measured(Measure::text(&consent.text))
                .allowed(Allowed::one_of([asked])),
        );
    }
}

/// TikTok switches these off whatever is asked for; photos have no duets and stitches at all.
fn interactions(
    kind: PostKind,
    options: &TiktokOptions,
    creator: &TiktokCreator,
    findings: &mut Vec<Finding>,
) {
    let video = kind == PostKind::TiktokVideo;
    for (refused, path) in [
        (
            options.allow_comment && creator.comment_disabled,
            "tiktok.allowComment",
        ),
        (
            options.allow_duet && creator.duet_disabled && video,
            "tiktok.allowDuet",
        ),
        (
            options.allow_stitch && creator.stitch_disabled && video,
            "tiktok.allowStitch",
        ),
    ] {
        if refused {
            findings.push(Finding::warning(Code::InteractionNotAllowed, path));
        }
    }
}

/// An app that TikTok hasn't audited posts for the creator's eyes only, to private accounts only.
/// The options tell a private account from a public one where nobody else did.
fn unaudited(case: Case<'_>, creator: &TiktokCreator, findings: &mut Vec<Finding>) {
    if creator.app_audited != Some(false) {
        return;
    }
    let chosen = case
        .entry
        .tiktok
        .as_ref()
        .and_then(|options| options.privacy);
    if let Some(privacy) = chosen.filter(|&privacy| privacy != TiktokPrivacy::SelfOnly) {
        findings.push(
            Finding::blocking(Code::AppUnaudited, "tiktok.privacy")
                .measured(Measure::text(privacy.as_str()))
                .allowed(Allowed::one_of([TiktokPrivacy::SelfOnly.as_str()])),
        );
    }
    let offers = |privacy| creator.privacy_options.contains(&privacy);
    let private = creator.account_private.or_else(|| {
        if offers(TiktokPrivacy::PublicToEveryone) {
            Some(false)
        } else {
            offers(TiktokPrivacy::FollowerOfCreator).then_some(true)
        }
    });
    let path = "account.tiktokCreator.accountPrivate";
    match private {
        Some(true) => {}
        Some(false) => findings.push(Finding::blocking(Code::AppUnaudited, path)),
        None => findings.push(Finding::warning(Code::AppUnaudited, path)),
    }
}

/// The creator's own maximum; the channel's is a limit of the book.
fn duration(case: Case<'_>, creator: &TiktokCreator, findings: &mut Vec<Finding>) {
    let Some(max) = creator.max_video_seconds else {
        return;
    };
    for (index, media) in case.entry.media.iter().enumerate() {
        let seconds = media.duration_ms.unwrap_or_default() as f64 / 1_000.0;
        if media.kind == MediaKind::Video && seconds > f64::from(max) {
            findings.push(
                Finding::blocking(
                    Code::MediaDurationInvalid,
                    format!("media[{index}].durationMs"),
                )
                .measured(Measure::number(seconds, Unit::Seconds))
                .allowed(Allowed::at_most(max, Unit::Seconds)),
            );
        }
    }
}
