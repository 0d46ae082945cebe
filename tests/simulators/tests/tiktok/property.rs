//! The truth never holds what no accepted request explains, whatever is asked and whatever goes wrong.

use std::collections::BTreeMap;

use calendar_publish_simulators::ShelvedFile;
use calendar_publish_simulators::tiktok::{Endpoint, Fault, FaultKind};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use crate::desk::{ALL_SCOPES, BAKER, Desk, file, post_info};

const URL: &str = "https://media.host.example/v/abc.mp4";

#[derive(Clone, Debug)]
enum Step {
    Upload { draft: bool, bytes: bool },
    Pull { there: bool },
    Cancel,
    Status,
    Pass(u64),
    Goes(Endpoint, FaultKind),
    Disconnect,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let endpoint = prop_oneof![
        Just(Endpoint::VideoInit),
        Just(Endpoint::InboxInit),
        Just(Endpoint::Upload),
        Just(Endpoint::Cancel),
        Just(Endpoint::Status),
    ];
    let kind = prop_oneof![
        Just(FaultKind::LostBefore),
        Just(FaultKind::LostAfter),
        Just(FaultKind::StatusBefore(500)),
        Just(FaultKind::StatusAfter(502)),
        Just(FaultKind::Code("spam_risk".to_owned())),
        Just(FaultKind::FailsWith("internal".to_owned())),
        Just(FaultKind::NeverEnds),
        Just(FaultKind::TokenExpires),
    ];
    let step = prop_oneof![
        4 => (any::<bool>(), any::<bool>()).prop_map(|(draft, bytes)| Step::Upload { draft, bytes }),
        2 => any::<bool>().prop_map(|there| Step::Pull { there }),
        1 => Just(Step::Cancel),
        1 => Just(Step::Status),
        3 => (1_u64..4_000).prop_map(Step::Pass),
        3 => (endpoint, kind).prop_map(|(endpoint, kind)| Step::Goes(endpoint, kind)),
        1 => Just(Step::Disconnect),
    ];
    vec(step, 1..40)
}

fn run(desk: &Desk, step: Step) {
    let renew = || {
        let tokens = desk.tiktok.grant(BAKER, &ALL_SCOPES);
        desk.use_token(&tokens.access);
    };
    let last = desk
        .tiktok
        .requests()
        .iter()
        .rev()
        .find_map(|r| r.handle.clone());
    let last = json!({ "publish_id": last.unwrap_or_default() });
    match step {
        Step::Upload { draft, bytes } => {
            let path = match draft {
                true => "/v2/post/publish/inbox/video/init/",
                false => "/v2/post/publish/video/init/",
            };
            let mut body = json!({ "source_info": file(16, 16, 1) });
            if !draft {
                body["post_info"] = post_info();
            }
            let init = desk.try_post(path, &body);
            let url = init
                .ok()
                .map(|init| init.body["data"]["upload_url"].clone());
            if let Some(url) = url.as_ref().and_then(|url| url.as_str())
                && bytes
            {
                let headers = [
                    ("content-type", "video/mp4"),
                    ("content-range", "bytes 0-15/16"),
                ];
                let method = calendar_publish::ports::Method::Put;
                let _ = desk.send(method, url, &headers, &[7; 16]);
            }
        }
        Step::Pull { there } => {
            match there {
                true => desk.shelf.put(URL, ShelvedFile::new("video/mp4", [7; 16])),
                false => desk.shelf.withdraw(URL),
            }
            let source = json!({ "source": "PULL_FROM_URL", "video_url": URL });
            let body = json!({ "post_info": post_info(), "source_info": source });
            let _ = desk.try_post("/v2/post/publish/video/init/", &body);
        }
        Step::Cancel => drop(desk.try_post("/v2/post/publish/cancel/", &last)),
        Step::Status => drop(desk.try_post("/v2/post/publish/status/fetch/", &last)),
        Step::Pass(seconds) => {
            desk.pass(seconds);
            renew();
        }
        Step::Goes(endpoint, kind) => desk.tiktok.fault(Fault::on(endpoint, kind)),
        Step::Disconnect => {
            desk.tiktok.disconnect(BAKER, 1);
            renew();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_post_is_explained_by_one_accepted_init_and_its_bytes(steps in steps()) {
        let desk = Desk::new();
        for step in steps {
            run(&desk, step);
        }
        desk.pass(7_200);
        futures_executor::block_on(desk.tiktok.settle());
        let mut accepted: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for request in desk.tiktok.requests() {
            let (Some(handle), Some("ok")) = (request.handle, request.decided.as_deref()) else {
                continue;
            };
            let counts = accepted.entry(handle).or_default();
            counts.0 += u32::from(request.endpoint.ends_with("/init/"));
            counts.1 += u32::from(request.endpoint == "PUT /upload");
        }
        let posts = desk.tiktok.posts();
        for post in &posts {
            let (inits, chunks) = accepted.get(&post.handle).copied().unwrap_or_default();
            prop_assert_eq!(inits, 1, "{:?}", post);
            prop_assert!(chunks == 1 || post.handle.starts_with("v_pub_url~"), "{:?}", post);
            prop_assert_eq!(post.media.len(), 1);
        }
        let mut handles: Vec<_> = posts.iter().map(|post| &post.handle).collect();
        handles.dedup();
        prop_assert_eq!(handles.len(), posts.len());
    }
}
