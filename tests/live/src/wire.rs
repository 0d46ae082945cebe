//! HTTP between the adapters and the platforms, that can be cut at any exchange.

use std::future::{Future, pending, poll_fn};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use async_trait::async_trait;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{HttpRequest, HttpResponse, HttpTransport, TransportError};
use calendar_publish_simulation::time::VirtualTime;

/// What happens at an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cut {
    /// The process dies before the request is sent.
    DiesBefore,
    /// The request takes effect, and the process dies before the answer arrives.
    DiesUnanswered,
    /// The answer arrives, and the process dies when it next waits for anything.
    DiesAnswered,
    /// The request takes effect, the answer is lost, and the process lives on.
    AnswerLost,
    /// The request is lost on its way, which looks the same from here, and the process lives on.
    RequestLost,
}

impl Cut {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::DiesBefore,
        Self::DiesUnanswered,
        Self::DiesAnswered,
        Self::AnswerLost,
        Self::RequestLost,
    ];

    /// Whether a process ends by it.
    pub const fn is_death(self) -> bool {
        matches!(
            self,
            Self::DiesBefore | Self::DiesUnanswered | Self::DiesAnswered
        )
    }
}

/// Decides what happens at an exchange, by its number from 1.
pub type Script = Box<dyn FnMut(u64) -> Option<Cut> + Send>;

/// HTTP that can be cut. It outlives the processes that use it, one after the other.
pub struct Wire {
    inner: Arc<dyn HttpTransport>,
    time: VirtualTime,
    state: Mutex<State>,
}

struct State {
    script: Script,
    exchanges: Vec<String>,
    fate: Fate,
    deaths: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Lives,
    Dies,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire")
            .field("exchanges", &self.state().exchanges)
            .finish_non_exhaustive()
    }
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Done,
    /// It was killed.
    Killed,
}

impl Wire {
    /// A wire to `inner` on which `script` says what happens.
    pub fn new(inner: Arc<dyn HttpTransport>, time: VirtualTime, script: Script) -> Arc<Self> {
        Arc::new(Self {
            inner,
            time,
            state: Mutex::new(State {
                script,
                exchanges: Vec::new(),
                fate: Fate::Lives,
                deaths: 0,
            }),
        })
    }

    /// The exchanges so far: method, host and path.
    pub fn exchanges(&self) -> Vec<String> {
        self.state().exchanges.clone()
    }

    /// How many processes have died.
    pub fn deaths(&self) -> u64 {
        self.state().deaths
    }

    /// Runs a process until it ends or is killed. All of it is dropped then.
    pub async fn mortal(&self, process: impl Future<Output = ()>) -> Ended {
        let mut process = Some(Box::pin(process));
        self.state().fate = Fate::Lives;
        poll_fn(|context| {
            let Some(running) = &mut process else {
                return Poll::Ready(Ended::Killed);
            };
            if running.as_mut().poll(context).is_ready() {
                return Poll::Ready(Ended::Done);
            }
            let mut state = self.state();
            if state.fate == Fate::Lives {
                return Poll::Pending;
            }
            state.deaths += 1;
            drop(state);
            process = None;
            Poll::Ready(Ended::Killed)
        })
        .await
    }

    fn die(&self) {
        self.state().fate = Fate::Dies;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the request counts as unanswered.
    async fn unanswered(&self, request_deadline: std::time::Duration) -> TransportError {
        let millis = i64::try_from(request_deadline.as_millis()).unwrap_or(i64::MAX);
        let until = Timestamp::from_millis(self.time.now().millis().saturating_add(millis));
        self.time.sleep_until(until).await;
        TransportError::NoAnswer {
            reason: "the wire was cut".to_owned(),
        }
    }
}

/// Lets everything else go on first, so that two exchanges are never one wait.
async fn others_first() {
    let mut has_waited = false;
    poll_fn(|context| {
        if has_waited {
            return Poll::Ready(());
        }
        has_waited = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[async_trait]
impl HttpTransport for Wire {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        others_first().await;
        let cut = {
            let mut state = self.state();
            let address = request.url.split(['?', '#']).next().unwrap_or_default();
            let method = format!("{:?}", request.method).to_uppercase();
            state.exchanges.push(format!("{method} {address}"));
            let number = state.exchanges.len() as u64;
            (state.script)(number)
        };
        let deadline = request.deadline;
        match cut {
            None => self.inner.send(request).await,
            Some(Cut::DiesBefore) => {
                self.die();
                pending().await
            }
            Some(Cut::DiesUnanswered) => {
                let _ = self.inner.send(request).await;
                self.die();
                pending().await
            }
            Some(Cut::DiesAnswered) => {
                let answer = self.inner.send(request).await;
                self.die();
                answer
            }
            Some(Cut::AnswerLost) => {
                let _ = self.inner.send(request).await;
                Err(self.unanswered(deadline).await)
            }
            Some(Cut::RequestLost) => Err(self.unanswered(deadline).await),
        }
    }
}
