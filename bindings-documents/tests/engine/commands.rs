//! What a host asks, and what it is told.

use calendar_publish::model::{JobStatus, deterministic_uuid};
use calendar_publish::{Code, Error};
use calendar_publish_documents::{ENGINE_OPERATIONS, Engine, EngineSettings};
use futures_executor::block_on;
use serde_json::{Value, json};

use crate::fixture::{Trouble, World, account, context, entry, ports, schedule, switched_on, user};

#[test]
fn what_is_scheduled_comes_out_once() {
    let world = World::new(Trouble::None);
    assert_eq!(world.call("putAccount", &account()).unwrap(), Value::Null);
    let scheduled = world.call("schedule", &schedule()).unwrap();
    assert_eq!(
        scheduled["outcomes"][0]["result"], "scheduled",
        "{scheduled}"
    );
    let early = world.call("tick", &json!({ "limit": 10 })).unwrap();
    assert_eq!(early["claimed"], 0);
    let depth = world.call("queueDepth", &json!({})).unwrap();
    assert_eq!(depth["counts"][0]["count"], 1, "{depth}");

    let job = world.settle();
    assert_eq!(job.status, JobStatus::Published);
    let posts = world.instagram.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].caption, "Fresh buns");
    let asked = json!({ "userId": user("ana"), "jobId": job.id });
    let history = world.call("job", &asked).unwrap();
    assert_eq!(
        history["attempts"].as_array().unwrap().len(),
        1,
        "{history}"
    );
    let asked = json!({ "userId": user("ana"), "accountId": account()["id"], "limit": 100 });
    let ledger = world.call("ledger", &asked).unwrap();
    assert!(ledger.as_array().unwrap().len() > 1, "{ledger}");
}

