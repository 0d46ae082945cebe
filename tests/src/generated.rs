//! Files that are written by the code and checked in because people read them where they stand.

use std::path::Path;
use std::{env, fs};

/// How a generated source file begins.
pub const WRITTEN_BY_THE_CODE: &str = "// Written by `cargo xtask generate`";

/// Checks that the file at `path`, seen from the root of the repository, is what the code writes now.
/// `cargo xtask generate` writes it instead.
///
/// # Errors
/// Says what to run where the file is stale, or that it can't be written.
pub fn check_fresh(path: &str, fresh: &str) -> Result<(), String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if env::var_os("CALENDAR_PUBLISH_GENERATE").is_some() {
        let folder = file.parent().unwrap_or(&file);
        return fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, fresh))
            .map_err(|error| format!("{path}: {error}"));
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    if written == fresh {
        Ok(())
    } else {
        Err(format!(
            "{path} is stale: run `cargo xtask generate` and look at what changed"
        ))
    }
}
