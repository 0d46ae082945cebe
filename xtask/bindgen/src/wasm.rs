//! JavaScript for a compiled module.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use wasm_bindgen_cli_support::Bindgen;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The module, as cargo compiled it.
    module: PathBuf,
    /// The folder that the glue and the module go to.
    out: PathBuf,
    /// The name that both are given.
    #[arg(long, default_value = "calendar_publish")]
    name: String,
    /// The glue doesn't look for the module beside itself: whoever loads it says where it is.
    #[arg(long)]
    without_path: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    // Node hands it the bytes, browsers let it find the file beside itself.
    Bindgen::new()
        .input_path(&arguments.module)
        .out_name(&arguments.name)
        .web(true)?
        .omit_default_module_path(arguments.without_path)
        // After a trap a fresh instance takes over, and nothing of the old one reaches into it.
        .reset_state_function(true)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&arguments.out)
}
