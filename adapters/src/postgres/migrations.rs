//! The schema and its steps. Steps are only ever added, and each is applied once.

use calendar_publish::ports::StoreError;
use deadpool_postgres::Client;

use super::failure::Failure;

/// The steps, in order: the schema's version is how many of them were applied.
const STEPS: &[&str] = &[
    include_str!("../../migrations/postgres/0001_calendars.sql"),
    include_str!("../../migrations/postgres/0002_jobs.sql"),
    include_str!("../../migrations/postgres/0003_job_machine.sql"),
    include_str!("../../migrations/postgres/0004_job_writes.sql"),
    include_str!("../../migrations/postgres/0005_job_claims.sql"),
    include_str!("../../migrations/postgres/0006_job_rpc.sql"),
    include_str!("../../migrations/postgres/0007_account_tokens.sql"),
    include_str!("../../migrations/postgres/0008_store_documents.sql"),
    include_str!("../../migrations/postgres/0009_store_rpc.sql"),
];

/// The newest schema this version knows.
const KNOWN: i64 = STEPS.len() as i64;

/// Whoever comes second waits for the lock, and finds nothing left to do. It comes first, since even
/// `create schema if not exists` fails where two come at once.
const LOCK: &str = "select pg_advisory_xact_lock(5316803425791267541)";

const VERSION_TABLE: &str = "
    create schema if not exists calendar_publish;
    create table if not exists calendar_publish.schema_version (
        version    bigint primary key,
        applied_at timestamptz not null default now()
    );
    alter table calendar_publish.schema_version enable row level security";

/// A worker that connects as the service may know the version. The first step makes the role.
const VERSION_IS_READABLE: &str = "
    grant select on calendar_publish.schema_version to service_role;
    drop policy if exists schema_version_service on calendar_publish.schema_version;
    create policy schema_version_service on calendar_publish.schema_version
        for select to service_role using (true)";

/// Brings the database to the newest schema, in one transaction.
pub(super) async fn migrate(client: &mut Client) -> Result<(), Failure> {
    let transaction = client.transaction().await?;
    // Another step of this version, or an older version beside us, may be under way.
    transaction.batch_execute(LOCK).await?;
    transaction.batch_execute(VERSION_TABLE).await?;
    let found: i64 = transaction
        .query_one(
            "select coalesce(max(version), 0) from calendar_publish.schema_version",
            &[],
        )
        .await?
        .get(0);
    check(found)?;
    for (step, version) in STEPS.iter().zip(1_i64..).filter(|(_, v)| *v > found) {
        transaction.batch_execute(step).await?;
        transaction
            .execute(
                "insert into calendar_publish.schema_version (version) values ($1)",
                &[&version],
            )
            .await?;
    }
    if found < KNOWN {
        transaction.batch_execute(VERSION_IS_READABLE).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Refuses a database that a newer version of this library has migrated. One that nobody has migrated
/// yet is all right.
pub(super) async fn check_version(client: &Client) -> Result<(), Failure> {
    let exists: bool = client
        .query_one(
            "select to_regclass('calendar_publish.schema_version') is not null",
            &[],
        )
        .await?
        .get(0);
    if !exists {
        return Ok(());
    }
    let found = client
        .query_one(
            "select coalesce(max(version), 0) from calendar_publish.schema_version",
            &[],
        )
        .await?
        .get(0);
    Ok(check(found)?)
}

fn check(found: i64) -> Result<(), StoreError> {
    if found > KNOWN {
        return Err(StoreError::SchemaNewer {
            found,
            known: KNOWN,
        });
    }
    Ok(())
}
