#![doc = include_str!("docs.md")]

mod adapter;
mod error;
mod look;
mod reconcile;
mod request;
mod response;
mod session;
mod settings;
mod state;
mod steps;
mod upload;
mod usage;

pub use adapter::{InstagramAdapter, InstagramPorts};
pub use settings::{
    AppSecretProof, InstagramLogin, InstagramSettings, ReconcilePolicy, VideoDelivery,
};
