//! The operations of `merge`, `flags` and `telemetry`.

use serde::{Deserialize, Serialize};

use super::{Operation, answer};
use crate::flags::{Flags, Setting};
use crate::merge::{KeyedPiece, MergeChoices, MergePlan, apply, diff, plan};
use crate::model::{Timestamp, UserId};
use crate::telemetry::{Alert, Event, replay};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "diffCalendar",
        run: |input| answer(input, |i: DiffInput| diff(&i.before, &i.after)),
    },
    Operation {
        name: "planMerge",
        run: |input| answer(input, plan),
    },
    Operation {
        name: "applyMerge",
        run: |input| answer(input, |i: ApplyInput| apply(i.plan, &i.choices)),
    },
    Operation {
        name: "evaluateFlags",
        run: |input| {
            answer(input, |i: FlagsInput| {
                Flags::evaluate(&i.settings, i.user_id)
            })
        },
    },
    Operation {
        name: "replayAlerts",
        run: |input| {
            answer(input, |i: ReplayInput| {
                Ok(ReplayAnswer {
                    alerts: replay(&i.events, i.until),
                })
            })
        },
    },
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DiffInput {
    before: Vec<KeyedPiece>,
    after: Vec<KeyedPiece>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ApplyInput {
    plan: MergePlan,
    choices: MergeChoices,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FlagsInput {
    settings: Vec<Setting>,
    user_id: UserId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReplayInput {
    events: Vec<Event>,
    #[serde(default)]
    until: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReplayAnswer {
    alerts: Vec<Alert>,
}
