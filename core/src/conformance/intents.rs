//! Cases about publish intents and the commands that made them.

use super::fixture::{calendar, intent, user};
use super::{Cases, ConformanceError, Verdict, equal, refused};
use crate::error::{Code, Error};
use crate::model::{IntentStatus, PublishIntent};
use crate::ports::{Command, RecordIntents, Recorded, Store, StoreError};

pub(super) async fn run<S: Store>(
    cases: &mut Cases<impl AsyncFn() -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check("intents come back in order, by calendar", comes_back)
        .await?;
    cases.check("an intent is recorded once", once).await?;
    cases
        .check("the same command is answered as before", repeated)
        .await?;
    cases.check("a key holds one content", conflict).await?;
    cases
        .check("other users' intents and keys are absent", users)
        .await
}

fn record(intents: Vec<PublishIntent>) -> RecordIntents {
    RecordIntents {
        user_id: user("ana"),
        command: None,
        intents,
    }
}

fn command(fingerprint: &str, answer: &str) -> Option<Command> {
    Some(Command {
        key: "clave-1".to_owned(),
        fingerprint: fingerprint.to_owned(),
        answer: answer.to_owned(),
    })
}

async fn comes_back(store: &dyn Store) -> Verdict {
    let (ana, abril) = (user("ana"), calendar("abril"));
    equal("before any", &store.intents(ana, abril).await?, &vec![])?;
    let mut bare = intent("a", "abril");
    bare.run_id = None;
    bare.error = None;
    bare.status = IntentStatus::DryRun;
    let all = vec![intent("z", "abril"), intent("m", "mayo"), bare.clone()];
    let recorded = store.record_intents(record(all)).await?;
    equal("the answer", &recorded, &Recorded::Now { new: 3 })?;
    equal(
        "abril",
        &store.intents(ana, abril).await?,
        &vec![intent("z", "abril"), bare],
    )?;
    equal(
        "mayo",
        &store.intents(ana, calendar("mayo")).await?,
        &vec![intent("m", "mayo")],
    )
}

async fn once(store: &dyn Store) -> Verdict {
    let first = intent("a", "abril");
    let mut again = first.clone();
    again.status = IntentStatus::DryRun;
    store.record_intents(record(vec![first.clone()])).await?;
    let recorded = store
        .record_intents(record(vec![
            again,
            intent("b", "abril"),
            intent("b", "abril"),
        ]))
        .await?;
    equal("the answer", &recorded, &Recorded::Now { new: 1 })?;
    equal(
        "the intents",
        &store.intents(user("ana"), calendar("abril")).await?,
        &vec![first, intent("b", "abril")],
    )
}

async fn repeated(store: &dyn Store) -> Verdict {
    let ana = user("ana");
    let none = store.command(ana, "clave-1".to_owned()).await?;
    equal("before any", &none, &None)?;
    let mut first = record(vec![intent("a", "abril")]);
    first.command = command("f1", "{\"n\":1}");
    let recorded = store.record_intents(first.clone()).await?;
    equal("at first", &recorded, &Recorded::Now { new: 1 })?;
    let mut again = record(vec![intent("b", "abril")]);
    again.command = command("f1", "{\"n\":2}");
    let before = Recorded::Before {
        answer: "{\"n\":1}".to_owned(),
    };
    equal("again", &store.record_intents(again).await?, &before)?;
    equal(
        "the command",
        &store.command(ana, "clave-1".to_owned()).await?,
        &first.command,
    )?;
    equal(
        "the intents",
        &store.intents(ana, calendar("abril")).await?,
        &first.intents,
    )
}

async fn conflict(store: &dyn Store) -> Verdict {
    let mut first = record(vec![intent("a", "abril")]);
    first.command = command("f1", "{}");
    store.record_intents(first.clone()).await?;
    let mut other = record(vec![intent("b", "abril")]);
    other.command = command("f2", "{}");
    refused(
        "other content",
        store.record_intents(other).await,
        &StoreError::CommandConflict {
            key: "clave-1".to_owned(),
        },
    )?;
    equal(
        "the intents",
        &store.intents(user("ana"), calendar("abril")).await?,
        &first.intents,
    )
}

async fn users(store: &dyn Store) -> Verdict {
    let (ana, luis, abril) = (user("ana"), user("luis"), calendar("abril"));
    let mut hers = record(vec![intent("a", "abril")]);
    hers.command = command("f1", "{}");
    store.record_intents(hers).await?;
    equal("his intents", &store.intents(luis, abril).await?, &vec![])?;
    let key = store.command(luis, "clave-1".to_owned()).await?;
    equal("his keys", &key, &None)?;
    refused(
        "an intent of hers in his hands",
        store
            .record_intents(RecordIntents {
                user_id: luis,
                command: None,
                intents: vec![intent("b", "abril")],
            })
            .await,
        &StoreError::Invalid(Error::new(Code::FieldValueInvalid).at("intents[0].userId")),
    )?;
    let mut own = intent("a", "abril");
    own.user_id = luis;
    own.status = IntentStatus::DryRun;
    let recorded = store
        .record_intents(RecordIntents {
            user_id: luis,
            command: command("f9", "{}"),
            intents: vec![own.clone()],
        })
        .await?;
    equal("his own", &recorded, &Recorded::Now { new: 1 })?;
    equal(
        "his intents",
        &store.intents(luis, abril).await?,
        &vec![own],
    )?;
    equal(
        "hers",
        &store.intents(ana, abril).await?,
        &vec![intent("a", "abril")],
    )
}
