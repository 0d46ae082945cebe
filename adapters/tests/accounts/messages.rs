//! What a person reads.

use calendar_publish::message::{Lang, MessageContext, error_text};
use calendar_publish::model::Channel;
use calendar_publish::{Code, Error};

/// Both languages say something of their own, name the platform where it is the platform's affair, and show nothing
/// of the machinery.
pub(crate) fn reads_well(error: &Error, channel: Channel) {
    let context = MessageContext {
        channel: Some(channel),
        ..MessageContext::default()
    };
    let platform = match channel {
        Channel::Tiktok => "TikTok",
        Channel::Instagram => "Instagram",
    };
    let texts = Lang::ALL.map(|lang| error_text(error, lang, &context));
    assert_ne!(texts[0], texts[1], "{error}");
    for text in texts {
        let all = format!("{} {}", text.message, text.action);
        assert!(
            !text.message.is_empty() && !text.action.is_empty(),
            "{error}"
        );
        assert!(
            !all.contains(['{', '}', '[', ']', '|', '_']),
            "{error}: {all}"
        );
        assert!(
            error.code == Code::LinkInvalid || all.contains(platform),
            "{error}: {all}"
        );
    }
}
