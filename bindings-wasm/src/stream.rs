//! The AI stream, read as it arrives.

use calendar_publish::generation::{GenerationSession, SessionOptions};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::calendar::instant;
use crate::failure::thrown;

/// Reads a generation's stream; `npm/src/stream.js` is its face. Instants are in milliseconds since 1970.
#[wasm_bindgen]
#[derive(Debug)]
pub struct StreamHandle(GenerationSession);

#[wasm_bindgen]
impl StreamHandle {
    /// Begins at `now`; `options` is a JSON document, empty for the defaults.
    #[wasm_bindgen(constructor)]
    pub fn start(options: &str, now: f64) -> Result<Self, JsValue> {
        let options = SessionOptions::read(options).map_err(|error| thrown(&error))?;
        Ok(Self(GenerationSession::start(options, instant(now))))
    }

    /// Takes bytes as they arrived and gives the events in them, a JSON list.
    pub fn push(&mut self, bytes: &[u8], now: f64) -> Result<String, JsValue> {
        written(&self.0.push(bytes, instant(now)))
    }

    /// Says what time it is, and gives the state, as JSON.
    pub fn tick(&mut self, now: f64) -> Result<String, JsValue> {
        written(&self.0.tick(instant(now)))
    }

    /// The stream has ended.
    pub fn end(&mut self, now: f64) {
        self.0.end(instant(now));
    }

    /// The person doesn't want it any more.
    pub fn cancel(&mut self, now: f64) {
        self.0.cancel(instant(now));
    }

    /// What arrived, and how the generation stands, as JSON.
    pub fn snapshot(&self) -> Result<String, JsValue> {
        written(&self.0.snapshot())
    }

    /// How many milliseconds it is until `tick` can tell something new.
    #[wasm_bindgen(js_name = millisToNextTick)]
    pub fn millis_to_next_tick(&self, now: f64) -> Option<f64> {
        self.0
            .millis_to_next_tick(instant(now))
            .map(|millis| millis as f64)
    }
}

fn written(answer: &impl Serialize) -> Result<String, JsValue> {
    serde_json::to_string(answer).map_err(|error| JsValue::from_str(&error.to_string()))
}
