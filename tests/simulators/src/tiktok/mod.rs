//! TikTok: sign-in, the Content Posting API and its upload hosts.
//!
//! Everything is computed from the clock when it is asked for: a post that is due in an hour is out when a test's
//! clock says so, without a timer. What the documentation leaves open is one of the [`Knobs`]; what goes wrong by
//! itself on a real platform is a [`Fault`] that a test asks for.
//!
//! An init without bytes stays in `PROCESSING_UPLOAD` for ever and is never posted; its address dies after an hour. What
//! is to be pulled is fetched with the init's request, and again with each later one while its source is down; the
//! statuses tell of it when the [`Knobs`] say that it took its time.
//!
//! ```
//! use std::sync::Arc;
//!
//! use calendar_publish_adapters::clock::SystemClock;
//! use calendar_publish_simulators::tiktok::{Creator, Endpoint, Fault, FaultKind, TiktokSimulator};
//! use calendar_publish_simulators::{InProcess, MediaShelf};
//!
//! let tiktok = TiktokSimulator::new(Arc::new(SystemClock), Arc::new(MediaShelf::default()));
//! tiktok.add_creator(Creator::new("open-id-1", "sim.baker"));
//! let tokens = tiktok.grant("open-id-1", &["user.info.basic", "video.publish"]);
//! tiktok.knobs(|knobs| knobs.daily_posts = 3);
//! // The second chunk is taken, and its answer lost.
//! tiktok.fault(Fault::on(Endpoint::Upload, FaultKind::LostAfter).nth(2));
//!
//! let transport = InProcess::new(vec![tiktok.clone()]);
//! // … publish with `transport` and `tokens.access`, and then:
//! assert!(tiktok.posts().is_empty());
//! assert!(tiktok.requests().is_empty());
//! # drop((transport, tokens));
//! ```

mod answer;
mod app;
mod authorize;
mod body;
mod checks;
mod chunks;
mod creator_info;
mod display;
mod fault;
mod init;
mod knobs;
mod limits;
mod photo;
mod publish;
mod pull;
mod quota;
mod route;
mod simulator;
mod state;
mod status;
mod token;
mod upload;
mod webhook;

pub use app::{App, Consent, Creator, TokenProfile, Tokens};
pub use fault::{Endpoint, Fault, FaultKind};
pub use knobs::{Knobs, Megabyte, PostIds, Progress};
pub use publish::PostInfo;
pub use simulator::TiktokSimulator;
pub use webhook::Webhook;
