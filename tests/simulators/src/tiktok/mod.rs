//! TikTok: sign-in, the Content Posting API and its upload hosts.
//!
//! Everything is computed from the clock when it is asked for: a post that is due in an hour is out when a test's
//! clock says so, without a timer. What the documentation leaves open is one of the [`Knobs`]; what goes wrong by
//! itself on a real platform is a [`Fault`] that a test asks for.

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
