//! What an engine is opened with, as a document: `{"store": {"sqlite": {"path": "jobs.db"}}, "tokens": "host"}`.
//!
//! A choice is named by its member and not by a `type` beside others: such a one has to be read to its end
//! before it is known what it is, and where a mistake in it was is lost.

use std::time::Duration;

use calendar_publish_adapters::http::HttpSettings;
use calendar_publish_documents::EngineSettings;
use calendar_publish_documents::ports::AdapterPlace;
use serde::Deserialize;

/// Where each port comes from, and how the engine works.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EngineOptions {
    /// Where calendars, accounts and jobs are kept.
    pub(super) store: StoreOption,
    /// What speaks HTTP to TikTok and Instagram. Needed by both.
    pub(super) transport: Option<TransportOption>,
    /// The accounts' tokens. Needed by both.
    pub(super) tokens: Option<HostOption>,
    /// What reads videos that are uploaded. Without it the platforms fetch them.
    pub(super) media: Option<TransportOption>,
    /// The time; the machine's where it is left out.
    pub(super) clock: Option<HostOption>,
    /// What takes the events; nobody where it is left out.
    pub(super) telemetry: Option<HostOption>,
    /// The platforms that the host speaks to itself, each in place of the library's adapter.
    #[serde(default)]
    pub(super) adapters: Vec<AdapterPlace>,
    /// How the engine works.
    #[serde(default)]
    pub(super) engine: EngineSettings,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum StoreOption {
    /// A file, which is made where it doesn't exist. Several programs of one machine may share it.
    Sqlite {
        path: String,
    },
    /// Nothing stays when the engine is closed: for tests and demonstrations.
    Memory,
    Host,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum TransportOption {
    Http(HttpOptions),
    Host,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum HostOption {
    Host,
}

/// How the ready-made transport and media source behave: by default, `https` to public addresses only.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct HttpOptions {
    /// Origins (`http://127.0.0.1:8080`) that may be called although they aren't public: simulators.
    pub(super) allowed_origins: Vec<String>,
    /// How many bytes an answer's body may have; 8 MiB by default.
    max_answer_bytes: Option<u32>,
    /// How long resolving a name, connecting and the TLS handshake may take together; 10 by default.
    connect_timeout_seconds: Option<u32>,
    /// How long reading one range of a media file may take; 120 by default.
    read_deadline_seconds: Option<u32>,
}

impl HttpOptions {
    pub(super) fn settings(&self) -> HttpSettings {
        let mut settings = HttpSettings::default();
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        if let Some(bytes) = self.max_answer_bytes {
            settings = settings.with_max_answer_bytes(usize::try_from(bytes).unwrap_or(usize::MAX));
        }
        if let Some(timeout) = self.connect_timeout_seconds {
            settings = settings.with_connect_timeout(seconds(timeout));
        }
        if let Some(deadline) = self.read_deadline_seconds {
            settings = settings.with_read_deadline(seconds(deadline));
        }
        settings
    }
}
