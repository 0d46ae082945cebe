//! Feature flags: off unless a setting says exactly `true`, and a canary that only ever grows.
//!
//! Settings are given by the caller as name and value, as they stand in an environment; nothing in
//! here reads one. For each flag there are four settings, here with the names of publishing:
//!
//! | setting | meaning |
//! |---|---|
//! | `PUBLISH_SERVICE_ENABLED` | `true` turns the flag on; anything else, `TRUE` and `1` too, leaves it off |
//! | `NEXT_PUBLIC_PUBLISH_SERVICE_ENABLED` | the browser's twin: what a page is told; it never turns anything on at the server |
//! | `PUBLISH_SERVICE_CANARY_USERS` | user ids, separated by commas: only they have the flag |
//! | `PUBLISH_SERVICE_CANARY_PERCENT` | 0 to 100: only so many of a hundred users have the flag |
//!
//! A user has a flag that is on if no canary setting is given, or if one of the two includes the user.
//! An empty list of users includes nobody. Turning the flag off turns it off for everyone, which is the
//! way back when a canary goes wrong.

use serde::{Deserialize, Serialize};

use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{UserId, deterministic_uuid};

/// A setting as an environment holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Setting {
    /// The name: `PUBLISH_SERVICE_ENABLED`.
    pub name: String,
    /// The value.
    pub value: String,
}

/// A feature that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// The calendar service. Off: the stream is a deterministic draft.
    CalendarService,
    /// Publishing and export. Off: every answer says `disabled`.
    PublishService,
    /// "Publish now" in the editor. It also needs [`Flag::PublishService`].
    PublishNow,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Self; 3] = [
        Self::CalendarService,
        Self::PublishService,
        Self::PublishNow,
    ];

    /// What the names of the flag's settings begin with.
    const fn stem(self) -> &'static str {
        match self {
            Self::CalendarService => "CALENDAR_SERVICE",
            Self::PublishService => "PUBLISH_SERVICE",
            Self::PublishNow => "PUBLISH_NOW",
        }
    }

    /// The setting that turns the flag on: `PUBLISH_SERVICE_ENABLED`.
    pub fn setting(self) -> String {
        format!("{}_ENABLED", self.stem())
    }

    /// The twin that a browser sees: `NEXT_PUBLIC_PUBLISH_SERVICE_ENABLED`.
    pub fn public_setting(self) -> String {
        format!("NEXT_PUBLIC_{}_ENABLED", self.stem())
    }

    /// The setting that lists the canary's users: `PUBLISH_SERVICE_CANARY_USERS`.
    pub fn canary_users_setting(self) -> String {
        format!("{}_CANARY_USERS", self.stem())
    }

    /// The setting that gives the canary's size: `PUBLISH_SERVICE_CANARY_PERCENT`.
    pub fn canary_percent_setting(self) -> String {
        format!("{}_CANARY_PERCENT", self.stem())
    }

    /// Where a user stands among a hundred, from 0 to 99: the first 48 bits of
    /// [`deterministic_uuid`] over the flag's setting and the user's id, modulo 100.
    ///
    /// It never changes, so a canary of 20 percent holds everyone that a canary of 10 held; and it
    /// differs from flag to flag, so that not always the same users go first.
    fn place(self, user: UserId) -> u32 {
        let hash = deterministic_uuid(&[&self.setting(), &user.to_string()]);
        let place = (hash.as_u128() >> 80) % 100;
        u32::try_from(place).unwrap_or(99)
    }
}

/// The flags as one user has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Flags {
    /// [`Flag::CalendarService`].
    pub calendar_service: bool,
    /// [`Flag::PublishService`].
    pub publish_service: bool,
    /// [`Flag::PublishNow`], and publishing is on as well.
    pub publish_now: bool,
}

/// That [`Flag::PublishService`] is on. Whatever can publish asks for one, and only
/// [`Flags::publishing`] gives it.
///
/// ```compile_fail
/// use calendar_publish::flags::PublishingOn;
///
/// let on = PublishingOn(());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishingOn(());

/// That [`Flag::PublishNow`] is on, and [`Flag::PublishService`] as well. Only
/// [`Flags::publishing_now`] gives one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishNowOn(());

impl Flags {
    /// Everything off: what holds where nothing is set.
    pub const OFF: Self = Self {
        calendar_service: false,
        publish_service: false,
        publish_now: false,
    };

    /// Reads the flags of `user` from `settings`; names that no flag has are passed over.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] at `settings[i].value` where a canary's percentage isn't a whole
    /// number from 0 to 100 or one of its users isn't a UUID, and at `settings[i].name` where a name
    /// stands twice. A setting is refused even while its flag is off, so that the mistake is found
    /// before the flag is turned on. Whoever gets an error treats every flag as off.
    ///
    /// ```
    /// use calendar_publish::flags::{Flags, Setting};
    /// use calendar_publish::model::UserId;
    ///
    /// let user: UserId = "018f0000-0000-7000-8000-000000000001".parse()?;
    /// let set = |value: &str| [Setting {
    ///     name: "PUBLISH_SERVICE_ENABLED".to_owned(),
    ///     value: value.to_owned(),
    /// }];
    /// assert!(Flags::evaluate(&set("true"), user)?.publish_service);
    /// assert_eq!(Flags::evaluate(&set("TRUE"), user)?, Flags::OFF);
    /// # Ok::<(), calendar_publish::Error>(())
    /// ```
    pub fn evaluate(settings: &[Setting], user: UserId) -> Result<Self, Error> {
        let settings = Settings(settings);
        Self::of(|flag| settings.is_on(flag, user))
    }

