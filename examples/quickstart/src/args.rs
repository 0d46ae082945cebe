//! The command line.

use std::path::PathBuf;

use calendar_publish::message::Lang;
use calendar_publish::model::{Timestamp, Zone};
use clap::Parser;

/// Read a calendar as the AI stream delivers it, say what is ready and what isn't, move it, merge a
/// regeneration, publish it dry and export it. Nothing leaves this machine.
///
/// Without arguments it works on a recorded month of a bakery in Madrid. Given a FILE (or `-` for
/// standard input) it works on that stream instead.
#[derive(Debug, Parser)]
#[command(name = "quickstart", version, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A calendar stream (text/event-stream) to read; `-` is standard input [default: the recording]
    pub(crate) file: Option<PathBuf>,

    /// The language of everything people read
    #[arg(long, default_value = "es", value_name = "es|en", value_parser = language)]
    pub(crate) lang: Lang,

    /// Print one JSON document instead of the tour
    #[arg(long)]
    pub(crate) json: bool,

    /// The SQLite file that keeps the calendar
    #[arg(
        long,
        value_name = "PATH",
        default_value = "calendar-publish-out/calendar.db"
    )]
    pub(crate) db: PathBuf,

    /// Where the exports go
    #[arg(long, value_name = "DIR", default_value = "calendar-publish-out")]
    pub(crate) out: PathBuf,

    /// The linked accounts, as a JSON list [default: the recording's; none for a FILE]
    #[arg(long, value_name = "JSON")]
    pub(crate) accounts: Option<PathBuf>,

    /// Media and choices of each piece, as a JSON list [default: the recording's; none for a FILE]
    #[arg(long, value_name = "JSON")]
    pub(crate) media: Option<PathBuf>,

    /// A regenerated stream of the same calendar, to be merged [default: the recording's]
    #[arg(long, value_name = "FILE")]
    pub(crate) regenerated: Option<PathBuf>,

    /// The instant to judge from [default: 2026-10-05T06:30:00Z for the recording, else the clock]
    #[arg(long, value_name = "INSTANT")]
    pub(crate) now: Option<Timestamp>,

    /// Then link both accounts and publish the calendar for real, to simulated platforms on this machine
    #[arg(long)]
    pub(crate) live_sim: bool,

    /// The zone of entries that no account is linked for
    #[arg(long, value_name = "ZONE", default_value = "Europe/Madrid")]
    pub(crate) zone: Zone,
}

const EXAMPLES: &str = "Examples:
  cargo run -p quickstart                               the recorded month, in Spanish
  cargo run -p quickstart -- --lang en                  the same in English
  cargo run -p quickstart -- month.sse --accounts accounts.json
  curl -N http://localhost:8000/v1/ai/calendar -d @request.json | cargo run -p quickstart -- -
  cargo run -p quickstart -- --live-sim                 and publish it to simulated platforms
  cargo run -p quickstart -- --json | python3 -m json.tool

Exit status: 0 when the tour was completed, whatever the calendar's state; 1 when something couldn't
be read, stored or written; 2 for a wrong command line.";

fn language(text: &str) -> Result<Lang, String> {
    text.parse()
        .map_err(|error: calendar_publish::Error| error.to_string())
}
