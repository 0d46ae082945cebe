//! The publish engine over ports that are written in JavaScript.

mod ports;

use std::rc::Rc;
use std::sync::Arc;

use calendar_publish::Error;
use calendar_publish::operation::read_document;
use calendar_publish::ports::MediaSource;
use calendar_publish_documents::ports::{
    DocumentClock, DocumentMedia, DocumentTelemetry, DocumentTokens, DocumentTransport,
};
use calendar_publish_documents::{DocumentStore, Engine, EnginePorts, EngineSettings};
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use crate::failure::thrown;
use ports::{HostPorts, Port};

/// An engine; `npm/src/engine.js` is its face.
#[wasm_bindgen]
#[derive(Debug)]
pub struct EngineHandle(Rc<Engine>);

#[wasm_bindgen]
impl EngineHandle {
    /// An engine over the host's ports, of which those named in `given` are there; both are JSON documents.
    #[wasm_bindgen(constructor)]
    pub fn new(host: HostPorts, given: &str, settings: &str) -> Result<Self, JsValue> {
        engine(&host, given, settings)
            .map(|engine| Self(Rc::new(engine)))
            .map_err(|error| thrown(&error))
    }

    /// Runs an operation on a JSON document; the promise holds its answer as JSON.
    pub fn call(&self, name: String, input: String) -> Promise {
        let engine = Rc::clone(&self.0);
        promise(async move { engine.call(&name, &input).await })
    }

    /// Works until `stop`; the promise holds the report as JSON.
    pub fn run(&self) -> Promise {
        let engine = Rc::clone(&self.0);
        promise(async move {
            let report = engine.run().await?;
            Ok(serde_json::to_string(&report).unwrap_or_default())
        })
    }

    /// Ends `run` gracefully.
    pub fn stop(&self) {
        self.0.stop();
    }
}

fn promise(work: impl Future<Output = Result<String, Error>> + 'static) -> Promise {
    future_to_promise(async move {
        match work.await {
            Ok(answer) => Ok(JsValue::from_str(&answer)),
            Err(error) => Err(thrown(&error)),
        }
    })
}

// The ports hold JavaScript's objects: they stay on their thread, and `Arc` is only what the engine takes.
#[allow(clippy::arc_with_non_send_sync)]
fn engine(host: &HostPorts, given: &str, settings: &str) -> Result<Engine, Error> {
    let given: Vec<String> = read_document(given)?;
    let port = |name| Port {
        host: host.clone(),
        name,
    };
    let media = given.iter().any(|name| name == "media");
    let ports = EnginePorts {
        store: Arc::new(DocumentStore::new(port("store"))),
        clock: Arc::new(DocumentClock::new(port("clock"))),
        telemetry: Arc::new(DocumentTelemetry::new(port("telemetry"))),
        transport: Arc::new(DocumentTransport::new(port("transport"))),
        tokens: Arc::new(DocumentTokens::new(port("tokens"))),
        media: media.then(|| Arc::new(DocumentMedia::new(port("media"))) as Arc<dyn MediaSource>),
        adapters: Vec::new(),
    };
    Engine::new(ports, EngineSettings::read(settings)?)
}
