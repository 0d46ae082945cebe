//! The simulators as servers, for programs that aren't tests:
//! `simulators --tiktok 127.0.0.1:8101 --instagram 127.0.0.1:8102 --media videos/`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_simulators::instagram::{Account, App, InstagramSimulator};
use calendar_publish_simulators::tiktok::{Creator, TiktokSimulator};
use calendar_publish_simulators::{MediaFolder, Served, Simulator};
use clap::Parser;

/// Serves TikTok and Instagram as their documentation describes them. A real host's address stands behind that of the simulator:
/// `https://open.tiktokapis.com/v2/…` is `http://ADDR/open.tiktokapis.com/v2/…`.
#[derive(Parser)]
struct Arguments {
    /// Where TikTok is served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    tiktok: Option<SocketAddr>,
    /// Where Instagram is served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    instagram: Option<SocketAddr>,
    /// The addresses that Instagram's and Facebook's consent pages may send a browser back to.
    #[arg(long, value_name = "URL", default_values_t = App::default().redirect_uris)]
    redirect_uri: Vec<String>,
    /// The folder that media addresses lead to, whatever their host.
    #[arg(long, value_name = "DIR", default_value = ".")]
    media: PathBuf,
    /// The handles of the accounts that exist.
    #[arg(long, value_name = "NAME", default_values_t = ["sim.baker".to_owned(), "sim.florist".to_owned()])]
    creator: Vec<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut served = Vec::new();
    if let Some(address) = arguments.tiktok {
        let media = Arc::new(MediaFolder::new(&arguments.media));
        let tiktok = TiktokSimulator::new(Arc::new(SystemClock), media);
        for (n, username) in arguments.creator.iter().enumerate() {
            tiktok.add_creator(Creator::new(&format!("sim-open-id-{:04}", n + 1), username));
        }
        let server = Served::start(tiktok, address)
            .await
            .with_context(|| format!("TikTok can't be served at {address}"))?;
        println!("TikTok, app sim_client_key with secret sim_client_secret:");
        for host in ["www.tiktok.com", "open.tiktokapis.com"] {
            println!("  https://{host}  {}", server.base(host));
        }
        served.push(server);
    }
    if let Some(address) = arguments.instagram {
        let media = Arc::new(MediaFolder::new(&arguments.media));
        let instagram = InstagramSimulator::new(Arc::new(SystemClock), media);
        let app = App {
            redirect_uris: arguments.redirect_uri,
            ..App::default()
        };
        println!(
            "Instagram, app {} with secret {}; by Facebook Login, app {} with secret {}:",
            app.instagram_app_id, app.app_secret, app.facebook_app_id, app.facebook_app_secret
        );
        instagram.set_app(app);
        for (n, username) in arguments.creator.iter().enumerate() {
            let id = 17_841_499_000_000_001_u64 + n as u64;
            instagram.add_account(Account::new(&id.to_string(), username));
        }
        let hosts = instagram.hosts();
        let server = Served::start(instagram, address)
            .await
            .with_context(|| format!("Instagram can't be served at {address}"))?;
        for host in hosts {
            println!("  https://{host}  {}", server.base(host));
        }
        served.push(server);
    }
    anyhow::ensure!(
        !served.is_empty(),
        "nothing to serve: --tiktok ADDR or --instagram ADDR"
    );
    tokio::signal::ctrl_c()
        .await
        .context("the program can't be told to end")
}
