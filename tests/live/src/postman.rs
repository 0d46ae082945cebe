//! TikTok's webhooks: they come late, twice and out of order, and each is only a hint.

use std::sync::{Arc, Mutex, PoisonError};

use calendar_publish::model::JobStatus;
use calendar_publish::publish::PublishWorker;
use calendar_publish::{Code, Error};
use calendar_publish_adapters::webhooks::{
    AppSecrets, HintOutcome, TiktokWebhooks, WebhookDesk, WebhookReport,
};
use calendar_publish_simulation::random::Random;
use calendar_publish_simulators::tiktok::{App, Webhook};

use crate::flow::Flow;
use crate::world::{World, later};

/// What came of the webhooks.
#[derive(Debug, Default)]
pub struct Heard {
    /// Those that were followed.
    pub followed: u64,
    /// What should not have happened.
    pub refused: Vec<String>,
}

/// Carries webhooks to a desk.
pub struct Postman {
    world: Arc<World>,
    random: Random,
    webhooks: TiktokWebhooks,
    desk: WebhookDesk,
    worker: PublishWorker,
    heard: Arc<Mutex<Heard>>,
}

impl std::fmt::Debug for Postman {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postman").finish_non_exhaustive()
    }
}

impl Postman {
    /// A postman of `world`, as `random` says.
    ///
    /// # Errors
    /// Where the settings of the worker that looks make no sense.
    pub fn new(
        world: &Arc<World>,
        mut random: Random,
        heard: Arc<Mutex<Heard>>,
    ) -> Result<Self, Error> {
        world.tiktok.knobs(|knobs| {
            knobs.webhooks_twice = random.percent(50);
            knobs.webhooks_reversed = random.percent(50);
            knobs.webhook_post_id_text = random.percent(50);
        });
        let clock = world.clock();
        let wire = world.wire(Box::new(|_| None));
        let adapter = Flow::TiktokVideo.adapter(world, &wire, &clock)?;
        Ok(Self {
            worker: world.worker(world.store.clone(), vec![adapter], clock)?,
            desk: WebhookDesk::new(world.store.clone(), world.linked.clone()),
            webhooks: TiktokWebhooks::new(AppSecrets::new(App::default().client_secret.into())?),
            world: world.clone(),
            random,
            heard,
        })
    }

    /// Walks until the world ends.
    pub async fn walk(mut self) {
        loop {
            let pause = i64::try_from(self.random.between(60_000, 7_200_000)).unwrap_or(60_000);
            let until = later(self.world.time.now(), pause);
            self.world.time.sleep_until(until).await;
            for webhook in self.world.tiktok.webhooks_due() {
                let status = if self.random.percent(10) {
                    None
                } else {
                    Some(self.deliver(&webhook).await)
                };
                self.world.tiktok.webhook_answered(&webhook.id, status);
            }
        }
    }

    /// Hands a webhook over; the status that it is answered with.
    async fn deliver(&self, webhook: &Webhook) -> u16 {
        let now = self.world.time.now();
        let read = match self.webhooks.read(&webhook.headers, &webhook.body, now) {
            Ok(read) => read,
            Err(error) => {
                self.complain(format!("{} isn't read: {error}", webhook.event));
                return error.http_status();
            }
        };
        match self.desk.handle_tiktok(&read, &self.worker, now).await {
            Ok(WebhookReport::Followed(outcomes)) => {
                let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
                heard.followed += 1;
                drop(heard);
                for outcome in outcomes {
                    self.check(&outcome);
                }
                200
            }
            Ok(WebhookReport::Repeated | WebhookReport::Ignored) => 200,
            // TikTok or its answer was in trouble: it comes again.
            Err(_) => 500,
        }
    }

    /// A look either ends in what the platform says, or leaves the job where it was.
    fn check(&self, outcome: &HintOutcome) {
        if let HintOutcome::Looked { job } = outcome
            && job.status == JobStatus::NeedsAttention
            && job.last_error != Some(Code::OutcomeUnknown)
            && job.last_error != Some(Code::MissedSchedule)
            && job.last_error != Some(Code::RetriesExhausted)
        {
            self.complain(format!("a look ended in {job:?}"));
        }
    }

    fn complain(&self, what: String) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.refused.push(what);
    }
}
