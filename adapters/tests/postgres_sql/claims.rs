//! Claims: fair among accounts, each job to one worker, pauses and late jobs.

use std::collections::{BTreeMap, HashSet};

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::support::{
    account, advance, at, claim, connect, database, job_id, link_accounts, new_job, schedule, user,
};

fn due() -> Timestamp {
    at("2026-04-10T07:00:00Z")
}

fn after(seconds: i64) -> Timestamp {
    due().plus(TimeDelta::seconds(seconds))
}

fn made() -> Timestamp {
    at("2026-04-01T07:00:00Z")
}

fn ids(jobs: &Value) -> Vec<String> {
    let jobs = jobs.as_array().unwrap().iter();
    jobs.map(|job| {
        let id = if job["job"].is_null() {
            &job["id"]
        } else {
            &job["job"]["id"]
        };
        id.as_str().unwrap().to_owned()
    })
    .collect()
}

fn numbered(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers
        .into_iter()
        .map(|number| job_id(number).to_string())
        .collect()
}

/// One write for each claimed job.
fn writes(claimed: &Value, sequence: i64, event: impl Fn(&Value) -> Value) -> Value {
    claimed["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| {
            let token = &job["job"]["lease"]["token"];
            json!({
                "jobId": job["job"]["id"], "event": event(token),
                "stamp": {"token": token, "sequence": sequence},
                "progress": {"type": "keep"}, "note": {},
            })
        })
        .collect()
}

fn started(claimed: &Value) -> Value {
    writes(
        claimed,
        1,
        |token| json!({"type": "write_started", "token": token}),
    )
}

fn published(claimed: &Value) -> Value {
    writes(
        claimed,
        2,
        |token| json!({"type": "published", "token": token, "receipt": {"postId": "1"}}),
    )
}

fn all_done(outcomes: &Value) -> bool {
    let outcomes = outcomes.as_array().unwrap();
    outcomes.iter().all(|outcome| outcome["result"] == "done")
}

async fn database_with(accounts: usize, jobs: &[Value]) -> (String, Client) {
    let url = database().await;
    let client = connect(&url).await;
    link_accounts(&client, user(0), accounts).await;
    let made = schedule(&client, user(0), jobs, made()).await;
    assert!(all_done(&made["outcomes"]));
    (url, client)
}

