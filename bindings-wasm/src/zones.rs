//! Time zones from JavaScript's `Intl`, where none are compiled in.

use calendar_publish::model::zones::{ZoneSource, set_zone_source};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/npm/src/intl-zones.js")]
extern "C" {
    #[wasm_bindgen(js_name = knowsZone)]
    fn knows_zone(name: &str) -> bool;

    #[wasm_bindgen(js_name = zoneOffset)]
    fn zone_offset(name: &str, millis: f64) -> i32;
}

struct Intl;

impl ZoneSource for Intl {
    fn knows(&self, name: &str) -> bool {
        knows_zone(name)
    }

    fn offset_seconds(&self, name: &str, millis: i64) -> i32 {
        // The years that are asked about are far inside what a double holds exactly.
        zone_offset(name, millis as f64)
    }
}

/// Runs when the module is instantiated, before anything can be read.
#[wasm_bindgen(start)]
fn start() {
    set_zone_source(Intl);
}