    /// Reads what a browser is told of the flags: the `NEXT_PUBLIC_*` twins alone.
    ///
    /// Canaries have no twin, because a page must not carry their users; the server decides again
    /// with [`Flags::evaluate`], whatever the page showed.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] at `settings[i].name` where a twin stands twice.
    ///
    /// ```
    /// use calendar_publish::flags::{Flags, Setting};
    ///
    /// let twin = [Setting {
    ///     name: "NEXT_PUBLIC_PUBLISH_SERVICE_ENABLED".to_owned(),
    ///     value: "true".to_owned(),
    /// }];
    /// assert!(Flags::evaluate_public(&twin)?.publish_service);
    /// # Ok::<(), calendar_publish::Error>(())
    /// ```
    pub fn evaluate_public(settings: &[Setting]) -> Result<Self, Error> {
        let settings = Settings(settings);
        Self::of(|flag| settings.says_true(&flag.public_setting()))
    }

    /// Reads the flags of a worker, which works for all users: a flag is on if it is for anybody. A
    /// canary narrows who may ask, not which stored jobs are worked on.
    ///
    /// # Errors
    /// As [`Flags::evaluate`].
    ///
    /// ```
    /// use calendar_publish::flags::{Flags, Setting};
    ///
    /// let setting = |name: &str, value: &str| Setting {
    ///     name: name.to_owned(),
    ///     value: value.to_owned(),
    /// };
    /// let settings = [
    ///     setting("PUBLISH_SERVICE_ENABLED", "true"),
    ///     setting("PUBLISH_SERVICE_CANARY_USERS", "018f0000-0000-7000-8000-000000000001"),
    /// ];
    /// assert!(Flags::evaluate_worker(&settings)?.publishing().is_some());
    /// # Ok::<(), calendar_publish::Error>(())
    /// ```
    pub fn evaluate_worker(settings: &[Setting]) -> Result<Self, Error> {
        let settings = Settings(settings);
        Self::of(|flag| {
            // Whose turn it is decides nothing, but a canary that can't be read is still refused.
            settings.includes(flag, UserId::new(deterministic_uuid(&[])))?;
            settings.says_true(&flag.setting())
        })
    }

    /// The proof that publishing is on; `None` where it is off.
    ///
    /// ```
    /// use calendar_publish::flags::Flags;
    ///
    /// assert!(Flags::OFF.publishing().is_none());
    /// assert!(Flags { publish_service: true, ..Flags::OFF }.publishing().is_some());
    /// ```
    pub const fn publishing(self) -> Option<PublishingOn> {
        if self.publish_service {
            Some(PublishingOn(()))
        } else {
            None
        }
    }

    /// The proof that "publish now" is on; `None` where it or publishing is off.
    ///
    /// ```
    /// use calendar_publish::flags::Flags;
    ///
    /// let alone = Flags { publish_now: true, ..Flags::OFF };
    /// assert!(alone.publishing_now().is_none());
    /// assert!(Flags { publish_service: true, ..alone }.publishing_now().is_some());
    /// ```
    pub const fn publishing_now(self) -> Option<PublishNowOn> {
        if self.publish_now && self.publish_service {
            Some(PublishNowOn(()))
        } else {
            None
        }
    }

    fn of(is_on: impl Fn(Flag) -> Result<bool, Error>) -> Result<Self, Error> {
        let calendar_service = is_on(Flag::CalendarService)?;
        let publish_service = is_on(Flag::PublishService)?;
        let publish_now = is_on(Flag::PublishNow)?;
        Ok(Self {
            calendar_service,
            publish_service,
            publish_now: publish_now && publish_service,
        })
    }
}

struct Settings<'a>(&'a [Setting]);

impl Settings<'_> {
    fn is_on(&self, flag: Flag, user: UserId) -> Result<bool, Error> {
        // Both are read, so that a canary that can't be is refused while the flag is off, too.
        let own = self.says_true(&flag.setting())?;
        let included = self.includes(flag, user)?;
        Ok(own && included)
    }

    /// Whether the flag's canary, where there is one, includes the user.
    fn includes(&self, flag: Flag, user: UserId) -> Result<bool, Error> {
        let users = self.value(&flag.canary_users_setting())?;
        let percent = self.value(&flag.canary_percent_setting())?;
        let listed = users.map(|users| users.lists(user)).transpose()?;
        let counted = percent.map(Value::percent).transpose()?;
        let counted = counted.map(|percent| flag.place(user) < percent);
        Ok(match (listed, counted) {
            (None, None) => true,
            (listed, counted) => listed == Some(true) || counted == Some(true),
        })
    }

    fn says_true(&self, name: &str) -> Result<bool, Error> {
        Ok(self.value(name)?.is_some_and(|value| value.text == "true"))
    }

    fn value(&self, name: &str) -> Result<Option<Value<'_>>, Error> {
        let named = self.0.iter().enumerate().filter(|(_, s)| s.name == name);
        let mut values = named.map(|(index, setting)| Value {
            index,
            text: &setting.value,
        });
        let first = values.next();
        match values.next() {
            None => Ok(first),
            Some(second) => Err(Error::new(Code::FieldValueInvalid)
                .at(format!("settings[{}].name", second.index))
                .measured(Measure::text(name))),
        }
    }
}

