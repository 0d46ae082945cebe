//! Reading the stream.

use std::io::Read;

use anyhow::{Context, Result, bail};
use calendar_publish::error::{Allowed, Measure, Unit};
use calendar_publish::generation::{
    GenerationEvent, GenerationSession, GenerationSnapshot, SessionOptions,
};
use calendar_publish::model::Timestamp;
use calendar_publish::{Code, Error};

use crate::view::Screen;

/// The most bytes of a stream that are read: a calendar of thousands of pieces is far smaller.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Reads a stream to its end, piece by piece. What has arrived is kept however the stream ends.
///
/// A file has no pace, so its session's clock stands still: nothing stalls or times out.
pub(crate) fn read_stream(
    screen: &Screen,
    mut stream: impl Read,
    name: &str,
    now: Timestamp,
) -> Result<GenerationSnapshot> {
    let mut session = GenerationSession::start(SessionOptions::default(), now);
    let progress = screen.progress();
    let mut buffer = vec![0; 16 * 1024];
    let mut total = 0;
    loop {
        let read = stream
            .read(&mut buffer)
            .with_context(|| format!("`{name}` can't be read"))?;
        if read == 0 {
            break;
        }
        total += read;
        if total > MAX_BYTES {
            bail!(
                Error::new(Code::InputTooLarge)
                    .at(name)
                    .measured(Measure::count(total, Unit::Bytes))
                    .allowed(Allowed::at_most(MAX_BYTES as f64, Unit::Bytes))
            );
        }
        for event in session.push(&buffer[..read], now) {
            if let GenerationEvent::Piece { place, piece, .. } = event {
                if let Some(pieces) = place.total {
                    progress.set_length(pieces.into());
                }
                progress.inc(1);
                progress.set_message(piece.title);
            }
        }
    }
    session.end(now);
    progress.finish_and_clear();
    let snapshot = session.snapshot();
    if snapshot.pieces.is_empty() && snapshot.refusals.is_empty() {
        let problem = snapshot.problems.into_iter().next();
        bail!(problem.unwrap_or_else(|| Error::new(Code::StreamEndedEarly).at(name)));
    }
    Ok(snapshot)
}
