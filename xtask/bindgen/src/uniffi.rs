use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use uniffi::{GenerateOptions, TargetLanguage};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The compiled library: `libcalendar_publish_uniffi.so`, `.dylib` or `.dll`.
    library: PathBuf,
    /// Where the files go: `python`, `kotlin` and `swift` are made below it.
    out: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let languages = [
        ("python", TargetLanguage::Python),
        ("kotlin", TargetLanguage::Kotlin),
        ("swift", TargetLanguage::Swift),
    ];
    let path = |path: &PathBuf| {
        path.to_str()
            .map(Into::into)
            .context("the path isn't UTF-8")
    };
    for (folder, language) in languages {
        uniffi::generate(GenerateOptions {
            languages: vec![language],
            source: path(&arguments.library)?,
            out_dir: path(&arguments.out.join(folder))?,
            ..GenerateOptions::default()
        })?;
    }
    Ok(())
}
