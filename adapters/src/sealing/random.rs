//! Where random bytes come from: a port, so that a test can own them.

/// The source of random bytes couldn't give any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct RandomError;

/// A source of random bytes. States, verifiers and nonces are made from it, so that outside of tests
/// it must be fit for cryptography.
pub trait RandomSource: Send + Sync {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`RandomError`]: nothing may be made from what `bytes` holds then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// The operating system's.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl RandomSource for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|_| RandomError)
    }
}

/// `N` random bytes.
pub(crate) fn draw<const N: usize>(source: &dyn RandomSource) -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    source.fill(&mut bytes)?;
    Ok(bytes)
}
