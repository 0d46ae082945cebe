#![doc = include_str!("docs.md")]

mod adapter;
mod call;
mod confirm;
mod error;
mod evidence;
mod poll;
mod pull;
mod request;
mod response;
mod settings;
mod state;
mod steps;
mod upload;
mod urls;

pub use adapter::{TiktokAdapter, TiktokPorts};
pub use pull::{PullFate, PullFile, PullUrls};
pub use settings::{TiktokSettings, UploadObserver};
pub use upload::ChunkPlan;
