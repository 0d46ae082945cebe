//! Every finding about one entry.

use chrono::TimeDelta;

use super::account::{judge_account, judge_cool_down, judge_token};
use super::crowd::Crowd;
use super::situation::{Due, Situation, Standing};
use super::tile;
use crate::error::{Allowed, Code, Measure};
use crate::job::is_overdue;
use crate::model::{
    ChannelAccount, Cover, Finding, JobStatus, Media, Readiness, Severity, Timestamp,
};
use crate::rules::validate;
use crate::schedule::{DstNote, Resolution, resolve, wall_clock};

/// How long before publication the media must be there, in hours.
pub const MEDIA_CHECKPOINT_HOURS: u32 = 24;
/// How long before publication a person must have looked the entry over, in hours.
pub const REVIEW_CHECKPOINT_HOURS: u32 = 6;
/// How long after an attempt begins its media URLs must still work, in minutes: a platform that
/// pulls a file may take an hour for the download (TikTok, Content Posting API: Media Transfer
/// Guide, read 2026-09-11).
pub const MEDIA_URL_MARGIN_MINUTES: u32 = 60;

/// The readiness of an entry: what was found, now and at the instant it is due, and what follows.
///
/// It looks at nothing but `situation`: no clock, no network, no file. Every finding is listed,
/// whatever the tile, blocking ones first. Of the rows that apply, the first decides the tile:
///
/// | order | tile | when | stored state |
/// |---|---|---|---|
/// | 1 | `published` | the job is published, or it was stored as published | `published` |
/// | 2 | `delivered_to_inbox` | the draft is in the creator's inbox | `needs_attention` |
/// | 3 | `publishing` | a worker holds the job | `ready` |
/// | 4 | `needs_attention` | `OUTCOME_UNKNOWN` | `needs_attention` |
/// | 5 | `draft` | the entry is a draft | as if it weren't |
/// | 6 | `missing_media` | blocking `MEDIA_MISSING` | `missing_media` |
/// | 7 | `token_expired` | blocking `TOKEN_EXPIRED` | `token_expired` |
/// | 8 | `needs_attention` | any other blocking finding | `needs_attention` |
/// | 9 | `failed_retry` | an attempt failed for certain, a retry is pending | `failed_retry` |
/// | 10 | `needs_attention` | a checkpoint has passed | `needs_attention` |
/// | 11 | `scheduled` | a job waits for its time | `ready` |
/// | 12 | `ready` | nothing of the above | `ready` |
///
/// Blocking findings stand above a pending retry because the retry can't succeed with them. A
/// checkpoint that has passed asks for a person, but doesn't hold the post back.
pub fn evaluate(situation: &Situation<'_>) -> Readiness {
    let scene = Scene::new(situation);
    let crowd = Crowd::of(situation, scene.takes_place_at());
    scene.readiness(&crowd)
}

/// What an attempt would meet if it began at `situation.now`, blocking findings only.
pub(crate) fn judge_attempt(situation: &Situation<'_>) -> Vec<Finding> {
    let scene = Scene {
        situation,
        standing: situation.standing(),
        due: Due::At(situation.now),
        content: None,
    };
    let mut findings = Vec::new();
    judge_account(&scene, &mut findings);
    judge_token(&scene, &mut findings);
    scene.judge_content(&mut findings);
    Crowd::of(situation, Some(situation.now)).report(situation.now, &mut findings);
    judge_cool_down(&scene, Severity::Blocking, &mut findings);
    findings.retain(|finding| finding.severity == Severity::Blocking);
    findings
}

