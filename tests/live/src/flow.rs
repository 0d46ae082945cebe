//! The ways in which a post goes out.

use std::sync::Arc;

use calendar_publish::Error;
use calendar_publish::model::{
    AccountId, CalendarEntry, CalendarId, Channel, ChannelAccount, EntryId, Timestamp, UserId,
    deterministic_uuid,
};
use calendar_publish::ports::{ChannelAdapter, Clock};
use calendar_publish::rules::consent_text;
use calendar_publish_adapters::instagram::{
    InstagramAdapter, InstagramLogin, InstagramPorts, InstagramSettings, VideoDelivery,
};
use calendar_publish_adapters::tiktok::{TiktokAdapter, TiktokPorts, TiktokSettings};
use calendar_publish_simulators::instagram::Flavour;
use serde_json::{Value, json};

use crate::shelf::File;
use crate::wire::Wire;
use crate::world::World;

/// A way in which a post goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flow {
    /// One image on Instagram.
    InstagramImage,
    /// Two images and a video on Instagram.
    InstagramCarousel,
    /// A reel with a cover, which Instagram fetches.
    InstagramReel,
    /// A reel that is uploaded in pieces, with Facebook Login.
    InstagramUpload,
    /// A video that goes to TikTok in one chunk.
    TiktokVideo,
    /// A video that goes to TikTok in three chunks.
    TiktokChunks,
    /// The same where nothing seals the upload's address, so that it dies with the process.
    TiktokChunksUnsealed,
    /// A video that TikTok fetches from an address of its own.
    TiktokPull,
    /// The same from the file's usual address: nothing tells whether a call that wasn't answered was taken.
    TiktokPullBlind,
    /// Two photos on TikTok.
    TiktokPhotos,
    /// A video for the creator's inbox.
    TiktokVideoDraft,
    /// Photos for the creator's inbox.
    TiktokPhotosDraft,
}

