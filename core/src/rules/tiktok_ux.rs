//! What TikTok wants its post form to show, as data.
//!
//! TikTok, Content Sharing Guidelines, read 2026-09-11: TikTok's audit refuses apps whose form differs.
//! The texts are TikTok's own, in English; notices have codes so that a host can word them.

use serde::{Deserialize, Serialize};

use crate::model::{MediaKind, TiktokCreator, TiktokMode, TiktokOptions, TiktokPrivacy};

const CONSENT: &str = "By posting, you agree to TikTok's Music Usage Confirmation";
const CONSENT_BRANDED: &str =
    "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation";
const MUSIC_URL: &str = "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en";
const BRANDED_URL: &str = "https://www.tiktok.com/legal/page/global/bc-policy/en";

/// The label TikTok puts on commercial content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TiktokLabel {
    /// "Promotional content": the creator's own business.
    PromotionalContent,
    /// "Paid partnership": a third party's.
    PaidPartnership,
}

/// Something the form tells the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TiktokNotice {
    /// Choose who may see the post: nothing is chosen for the person.
    ChoosePrivacy,
    /// "Branded content visibility cannot be set to private."
    BrandedContentNotPrivate,
    /// Say whether the post promotes yourself, a third party, or both.
    ChooseDisclosure,
    /// The post will be labelled "Promotional content".
    LabelledPromotionalContent,
    /// The post will be labelled "Paid partnership".
    LabelledPaidPartnership,
    /// It can take a few minutes until the post appears.
    AppearsInMinutes,
    /// The draft is finished from the notification in TikTok's inbox.
    FinishInInbox,
}

/// A privacy level to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrivacyChoice {
    /// The level.
    pub privacy: TiktokPrivacy,
    /// Whether the person chose it.
    pub selected: bool,
    /// Why it can't be chosen, where it can't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<TiktokNotice>,
}

/// A way of answering to a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TiktokInteraction {
    /// Comments.
    Comment,
    /// Duets.
    Duet,
    /// Stitches.
    Stitch,
}

/// A switch for a way of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InteractionToggle {
    /// What it switches.
    pub interaction: TiktokInteraction,
    /// Whether it is on; never where the creator has turned it off.
    pub on: bool,
    /// Whether it is greyed: the creator has turned it off.
    pub disabled: bool,
}

/// A link inside the consent text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentLink {
    /// The words of the consent text that are the link.
    pub text: String,
    /// Where it leads.
    pub url: String,
}

/// The post form that TikTok's guidelines ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TiktokForm {
    /// The privacy levels; none is selected until the person chooses. Empty for a draft.
    pub privacy: Vec<PrivacyChoice>,
    /// The switches; photos have only comments, a draft none.
    pub interactions: Vec<InteractionToggle>,
    /// The longest video the creator may post, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_video_seconds: Option<u32>,
    /// The label the post will carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<TiktokLabel>,
    /// The text right before the publish button; a draft has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_text: Option<String>,
    /// The links in that text.
    pub consent_links: Vec<ConsentLink>,
    /// What else the form tells, in the order of its controls.
    pub notices: Vec<TiktokNotice>,
    /// Whether the publish button is enabled: the choices are complete. It says nothing of text, media
    /// or account.
    pub can_publish: bool,
}

