//! Makes the bindings' files from the compiled crates.

mod c;
mod uniffi;
mod wasm;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Makes the bindings' files from the compiled crates")]
struct Arguments {
    #[command(subcommand)]
    binding: Binding,
}

#[derive(Subcommand)]
enum Binding {
    /// The JavaScript beside a compiled module.
    Wasm(wasm::Arguments),
    /// Kotlin, Swift and Python for a compiled library.
    Uniffi(uniffi::Arguments),
    /// The C header.
    C(c::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().binding {
        Binding::Wasm(arguments) => wasm::run(&arguments),
        Binding::Uniffi(arguments) => uniffi::run(&arguments),
        Binding::C(arguments) => c::run(&arguments),
    }
}
