//! The platform's adapter, as a worker process holds it.

use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::model::{Channel, Timestamp};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Post, Progress, Receipt, ReceiptKind, Reconciled, Step, StepKind,
};
use calendar_publish::{Code, Error};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;

use crate::platform::Wanted;

const DEADLINE: Duration = Duration::from_secs(1);

/// Instagram publishes through containers here, TikTok directly.
#[derive(Debug)]
pub struct LoopbackAdapter {
    channel: Channel,
    address: SocketAddr,
    client: Client,
}

impl LoopbackAdapter {
    /// An adapter for the platform at `address`.
    ///
    /// # Errors
    /// Where no client can be made.
    pub fn new(channel: Channel, address: SocketAddr) -> reqwest::Result<Self> {
        let client = Client::builder().timeout(DEADLINE).build()?;
        Ok(Self {
            channel,
            address,
            client,
        })
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Refusal> {
        let response = request.send().await.map_err(|_| Refusal::NoAnswer)?;
        match response.status() {
            StatusCode::OK => response.json().await.map_err(|_| Refusal::NoAnswer),
            StatusCode::UNPROCESSABLE_ENTITY => Err(Refusal::Refused),
            _ => Err(Refusal::NoAnswer),
        }
    }
}

enum Refusal {
    /// The platform says that it did nothing.
    Refused,
    /// It may have done it.
    NoAnswer,
}

impl From<Refusal> for AdapterError {
    fn from(refusal: Refusal) -> Self {
        let error = Error::new(Code::PlatformTemporary);
        match refusal {
            Refusal::Refused => Self::NotPublished {
                error,
                retry_after: None,
                meta: None,
            },
            Refusal::NoAnswer => Self::Unknown { error, meta: None },
        }
    }
}

fn progress(stage: &str, kind: StepKind, state: String) -> Progress {
    Progress {
        stage: stage.to_owned(),
        kind,
        state,
    }
}

fn wanted(post: &Post) -> Wanted {
    Wanted {
        entry: post.entry.id.to_string(),
        hash: post.content_hash.clone(),
    }
}

fn receipt(id: String) -> Receipt {
    Receipt {
        kind: ReceiptKind::Published,
        external_id: id,
        permalink: None,
        at: Timestamp::from_millis(0),
    }
}

#[async_trait]
impl ChannelAdapter for LoopbackAdapter {
    fn channel(&self) -> Channel {
        self.channel
    }

    fn call_deadline(&self) -> Duration {
        DEADLINE
    }

    fn begin(&self, _: &Post) -> Progress {
        match self.channel {
            Channel::Instagram => progress("create", StepKind::Repeatable, String::new()),
            Channel::Tiktok => progress("publish", StepKind::Decisive, String::new()),
        }
    }

    async fn advance(&self, post: Post, step: Progress) -> Result<Step, AdapterError> {
        let id: String = match (self.channel, step.stage.as_str()) {
            (Channel::Instagram, "create") => {
                let request = self
                    .client
                    .post(self.url("containers"))
                    .json(&wanted(&post));
                let container = self.ask(request).await?;
                return Ok(Step::Pending {
                    progress: progress("publish", StepKind::Decisive, container),
                    poll_after: Duration::ZERO,
                });
            }
            (Channel::Instagram, _) => {
                let path = format!("containers/{}/publish", step.state);
                self.ask(self.client.post(self.url(&path))).await?
            }
            (Channel::Tiktok, _) => {
                self.ask(self.client.post(self.url("posts")).json(&wanted(&post)))
                    .await?
            }
        };
        Ok(Step::Done(receipt(id)))
    }

    async fn reconcile(&self, post: Post, step: Progress) -> Result<Reconciled, AdapterError> {
        let (path, resume) = match self.channel {
            Channel::Instagram => (format!("containers/{}", step.state), Some(step)),
            Channel::Tiktok => (format!("posts/{}", post.entry.id), None),
        };
        let found: Option<String> = self.ask(self.client.get(self.url(&path))).await?;
        Ok(match found {
            Some(id) => Reconciled::Published(receipt(id)),
            // Whoever looks does so when the call's deadline has passed.
            None => Reconciled::NotPublished {
                evidence: "not among the posts after the call's deadline".to_owned(),
                resume,
            },
        })
    }
}
