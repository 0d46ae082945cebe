//! Cases about saving and reading calendars.

use super::fixture::{calendar, full, plain, run_id, save, unreadable, user};
use super::{Broken, Cases, ConformanceError, Verdict, equal, refused};
use crate::error::{Code, Error, Measure};
use crate::model::{Cadence, PlanId, deterministic_uuid};
use crate::ports::{Missing, SaveCalendar, SavedCalendar, Store, StoreError};

pub(super) async fn run<S: Store>(
    cases: &mut Cases<impl AsyncFn() -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check("a calendar comes back to the letter", comes_back)
        .await?;
    cases
        .check("what was never saved isn't found", never_saved)
        .await?;
    cases
        .check("a stale save is a conflict and changes nothing", stale)
        .await?;
    cases
        .check("the same save twice is one save", repeated)
        .await?;
    cases
        .check("a run's id holds one content", run_conflict)
        .await?;
    cases
        .check("entries count their own revisions", entry_revisions)
        .await?;
    cases.check("earlier runs stay readable", history).await?;
    cases
        .check("the last generation outlives manual edits", generation)
        .await?;
    cases
        .check("a merge keeps what was generated apart", merged)
        .await?;
    cases
        .check("other users' calendars are absent", users)
        .await?;
    cases
        .check("a save that contradicts itself is refused", invalid)
        .await?;
    cases.check("a calendar can be emptied", emptied).await
}

async fn comes_back(store: &dyn Store) -> Verdict {
    let mut request = save(
        "one",
        Cadence::Weekly,
        0,
        vec![full("z")?, plain("a")?, plain("m")?],
    );
    let plan = PlanId::new(deterministic_uuid(&["conformance plan"]));
    request.plan_id = Some(plan);
    request.refused = vec![unreadable("bad", 1)];
    let saved = store.save_calendar(request.clone()).await?;
    let expected = SavedCalendar {
        run_id: run_id("one"),
        revision: 1,
        repeated: false,
    };
    equal("the answer", &saved, &expected)?;
    let stored = store.calendar(user("ana"), calendar("abril")).await?;
    let mut entries = request.entries;
    for entry in &mut entries {
        entry.revision = 1;
    }
    equal("the entries", &stored.entries, &entries)?;
    equal("the refused rows", &stored.refused, &request.refused)?;
    equal("the run", &stored.run, &request.run)?;
    equal("the plan", &stored.plan_id, &Some(plan))?;
    equal("the calendar", &stored.calendar_id, &calendar("abril"))?;
    equal("the revision", &stored.revision, &1)
}

async fn never_saved(store: &dyn Store) -> Verdict {
    let (ana, abril) = (user("ana"), calendar("abril"));
    let absent = StoreError::NotFound {
        what: Missing::Calendar,
    };
    refused("calendar", store.calendar(ana, abril).await, &absent)?;
    refused("runs", store.runs(ana, abril).await, &absent)?;
    refused("run", store.run(ana, abril, run_id("one")).await, &absent)?;
    refused(
        "last generation",
        store.last_generation(ana, abril).await,
        &absent,
    )?;
    refused(
        "a save that expects an earlier one",
        store
            .save_calendar(save("one", Cadence::Manual, 3, vec![]))
            .await,
        &StoreError::RevisionConflict {
            expected: 3,
            found: 0,
        },
    )
}

async fn stale(store: &dyn Store) -> Verdict {
    store
        .save_calendar(save("one", Cadence::Weekly, 0, vec![plain("a")?]))
        .await?;
    store
        .save_calendar(save("two", Cadence::Manual, 1, vec![plain("b")?]))
        .await?;
    let before = store.calendar(user("ana"), calendar("abril")).await?;
    for expected in [0, 1, 3] {
        refused(
            "a stale save",
            store
                .save_calendar(save("three", Cadence::Manual, expected, vec![plain("c")?]))
                .await,
            &StoreError::RevisionConflict { expected, found: 2 },
        )?;
    }
    let after = store.calendar(user("ana"), calendar("abril")).await?;
    equal("the calendar", &after, &before)?;
    let runs = store.runs(user("ana"), calendar("abril")).await?;
    equal("the number of runs", &runs.len(), &2)
}

