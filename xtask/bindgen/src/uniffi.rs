//! Kotlin, Swift and Python for a compiled library.

use std::path::{Path, PathBuf};

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
    let kotlin = arguments
        .out
        .join("kotlin/calendarpublish/calendar_publish.kt");
    give_exception_a_message(&kotlin)
}

/// UniFFI gives an exception that is an object no message, and loggers write `null` in its place. It has to be
/// written into the class: no other file can override it.
fn give_exception_a_message(file: &Path) -> anyhow::Result<()> {
    let kotlin = with_message(&std::fs::read_to_string(file)?)
        .with_context(|| format!("{} has no CalendarPublishException", file.display()))?;
    std::fs::write(file, kotlin)?;
    Ok(())
}

fn with_message(kotlin: &str) -> Option<String> {
    const CLASS: &str = "open class CalendarPublishException : kotlin.Exception, ";
    const MESSAGE: &str = "
    /**
     * What went wrong and where, in a line for developers: as `toString()`, but null instead of an exception
     * when this one was closed.
     */
    override val message: kotlin.String?
        get() = if (uniffiIsDestroyed) null else toString()
";
    let (before, class) = kotlin.split_once(CLASS)?;
    let (parents, members) = class.split_once("{\n")?;
    Some(format!("{before}{CLASS}{parents}{{\n{MESSAGE}{members}"))
}

#[cfg(test)]
mod tests {
    use super::with_message;

    #[test]
    fn the_message_is_a_member_of_the_exception_alone() {
        let kotlin = "open class Other : Disposable {\n}\nopen class CalendarPublishException : \
                      kotlin.Exception, Disposable {\n    val handle: Long\n}\n";
        let made = with_message(kotlin).unwrap();
        let (before, after) = made.split_once("override val message").unwrap();
        assert!(before.contains("CalendarPublishException : kotlin.Exception, Disposable {\n"));
        assert!(after.contains("toString()\n    val handle: Long\n}\n"));
        assert_eq!(with_message("open class Other : Disposable {\n}\n"), None);
    }
}
