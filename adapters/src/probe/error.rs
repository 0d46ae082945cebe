//! Why a file couldn't be measured.

use calendar_publish::error::{Code, Error, Measure};
use calendar_publish::ports::MediaError;

/// Why a file couldn't be measured. No variant holds its address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// The bytes in hand don't hold what is needed: this part of the file does. Nothing is wrong with it.
    #[error("{length} bytes from {offset} on are needed")]
    NeedsMore {
        /// The first byte that is needed, from 0.
        offset: u64,
        /// How many are needed; the file may end before.
        length: u64,
    },
    /// The file couldn't be read.
    #[error(transparent)]
    Source(#[from] MediaError),
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file begins like nothing that is known.
    #[error("the file is of no known format")]
    Unrecognised,
    /// The file ends before what it announces: its upload or export broke off.
    #[error("the file announces {expected} bytes and has {actual}")]
    CutOff {
        /// How many bytes the file must have at least, by its own account.
        expected: u64,
        /// How many it has.
        actual: u64,
    },
    /// The file contradicts its own format, or is built so that measuring it has no end.
    #[error("the file is damaged: {reason}")]
    Damaged {
        /// The MIME type of what it began as.
        mime_type: &'static str,
        /// What is wrong with it, for developers.
        reason: &'static str,
    },
}

impl From<ProbeError> for Error {
    /// The core's error at `media`, with texts for people in every language the core speaks.
    fn from(error: ProbeError) -> Self {
        let unsupported = |what: &str| {
            Self::new(Code::MediaFormatUnsupported)
                .at("media")
                .measured(Measure::text(what))
        };
        match error {
            ProbeError::Source(source) => source.into(),
            ProbeError::NeedsMore { .. } => Self::new(Code::MediaUnprobed).at("media"),
            ProbeError::Empty => unsupported("0 B"),
            // What HTTP calls bytes that nobody knows more of.
            ProbeError::Unrecognised => unsupported("application/octet-stream"),
            ProbeError::CutOff { expected, actual } => {
                unsupported(&format!("{actual} B < {expected} B"))
            }
            ProbeError::Damaged { mime_type, .. } => unsupported(mime_type),
        }
    }
}
