//! The same bytes in the same chunks by the same client, without adapter and engine.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use calendar_publish::ports::{
    Header, HttpRequest, HttpTransport, MediaRange, MediaSource, Method,
};
use calendar_publish_adapters::http::ReqwestTransport;
use calendar_publish_adapters::tiktok::{ChunkPlan, TiktokSettings};
use serde_json::{Value, json};

use crate::engine;
use crate::server::{Kind, Tiktok};
use crate::video::{URL, shelf};

/// How long the copy takes, from the init to the answer to the last chunk.
pub(crate) async fn seconds(kind: Kind, bytes: u64) -> Result<f64> {
    let tiktok = Tiktok::start(kind).await?;
    let transport = engine::transport()?;
    let shelf = shelf(bytes);
    let plan = ChunkPlan::new(bytes, TiktokSettings::default().single_chunk_up_to)?;
    let began = Instant::now();
    let url = begin(&tiktok, &transport, &plan).await?;
    for index in 0..plan.count {
        let (offset, length) = plan.range(index);
        let range = MediaRange {
            url: URL.to_owned(),
            offset,
            length,
        };
        let request = HttpRequest {
            method: Method::Put,
            url: url.clone(),
            headers: vec![
                header("content-type", "video/mp4"),
                header("content-range", &plan.content_range(index)),
            ],
            body: shelf.read(range).await?.bytes,
            deadline: Duration::from_secs(90),
        };
        let answer = transport.send(request).await?;
        let expected = if plan.is_last(index) { 201 } else { 206 };
        ensure!(answer.status == expected, "{} at {index}", answer.status);
    }
    Ok(began.elapsed().as_secs_f64())
}

/// Begins the upload: where to send it.
async fn begin(tiktok: &Tiktok, transport: &ReqwestTransport, plan: &ChunkPlan) -> Result<String> {
    let body = json!({
        "post_info": { "privacy_level": "PUBLIC_TO_EVERYONE" },
        "source_info": { "source": "FILE_UPLOAD", "video_size": plan.total_bytes,
                         "chunk_size": plan.chunk_bytes, "total_chunk_count": plan.count },
    });
    let request = HttpRequest {
        method: Method::Post,
        url: format!("{}/v2/post/publish/video/init/", tiktok.api()),
        headers: vec![
            header("content-type", "application/json; charset=UTF-8"),
            header("authorization", &format!("Bearer {}", tiktok.token)),
        ],
        body: body.to_string().into_bytes(),
        deadline: Duration::from_secs(25),
    };
    let answer = transport.send(request).await?;
    let answer: Value = serde_json::from_slice(&answer.body)?;
    let url = answer["data"]["upload_url"].as_str();
    Ok(url.context("the upload wasn't begun")?.to_owned())
}

fn header(name: &str, value: &str) -> Header {
    Header {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}
