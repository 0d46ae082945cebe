//! The functions that clients call, the way PostgREST calls them.

use serde_json::{Value, json};

use crate::access::{DENIED, account_of, ask, two_users};
use crate::support::{entry, job_id, user};

fn literal(value: &Value) -> String {
    format!("'{}'::jsonb", value.to_string().replace('\'', "''"))
}

async fn rpc(client: &tokio_postgres::Client, number: usize, call: &str) -> Value {
    let answer = ask(
        client,
        "authenticated",
        Some(number),
        &format!("select ({call})::text"),
    )
    .await;
    let text = answer.unwrap().remove(0);
    text.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn a_person_schedules_moves_and_reads_their_own_jobs() {
    let client = two_users().await;
    let entry = serde_json::to_value(entry(50, "Pan de masa madre, \"it's\" – 👍")).unwrap();
    let jobs = json!([{
        "id": job_id(50), "accountId": account_of(0, 0), "scheduledAt": "2099-04-10T07:00:00+02:00", "entry": entry,
    }]);
    let call = format!("public.publish_schedule({}, 'key-1')", literal(&jobs));
    let made = rpc(&client, 0, &call).await;
    assert_eq!(made["repeated"], false);
    assert_eq!(made["outcomes"][0]["result"], "done");
    assert_eq!(
        made["outcomes"][0]["job"]["scheduledAt"],
        "2099-04-10T05:00:00Z"
    );
    let again = rpc(&client, 0, &call).await;
    assert_eq!(again["repeated"], true);
    assert_eq!(again["outcomes"], made["outcomes"]);
    // The same key for something else is refused; another user's keys are their own.
    let other = jobs.to_string().replace("2099", "2098");
    let other = format!(
        "public.publish_schedule('{}', 'key-1')",
        other.replace('\'', "''")
    );
    assert_eq!(rpc(&client, 0, &other).await, json!({"conflict": true}));
    assert_eq!(
        rpc(&client, 1, &call).await["outcomes"][0]["error"]["code"],
        "JOB_EXISTS"
    );

    let command = |action: &str| {
        let mut command = json!({"action": action, "jobIds": [job_id(50)]});
        command["at"] = json!("2099-05-01T10:00:00Z");
        format!("public.publish_command({})", literal(&command))
    };
    let moved = rpc(&client, 0, &command("reschedule")).await;
    assert_eq!(
        moved["outcomes"][0]["job"]["scheduledAt"],
        "2099-05-01T10:00:00Z"
    );
    let refused = rpc(&client, 0, &command("retry")).await;
    assert_eq!(
        refused["outcomes"][0]["error"]["code"],
        "JOB_TRANSITION_ILLEGAL"
    );
    assert_eq!(refused["outcomes"][0]["job"]["status"], "scheduled");
    let cancelled = rpc(&client, 0, &command("cancel")).await;
    assert_eq!(cancelled["outcomes"][0]["job"]["status"], "cancelled");
    assert_eq!(
        cancelled["outcomes"][0]["effects"],
        json!([{"type": "answer_cancel", "answer": "honoured"}])
    );

    let list = rpc(
        &client,
        0,
        "public.publish_list('{\"statuses\": [\"cancelled\"]}')",
    )
    .await;
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["id"], json!(job_id(50)));
    let all = rpc(&client, 0, "public.publish_list()").await;
    assert_eq!(all.as_array().unwrap().len(), 3);
    let page = format!(
        "public.publish_list('{{\"limit\": 5, \"after\": {}}}')",
        all[0]["id"]
    );
    assert_eq!(rpc(&client, 0, &page).await, json!([all[1], all[2]]));
    let one = rpc(&client, 0, &format!("public.publish_job('{}')", job_id(0))).await;
    assert_eq!(one["job"]["status"], "published");
    assert_eq!(one["attempts"][0]["status"], "ok");
}

