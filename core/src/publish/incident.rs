//! When many accounts fail alike on a channel, the fault is the channel's or the app's, not theirs.

use std::collections::{BTreeMap, VecDeque};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::error::{Actor, Allowed, Code, Error, Measure, Unit};
use crate::model::{AccountId, Channel, Timestamp};
use crate::ports::ChannelPause;

/// When a channel is paused because many accounts fail alike, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncidentRule {
    /// So many accounts at least must have failed with the same code; at least 2.
    pub accounts: u32,
    /// Within so many seconds; at least 1.
    pub within_seconds: u32,
    /// Of all accounts that were heard of in that time, so many of a hundred at least: 1 to 100.
    pub share_percent: u32,
    /// How many seconds the first pause lasts; at least 1.
    pub pause_seconds: u32,
    /// How many seconds one pause lasts at most, however often a probe fails; not less than
    /// `pause_seconds`.
    pub max_pause_seconds: u32,
}

impl Default for IncidentRule {
    /// 5 accounts and 80 of a hundred within 10 minutes; 15 minutes of pause, doubled up to an hour.
    fn default() -> Self {
        Self {
            accounts: 5,
            within_seconds: 600,
            share_percent: 80,
            pause_seconds: 900,
            max_pause_seconds: 3600,
        }
    }
}

impl IncidentRule {
    /// Whether the rule can be followed.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] at the field whose value lies outside what it allows.
    pub fn check(&self) -> Result<(), Error> {
        const MAX: u32 = u32::MAX;
        let longest = self.max_pause_seconds;
        let fields = [
            ("accounts", self.accounts, 2, MAX, Unit::Accounts),
            ("withinSeconds", self.within_seconds, 1, MAX, Unit::Seconds),
            ("sharePercent", self.share_percent, 1, 100, Unit::Plain),
            ("pauseSeconds", self.pause_seconds, 1, MAX, Unit::Seconds),
            (
                "maxPauseSeconds",
                longest,
                self.pause_seconds,
                MAX,
                Unit::Seconds,
            ),
        ];
        for (path, value, least, most, unit) in fields {
            if !(least..=most).contains(&value) {
                return Err(Error::new(Code::FieldValueInvalid)
                    .at(path)
                    .measured(Measure::number(value, unit))
                    .allowed(Allowed::between(least, most, unit)));
            }
        }
        Ok(())
    }

    /// Whether `failed` accounts with one code, of `heard` in all, are an incident.
    fn is_met(&self, failed: usize, heard: usize) -> bool {
        let too_few = u32::try_from(failed).is_ok_and(|failed| failed < self.accounts);
        !too_few && failed.saturating_mul(100) >= heard.saturating_mul(self.share_percent as usize)
    }

    /// The pause after a probe failed at `now`.
    ///
    /// Pauses of 1, 2, 4 … lengths add up to one length less than the next one. So the next is what
    /// has passed and one length more, and workers that were started later come to the same.
    fn longer(&self, pause: ChannelPause, now: Timestamp) -> ChannelPause {
        let passed = pause.until.since(pause.since).num_seconds().max(0);
        let next = passed.saturating_add(self.pause_seconds.into());
        let seconds = next.min(self.max_pause_seconds.into());
        ChannelPause {
            until: now.plus(TimeDelta::seconds(seconds)),
            ..pause
        }
    }
}

/// Watches what becomes of posts, and says when a channel has to be paused.
///
/// An account counts once, with the last that was heard of it. A failure counts for an incident where
/// whoever runs the app or the platform must mend it; a success and every other failure count against
/// it, for there the platform answered as it should. At most [`IncidentMonitor::CAPACITY`] outcomes a
/// channel are remembered: with more than that, the window is shorter.
#[derive(Clone, Debug)]
pub struct IncidentMonitor {
    rule: IncidentRule,
    channels: BTreeMap<Channel, Watch>,
}

impl IncidentMonitor {
    /// The most outcomes a channel that are remembered.
    pub const CAPACITY: usize = 4096;

    /// A monitor that has seen nothing.
    pub const fn new(rule: IncidentRule) -> Self {
        Self {
            rule,
            channels: BTreeMap::new(),
        }
    }

    /// Takes over the pauses that hold in the store: those that other workers began or prolonged
    /// hold here too, and where one was lifted, only what is heard from now on counts.
    pub fn set_pauses(&mut self, pauses: &[ChannelPause]) {
        for channel in Channel::ALL {
            let stored = pauses.iter().find(|pause| pause.channel == channel);
            let watch = self.channels.entry(channel).or_default();
            match (watch.pause, stored) {
                (Some(_), None) => watch.close(),
                _ => watch.pause = stored.copied(),
            }
        }
    }

    /// The channel's pause, also after its end as long as no post has come out.
    pub fn pause(&self, channel: Channel) -> Option<ChannelPause> {
        self.channels.get(&channel)?.pause
    }

