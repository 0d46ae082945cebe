//! Hearing from the database that jobs were made or moved.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::{Either, poll_fn, select};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio_postgres::{AsyncMessage, Config, NoTls};

/// What the database's functions notify.
const LISTEN: &str = "listen calendar_publish_jobs";

/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_secs(1);

/// A connection of its own that counts the news. It is made when somebody first asks for them.
pub(super) struct Listener {
    config: Config,
    news: Arc<watch::Sender<u64>>,
    /// The news that the last look at the jobs knew of.
    seen: AtomicU64,
    task: OnceLock<AbortHandle>,
}

impl Listener {
    pub(super) fn new(config: Config) -> Self {
        Self {
            config,
            news: Arc::new(watch::Sender::new(0)),
            seen: AtomicU64::new(0),
            task: OnceLock::new(),
        }
    }

    /// Somebody looks at the jobs: what comes from now on is new.
    pub(super) fn looked(&self) {
        self.listen();
        self.seen.store(*self.news.borrow(), Ordering::Relaxed);
    }

    /// Returns when there are news since the last look.
    pub(super) async fn arrived(&self) {
        self.listen();
        let mut news = self.news.subscribe();
        let seen = self.seen.load(Ordering::Relaxed);
        if let Ok(latest) = news.wait_for(|count| *count > seen).await {
            self.seen.store(*latest, Ordering::Relaxed);
        }
    }

    fn listen(&self) {
        self.task.get_or_init(|| {
            let (config, news) = (self.config.clone(), Arc::clone(&self.news));
            tokio::spawn(async move {
                loop {
                    // Nobody needs to know why: a worker looks again by itself.
                    let _ = hear(&config, &news).await;
                    tokio::time::sleep(PAUSE).await;
                }
            })
            .abort_handle()
        });
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

/// Counts news until the connection ends.
async fn hear(config: &Config, news: &watch::Sender<u64>) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let listening = async {
        let began = client.batch_execute(LISTEN).await;
        // Something may have come while nobody listened.
        news.send_modify(|count| *count += 1);
        match began {
            // The connection lives as long as its client.
            Ok(()) => std::future::pending().await,
            Err(error) => Err(error),
        }
    };
    let hearing = async {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message? {
                news.send_modify(|count| *count += 1);
            }
        }
        Ok(())
    };
    match select(pin!(listening), pin!(hearing)).await {
        Either::Left((ended, _)) | Either::Right((ended, _)) => ended,
    }
}
