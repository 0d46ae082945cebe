//! The publish engine: what people ask of publish jobs, and the worker that publishes them.

mod commands;
mod platforms;
mod settings;
mod worker;

use std::fmt;
use std::sync::Arc;

use calendar_publish::flags::{Flags, PublishNowOn, PublishingOn};
use calendar_publish::ports::JobStore;
use calendar_publish::publish::{PublishQueue, PublishWorker, WorkerPorts};
use calendar_publish::{Code, Error, ports};

pub use commands::ProgressObserver;
pub use platforms::{InstagramAccess, InstagramLoginKind, TiktokAccess};
pub use settings::{EngineSettings, WorkerOptions};

use crate::CalendarPublishError;
use crate::ports::{
    AccessTokens, ChannelAdapter, Clock, HostAdapter, HostClock, HostMedia, HostStore,
    HostTelemetry, HostTokens, HostTransport, HttpTransport, MediaSource, Store, Telemetry,
    system_clock,
};

/// What the engine works with.
#[derive(uniffi::Record)]
pub struct EnginePorts {
    /// Where calendars, accounts and jobs are kept: `sqlite_store`, or your own.
    pub store: Arc<dyn Store>,
    /// Speaks HTTP to TikTok and Instagram: `http_transport`, or your own. Needed by both.
    #[uniffi(default = None)]
    pub transport: Option<Arc<dyn HttpTransport>>,
    /// The accounts' tokens. Needed by both.
    #[uniffi(default = None)]
    pub tokens: Option<Arc<dyn AccessTokens>>,
    /// Reads videos that are uploaded: `http_media`, or your own. Without it the platforms fetch them.
    #[uniffi(default = None)]
    pub media: Option<Arc<dyn MediaSource>>,
    /// The time; the machine's where it is left out.
    #[uniffi(default = None)]
    pub clock: Option<Arc<dyn Clock>>,
    /// Takes the events.
    #[uniffi(default = None)]
    pub telemetry: Option<Arc<dyn Telemetry>>,
    /// Platforms of your own.
    #[uniffi(default)]
    pub adapters: Vec<Arc<dyn ChannelAdapter>>,
}

impl fmt::Debug for EnginePorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnginePorts")
            .field("adapters", &self.adapters.len())
            .finish_non_exhaustive()
    }
}

/// Publishes: commands about jobs, and the worker that carries them out.
///
/// Commands are durable when they answer. Close it when it isn't used any more; a worker that still runs
/// is stopped by that.
#[derive(uniffi::Object)]
pub struct Engine {
    queue: PublishQueue,
    worker: Option<PublishWorker>,
    store: Arc<dyn JobStore>,
    flags: Flags,
    stop: worker::Stop,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("flags", &self.flags)
            .finish_non_exhaustive()
    }
}

#[uniffi::export]
impl Engine {
    /// An engine over `ports`.
    ///
    /// A setting that makes no sense is refused at its path: `FIELD_VALUE_INVALID`, `LEASE_TOO_SHORT`,
    /// `APP_MISCONFIGURED` where TikTok or Instagram lack a transport or tokens.
    #[uniffi::constructor]
    pub fn new(ports: EnginePorts, settings: EngineSettings) -> Result<Self, CalendarPublishError> {
        let store: Arc<dyn JobStore> = Arc::new(HostStore(ports.store.clone()));
        let clock = ports.clock.clone().unwrap_or_else(system_clock);
        let clock: Arc<dyn ports::Clock> = Arc::new(HostClock(clock));
        let telemetry: Arc<dyn ports::Telemetry> = match ports.telemetry.clone() {
            Some(telemetry) => Arc::new(HostTelemetry(telemetry)),
            None => Arc::new(()),
        };
        let adapters = adapters(ports, &settings, &clock)?;
        let worker = match settings.flags.publishing() {
            Some(on) => Some(PublishWorker::new(
                on,
                WorkerPorts {
                    store: store.clone(),
                    adapters,
                    clock,
                    telemetry: telemetry.clone(),
                },
                settings
                    .worker
                    .settings(settings.name, settings.queue.policy.clone())
                    .map_err(|error| error.under("worker"))?,
            )?),
            None => None,
        };
        Ok(Self {
            queue: PublishQueue::new(store.clone(), telemetry, settings.queue),
            worker,
            store,
            flags: settings.flags,
            stop: worker::Stop::default(),
        })
    }
}

impl Engine {
    fn publishing(&self) -> Result<PublishingOn, Error> {
        self.flags
            .publishing()
            .ok_or_else(|| Error::new(Code::FlagOff))
    }

    fn publishing_now(&self) -> Result<PublishNowOn, Error> {
        self.flags
            .publishing_now()
            .ok_or_else(|| Error::new(Code::FlagOff))
    }

    fn worker(&self) -> Result<&PublishWorker, Error> {
        self.worker
            .as_ref()
            .ok_or_else(|| Error::new(Code::FlagOff))
    }
}

/// The platforms: TikTok and Instagram as they are configured, and the host's own.
fn adapters(
    ports: EnginePorts,
    settings: &EngineSettings,
    clock: &Arc<dyn ports::Clock>,
) -> Result<Vec<Arc<dyn ports::ChannelAdapter>>, Error> {
    let transport = ports.transport.map(|transport| {
        let transport: Arc<dyn ports::HttpTransport> = Arc::new(HostTransport(transport));
        transport
    });
    let tokens = ports.tokens.map(|tokens| Arc::new(HostTokens(tokens)));
    let media = ports.media.map(|media| {
        let media: Arc<dyn ports::MediaSource> = Arc::new(HostMedia(media));
        media
    });
    let missing = |what: &str| Error::new(Code::AppMisconfigured).at(format!("ports.{what}"));
    let mut adapters: Vec<Arc<dyn ports::ChannelAdapter>> = Vec::new();
    if settings.tiktok.is_some() || settings.instagram.is_some() {
        let access = platforms::Access {
            transport: transport.ok_or_else(|| missing("transport"))?,
            tokens: tokens.ok_or_else(|| missing("tokens"))?,
            media,
            clock: clock.clone(),
        };
        if let Some(tiktok) = &settings.tiktok {
            adapters.push(access.tiktok(tiktok).map_err(|e| e.under("tiktok"))?);
        }
        if let Some(instagram) = &settings.instagram {
            adapters.push(
                access
                    .instagram(instagram)
                    .map_err(|e| e.under("instagram"))?,
            );
        }
    }
    for adapter in ports.adapters {
        adapters.push(Arc::new(HostAdapter::new(adapter)?));
    }
    Ok(adapters)
}
