//! What uploading a large video costs with the real TikTok adapter in the engine, over real HTTP, to a simulator in
//! another process.
//!
//! `cargo run --release -p calendar-publish-upload` measures everything; `upload memory BYTES` and
//! `upload throughput BYTES` measure a part of it.

mod engine;
mod memory;
mod plain;
mod server;
mod video;

use anyhow::Result;
use calendar_publish_adapters::tiktok::ChunkPlan;
use clap::{Parser, Subcommand};

use crate::server::Kind;

const MIB: u64 = 1024 * 1024;
const GIB: u64 = 1024 * MIB;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// The peak memory above idle of uploading one video, and what became of the post.
    Memory {
        /// The video's size.
        bytes: u64,
        /// Up to how many bytes a video goes as one chunk; the adapter's default if absent.
        #[arg(long)]
        single_chunk_up_to: Option<u64>,
    },
    /// How long uploads take beside plain copies, in turns.
    Throughput {
        /// The video's size.
        bytes: u64,
        /// How often each is measured.
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
    /// What the others upload to: ends with its input.
    #[command(hide = true)]
    Serve { kind: Kind },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().part {
        Some(Part::Serve { kind }) => server::serve(kind).await,
        Some(Part::Memory {
            bytes,
            single_chunk_up_to,
        }) => memory::measure(bytes, single_chunk_up_to).await,
        Some(Part::Throughput { bytes, rounds }) => throughput(bytes, rounds).await,
        None => {
            // A process each: what one upload has left behind would count as idle for the next.
            for (bytes, single) in [
                (GIB, None),
                (256 * MIB, None),
                (64_000_001, None),
                (64_000_000, None),
                (64_000_000, Some(ChunkPlan::LARGEST_SINGLE)),
                (20_000_001, None),
                (19_999_999, None),
            ] {
                memory::in_a_process(bytes, single).await?;
            }
            throughput(GIB, 5).await
        }
    }
}

async fn throughput(bytes: u64, rounds: usize) -> Result<()> {
    for kind in [Kind::Sink, Kind::Simulator] {
        let mut adapter = Vec::new();
        let mut copy = Vec::new();
        for _ in 0..rounds {
            adapter.push(engine::seconds(kind, bytes).await?);
            copy.push(plain::seconds(kind, bytes).await?);
        }
        let (adapter, copy) = (median(adapter), median(copy));
        let rate = |seconds: f64| bytes as f64 / seconds / 1e6;
        println!(
            "{kind:?}, {bytes} bytes, medians of {rounds}: engine and adapter {adapter:.3} s ({:.0} MB/s), plain copy \
             {copy:.3} s ({:.0} MB/s), throughput {:.3} of the copy's",
            rate(adapter),
            rate(copy),
            copy / adapter
        );
    }
    Ok(())
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
}
