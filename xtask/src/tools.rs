//! What the gate needs and a fresh machine lacks.

use std::path::PathBuf;

use anyhow::Context;
use xshell::{Shell, cmd};

const CARGO_FUZZ: &str = "0.13.2";

/// The folder of everything the gate installs; git ignores it.
fn folder(shell: &Shell) -> PathBuf {
    shell.current_dir().join(".tools")
}

/// The wasm target, which a fresh toolchain doesn't bring.
pub(crate) fn wasm_target(shell: &Shell) -> anyhow::Result<()> {
    cmd!(shell, "rustup target add wasm32-unknown-unknown")
        .quiet()
        .run()?;
    Ok(())
}

/// A virtual environment with the oracles' packages, first on the `PATH` of the tests.
pub(crate) fn python(shell: &Shell) -> anyhow::Result<()> {
    let venv = folder(shell).join("venv");
    let bin = venv.join("bin");
    if !bin.join("pip").exists() {
        cmd!(shell, "python3 -m venv {venv}")
            .run()
            .context("python3 with venv is needed: apt-get install python3 python3-venv")?;
    }
    let pip = bin.join("pip");
    cmd!(
        shell,
        "{pip} install --quiet --disable-pip-version-check -r tests/oracles/requirements.txt"
    )
    .run()?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&path)))?;
    shell.set_var("PATH", path);
    Ok(())
}

/// PostgreSQL's programs. The tests start servers of their own and leave a running one alone.
pub(crate) fn postgres(shell: &Shell) -> anyhow::Result<()> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|versions| {
        versions
            .filter_map(Result::ok)
            .any(|version| version.path().join("bin/initdb").exists())
    });
    let on_the_path = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join("initdb").exists())
    };
    if !installed && !on_the_path() {
        cmd!(shell, "apt-get install -y postgresql-15")
            .run()
            .context("PostgreSQL is needed, as root: apt-get install -y postgresql-15")?;
    }
    Ok(())
}

/// ffmpeg and ImageMagick: they make the files that the probe is tested with, and know what is in them.
pub(crate) fn media(shell: &Shell) -> anyhow::Result<()> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = |program: &str| std::env::split_paths(&path).any(|dir| dir.join(program).exists());
    if ["ffmpeg", "ffprobe", "convert", "identify"]
        .into_iter()
        .all(found)
    {
        return Ok(());
    }
    let install = || cmd!(shell, "apt-get install -y ffmpeg imagemagick").run();
    // A fresh machine has no list of packages, or one that is too old.
    if install().is_err() {
        cmd!(shell, "apt-get update").run()?;
        install().context(
            "ffmpeg and ImageMagick are needed, as root: apt-get install -y ffmpeg imagemagick",
        )?;
    }
    Ok(())
}

/// The fuzzer's driver.
pub(crate) fn cargo_fuzz(shell: &Shell) -> anyhow::Result<PathBuf> {
    let root = folder(shell);
    let program = root.join("bin/cargo-fuzz");
    if !program.exists() {
        cmd!(
            shell,
            "cargo install --quiet --locked --root {root} cargo-fuzz@{CARGO_FUZZ}"
        )
        .run()?;
    }
    Ok(program)
}
