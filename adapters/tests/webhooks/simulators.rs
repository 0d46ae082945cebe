//! What the simulated platforms send is taken, and what they ask is answered.

use std::sync::Arc;

use calendar_publish::memory::ManualClock;
use calendar_publish::ports::Clock;
use calendar_publish_adapters::webhooks::{
    AppSecrets, MetaWebhooks, RemovalReason, TiktokEvent, TiktokWebhooks,
};
use calendar_publish_simulators::MediaShelf;
use calendar_publish_simulators::instagram::{App, InstagramSimulator, WebhookEvent};
use calendar_publish_simulators::tiktok::{Creator, TiktokSimulator};
use chrono::TimeDelta;
use serde_json::json;

use crate::fixture::seconds;

#[test]
fn tiktoks_disconnection_arrives_each_time_that_it_is_sent_again() {
    let clock = Arc::new(ManualClock::new(seconds(1_790_000_000)));
    let tiktok = TiktokSimulator::new(clock.clone(), Arc::new(MediaShelf::default()));
    tiktok.add_creator(Creator::new("sim-open-id-0001", "sim.baker"));
    tiktok.grant("sim-open-id-0001", &["video.publish"]);
    tiktok.disconnect("sim-open-id-0001", 1);
    let webhooks = TiktokWebhooks::new(AppSecrets::new("sim_client_secret".into()).unwrap());
    let mut keys = Vec::new();
    for _ in 0..3 {
        clock.advance(TimeDelta::hours(1));
        for sent in tiktok.webhooks_due() {
            let read = webhooks.read(&sent.headers, &sent.body, clock.now());
            let read = read.unwrap();
            assert_eq!(read.user_openid, "sim-open-id-0001");
            let reason = RemovalReason::Disconnected;
            assert_eq!(read.event, TiktokEvent::AuthorizationRemoved { reason });
            keys.push(read.key);
            tiktok.webhook_answered(&sent.id, Some(500));
        }
    }
    assert!(keys.len() > 1, "it wasn't sent again");
    assert!(keys.iter().all(|key| *key == keys[0]));
}

#[test]
fn metas_challenge_is_answered_and_its_batch_is_read() {
    let clock = Arc::new(ManualClock::new(seconds(1_790_000_000)));
    let instagram = InstagramSimulator::new(clock, Arc::new(MediaShelf::default()));
    let app = App::default();
    let webhooks = MetaWebhooks::new(
        AppSecrets::new(app.app_secret.as_str().into()).unwrap(),
        app.verify_token.as_str().into(),
    );
    let pairs = instagram.webhook_verification("1158201444");
    let query: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(webhooks.challenge(&query.join("&")).unwrap(), "1158201444");
    let event = WebhookEvent {
        ig_id: "17841400000000001".to_owned(),
        field: "comments".to_owned(),
        value: json!({"text": "¡qué bonito! 🥐"}),
    };
    let sent = instagram.webhook(&[event]);
    assert!(sent.body.is_ascii());
    let read = webhooks.read(&sent.headers, &sent.body).unwrap();
    assert_eq!(read.object, "instagram");
    let [entry] = &read.entries[..] else {
        panic!("{read:?}")
    };
    assert_eq!(entry.id, "17841400000000001");
    assert_eq!(entry.changes[0].value["text"], "¡qué bonito! 🥐");
}
