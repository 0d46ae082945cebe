//! The AI stream, read as it arrives.

use calendar_publish::generation::{GenerationSession, SessionOptions};
use calendar_publish::model::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::calendar::instant;
use crate::failure::thrown;
use crate::latin1;

/// Reads a generation's stream; `npm/src/stream.js` is its face. Instants are in milliseconds since 1970.
#[wasm_bindgen]
#[derive(Debug)]
pub struct StreamHandle {
    session: GenerationSession,
    /// The events of the last push, as JSON and as they crossed: with each push as many bytes are needed again.
    json: Vec<u8>,
    events: Vec<u8>,
}

#[wasm_bindgen]
impl StreamHandle {
    /// Begins at `now`; `options` is a JSON document, empty for the defaults.
    #[wasm_bindgen(constructor)]
    pub fn start(options: &str, now: f64) -> Result<Self, JsValue> {
        let options = SessionOptions::read(options).map_err(|error| thrown(&error))?;
        Ok(Self {
            session: GenerationSession::start(options, instant(now)),
            json: Vec::new(),
            events: Vec::new(),
        })
    }

    /// Takes bytes as they arrived, and says how many bytes the events in them are: a JSON list in ISO 8859-1
    /// at [`events`](Self::events). One crosses for every few hundred bytes, and JavaScript
    /// makes a string of it by copying, where UTF-8 with accents has to be decoded.
    pub fn push(&mut self, bytes: &[u8], now: f64) -> Result<usize, JsValue> {
        self.json.clear();
        list(&mut self.session, bytes, instant(now), &mut self.json).map_err(thrown_text)?;
        let json = str::from_utf8(&self.json).map_err(|_| JsValue::from_str("no UTF-8"))?;
        self.events.clear();
        latin1::write(json, &mut self.events);
        Ok(self.events.len())
    }

    /// Where the events of the last push are in [`memory`](Self::memory), until the next one.
    pub fn events(&self) -> *const u8 {
        self.events.as_ptr()
    }

    /// The module's memory. Its buffer is another one once it has grown.
    pub fn memory(&self) -> JsValue {
        wasm_bindgen::memory()
    }

    /// Says what time it is, and gives the state, as JSON.
    pub fn tick(&mut self, now: f64) -> Result<String, JsValue> {
        written(&self.session.tick(instant(now)))
    }

    /// The stream has ended.
    pub fn end(&mut self, now: f64) {
        self.session.end(instant(now));
    }

    /// The person doesn't want it any more.
    pub fn cancel(&mut self, now: f64) {
        self.session.cancel(instant(now));
    }

    /// What arrived, and how the generation stands, as JSON.
    pub fn snapshot(&self) -> Result<String, JsValue> {
        written(&self.session.snapshot())
    }

    /// How many milliseconds it is until `tick` can tell something new.
    #[wasm_bindgen(js_name = millisToNextTick)]
    pub fn millis_to_next_tick(&self, now: f64) -> Option<f64> {
        self.session
            .millis_to_next_tick(instant(now))
            .map(|millis| millis as f64)
    }
}

/// Lets the session take `bytes`, and writes the events in them to `json`.
fn list(
    session: &mut GenerationSession,
    bytes: &[u8],
    now: Timestamp,
    json: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let mut serializer = serde_json::Serializer::new(json);
    let mut events = serializer.serialize_seq(None)?;
    let mut written = Ok(());
    session.push_each(bytes, now, &mut |event| {
        if written.is_ok() {
            written = events.serialize_element(event);
        }
    });
    written.and_then(|()| events.end())
}

fn written(answer: &impl Serialize) -> Result<String, JsValue> {
    serde_json::to_string(answer).map_err(thrown_text)
}

fn thrown_text(error: serde_json::Error) -> JsValue {
    JsValue::from_str(&error.to_string())
}
