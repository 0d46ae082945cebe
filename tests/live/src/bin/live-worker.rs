//! A worker process with the real adapters over real sockets: it publishes what is due until it is told to
//! stop, or killed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use calendar_publish::flags::Flags;
use calendar_publish::model::AccountId;
use calendar_publish::ports::{ChannelAdapter, HttpTransport, SealingKey};
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use calendar_publish_adapters::accounts::{StaticKeys, Vault};
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_adapters::http::{AddressPolicy, HttpSettings, ReqwestTransport};
use calendar_publish_adapters::instagram::{
    InstagramAdapter, InstagramLogin, InstagramPorts, InstagramSettings,
};
use calendar_publish_adapters::tiktok::{TiktokAdapter, TiktokPorts, TiktokSettings};
use calendar_publish_crash::open_store;
use calendar_publish_live::host::Tokens;
use calendar_publish_live::shelf::stocked;
use clap::Parser;

#[derive(Parser)]
struct Arguments {
    /// `sqlite:<path>` or `postgres://…`.
    #[arg(long)]
    store: String,
    /// Where TikTok is served: scheme, address and port.
    #[arg(long)]
    tiktok: String,
    /// Where Instagram is served.
    #[arg(long)]
    instagram: String,
    /// A JSON file with a token an account.
    #[arg(long)]
    tokens: PathBuf,
}

/// Short deadlines make short leases: takeovers are what is to be seen.
const CALL_DEADLINE: Duration = Duration::from_secs(7);
const REQUEST_DEADLINE: Duration = Duration::from_secs(2);
const LEASE_SECONDS: u32 = 14;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let flags = Flags {
        publish_service: true,
        ..Flags::OFF
    };
    let on = flags.publishing().context("publishing is off")?;
    let ports = WorkerPorts {
        store: open_store(&arguments.store).await?,
        adapters: adapters(&arguments)?,
        clock: Arc::new(SystemClock),
        telemetry: Arc::new(()),
    };
    let settings = WorkerSettings {
        lease_seconds: LEASE_SECONDS,
        concurrency: 16,
        ..WorkerSettings::new(format!("live-worker-{}", std::process::id()).parse()?)
    };
    PublishWorker::new(on, ports, settings)?
        .run(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await;
    Ok(())
}

fn adapters(arguments: &Arguments) -> Result<Vec<Arc<dyn ChannelAdapter>>> {
    let http = HttpSettings::default().with_addresses(AddressPolicy::Any);
    let transport: Arc<dyn HttpTransport> = Arc::new(ReqwestTransport::new(&http)?);
    let tokens = Arc::new(tokens(&arguments.tokens)?);
    let clock = Arc::new(SystemClock);
    let media = Arc::new(stocked());
    let instagram = InstagramAdapter::new(
        InstagramPorts {
            transport: transport.clone(),
            tokens: tokens.clone(),
            clock: clock.clone(),
            media: Some(media.clone()),
        },
        InstagramSettings {
            graph: format!("{}/graph.instagram.com", arguments.instagram),
            request_deadline: REQUEST_DEADLINE,
            publish_deadline: REQUEST_DEADLINE,
            call_deadline: CALL_DEADLINE,
            ..InstagramSettings::new(InstagramLogin::Instagram)
        },
    )?;
    // Every process has the key, so that any of them goes on with the upload of a dead one.
    let key = SealingKey {
        id: "live".to_owned(),
        bytes: [7; 32],
    };
    let second = Duration::from_secs(1);
    let tiktok = TiktokAdapter::new(
        TiktokPorts {
            transport,
            media: Some(media),
            tokens,
            clock,
        },
        TiktokSettings {
            api: format!("{}/open.tiktokapis.com", arguments.tiktok),
            upload_hosts: vec![arguments.tiktok.clone()],
            request_deadline: REQUEST_DEADLINE,
            upload_deadline: 2 * REQUEST_DEADLINE,
            token_deadline: second,
            media_deadline: second,
            sealer: Some(Arc::new(Vault::new(Arc::new(StaticKeys::new(vec![key])?)))),
            ..TiktokSettings::default()
        },
    )?;
    Ok(vec![Arc::new(instagram), Arc::new(tiktok)])
}

fn tokens(path: &PathBuf) -> Result<Tokens> {
    let text = std::fs::read_to_string(path).context("the file with the tokens")?;
    let granted: HashMap<AccountId, String> = serde_json::from_str(&text)?;
    let tokens = Tokens::default();
    for (account, token) in granted {
        tokens.link(account, move || token.clone());
    }
    Ok(tokens)
}
