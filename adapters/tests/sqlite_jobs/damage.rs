//! Rows that somebody else wrote badly, and files that can't be written.

use std::time::Duration;

use calendar_publish::Code;
use calendar_publish::ledger::{LedgerRecord, link};
use calendar_publish::model::{AttemptStatus, JobStatus};
use calendar_publish::ports::{JobResult, JobStore, JobWrite, StoreError};
use calendar_publish::{Error, job::JobEvent};
use calendar_publish_adapters::sqlite::SqliteStore;
use futures_executor::block_on;
use rusqlite::Connection;
use tempfile::TempDir;

use super::fixture::{
    MINUTE, account_id, advance, after, claim, clock, done, job_id, link as link_accounts, new_job,
    nine, open, publish, schedule, start, user,
};

/// Three due jobs of three accounts; `sql` damages the first one. Gives what the next two claims give,
/// and the store.
fn claims_after(sql: &str) -> (TempDir, SqliteStore, [usize; 2]) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let store = open(&path, &clock());
    link_accounts(&store, 3);
    schedule(&store, (0..3).map(|n| new_job(n, n, nine())).collect());
    let file = Connection::open(&path).unwrap();
    file.pragma_update(None, "ignore_check_constraints", "ON")
        .unwrap();
    let damaged = file
        .execute(&sql.replace("$ID", &format!("'{}'", job_id(0))), ())
        .unwrap();
    assert_eq!(damaged, 1, "{sql}");
    let given = [0, 1].map(|_| claim(&store, 10).jobs.len());
    (folder, store, given)
}

#[test]
fn a_job_whose_content_cannot_be_read_needs_attention_and_blocks_nobody() {
    let content = "number = (SELECT content FROM publish_jobs WHERE id = $ID)";
    for sql in [
        format!("UPDATE publish_job_contents SET payload = '{{' WHERE {content}"),
        format!("UPDATE publish_job_contents SET details = '7' WHERE {content}"),
        format!("UPDATE publish_job_contents SET scheduled_at = 'soon' WHERE {content}"),
        format!(
            "UPDATE channel_accounts SET timezone = 'Mars' WHERE id = '{}'",
            account_id(0)
        ),
        format!(
            "UPDATE channel_accounts SET details = '' WHERE id = '{}'",
            account_id(0)
        ),
    ] {
        let (_folder, store, given) = claims_after(&sql);
        assert_eq!(given, [2, 0], "{sql}");
        let jobs = block_on(store.jobs(user(0), Default::default())).unwrap();
        let stopped = jobs.iter().find(|job| job.id == job_id(0)).unwrap();
        assert_eq!(stopped.status, JobStatus::NeedsAttention, "{sql}");
        assert_eq!(stopped.last_error, Some(Code::StoreCorrupt), "{sql}");
        assert_eq!(stopped.attempt_count, 0, "{sql}");
    }
}

#[test]
fn a_row_that_cannot_be_read_is_set_aside_by_name_until_it_is_mended() {
    for (sql, mend, column) in [
        (
            "UPDATE publish_jobs SET last_error = 'OOPS' WHERE id = $ID",
            "UPDATE publish_jobs SET last_error = NULL WHERE id = $ID",
            "last_error",
        ),
        (
            "UPDATE publish_jobs SET user_id = 'ana' WHERE id = $ID",
            "UPDATE publish_jobs SET user_id = (SELECT user_id FROM publish_lanes) WHERE id = $ID",
            "user_id",
        ),
        (
            "UPDATE publish_jobs SET attempt_count = -1 WHERE id = $ID",
            "UPDATE publish_jobs SET attempt_count = 0 WHERE id = $ID",
            "attempt_count",
        ),
    ] {
        let (folder, store, given) = claims_after(sql);
        assert_eq!(given, [2, 0], "{sql}");
        let path = folder.path().join("a.db");
        let file = Connection::open(&path).unwrap();
        let reason: String = file
            .query_row(
                "SELECT unreadable FROM publish_jobs WHERE unreadable IS NOT NULL",
                (),
                |row| row.get(0),
            )
            .unwrap();
        assert!(
            reason.starts_with(&format!("publish_jobs.{column}")),
            "{reason}"
        );
        let write = JobWrite::new(job_id(0), JobEvent::CancelRequested);
        match &advance(&store, vec![write])[0].result {
            JobResult::Refused { error } => assert_eq!(error.code, Code::StoreCorrupt),
            other => panic!("{other:?}"),
        }
        drop(store);
        let id = format!("'{}'", job_id(0));
        assert_eq!(file.execute(&mend.replace("$ID", &id), ()).unwrap(), 1);
        let store = open(&path, &clock());
        assert_eq!(claim(&store, 10).jobs[0].job.id, job_id(0), "{sql}");
    }
}