#[derive(Clone, Copy)]
struct Value<'a> {
    index: usize,
    text: &'a str,
}

impl Value<'_> {
    fn refused(self, text: &str, allowed: Allowed) -> Error {
        Error::new(Code::FieldValueInvalid)
            .at(format!("settings[{}].value", self.index))
            .measured(Measure::text(text))
            .allowed(allowed)
    }

    /// Whether a list of user ids, separated by commas, holds `user`.
    fn lists(self, user: UserId) -> Result<bool, Error> {
        let mut listed = false;
        let names = self.text.split(',').map(str::trim);
        for name in names.filter(|name| !name.is_empty()) {
            let id: UserId = name
                .parse()
                .map_err(|_| self.refused(name, Allowed::pattern("UUID,UUID")))?;
            listed |= id == user;
        }
        Ok(listed)
    }

    fn percent(self) -> Result<u32, Error> {
        let text = self.text.trim();
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(percent) if digits && percent <= 100 => Ok(percent),
            _ => Err(self.refused(text, Allowed::between(0, 100, Unit::Plain))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Vec<Setting> {
        let owned = |(name, value): &(&str, &str)| Setting {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        pairs.iter().map(owned).collect()
    }

    fn users() -> impl Iterator<Item = UserId> {
        (0..2000).map(|number: i32| UserId::new(deterministic_uuid(&["user", &number.to_string()])))
    }

    fn publishing(percent: &str, user: UserId) -> bool {
        let settings = settings(&[
            ("PUBLISH_SERVICE_ENABLED", "true"),
            ("PUBLISH_SERVICE_CANARY_PERCENT", percent),
        ]);
        Flags::evaluate(&settings, user).unwrap().publish_service
    }

    #[test]
    fn a_browser_reads_its_twins_and_the_server_does_not() {
        let user = users().next().unwrap();
        let twin = settings(&[("NEXT_PUBLIC_PUBLISH_SERVICE_ENABLED", "true")]);
        assert_eq!(Flags::evaluate(&twin, user).unwrap(), Flags::OFF);
        assert!(Flags::evaluate_public(&twin).unwrap().publish_service);
        let own = settings(&[("PUBLISH_SERVICE_ENABLED", "true")]);
        assert_eq!(Flags::evaluate_public(&own).unwrap(), Flags::OFF);
    }

    #[test]
    fn a_worker_works_for_a_canary_of_any_size_and_only_while_the_flag_is_on() {
        let worker = |on: &str, percent: &str| {
            Flags::evaluate_worker(&settings(&[
                ("PUBLISH_SERVICE_ENABLED", on),
                ("PUBLISH_SERVICE_CANARY_PERCENT", percent),
            ]))
        };
        for percent in ["0", "1", "100"] {
            assert!(worker("true", percent).unwrap().publishing().is_some());
            assert!(worker("1", percent).unwrap().publishing().is_none());
        }
        for on in ["true", "false"] {
            let refused = worker(on, "many").unwrap_err();
            assert_eq!(refused.path, "settings[1].value");
        }
        assert_eq!(Flags::evaluate_worker(&[]).unwrap(), Flags::OFF);
    }

    #[test]
    fn raising_the_percentage_only_adds_users() {
        for user in users() {
            let mut had = false;
            for percent in 0..=100 {
                let has = publishing(&percent.to_string(), user);
                assert!(has || !had, "{user} lost the flag at {percent} %");
                had = has;
            }
            assert!(had, "everyone has it at 100 %");
        }
    }

    #[test]
    fn a_percentage_takes_about_that_many_users() {
        for percent in [0_usize, 1, 10, 50, 90, 100] {
            let has = users()
                .filter(|user| publishing(&percent.to_string(), *user))
                .count();
            let expected = 20 * percent;
            // Four standard deviations of a binomial distribution over 2,000 users are at most 90.
            assert!(has.abs_diff(expected) <= 90, "{percent} %: {has} of 2000");
        }
        assert!(!users().any(|user| publishing("0", user)));
    }

    #[test]
    fn flags_choose_their_canaries_apart() {
        let together = users()
            .filter(|user| Flag::CalendarService.place(*user) == Flag::PublishService.place(*user))
            .count();
        assert!(
            together < 60,
            "{together} of 2000 stand at the same place, 20 by chance"
        );
    }
}
