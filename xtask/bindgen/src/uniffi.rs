use anyhow::Context;
use clap::Args;
use uniffi::{GenerateOptions, TargetLanguage};

use crate::Target;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The compiled library: `libcalendar_publish_uniffi.so`, `.dylib` or `.dll`.
    library: Target,
    /// Where the files go: `python`, `kotlin` and `swift` are made below it.
    out: Target,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let languages = [
        ("python", TargetLanguage::Python),
        ("kotlin", TargetLanguage::Kotlin),
        ("swift", TargetLanguage::Swift),
    ];
    let path = |path: &Target| {
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
