//! The ports that an engine's options choose.

use std::ffi::CStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::error::Measure;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::Channel;
use calendar_publish::ports::{
    ChannelAdapter, Clock, HttpRequest, HttpResponse, HttpTransport, JobStore, MediaSource,
    Telemetry, TransportError,
};
use calendar_publish::{Code, Error};
use calendar_publish_adapters::access::AccessTokens;
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_adapters::http::{
    AllowedOrigins, HttpMedia, HttpSettings, HttpSetupError, ReqwestTransport,
};
use calendar_publish_adapters::sqlite::SqliteStore;
use calendar_publish_documents::ports::{
    AdapterPlace, DocumentAdapter, DocumentClock, DocumentMedia, DocumentTelemetry, DocumentTokens,
    DocumentTransport,
};
use calendar_publish_documents::{DocumentStore, EnginePorts, EngineSettings, PlatformPorts};

use super::events::Events;
use super::host::{Exchange, Host, Port, Time};
use super::options::{EngineOptions, HostOption, HttpOptions, StoreOption, TransportOption};

/// How long a host's store may take for one call.
const STORE_DEADLINE: Duration = Duration::from_secs(30);

/// How long a host may take for a token, and to read a part of a file, where its settings don't say.
const TOKEN_DEADLINE_SECONDS: u32 = 10;
const MEDIA_DEADLINE_SECONDS: u32 = 30;

/// What an engine is made of. It runs inside the engine's runtime.
pub(super) fn chosen(
    options: EngineOptions,
    host: Option<&Arc<Host>>,
) -> Result<(EnginePorts, EngineSettings), Error> {
    let settings = options.engine;
    let tiktok = settings.tiktok.clone().unwrap_or_default();
    let seconds =
        |given: Option<u32>, usual| Some(Duration::from_secs(given.unwrap_or(usual).into()));
    let token_deadline = seconds(tiktok.token_deadline_seconds, TOKEN_DEADLINE_SECONDS);
    let media_deadline = seconds(tiktok.media_deadline_seconds, MEDIA_DEADLINE_SECONDS);
    let host = Chosen(host);

    let clock: Arc<dyn Clock> = match options.clock {
        Some(HostOption::Host) => host.clock()?,
        None => Arc::new(SystemClock),
    };
    let transport = match options.transport {
        Some(TransportOption::Host) => Some(host.transport()?),
        Some(TransportOption::Http(options)) => {
            let client = client(options, ReqwestTransport::new);
            let client = client.map_err(|error| error.at("transport.http"))?;
            Some(Arc::new(client) as Arc<dyn HttpTransport>)
        }
        None => None,
    };
    let tokens = match options.tokens {
        Some(HostOption::Host) => {
            let port = host.port(c"tokens", "tokens", token_deadline)?;
            Some(Arc::new(DocumentTokens::new(port)) as Arc<dyn AccessTokens>)
        }
        None => None,
    };
    let media = match options.media {
        Some(TransportOption::Host) => {
            let port = host.port(c"media", "media", media_deadline)?;
            let port = Exchange {
                port,
                method: "read",
            };
            Some(Arc::new(DocumentMedia::new(port)) as Arc<dyn MediaSource>)
        }
        Some(TransportOption::Http(options)) => {
            let client = client(options, HttpMedia::new).map_err(|error| error.at("media.http"))?;
            Some(Arc::new(client) as Arc<dyn MediaSource>)
        }
        None => None,
    };
    let telemetry: Arc<dyn Telemetry> = match options.telemetry {
        Some(HostOption::Host) => {
            let port = host.port(c"telemetry", "telemetry", None)?;
            Arc::new(DocumentTelemetry::new(Events::to(port.host)))
        }
        None => Arc::new(()),
    };
    let PlatformPorts { transport, tokens } = settings.platform_ports(transport, tokens)?;
    let ports = EnginePorts {
        store: host.store(options.store, &clock)?,
        clock,
        telemetry,
        transport,
        tokens,
        media,
        adapters: host.adapters(options.adapters)?,
    };
    Ok((ports, settings))
}

/// The ready-made client that `make` makes one of.
fn client<C>(
    options: HttpOptions,
    make: impl Fn(&HttpSettings) -> Result<C, HttpSetupError>,
) -> Result<AllowedOrigins<C>, Error> {
    let settings = options.settings();
    AllowedOrigins::new(settings, options.allowed_origins, make)
        .map_err(|error| Error::new(Code::AppMisconfigured).measured(Measure::text(error.reason)))
}

/// The host, where one was given.
struct Chosen<'a>(Option<&'a Arc<Host>>);

impl Chosen<'_> {
    /// The host's port that the options name at `path`.
    fn port(
        &self,
        name: &'static CStr,
        path: &str,
        within: Option<Duration>,
    ) -> Result<Port, Error> {
        let host = self.0.filter(|host| host.can_be_called());
        let host = host.ok_or_else(|| Error::new(Code::AppMisconfigured).at(path))?;
        Ok(Port {
            host: Arc::clone(host),
            name,
            within,
        })
    }

    fn clock(&self) -> Result<Arc<dyn Clock>, Error> {
        let port = self.port(c"clock", "clock", None)?;
        if !port.host.has_time() {
            return Err(Error::new(Code::AppMisconfigured).at("clock"));
        }
        Ok(Arc::new(DocumentClock::new(Time(port))))
    }

    fn transport(&self) -> Result<Arc<dyn HttpTransport>, Error> {
        let port = self.port(c"transport", "transport", None)?;
        let port = Exchange {
            port,
            method: "send",
        };
        Ok(Arc::new(Punctual(DocumentTransport::new(port))))
    }

    fn store(
        &self,
        option: StoreOption,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<dyn JobStore>, Error> {
        Ok(match option {
            StoreOption::Sqlite { path } => {
                let store = SqliteStore::open(&path).map_err(Error::from);
                Arc::new(store.map_err(|error| error.at("store.sqlite.path"))?)
            }
            StoreOption::Memory => Arc::new(MemoryStore::new(Arc::clone(clock))),
            StoreOption::Host => {
                let port = self.port(c"store", "store", Some(STORE_DEADLINE))?;
                Arc::new(DocumentStore::new(port))
            }
        })
    }

    fn adapters(&self, places: Vec<AdapterPlace>) -> Result<Vec<Arc<dyn ChannelAdapter>>, Error> {
        let mut adapters: Vec<Arc<dyn ChannelAdapter>> = Vec::with_capacity(places.len());
        for (at, place) in places.into_iter().enumerate() {
            let name = match place.channel {
                Channel::Tiktok => c"tiktok",
                Channel::Instagram => c"instagram",
            };
            let within = Duration::from_secs(place.call_deadline_seconds.into());
            let port = self.port(name, &format!("adapters[{at}]"), Some(within))?;
            adapters.push(Arc::new(DocumentAdapter::new(port, place)));
        }
        Ok(adapters)
    }
}

/// A transport that is held to each request's deadline: afterwards its answer isn't waited for.
struct Punctual<T>(T);

#[async_trait]
impl<T: HttpTransport> HttpTransport for Punctual<T> {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let deadline = request.deadline;
        let answer = tokio::time::timeout(deadline, self.0.send(request)).await;
        answer.unwrap_or_else(|_| {
            Err(TransportError::NoAnswer {
                reason: "the host didn't answer in time".to_owned(),
            })
        })
    }
}
