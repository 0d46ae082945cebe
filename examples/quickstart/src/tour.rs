//! The tour, step by step.

use std::fs;

use anyhow::{Context, Result};
use calendar_publish::flags::{Flag, Setting};
use calendar_publish::generation::GenerationSnapshot;
use calendar_publish::model::{
    CalendarEntry, CalendarId, ChannelAccount, Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{Store, StoredCalendar};
use calendar_publish::publish::PublishStatus;
use calendar_publish::readiness::CalendarReadiness;
use calendar_publish::rules::RuleBook;
use calendar_publish_adapters::sqlite::SqliteStore;

use crate::args::Arguments;
use crate::input::Input;
use crate::live::{self, Material};
use crate::report::{JudgedEntry, Merge, Month, Report};
use crate::steps::{self, Desk, Shelf, TakenIn, Version};
use crate::view::{self, Screen};

/// Runs every step and gives what it came to.
pub(crate) async fn run(arguments: &Arguments, input: Input, screen: &Screen) -> Result<Report> {
    let Input {
        stream,
        name,
        regenerated,
        accounts,
        additions,
        now,
        recorded,
    } = input;
    screen.heading(
        1,
        screen.say(
            "El calendario llega por el stream de la IA",
            "The calendar arrives on the AI stream",
        ),
    );
    let snapshot = steps::read_stream(screen, stream, &name, now)?;
    view::show_stream(screen, &name, &snapshot);
    let (mut shelf, accounts) = open_shelf(arguments, &snapshot, accounts, now).await?;
    let desk = Desk {
        accounts: &accounts,
        additions: &additions,
        zone: arguments.zone,
    };
    let TakenIn { mut stored, merge } = steps::take_in(&mut shelf, &snapshot, &desk).await?;
    if let Some((plan, merged)) = &merge {
        view::show_merge(screen, plan, merged);
    }
    view::show_save(screen, &shelf, &arguments.db);

    let rules = RuleBook::builtin();
    screen.heading(
        2,
        screen.say("Qué está listo y qué no", "What is ready and what isn't"),
    );
    let judged = CalendarReadiness::new(&stored.entries, &accounts, &[], rules, now)?;
    view::show_calendar(screen, &stored.entries, |entry| judged.of(entry));

    screen.heading(3, screen.say("Por qué, y qué hacer", "Why, and what to do"));
    view::show_findings(screen, &stored.entries, |entry| judged.of(entry));

    screen.heading(
        4,
        screen.say(
            "Mover una semana, verlo antes y deshacerlo",
            "Move a week, preview it, undo it",
        ),
    );
    let shift = steps::preview_shift(&stored.entries, &accounts, now)?;
    if let Some(plan) = &shift {
        view::show_shift(screen, &stored.entries, plan);
        screen.aside(screen.say(
            "Aplicado y deshecho: el calendario está como estaba.",
            "Applied and undone: the calendar is as it was.",
        ));
    }

    screen.heading(5, screen.say("Correcciones a mano", "Corrections by hand"));
    let mut edited = stored.entries.clone();
    let corrections = steps::correct_clashes(&mut edited, &accounts, now)?;
    view::show_corrections(screen, &edited, &corrections);
    if recorded {
        steps::edit_by_hand(&mut edited, &desk);
    }
    if edited != stored.entries {
        stored = shelf.save(Version::by_hand(&stored, edited)).await?;
        view::show_save(screen, &shelf, &arguments.db);
    }

    let mut merge = merge;
    if let Some(regenerated) = regenerated {
        screen.heading(
            6,
            screen.say(
                "La IA regenera: nada editado a mano se pierde",
                "The AI regenerates: no manual edit is lost",
            ),
        );
        let fresh = steps::read_stream(screen, regenerated, "regenerated", now)?;
        // The additions belong to the pieces of the first stream.
        let desk = Desk {
            additions: &[],
            ..desk
        };
        let taken = steps::take_in(&mut shelf, &fresh, &desk).await?;
        stored = taken.stored;
        if let Some((plan, merged)) = &taken.merge {
            view::show_merge(screen, plan, merged);
        }
        view::show_save(screen, &shelf, &arguments.db);
        merge = taken.merge.or(merge);
    }

    screen.heading(
        7,
        screen.say("Publicación de prueba", "Dry-run publication"),
    );
    let publish = steps::publish(&shelf, &publish_settings()).await?;
    view::show_outcomes(screen, &publish);

    let mut month = None;
    if publish.status != PublishStatus::Disabled {
        screen.heading(
            8,
            screen.say(
                "El mes que viene, en un segundo (simulado)",
                "Next month, in a second (simulated)",
            ),
        );
        let report = steps::simulate_month(&stored.entries, &accounts, now)?;
        view::show_month(screen, &report);
        month = Some(Month::new(&report));
    }

    let mut live = None;
    if arguments.live_sim && publish.status != PublishStatus::Disabled {
        screen.heading(
            9,
            screen.say(
                "En vivo, contra plataformas simuladas",
                "Live, against simulated platforms",
            ),
        );
        let material = Material {
            user: shelf.user,
            entries: &stored.entries,
            accounts: &accounts,
            now,
            database: &arguments.out.join("live.db"),
        };
        let report = live::publish(screen, &material).await?;
        view::show_live(screen, &report);
        live = Some(report);
    }

    let last = if live.is_some() { 10 } else { 9 };
    screen.heading(last, screen.say("Archivos", "Files"));
    let judged = CalendarReadiness::new(&stored.entries, &accounts, &[], rules, now)?;
    let files = steps::export(screen, &stored, &accounts, &judged, &arguments.out, now)?;
    view::show_files(screen, &files, &arguments.db);
    view::show_farewell(screen, arguments);

    Ok(Report {
        calendar_id: shelf.calendar,
        now,
        stream: snapshot,
        entries: judged_entries(&stored, &judged),
        saves: shelf.saves,
        shift,
        corrections,
        merge: merge.map(|(plan, merged)| Merge::new(&plan, &merged)),
        publish,
        month,
        live,
        files,
        database: arguments.db.display().to_string(),
    })
}

/// Opens the database for the calendar of the stream and the user of the first account. Accounts of
/// other users are none of this user's.
async fn open_shelf(
    arguments: &Arguments,
    snapshot: &GenerationSnapshot,
    mut accounts: Vec<ChannelAccount>,
    now: Timestamp,
) -> Result<(Shelf, Vec<ChannelAccount>)> {
    let local = || UserId::new(deterministic_uuid(&["quickstart", "user"]));
    let unnamed = || CalendarId::new(deterministic_uuid(&["quickstart", "calendar"]));
    let user = accounts
        .first()
        .map_or_else(local, |account| account.user_id);
    accounts.retain(|account| account.user_id == user);
    if let Some(folder) = arguments.db.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("`{}` can't be made", folder.display()))?;
    }
    let store = SqliteStore::open(&arguments.db)?;
    for account in &accounts {
        store.put_account(account.clone()).await?;
    }
    let shelf = Shelf {
        store,
        user,
        calendar: snapshot.calendar_id.unwrap_or_else(unnamed),
        now,
        saves: Vec::new(),
    };
    Ok((shelf, accounts))
}

/// The publish flag from the environment; on where nothing is said, since this is a dry run.
fn publish_settings() -> Vec<Setting> {
    let name = Flag::PublishService.setting();
    let value = std::env::var(&name).unwrap_or_else(|_| "true".to_owned());
    vec![Setting { name, value }]
}

fn judged_entries(stored: &StoredCalendar, judged: &CalendarReadiness<'_>) -> Vec<JudgedEntry> {
    let judged_entry = |entry: &CalendarEntry| {
        Some(JudgedEntry {
            id: entry.id,
            title: entry.piece.title.clone(),
            scheduled_at: entry.scheduled_at,
            readiness: judged.of(entry.id)?.clone(),
        })
    };
    stored.entries.iter().filter_map(judged_entry).collect()
}
