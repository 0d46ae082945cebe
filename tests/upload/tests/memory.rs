//! Uploading takes the same memory however large the video is. Each upload has a process of its own, and so has
//! the simulator that it goes to.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::Command;

/// What an upload may take above idle, in KiB.
const ALLOWED: u64 = 32 * 1024;

/// A video of that size is published; the peak above idle, in KiB.
fn peak(bytes: u64) -> u64 {
    let output = Command::new(env!("CARGO_BIN_EXE_upload"))
        .args(["memory", &bytes.to_string()])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{failed}");
    print!("{told}");
    let (_, peak) = told.split_once("peak ").unwrap();
    peak.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn a_gibibyte_is_uploaded_in_less_than_32_mib() {
    let peak = peak(1 << 30);
    assert!(peak > 5_000, "a chunk of six megabytes is held: {peak} KiB");
    assert!(peak < ALLOWED, "{peak} KiB");
}

#[test]
fn no_size_takes_more() {
    // A quarter of it; just above and at the largest single chunk that TikTok takes; the largest last chunk, and the
    // largest video that can't be cut in two.
    for bytes in [256 << 20, 64_000_001, 64_000_000, 17_999_999, 11_999_999] {
        let peak = peak(bytes);
        assert!(peak < ALLOWED, "{bytes} bytes: {peak} KiB");
    }
}
