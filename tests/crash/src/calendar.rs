//! What is published: entries that pass the gate, over many accounts of two channels.

use anyhow::Result;
use calendar_publish::model::{
    AccountId, CalendarEntry, ChannelAccount, EntryId, Timestamp, UserId, deterministic_uuid,
};
use serde_json::json;

/// Whose calendar it is.
pub fn user() -> UserId {
    UserId::new(deterministic_uuid(&["crash", "user"]))
}

/// `count` accounts of each channel: the first half is TikTok's.
///
/// # Errors
/// Where a fixture isn't an account, which is a fault in this function.
pub fn accounts(count: usize) -> Result<Vec<ChannelAccount>> {
    let account = |(number, channel): (usize, &str)| {
        let id = AccountId::new(deterministic_uuid(&["crash", channel, &number.to_string()]));
        let mut account = json!({
            "id": id, "userId": user(), "channel": channel,
            "externalAccountId": format!("{channel}-{number}"), "displayName": format!("@{channel}{number}"),
            "timezone": "Europe/Madrid", "status": "ok",
        });
        if channel == "tiktok" {
            account["tiktokCreator"] = json!({
                "privacyOptions": ["SELF_ONLY"], "maxVideoSeconds": 600, "appAudited": true,
                "accountPrivate": false, "readAt": "2026-01-01T00:00:00Z",
            });
        }
        Ok(serde_json::from_value(account)?)
    };
    let numbered = |channel| (0..count).map(move |number| (number, channel));
    numbered("tiktok")
        .chain(numbered("instagram"))
        .map(account)
        .collect()
}

/// An entry for each instant, on the accounts in turn.
///
/// # Errors
/// Where a fixture isn't an entry, which is a fault in this function.
pub fn entries(accounts: &[ChannelAccount], due: &[Timestamp]) -> Result<Vec<CalendarEntry>> {
    due.iter()
        .zip(accounts.iter().cycle())
        .enumerate()
        .map(|(number, (due, account))| {
            let id = EntryId::new(deterministic_uuid(&["crash", "entry", &number.to_string()]));
            let mut entry = json!({
                "id": id, "calendarId": deterministic_uuid(&["crash", "calendar"]).to_string(),
                "accountId": account.id, "scheduledAt": due, "reviewed": true,
                "piece": {
                    "title": format!("Pieza {number}"), "channel": account.channel, "format": "reel",
                    "copy": format!("Pan número {number}"), "date": "2026-04-10", "time": "09:00", "hashtags": ["pan"],
                },
                "media": [{
                    "kind": "video", "url": "https://media.example.com/pan.mp4", "mimeType": "video/mp4",
                    "sizeBytes": 5_000_000, "width": 1080, "height": 1920, "durationMs": 15_000, "frameRate": 30.0,
                    "bitRate": 2_600_000, "videoCodec": "h264", "audioCodec": "aac", "audioSampleRate": 48_000,
                    "audioChannels": 2, "moovFirst": true, "editList": false,
                }],
            });
            if account.channel.as_str() == "tiktok" {
                entry["piece"]["format"] = json!("video");
                entry["tiktok"] = json!({
                    "privacy": "SELF_ONLY",
                    "consent": { "givenAt": "2026-04-01T08:00:00Z", "text": "By posting, you agree to TikTok's Music Usage Confirmation" },
                });
            }
            Ok(serde_json::from_value(entry)?)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use calendar_publish::preflight::{PreflightReport, check};
    use calendar_publish::readiness::{Situation, link_account};
    use calendar_publish::rules::RuleBook;

    use super::*;

    #[test]
    fn every_entry_passes_the_gate() -> Result<()> {
        let now: Timestamp = "2026-04-10T07:00:00Z".parse()?;
        let accounts = accounts(2)?;
        for entry in entries(&accounts, &[now; 8])? {
            let account = link_account(&entry, &accounts);
            let situation = Situation::new(&entry, account, RuleBook::builtin(), now);
            assert_eq!(check(true, &situation), PreflightReport::Pass);
        }
        Ok(())
    }
}
