//! What a claim reads, by the server's own account: indexes only, and no more rows than it gives.

use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use serde_json::Value;
use tokio_postgres::{AsyncMessage, Client, NoTls};

use crate::support::{at, claim, database, link_accounts, new_job, schedule, user};

/// A connection that keeps the messages the server sends beside its answers.
async fn listening(url: &str) -> (Client, Arc<Mutex<Vec<String>>>) {
    let (client, mut connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let said = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&said);
    tokio::spawn(async move {
        let mut messages = futures_util::stream::poll_fn(move |cx| connection.poll_message(cx));
        while let Some(Ok(message)) = messages.next().await {
            if let AsyncMessage::Notice(notice) = message {
                heard.lock().unwrap().push(notice.message().to_owned());
            }
        }
    });
    (client, said)
}

/// Every node of a plan that reads a table: the node's type, the table, the index and the rows.
fn reads(plan: &Value, found: &mut Vec<(String, String, String, f64)>) {
    let text = |name: &str| plan[name].as_str().unwrap_or_default().to_owned();
    if !plan["Relation Name"].is_null() {
        let rows = [
            "Actual Rows",
            "Rows Removed by Filter",
            "Rows Removed by Index Recheck",
        ]
        .iter()
        .filter_map(|name| plan[name].as_f64())
        .sum::<f64>()
            * plan["Actual Loops"].as_f64().unwrap_or(0.0);
        if text("Node Type") != "ModifyTable" {
            found.push((
                text("Node Type"),
                text("Relation Name"),
                text("Index Name"),
                rows,
            ));
        }
    }
    for below in plan["Plans"].as_array().into_iter().flatten() {
        reads(below, found);
    }
}

#[tokio::test]
async fn a_claim_reads_by_index_and_never_what_is_finished() {
    let url = database().await;
    let (client, said) = listening(&url).await;
    let now = at("2026-04-10T07:01:00Z");
    link_accounts(&client, user(0), 300).await;
    // 200,000 finished jobs of the same accounts, and 300 that are due.
    client
        .batch_execute(
            "insert into publish_jobs (id, calendar_entry_id, calendar_id, user_id, account_id, channel,
               scheduled_at, status, created_at, updated_at)
             select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), a.user_id, a.id, a.channel,
               '2026-03-01', case n % 3 when 0 then 'cancelled' else 'published' end, '2026-03-01',
               timestamptz '2026-03-01' + n * interval '1 second'
             from generate_series(1, 200000) n
             join (select *, row_number() over () - 1 as place from channel_accounts) a on a.place = n % 300;",
        )
        .await
        .unwrap();
    let jobs: Vec<Value> = (0..3_000)
        .map(|number| {
            new_job(
                number,
                crate::support::account(number % 300),
                at("2026-04-10T07:00:00Z"),
            )
        })
        .collect();
    schedule(&client, user(0), &jobs, at("2026-04-01T07:00:00Z")).await;
    client
        .batch_execute(
            "load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;
             set auto_explain.log_nested_statements = on; set auto_explain.log_format = json;
             set client_min_messages = log;",
        )
        .await
        .unwrap();
    // Without statistics, and with them.
    for analyze in [false, true] {
        if analyze {
            client.batch_execute("analyze").await.unwrap();
        }
        said.lock().unwrap().clear();
        let claimed = claim(&client, 100, 300, now).await;
        assert_eq!(claimed["jobs"].as_array().unwrap().len(), 100);
        let mut found = Vec::new();
        for message in said.lock().unwrap().iter() {
            if let Some((_, plan)) = message.split_once("plan:") {
                let plan: Value = serde_json::from_str(plan).unwrap();
                reads(&plan["Plan"], &mut found);
            }
        }
        let of = |table: &str| {
            found
                .iter()
                .filter(|read| read.1 == table)
                .cloned()
                .collect::<Vec<_>>()
        };
        let (jobs, heads) = (of("publish_jobs"), of("ledger_heads"));
        assert!(
            jobs.iter().any(|read| read.2 == "publish_jobs_waiting")
                || heads.iter().any(|read| read.2 == "ledger_heads_ready"),
            "{found:?}"
        );
        for (node, table, index, rows) in jobs.iter().chain(&heads) {
            assert_ne!(node, "Seq Scan", "{table}");
            assert!(
                *rows <= 700.0,
                "{node} reads {rows} rows of {table} by {index}"
            );
        }
        assert!(jobs.len() > 3 && heads.len() > 3, "{found:?}");
    }
}
