//! The other process: TikTok.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::sync::Arc;

use anyhow::{Context, Result};
use async_trait::async_trait;
use calendar_publish::ports::Method;
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_simulators::tiktok::{Creator, TiktokSimulator};
use calendar_publish_simulators::{Answer, MediaShelf, Request, Served, Simulator};
use chrono::TimeDelta;
use clap::ValueEnum;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::video::OPEN_ID;

/// What takes the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The simulator, which hashes every video and publishes it.
    Simulator,
    /// The same for all calls but the chunks, whose bytes it throws away: it costs as little as a server can
    /// that holds a chunk before it answers.
    Sink,
}

/// TikTok in a process of its own, until this is dropped.
pub(crate) struct Tiktok {
    _process: Child,
    /// Where it listens.
    pub(crate) origin: String,
    /// The creator's access token.
    pub(crate) token: String,
}

impl Tiktok {
    pub(crate) async fn start(kind: Kind) -> Result<Self> {
        let kind = kind.to_possible_value().context("every kind has a name")?;
        let mut process = Command::new(std::env::current_exe()?)
            .args(["serve", kind.get_name()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let told = process.stdout.take().context("its output is piped")?;
        let mut told = BufReader::new(told).lines();
        let mut line = async || told.next_line().await?.context("the server has ended");
        Ok(Self {
            origin: line().await?,
            token: line().await?,
            _process: process,
        })
    }

    /// Where the API is.
    pub(crate) fn api(&self) -> String {
        format!("{}/open.tiktokapis.com", self.origin)
    }
}

/// Serves until the input ends; says where, and with which token.
pub(crate) async fn serve(kind: Kind) -> Result<()> {
    let tiktok = TiktokSimulator::new(Arc::new(SystemClock), Arc::new(MediaShelf::default()));
    tiktok.add_creator(Creator::new(OPEN_ID, "sim.baker"));
    tiktok.knobs(|knobs| {
        knobs.processing = TimeDelta::zero();
        knobs.processing_per_gib = TimeDelta::zero();
        knobs.moderation = TimeDelta::zero();
    });
    let token = tiktok.grant(OPEN_ID, &["video.publish"]).access;
    let served: Arc<dyn Simulator> = match kind {
        Kind::Simulator => tiktok,
        Kind::Sink => Arc::new(Sink(tiktok)),
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let server = Served::start(served, address).await?;
    println!("http://{}\n{token}", server.address());
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    Ok(())
}

struct Sink(Arc<TiktokSimulator>);

#[async_trait]
impl Simulator for Sink {
    fn hosts(&self) -> Vec<&'static str> {
        self.0.hosts()
    }

    fn served_at(&self, origin: &str) {
        self.0.served_at(origin);
    }

    async fn answer(&self, request: Request) -> Answer {
        if request.method != Method::Put {
            return self.0.answer(request).await;
        }
        let range = request.header("content-range").unwrap_or_default();
        let is_last = range
            .split_once('/')
            .and_then(|(range, total)| Some((range.split_once('-')?.1, total)))
            .is_some_and(|(last, total)| {
                let last = last.parse::<u64>().map(|last| last + 1);
                last == total.parse()
            });
        Answer::body(if is_last { 201 } else { 206 }, "text/plain", Vec::new())
    }
}