#[tokio::test]
async fn another_users_job_is_not_there() {
    let client = two_users().await;
    let theirs = job_id(11);
    assert_eq!(
        rpc(&client, 0, &format!("public.publish_job('{theirs}')")).await,
        Value::Null
    );
    let command = json!({"action": "cancel", "jobIds": [job_id(1), theirs], "allOrNothing": true});
    let answer = rpc(
        &client,
        0,
        &format!("public.publish_command({})", literal(&command)),
    )
    .await;
    assert_eq!(answer["outcomes"][1]["error"]["code"], "JOB_NOT_FOUND");
    assert!(answer["outcomes"][1]["job"].is_null());
    // All or nothing: the own job says why it wasn't cancelled either, and wasn't.
    assert_eq!(answer["outcomes"][0]["result"], "refused");
    assert_eq!(answer["outcomes"][0]["error"]["path"], "writes[1].jobId");
    let mine = rpc(&client, 0, &format!("public.publish_job('{}')", job_id(1))).await;
    assert_eq!(mine["job"]["status"], "scheduled");
    // Nor can another's account be published to.
    let jobs = json!([{
        "accountId": account_of(1, 0), "scheduledAt": "2099-04-10T07:00:00Z",
        "entry": serde_json::to_value(entry(60, "Hola")).unwrap(),
    }]);
    let answer = rpc(
        &client,
        0,
        &format!("public.publish_schedule({})", literal(&jobs)),
    )
    .await;
    assert_eq!(answer["outcomes"][0]["error"]["code"], "ACCOUNT_NOT_FOUND");
    let list = rpc(&client, 1, "public.publish_list()").await;
    for job in list.as_array().unwrap() {
        assert_eq!(job["userId"], json!(user(1)));
        assert!(job["lease"].is_null());
    }
}

#[tokio::test]
async fn without_a_session_nothing_is_done() {
    let client = two_users().await;
    for call in [
        "select public.publish_schedule('[]')",
        "select public.publish_command('{\"action\": \"cancel\", \"jobIds\": []}')",
        "select public.publish_list()",
        "select public.publish_job(gen_random_uuid())",
    ] {
        assert_eq!(
            ask(&client, "anon", None, call).await,
            Err(DENIED.to_owned())
        );
        let answer = ask(&client, "authenticated", None, call).await;
        assert_eq!(answer, Err("28000".to_owned()), "{call}");
    }
    let call = "select public.publish_command('{\"action\": \"explode\", \"jobIds\": []}')";
    let answer = ask(&client, "authenticated", Some(0), call).await;
    assert_eq!(answer, Err("22023".to_owned()));
}

#[tokio::test]
async fn a_worker_in_any_language_claims_and_reports() {
    let client = two_users().await;
    let jobs = json!([{
        "id": job_id(70), "accountId": account_of(0, 0), "entry": serde_json::to_value(entry(70, "Hola")).unwrap(),
        "scheduledAt": "2099-04-10T07:00:00Z",
    }]);
    rpc(
        &client,
        0,
        &format!("public.publish_schedule({})", literal(&jobs)),
    )
    .await;
    client
        .batch_execute("update publish_jobs set scheduled_at = now() where status = 'scheduled'")
        .await
        .unwrap();
    client
        .batch_execute(
            "select calendar_publish.place_accounts(array(select account_id from calendar_publish.ledger_heads))",
        )
        .await
        .unwrap();
    let service = async |sql: String| -> Value {
        let answer = ask(&client, "service_role", None, &sql).await.unwrap();
        serde_json::from_str(answer[0].as_ref().unwrap()).unwrap()
    };
    let claimed =
        service("select public.publish_claim(10, 60, '{instagram}')::text".to_owned()).await;
    let jobs = claimed["jobs"].as_array().unwrap();
    assert_eq!(jobs.len(), 3);
    let mine = jobs
        .iter()
        .find(|job| job["job"]["id"] == json!(job_id(70)))
        .unwrap();
    let entry: Value = serde_json::from_str(mine["entry"].as_str().unwrap()).unwrap();
    assert_eq!(entry["piece"]["copy"], "Hola");
    let writes = json!([{
        "jobId": job_id(70), "event": {"type": "write_started", "token": mine["job"]["lease"]["token"]},
    }]);
    let advanced = service(format!(
        "select public.publish_advance({})::text",
        literal(&writes)
    ))
    .await;
    assert_eq!(advanced[0]["result"], "done");
    assert_eq!(advanced[0]["effects"][0]["number"], 1);
}