/// The form for a post of `media` with the choices `options` by `creator`, whose answer must be
/// fresh whenever the form is shown.
///
/// ```
/// use calendar_publish::model::{MediaKind, TiktokOptions};
/// use calendar_publish::rules::tiktok_form;
/// # let creator = serde_json::from_str(r#"{"privacyOptions":["PUBLIC_TO_EVERYONE","SELF_ONLY"],
/// #     "stitchDisabled":true,"readAt":"2026-04-01T09:00:00Z"}"#)?;
///
/// let form = tiktok_form(&TiktokOptions::default(), &creator, MediaKind::Video);
/// assert!(form.privacy.iter().all(|choice| !choice.selected)); // there is no default
/// assert!(form.interactions[2].disabled); // the creator allows no stitches
/// assert!(!form.can_publish);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn tiktok_form(
    options: &TiktokOptions,
    creator: &TiktokCreator,
    media: MediaKind,
) -> TiktokForm {
    if options.mode == TiktokMode::Inbox {
        return TiktokForm {
            privacy: Vec::new(),
            interactions: Vec::new(),
            max_video_seconds: creator.max_video_seconds,
            label: None,
            consent_text: None,
            consent_links: Vec::new(),
            notices: vec![TiktokNotice::FinishInInbox],
            can_publish: true,
        };
    }
    let privacy: Vec<_> = creator
        .privacy_options
        .iter()
        .map(|&privacy| privacy_choice(privacy, options))
        .collect();
    let chosen = privacy
        .iter()
        .any(|choice| choice.selected && choice.disabled.is_none());
    let label = label(options);
    let incomplete = options.disclose_commercial && label.is_none();
    let mut notices = Vec::new();
    if !chosen {
        notices.push(TiktokNotice::ChoosePrivacy);
    }
    if is_branded(options) {
        notices.push(TiktokNotice::BrandedContentNotPrivate);
    }
    if incomplete {
        notices.push(TiktokNotice::ChooseDisclosure);
    }
    notices.extend(label.map(|label| match label {
        TiktokLabel::PromotionalContent => TiktokNotice::LabelledPromotionalContent,
        TiktokLabel::PaidPartnership => TiktokNotice::LabelledPaidPartnership,
    }));
    notices.push(TiktokNotice::AppearsInMinutes);
    TiktokForm {
        privacy,
        interactions: interactions(options, creator, media),
        max_video_seconds: creator.max_video_seconds,
        label,
        consent_text: Some(consent_text(options).to_owned()),
        consent_links: consent_links(options),
        notices,
        can_publish: chosen && !incomplete,
    }
}

/// The text a person agrees to by posting with these choices.
///
/// ```
/// use calendar_publish::model::TiktokOptions;
/// use calendar_publish::rules::consent_text;
///
/// assert_eq!(
///     consent_text(&TiktokOptions::default()),
///     "By posting, you agree to TikTok's Music Usage Confirmation"
/// );
/// ```
pub fn consent_text(options: &TiktokOptions) -> &'static str {
    if is_branded(options) {
        CONSENT_BRANDED
    } else {
        CONSENT
    }
}

/// Whether the recorded text is the text that was asked for, give or take a full stop and the shape
/// of the apostrophe.
pub(super) fn consent_matches(recorded: &str, asked: &str) -> bool {
    let recorded = recorded.trim().trim_end_matches('.');
    let straight = |c| if c == '’' { '\'' } else { c };
    recorded.chars().map(straight).eq(asked.chars())
}

/// Whether the post is a paid partnership: the choice counts only under the open switch.
const fn is_branded(options: &TiktokOptions) -> bool {
    options.disclose_commercial && options.branded_content
}

const fn label(options: &TiktokOptions) -> Option<TiktokLabel> {
    if is_branded(options) {
        Some(TiktokLabel::PaidPartnership)
    } else if options.disclose_commercial && options.your_brand {
        Some(TiktokLabel::PromotionalContent)
    } else {
        None
    }
}

fn privacy_choice(privacy: TiktokPrivacy, options: &TiktokOptions) -> PrivacyChoice {
    let private = privacy == TiktokPrivacy::SelfOnly && is_branded(options);
    PrivacyChoice {
        privacy,
        selected: options.privacy == Some(privacy),
        disabled: private.then_some(TiktokNotice::BrandedContentNotPrivate),
    }
}

fn interactions(
    options: &TiktokOptions,
    creator: &TiktokCreator,
    media: MediaKind,
) -> Vec<InteractionToggle> {
    use TiktokInteraction::{Comment, Duet, Stitch};

    let toggle = |interaction, chosen: bool, disabled: bool| InteractionToggle {
        interaction,
        on: chosen && !disabled,
        disabled,
    };
    let mut toggles = vec![toggle(
        Comment,
        options.allow_comment,
        creator.comment_disabled,
    )];
    if media == MediaKind::Video {
        toggles.push(toggle(Duet, options.allow_duet, creator.duet_disabled));
        toggles.push(toggle(
            Stitch,
            options.allow_stitch,
            creator.stitch_disabled,
        ));
    }
    toggles
}

fn consent_links(options: &TiktokOptions) -> Vec<ConsentLink> {
    let link = |text: &str, url: &str| ConsentLink {
        text: text.to_owned(),
        url: url.to_owned(),
    };
    let music = link("Music Usage Confirmation", MUSIC_URL);
    if is_branded(options) {
        vec![link("Branded Content Policy", BRANDED_URL), music]
    } else {
        vec![music]
    }
}
