//! The platform's adapter, as a worker process holds it.

use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::model::{Channel, Timestamp};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Header, HttpRequest, HttpTransport, Method, Post, Progress,
    Receipt, ReceiptKind, Reconciled, Step, StepKind,
};
use calendar_publish::{Code, Error};
use calendar_publish_adapters::http::{
    AddressPolicy, HttpSettings, HttpSetupError, ReqwestTransport,
};
use serde::de::DeserializeOwned;

use crate::platform::Wanted;

const DEADLINE: Duration = Duration::from_secs(1);

/// Instagram publishes through containers here, TikTok directly.
#[derive(Debug)]
pub struct LoopbackAdapter {
    channel: Channel,
    address: SocketAddr,
    transport: ReqwestTransport,
}

impl LoopbackAdapter {
    /// An adapter for the platform at `address`.
    ///
    /// # Errors
    /// Where no transport can be made.
    pub fn new(channel: Channel, address: SocketAddr) -> Result<Self, HttpSetupError> {
        let settings = HttpSettings::default().with_addresses(AddressPolicy::Any);
        Ok(Self {
            channel,
            address,
            transport: ReqwestTransport::new(&settings)?,
        })
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Refusal> {
        self.ask(Method::Get, path, Vec::new()).await
    }

    async fn post(&self, path: &str, wanted: Option<Wanted>) -> Result<String, Refusal> {
        let body = match wanted {
            Some(wanted) => serde_json::to_vec(&wanted).map_err(|_| Refusal::Refused)?,
            None => Vec::new(),
        };
        self.ask(Method::Post, path, body).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<T, Refusal> {
        let request = HttpRequest {
            method,
            url: format!("http://{}/{path}", self.address),
            headers: vec![Header {
                name: "content-type".to_owned(),
                value: "application/json".to_owned(),
            }],
            body,
            deadline: DEADLINE,
        };
        // What certainly wasn't sent counts as unknown too: looking for what became of a call is what is tested here.
        let response = self.transport.send(request).await;
        let response = response.map_err(|_| Refusal::NoAnswer)?;
        match response.status {
            200 => serde_json::from_slice(&response.body).map_err(|_| Refusal::NoAnswer),
            422 => Err(Refusal::Refused),
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
        let id = match (self.channel, step.stage.as_str()) {
            (Channel::Instagram, "create") => {
                let container = self.post("containers", Some(wanted(&post))).await?;
                return Ok(Step::Pending {
                    progress: progress("publish", StepKind::Decisive, container),
                    poll_after: Duration::ZERO,
                });
            }
            (Channel::Instagram, _) => {
                let path = format!("containers/{}/publish", step.state);
                self.post(&path, None).await?
            }
            (Channel::Tiktok, _) => self.post("posts", Some(wanted(&post))).await?,
        };
        Ok(Step::Done(receipt(id)))
    }

    async fn reconcile(&self, post: Post, step: Progress) -> Result<Reconciled, AdapterError> {
        let (path, resume) = match self.channel {
            Channel::Instagram => (format!("containers/{}", step.state), Some(step)),
            Channel::Tiktok => (format!("posts/{}", post.entry.id), None),
        };
        let found: Option<String> = self.get(&path).await?;
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