/// A situation with what follows from it at once.
pub(super) struct Scene<'a> {
    pub(super) situation: &'a Situation<'a>,
    pub(super) standing: Standing,
    pub(super) due: Due,
    /// What the rules find of the entry, where that is known already.
    content: Option<&'a [Finding]>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(situation: &'a Situation<'a>) -> Self {
        Self {
            situation,
            standing: situation.standing(),
            due: situation.due(),
            content: None,
        }
    }

    /// What the rules find of the entry, as far as it matters: it follows from the entry and its account
    /// alone, not from the time.
    pub(super) fn content(&self) -> Box<[Finding]> {
        let mut findings = Vec::new();
        if !self.standing.is_settled() {
            let Situation { entry, rules, .. } = self.situation;
            validate(rules, entry, self.account(), &mut findings);
        }
        findings.into_boxed_slice()
    }

    /// The same with what [`content`](Self::content) gave.
    pub(super) fn with_content(self, content: &'a [Finding]) -> Self {
        Self {
            content: Some(content),
            ..self
        }
    }

    pub(super) fn readiness(&self, crowd: &Crowd) -> Readiness {
        let mut findings = Vec::new();
        if !self.standing.is_settled() {
            self.judge(&mut findings);
            crowd.report(self.situation.now, &mut findings);
        }
        tile::finish(findings, self.situation.entry.draft, self.standing)
    }

    /// The account, if the entry has one that it can use.
    pub(super) fn account(&self) -> Option<&'a ChannelAccount> {
        self.situation.account.usable(self.situation.entry)
    }

    /// The instant at which the entry takes a place among its account's posts: it takes none as a
    /// draft, without an account, after a cancellation, in the inbox, or once it is too late to be
    /// published by itself.
    pub(super) fn takes_place_at(&self) -> Option<Timestamp> {
        let Situation {
            entry, job, now, ..
        } = *self.situation;
        self.account()?;
        let at = self.due.instant()?;
        let is_withdrawn = job.is_some_and(|job| job.status == JobStatus::Cancelled);
        match self.standing {
            Standing::Published | Standing::Publishing => Some(at),
            Standing::Delivered => None,
            _ if entry.draft || is_withdrawn => None,
            Standing::Idle => (at >= now).then_some(at),
            _ => (!is_overdue(at, None, now)).then_some(at),
        }
    }

    /// When an attempt would begin: when it is due, but not in the past.
    pub(super) fn attempt_at(&self) -> Timestamp {
        let now = self.situation.now;
        self.due.instant().map_or(now, |due| due.max(now))
    }

    /// `finding`, true already or only when the attempt begins.
    pub(super) fn judged(&self, finding: Finding, already: bool) -> Finding {
        if already || self.attempt_at() <= self.situation.now {
            finding
        } else {
            finding.at_schedule()
        }
    }

    fn judge(&self, findings: &mut Vec<Finding>) {
        self.judge_job(findings);
        if self.situation.entry.draft {
            findings.push(Finding::new(Code::EntryDraft, Severity::Notice, "draft"));
        }
        judge_account(self, findings);
        judge_token(self, findings);
        self.judge_content(findings);
        self.judge_schedule(findings);
        self.judge_checkpoints(findings);
        judge_cool_down(self, Severity::Warning, findings);
    }

    /// What the job says. A cause that readiness judges itself is left to it, so that the entry is
    /// back as soon as the cause is mended.
    fn judge_job(&self, findings: &mut Vec<Finding>) {
        let Some(job) = self.situation.job else {
            return;
        };
        let code = job.last_error.unwrap_or(Code::PublishError);
        match job.status {
            JobStatus::NeedsAttention if !is_judged_here(code) => {
                findings.push(Finding::blocking(code, "job.lastError"));
            }
            JobStatus::Failed => findings.push(Finding::warning(code, "job.lastError")),
            _ => {}
        }
    }

    fn judge_content(&self, findings: &mut Vec<Finding>) {
        let Situation { entry, rules, .. } = self.situation;
        match self.content {
            Some(known) => findings.extend_from_slice(known),
            None => validate(rules, entry, self.account(), findings),
        }
        for (i, media) in entry.media.iter().enumerate() {
            self.judge_url(media, findings, || format!("media[{i}].urlExpiresAt"));
        }
        if let Some(Cover::Image { media }) = &entry.cover {
            self.judge_url(media, findings, || "cover.media.urlExpiresAt".to_owned());
        }
    }

    fn judge_url(&self, media: &Media, findings: &mut Vec<Finding>, path: impl FnOnce() -> String) {
        let Some(expires_at) = media.url_expires_at else {
            return;
        };
        let margin = TimeDelta::minutes(i64::from(MEDIA_URL_MARGIN_MINUTES));
        let needed_until = self.attempt_at().plus(margin);
        if expires_at < needed_until {
            let finding = Finding::blocking(Code::MediaUrlExpires, path())
                .measured(Measure::instant(expires_at))
                .allowed(Allowed::not_before(needed_until));
            findings.push(self.judged(finding, expires_at <= self.situation.now));
        }
    }

    /// Whether the stored instant is the one that people read as date and time, to the minute. Both
    /// instants of a time that exists twice are.
    fn judge_agreement(&self, findings: &mut Vec<Finding>) {
        let entry = self.situation.entry;
        let (Some(account), Some(stored)) = (self.account(), entry.scheduled_at) else {
            return;
        };
        let (date, time, zone) = (entry.piece.date, entry.piece.time, account.timezone);
        if wall_clock(stored, zone) == Some((date, time)) {
            return;
        }
        // A time in a gap reads otherwise than it was written.
        let read = resolve(date, time, zone).instant;
        let since = stored.since(read);
        if since < TimeDelta::zero() || since >= TimeDelta::minutes(1) {
            findings.push(
                Finding::warning(Code::ScheduleMismatch, "scheduledAt")
                    .measured(Measure::instant(stored)),
            );
        }
    }

    fn judge_schedule(&self, findings: &mut Vec<Finding>) {
        let now = self.situation.now;
        self.judge_agreement(findings);
        match self.due {
            Due::Resolved(Resolution {
                note: Some(note), ..
            }) => {
                let code = match note {
                    DstNote::Gap { .. } => Code::ScheduleGap,
                    DstNote::Fold { .. } => Code::ScheduleFold,
                };
                findings.push(Finding::new(code, Severity::Notice, "piece.time").at_schedule());
            }
            Due::Never => {
                findings.push(Finding::blocking(Code::ScheduleMissing, "scheduledAt"));
            }
            Due::At(_) | Due::Resolved(_) => {}
        }
        let Some(due) = self.due.instant().filter(|due| *due < now) else {
            return;
        };
        let live = self.situation.job.filter(|job| !job.status.is_terminal());
        let code = match live {
            None => Code::ScheduleInPast,
            // The job has stopped for a reason of its own: of course its time has passed.
            Some(_) if findings.iter().any(tile::is_stop) => return,
            Some(_) if is_overdue(due, None, now) => Code::MissedSchedule,
            Some(_) => return,
        };
        findings.push(
            Finding::blocking(code, "scheduledAt")
                .measured(Measure::instant(due))
                .allowed(Allowed::not_before(now)),
        );
    }

    fn judge_checkpoints(&self, findings: &mut Vec<Finding>) {
        let Situation { entry, now, .. } = *self.situation;
        let Some(due) = self.due.instant().filter(|due| *due >= now) else {
            return;
        };
        // After a first attempt there is nothing left to prepare.
        if entry.draft || self.situation.job.is_some_and(|job| job.attempt_count > 0) {
            return;
        }
        let checkpoint = |hours: u32| due.plus(-TimeDelta::hours(i64::from(hours)));
        let media_by = checkpoint(MEDIA_CHECKPOINT_HOURS);
        if now >= media_by
            && findings
                .iter()
                .any(|found| found.code == Code::MediaMissing)
        {
            findings.push(
                Finding::warning(Code::CheckpointMediaLate, "media")
                    .measured(Measure::instant(media_by)),
            );
        }
        let review_by = checkpoint(REVIEW_CHECKPOINT_HOURS);
        if now >= review_by && !entry.reviewed {
            findings.push(
                Finding::warning(Code::CheckpointReviewLate, "reviewed")
                    .measured(Measure::instant(review_by)),
            );
        }
    }
}

