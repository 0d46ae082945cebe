//! The simulators as servers, for programs that aren't tests: `simulators --tiktok 127.0.0.1:8101 --media videos/`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_simulators::tiktok::{Creator, TiktokSimulator};
use calendar_publish_simulators::{MediaFolder, Served};
use clap::Parser;

/// Serves TikTok as its documentation describes it. A real host's address stands behind that of the simulator:
/// `https://open.tiktokapis.com/v2/…` is `http://ADDR/open.tiktokapis.com/v2/…`.
#[derive(Parser)]
struct Arguments {
    /// Where TikTok is served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    tiktok: Option<SocketAddr>,
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
    anyhow::ensure!(!served.is_empty(), "nothing to serve: --tiktok ADDR");
    tokio::signal::ctrl_c()
        .await
        .context("the program can't be told to end")
}
