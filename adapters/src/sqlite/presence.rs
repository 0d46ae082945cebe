//! Whether the file is still the one that was opened.

use std::path::{Path, PathBuf};

use calendar_publish::ports::StoreError;

/// A file, by its path and by what the system calls it.
///
/// SQLite goes on writing to a file that was removed or replaced under it, and all that was answered
/// as stored would be gone with the last handle. So it is looked at before each operation.
#[derive(Debug)]
pub(super) struct Presence {
    path: PathBuf,
    identity: Option<Identity>,
}

impl Presence {
    /// What stands at `path` now; where nothing does, nothing is watched.
    pub(super) fn of(path: &Path) -> Self {
        // The process may change its directory.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self {
            identity: identity(&path),
            path,
        }
    }

    pub(super) fn check(&self) -> Result<(), StoreError> {
        if self.identity.is_none() || identity(&self.path) == self.identity {
            return Ok(());
        }
        Err(StoreError::unavailable(
            "the file was removed or replaced while it was open",
        ))
    }
}

#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;

    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// Elsewhere an open file can't be replaced; that it is there is all there is to see.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    path.exists().then_some(())
}
