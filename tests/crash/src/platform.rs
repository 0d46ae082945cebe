//! The platform: it answers late, loses answers, refuses, and keeps the truth of what came out.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::{Json, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// A post that came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The platform's id of it.
    pub id: String,
    /// The entry that was published.
    pub entry: String,
    /// The hash of what was published.
    pub hash: String,
}

/// What a worker asks to be published.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Wanted {
    pub(crate) entry: String,
    pub(crate) hash: String,
}

/// A platform with two ways to publish: containers, of which each publishes once (as Instagram's), and
/// direct posts, of which each is a new post (as a TikTok pull from a URL).
#[derive(Clone, Debug, Default)]
pub struct Platform {
    books: Arc<Mutex<Books>>,
}

#[derive(Debug, Default)]
struct Books {
    posts: Vec<Post>,
    containers: HashMap<String, Container>,
    publish_calls: u64,
}

#[derive(Debug)]
struct Container {
    wanted: Wanted,
    post: Option<String>,
}

/// What happens to a call that publishes.
#[derive(Clone, Copy)]
enum Fate {
    Answered,
    /// It takes effect, and the answer is an error.
    EffectThenError,
    /// It doesn't take effect, and the answer says so.
    Refused,
    /// It doesn't take effect, and the answer doesn't say so.
    ErrorWithoutEffect,
}

impl Platform {
    /// Serves on a free port until the process ends.
    ///
    /// # Errors
    /// Where there is no free port.
    pub async fn serve(&self) -> Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/containers", post(create))
            .route("/containers/{id}", get(container))
            .route("/containers/{id}/publish", post(publish_container))
            .route("/posts", post(publish_direct))
            .route("/posts/{entry}", get(posts_of))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(address)
    }

    /// Every post that came out, in order.
    pub fn posts(&self) -> Vec<Post> {
        self.books().posts.clone()
    }

    /// How often it was asked to publish something.
    pub fn publish_calls(&self) -> u64 {
        self.books().publish_calls
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(books: &mut Books, wanted: &Wanted) -> Post {
        let post = Post {
            id: format!("post-{}", books.posts.len()),
            entry: wanted.entry.clone(),
            hash: wanted.hash.clone(),
        };
        books.posts.push(post.clone());
        post
    }
}

/// Draws what happens, and takes its time before it does.
async fn fate() -> Fate {
    tokio::time::sleep(Duration::from_millis(fastrand::u64(0..120))).await;
    match fastrand::u8(0..100) {
        0..=5 => Fate::EffectThenError,
        6..=8 => Fate::Refused,
        9..=11 => Fate::ErrorWithoutEffect,
        _ => Fate::Answered,
    }
}

async fn create(State(platform): State<Platform>, Json(wanted): Json<Wanted>) -> Response {
    let mut books = platform.books();
    let id = format!("container-{}", books.containers.len());
    books
        .containers
        .insert(id.clone(), Container { wanted, post: None });
    Json(id).into_response()
}

async fn container(State(platform): State<Platform>, Path(id): Path<String>) -> Response {
    match platform.books().containers.get(&id) {
        Some(container) => Json(container.post.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn publish_container(State(platform): State<Platform>, Path(id): Path<String>) -> Response {
    // The work goes on when the caller has died meanwhile, as it does on a real platform.
    answer(tokio::spawn(async move {
        let fate = fate().await;
        let mut books = platform.books();
        books.publish_calls += 1;
        let Some(container) = books.containers.get(&id) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        if let Some(post) = &container.post {
            return Json(post.clone()).into_response();
        }
        let wanted = container.wanted.clone();
        if matches!(fate, Fate::Refused | Fate::ErrorWithoutEffect) {
            return refusal(fate);
        }
        let post = Platform::put(&mut books, &wanted).id;
        if let Some(container) = books.containers.get_mut(&id) {
            container.post = Some(post.clone());
        }
        effect(fate, post)
    }))
    .await
}

async fn publish_direct(State(platform): State<Platform>, Json(wanted): Json<Wanted>) -> Response {
    answer(tokio::spawn(async move {
        let fate = fate().await;
        let mut books = platform.books();
        books.publish_calls += 1;
        match fate {
            Fate::Refused | Fate::ErrorWithoutEffect => refusal(fate),
            Fate::Answered | Fate::EffectThenError => {
                effect(fate, Platform::put(&mut books, &wanted).id)
            }
        }
    }))
    .await
}

async fn posts_of(State(platform): State<Platform>, Path(entry): Path<String>) -> Response {
    let books = platform.books();
    let post = books.posts.iter().find(|post| post.entry == entry);
    Json(post.map(|post| post.id.clone())).into_response()
}

async fn answer(work: tokio::task::JoinHandle<Response>) -> Response {
    work.await
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn refusal(fate: Fate) -> Response {
    match fate {
        Fate::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::BAD_GATEWAY,
    }
    .into_response()
}

fn effect(fate: Fate, post: String) -> Response {
    match fate {
        Fate::EffectThenError => StatusCode::BAD_GATEWAY.into_response(),
        _ => Json(post).into_response(),
    }
}
