//! Row-level security and rights, as two users, nobody, and the service.

use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::support::{
    advance, at, claim, connect, database, job_id, link, new_job_of, schedule, user,
};

const TABLES: [&str; 4] = [
    "public.publish_jobs",
    "public.publish_attempts",
    "public.publish_ledger",
    "public.channel_pauses",
];
const INTERNAL: [&str; 2] = [
    "calendar_publish.job_contents",
    "calendar_publish.ledger_heads",
];

/// Runs `sql` as PostgREST would for a request with this role and user; `Err` is the SQL state.
pub(crate) async fn ask(
    client: &Client,
    role: &str,
    user: Option<usize>,
    sql: &str,
) -> Result<Vec<Option<String>>, String> {
    let claims = match user {
        Some(number) => json!({"sub": crate::support::user(number), "role": role}).to_string(),
        None => json!({"role": role}).to_string(),
    };
    client
        .batch_execute(&format!(
            "begin; set local role {role}; set local request.jwt.claims to '{claims}'"
        ))
        .await
        .unwrap();
    let answer = client.query(sql, &[]).await;
    client.batch_execute("commit").await.unwrap();
    match answer {
        Ok(rows) => Ok(rows
            .iter()
            .map(|row| row.try_get(0).unwrap_or_default())
            .collect()),
        Err(error) => Err(error.code().unwrap().code().to_owned()),
    }
}

/// The right isn't there.
pub(crate) const DENIED: &str = "42501";

/// Users 0 and 1 with a published and a waiting job each.
pub(crate) async fn two_users() -> Client {
    let client = connect(&database().await).await;
    let now = at("2026-04-10T07:00:00Z");
    for number in 0..2 {
        let ids: Vec<String> = (0..2).map(|n| account_of(number, n).to_string()).collect();
        link(&client, user(number), &ids).await;
        let jobs: Vec<Value> = (0..2)
            .map(|n| {
                let due = if n == 0 {
                    now
                } else {
                    at("2026-04-20T07:00:00Z")
                };
                let entry = crate::support::entry(number * 10 + n, "Hola");
                new_job_of(number * 10 + n, account_of(number, n), due, &entry)
            })
            .collect();
        schedule(&client, user(number), &jobs, now).await;
    }
    let claimed = claim(&client, 10, 300, now).await;
    for (sequence, event) in [(1, "write_started"), (2, "published")] {
        let writes: Value = claimed["jobs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|job| {
                let token = &job["job"]["lease"]["token"];
                let mut event = json!({"type": event, "token": token});
                if sequence == 2 {
                    event["receipt"] = json!({});
                }
                json!({"jobId": job["job"]["id"], "event": event})
            })
            .collect();
        advance(&client, &[5], &writes, now).await;
    }
    client
        .batch_execute(
            "select calendar_publish.pause_channel('tiktok', 'PLATFORM_TEMPORARY', now(), now())",
        )
        .await
        .unwrap();
    client
}

pub(crate) fn account_of(user: usize, number: usize) -> calendar_publish::model::AccountId {
    crate::support::account(user * 100 + number)
}

async fn count(
    client: &Client,
    role: &str,
    user: Option<usize>,
    from: &str,
) -> Result<i64, String> {
    let rows = ask(
        client,
        role,
        user,
        &format!("select count(*)::text from {from}"),
    )
    .await?;
    Ok(rows[0].as_ref().unwrap().parse().unwrap())
}

