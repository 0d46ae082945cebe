//! A calendar that lives in an interface.

use calendar_publish::calendar::Calendar;
use calendar_publish::model::Timestamp;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::failure::thrown;

/// Holds a calendar's entries; `npm/src/calendar.js` is its face.
#[wasm_bindgen]
#[derive(Debug)]
pub struct CalendarHandle(Calendar);

#[wasm_bindgen]
impl CalendarHandle {
    /// Reads a calendar from the bytes of a JSON document, judged at `now`, in milliseconds since 1970.
    #[wasm_bindgen(constructor)]
    pub fn load(document: &[u8], now: f64) -> Result<Self, JsValue> {
        Calendar::load(document, instant(now))
            .map(Self)
            .map_err(|error| thrown(&error))
    }

    /// Runs an operation on a JSON document and gives its answer as JSON.
    pub fn call(&mut self, name: &str, input: &str) -> Result<String, JsValue> {
        self.0.call(name, input).map_err(|error| thrown(&error))
    }

    /// Writes an export.
    pub fn export(&mut self, request: &str) -> Result<Vec<u8>, JsValue> {
        self.0
            .export_document(request)
            .map_err(|error| thrown(&error))
    }

    /// How many entries there are.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.len()
    }
}

/// The instant `millis` milliseconds after 1970 in UTC; the wrapper made sure that it is a finite number.
pub(crate) fn instant(millis: f64) -> Timestamp {
    // A cast holds what doesn't fit at the ends, as `from_millis` does.
    Timestamp::from_millis(millis as i64)
}