/// Whether readiness finds `code` by itself for as long as it is true. A stopped job with any other
/// code stays stopped until its own state changes: what the platform said, what nobody can say, and
/// what a person must decide.
fn is_judged_here(code: Code) -> bool {
    is_misfit(code)
        || matches!(
            code,
            Code::MediaMissing
                | Code::AltTextTooLong
                | Code::CaptionTooLong
                | Code::TitleTooLong
                | Code::HashtagsTooMany
                | Code::HashtagInvalid
                | Code::MentionsTooMany
                | Code::UserTagsTooMany
                | Code::UserTagInvalid
                | Code::CollaboratorsTooMany
                | Code::OptionUnsupported
                | Code::PrivacyMissing
                | Code::PrivacyNotAllowed
                | Code::DisclosureIncomplete
                | Code::DisclosurePrivacyConflict
                | Code::InteractionNotAllowed
                | Code::ConsentMissing
                | Code::AppUnaudited
                | Code::ChannelAuthMissing
                | Code::ChannelAuthInvalid
                | Code::TokenExpired
                | Code::ScopeMissing
                | Code::AccountAmbiguous
                | Code::AccountChannelMismatch
                | Code::AccountNotFound
                | Code::AccountCoolingDown
                | Code::DailyCapExceeded
                | Code::EntryDraft
        )
}

/// Whether `code` says of a file that is there that it can't be used as it is.
pub(crate) const fn is_misfit(code: Code) -> bool {
    matches!(
        code,
        Code::MediaTooMany
            | Code::MediaKindUnsupported
            | Code::MediaMixed
            | Code::MediaFormatUnsupported
            | Code::MediaTooLarge
            | Code::MediaDimensionsInvalid
            | Code::MediaRatioInvalid
            | Code::MediaDurationInvalid
            | Code::MediaFrameRateInvalid
            | Code::MediaCodecUnsupported
            | Code::MediaAudioUnsupported
            | Code::MediaBitRateTooHigh
            | Code::MediaNotStreamable
            | Code::MediaUrlInvalid
            | Code::MediaUrlExpires
            | Code::CoverInvalid
    )
}
