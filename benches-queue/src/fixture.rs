//! What is published: entries that pass the gate, over as many accounts as are wanted.

use anyhow::Result;
use calendar_publish::model::{
    AccountId, CalendarEntry, ChannelAccount, JobId, Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{NewJob, ScheduleJobs};
use serde_json::json;

/// How many accounts a user has.
const ACCOUNTS_OF_A_USER: u64 = 1_000;

/// How many jobs are scheduled in one call.
const JOBS_IN_A_CALL: usize = 1_000;

fn user(account: u64) -> UserId {
    let number = account / ACCOUNTS_OF_A_USER;
    UserId::new(deterministic_uuid(&["bench", "user", &number.to_string()]))
}

fn account_id(number: u64) -> AccountId {
    AccountId::new(deterministic_uuid(&[
        "bench",
        "account",
        &number.to_string(),
    ]))
}

/// An account of Instagram.
pub(crate) fn account(number: u64) -> Result<ChannelAccount> {
    Ok(serde_json::from_value(json!({
        "id": account_id(number), "userId": user(number), "channel": "instagram",
        "externalAccountId": format!("ig-{number}"), "displayName": format!("@pan{number}"),
        "timezone": "Europe/Madrid", "status": "ok",
    }))?)
}

fn entry(account: u64, due: Timestamp) -> Result<CalendarEntry> {
    let id = uuid::Uuid::now_v7();
    Ok(serde_json::from_value(json!({
        "id": id, "calendarId": deterministic_uuid(&["bench", "calendar", &account.to_string()]).to_string(),
        "accountId": account_id(account), "scheduledAt": due, "reviewed": true,
        "piece": {
            "title": "Pan de centeno", "channel": "instagram", "format": "reel",
            "copy": format!("Hoy sale del horno a las nueve. {id}"),
            "date": "2026-04-10", "time": "09:00", "hashtags": ["pan", "centeno"],
        },
        "media": [{
            "kind": "video", "url": "https://media.example.com/pan.mp4", "mimeType": "video/mp4",
            "sizeBytes": 5_000_000, "width": 1080, "height": 1920, "durationMs": 15_000, "frameRate": 30.0,
            "bitRate": 2_600_000, "videoCodec": "h264", "audioCodec": "aac", "audioSampleRate": 48_000,
            "audioChannels": 2, "moovFirst": true, "editList": false,
        }],
    }))?)
}

/// A job on each account in turn, due at the instants, in calls of a thousand jobs of one user.
pub(crate) fn calls(accounts: u64, due: &[Timestamp]) -> Result<Vec<ScheduleJobs>> {
    let mut of_users: Vec<(UserId, Vec<NewJob>)> = Vec::new();
    for (account, due) in (0..accounts).cycle().zip(due) {
        let place = usize::try_from(account / ACCOUNTS_OF_A_USER)?;
        if place == of_users.len() {
            of_users.push((user(account), Vec::new()));
        }
        of_users[place].1.push(NewJob {
            id: JobId::new(uuid::Uuid::now_v7()),
            entry: entry(account, *due)?,
            account_id: account_id(account),
            scheduled_at: *due,
        });
    }
    let calls = of_users.into_iter().flat_map(|(user_id, jobs)| {
        let calls: Vec<ScheduleJobs> = jobs
            .chunks(JOBS_IN_A_CALL)
            .map(|jobs| ScheduleJobs {
                user_id,
                command: None,
                jobs: jobs.to_vec(),
            })
            .collect();
        calls
    });
    Ok(calls.collect())
}