impl Flow {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::InstagramImage,
        Self::InstagramCarousel,
        Self::InstagramReel,
        Self::InstagramUpload,
        Self::TiktokVideo,
        Self::TiktokChunks,
        Self::TiktokChunksUnsealed,
        Self::TiktokPull,
        Self::TiktokPullBlind,
        Self::TiktokPhotos,
        Self::TiktokVideoDraft,
        Self::TiktokPhotosDraft,
    ];

    /// Where it goes.
    pub const fn channel(self) -> Channel {
        match self {
            Self::InstagramImage
            | Self::InstagramCarousel
            | Self::InstagramReel
            | Self::InstagramUpload => Channel::Instagram,
            Self::TiktokVideo
            | Self::TiktokChunks
            | Self::TiktokChunksUnsealed
            | Self::TiktokPull
            | Self::TiktokPullBlind
            | Self::TiktokPhotos
            | Self::TiktokVideoDraft
            | Self::TiktokPhotosDraft => Channel::Tiktok,
        }
    }

    /// Whether the post waits in an inbox at the end.
    pub const fn is_draft(self) -> bool {
        matches!(self, Self::TiktokVideoDraft | Self::TiktokPhotosDraft)
    }

    /// Whether the file's usual address is what TikTok is told, which tells nothing afterwards.
    const fn is_blind(self) -> bool {
        matches!(self, Self::TiktokPullBlind)
    }

    /// Whether a cut can leave behind what only a person can tell. TikTok knows no key by which a call is
    /// recognised: of a file's usual address nobody knows whether it will still be asked for, and a
    /// draft is in no list. An upload whose address died with its process is certain to be dead only
    /// after an hour, and then it is too late for the post.
    pub const fn may_need_a_person(self) -> bool {
        matches!(
            self,
            Self::TiktokPullBlind | Self::TiktokPhotosDraft | Self::TiktokChunksUnsealed
        )
    }

    /// The fewest exchanges that the flow can have: one a step that it is documented to take.
    pub const fn least_exchanges(self) -> u64 {
        match self {
            // Container, status, snapshot, publish.
            Self::InstagramImage | Self::InstagramReel => 4,
            // The same, and a container an item.
            Self::InstagramCarousel => 7,
            // The same as a reel, and three pieces.
            Self::InstagramUpload => 7,
            // Creator, init, chunk, status.
            Self::TiktokVideo => 4,
            Self::TiktokChunks | Self::TiktokChunksUnsealed => 6,
            // Creator, init, status.
            Self::TiktokPull | Self::TiktokPullBlind | Self::TiktokPhotos => 3,
            // Init, chunk, status.
            Self::TiktokVideoDraft => 3,
            Self::TiktokPhotosDraft => 2,
        }
    }

    const fn format(self) -> &'static str {
        match self {
            Self::InstagramImage => "post",
            Self::InstagramCarousel | Self::TiktokPhotos | Self::TiktokPhotosDraft => "carousel",
            Self::InstagramReel | Self::InstagramUpload => "reel",
            Self::TiktokVideo
            | Self::TiktokChunks
            | Self::TiktokChunksUnsealed
            | Self::TiktokPull
            | Self::TiktokPullBlind
            | Self::TiktokVideoDraft => "video",
        }
    }

    const fn files(self) -> &'static [File] {
        match self {
            Self::InstagramImage => &[File::Bread],
            Self::InstagramCarousel => &[File::Bread, File::Oven, File::Buns],
            Self::TiktokPhotos | Self::TiktokPhotosDraft => &[File::Bread, File::Buns],
            Self::TiktokChunks | Self::TiktokChunksUnsealed => &[File::LargeOven],
            Self::InstagramReel
            | Self::InstagramUpload
            | Self::TiktokVideo
            | Self::TiktokPull
            | Self::TiktokPullBlind
            | Self::TiktokVideoDraft => &[File::Oven],
        }
    }

    /// The entry called `name`, for `account`, due at `due`.
    ///
    /// # Errors
    /// Where it can't be written as JSON.
    pub fn entry(
        self,
        name: &str,
        account: &ChannelAccount,
        due: Timestamp,
    ) -> Result<CalendarEntry, Error> {
        let media: Vec<Value> = self.files().iter().map(|file| file.media()).collect();
        let mut entry = json!({
            "id": EntryId::new(deterministic_uuid(&["live entry", name])),
            "calendarId": CalendarId::new(deterministic_uuid(&["live calendar"])),
            "accountId": account.id, "scheduledAt": due, "reviewed": true, "media": media,
            "piece": { "title": name, "channel": self.channel(), "format": self.format(),
                       "copy": name, "date": "2026-11-20", "time": "11:16" },
        });
        if self == Self::InstagramReel {
            entry["cover"] = json!({ "type": "image", "media": File::Cover.media() });
        }
        if self.channel() == Channel::Tiktok {
            let consent = json!({ "givenAt": "2026-11-20T09:00:00Z",
                                  "text": consent_text(&Default::default()) });
            entry["tiktok"] = json!({
                "mode": if self.is_draft() { "inbox" } else { "direct" },
                "privacy": "PUBLIC_TO_EVERYONE", "consent": consent,
            });
        }
        read(entry)
    }

    /// The adapter that the flow needs, fresh as in a process that has just begun, which is connected by
    /// `wire` and goes by `clock`.
    ///
    /// # Errors
    /// Where its settings make no sense.
    pub fn adapter(
        self,
        world: &World,
        wire: &Arc<Wire>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<dyn ChannelAdapter>, Error> {
        match self.channel() {
            Channel::Instagram => {
                let ports = InstagramPorts {
                    transport: wire.clone(),
                    tokens: world.tokens.clone(),
                    clock: clock.clone(),
                    media: Some(Arc::new(world.shelf.clone())),
                };
                let adapter = InstagramAdapter::new(ports, self.instagram_settings())?;
                Ok(Arc::new(adapter))
            }
            Channel::Tiktok => {
                let pulls = matches!(self, Self::TiktokPull | Self::TiktokPullBlind);
                let ports = TiktokPorts {
                    transport: wire.clone(),
                    media: (!pulls).then(|| Arc::new(world.shelf.clone()) as Arc<_>),
                    tokens: world.tokens.clone(),
                    clock: clock.clone(),
                };
                let mut settings = TiktokSettings {
                    single_chunk_up_to: 10_000_000,
                    ..TiktokSettings::default()
                };
                if self != Self::TiktokChunksUnsealed {
                    settings.sealer = Some(world.sealer.clone());
                }
                if !self.is_blind() {
                    settings.pull_urls = Some(world.urls.clone());
                }
                Ok(Arc::new(TiktokAdapter::new(ports, settings)?))
            }
        }
    }

    fn instagram_settings(self) -> InstagramSettings {
        if self != Self::InstagramUpload {
            return InstagramSettings::new(InstagramLogin::Instagram);
        }
        InstagramSettings {
            video: VideoDelivery::Resumable { piece_bytes: 4096 },
            ..InstagramSettings::new(InstagramLogin::Facebook)
        }
    }

    /// What an account of the flow's platform is linked with.
    pub const fn flavour(self) -> Flavour {
        match self {
            Self::InstagramUpload => Flavour::FacebookPage,
            _ => Flavour::Instagram,
        }
    }
}

/// The account called `name`, whose id on the platform is `external_id`.
///
/// # Errors
/// Where it can't be written as JSON.
pub fn account(
    user: UserId,
    channel: Channel,
    name: &str,
    external_id: &str,
    scopes: &[&str],
) -> Result<ChannelAccount, Error> {
    read(json!({
        "id": AccountId::new(deterministic_uuid(&["live account", name])), "userId": user,
        "channel": channel, "externalAccountId": external_id, "displayName": name,
        "timezone": "Europe/Madrid", "status": "ok", "scopes": scopes,
    }))
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| {
        Error::new(calendar_publish::Code::InputInvalid)
            .measured(calendar_publish::error::Measure::text(error.to_string()))
    })
}