#[test]
fn a_begun_write_whose_content_is_lost_is_an_unknown_outcome_with_its_ledger_row() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let time = clock();
    let store = open(&path, &time);
    link_accounts(&store, 1);
    schedule(&store, vec![new_job(0, 0, nine()), new_job(1, 0, nine())]);
    let claimed = claim(&store, 10);
    let first = &claimed.jobs[0];
    done(&advance(&store, vec![start(first)])[0]);
    Connection::open(&path)
        .unwrap()
        .execute("UPDATE publish_job_contents SET payload = ''", ())
        .unwrap();
    time.set(after(6 * MINUTE));
    assert!(claim(&store, 1).jobs.is_empty());
    let jobs = block_on(store.jobs(user(0), Default::default())).unwrap();
    let stopped = jobs.iter().find(|job| job.id == first.job.id).unwrap();
    assert_eq!(stopped.status, JobStatus::NeedsAttention);
    assert_eq!(stopped.last_error, Some(Code::OutcomeUnknown));
    let ledger = block_on(store.ledger(account_id(0), 0, 10)).unwrap();
    let statuses: Vec<_> = ledger
        .iter()
        .map(|row| {
            serde_json::from_str::<LedgerRecord>(&row.record)
                .unwrap()
                .status
        })
        .collect();
    assert_eq!(statuses, [AttemptStatus::Open, AttemptStatus::Unknown]);
    for (index, row) in ledger.iter().enumerate() {
        assert_eq!(row.hash, link(&row.previous_hash, &row.record));
        let before = index.checked_sub(1).map(|before| &ledger[before].hash);
        assert_eq!(&row.previous_hash, before.unwrap_or(&"0".repeat(64)));
    }
}

#[test]
fn a_locked_file_is_unavailable_and_nothing_is_half_done() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let store = SqliteStore::open_patiently(&path, Duration::from_millis(50))
        .unwrap()
        .with_clock(clock());
    link_accounts(&store, 2);
    schedule(&store, (0..2).map(|n| new_job(n, n, nine())).collect());
    let claimed = claim(&store, 1).jobs.remove(0);
    let before = block_on(store.all_jobs(Default::default())).unwrap();

    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused: Vec<StoreError> = vec![
        block_on(store.claim_jobs(super::fixture::request(10))).unwrap_err(),
        block_on(store.advance_jobs(Default::default(), vec![start(&claimed)])).unwrap_err(),
    ];
    for error in refused {
        assert_eq!(Error::from(error).code, Code::StoreUnavailable);
    }
    assert_eq!(
        block_on(store.all_jobs(Default::default())).unwrap(),
        before
    );
    other.execute_batch("ROLLBACK").unwrap();

    assert_eq!(
        block_on(store.all_jobs(Default::default())).unwrap(),
        before
    );
    for outcome in advance(&store, vec![start(&claimed), publish(&claimed)]) {
        done(&outcome);
    }
    assert_eq!(claim(&store, 10).jobs.len(), 1);
}

