//! Commands, worker and store behind one door, by documents.

mod channels;
mod commands;
mod operations;
mod platform_ports;
pub mod requests;
mod sealing;
mod settings;
mod store;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use calendar_publish::Error;
use calendar_publish::flags::{Flag, Flags, Setting};
use calendar_publish::model::Channel;
use calendar_publish::ports::{
    ChannelAdapter, Clock, HttpTransport, JobStore, MediaSource, Telemetry,
};
use calendar_publish::publish::{Outbox, PublishQueue, PublishWorker, WorkReport, WorkerPorts};
use calendar_publish::rules::RuleBook;
use calendar_publish_adapters::access::AccessTokens;
use calendar_publish_adapters::instagram::{InstagramAdapter, InstagramPorts};
use calendar_publish_adapters::tiktok::{TiktokAdapter, TiktokPorts};
use futures_channel::oneshot;

pub use channels::{InstagramOptions, LoginOption, TiktokOptions, VideoOption};
pub use operations::{ENGINE_OPERATIONS, EngineOperation};
pub use platform_ports::PlatformPorts;
pub use sealing::SealingKeyOption;
pub use settings::EngineSettings;

use channels::in_document;
use commands::flag_off;

/// What an engine works with.
#[derive(Clone)]
pub struct EnginePorts {
    /// Where calendars and jobs are.
    pub store: Arc<dyn JobStore>,
    /// The worker's own time.
    pub clock: Arc<dyn Clock>,
    /// Where events go.
    pub telemetry: Arc<dyn Telemetry>,
    /// What speaks HTTP.
    pub transport: Arc<dyn HttpTransport>,
    /// The accounts' tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// Reads videos, which are then uploaded; without it platforms fetch them from their addresses.
    pub media: Option<Arc<dyn MediaSource>>,
    /// The host's own adapters, each taking the place of the library's for its channel.
    pub adapters: Vec<Arc<dyn ChannelAdapter>>,
}

impl fmt::Debug for EnginePorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnginePorts")
            .field("media", &self.media.is_some())
            .field("adapters", &self.adapters.len())
            .finish_non_exhaustive()
    }
}

impl EnginePorts {
    /// The host's adapters, and the library's own for the other channels that are to be worked.
    fn adapters(&self, settings: &EngineSettings) -> Result<Vec<Arc<dyn ChannelAdapter>>, Error> {
        let mut adapters = self.adapters.clone();
        let sealer = settings.sealer()?;
        let is_taken = |channel| self.adapters.iter().any(|own| own.channel() == channel);
        if let Some(options) = &settings.tiktok
            && !is_taken(Channel::Tiktok)
        {
            let ports = TiktokPorts {
                transport: self.transport.clone(),
                media: self.media.clone(),
                tokens: self.tokens.clone(),
                clock: self.clock.clone(),
            };
            let mut settings = options.settings();
            settings.sealer = sealer;
            let adapter = TiktokAdapter::new(ports, settings);
            adapters.push(Arc::new(
                adapter.map_err(|error| in_document(error, "tiktok"))?,
            ));
        }
        if let Some(options) = &settings.instagram
            && !is_taken(Channel::Instagram)
        {
            let ports = InstagramPorts {
                transport: self.transport.clone(),
                tokens: self.tokens.clone(),
                clock: self.clock.clone(),
                media: self.media.clone(),
            };
            let adapter = InstagramAdapter::new(ports, options.settings());
            adapters.push(Arc::new(
                adapter.map_err(|error| in_document(error, "instagram"))?,
            ));
        }
        Ok(adapters)
    }
}

