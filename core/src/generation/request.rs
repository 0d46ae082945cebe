//! What a host asks for when it wants a calendar.

use serde::{Deserialize, Serialize};

use crate::error::{Allowed, Code, Error, Measure};
use crate::model::{Cadence, CalendarId, Channel, LocalDate, PlanId, Zone};

/// The longest calendar that can be asked for, in days: a year, a leap year too.
pub const MAX_CALENDAR_DAYS: i64 = 366;

/// The body of the host's `POST /v1/ai/calendar`.
///
/// What steers the AI and isn't read here (constraints, objectives, ideas, pillars, accounts,
/// frequency) is kept as JSON text, so that a host can pass on whatever it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarRequest {
    /// The channels, by name; [`channels`](Self::channels) reads them.
    pub channels: Vec<String>,
    /// How often the calendar posts.
    pub cadence: Cadence,
    /// Its first day.
    pub start: LocalDate,
    /// Its last day.
    pub end: LocalDate,
    /// The calendar to regenerate; without one, a new calendar is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_id: Option<CalendarId>,
    /// The plan it is made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<PlanId>,
    /// The zone its times are meant in; [`zone`](Self::zone) reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// What the AI must keep to.
    #[serde(default, with = "json_text", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub constraints: Option<String>,
    /// What the calendar is for.
    #[serde(default, with = "json_text", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub objectives: Option<String>,
    /// Ideas to take up.
    #[serde(default, with = "json_text", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub ideas: Option<String>,
    /// Themes that return.
    #[serde(default, with = "json_text", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub pillars: Option<String>,
    /// The accounts it is for.
    #[serde(default, with = "json_text", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub accounts: Option<String>,
    /// How many posts are wished for.
    #[serde(default, with = "json_text", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub frequency: Option<String>,
}

impl CalendarRequest {
    /// Checks everything that can be checked before anything is generated.
    ///
    /// # Errors
    /// Those of [`channels`](Self::channels), [`days`](Self::days) and [`zone`](Self::zone), and
    /// [`Code::FieldValueInvalid`] for the cadence `manual`, which nothing can generate.
    pub fn validate(&self) -> Result<(), Error> {
        self.channels()?;
        self.days()?;
        self.zone()?;
        if self.cadence == Cadence::Manual {
            return Err(Error::new(Code::FieldValueInvalid)
                .at("cadence")
                .measured(Measure::text("manual"))
                .allowed(Allowed::one_of(["daily", "weekly", "monthly"])));
        }
        Ok(())
    }

    /// The channels, each once, in the order of the request.
    ///
    /// # Errors
    /// [`Code::CalendarInvalidChannels`] where there is none, or one that isn't supported.
    pub fn channels(&self) -> Result<Vec<Channel>, Error> {
        let refused = || {
            Error::new(Code::CalendarInvalidChannels)
                .allowed(Allowed::one_of(Channel::ALL.map(Channel::as_str)))
        };
        let mut channels = Vec::new();
        for (index, name) in self.channels.iter().enumerate() {
            let channel: Channel = name.parse().map_err(|_| {
                refused()
                    .at(format!("channels[{index}]"))
                    .measured(Measure::text(name))
            })?;
            if !channels.contains(&channel) {
                channels.push(channel);
            }
        }
        if channels.is_empty() {
            return Err(refused().at("channels"));
        }
        Ok(channels)
    }

    /// The length of the calendar in days, its first and last day included.
    ///
    /// # Errors
    /// [`Code::CalendarInvalidRange`] where the end lies before the start, or more than
    /// [`MAX_CALENDAR_DAYS`] are asked for.
    pub fn days(&self) -> Result<i64, Error> {
        let refused = |allowed: String| {
            Error::new(Code::CalendarInvalidRange)
                .at("end")
                .measured(Measure::text(self.end.to_string()))
                .allowed(Allowed::pattern(allowed))
        };
        let days = (self.end.naive() - self.start.naive()).num_days() + 1;
        if days < 1 {
            Err(refused(format!("{} or later", self.start)))
        } else if days > MAX_CALENDAR_DAYS {
            Err(refused(format!(
                "at most {MAX_CALENDAR_DAYS} days from {}",
                self.start
            )))
        } else {
            Ok(days)
        }
    }

    /// The zone, where one is named.
    ///
    /// # Errors
    /// [`Code::ZoneUnknown`].
    pub fn zone(&self) -> Result<Option<Zone>, Error> {
        self.timezone
            .as_deref()
            .map(|name| name.parse().map_err(|error: Error| error.at("timezone")))
            .transpose()
    }
}

/// A value that is any JSON on the wire and its text here.
mod json_text {
    use serde::de::{Deserialize, Deserializer};
    use serde::ser::{Error, Serialize, Serializer};
    use serde_json::value::RawValue;

    pub(super) fn serialize<S: Serializer>(
        json: &Option<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        json.as_deref()
            .map(crate::json::from_str::<&RawValue>)
            .transpose()
            .map_err(Error::custom)?
            .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<String>, D::Error> {
        Ok(Option::<Box<RawValue>>::deserialize(deserializer)?.map(|raw| raw.get().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_the_ai_survives_to_the_letter() {
        let json = r#"{"channels":["ig"],"cadence":"weekly","start":"2026-04-01","end":"2026-04-30","constraints":{"max": 3},"ideas":["pan","sal"],"frequency":5}"#;
        let request: CalendarRequest = serde_json::from_str(json).unwrap();
        assert_eq!(request.constraints.as_deref(), Some(r#"{"max": 3}"#));
        assert_eq!(serde_json::to_string(&request).unwrap(), json);
    }
}