#[test]
fn a_batch_that_fails_in_the_middle_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let store = open(&path, &clock());
    link_accounts(&store, 2);
    schedule(&store, (0..2).map(|n| new_job(n, n, nine())).collect());
    let claimed = claim(&store, 10).jobs;
    let file = Connection::open(&path).unwrap();
    // The disk refuses the ledger row of the second job.
    file.execute_batch(&format!(
        "CREATE TRIGGER full BEFORE INSERT ON publish_ledger WHEN new.account_id = '{}'
         BEGIN SELECT raise(ABORT, 'disk full'); END",
        claimed[1].account.id
    ))
    .unwrap();
    let writes: Vec<_> = claimed.iter().map(start).collect();
    let answer = block_on(store.advance_jobs(Default::default(), writes.clone()));
    assert_eq!(
        Error::from(answer.unwrap_err()).code,
        Code::StoreUnavailable
    );
    for job in block_on(store.all_jobs(Default::default())).unwrap() {
        assert_eq!(job.attempt_count, 0);
    }
    assert!(
        block_on(store.ledger(claimed[0].account.id, 0, 10))
            .unwrap()
            .is_empty()
    );
    file.execute_batch("DROP TRIGGER full").unwrap();
    for outcome in advance(&store, writes) {
        done(&outcome);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_was_removed_or_replaced_takes_nothing_more() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let store = open(&path, &clock());
    link_accounts(&store, 1);
    schedule(&store, vec![new_job(0, 0, nine())]);
    let moved = folder.path().join("moved.db");
    std::fs::rename(&path, &moved).unwrap();
    let refused = |error: StoreError| assert_eq!(Error::from(error).code, Code::StoreUnavailable);
    refused(block_on(store.claim_jobs(super::fixture::request(10))).unwrap_err());
    std::fs::write(&path, "").unwrap();
    refused(block_on(store.claim_jobs(super::fixture::request(10))).unwrap_err());
    std::fs::remove_file(&path).unwrap();
    std::fs::rename(&moved, &path).unwrap();
    assert_eq!(claim(&store, 10).jobs.len(), 1);
}

#[test]
fn a_job_that_was_moved_by_hand_keeps_its_new_time_and_blocks_nobody() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let time = clock();
    let store = open(&path, &time);
    link_accounts(&store, 2);
    schedule(&store, (0..2).map(|n| new_job(n, n, nine())).collect());
    Connection::open(&path)
        .unwrap()
        .execute(
            "UPDATE publish_jobs SET scheduled_at = scheduled_at + 600000 WHERE id = ?1",
            [job_id(0).to_string()],
        )
        .unwrap();
    let claimed = claim(&store, 10);
    assert_eq!(claimed.jobs.len(), 1);
    assert_eq!(claimed.jobs[0].job.id, job_id(1));
    time.set(after(10 * MINUTE));
    let claimed: Vec<_> = claim(&store, 10).jobs.iter().map(|c| c.job.id).collect();
    assert!(claimed.contains(&job_id(0)), "{claimed:?}");
}

#[test]
fn a_claim_by_hand_cannot_give_an_account_two_publishing_jobs() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("a.db"), &clock());
    link_accounts(&store, 2);
    schedule(
        &store,
        vec![
            new_job(0, 0, nine()),
            new_job(1, 0, nine()),
            new_job(2, 1, nine()),
        ],
    );
    let held: Vec<_> = claim(&store, 10).jobs;
    let other = [0, 1]
        .map(job_id)
        .into_iter()
        .find(|id| held.iter().all(|claimed| claimed.job.id != *id))
        .unwrap();
    let by_hand = JobEvent::Claim {
        lease: held[0].job.lease.unwrap(),
        grace_minutes: None,
    };
    let outcomes = advance(&store, vec![JobWrite::new(other, by_hand), start(&held[0])]);
    assert!(
        matches!(&outcomes[0].result, JobResult::Refused { error } if error.code == Code::JobTransitionIllegal)
    );
    done(&outcomes[1]);
}
