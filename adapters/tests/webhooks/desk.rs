//! What following a webhook does to jobs and accounts: it makes the engine look, and nothing else.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::flags::Flags;
use calendar_publish::memory::{ManualClock, MemoryStore};
use calendar_publish::model::{
    AccountStatus, Channel, ChannelAccount, JobId, JobStatus, PublishJob, TiktokOptions, Timestamp,
    UserId, deterministic_uuid,
};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, JobResult, JobStore, NewJob, Post, Progress, Receipt,
    ReceiptKind, Reconciled, ScheduleJobs, Step, StepKind, Store,
};
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use calendar_publish::rules::consent_text;
use calendar_publish::{Code, Error};
use calendar_publish_adapters::webhooks::{
    HintOutcome, PlatformSaid, TiktokWebhook, WebhookDesk, WebhookReport,
};
use futures_executor::block_on;
use serde_json::json;

use crate::fixture::event;

const PUBLISH_ID: &str = "v_pub_file~v2-1.7000000000000000001";
const OPEN_ID: &str = "sim-open-id-0001";

/// A platform whose one write is answered or not, as it is told, and that is asked afterwards.
#[derive(Default)]
struct Platform {
    answers: Mutex<VecDeque<Result<Step, AdapterError>>>,
    looks: Mutex<VecDeque<Reconciled>>,
    looked: Mutex<u32>,
}

struct Adapter(Arc<Platform>);

fn sent() -> Progress {
    Progress {
        stage: "status".to_owned(),
        kind: StepKind::Decisive,
        state: json!({"upload": {"publishId": PUBLISH_ID, "chunk": 1}}).to_string(),
    }
}

fn receipt(kind: ReceiptKind) -> Receipt {
    Receipt {
        kind,
        external_id: PUBLISH_ID.to_owned(),
        permalink: None,
        at: due(),
    }
}

#[async_trait]
impl ChannelAdapter for Adapter {
    fn channel(&self) -> Channel {
        Channel::Tiktok
    }

    fn call_deadline(&self) -> Duration {
        Duration::from_secs(30)
    }

    fn begin(&self, _: &Post) -> Progress {
        sent()
    }

    async fn advance(&self, _: Post, _: Progress) -> Result<Step, AdapterError> {
        self.0.answers.lock().unwrap().pop_front().unwrap()
    }

    async fn reconcile(&self, _: Post, _: Progress) -> Result<Reconciled, AdapterError> {
        *self.0.looked.lock().unwrap() += 1;
        Ok(self.0.looks.lock().unwrap().pop_front().unwrap())
    }
}

fn due() -> Timestamp {
    "2026-09-21T14:00:00Z".parse().unwrap()
}

fn user(name: &str) -> UserId {
    UserId::new(deterministic_uuid(&[name]))
}

fn account(name: &str) -> ChannelAccount {
    serde_json::from_value(json!({
        "id": deterministic_uuid(&["account", name]).to_string(), "userId": user(name),
        "channel": "tiktok", "externalAccountId": OPEN_ID, "displayName": name,
        "timezone": "Europe/Madrid", "status": "ok", "expiresAt": "2026-09-21T16:00:00Z",
        "tiktokCreator": { "privacyOptions": ["PUBLIC_TO_EVERYONE", "SELF_ONLY"], "readAt": due() },
    }))
    .unwrap()
}

/// A store with one user's account and job, and a worker.
struct Bench {
    clock: Arc<ManualClock>,
    store: Arc<MemoryStore>,
    platform: Arc<Platform>,
    worker: PublishWorker,
    desk: WebhookDesk,
}

