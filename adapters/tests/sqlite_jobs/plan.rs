//! A claim looks at what it gives and at nothing else, whatever is stored beside it.

use std::collections::BTreeSet;
use std::path::Path;

use calendar_publish::ports::{JobFilter, JobStore};
use futures_executor::block_on;
use rusqlite::{Connection, params};
use tempfile::TempDir;

use super::fixture::{
    MINUTE, account_id, advance, after, claim, clock, done, job_id, link, new_job, nine, open,
    publish, request, schedule, start,
};

/// Copies the finished job `times` times.
fn multiply(path: &Path, times: u32) {
    let file = Connection::open(path).unwrap();
    let columns: Vec<String> = file
        .prepare("SELECT name FROM pragma_table_info('publish_jobs')")
        .unwrap()
        .query_map((), |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let values: Vec<&str> = columns
        .iter()
        .map(|name| match name.as_str() {
            "sequence" => "NULL",
            "id" | "calendar_entry_id" => "'copy ' || n",
            name => name,
        })
        .collect();
    let copied = file
        .execute(
            &format!(
                "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)
                 INSERT INTO publish_jobs ({}) SELECT {} FROM publish_jobs, numbers WHERE id = ?1",
                columns.join(", "),
                values.join(", ")
            ),
            params![job_id(0).to_string(), times],
        )
        .unwrap();
    assert_eq!(copied, times as usize);
}

/// What a statement would do.
fn plan(file: &Connection, query: &str) -> String {
    let mut statement = file
        .prepare(&format!("EXPLAIN QUERY PLAN {query}"))
        .unwrap();
    let mut rows = statement.raw_query();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        lines.push(row.get::<_, String>("detail").unwrap());
    }
    lines.join("\n")
}

/// The statements in the store's own source that a claim or a worker's report runs: those of the files
/// that hold nothing else.
fn statements() -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sqlite");
    [
        "lanes.rs",
        "claim.rs",
        "attempts.rs",
        "content.rs",
        "ledger.rs",
        "pauses.rs",
    ]
    .into_iter()
    .flat_map(|file| {
        let text = std::fs::read_to_string(source.join(file)).unwrap();
        let quoted: Vec<String> = text
            .split('"')
            .skip(1)
            .step_by(2)
            .filter(|text| {
                ["SELECT", "UPDATE", "DELETE"]
                    .iter()
                    .any(|verb| text.starts_with(verb))
            })
            .map(str::to_owned)
            .collect();
        quoted
    })
    .collect()
}

#[test]
fn finished_jobs_are_never_scanned() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let store = open(&path, &clock());
    link(&store, 2);
    schedule(&store, vec![new_job(0, 0, nine())]);
    let first = claim(&store, 1).jobs.remove(0);
    for outcome in advance(&store, vec![start(&first), publish(&first)]) {
        done(&outcome);
    }
    schedule(&store, vec![new_job(1, 1, nine())]);
    multiply(&path, 100_000);

    let file = Connection::open(&path).unwrap();
    let statements = statements();
    assert!(statements.len() >= 15, "{statements:?}");
    for query in &statements {
        let plan = plan(&file, query);
        let scanned = plan
            .lines()
            .any(|line| line.starts_with("SCAN") && line != "SCAN CONSTANT ROW");
        assert!(
            !scanned || query.contains("channel_pauses"),
            "{query}\n{plan}"
        );
    }
    let claimed = block_on(store.claim_jobs(request(10))).unwrap();
    assert_eq!(claimed.jobs.len(), 1);
    assert_eq!(claimed.missed.len(), 0);
}

#[test]
fn an_account_with_thousands_of_due_jobs_keeps_nobody_waiting() {
    let folder = TempDir::new().unwrap();
    let clock = clock();
    let store = open(&folder.path().join("a.db"), &clock);
    link(&store, 5);
    // Account 0 has 5,000 jobs that are due before the single ones of the others.
    let mut jobs: Vec<_> = (0..5_000).map(|n| new_job(n, 0, nine())).collect();
    jobs.extend((1..5).map(|n| new_job(10_000 + n, n, after(MINUTE))));
    schedule(&store, jobs);
    clock.set(after(MINUTE));
    let claimed = claim(&store, 5);
    let accounts: Vec<_> = claimed.jobs.iter().map(|job| job.account.id).collect();
    assert_eq!(accounts.len(), 5);
    assert_eq!(accounts[0], account_id(0));
    assert_eq!(accounts.iter().collect::<BTreeSet<_>>().len(), 5);
    assert_eq!(claimed.next_due_at, Some(after(6 * MINUTE)));

    // Its jobs go out one after another, in the order of their time and id.
    let mut order = vec![claimed.jobs[0].job.id];
    let mut held = claimed.jobs[0].clone();
    for _ in 0..3 {
        for outcome in advance(&store, vec![start(&held), publish(&held)]) {
            done(&outcome);
        }
        held = claim(&store, 5).jobs.remove(0);
        order.push(held.job.id);
    }
    assert!(order.is_sorted());
    let first = block_on(store.all_jobs(JobFilter::default()))
        .unwrap()
        .into_iter()
        .find(|job| job.account_id == account_id(0))
        .unwrap();
    assert_eq!(order[0], first.id);
}
