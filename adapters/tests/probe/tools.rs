//! The programs that make the files and that know the answers.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// Runs a program and answers with what it prints. A missing one fails with the command that installs it.
pub(crate) fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| {
            panic!("{program}: {error}; it comes with: apt-get install -y ffmpeg imagemagick")
        });
    assert!(
        output.status.success(),
        "{program} {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The folder of this run's files.
pub(crate) fn folder() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| tempfile::tempdir().unwrap()).path()
}

pub(crate) fn path(name: &str) -> PathBuf {
    folder().join(name)
}

/// A file that ffmpeg makes with these arguments, separated by blanks.
pub(crate) fn ffmpeg(name: &str, arguments: &str) -> Vec<u8> {
    let output = path(name);
    let mut all = vec!["-hide_banner", "-loglevel", "error", "-y"];
    all.extend(arguments.split_whitespace());
    all.push(output.to_str().unwrap());
    run("ffmpeg", &all);
    std::fs::read(output).unwrap()
}

/// A file that ImageMagick makes with these arguments, separated by blanks.
pub(crate) fn convert(name: &str, arguments: &str) -> Vec<u8> {
    let output = path(name);
    let mut all: Vec<&str> = arguments.split_whitespace().collect();
    all.push(output.to_str().unwrap());
    run("convert", &all);
    std::fs::read(output).unwrap()
}

/// Writes bytes into a file of this run.
pub(crate) fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let output = path(name);
    std::fs::write(&output, bytes).unwrap();
    output
}

/// What `ffprobe` says of a file.
pub(crate) fn ffprobe(file: &Path) -> Value {
    let file = file.to_str().unwrap();
    let asked = "-loglevel error -of json -show_format -show_streams";
    let mut arguments: Vec<&str> = asked.split_whitespace().collect();
    arguments.push(file);
    serde_json::from_str(&run("ffprobe", &arguments)).unwrap()
}

/// Two seconds of picture and sound, small and quick to make.
const PICTURE: &str = "-f lavfi -i testsrc=size=128x96:rate=25:duration=2";
const SOUND: &str = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=2";

/// A film that ffmpeg makes with these arguments; `{picture}` and `{sound}` are two seconds of either.
pub(crate) fn make(name: &str, arguments: &str) -> Vec<u8> {
    ffmpeg(
        name,
        &arguments
            .replace("{picture}", PICTURE)
            .replace("{sound}", SOUND),
    )
}

/// Where `word` first stands in `bytes`.
pub(crate) fn find(bytes: &[u8], word: &[u8]) -> usize {
    bytes
        .windows(word.len())
        .position(|window| window == word)
        .unwrap()
}
