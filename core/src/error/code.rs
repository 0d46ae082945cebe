//! The one list of codes: what can be wrong, in every layer and every language.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use super::Actor;
use super::facts::{Row, TABLE};

/// Whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// The same input gives the same answer: somebody must change something.
    Permanent,
    /// It can pass by itself.
    Temporary,
    /// It may have taken effect. Never try again without looking first.
    Unknown,
}

/// A stable code. Users read its text from [`message`](crate::message), by code.
///
/// On the wire: its name in capitals, `CAPTION_TOO_LONG`. Codes are added, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Code {
    // Reading input.
    /// The input isn't the JSON document that was expected.
    InputInvalid,
    /// The input is larger than its bound.
    InputTooLarge,
    /// The input is nested deeper than its bound.
    InputTooDeep,
    /// The input isn't UTF-8.
    InputNotUtf8,
    /// There is no operation of that name.
    OperationUnknown,
    /// A calendar, stream or engine was used after it was closed.
    HandleClosed,
    /// The library itself failed: a defect of it, never of the input.
    LibraryFailed,
    /// A required field is missing.
    FieldMissing,
    /// A field has the wrong type.
    FieldTypeInvalid,
    /// A field has a value that isn't allowed.
    FieldValueInvalid,
    /// A field isn't known here.
    FieldUnknown,
    /// A missing field was given the host's default.
    FieldDefaulted,
    /// An id isn't a UUID.
    IdInvalid,
    /// An id stands twice.
    IdDuplicate,
    /// A date doesn't exist or isn't written `YYYY-MM-DD`.
    DateInvalid,
    /// A time doesn't exist or isn't written `HH:MM`.
    TimeInvalid,
    /// An instant isn't written as RFC 3339.
    TimestampInvalid,
    /// An instant lies outside the years 1 to 9999.
    TimestampOutOfRange,
    /// A time zone isn't in the IANA database.
    ZoneUnknown,
    /// The channel isn't TikTok or Instagram.
    ChannelUnsupported,
    /// The format can't be published (a story, for example).
    FormatUnsupported,
    // The host's codes.
    /// No account is linked on the channel.
    ChannelAuthMissing,
    /// The account's authorisation was withdrawn.
    ChannelAuthInvalid,
    /// The request names no channel, or one that isn't supported.
    CalendarInvalidChannels,
    /// The calendar's end lies before its start, or the range is too long.
    CalendarInvalidRange,
    /// There is no such calendar for this user.
    CalendarNotFound,
    /// The calendar couldn't be saved; the stored one is as it was.
    CalendarSaveFailed,
    /// The calendar couldn't be exported.
    CalendarExportError,
    /// Publishing failed.
    PublishError,
    /// The generation was cut; what had arrived is kept.
    AiTimeout,
    /// The generation failed; what had arrived is kept.
    AiError,
    // The AI stream.
    /// One event of the stream is larger than its bound.
    StreamEventTooLarge,
    /// An event of the stream can't be read.
    StreamEventInvalid,
    /// The stream ended without saying that it was done.
    StreamEndedEarly,
    /// Nothing has arrived for longer than expected, not even a keep-alive.
    StreamStalled,
    /// The generation was cancelled.
    StreamCancelled,
    /// A piece of the stream arrived twice; the first was kept.
    StreamPieceDuplicate,
    /// A piece of the stream never arrived.
    StreamPieceMissing,
    /// A generation for this user is running already.
    GenerationBusy,
    // Media.
    /// The entry has no media, or not enough.
    MediaMissing,
    /// The entry has more media than a post may hold.
    MediaTooMany,
    /// A file of this kind can't be part of this post.
    MediaKindUnsupported,
    /// Photos and videos can't be mixed in this post.
    MediaMixed,
    /// The file's format isn't accepted.
    MediaFormatUnsupported,
    /// The file has too many bytes.
    MediaTooLarge,
    /// The picture is too small or too large.
    MediaDimensionsInvalid,
    /// The aspect ratio is out of bounds.
    MediaRatioInvalid,
    /// The video is too short or too long.
    MediaDurationInvalid,
    /// The frame rate is out of bounds.
    MediaFrameRateInvalid,
    /// The video codec isn't accepted.
    MediaCodecUnsupported,
    /// The audio track isn't accepted.
    MediaAudioUnsupported,
    /// The bit rate is too high.
    MediaBitRateTooHigh,
    /// The file's index stands behind its data, or it has edit lists.
    MediaNotStreamable,
    /// A fact the rules need hasn't been measured.
    MediaUnprobed,
    /// The media URL can't be fetched by a platform.
    MediaUrlInvalid,
    /// The signed media URL will have died when the post is due.
    MediaUrlExpires,
    /// The cover doesn't fit.
    CoverInvalid,
    /// The alternative text is too long.
    AltTextTooLong,
    /// There is no alternative text here.
    AltTextUnsupported,
    // Text and options.
    /// The caption is too long.
    CaptionTooLong,
    /// The title is too long.
    TitleTooLong,
    /// There are too many hashtags.
    HashtagsTooMany,
    /// A hashtag holds characters that end it early.
    HashtagInvalid,
    /// There are too many mentions.
    MentionsTooMany,
    /// Too many accounts are tagged.
    UserTagsTooMany,
    /// A tagged account has no valid name or position.
    UserTagInvalid,
    /// Too many collaborators are invited.
    CollaboratorsTooMany,
    /// The option isn't available for this post.
    OptionUnsupported,
    /// The platform will ignore this option here.
    OptionIgnored,
    /// Nobody has chosen who may see the post.
    PrivacyMissing,
    /// The creator can't choose this privacy.
    PrivacyNotAllowed,
    /// The commercial switch is on, but what it promotes isn't chosen.
    DisclosureIncomplete,
    /// Branded content can't be private.
    DisclosurePrivacyConflict,
    /// The creator has turned this interaction off.
    InteractionNotAllowed,
    /// The consent the platform asks for hasn't been recorded.
    ConsentMissing,
    /// TikTok hasn't audited the app: only private posts on private accounts.
    AppUnaudited,
    // Accounts.
    /// The account's token has run out, or will have when the entry is due.
    TokenExpired,
    /// The token will be renewed before the entry is due.
    TokenRefreshNeeded,
    /// The account didn't grant what publishing needs.
    ScopeMissing,
    /// Several accounts are linked on the channel and the entry names none.
    AccountAmbiguous,
    /// The account is on another channel than the entry.
    AccountChannelMismatch,
    /// There is no such account for this user.
    AccountNotFound,
    /// The attempt to link an account isn't valid (any more): it ran out, was finished before, or isn't this user's.
    LinkInvalid,
    /// The account is left alone for a while after a limit.
    AccountCoolingDown,
    /// More posts are planned than the platform allows in the window.
    DailyCapExceeded,
    // Schedule.
    /// The entry has no instant of publication.
    ScheduleMissing,
    /// The instant lies in the past.
    ScheduleInPast,
    /// Two entries of one account are due at (nearly) the same time.
    ScheduleClash,
    /// The wall-clock time doesn't exist that day; it moved forward by the gap.
    ScheduleGap,
    /// The wall-clock time exists twice that day; the earlier one was taken.
    ScheduleFold,
    /// The piece's date and time come to another instant than the one it is scheduled for.
    ScheduleMismatch,
    /// The offset can't be applied.
    ScheduleOffsetInvalid,
    /// The calendar changed since the plan was made.
    ScheduleStale,
    /// The entry is published or being published and can't be moved.
    ScheduleFrozen,
    /// Media are due 24 hours before publication and aren't there.
    CheckpointMediaLate,
    /// A review is due 6 hours before publication and hasn't happened.
    CheckpointReviewLate,
    // Merging.
    /// A field was edited by hand and regenerated differently.
    MergeConflict,
    /// A choice names a change that isn't in the plan.
    MergeChoiceUnknown,
    // Jobs and publishing.
    /// The job can't go from the one state to the other.
    JobTransitionIllegal,
    /// There is no such job for this user.
    JobNotFound,
    /// The entry has a job already that isn't finished.
    JobExists,
    /// Another worker holds the job.
    JobLeaseLost,
    /// A lease must outlast the transport's deadline.
    LeaseTooShort,
    /// There is no such entry for this user.
    EntryNotFound,
    /// The entry is a draft.
    EntryDraft,
    /// The entry is published already.
    EntryPublished,
    /// Its time passed while no worker was running.
    MissedSchedule,
    /// Nobody can say whether the post is out.
    OutcomeUnknown,
    /// Every retry failed.
    RetriesExhausted,
    /// It was cancelled.
    Cancelled,
    /// Publishing is switched off.
    FlagOff,
    /// The same idempotency key came with other content.
    IdempotencyConflict,
    /// The outbox holds as many intents as it may while the store is down.
    OutboxFull,
    // Storage.
    /// The store can't be reached.
    StoreUnavailable,
    /// A stored row can't be read.
    StoreCorrupt,
    /// The database was written by a newer version.
    StoreSchemaNewer,
    /// Somebody else saved in the meantime.
    RevisionConflict,
    // Import and export.
    /// The CSV breaks off inside a quoted field, or a row has the wrong number of cells.
    CsvSyntax,
    /// The CSV's first row doesn't name the columns.
    CsvHeaderInvalid,
    /// The document has a schema version that isn't known here.
    SchemaVersionUnsupported,
    /// The export couldn't be written.
    WriteFailed,
    // What a platform answers.
    /// The platform asked for fewer calls.
    RateLimited,
    /// The platform's quota of posts is spent.
    QuotaExhausted,
    /// The platform has blocked the account from posting.
    AccountBlocked,
    /// The person must act in the platform's app first.
    AccountActionRequired,
    /// The platform refused the content.
    ContentRejected,
    /// The platform refused the file.
    MediaRejected,
    /// The platform couldn't fetch the file.
    MediaUnreachable,
    /// The app isn't set up correctly at the platform.
    AppMisconfigured,
    /// The platform had a passing fault.
    PlatformTemporary,
    /// The platform refused for a reason that retrying can't mend.
    PlatformPermanent,
    // New codes go before this one: the table's length is checked against the last.
}

