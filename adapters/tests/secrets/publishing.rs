//! Posts of every kind, while everything goes wrong that can.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once};

use calendar_publish::export::{
    ColumnSet, CsvOptions, ExportRow, IcalOptions, JsonHead, export_csv, export_ical, export_json,
};
use calendar_publish::ledger::{self, LedgerHead};
use calendar_publish::model::{
    AccountId, CalendarEntry, CalendarRun, Channel, JobId, JobStatus, deterministic_uuid,
};
use calendar_publish::ports::{
    Clock, JobFilter, JobResult, JobStore, NewJob, SaveCalendar, ScheduleJobs, Store,
};
use chrono::TimeDelta;
use futures_executor::block_on;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;

use crate::haystack::Haystack;
use crate::kinds::{Kind, media_queries};
use crate::wire::Mishap;
use crate::world::World;

/// Counts panics, on whichever thread; none may happen.
fn panics() -> usize {
    static WATCH: Once = Once::new();
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    WATCH.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            COUNT.fetch_add(1, Ordering::SeqCst);
            usual(panic);
        }));
    });
    COUNT.load(Ordering::SeqCst)
}

/// What `tracing` and `metrics` make of it.
fn watched<T>(haystack: &Haystack, work: impl FnOnce() -> T) -> T {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let recorder = PrometheusBuilder::new().build_recorder();
    let done = tracing::subscriber::with_default(subscriber, || {
        metrics::with_local_recorder(&recorder, work)
    });
    let lines = lines.0.lock().unwrap().clone();
    haystack.add("tracing", String::from_utf8(lines).unwrap());
    haystack.add("metrics", recorder.handle().render());
    done
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Publishes one post for a new account, whose exchange number `at` goes wrong; how many there were.
fn publish(
    world: &World,
    kind: Kind,
    number: u32,
    wrong: Option<(u32, Mishap)>,
) -> (JobStatus, u32) {
    let account = world.link(kind.login(), number);
    // Tokens are old enough to be renewed then, and TikTok's have run out.
    world.pass(TimeDelta::days(2));
    let due = world.clock.now().plus(TimeDelta::minutes(1));
    let name = format!("{kind:?} {number}");
    let id = JobId::new(deterministic_uuid(&["secrets job", &name]));
    let entry = kind.entry(&name, &account, due);
    let schedule = ScheduleJobs {
        user_id: World::user(),
        command: None,
        jobs: vec![NewJob {
            id,
            entry,
            account_id: account.id,
            scheduled_at: due,
        }],
    };
    let made = block_on(world.store.schedule_jobs(schedule)).unwrap();
    let is_made = matches!(made.outcomes[0].result, JobResult::Done { .. });
    assert!(is_made, "{made:?}");
    world.clock.set(due);
    match wrong {
        Some((at, mishap)) => world.wire.plan(at, mishap),
        None => world.wire.calm(),
    }
    let status = world.run(kind, id);
    let exchanges = world.wire.exchanges();
    world.wire.calm();
    (status, exchanges)
}

/// What the store gives back, and its exports.
fn read_back(world: &World) -> Vec<CalendarEntry> {
    let haystack = &world.haystack;
    let store = &world.store;
    let user = World::user();
    let mut entries = Vec::new();
    let mut rows = 0;
    for job in block_on(store.jobs(user, JobFilter::default())).unwrap() {
        haystack.debug("job", &job);
        haystack.add("job", serde_json::to_string(&job).unwrap());
        let history = block_on(store.job(user, job.id)).unwrap().unwrap();
        haystack.debug("job history", &history);
        for attempt in &history.attempts {
            haystack.add("attempt", serde_json::to_string(attempt).unwrap());
        }
        if let Some(progress) = &history.record.progress {
            haystack.add("progress", progress.state.clone());
        }
        entries.push(history.record.entry.clone());
    }
    for account in block_on(world.service.accounts(user)).unwrap() {
        haystack.debug("account", &account);
        haystack.add("account", serde_json::to_string(&account).unwrap());
        rows += export_ledger(world, account.id);
    }
    assert!(rows > 0, "the ledger is empty");
    haystack.debug("queue", &block_on(store.queue_depth()).unwrap());
    entries
}

fn export_ledger(world: &World, account: AccountId) -> usize {
    let rows = block_on(world.store.ledger(account, 0, 1000)).unwrap();
    world.haystack.debug("ledger", &rows);
    let now = world.clock.now();
    let file = ledger::export(account, &LedgerHead::default(), &rows, now);
    world.haystack.add("ledger file", file.unwrap());
    rows.len()
}

/// The calendar of the posts, saved and exported. CSV and iCalendar name no media.
fn export_calendar(world: &World, entries: Vec<CalendarEntry>) {
    let haystack = &world.haystack;
    let run: CalendarRun = serde_json::from_value(json!({
        "id": deterministic_uuid(&["secrets run"]).to_string(), "calendarId": entries[0].calendar_id,
        "userId": World::user(), "status": "completed", "startedAt": world.clock.now(),
        "completedAt": world.clock.now(), "pieceCount": entries.len(), "cadence": "manual",
        "channels": ["tiktok", "instagram"],
    }))
    .unwrap();
    let saved = SaveCalendar::new(run, 0, entries);
    haystack.debug("save", &saved);
    let entries = saved.entries.clone();
    let saved = block_on(world.store.save_calendar(saved)).unwrap();
    haystack.debug("saved", &saved);
    let rows = || entries.iter().map(ExportRow::new);
    for columns in [ColumnSet::Host, ColumnSet::Extended] {
        let options = CsvOptions {
            columns,
            ..CsvOptions::default()
        };
        let mut csv = Vec::new();
        export_csv(rows(), &options, &mut csv).unwrap();
        haystack.add("csv", String::from_utf8(csv).unwrap());
    }
    let options = IcalOptions {
        stamp: world.clock.now(),
    };
    let mut ical = Vec::new();
    export_ical(rows(), &options, &mut ical).unwrap();
    haystack.add("ical", String::from_utf8(ical).unwrap());
    // JSON carries everything that the host saved, the media's addresses too, and nothing else.
    let head = JsonHead {
        calendar_id: entries[0].calendar_id,
        run_id: None,
        exported_at: None,
    };
    let mut document = Vec::new();
    export_json(rows(), &head, &mut document).unwrap();
    let mut document = String::from_utf8(document).unwrap();
    let signed = media_queries();
    assert!(
        signed.iter().any(|query| document.contains(query)),
        "by design"
    );
    for query in &signed {
        document = document.replace(query, "");
    }
    haystack.add("json", document);
}

/// The columns of the store that hold the host's own content, in which its media's addresses stand.
const CONTENT: [(&str, &str); 2] = [
    ("calendar_entries", "details"),
    ("publish_job_contents", "details"),
];

/// Every row of the store, column by column, and its files byte by byte.
fn read_the_file(world: &World) {
    let signed = media_queries();
    for path in world.files() {
        let bytes = std::fs::read(&path).unwrap();
        let mut said = String::from_utf8_lossy(&bytes).into_owned();
        // Where these may be, the columns tell below.
        for query in &signed {
            said = said.replace(query, "");
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        world.haystack.add(&format!("file {name}"), said);
    }
    let files = world.files();
    let path = files
        .iter()
        .find(|path| path.extension().is_some_and(|end| end == "db"));
    let database = rusqlite::Connection::open(path.unwrap()).unwrap();
    let mut tables = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .unwrap();
    let tables: Vec<String> = tables
        .query_map((), |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for table in tables {
        let mut rows = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns: Vec<String> = rows.column_names().map(str::to_owned).collect();
        let mut rows = rows.query(()).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (index, column) in columns.iter().enumerate() {
                let mut said = match row.get_ref(index).unwrap() {
                    rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
                    rusqlite::types::ValueRef::Blob(bytes) => {
                        String::from_utf8_lossy(bytes).into_owned()
                    }
                    _ => continue,
                };
                if CONTENT.contains(&(&table, column)) {
                    for query in &signed {
                        said = said.replace(query, "");
                    }
                }
                world.haystack.add(&format!("{table}.{column}"), said);
            }
        }
    }
}

/// All of a kind: first without any trouble, then with each kind of trouble at each exchange.
fn everything_goes_wrong(kind: Kind) {
    let world = World::new();
    let before = panics();
    watched(&world.haystack, || {
        let (status, exchanges) = publish(&world, kind, 1, None);
        let is_out = matches!(status, JobStatus::Published | JobStatus::DeliveredToInbox);
        assert!(is_out, "{kind:?}: {status:?}");
        let mut number = 1;
        for mishap in Mishap::ALL {
            for at in 1..=exchanges {
                number += 1;
                publish(&world, kind, number, Some((at, mishap)));
            }
        }
        println!("{kind:?}: {number} posts");
    });
    let entries = read_back(&world);
    export_calendar(&world, entries);
    read_the_file(&world);
    let handles = match kind.login().channel() {
        Channel::Tiktok => world.tiktok.posts(),
        Channel::Instagram => world.instagram.posts(),
    };
    // What isn't secret is there: the platform's name of a post, in the ledger, the progress and the events.
    assert!(
        world.haystack.contains(&handles[0].handle),
        "nothing was collected"
    );
    assert_eq!(panics(), before, "something panicked");
    world
        .haystack
        .holds_none_of(&world.secrets, &format!("{kind:?}"));
}

macro_rules! kinds {
    ($($name:ident: $kind:ident,)*) => {$(
        #[test]
        fn $name() {
            everything_goes_wrong(Kind::$kind);
        }
    )*};
}

kinds! {
    instagram_image: InstagramImage,
    instagram_carousel: InstagramCarousel,
    instagram_reel: InstagramReel,
    instagram_upload: InstagramUpload,
    tiktok_video: TiktokVideo,
    tiktok_chunks: TiktokChunks,
    tiktok_unsealed: TiktokUnsealed,
    tiktok_pull: TiktokPull,
    tiktok_pull_blind: TiktokPullBlind,
    tiktok_photos: TiktokPhotos,
    tiktok_video_draft: TiktokVideoDraft,
    tiktok_photos_draft: TiktokPhotosDraft,
}
