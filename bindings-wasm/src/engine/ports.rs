//! The host's ports, as the wrapper in `npm/src/engine.js` hands them over.

use async_trait::async_trait;
use calendar_publish_documents::ports::{
    BytesAnswer, BytesPort, DocumentPort, EventPort, HostFailure, TimePort,
};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// The ports of one engine: documents are JSON texts, and a rejection that is a text is one too.
    #[derive(Clone, Debug)]
    pub type HostPorts;

    #[wasm_bindgen(method, catch)]
    async fn document(
        this: &HostPorts,
        port: &str,
        method: &str,
        request: &str,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn bytes(
        this: &HostPorts,
        port: &str,
        head: &str,
        body: Uint8Array,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn record(this: &HostPorts, event: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    fn now(this: &HostPorts) -> f64;

    #[wasm_bindgen(method, catch)]
    async fn sleep(this: &HostPorts, millis: f64) -> Result<JsValue, JsValue>;

    /// What a port that passes bytes answers.
    type HostBytes;

    #[wasm_bindgen(method, getter)]
    fn head(this: &HostBytes) -> JsValue;

    #[wasm_bindgen(method, getter)]
    fn body(this: &HostBytes) -> JsValue;
}

/// One of the ports, by its name.
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub(super) host: HostPorts,
    pub(super) name: &'static str,
}

#[async_trait(?Send)]
impl DocumentPort for Port {
    async fn call(&self, method: &'static str, request: String) -> Result<String, HostFailure> {
        let answer = self.host.document(self.name, method, &request).await;
        text(answer.map_err(failure)?)
    }
}

#[async_trait(?Send)]
impl BytesPort for Port {
    async fn exchange(&self, head: String, body: Vec<u8>) -> Result<BytesAnswer, HostFailure> {
        let body = Uint8Array::from(body.as_slice());
        let answer = self.host.bytes(self.name, &head, body).await;
        let answer: HostBytes = answer.map_err(failure)?.unchecked_into();
        let body = answer
            .body()
            .dyn_into::<Uint8Array>()
            .map_err(|_| HostFailure::thrown("the body isn't a Uint8Array"))?;
        Ok(BytesAnswer {
            head: text(answer.head())?,
            body: body.to_vec(),
        })
    }
}

impl EventPort for Port {
    fn record(&self, event: String) -> Result<(), HostFailure> {
        self.host.record(&event).map_err(failure)
    }
}

#[async_trait(?Send)]
impl TimePort for Port {
    fn now_millis(&self) -> i64 {
        self.host.now() as i64
    }

    async fn sleep_millis(&self, millis: u64) {
        // A timer that can't be set never answers.
        if self.host.sleep(millis as f64).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn text(answer: JsValue) -> Result<String, HostFailure> {
    answer
        .as_string()
        .ok_or_else(|| HostFailure::thrown("the answer isn't a text"))
}

/// What was thrown: a document where it is a text, otherwise whatever it says of itself.
fn failure(thrown: JsValue) -> HostFailure {
    match thrown.as_string() {
        Some(document) => HostFailure::refused(document),
        None => {
            let error: Option<&js_sys::Error> = thrown.dyn_ref();
            let reason = error.map(|error| String::from(error.message()));
            HostFailure::thrown(reason.unwrap_or_else(|| format!("{thrown:?}")))
        }
    }
}
