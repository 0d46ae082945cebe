//! Calendars of any size for tests and benchmarks: the same number gives the same calendar.

use calendar_publish::export::ExportRow;
use calendar_publish::model::{CalendarEntry, CalendarId, Zone};
use serde_json::json;

/// A calendar as a bakery would write it: `count` entries, four a day.
///
/// # Errors
/// Where an entry isn't one, which is a fault in this function.
pub fn calendar(count: usize) -> Result<Vec<CalendarEntry>, serde_json::Error> {
    (0..count).map(entry).collect()
}

/// The calendar all the entries of [`calendar`] belong to.
///
/// # Errors
/// Where the id isn't one, which is a fault in this function.
pub fn calendar_id() -> Result<CalendarId, calendar_publish::Error> {
    "00000000-0000-7000-8000-0000000000c1".parse()
}

fn entry(number: usize) -> Result<CalendarEntry, serde_json::Error> {
    let captions = [
        "Hoy horneamos pan de masa madre. ¿Quién quiere probarlo? 🥖",
        "Tres trucos para que tu \"pan\" suba siempre; guarda este vídeo, lo vas a necesitar.\n\n\
         1. Harina de fuerza\n2. Reposo en frío\n3. Paciencia",
        "-20% en toda la bollería este fin de semana, sólo con reserva previa",
    ];
    let day = number / 4;
    let date = format!(
        "{}-{:02}-{:02}",
        2026 + day / 336 % 10,
        day / 28 % 12 + 1,
        day % 28 + 1
    );
    let hour = 8 + number % 4 * 3;
    serde_json::from_value(json!({
        "id": format!("00000000-0000-7000-8000-{number:012x}"),
        "calendarId": "00000000-0000-7000-8000-0000000000c1",
        "piece": {
            "title": format!("Pieza número {number}"),
            "channel": if number.is_multiple_of(2) { "tiktok" } else { "instagram" },
            "format": "carrusel",
            "copy": captions[number % 3],
            "script": "Plano corto de las manos; después, el horno.",
            "targetAudience": "Familias del barrio",
            "date": date,
            "time": format!("{hour:02}:30"),
            "hashtags": ["#pan", "#masamadre", "#panaderia"],
            "order": number,
            "pillar": "oficio",
        },
        "scheduledAt": format!("{date}T{hour:02}:30:00Z"),
        "readiness": "ready",
        "revision": 1,
    }))
}

/// The rows of `entries` in `zone`.
pub fn rows(entries: &[CalendarEntry], zone: Zone) -> impl Iterator<Item = ExportRow<'_>> + Clone {
    entries.iter().map(move |entry| ExportRow {
        timezone: Some(zone),
        ..ExportRow::new(entry)
    })
}
