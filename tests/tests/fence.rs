//! What core may depend on, and under which licences.

use std::collections::BTreeSet;
use std::process::Command;

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The crates in the tree of `package` as it builds by default, itself included.
fn tree(package: &str, target: &str) -> BTreeSet<String> {
    let edges = [
        "tree",
        "-p",
        package,
        "-e",
        "normal,build",
        "--prefix",
        "none",
        "-f",
        "{p}",
    ];
    let edges = [&edges[..], &["--target", target, "--locked"]].concat();
    cargo(&edges)
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_default_build_of_core_has_at_most_45_crates() {
    let crates = tree("calendar-publish", "x86_64-unknown-linux-gnu");
    println!("core's default tree: {} crates", crates.len());
    assert!(crates.len() <= 45, "{} crates: {crates:?}", crates.len());
}

#[test]
fn core_knows_no_database_http_client_runtime_or_binding() {
    const FORBIDDEN: [&str; 16] = [
        "rusqlite",
        "libsqlite3-sys",
        "sqlx",
        "tokio-postgres",
        "postgres",
        "reqwest",
        "hyper",
        "ureq",
        "tokio",
        "async-std",
        "smol",
        "futures-executor",
        "wasm-bindgen",
        "js-sys",
        "uniffi",
        "cbindgen",
    ];
    for target in ["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"] {
        let crates = tree("calendar-publish", target);
        let found: Vec<_> = FORBIDDEN
            .iter()
            .filter(|name| crates.contains(**name))
            .collect();
        assert!(found.is_empty(), "{target}: {found:?}");
    }
}

/// Whoever leaves the zones to the host must not get the database back through another crate.
#[test]
fn nothing_that_a_browser_may_load_forces_the_zone_database() {
    for (package, features) in [
        ("calendar-publish", ""),
        ("calendar-publish-adapters", "instagram,tiktok"),
        ("calendar-publish-documents", ""),
        ("calendar-publish-wasm", "engine"),
    ] {
        let tree = cargo(&[
            "tree",
            "-p",
            package,
            "-e",
            "normal",
            "--no-default-features",
            "--features",
            features,
            "--target",
            "wasm32-unknown-unknown",
            "--locked",
        ]);
        assert!(tree.contains("calendar-publish v"), "{package}: {tree}");
        assert!(!tree.contains("chrono-tz"), "{package}: {tree}");
    }
}

/// Fails with the command that installs it where the wasm target is missing.
fn needs_the_wasm_target() {
    let installed = Command::new("rustup")
        .args(["target", "list", "--installed"])
        .output()
        .unwrap();
    let installed = String::from_utf8(installed.stdout).unwrap();
    assert!(
        installed
            .lines()
            .any(|target| target == "wasm32-unknown-unknown"),
        "the wasm target is missing: rustup target add wasm32-unknown-unknown"
    );
}

#[test]
fn core_builds_for_wasm_without_features() {
    needs_the_wasm_target();
    cargo(&[
        "build",
        "-p",
        "calendar-publish",
        "--target",
        "wasm32-unknown-unknown",
        "--locked",
    ]);
}

/// Checks the adapters for wasm with these features; what the compiler said.
fn adapters_for_wasm(features: &str) -> Result<(), String> {
    needs_the_wasm_target();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "-p", "calendar-publish-adapters"])
        .args(["--target", "wasm32-unknown-unknown", "--locked"])
        .args(["--features", features])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    output.status.success().then_some(()).ok_or(said)
}

#[test]
fn channel_adapters_the_probe_and_the_vault_build_for_wasm() {
    assert_eq!(adapters_for_wasm("tiktok,instagram,probe,sealing"), Ok(()));
}

#[test]
fn what_holds_app_secrets_does_not_build_for_wasm() {
    for feature in ["accounts", "webhooks"] {
        let said = adapters_for_wasm(feature).unwrap_err();
        assert!(said.contains("for servers only"), "{feature}: {said}");
    }
}

#[test]
fn every_dependency_has_a_licence_that_deny_toml_allows() {
    let deny = include_str!("../../deny.toml");
    let listed = deny
        .split("allow = [")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();
    let allowed: BTreeSet<&str> = listed.split('"').skip(1).step_by(2).collect();
    let metadata = cargo(&[
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--all-features",
    ]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 40);
    for package in packages {
        let licence = package["license"].as_str().unwrap_or("none");
        let expression = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX)
            .unwrap_or_else(|error| panic!("{}: {licence}: {error}", package["name"]));
        let fits = expression.evaluate(|requirement| allowed.contains(&*requirement.to_string()));
        assert!(
            fits,
            "{}: {licence} isn't allowed by deny.toml",
            package["name"]
        );
    }
}
