//! What goes wrong at the platforms, as a seed says.

use calendar_publish_simulation::random::Random;
use calendar_publish_simulators::instagram::{self, AfterBlock, CaptionReads, GraphError, Mishap};
use calendar_publish_simulators::tiktok::{self, FaultKind, PostIds};
use chrono::TimeDelta;

use crate::world::World;

/// Turns what the documentation leaves open.
pub fn turn_knobs(world: &World, random: &mut Random) {
    let seconds = |random: &mut Random, most: u64| {
        TimeDelta::seconds(i64::try_from(random.below(most)).unwrap_or(0))
    };
    world.tiktok.knobs(|knobs| {
        knobs.processing = seconds(random, 600);
        knobs.download = seconds(random, 120);
        knobs.moderation = seconds(random, 600);
        let ids = [
            PostIds::Number,
            PostIds::Text,
            PostIds::Empty,
            PostIds::Never,
        ];
        knobs.post_ids = one(random, &ids).unwrap_or_default();
    });
    world.instagram.knobs(|knobs| {
        knobs.image_processing = seconds(random, 20);
        knobs.video_processing = seconds(random, 600);
        knobs.publishing = seconds(random, 20);
        knobs.list_delay = seconds(random, 60);
        knobs.missing_container_reads = u32::from(random.percent(20));
        knobs.missing_media_reads = u32::from(random.percent(20));
        let captions = [
            CaptionReads::Whole,
            CaptionReads::WithoutAt,
            CaptionReads::Missing,
        ];
        knobs.captions = one(random, &captions).unwrap_or(CaptionReads::Whole);
        if random.percent(30) {
            knobs.after_block = AfterBlock::Finished;
        }
    });
}

fn one<T: Clone>(random: &mut Random, choices: &[T]) -> Option<T> {
    let place = usize::try_from(random.below(choices.len() as u64)).unwrap_or(0);
    choices.get(place).cloned()
}

/// Something that goes wrong at TikTok.
pub fn tiktok(random: &mut Random) -> Option<tiktok::Fault> {
    use tiktok::Endpoint;
    let code = |code: &str| FaultKind::Code(code.to_owned());
    let endpoint = one(
        random,
        &[
            Endpoint::CreatorInfo,
            Endpoint::VideoInit,
            Endpoint::InboxInit,
            Endpoint::PhotoInit,
            Endpoint::Upload,
            Endpoint::Status,
            Endpoint::VideoList,
        ],
    )?;
    let mut kinds = vec![
        FaultKind::LostBefore,
        FaultKind::LostAfter,
        FaultKind::StatusBefore(500),
        FaultKind::StatusBefore(429),
        FaultKind::StatusAfter(502),
        FaultKind::HtmlBefore(503),
        FaultKind::HtmlAfter(504),
    ];
    match endpoint {
        Endpoint::Upload => {}
        Endpoint::Status => kinds.extend([
            FaultKind::TokenExpires,
            FaultKind::StatusStuck,
            FaultKind::StatusSays("SOMETHING_NEW".to_owned()),
            FaultKind::WithoutData,
            code("rate_limit_exceeded"),
        ]),
        Endpoint::VideoInit | Endpoint::InboxInit | Endpoint::PhotoInit => kinds.extend([
            FaultKind::TokenExpires,
            FaultKind::WithoutData,
            FaultKind::NeverEnds,
            FaultKind::FailsWith("internal".to_owned()),
            FaultKind::FailsWith("spam_risk".to_owned()),
            FaultKind::FailsWith("something_new".to_owned()),
            code("rate_limit_exceeded"),
            code("internal_error"),
        ]),
        _ => kinds.extend([
            FaultKind::TokenExpires,
            FaultKind::CodeWithoutData("internal_error".to_owned()),
            code("rate_limit_exceeded"),
            code("something_new"),
        ]),
    }
    let kind = one(random, &kinds)?;
    let times = u32::try_from(random.between(1, 3)).unwrap_or(1);
    Some(tiktok::Fault::on(endpoint, kind).times(times))
}

/// Something that goes wrong at Instagram.
pub fn instagram(random: &mut Random) -> Option<instagram::Fault> {
    use instagram::Endpoint;
    let endpoint = one(
        random,
        &[
            Endpoint::CreateContainer,
            Endpoint::ReadContainer,
            Endpoint::Publish,
            Endpoint::Publish,
            Endpoint::ListMedia,
            Endpoint::PublishingLimit,
            Endpoint::ReadMedia,
        ],
    )?;
    let error = |code, subcode| Mishap::Error(GraphError::new(code, subcode));
    let mut mishaps = vec![
        Mishap::Lost,
        Mishap::Html(502),
        Mishap::Status(500),
        Mishap::Status(503),
        error(1, None),
        error(2, None),
        error(4, None),
        error(-2, Some(2_207_003)),
        error(190, Some(463)),
        error(987_654, None),
    ];
    match endpoint {
        Endpoint::CreateContainer => mishaps.extend([
            Mishap::ContainerFails(2_207_053),
            Mishap::ContainerFails(2_207_026),
            error(9004, Some(2_207_052)),
        ]),
        Endpoint::Publish => mishaps.extend([
            error(9007, Some(2_207_027)),
            error(24, Some(2_207_008)),
            Mishap::Error(GraphError::new(4, Some(2_207_051)).with_status(403)),
        ]),
        _ => {}
    }
    let mishap = one(random, &mishaps)?;
    let times = u32::try_from(random.between(1, 3)).unwrap_or(1);
    let fault = instagram::Fault::at(endpoint, mishap).times(times);
    Some(if random.percent(40) {
        fault.after_effect()
    } else {
        fault
    })
}