#[test]
fn the_same_command_twice_is_done_once() {
    let world = World::new(Trouble::None);
    world.call("putAccount", &account()).unwrap();
    let first = world.call("schedule", &schedule()).unwrap();
    let second = world.call("schedule", &schedule()).unwrap();
    assert_eq!(
        (&first["repeated"], &second["repeated"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(first["outcomes"], second["outcomes"]);
    let mut other = schedule();
    other["schedule"]["entries"][0]["piece"]["copy"] = json!("Stale buns");
    let refused = world.call("schedule", &other).unwrap_err();
    assert_eq!(refused.code, Code::IdempotencyConflict);

    let cancel = json!({ "context": context("ana", "k2"), "jobIds": [world.job().id] });
    let cancelled = world.call("cancel", &cancel).unwrap();
    assert_eq!(cancelled[0]["state"], "honoured");
    assert_eq!(world.call("cancel", &cancel).unwrap(), cancelled);
    assert_eq!(world.settle().status, JobStatus::Cancelled);
    assert_eq!(world.instagram.posts().len(), 0);
}

#[test]
fn what_is_another_users_is_absent() {
    let world = World::new(Trouble::None);
    world.call("putAccount", &account()).unwrap();
    world.call("schedule", &schedule()).unwrap();
    let job = world.job();
    let his = |more: Value| {
        let mut request = json!({ "userId": user("bob") });
        let fields = request.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        request
    };
    assert_eq!(world.call("jobs", &his(json!({}))).unwrap(), json!([]));
    assert_eq!(world.call("accounts", &his(json!({}))).unwrap(), json!([]));
    let asked = his(json!({ "jobId": job.id }));
    assert_eq!(world.call("job", &asked).unwrap(), Value::Null);
    let asked = his(json!({ "accountId": account()["id"], "limit": 10 }));
    assert_eq!(
        world.call("ledger", &asked).unwrap_err().code,
        Code::AccountNotFound
    );
    let asked = his(json!({ "calendarId": deterministic_uuid(&["calendar"]) }));
    assert_eq!(
        world.call("calendar", &asked).unwrap_err().code,
        Code::CalendarNotFound
    );

    let cancel = json!({ "context": context("bob", "k2"), "jobIds": [job.id] });
    let refused = world.call("cancel", &cancel).unwrap();
    assert_eq!(refused[0]["error"]["code"], "JOB_NOT_FOUND", "{refused}");
    assert_eq!(world.job().status, JobStatus::Scheduled);
}

#[test]
fn what_cant_be_meant_is_refused_where_it_stands() {
    let world = World::new(Trouble::None);
    let refused = |name: &str, request: &str| -> Error {
        block_on(world.engine.call(name, request)).unwrap_err()
    };
    assert_eq!(refused("publish", "{}").code, Code::OperationUnknown);
    assert_eq!(refused("tick", "{").code, Code::InputInvalid);
    let cases = [
        ("tick", json!({}), Code::InputInvalid, "limit"),
        (
            "tick",
            json!({ "limit": "ten" }),
            Code::InputInvalid,
            "limit",
        ),
        (
            "tick",
            json!({ "limit": 1, "all": true }),
            Code::InputInvalid,
            "all",
        ),
        ("jobs", json!({}), Code::InputInvalid, "userId"),
        (
            "jobs",
            json!({ "userId": "ana" }),
            Code::IdInvalid,
            "userId",
        ),
    ];
    for (name, request, code, path) in cases {
        let error = refused(name, &request.to_string());
        assert_eq!((error.code, error.path.as_str()), (code, path), "{request}");
    }
    let mut request = schedule();
    request["schedule"]["entries"][0]["piece"]["channel"] = json!("myspace");
    let error = refused("schedule", &request.to_string());
    assert_eq!(error.path, "schedule.entries[0].piece.channel");
}

#[test]
fn while_publishing_is_off_nothing_is_worked_and_nothing_scheduled() {
    let world = World::with(Trouble::None, &json!({ "instagram": {} }));
    world.call("putAccount", &account()).unwrap();
    for (name, request) in [("tick", json!({ "limit": 10 })), ("schedule", schedule())] {
        let off = world.call(name, &request).unwrap_err();
        assert_eq!(off.code, Code::FlagOff);
        assert!(off.to_string().contains("PUBLISH_SERVICE_ENABLED"), "{off}");
    }
    assert_eq!(
        block_on(world.engine.run()).unwrap_err().code,
        Code::FlagOff
    );
    let jobs = world
        .call("jobs", &json!({ "userId": user("ana") }))
        .unwrap();
    assert_eq!(jobs, json!([]));

    let on = World::new(Trouble::None);
    let publish = json!({ "calendarId": entry()["calendarId"], "entryId": entry()["id"] });
    let request = json!({ "context": context("ana", "k3"), "publish": publish });
    let off = on.call("publishNow", &request).unwrap_err();
    assert_eq!(off.code, Code::FlagOff);
    assert!(off.to_string().contains("PUBLISH_NOW_ENABLED"), "{off}");
}

#[test]
fn settings_that_make_no_sense_are_refused_by_their_path() {
    type Change = fn(&mut Value);
    let refused = |change: Change| {
        let mut settings = switched_on();
        change(&mut settings);
        let settings = EngineSettings::read(&settings.to_string())?;
        Engine::new(ports(Trouble::None).0, settings).map(drop)
    };
    let cases: [(Change, &str); 7] = [
        (|s| s["leaseSeconds"] = json!(10), "leaseSeconds"),
        (|s| s["concurrency"] = json!(0), "concurrency"),
        (|s| s["idlePollSeconds"] = json!(0), "idlePollSeconds"),
        (|s| s["lease"] = json!(300), "lease"),
        (
            |s| s["instagram"]["version"] = json!("25"),
            "instagram.version",
        ),
        (
            |s| s["instagram"]["requestDeadlineSeconds"] = json!(0),
            "instagram.requestDeadlineSeconds",
        ),
        (
            |s| s["tiktok"] = json!({ "uploadHosts": [] }),
            "tiktok.uploadHosts",
        ),
    ];
    for (change, path) in cases {
        assert_eq!(refused(change).unwrap_err().path, path);
    }
    assert_eq!(refused(|s| s["tiktok"] = json!({})), Ok(()));
}

#[test]
fn a_run_ends_when_it_is_stopped() {
    let world = World::new(Trouble::None);
    world.call("putAccount", &account()).unwrap();
    world.call("schedule", &schedule()).unwrap();
    world.forward(60);
    let run = world.engine.run();
    world.engine.stop();
    // Stopped before it began, it claims nothing.
    assert_eq!(block_on(run).unwrap().published, 0);
    assert_eq!(world.settle().status, JobStatus::Published);
}

#[test]
fn each_operation_is_documented_and_reachable() {
    let world = World::new(Trouble::None);
    let mut names: Vec<&str> = ENGINE_OPERATIONS.iter().map(|it| it.name).collect();
    for operation in ENGINE_OPERATIONS {
        assert!(operation.documentation.len() > 10, "{}", operation.name);
        if let Err(error) = block_on(world.engine.call(operation.name, "[]")) {
            assert_ne!(error.code, Code::OperationUnknown, "{}", operation.name);
        }
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ENGINE_OPERATIONS.len());
}

/// Hosts hand calls to threads.
#[test]
fn a_call_may_be_sent_to_another_thread() {
    fn sendable(_: &impl Send) {}
    let world = World::new(Trouble::None);
    sendable(&world.engine.call("tick", "{}"));
    sendable(&world.engine.run());
}