impl Bench {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(due()));
        let store = Arc::new(MemoryStore::new(clock.clone()));
        let platform = Arc::new(Platform::default());
        let flags = Flags {
            publish_service: true,
            ..Flags::OFF
        };
        let ports = WorkerPorts {
            store: store.clone(),
            adapters: vec![Arc::new(Adapter(platform.clone()))],
            clock: clock.clone(),
            telemetry: Arc::new(()),
        };
        let settings = WorkerSettings::new("worker-1".parse().unwrap());
        let worker = PublishWorker::new(flags.publishing().unwrap(), ports, settings).unwrap();
        let desk = WebhookDesk::new(store.clone(), store.clone());
        block_on(store.put_account(account("ana"))).unwrap();
        Self {
            clock,
            store,
            platform,
            worker,
            desk,
        }
    }

    /// A job of Ana's whose one write is answered like this.
    fn publish(&self, answer: Result<Step, AdapterError>) -> JobId {
        self.platform.answers.lock().unwrap().push_back(answer);
        let entry = serde_json::from_value(json!({
            "id": deterministic_uuid(&["entry"]).to_string(),
            "calendarId": deterministic_uuid(&["calendar"]).to_string(),
            "accountId": account("ana").id, "scheduledAt": due(), "reviewed": true,
            "piece": { "title": "Pan", "channel": "tiktok", "format": "post", "copy": "Pan",
                       "date": "2026-09-21", "time": "16:00" },
            "media": [{ "kind": "video", "url": "https://cdn.example/pan.mp4", "mimeType": "video/mp4",
                        "sizeBytes": 640_000, "width": 1080, "height": 1920, "durationMs": 9000 }],
            "tiktok": { "mode": "direct", "privacy": "SELF_ONLY",
                        "consent": { "givenAt": due(), "text": consent_text(&TiktokOptions::default()) } },
        }))
        .unwrap();
        let id = JobId::new(deterministic_uuid(&["job"]));
        let schedule = ScheduleJobs {
            user_id: user("ana"),
            command: None,
            jobs: vec![NewJob {
                id,
                entry,
                account_id: account("ana").id,
                scheduled_at: due().plus(chrono_minutes(1)),
            }],
        };
        let made = block_on(self.store.schedule_jobs(schedule)).unwrap();
        assert!(
            matches!(made.outcomes[0].result, JobResult::Done { .. }),
            "{made:?}"
        );
        self.clock.advance(chrono_minutes(1));
        block_on(self.worker.tick(10)).unwrap();
        id
    }

    fn job(&self, id: JobId) -> PublishJob {
        let history = block_on(self.store.job(user("ana"), id)).unwrap().unwrap();
        history.record.job
    }

    /// A job whose write wasn't answered, and of which the platform couldn't say anything then.
    fn publish_into_the_unknown(&self) -> JobId {
        let id = self.publish(Err(AdapterError::Unknown {
            error: Error::new(Code::PlatformTemporary),
            meta: None,
        }));
        self.will_find(Reconciled::StillUnknown {
            look_again_after: None,
            progress: sent(),
        });
        self.clock.advance(chrono_minutes(1));
        block_on(self.worker.tick(10)).unwrap();
        let job = self.job(id);
        assert_eq!(job.last_error, Some(Code::OutcomeUnknown), "{job:?}");
        id
    }

    fn will_find(&self, found: Reconciled) {
        self.platform.looks.lock().unwrap().push_back(found);
    }

    fn looks(&self) -> u32 {
        *self.platform.looked.lock().unwrap()
    }

    fn handle(&self, webhook: &TiktokWebhook) -> WebhookReport {
        block_on(self.desk.handle_tiktok(webhook, &self.worker, due())).unwrap()
    }

    fn only(&self, webhook: &TiktokWebhook) -> HintOutcome {
        match self.handle(webhook) {
            WebhookReport::Followed(mut outcomes) if outcomes.len() == 1 => outcomes.remove(0),
            other => panic!("{other:?}"),
        }
    }

    fn statuses(&self, name: &str) -> AccountStatus {
        block_on(self.store.accounts(user(name))).unwrap()[0].status
    }
}

fn chrono_minutes(minutes: i64) -> chrono::TimeDelta {
    chrono::TimeDelta::minutes(minutes)
}

fn complete(at: i64) -> TiktokWebhook {
    let content = json!({"publish_id": PUBLISH_ID, "publish_type": "DIRECT_PUBLISH"});
    event("post.publish.complete", OPEN_ID, at, &content)
}

fn failed(at: i64) -> TiktokWebhook {
    let content = json!({"publish_id": PUBLISH_ID, "reason": "spam_risk"});
    event("post.publish.failed", OPEN_ID, at, &content)
}

#[test]
fn complete_for_an_unknown_outcome_makes_the_engine_look_and_the_look_decides() {
    let bench = Bench::new();
    let id = bench.publish_into_the_unknown();
    // The platform doesn't say yet what its webhook says: the job stays.
    bench.will_find(Reconciled::StillUnknown {
        look_again_after: None,
        progress: sent(),
    });
    let looked = bench.only(&complete(1_790_000_000));
    assert!(
        matches!(&looked, HintOutcome::Looked { job } if job.last_error == Some(Code::OutcomeUnknown)),
        "{looked:?}"
    );
    bench.will_find(Reconciled::Published(receipt(ReceiptKind::Published)));
    let looked = bench.only(&complete(1_790_000_001));
    assert!(
        matches!(&looked, HintOutcome::Looked { job } if job.status == JobStatus::Published),
        "{looked:?}"
    );
    assert_eq!(bench.job(id).status, JobStatus::Published);
}

#[test]
fn failed_for_an_unknown_outcome_is_believed_only_if_the_platform_says_so_too() {
    let bench = Bench::new();
    let id = bench.publish_into_the_unknown();
    bench.will_find(Reconciled::Published(receipt(ReceiptKind::Published)));
    bench.only(&failed(1_790_000_000));
    assert_eq!(bench.job(id).status, JobStatus::Published);
}

#[test]
fn a_late_failed_is_said_and_a_published_post_stays_published() {
    let bench = Bench::new();
    let id = bench.publish(Ok(Step::Done(receipt(ReceiptKind::Published))));
    let before = bench.job(id);
    let finished = bench.only(&failed(1_790_000_000));
    let reason = "spam_risk".to_owned();
    assert_eq!(
        finished,
        HintOutcome::Finished {
            job_id: id,
            status: JobStatus::Published,
            said: PlatformSaid::Failed { reason },
            contradicts: true,
        }
    );
    let HintOutcome::Finished { contradicts, .. } = bench.only(&complete(1_790_000_000)) else {
        panic!()
    };
    assert!(!contradicts);
    assert_eq!(bench.job(id), before);
    assert_eq!(bench.looks(), 0);
}

