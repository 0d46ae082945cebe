use clap::Args;

use crate::Target;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Where the files go.
    out: Target,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    std::fs::create_dir_all(&arguments.out)?;
    Ok(())
}