impl Code {
    /// Every code, in the order of the list.
    pub const ALL: [Self; TABLE.len()] = {
        let mut all = [Self::InputInvalid; TABLE.len()];
        let mut place = 0;
        while place < TABLE.len() {
            all[place] = TABLE[place].code;
            place += 1;
        }
        all
    };

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The HTTP status a host answers with when this code is the whole answer.
    pub const fn http_status(self) -> u16 {
        self.row().http_status
    }

    /// Whether trying again can help.
    pub const fn persistence(self) -> Persistence {
        self.row().persistence
    }

    /// Who can mend it.
    pub const fn actor(self) -> Actor {
        self.row().actor
    }

    const fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Code {
    type Err = ();

    /// The code of that name.
    fn from_str(name: &str) -> Result<Self, ()> {
        TABLE
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.code)
            .ok_or(())
    }
}

/// The names on the wire, as a refusal lists them.
const NAMES: [&str; TABLE.len()] = {
    let mut names = [""; TABLE.len()];
    let mut place = 0;
    while place < TABLE.len() {
        names[place] = TABLE[place].name;
        place += 1;
    }
    names
};

/// By the table: what serde derives holds every name once more.
impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CodeVisitor;

        impl Visitor<'_> for CodeVisitor {
            type Value = Code;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a code")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Code, E> {
                name.parse().map_err(|()| E::unknown_variant(name, &NAMES))
            }
        }

        deserializer.deserialize_str(CodeVisitor)
    }
}
