//! What a test lets go wrong.

use calendar_publish_simulators::tiktok::{Endpoint, Fault, FaultKind};
use serde_json::{Value, json};

use crate::desk::{BAKER, Desk, file, post_info};

const VIDEO: &str = "/v2/post/publish/video/init/";
const CREATOR: &str = "/v2/post/publish/creator_info/query/";

fn video() -> Value {
    json!({ "post_info": post_info(), "source_info": file(16, 16, 1) })
}

#[test]
fn a_lost_answer_is_lost_before_or_after_the_effect() {
    let desk = Desk::new();
    for (kind, decided) in [
        (FaultKind::LostBefore, None),
        (FaultKind::LostAfter, Some("ok")),
    ] {
        desk.tiktok.fault(Fault::on(Endpoint::VideoInit, kind));
        assert!(desk.try_post(VIDEO, &video()).is_err());
        let logged = desk.tiktok.requests().pop().unwrap();
        assert_eq!(logged.endpoint, "POST /v2/post/publish/video/init/");
        assert_eq!(logged.account.as_deref(), Some(BAKER));
        assert_eq!((logged.decided.as_deref(), logged.status), (decided, None));
        assert_eq!(logged.handle.is_some(), decided.is_some());
    }
    assert_eq!(desk.post(VIDEO, &video()).code(), "ok");
}

#[test]
fn the_answer_to_the_last_chunk_is_lost_and_the_post_comes_out() {
    let desk = Desk::new();
    let init = desk.video_init(file(12_000_000, 6_000_000, 2));
    let fault = Fault::on(Endpoint::Upload, FaultKind::LostAfter).nth(2);
    desk.tiktok.fault(fault);
    let url = init.upload_url();
    let chunk = vec![7; 6_000_000];
    assert_eq!(desk.put(&url, "bytes 0-5999999/12000000", &chunk).0, 206);
    let headers = [
        ("content-type", "video/mp4"),
        ("content-range", "bytes 6000000-11999999/12000000"),
    ];
    let method = calendar_publish::ports::Method::Put;
    assert!(desk.send(method, &url, &headers, &chunk).is_err());
    let data = desk.status(&init.publish_id()).body["data"].clone();
    assert_eq!(data["uploaded_bytes"], 12_000_000);
    desk.pass(60);
    assert_eq!(desk.tiktok.posts().len(), 1);
}

#[test]
fn server_errors_have_an_effect_or_none() {
    let desk = Desk::new();
    for (kind, status, received) in [
        (FaultKind::StatusBefore(502), 502, 0),
        (FaultKind::StatusAfter(503), 503, 16),
    ] {
        let init = desk.video_init(file(16, 16, 1));
        desk.tiktok.fault(Fault::on(Endpoint::Upload, kind));
        let answer = desk.put(&init.upload_url(), "bytes 0-15/16", &[7; 16]);
        assert_eq!(answer.0, status);
        let data = desk.status(&init.publish_id()).body["data"].clone();
        assert_eq!(data["uploaded_bytes"], received);
    }
}

#[test]
fn any_code_comes_with_its_documented_status() {
    for (code, status) in [
        ("invalid_params", 400),
        ("app_version_check_failed", 400),
        ("access_token_invalid", 401),
        ("scope_not_authorized", 401),
        ("spam_risk_too_many_pending_share", 403),
        ("reached_active_user_cap", 403),
        ("url_ownership_unverified", 403),
        ("rate_limit_exceeded", 429),
        ("internal_error", 500),
        ("a_code_of_tomorrow", 400),
    ] {
        let desk = Desk::new();
        let kind = FaultKind::Code(code.to_owned());
        desk.tiktok.fault(Fault::on(Endpoint::VideoInit, kind));
        let reply = desk.post(VIDEO, &video());
        assert_eq!((reply.status, reply.code()), (status, code));
        assert_eq!(reply.body["data"], json!({}));
    }
    let desk = Desk::new();
    let kind = FaultKind::Code("reached_active_user_cap".to_owned());
    desk.tiktok.fault(Fault::on(Endpoint::CreatorInfo, kind));
    assert_eq!(desk.post(CREATOR, &Value::Null).status, 200);
}