async fn repeated(store: &dyn Store) -> Verdict {
    let first = save("one", Cadence::Weekly, 0, vec![plain("a")?]);
    store.save_calendar(first.clone()).await?;
    let again = SavedCalendar {
        run_id: run_id("one"),
        revision: 1,
        repeated: true,
    };
    equal(
        "at once",
        &store.save_calendar(first.clone()).await?,
        &again,
    )?;
    store
        .save_calendar(save("two", Cadence::Manual, 1, vec![plain("b")?]))
        .await?;
    let before = store.calendar(user("ana"), calendar("abril")).await?;
    equal(
        "after another save",
        &store.save_calendar(first).await?,
        &again,
    )?;
    let after = store.calendar(user("ana"), calendar("abril")).await?;
    equal("the calendar", &after, &before)
}

async fn run_conflict(store: &dyn Store) -> Verdict {
    store
        .save_calendar(save("one", Cadence::Weekly, 0, vec![plain("a")?]))
        .await?;
    refused(
        "other content under the same run",
        store
            .save_calendar(save("one", Cadence::Weekly, 1, vec![plain("b")?]))
            .await,
        &StoreError::RunConflict {
            run_id: run_id("one"),
        },
    )?;
    let mut elsewhere = save("one", Cadence::Weekly, 0, vec![]);
    elsewhere.calendar_id = calendar("mayo");
    elsewhere.run.calendar_id = calendar("mayo");
    refused(
        "another calendar under the same run",
        store.save_calendar(elsewhere).await,
        &StoreError::RunConflict {
            run_id: run_id("one"),
        },
    )
}

async fn entry_revisions(store: &dyn Store) -> Verdict {
    store
        .save_calendar(save(
            "one",
            Cadence::Weekly,
            0,
            vec![
                plain("same")?,
                plain("edited")?,
                plain("moved")?,
                full("gone")?,
            ],
        ))
        .await?;
    let mut edited = plain("edited")?;
    edited.piece.copy.push('!');
    edited.revision = 99;
    let mut scheduled = plain("same")?;
    scheduled.revision = 12;
    let second = vec![plain("moved")?, scheduled, edited.clone(), full("new")?];
    store
        .save_calendar(save("two", Cadence::Manual, 1, second))
        .await?;
    let mut reviewed = edited;
    reviewed.reviewed = true;
    store
        .save_calendar(save("three", Cadence::Manual, 2, vec![reviewed]))
        .await?;
    let revisions = async |name: &str| -> Result<Vec<i64>, Broken> {
        let stored = store
            .run(user("ana"), calendar("abril"), run_id(name))
            .await?;
        Ok(stored.entries.iter().map(|entry| entry.revision).collect())
    };
    equal("first save", &revisions("one").await?, &vec![1, 1, 1, 1])?;
    equal("second save", &revisions("two").await?, &vec![1, 1, 2, 1])?;
    equal("third save", &revisions("three").await?, &vec![3])
}

async fn history(store: &dyn Store) -> Verdict {
    let saves: [SaveCalendar; 3] = [
        save("one", Cadence::Monthly, 0, vec![plain("a")?]),
        save("two", Cadence::Manual, 1, vec![plain("b")?, plain("a")?]),
        save("three", Cadence::Manual, 2, vec![]),
    ];
    for request in saves.clone() {
        store.save_calendar(request).await?;
    }
    let runs = store.runs(user("ana"), calendar("abril")).await?;
    let expected: Vec<_> = saves.iter().rev().map(|save| save.run.clone()).collect();
    equal("the runs", &runs, &expected)?;
    let second = store
        .run(user("ana"), calendar("abril"), run_id("two"))
        .await?;
    equal("its revision", &second.revision, &2)?;
    let ids: Vec<_> = second.entries.iter().map(|entry| entry.id).collect();
    let expected: Vec<_> = saves[1].entries.iter().map(|entry| entry.id).collect();
    equal("its entries", &ids, &expected)?;
    refused(
        "a run that never was",
        store
            .run(user("ana"), calendar("abril"), run_id("four"))
            .await,
        &StoreError::NotFound { what: Missing::Run },
    )
}

async fn generation(store: &dyn Store) -> Verdict {
    let generated = vec![plain("a")?, full("b")?];
    store
        .save_calendar(save("one", Cadence::Weekly, 0, generated))
        .await?;
    let mut edited = plain("a")?;
    edited.piece.title = "A mano".to_owned();
    store
        .save_calendar(save("two", Cadence::Manual, 1, vec![edited]))
        .await?;
    let (ana, abril) = (user("ana"), calendar("abril"));
    let base = store.last_generation(ana, abril).await?;
    let expected = store.run(ana, abril, run_id("one")).await?;
    equal("the base", &base, &Some(expected))
}