    /// Counts what became of a post of `account` at `now`: the code that it failed with, or `None`
    /// where it came out. Outcomes are told in the order in which they happened.
    ///
    /// The answer is the pause that the store has to be told of:
    ///
    /// - a new one where the rule is met;
    /// - the same one for every failure alike while it lasts, so that a call to the store that was
    ///   lost is made up for;
    /// - a longer one where it has ended and a failure shows that the incident goes on: with every
    ///   such probe it doubles, up to the rule's limit.
    ///
    /// A success after the pause's end closes the incident, and what was counted for it is forgotten.
    /// A success before that counts against it, and closes it where too few failures are left.
    /// [`IncidentMonitor::pause`] says whether it is closed.
    ///
    /// ```
    /// use calendar_publish::Code;
    /// use calendar_publish::model::{AccountId, Channel, Timestamp, deterministic_uuid};
    /// use calendar_publish::publish::{IncidentMonitor, IncidentRule};
    ///
    /// let mut monitor = IncidentMonitor::new(IncidentRule::default());
    /// let now: Timestamp = "2026-04-01T09:00:00Z".parse()?;
    /// let mut fails = |name: &str| {
    ///     let account = AccountId::new(deterministic_uuid(&[name]));
    ///     monitor.observe(Channel::Instagram, account, Some(Code::PlatformTemporary), now)
    /// };
    /// for name in ["a", "b", "c", "d"] {
    ///     assert_eq!(fails(name), None);
    /// }
    /// let pause = fails("e").ok_or("the fifth account makes it an incident")?;
    /// assert_eq!(pause.until.to_string(), "2026-04-01T09:15:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn observe(
        &mut self,
        channel: Channel,
        account: AccountId,
        failure: Option<Code>,
        now: Timestamp,
    ) -> Option<ChannelPause> {
        let rule = self.rule;
        let watch = self.channels.entry(channel).or_default();
        watch.forget_before(now.plus(TimeDelta::seconds(-i64::from(rule.within_seconds))));
        watch.count(account, failure, now);
        let alike = failure.filter(|code| is_shared(*code));
        match (watch.pause, alike) {
            (Some(pause), None) => {
                let met = rule.is_met(watch.failed(pause.code), watch.last.len());
                if failure.is_none() && (now >= pause.until || !met) {
                    watch.close();
                }
                None
            }
            (Some(pause), Some(_)) if now >= pause.until => {
                watch.pause = Some(rule.longer(pause, now));
                watch.pause
            }
            (Some(pause), Some(code)) => (pause.code == code).then_some(pause),
            (None, None) => None,
            (None, Some(code)) => {
                if rule.is_met(watch.failed(code), watch.last.len()) {
                    watch.pause = Some(ChannelPause {
                        channel,
                        code,
                        since: now,
                        until: now.plus(TimeDelta::seconds(rule.pause_seconds.into())),
                    });
                }
                watch.pause
            }
        }
    }
}

/// Whether accounts can fail with this code for one and the same reason.
const fn is_shared(code: Code) -> bool {
    matches!(code.actor(), Actor::App | Actor::Platform)
}

/// What was heard of one channel.
#[derive(Clone, Debug, Default)]
struct Watch {
    /// What was heard, the oldest first.
    heard: VecDeque<Heard>,
    /// What was heard last of each account, with its number.
    last: BTreeMap<AccountId, (u64, Option<Code>)>,
    /// How many accounts failed last with each code.
    failed: BTreeMap<Code, usize>,
    next: u64,
    pause: Option<ChannelPause>,
}

#[derive(Clone, Copy, Debug)]
struct Heard {
    at: Timestamp,
    account: AccountId,
    number: u64,
}

impl Watch {
    fn failed(&self, code: Code) -> usize {
        self.failed.get(&code).copied().unwrap_or(0)
    }

    fn count(&mut self, account: AccountId, failure: Option<Code>, at: Timestamp) {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        self.drop_last(account);
        self.last.insert(account, (number, failure));
        if let Some(code) = failure {
            *self.failed.entry(code).or_default() += 1;
        }
        self.heard.push_back(Heard {
            at,
            account,
            number,
        });
        while self.heard.len() > IncidentMonitor::CAPACITY {
            self.forget_oldest();
        }
    }

    /// Forgets what is as old as `bound` or older.
    fn forget_before(&mut self, bound: Timestamp) {
        while self.heard.front().is_some_and(|heard| heard.at <= bound) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some(heard) = self.heard.pop_front() else {
            return;
        };
        let last = self.last.get(&heard.account);
        if last.is_some_and(|(number, _)| *number == heard.number) {
            self.drop_last(heard.account);
        }
    }

    fn drop_last(&mut self, account: AccountId) {
        let Some((_, Some(code))) = self.last.remove(&account) else {
            return;
        };
        if let Some(count) = self.failed.get_mut(&code) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.failed.remove(&code);
            }
        }
    }

    /// Ends the incident: what led to it must not open it again.
    fn close(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests;