#[test]
fn bodies_come_without_data_and_as_html() {
    let desk = Desk::new();
    let meet = |kind| desk.tiktok.fault(Fault::on(Endpoint::CreatorInfo, kind));
    meet(FaultKind::CodeWithoutData("invalid_params".to_owned()));
    let reply = desk.post(CREATOR, &Value::Null);
    assert_eq!((reply.status, reply.body.get("data")), (400, None));
    meet(FaultKind::WithoutData);
    let reply = desk.post(CREATOR, &Value::Null);
    assert_eq!((reply.code(), reply.body.get("data")), ("ok", None));
    meet(FaultKind::HtmlBefore(503));
    assert_eq!(desk.post(CREATOR, &Value::Null).status, 503);
    desk.tiktok
        .knobs(|knobs| knobs.message = Some("参数错误".to_owned()));
    let kind = FaultKind::Code("invalid_params".to_owned());
    meet(kind);
    let reply = desk.post(CREATOR, &Value::Null);
    assert_eq!(reply.told(), (400, "invalid_params", "参数错误"));
}

#[test]
fn a_token_expires_between_init_and_status() {
    let desk = Desk::new();
    let id = desk.post_video(b"bytes of a video");
    desk.tiktok
        .fault(Fault::on(Endpoint::Status, FaultKind::TokenExpires));
    for _ in 0..2 {
        assert_eq!(desk.status(&id).code(), "access_token_invalid");
    }
    let fresh = desk.tiktok.grant(BAKER, &["video.publish"]);
    desk.use_token(&fresh.access);
    assert_eq!(desk.status(&id).code(), "ok");
}

#[test]
fn statuses_are_stuck_or_unknown_whatever_is_true() {
    let desk = Desk::new();
    let id = desk.post_video(b"bytes of a video");
    desk.pass(3_600);
    let stuck = Fault::on(Endpoint::Status, FaultKind::StatusStuck).times(2);
    desk.tiktok.fault(stuck);
    let status = || desk.status(&id).body["data"]["status"].clone();
    assert_eq!(status(), "PROCESSING_UPLOAD");
    assert_eq!(status(), "PROCESSING_UPLOAD");
    assert_eq!(status(), "PUBLISH_COMPLETE");
    let unknown = FaultKind::StatusSays("EXPIRED".to_owned());
    desk.tiktok.fault(Fault::on(Endpoint::Status, unknown));
    assert_eq!(status(), "EXPIRED");
    assert_eq!(desk.tiktok.posts().len(), 1);
}

#[test]
fn a_publish_that_is_to_fail_is_never_out() {
    let desk = Desk::new();
    for reason in ["frame_rate_check_failed", "a_reason_of_tomorrow"] {
        let kind = FaultKind::FailsWith(reason.to_owned());
        desk.tiktok.fault(Fault::on(Endpoint::VideoInit, kind));
        let id = desk.post_video(b"bytes of a video");
        desk.pass(60);
        let data = desk.status(&id).body["data"].clone();
        assert_eq!(data, json!({ "status": "FAILED", "fail_reason": reason }));
    }
    desk.tiktok
        .fault(Fault::on(Endpoint::VideoInit, FaultKind::NeverEnds));
    let id = desk.post_video(b"bytes of a video");
    desk.pass(3_600);
    let status = desk.status(&id).body["data"]["status"].clone();
    assert_eq!(status, "PROCESSING_UPLOAD");
    assert_eq!(desk.tiktok.posts(), []);
}

#[test]
fn faults_count_their_own_accounts_calls_and_can_be_cleared() {
    let desk = Desk::new();
    let other = Fault::on(Endpoint::CreatorInfo, FaultKind::StatusBefore(500)).of("another");
    desk.tiktok.fault(other.always());
    assert_eq!(desk.post(CREATOR, &Value::Null).status, 200);
    let own = Fault::on(Endpoint::CreatorInfo, FaultKind::StatusBefore(500)).of(BAKER);
    desk.tiktok.fault(own.nth(2).always());
    let answers: Vec<u16> = (0..4)
        .map(|_| desk.post(CREATOR, &Value::Null).status)
        .collect();
    assert_eq!(answers, [200, 500, 500, 500]);
    desk.tiktok.clear_faults();
    assert_eq!(desk.post(CREATOR, &Value::Null).status, 200);
}

#[test]
fn a_refresh_whose_answer_is_lost_leaves_a_dead_token() {
    let desk = Desk::new();
    desk.tiktok
        .fault(Fault::on(Endpoint::Token, FaultKind::LostAfter));
    let form = b"client_key=sim_client_key&client_secret=sim_client_secret&grant_type=refresh_token&refresh_token=rft.sim-R1";
    let url = format!("{}/v2/oauth/token/", crate::desk::API);
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let method = calendar_publish::ports::Method::Post;
    assert!(desk.send(method, &url, &headers, form).is_err());
    let answer = desk.send(method, &url, &headers, form).unwrap();
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body["error"], "invalid_grant");
    let log = format!("{:?}", desk.tiktok.requests());
    assert!(!log.contains("rft.") && !log.contains("secret"), "{log}");
}
