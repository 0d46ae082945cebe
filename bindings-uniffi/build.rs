//! Lends core's types to UniFFI: reads them from core's source, so that neither their fields nor
//! their documentation are written twice, and core itself knows nothing of UniFFI.
//!
//! Every public struct and enum of core that goes over the wire, and the engine's settings, become `#[uniffi::remote]` items in
//! `OUT_DIR/types.rs`; what is validated when it is read (times, ids, zones) becomes a text.

#[path = "build/defaults.rs"]
mod defaults;
#[path = "build/item.rs"]
mod item;
#[path = "build/source.rs"]
mod source;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let core = here.join("../core/src");
    let engine = here.join("../bindings-documents/src/engine");
    println!("cargo::rerun-if-changed={}", core.display());
    println!("cargo::rerun-if-changed={}", engine.display());
    println!("cargo::rerun-if-changed=build");

    let mut types = source::read(&core)?;
    // How an engine works is the same document in every language.
    for file in ["settings.rs", "channels.rs", "sealing.rs"] {
        types.read_file(&engine.join(file), &source::Place::engine())?;
    }
    let mut code = String::new();
    for lent in types.lent() {
        writeln!(code, "{}", item::render(lent, &types)).map_err(io::Error::other)?;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    write_if_changed(&out.join("types.rs"), &code)
}

/// An unchanged file keeps its time, so that nothing compiles again.
fn write_if_changed(path: &Path, code: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == code) {
        return Ok(());
    }
    fs::write(path, code)
}