#[tokio::test]
async fn a_user_reads_their_own_rows_and_writes_none() {
    let client = two_users().await;
    for number in 0..2 {
        let role = "authenticated";
        let own = format!("public.publish_jobs where user_id <> '{}'", user(number));
        assert_eq!(count(&client, role, Some(number), &own).await, Ok(0));
        for (table, rows) in [
            ("public.publish_jobs", 2),
            ("public.publish_attempts", 1),
            ("public.publish_ledger", 2),
        ] {
            assert_eq!(
                count(&client, role, Some(number), table).await,
                Ok(rows),
                "{table}"
            );
        }
        for table in TABLES {
            for write in [
                format!("delete from {table}"),
                format!("insert into {table} default values"),
                format!("update {table} set user_id = user_id"),
                format!("truncate {table}"),
            ] {
                let write = write.replace(
                    "channel_pauses set user_id = user_id",
                    "channel_pauses set code = code",
                );
                let answer = ask(&client, role, Some(number), &write).await;
                assert_eq!(answer, Err(DENIED.to_owned()), "{write}");
            }
        }
        // Nobody's claims, stamps or progress, not even of one's own jobs.
        for column in [
            "lease_token",
            "stamp_token",
            "progress_state",
            "last_token",
            "*",
        ] {
            let sql = format!("select {column}::text from public.publish_jobs");
            let sql = sql.replace("*::text", "*");
            let answer = ask(&client, role, Some(number), &sql).await;
            assert_eq!(answer, Err(DENIED.to_owned()), "{column}");
        }
        let pauses = count(&client, role, Some(number), "public.channel_pauses").await;
        assert_eq!(pauses, Err(DENIED.to_owned()));
    }
}

#[tokio::test]
async fn nobody_reads_nothing_and_the_service_reads_all() {
    let client = two_users().await;
    for table in TABLES.into_iter().chain(INTERNAL) {
        let answer = count(&client, "anon", None, table).await;
        assert_eq!(answer, Err(DENIED.to_owned()), "{table}");
        let delete = format!("delete from {table}");
        for (role, user) in [("anon", None), ("service_role", None)] {
            let answer = ask(&client, role, user, &delete).await;
            assert_eq!(answer, Err(DENIED.to_owned()), "{role}: {delete}");
        }
    }
    for (table, rows) in TABLES.into_iter().zip([4, 2, 4, 1]) {
        assert_eq!(
            count(&client, "service_role", None, table).await,
            Ok(rows),
            "{table}"
        );
    }
    for table in INTERNAL {
        for user in [Some(0), None] {
            let answer = count(&client, "authenticated", user, table).await;
            assert_eq!(answer, Err(DENIED.to_owned()), "{table}");
        }
    }
    // A session without a user sees no row at all.
    assert_eq!(
        count(&client, "authenticated", None, "public.publish_jobs").await,
        Ok(0)
    );
}

#[tokio::test]
async fn only_the_service_calls_what_is_the_services() {
    let client = two_users().await;
    let id = job_id(1);
    let calls = [
        "select public.publish_claim(1, 60, '{instagram}')".to_owned(),
        "select public.publish_advance('[]')".to_owned(),
        "select public.publish_store('queueDepth', '{}')".to_owned(),
        "select calendar_publish.claim_jobs(1, 60, '{instagram}')".to_owned(),
        "select calendar_publish.advance_jobs('{5}', '[]')".to_owned(),
        format!("select calendar_publish.job_history('{}', '{id}')", user(0)),
        "select calendar_publish.list_jobs(null, '{}')".to_owned(),
        "select calendar_publish.queue_depth()".to_owned(),
        "select calendar_publish.lift_pause('tiktok')".to_owned(),
    ];
    for call in &calls {
        for (role, user) in [("anon", None), ("authenticated", Some(0))] {
            let answer = ask(&client, role, user, call).await;
            assert_eq!(answer, Err(DENIED.to_owned()), "{role}: {call}");
        }
        let answer = ask(&client, "service_role", None, call).await;
        assert!(answer.is_ok(), "{call}: {answer:?}");
    }
    // Whatever is added later is closed until it is opened on purpose.
    let open = client
        .query(
            "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where n.nspname in ('calendar_publish', 'public') and (
               has_function_privilege('anon', p.oid, 'execute')
               or n.nspname = 'calendar_publish' and has_function_privilege('authenticated', p.oid, 'execute'))",
            &[],
        )
        .await
        .unwrap();
    let open: Vec<String> = open.iter().map(|row| row.get(0)).collect();
    assert_eq!(open, Vec::<String>::new());
}