#[tokio::test]
async fn an_account_with_a_backlog_keeps_nobody_waiting() {
    // Account 0 has 3,000 jobs that were due before anybody else's.
    let mut jobs: Vec<Value> = (0..3_000)
        .map(|number| new_job(number, account(0), after(-600)))
        .collect();
    jobs.extend(
        (1..20).map(|number| new_job(10_000 + number, account(number), after(number as i64))),
    );
    let (_, client) = database_with(20, &jobs).await;
    let claimed = claim(&client, 10, 300, after(60)).await;
    let accounts: Vec<&str> = claimed["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["job"]["accountId"].as_str().unwrap())
        .collect();
    // Longest due first, one an account.
    let expected: Vec<String> = (0..10).map(|number| account(number).to_string()).collect();
    assert_eq!(accounts, expected);
    // The rest of the others; the busy account's thousands stay where they are.
    let rest = claim(&client, 100, 300, after(60)).await;
    assert_eq!(
        ids(&rest["jobs"]),
        numbered((10..20).map(|number| 10_000 + number))
    );
    let none = claim(&client, 100, 300, after(60)).await;
    assert_eq!(none["jobs"], json!([]));
    // Nothing is due before the first lease ends.
    assert_eq!(none["nextDueAt"], after(360).to_string());
}

#[tokio::test]
async fn eight_workers_claim_two_thousand_jobs_once_each() {
    let jobs: Vec<Value> = (0..2_000)
        .map(|number| new_job(number, account(number), after(number as i64 % 60)))
        .collect();
    let (url, _) = database_with(2_000, &jobs).await;
    let mut workers = Vec::new();
    for _ in 0..8 {
        let client = connect(&url).await;
        workers.push(tokio::spawn(async move {
            let mut mine = Vec::new();
            let mut empty = 0;
            while empty < 5 {
                let claimed = claim(&client, 40, 300, after(60)).await;
                let jobs = ids(&claimed["jobs"]);
                empty = if jobs.is_empty() { empty + 1 } else { 0 };
                mine.extend(jobs);
            }
            mine
        }));
    }
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    let distinct: HashSet<&String> = all.iter().collect();
    assert_eq!(all.len(), 2_000);
    assert_eq!(distinct.len(), 2_000);
}

/// Whole lives side by side, with people who move the same jobs: no deadlock, no lost update, one
/// attempt a job, and unbroken chains.
#[tokio::test]
async fn workers_and_people_write_side_by_side() {
    let jobs: Vec<Value> = (0..600)
        .map(|number| new_job(number, account(number % 30), after(number as i64 % 7)))
        .collect();
    let (url, client) = database_with(30, &jobs).await;
    let mut tasks = Vec::new();
    for _ in 0..6 {
        let client = connect(&url).await;
        tasks.push(tokio::spawn(async move {
            let mut empty = 0;
            while empty < 20 {
                let claimed = claim(&client, 20, 300, after(60)).await;
                if claimed["jobs"].as_array().unwrap().is_empty() {
                    empty += 1;
                    tokio::task::yield_now().await;
                    continue;
                }
                empty = 0;
                // A person may have cancelled between the claim and the start: that one is refused.
                let start = advance(&client, &[5], &started(&claimed), after(60)).await;
                let open: HashSet<String> = start
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|outcome| outcome["result"] == "done")
                    .map(|outcome| outcome["jobId"].as_str().unwrap().to_owned())
                    .collect();
                let end: Vec<Value> = published(&claimed)
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|write| open.contains(write["jobId"].as_str().unwrap()))
                    .cloned()
                    .collect();
                let ended = advance(&client, &[5], &Value::from(end), after(60)).await;
                assert!(all_done(&ended));
            }
        }));
    }
    for worker in 0..2 {
        let client = connect(&url).await;
        tasks.push(tokio::spawn(async move {
            for number in (worker..600).step_by(40) {
                let cancels: Value = (number..(number + 5).min(600))
                    .rev()
                    .map(|number| json!({"jobId": job_id(number), "event": {"type": "cancel_requested"}}))
                    .collect();
                client
                    .query(
                        "select calendar_publish.command_jobs($1::text::uuid, null, null, '{5}', $2::text::jsonb,
                           false, $3::text::timestamptz)",
                        &[&user(0).to_string(), &cancels.to_string(), &after(60).to_string()],
                    )
                    .await
                    .unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let row = client
        .query_one(
            "select
               count(*) filter (where status not in ('published', 'cancelled')),
               count(*) filter (where status = 'published' and attempt_count <> 1),
               count(*) filter (where status = 'published'),
               (select count(*) from publish_attempts where status = 'ok'),
               (select count(*) from publish_ledger l where l.hash <> calendar_publish.link(l.previous_hash, l.record)),
               (select count(*) from publish_ledger l left join publish_ledger p
                  on p.account_id = l.account_id and p.sequence = l.sequence - 1
                where l.previous_hash <> coalesce(p.hash, repeat('0', 64)))
             from publish_jobs",
            &[],
        )
        .await
        .unwrap();
    let counts: Vec<i64> = (0..6).map(|column| row.get(column)).collect();
    assert_eq!(counts[0], 0, "jobs left over");
    assert_eq!(counts[1], 0, "jobs with another count than one attempt");
    assert_eq!(
        counts[2], counts[3],
        "published jobs and successful attempts"
    );
    assert_eq!(&counts[4..], [0, 0], "broken links");
    assert!(counts[2] > 100, "{counts:?}");
}

#[tokio::test]
async fn what_is_late_is_stopped_and_the_next_has_its_turn() {
    let jobs = [
        new_job(0, account(0), after(0)),
        new_job(1, account(0), after(10)),
        new_job(2, account(0), after(4_000)),
        new_job(3, account(1), after(3_900)),
    ];
    let (_, client) = database_with(2, &jobs).await;
    // One millisecond past the grace of the second.
    let now = after(10 + 3_600).plus(TimeDelta::milliseconds(1));
    let first = claim(&client, 5, 300, now).await;
    assert_eq!(ids(&first["missed"]), numbered([0, 1]));
    assert_eq!(first["missed"][0]["status"], "needs_attention");
    assert_eq!(first["missed"][0]["lastError"], "MISSED_SCHEDULE");
    assert_eq!(first["jobs"], json!([]));
    assert_eq!(first["nextDueAt"], after(3_900).to_string());
    let second = claim(&client, 5, 300, after(4_000)).await;
    assert_eq!(ids(&second["jobs"]), numbered([3, 2]));

    // The limit holds for those that are stopped, too.
    let jobs: Vec<Value> = (0..6)
        .map(|number| new_job(number, account(number), after(number as i64)))
        .collect();
    let (_, client) = database_with(6, &jobs).await;
    let first = claim(&client, 4, 300, after(8_000)).await;
    assert_eq!(ids(&first["missed"]), numbered(0..4));
    assert_eq!(first["nextDueAt"], after(4).to_string());

    // An account's own grace counts.
    let (_, client) = database_with(1, &[new_job(0, account(0), after(0))]).await;
    client
        .execute("update channel_accounts set grace_minutes = 600", &[])
        .await
        .unwrap();
    let first = claim(&client, 4, 300, after(36_000)).await;
    assert_eq!(ids(&first["jobs"]), numbered([0]));
}

#[tokio::test]
async fn a_pause_lets_begun_writes_through_and_then_one_at_a_time() {
    let jobs: Vec<Value> = (0..6)
        .map(|number| new_job(number, account(number), after(number as i64)))
        .collect();
    let (_, client) = database_with(6, &jobs).await;
    let begun = claim(&client, 2, 300, after(60)).await;
    assert_eq!(ids(&begun["jobs"]), numbered([0, 1]));
    // Job 0's write was begun, job 1's worker wrote nothing.
    let mut start = started(&begun);
    start.as_array_mut().unwrap().truncate(1);
    assert!(all_done(&advance(&client, &[5], &start, after(60)).await));
    let pause = "select calendar_publish.pause_channel('instagram', 'PLATFORM_TEMPORARY', $1::text::timestamptz,
        $2::text::timestamptz)";
    let paused = async |until: i64| -> bool {
        let (since, until) = (after(61).to_string(), after(until).to_string());
        let row = client.query_one(pause, &[&since, &until]).await;
        row.unwrap().get(0)
    };
    assert!(paused(900).await);
    assert!(!paused(1_000).await);
    assert_eq!(claim(&client, 10, 300, after(62)).await["jobs"], json!([]));
    // Their leases have ended: only the begun one is given, to be looked after.
    let over = claim(&client, 10, 300, after(400)).await;
    assert_eq!(ids(&over["jobs"]), numbered([0]));
    assert_eq!(over["jobs"][0]["job"]["lease"]["writeStarted"], true);
    assert_eq!(over["jobs"][0]["job"]["lease"]["token"], 2);
    assert_eq!(over["pauses"][0]["until"], after(1_000).to_string());
    // It ends with its lease at 700; then nothing is due before the pause's end.
    assert_eq!(over["nextDueAt"], after(700).to_string());
    let ended = writes(
        &over,
        1,
        |token| json!({"type": "delivered_to_inbox", "token": token}),
    );
    assert!(all_done(&advance(&client, &[5], &ended, after(401)).await));
    assert_eq!(
        claim(&client, 10, 300, after(999)).await["nextDueAt"],
        after(1_000).to_string()
    );
    // One at a time, until somebody lifts it.
    let probe = claim(&client, 10, 300, after(1_000)).await;
    assert_eq!(ids(&probe["jobs"]), numbered([2]));
    let none = claim(&client, 10, 300, after(1_001)).await;
    assert_eq!(none["jobs"], json!([]));
    assert_eq!(none["nextDueAt"], after(1_300).to_string());
    let lift = "select calendar_publish.lift_pause('instagram')";
    assert!(client.query_one(lift, &[]).await.unwrap().get::<_, bool>(0));
    assert!(!client.query_one(lift, &[]).await.unwrap().get::<_, bool>(0));
    let rest = claim(&client, 10, 300, after(1_002)).await;
    assert_eq!(ids(&rest["jobs"]), numbered([3, 4, 5, 1]));
}

#[tokio::test]
async fn a_cooling_account_waits_and_a_removed_ones_jobs_are_not_lost() {
    let jobs: Vec<Value> = (0..4)
        .map(|number| new_job(number, account(number), after(number as i64)))
        .collect();
    let (_, client) = database_with(4, &jobs).await;
    client
        .execute(
            "update channel_accounts set cooling_down_until = $2::text::timestamptz where id = $1::text::uuid",
            &[&account(0).to_string(), &after(500).to_string()],
        )
        .await
        .unwrap();
    let first = claim(&client, 2, 300, after(60)).await;
    assert_eq!(ids(&first["jobs"]), numbered([1, 2]));
    let mut start = started(&first);
    start.as_array_mut().unwrap().truncate(1);
    advance(&client, &[5], &start, after(60)).await;
    client
        .execute(
            "delete from channel_accounts where id = any ($1::text[]::uuid[])",
            &[&[1, 2, 3].map(|number| account(number).to_string()).to_vec()],
        )
        .await
        .unwrap();
    // The begun write can't be looked at any more: a person has to; the others are too late one day.
    let later = claim(&client, 10, 300, after(400)).await;
    assert_eq!(later["jobs"], json!([]));
    let cooled = claim(&client, 10, 300, after(500)).await;
    assert_eq!(ids(&cooled["jobs"]), numbered([0]));
    let late = claim(&client, 10, 10_000, after(4_000)).await;
    // Job 0's worker wrote nothing, and its lease ended first of all.
    assert_eq!(ids(&late["missed"]), numbered([0, 2, 3]));
    let stands: BTreeMap<String, (String, Option<String>)> = client
        .query("select id::text, status, last_error from publish_jobs", &[])
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), (row.get(1), row.get(2))))
        .collect();
    let attention = |code: &str| ("needs_attention".to_owned(), Some(code.to_owned()));
    assert_eq!(stands[&job_id(1).to_string()], attention("OUTCOME_UNKNOWN"));
    assert_eq!(stands[&job_id(2).to_string()], attention("MISSED_SCHEDULE"));
    assert_eq!(stands[&job_id(3).to_string()], attention("MISSED_SCHEDULE"));
}
