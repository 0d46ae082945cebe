//! Opening the file, and what can keep it from opening.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use calendar_publish::Error;
use calendar_publish::ports::StoreError;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::damage;
use super::migrations::migrate;

/// Why the file can't be used as a store.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OpenError {
    /// The file's directory doesn't exist.
    #[error("the directory `{}` doesn't exist", path.display())]
    DirectoryMissing {
        /// The directory.
        path: PathBuf,
    },
    /// The path is a directory, or the file can't be created or opened there.
    #[error("`{}` can't be opened as a file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The file is something else than a SQLite database.
    #[error("`{}` isn't a SQLite database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a SQLite database whose inside is damaged.
    #[error("`{}` is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite tripped over.
        reason: String,
    },
    /// The file or its directory can't be written.
    #[error("`{}` is read-only", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else holds the file for longer than we wait.
    #[error("`{}` is locked by another process", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer version of this library.
    #[error("`{}` has schema {found}, this version knows up to {known}", path.display())]
    SchemaNewer {
        /// The file.
        path: PathBuf,
        /// The schema that was found.
        found: i64,
        /// The newest schema this version knows.
        known: i64,
    },
    /// Something else, in SQLite's words.
    #[error("`{}` can't be opened: {reason}", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl From<OpenError> for StoreError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::SchemaNewer { found, known, .. } => Self::SchemaNewer { found, known },
            OpenError::NotADatabase { .. } | OpenError::Damaged { .. } => {
                Self::corrupt("file", &error)
            }
            OpenError::DirectoryMissing { .. }
            | OpenError::NotAFile { .. }
            | OpenError::ReadOnly { .. }
            | OpenError::Locked { .. }
            | OpenError::Failed { .. } => Self::unavailable(error.to_string()),
        }
    }
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        StoreError::from(error).into()
    }
}

/// Opens the file, creating it where there is none, and brings its schema up to date.
///
/// SQLite waits for a lock by itself, with one exception: while the last connection to a file closes
/// and takes its write-ahead log away, whoever opens it is told at once that it is busy.
pub(super) fn open(path: &Path, patience: Duration) -> Result<Connection, OpenError> {
    let deadline = Instant::now() + patience;
    loop {
        match open_once(path, patience) {
            Err(OpenError::Locked { .. }) if Instant::now() < deadline => {
                thread::sleep(Duration::from_millis(5));
            }
            answer => return answer,
        }
    }
}

fn open_once(path: &Path, patience: Duration) -> Result<Connection, OpenError> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !directory.is_dir() {
        return Err(OpenError::DirectoryMissing {
            path: directory.to_owned(),
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection =
        Connection::open_with_flags(path, flags).map_err(|error| refused(path, &error))?;
    configure(&connection, patience).map_err(|error| refused(path, &error))?;
    // SQLite opens a file that it may not write read-only, without a word.
    match connection.is_readonly(rusqlite::MAIN_DB) {
        Ok(false) => {}
        Ok(true) => {
            return Err(OpenError::ReadOnly {
                path: path.to_owned(),
            });
        }
        Err(error) => return Err(refused(path, &error)),
    }
    let ready = migrate(&mut connection).and_then(|()| damage::look_again(&mut connection));
    ready.map_err(|error| match error {
        StoreError::SchemaNewer { found, known } => OpenError::SchemaNewer {
            path: path.to_owned(),
            found,
            known,
        },
        StoreError::Unavailable { reason } if reason == super::row::LOCKED => OpenError::Locked {
            path: path.to_owned(),
        },
        StoreError::Corrupt { reason, .. } => OpenError::Damaged {
            path: path.to_owned(),
            reason,
        },
        other => OpenError::Failed {
            path: path.to_owned(),
            reason: other.to_string(),
        },
    })?;
    Ok(connection)
}

fn configure(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    connection.busy_timeout(patience)?;
    // Readers go on while somebody writes, and a torn write is never seen.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A commit that was answered survives the power going off, not only the process.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // In KiB: a batch of jobs touches pages all over the file, and stays in memory with this.
    connection.pragma_update(None, "cache_size", -32_000)?;
    // In pages: copying the log back costs two waits for the disk, so not after each batch.
    connection.pragma_update(None, "wal_autocheckpoint", 8_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn refused(path: &Path, error: &rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotADatabase { path },
        Some(ErrorCode::DatabaseCorrupt) => OpenError::Damaged {
            path,
            reason: error.to_string(),
        },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => OpenError::ReadOnly { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::Locked { path },
        Some(ErrorCode::CannotOpen) => OpenError::NotAFile { path },
        _ => OpenError::Failed {
            path,
            reason: error.to_string(),
        },
    }
}
