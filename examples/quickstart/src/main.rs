//! The main job of `calendar-publish` from one command: a calendar stream goes in; readiness,
//! explanations, a moved schedule, a merged regeneration, a dry run and exports come out, and a SQLite
//! file keeps everything.

mod args;
mod input;
mod live;
mod report;
mod steps;
mod tour;
mod view;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::args::Arguments;
use crate::input::Input;
use crate::view::Screen;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let screen = Screen::new(&arguments);
    let outcome = match Input::open(&arguments) {
        Ok(input) => tour::run(&arguments, input, &screen).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(report) if arguments.json => match serde_json::to_string(&report) {
            // A reader that has gone away has read enough.
            Ok(json) => {
                let _ = writeln!(std::io::stdout(), "{json}");
                ExitCode::SUCCESS
            }
            Err(error) => fail(&screen, &error.into()),
        },
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => fail(&screen, &error),
    }
}

/// Says what went wrong in the user's language where the library knows it, and in full below.
fn fail(screen: &Screen, error: &anyhow::Error) -> ExitCode {
    screen.failure(error);
    ExitCode::FAILURE
}
