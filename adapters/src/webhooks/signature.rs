//! Whose a body is.

use std::fmt;

use calendar_publish::ports::Header;
use calendar_publish::{Code, Error};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::WebhookError;

/// The bytes of an HMAC-SHA256.
const MAC_BYTES: usize = 32;

/// The secrets that a platform may have signed with: the app's, and while it is being replaced the
/// one before. `Debug` doesn't show them.
#[derive(Clone)]
pub struct AppSecrets(Vec<SecretString>);

impl AppSecrets {
    /// The app's secret.
    ///
    /// # Errors
    /// [`Code::FieldMissing`] where it is empty: with an empty key everybody could sign.
    pub fn new(secret: SecretString) -> Result<Self, Error> {
        Self(Vec::new()).and(secret)
    }

    /// Also takes what was signed with `secret`, as while an app's secret is replaced.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn and(mut self, secret: SecretString) -> Result<Self, Error> {
        if secret.expose_secret().is_empty() {
            return Err(Error::new(Code::FieldMissing).at("secret"));
        }
        self.0.push(secret);
        Ok(self)
    }

    /// Whether `signature` is that of the parts, one after the other, under one of the secrets. How
    /// long it takes doesn't depend on where they differ, nor on which secret fits.
    pub(super) fn signed(&self, parts: &[&[u8]], signature: &[u8; MAC_BYTES]) -> bool {
        let mut fits = Choice::from(0);
        for secret in &self.0 {
            // HMAC takes keys of any length.
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
            else {
                continue;
            };
            for part in parts {
                mac.update(part);
            }
            let made = mac.finalize().into_bytes();
            fits |= made.as_slice().ct_eq(signature.as_slice());
        }
        fits.into()
    }
}

impl fmt::Debug for AppSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AppSecrets({})", self.0.len())
    }
}

/// Whether two secrets are alike, in a time that tells their lengths and nothing else.
pub(super) fn alike(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// The one header of that name, compared without case.
pub(super) fn the_header<'a>(
    headers: &'a [Header],
    header: &'static str,
) -> Result<&'a str, WebhookError> {
    let mut found = headers
        .iter()
        .filter(|line| line.name.eq_ignore_ascii_case(header));
    match (found.next(), found.next()) {
        (Some(line), None) => Ok(line.value.trim()),
        (None, _) => Err(WebhookError::SignatureMissing { header }),
        (Some(_), Some(_)) => Err(WebhookError::SignatureRepeated { header }),
    }
}

/// The bytes of a signature written in hexadecimal.
pub(super) fn mac_bytes(hex: &str) -> Option<[u8; MAC_BYTES]> {
    if hex.len() != 2 * MAC_BYTES {
        return None;
    }
    let mut bytes = [0; MAC_BYTES];
    for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(bytes)
}

/// Refuses a body that is empty or larger than its bound, before a byte of it is hashed.
pub(super) fn check_size(body: &[u8], max: usize) -> Result<(), WebhookError> {
    match body.len() {
        0 => Err(WebhookError::Empty),
        bytes if bytes > max => Err(WebhookError::TooLarge { bytes, max }),
        _ => Ok(()),
    }
}

/// The key by which a webhook is recognised when it comes again: the SHA-256 of `parts`, each behind
/// its length so that no two lists of parts run into the same bytes.
pub(super) fn key(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
