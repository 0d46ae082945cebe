use std::path::PathBuf;

use std::path::Path;

use anyhow::anyhow;
use clap::Args;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Where the header goes.
    out: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if let Some(folder) = arguments.out.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&arguments.out, header()?)?;
    Ok(())
}

/// The header, from the source of the crate.
fn header() -> anyhow::Result<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bindings-c");
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml"))
        .map_err(|error| anyhow!(error))?;
    let bindings = cbindgen::Builder::new()
        .with_crate(folder)
        .with_config(config)
        .generate()?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_fresh() {
        let path = "bindings-c/include/calendar_publish.h";
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(path);
        let fresh = header().unwrap();
        if std::env::var_os("CALENDAR_PUBLISH_GENERATE").is_some() {
            std::fs::write(&file, &fresh).unwrap();
        }
        let written = std::fs::read(&file).unwrap();
        assert!(
            written == fresh,
            "{path} is stale: run `cargo xtask generate`"
        );
    }
}