#[test]
fn a_draft_that_the_person_posts_several_times_stays_delivered() {
    let bench = Bench::new();
    let id = bench.publish(Ok(Step::Done(receipt(ReceiptKind::DeliveredToInbox))));
    let before = bench.job(id);
    assert_eq!(before.status, JobStatus::DeliveredToInbox);
    for at in 0..3 {
        let said = bench.only(&complete(1_790_000_000 + at));
        assert!(
            matches!(
                said,
                HintOutcome::Finished {
                    contradicts: false,
                    ..
                }
            ),
            "{said:?}"
        );
    }
    assert_eq!(bench.job(id), before);
}

#[test]
fn a_post_whose_worker_still_asks_is_left_to_it() {
    let bench = Bench::new();
    let id = bench.publish(Ok(Step::Pending {
        progress: Progress {
            kind: StepKind::Confirm,
            ..sent()
        },
        poll_after: Duration::from_secs(60),
    }));
    let before = bench.job(id);
    let left = bench.only(&complete(1_790_000_000));
    assert!(
        matches!(left, HintOutcome::LeftToWorker { job_id, .. } if job_id == id),
        "{left:?}"
    );
    assert_eq!(bench.job(id), before);
    assert_eq!(bench.looks(), 0);
}

#[test]
fn a_repeated_webhook_does_nothing_and_one_that_could_not_be_followed_is_followed_again() {
    let bench = Bench::new();
    bench.publish_into_the_unknown();
    let webhook = complete(1_790_000_000);
    let deaf = PublishWorker::new(
        Flags {
            publish_service: true,
            ..Flags::OFF
        }
        .publishing()
        .unwrap(),
        WorkerPorts {
            store: bench.store.clone(),
            adapters: Vec::new(),
            clock: bench.clock.clone(),
            telemetry: Arc::new(()),
        },
        WorkerSettings::new("worker-2".parse().unwrap()),
    )
    .unwrap();
    let error = block_on(bench.desk.handle_tiktok(&webhook, &deaf, due())).unwrap_err();
    assert_eq!(error.code, Code::ChannelUnsupported);
    bench.will_find(Reconciled::Published(receipt(ReceiptKind::Published)));
    assert!(matches!(bench.only(&webhook), HintOutcome::Looked { .. }));
    let looks = bench.looks();
    assert_eq!(bench.handle(&webhook), WebhookReport::Repeated);
    assert_eq!(bench.looks(), looks);
}

#[test]
fn a_post_that_was_made_elsewhere_and_an_account_that_nobody_linked_are_said() {
    let bench = Bench::new();
    let other = json!({"publish_id": "v_pub_file~v2-1.9"});
    assert_eq!(
        bench.only(&event("post.publish.complete", OPEN_ID, 1, &other)),
        HintOutcome::NoJob {
            account_id: account("ana").id
        }
    );
    let stranger = event("post.publish.complete", "sim-open-id-0002", 1, &other);
    assert_eq!(bench.handle(&stranger), WebhookReport::Followed(Vec::new()));
    let unknown = event("video.upload.failed", OPEN_ID, 1, &json!({}));
    assert_eq!(bench.handle(&unknown), WebhookReport::Ignored);
}

#[test]
fn a_removed_authorization_revokes_every_users_account_and_nobody_elses() {
    let bench = Bench::new();
    block_on(bench.store.put_account(account("luis"))).unwrap();
    let mut other = account("eva");
    other.external_account_id = "sim-open-id-0002".to_owned();
    block_on(bench.store.put_account(other)).unwrap();
    // 2026-09-21T14:13:20Z; the tokens were issued at 14:00.
    let removed = event(
        "authorization.removed",
        OPEN_ID,
        1_790_000_000,
        &json!({"reason": 1}),
    );
    let report = bench.handle(&removed);
    assert!(
        matches!(&report, WebhookReport::Followed(outcomes) if outcomes.len() == 2),
        "{report:?}"
    );
    assert_eq!(bench.statuses("ana"), AccountStatus::Revoked);
    assert_eq!(bench.statuses("luis"), AccountStatus::Revoked);
    assert_eq!(bench.statuses("eva"), AccountStatus::Ok);
}

#[test]
fn a_removal_that_comes_after_the_account_was_linked_again_is_passed_over() {
    let bench = Bench::new();
    // 2026-09-21T13:59:59Z: one second before the token that works now was issued.
    let removed = event(
        "authorization.removed",
        OPEN_ID,
        1_789_999_199,
        &json!({"reason": 1}),
    );
    let account_id = account("ana").id;
    assert_eq!(
        bench.only(&removed),
        HintOutcome::StillLinked { account_id }
    );
    assert_eq!(bench.statuses("ana"), AccountStatus::Ok);
    let removed = event(
        "authorization.removed",
        OPEN_ID,
        1_789_999_200,
        &json!({"reason": 1}),
    );
    assert_eq!(bench.only(&removed), HintOutcome::Revoked { account_id });
}