#[tokio::test]
async fn what_a_client_makes_of_its_own_names_is_not_run_with_the_functions_rights() {
    let client = two_users().await;
    // Types of the session's own schema come before the server's, unless a function says otherwise.
    for name in ["uuid", "text", "jsonb", "timestamptz"] {
        client
            .batch_execute(&format!(
                "create function pg_temp.spy_{name}(pg_catalog.{name}) returns boolean language plpgsql as $$
                 begin raise exception using errcode = 'P0042'; end $$;
                 create domain pg_temp.{name} as pg_catalog.{name} check (pg_temp.spy_{name}(value))"
            ))
            .await
            .unwrap();
    }
    let jobs = json!([{
        "id": job_id(80), "accountId": account_of(0, 0), "scheduledAt": "2099-04-10T07:00:00Z",
        "entry": serde_json::to_value(entry(80, "Hola")).unwrap(),
    }]);
    let jobs = literal(&jobs).replace("::jsonb", "::pg_catalog.jsonb");
    let command = json!({"action": "cancel", "jobIds": [job_id(80)]});
    let command = literal(&command).replace("::jsonb", "::pg_catalog.jsonb");
    for call in [
        format!("public.publish_schedule({jobs}, 'key')"),
        format!("public.publish_command({command})"),
        "public.publish_list()".to_owned(),
        format!("public.publish_job('{}')", job_id(80)),
    ] {
        let call = format!("select ({call})::pg_catalog.text");
        let answer = ask(&client, "authenticated", Some(0), &call).await;
        assert!(answer.is_ok(), "{call}: {answer:?}");
    }
}

#[tokio::test]
async fn an_instant_or_a_key_that_the_core_cannot_hold_is_refused() {
    let client = two_users().await;
    let at = |at: &str| {
        let entry = serde_json::to_value(entry(81, "Hola")).unwrap();
        let jobs = json!([{"accountId": account_of(0, 0), "scheduledAt": at, "entry": entry}]);
        format!("select public.publish_schedule({})", literal(&jobs))
    };
    let to = |at: &str| {
        let command = json!({"action": "reschedule", "jobIds": [job_id(1)], "at": at});
        format!("select public.publish_command({})", literal(&command))
    };
    for instant in ["infinity", "294000-01-01T00:00:00Z", "0001-01-01 BC"] {
        for call in [at(instant), to(instant)] {
            let answer = ask(&client, "authenticated", Some(0), &call).await;
            assert_eq!(answer, Err("22008".to_owned()), "{call}");
        }
    }
    for key in [String::new(), "a\u{1f}incident".to_owned(), "k".repeat(256)] {
        let call = format!("select public.publish_schedule('[]', '{key}')");
        let answer = ask(&client, "authenticated", Some(0), &call).await;
        assert_eq!(answer, Err("22023".to_owned()), "{key:?}");
    }
}

#[tokio::test]
async fn an_account_that_cannot_be_counted_with_is_not_stored() {
    let client = two_users().await;
    for change in [
        "grace_minutes = 9223372036854775807",
        "grace_minutes = -1",
        "cooling_down_until = 'infinity'",
        "quota_read_at = '-infinity'",
    ] {
        let sql = format!("update public.channel_accounts set {change}");
        let error = client.batch_execute(&sql).await.unwrap_err();
        assert_eq!(error.code().unwrap().code(), "23514", "{change}");
    }
    let none = "update public.channel_accounts set grace_minutes = null, cooling_down_until = null";
    client.batch_execute(none).await.unwrap();
}