/// Commands, a worker and the store, for a host that passes documents. [`ENGINE_OPERATIONS`] lists what
/// [`call`](Self::call) can do.
///
/// ```
/// use std::sync::Arc;
///
/// use calendar_publish::memory::{ManualClock, MemoryStore};
/// use calendar_publish::model::AccountId;
/// use calendar_publish::ports::{HttpRequest, HttpResponse, HttpTransport, TransportError};
/// use calendar_publish_adapters::access::{AccessError, AccessToken, AccessTokens};
/// use calendar_publish_documents::{Engine, EnginePorts, EngineSettings};
///
/// struct Offline;
///
/// #[async_trait::async_trait]
/// impl HttpTransport for Offline {
///     async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
///         Err(TransportError::NotSent { reason: "offline".to_owned() })
///     }
/// }
///
/// #[async_trait::async_trait]
/// impl AccessTokens for Offline {
///     async fn access_token(&self, _: AccountId) -> Result<AccessToken, AccessError> {
///         Err(AccessError::Revoked)
///     }
///     async fn replacement(&self, _: AccountId, _: i64) -> Result<AccessToken, AccessError> {
///         Err(AccessError::Revoked)
///     }
/// }
///
/// let clock = Arc::new(ManualClock::new("2026-11-20T10:15:00Z".parse()?));
/// let ports = EnginePorts {
///     store: Arc::new(MemoryStore::new(clock.clone())),
///     clock,
///     telemetry: Arc::new(()),
///     transport: Arc::new(Offline),
///     tokens: Arc::new(Offline),
///     media: None,
///     adapters: Vec::new(),
/// };
/// let settings = EngineSettings::read(
///     r#"{"settings":[{"name":"PUBLISH_SERVICE_ENABLED","value":"true"}],"instagram":{}}"#,
/// )?;
/// let engine = Engine::new(ports, settings)?;
/// let report = futures_executor::block_on(engine.call("tick", r#"{"limit":10}"#))?;
/// assert!(report.contains(r#""claimed":0"#));
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub struct Engine {
    store: Arc<dyn JobStore>,
    telemetry: Arc<dyn Telemetry>,
    queue: PublishQueue,
    /// `None` while publishing is off.
    worker: Option<PublishWorker>,
    outbox: Outbox,
    rules: Option<RuleBook>,
    flag_settings: Vec<Setting>,
    /// Whoever runs is stopped by these.
    stops: Mutex<Vec<oneshot::Sender<()>>>,
}

impl Engine {
    /// An engine over `ports`. It does nothing by itself.
    ///
    /// # Errors
    /// What a setting refuses, with its path: a lease that could end during a call
    /// ([`Code::LeaseTooShort`](calendar_publish::Code::LeaseTooShort)), a canary or an address that can't be
    /// read, two adapters of one channel.
    pub fn new(ports: EnginePorts, settings: EngineSettings) -> Result<Self, Error> {
        let flags = Flags::evaluate_worker(&settings.settings)?;
        // Made also while publishing is off, so that a mistake is found before it is turned on.
        let adapters = ports.adapters(&settings)?;
        let worker_settings = settings.worker()?;
        let worker_ports = WorkerPorts {
            store: ports.store.clone(),
            adapters,
            clock: ports.clock,
            telemetry: ports.telemetry.clone(),
        };
        let worker = match flags.publishing() {
            Some(on) => Some(PublishWorker::new(on, worker_ports, worker_settings)?),
            None => None,
        };
        Ok(Self {
            queue: PublishQueue::new(ports.store.clone(), ports.telemetry.clone(), settings.queue),
            store: ports.store,
            telemetry: ports.telemetry,
            worker,
            outbox: Outbox::default(),
            rules: settings.rules,
            flag_settings: settings.settings,
            stops: Mutex::default(),
        })
    }

    /// People's commands.
    pub const fn queue(&self) -> &PublishQueue {
        &self.queue
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn JobStore> {
        &self.store
    }

    /// The worker.
    ///
    /// # Errors
    /// [`Code::FlagOff`](calendar_publish::Code::FlagOff) while publishing is off.
    pub fn worker(&self) -> Result<&PublishWorker, Error> {
        let worker = self.worker.as_ref();
        worker.ok_or_else(|| flag_off(Flag::PublishService))
    }

    /// Works until [`stop`](Self::stop), then ends gracefully: it claims no more and lets every call that was
    /// begun come to its end. A stop that comes after this function was called ends it, also where the
    /// future wasn't polled yet.
    ///
    /// # Errors
    /// [`Code::FlagOff`](calendar_publish::Code::FlagOff) while publishing is off.
    pub fn run(&self) -> impl Future<Output = Result<WorkReport, Error>> + '_ {
        let (stop, stopped) = oneshot::channel();
        self.stops().push(stop);
        async move {
            let stopped = async {
                // A sender that is gone stops as well.
                let _ = stopped.await;
            };
            Ok(self.worker()?.run(stopped).await)
        }
    }

    /// Ends every [`run`](Self::run) that was begun. It returns at once.
    pub fn stop(&self) {
        for stop in self.stops().drain(..) {
            // Whoever ran may have ended already.
            let _ = stop.send(());
        }
    }

    fn stops(&self) -> MutexGuard<'_, Vec<oneshot::Sender<()>>> {
        self.stops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("worker", &self.worker)
            .finish_non_exhaustive()
    }
}
