//! Why a webhook isn't taken.

use calendar_publish::error::{Allowed, Code, Error, Measure, Unit};

/// Why a webhook isn't taken. Nothing of its content was looked at before its signature was right.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WebhookError {
    /// The body has no bytes.
    #[error("the body is empty")]
    Empty,
    /// The body is larger than its bound.
    #[error("the body has {bytes} bytes, at most {max} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The bound.
        max: usize,
    },
    /// There is no signature.
    #[error("there is no header `{header}`")]
    SignatureMissing {
        /// The header it should stand in.
        header: &'static str,
    },
    /// The header stands twice, so that nobody can say which one was checked elsewhere.
    #[error("the header `{header}` stands more than once")]
    SignatureRepeated {
        /// The header.
        header: &'static str,
    },
    /// The header isn't written as the platform writes it.
    #[error("the header `{header}` isn't written as `{pattern}`")]
    SignatureMalformed {
        /// The header.
        header: &'static str,
        /// How it should be written.
        pattern: &'static str,
    },
    /// The signature is right and too old (or from the future): somebody may be sending it again.
    #[error("the signature is {seconds} s from now, at most {max} are allowed")]
    SignatureStale {
        /// The header.
        header: &'static str,
        /// How far it is from now, in seconds; negative where it lies in the future.
        seconds: i64,
        /// The tolerance, in seconds.
        max: i64,
    },
    /// The signature was made with none of the app's secrets.
    #[error("the signature in `{header}` wasn't made with a secret of this app")]
    SignatureWrong {
        /// The header.
        header: &'static str,
    },
    /// The body is signed and isn't UTF-8.
    #[error("the body isn't UTF-8")]
    NotUtf8,
    /// The body is signed and isn't the document that was expected.
    #[error("the body can't be read: {0}")]
    Unreadable(Error),
    /// The address is asked for a challenge in another way than Meta asks.
    #[error("`{parameter}` isn't what was expected")]
    ChallengeRefused {
        /// The parameter of the query.
        parameter: &'static str,
    },
}

impl WebhookError {
    /// The HTTP status to answer with. A platform sends the webhook again after each of them, which is
    /// right where a secret was missing here.
    pub const fn http_status(&self) -> u16 {
        match self {
            Self::Empty | Self::NotUtf8 | Self::Unreadable(_) => 400,
            Self::SignatureMissing { .. }
            | Self::SignatureRepeated { .. }
            | Self::SignatureMalformed { .. }
            | Self::SignatureStale { .. }
            | Self::SignatureWrong { .. } => 401,
            Self::ChallengeRefused { .. } => 403,
            Self::TooLarge { .. } => 413,
        }
    }
}

impl From<WebhookError> for Error {
    fn from(error: WebhookError) -> Self {
        let header = |header: &str| format!("headers.{header}");
        match error {
            WebhookError::Empty => Self::new(Code::InputInvalid)
                .at("body")
                .measured(Measure::number(0_u32, Unit::Bytes))
                .allowed(Allowed::at_least(1_u32, Unit::Bytes)),
            WebhookError::TooLarge { bytes, max } => Self::new(Code::InputTooLarge)
                .at("body")
                .measured(Measure::count(bytes, Unit::Bytes))
                .allowed(Allowed::at_most(max as f64, Unit::Bytes)),
            WebhookError::SignatureMissing { header: name } => {
                Self::new(Code::FieldMissing).at(header(name))
            }
            WebhookError::SignatureRepeated { header: name } => Self::new(Code::FieldValueInvalid)
                .at(header(name))
                .allowed(Allowed::at_most(1_u32, Unit::Items)),
            WebhookError::SignatureMalformed {
                header: name,
                pattern,
            } => Self::new(Code::FieldValueInvalid)
                .at(header(name))
                .allowed(Allowed::pattern(pattern)),
            WebhookError::SignatureStale {
                header: name,
                seconds,
                max,
            } => Self::new(Code::FieldValueInvalid)
                .at(header(name))
                .measured(Measure::integer(seconds, Unit::Seconds))
                .allowed(Allowed::between(-max as f64, max as f64, Unit::Seconds)),
            WebhookError::SignatureWrong { header: name } => {
                Self::new(Code::FieldValueInvalid).at(header(name))
            }
            WebhookError::NotUtf8 => Self::new(Code::InputNotUtf8).at("body"),
            WebhookError::Unreadable(error) => error.under("body"),
            WebhookError::ChallengeRefused { parameter } => {
                Self::new(Code::FieldValueInvalid).at(format!("query.{parameter}"))
            }
        }
    }
}
