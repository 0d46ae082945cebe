//! What goes wrong on the simulated platforms on purpose: a month without trouble would show little.

use calendar_publish_simulators::instagram::{self, GraphError, InstagramSimulator, Mishap};
use calendar_publish_simulators::tiktok::{self, FaultKind, TiktokSimulator};

use crate::view::Screen;

/// Lets four calls of the month fail, and says which.
pub(super) fn make(screen: &Screen, tiktok: &TiktokSimulator, instagram: &InstagramSimulator) {
    instagram.fault(
        instagram::Fault::at(instagram::Endpoint::Publish, Mishap::Lost)
            .call(2)
            .after_effect(),
    );
    // Meta calls it a block, and the post is live all the same.
    let block = GraphError::new(4, Some(2_207_051)).with_status(403);
    instagram.fault(
        instagram::Fault::at(instagram::Endpoint::Publish, Mishap::Error(block))
            .call(4)
            .after_effect(),
    );
    tiktok.fault(tiktok::Fault::on(tiktok::Endpoint::Upload, FaultKind::LostAfter).nth(2));
    let refusal = FaultKind::Code("internal_error".to_owned());
    tiktok.fault(tiktok::Fault::on(tiktok::Endpoint::VideoInit, refusal).nth(4));
    for line in [
        screen.say(
            "Fallos a propósito: Instagram publica y la respuesta se pierde; Instagram publica y responde 403;",
            "Trouble on purpose: Instagram publishes and the answer is lost; Instagram publishes and answers 403;",
        ),
        screen.say(
            "TikTok recibe el último byte y la respuesta se pierde; TikTok falla al empezar una subida.",
            "TikTok takes the last byte and the answer is lost; TikTok fails as an upload begins.",
        ),
    ] {
        screen.aside(line);
    }
}
