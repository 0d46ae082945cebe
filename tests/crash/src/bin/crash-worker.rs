//! A worker process: it publishes what is due until it is told to stop, or killed.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use calendar_publish::flags::Flags;
use calendar_publish::model::Channel;
use calendar_publish::ports::ChannelAdapter;
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_crash::{LoopbackAdapter, open_store};
use clap::Parser;

#[derive(Parser)]
struct Arguments {
    /// `sqlite:<path>` or `postgres://…`.
    #[arg(long)]
    store: String,
    /// Where the platform listens.
    #[arg(long)]
    platform: SocketAddr,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let flags = Flags {
        publish_service: true,
        ..Flags::OFF
    };
    let on = flags.publishing().context("publishing is off")?;
    let adapter = |channel| -> Result<Arc<dyn ChannelAdapter>> {
        Ok(Arc::new(LoopbackAdapter::new(channel, arguments.platform)?))
    };
    let ports = WorkerPorts {
        store: open_store(&arguments.store).await?,
        adapters: vec![adapter(Channel::Instagram)?, adapter(Channel::Tiktok)?],
        clock: Arc::new(SystemClock),
        telemetry: Arc::new(()),
    };
    let settings = WorkerSettings {
        // The shortest that the adapters' deadline allows: takeovers are what is to be seen.
        lease_seconds: 2,
        concurrency: 16,
        ..WorkerSettings::new(format!("crash-worker-{}", std::process::id()).parse()?)
    };
    PublishWorker::new(on, ports, settings)?
        .run(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await;
    Ok(())
}
