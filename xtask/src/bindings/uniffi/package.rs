//! The library and what is generated from it.

use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

/// How the library is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    /// Quickly: for tests.
    Dev,
    /// Well: for packages.
    Release,
}

/// The library and the sources that were generated from it.
pub(super) struct Package {
    /// The compiled library.
    pub(super) library: PathBuf,
    /// Where `python`, `kotlin` and `swift` are.
    pub(super) generated: PathBuf,
    /// Where packages are put together.
    pub(super) out: PathBuf,
}

/// Compiles the library and generates the sources of every language from it.
pub(super) fn generate(shell: &Shell, profile: Profile) -> anyhow::Result<Package> {
    let (flag, folder, out) = match profile {
        Profile::Dev => (None, "debug", "target/test-packages"),
        Profile::Release => (Some("--release"), "release", "target/packages"),
    };
    cmd!(
        shell,
        "cargo build --quiet -p calendar-publish-uniffi {flag...}"
    )
    .run()?;
    cmd!(shell, "cargo build --quiet -p bindgen").run()?;
    let root = shell.current_dir();
    let name = format!(
        "{}calendar_publish_uniffi{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let library = root.join("target").join(folder).join(name);
    let out = root.join(out);
    let generated = out.join("generated");
    clear(shell, &generated)?;
    let bindgen = root.join("target/debug/bindgen");
    cmd!(shell, "{bindgen} uniffi {library} {generated}")
        .ignore_stdout()
        .run()?;
    Ok(Package {
        library,
        generated,
        out,
    })
}

/// An empty folder in place of whatever was there.
pub(super) fn clear(shell: &Shell, folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        shell.remove_path(folder)?;
    }
    shell.create_dir(folder)?;
    Ok(())
}

/// Copies a folder of sources.
pub(super) fn copy_folder(shell: &Shell, from: &Path, to: &Path) -> anyhow::Result<()> {
    shell.create_dir(to)?;
    for path in shell.read_dir(from)? {
        let Some(name) = path.file_name() else {
            continue;
        };
        if path.is_dir() {
            if name != "__pycache__" && name != "node_modules" {
                copy_folder(shell, &path, &to.join(name))?;
            }
        } else {
            shell.copy_file(&path, to.join(name))?;
        }
    }
    Ok(())
}
