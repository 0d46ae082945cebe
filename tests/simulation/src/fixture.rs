//! A user with accounts and a calendar to be published.

use calendar_publish::Error;
use calendar_publish::job::content_hash;
use calendar_publish::model::{
    AccountId, Cadence, CalendarEntry, CalendarId, CalendarRun, Channel, ChannelAccount, EntryId,
    JobId, RunId, RunStatus, TiktokMode, Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{NewJob, SaveCalendar};

use crate::random::Random;

const MEDIA: &str = r#"[{ "kind": "video", "url": "https://cdn.example/r.mp4", "mimeType": "video/mp4",
    "sizeBytes": 20000000, "width": 1080, "height": 1920, "durationMs": 30000, "frameRate": 30.0,
    "bitRate": 5000000, "videoCodec": "h264", "audioCodec": "aac", "audioSampleRate": 48000,
    "audioChannels": 2, "moovFirst": true, "editList": false }]"#;

const TIKTOK: &str = r#"{ "privacy": "PUBLIC_TO_EVERYONE", "consent": { "givenAt": "2026-04-01T06:00:00Z",
    "text": "By posting, you agree to TikTok's Music Usage Confirmation" } }"#;

/// What a simulation begins with.
#[derive(Clone, Debug)]
pub(crate) struct Fixture {
    pub(crate) user_id: UserId,
    pub(crate) calendar_id: CalendarId,
    pub(crate) accounts: Vec<ChannelAccount>,
    pub(crate) entries: Vec<CalendarEntry>,
    pub(crate) jobs: Vec<NewJob>,
    /// Hashes of entries that no gate lets pass.
    pub(crate) unfit: Vec<String>,
}

/// How a fixture is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) start: Timestamp,
    pub(crate) accounts: u64,
    pub(crate) entries: u64,
    /// Within which time the entries are due, in milliseconds.
    pub(crate) span: u64,
    /// Whether two accounts of a channel are the same one on the platform.
    pub(crate) is_aliased: bool,
}

impl Fixture {
    pub(crate) fn new(shape: Shape, random: &mut Random) -> Result<Self, Error> {
        let user_id = UserId::new(deterministic_uuid(&["simulation", "user"]));
        let calendar_id = CalendarId::new(deterministic_uuid(&["simulation", "calendar"]));
        let accounts = (0..shape.accounts)
            .map(|number| account(user_id, number, shape, random))
            .collect::<Result<Vec<_>, _>>()?;
        let mut fixture = Self {
            user_id,
            calendar_id,
            accounts,
            entries: Vec::new(),
            jobs: Vec::new(),
            unfit: Vec::new(),
        };
        for number in 0..shape.entries {
            fixture.add(number, shape, random)?;
        }
        Ok(fixture)
    }

    fn add(&mut self, number: u64, shape: Shape, random: &mut Random) -> Result<(), Error> {
        let count = self.accounts.len() as u64;
        let place = usize::try_from(random.below(count)).unwrap_or(0);
        let Some(account) = self.accounts.get(place) else {
            return Ok(());
        };
        // Some are due together.
        let due = if random.percent(30) {
            shape.span / 2
        } else {
            random.between(60_000, shape.span.max(60_000))
        };
        let due = Timestamp::from_millis(shape.start.millis() + i64::try_from(due).unwrap_or(0));
        let text = format!("entry {number}");
        let mut entry = entry(self.calendar_id, account, &text, due)?;
        if random.percent(8) {
            entry.media.clear();
            self.unfit.push(content_hash(&entry)?);
        }
        if let Some(tiktok) = &mut entry.tiktok
            && random.percent(20)
        {
            tiktok.mode = TiktokMode::Inbox;
        }
        self.jobs.push(NewJob {
            id: JobId::new(deterministic_uuid(&["simulation job", &text])),
            entry: entry.clone(),
            account_id: account.id,
            scheduled_at: due,
        });
        self.entries.push(entry);
        Ok(())
    }

    /// The calendar as it is first saved.
    pub(crate) fn save(&self, at: Timestamp) -> SaveCalendar {
        save(self.user_id, self.calendar_id, 0, at, self.entries.clone())
    }
}

/// A save of a whole calendar, of which `revision` was read.
pub(crate) fn save(
    user_id: UserId,
    calendar_id: CalendarId,
    revision: i64,
    at: Timestamp,
    entries: Vec<CalendarEntry>,
) -> SaveCalendar {
    let run = CalendarRun {
        id: RunId::new(deterministic_uuid(&[
            "simulation run",
            &revision.to_string(),
        ])),
        calendar_id,
        user_id,
        plan_id: None,
        status: RunStatus::Completed,
        started_at: at,
        completed_at: at,
        piece_count: u32::try_from(entries.len()).unwrap_or(u32::MAX),
        cadence: Cadence::Manual,
        channels: Channel::ALL.to_vec(),
        start_date: None,
        end_date: None,
    };
    SaveCalendar::new(run, revision, entries)
}

fn account(
    user_id: UserId,
    number: u64,
    shape: Shape,
    random: &mut Random,
) -> Result<ChannelAccount, Error> {
    let channel = if shape.is_aliased || random.percent(50) {
        Channel::Instagram
    } else {
        Channel::Tiktok
    };
    let external = if shape.is_aliased { 0 } else { number };
    let json = format!(
        r#"{{ "id": "{}", "userId": "{user_id}", "channel": "{channel}",
            "externalAccountId": "1784140000000{external:04}", "displayName": "@account{number}",
            "timezone": "Europe/Madrid", "status": "ok" }}"#,
        AccountId::new(deterministic_uuid(&[
            "simulation account",
            &number.to_string()
        ]))
    );
    read(&json)
}

fn entry(
    calendar_id: CalendarId,
    account: &ChannelAccount,
    text: &str,
    due: Timestamp,
) -> Result<CalendarEntry, Error> {
    let channel = account.channel;
    let json = format!(
        r#"{{ "id": "{}", "calendarId": "{calendar_id}", "accountId": "{}", "scheduledAt": "{due}",
            "reviewed": true, "media": {MEDIA},
            "piece": {{ "channel": "{channel}", "format": "reel", "copy": "{text}",
                "title": "{text}", "date": "2026-04-01", "time": "10:00" }} }}"#,
        EntryId::new(deterministic_uuid(&["simulation entry", text])),
        account.id,
    );
    let mut entry: CalendarEntry = read(&json)?;
    if channel == Channel::Tiktok {
        entry.tiktok = Some(read(TIKTOK)?);
    }
    Ok(entry)
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| {
        Error::new(calendar_publish::Code::InputInvalid)
            .measured(calendar_publish::error::Measure::text(error.to_string()))
    })
}