async fn merged(store: &dyn Store) -> Verdict {
    let (ana, abril) = (user("ana"), calendar("abril"));
    store
        .save_calendar(save("one", Cadence::Manual, 0, vec![plain("a")?]))
        .await?;
    equal(
        "the base of a calendar written by hand",
        &store.last_generation(ana, abril).await?,
        &None,
    )?;
    let mut merge = save("two", Cadence::Weekly, 1, vec![plain("a")?]);
    merge.generated = Some(vec![full("b")?, plain("a")?]);
    store.save_calendar(merge.clone()).await?;
    let base = store
        .last_generation(ana, abril)
        .await?
        .map(|base| (base.run, base.revision, base.entries));
    let expected = merge.generated.map(|entries| (merge.run, 2, entries));
    equal("the base", &base, &expected)?;
    let saved = store.calendar(ana, abril).await?;
    let ids: Vec<_> = saved.entries.iter().map(|entry| entry.id).collect();
    equal("what was saved", &ids, &vec![plain("a")?.id])
}

async fn users(store: &dyn Store) -> Verdict {
    store
        .save_calendar(save("one", Cadence::Weekly, 0, vec![plain("a")?]))
        .await?;
    let (luis, abril) = (user("luis"), calendar("abril"));
    let absent = StoreError::NotFound {
        what: Missing::Calendar,
    };
    refused("calendar", store.calendar(luis, abril).await, &absent)?;
    refused("runs", store.runs(luis, abril).await, &absent)?;
    refused("run", store.run(luis, abril, run_id("one")).await, &absent)?;
    refused(
        "last generation",
        store.last_generation(luis, abril).await,
        &absent,
    )?;
    // The same ids in another user's hands are other rows, and no sign that Ana's exist.
    let mut own = save("one", Cadence::Manual, 0, vec![plain("a")?, plain("b")?]);
    own.user_id = luis;
    own.run.user_id = luis;
    let saved = store.save_calendar(own).await?;
    equal("his own revision", &saved.revision, &1)?;
    let hers = store.calendar(user("ana"), abril).await?;
    equal("her entries", &hers.entries.len(), &1)?;
    equal("her run", &hers.run.cadence, &Cadence::Weekly)
}

async fn invalid(store: &dyn Store) -> Verdict {
    let invalid = |error: Error| StoreError::Invalid(error);
    let twice = plain("a")?;
    refused(
        "an entry that stands twice",
        store
            .save_calendar(save(
                "one",
                Cadence::Manual,
                0,
                vec![twice.clone(), plain("b")?, twice.clone()],
            ))
            .await,
        &invalid(
            Error::new(Code::IdDuplicate)
                .at("entries[2].id")
                .measured(Measure::text(twice.id.to_string())),
        ),
    )?;
    let mut foreign = plain("c")?;
    foreign.calendar_id = calendar("mayo");
    refused(
        "an entry of another calendar",
        store
            .save_calendar(save("one", Cadence::Manual, 0, vec![foreign]))
            .await,
        &invalid(
            Error::new(Code::FieldValueInvalid)
                .at("entries[0].calendarId")
                .measured(Measure::text(calendar("mayo").to_string())),
        ),
    )?;
    let mut run = save("one", Cadence::Manual, 0, vec![]);
    run.user_id = user("luis");
    refused(
        "a run of another user",
        store.save_calendar(run).await,
        &invalid(
            Error::new(Code::FieldValueInvalid)
                .at("run.userId")
                .measured(Measure::text(user("ana").to_string())),
        ),
    )?;
    refused(
        "what was refused",
        store.calendar(user("ana"), calendar("abril")).await,
        &StoreError::NotFound {
            what: Missing::Calendar,
        },
    )
}

async fn emptied(store: &dyn Store) -> Verdict {
    store
        .save_calendar(save("one", Cadence::Weekly, 0, vec![plain("a")?]))
        .await?;
    store
        .save_calendar(save("two", Cadence::Manual, 1, vec![]))
        .await?;
    let stored = store.calendar(user("ana"), calendar("abril")).await?;
    equal("the entries", &stored.entries, &vec![])?;
    equal("the revision", &stored.revision, &2)
}
