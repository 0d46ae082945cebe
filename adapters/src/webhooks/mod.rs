//! What the platforms report by themselves, checked, read and followed.
//!
//! A webhook is a **hint**. It never moves a job by what it says: it makes the engine look on the
//! platform, and what the platform answers there moves the job. So a webhook that comes twice, late, out of
//! order or never does no harm, and a finished post is never moved backwards. The one thing that a webhook
//! changes by itself is an account whose authorisation was removed.
//!
//! | file | what it does |
//! |---|---|
//! | `signature` | tells whose a body is: HMAC-SHA256 over the raw bytes, compared in constant time |
//! | `tiktok` | TikTok's envelope and events |
//! | `meta` | Meta's envelope, and the challenge that it asks before it sends anything |
//! | `seen` | which webhooks were handled already |
//! | `hint`, `desk` | what a webhook makes the engine look at |
//!
//! A host hands over the body as it came, byte for byte. A web framework that parses and writes it again
//! breaks the signature.
//!
//! ```
//! use calendar_publish::model::Timestamp;
//! use calendar_publish::ports::Header;
//! use calendar_publish_adapters::webhooks::{AppSecrets, TiktokEvent, TiktokWebhooks};
//!
//! let secrets = AppSecrets::new("sim_client_secret".into())?;
//! let webhooks = TiktokWebhooks::new(secrets);
//! let body = br#"{"client_key":"sim_client_key","event":"post.publish.complete","create_time":1790000000,"user_openid":"sim-open-id-0001","content":"{\"publish_id\":\"v_pub_file~v2-1.7000000000000000001\",\"publish_type\":\"DIRECT_PUBLISH\"}"}"#;
//! let headers = [Header {
//!     name: "TikTok-Signature".to_owned(),
//!     value: "t=1790000005,s=011601767a9a3974ddc4c7cb7c81eea349124e6561b91d6cec641d6f51ca873f".to_owned(),
//! }];
//! let webhook = webhooks.read(&headers, body, Timestamp::from_millis(1_790_000_010_000))?;
//! assert!(matches!(webhook.event, TiktokEvent::PublishComplete { .. }));
//! # Ok::<(), calendar_publish::Error>(())
//! ```

mod desk;
mod error;
mod hint;
mod meta;
mod seen;
mod signature;
mod tiktok;

pub use desk::{LinkedAccounts, WebhookDesk};
pub use error::WebhookError;
pub use hint::{HintOutcome, PlatformSaid, WebhookHint, WebhookReport};
pub use meta::{MetaChange, MetaEntry, MetaWebhook, MetaWebhooks};
pub use seen::{KEEP_SEEN, MemorySeen, SeenWebhooks};
pub use signature::AppSecrets;
pub use tiktok::{PublishType, RemovalReason, TiktokEvent, TiktokWebhook, TiktokWebhooks};
