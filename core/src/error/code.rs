//! The one list of codes: what can be wrong, in every layer and every language.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Actor;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
}

impl Code {
    /// Every code, in the order of the list.
    pub const ALL: &'static [Self] = &[
        Self::InputInvalid,
        Self::InputTooLarge,
        Self::InputTooDeep,
        Self::InputNotUtf8,
        Self::OperationUnknown,
        Self::FieldMissing,
        Self::FieldTypeInvalid,
        Self::FieldValueInvalid,
        Self::FieldUnknown,
        Self::FieldDefaulted,
        Self::IdInvalid,
        Self::IdDuplicate,
        Self::DateInvalid,
        Self::TimeInvalid,
        Self::TimestampInvalid,
        Self::TimestampOutOfRange,
        Self::ZoneUnknown,
        Self::ChannelUnsupported,
        Self::FormatUnsupported,
        Self::ChannelAuthMissing,
        Self::ChannelAuthInvalid,
        Self::CalendarInvalidChannels,
        Self::CalendarInvalidRange,
        Self::CalendarNotFound,
        Self::CalendarSaveFailed,
        Self::CalendarExportError,
        Self::PublishError,
        Self::AiTimeout,
        Self::AiError,
        Self::StreamEventTooLarge,
        Self::StreamEventInvalid,
        Self::StreamEndedEarly,
        Self::StreamStalled,
        Self::StreamCancelled,
        Self::StreamPieceDuplicate,
        Self::StreamPieceMissing,
        Self::GenerationBusy,
        Self::MediaMissing,
        Self::MediaTooMany,
        Self::MediaKindUnsupported,
        Self::MediaMixed,
        Self::MediaFormatUnsupported,
        Self::MediaTooLarge,
        Self::MediaDimensionsInvalid,
        Self::MediaRatioInvalid,
        Self::MediaDurationInvalid,
        Self::MediaFrameRateInvalid,
        Self::MediaCodecUnsupported,
        Self::MediaAudioUnsupported,
        Self::MediaBitRateTooHigh,
        Self::MediaNotStreamable,
        Self::MediaUnprobed,
        Self::MediaUrlInvalid,
        Self::MediaUrlExpires,
        Self::CoverInvalid,
        Self::AltTextTooLong,
        Self::AltTextUnsupported,
        Self::CaptionTooLong,
        Self::TitleTooLong,
        Self::HashtagsTooMany,
        Self::HashtagInvalid,
        Self::MentionsTooMany,
        Self::UserTagsTooMany,
        Self::UserTagInvalid,
        Self::CollaboratorsTooMany,
        Self::OptionUnsupported,
        Self::OptionIgnored,
        Self::PrivacyMissing,
        Self::PrivacyNotAllowed,
        Self::DisclosureIncomplete,
        Self::DisclosurePrivacyConflict,
        Self::InteractionNotAllowed,
        Self::ConsentMissing,
        Self::AppUnaudited,
        Self::TokenExpired,
        Self::TokenRefreshNeeded,
        Self::ScopeMissing,
        Self::AccountAmbiguous,
        Self::AccountChannelMismatch,
        Self::AccountNotFound,
        Self::AccountCoolingDown,
        Self::DailyCapExceeded,
        Self::ScheduleMissing,
        Self::ScheduleInPast,
        Self::ScheduleClash,
        Self::ScheduleGap,
        Self::ScheduleFold,
        Self::ScheduleOffsetInvalid,
        Self::ScheduleStale,
        Self::ScheduleFrozen,
        Self::CheckpointMediaLate,
        Self::CheckpointReviewLate,
        Self::MergeConflict,
        Self::MergeChoiceUnknown,
        Self::JobTransitionIllegal,
        Self::JobNotFound,
        Self::JobLeaseLost,
        Self::LeaseTooShort,
        Self::EntryNotFound,
        Self::EntryDraft,
        Self::EntryPublished,
        Self::MissedSchedule,
        Self::OutcomeUnknown,
        Self::RetriesExhausted,
        Self::Cancelled,
        Self::FlagOff,
        Self::IdempotencyConflict,
        Self::OutboxFull,
        Self::StoreUnavailable,
        Self::StoreCorrupt,
        Self::StoreSchemaNewer,
        Self::RevisionConflict,
        Self::CsvSyntax,
        Self::CsvHeaderInvalid,
        Self::SchemaVersionUnsupported,
        Self::WriteFailed,
        Self::RateLimited,
        Self::QuotaExhausted,
        Self::AccountBlocked,
        Self::AccountActionRequired,
        Self::ContentRejected,
        Self::MediaRejected,
        Self::MediaUnreachable,
        Self::AppMisconfigured,
        Self::PlatformTemporary,
        Self::PlatformPermanent,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InputInvalid => "INPUT_INVALID",
            Self::InputTooLarge => "INPUT_TOO_LARGE",
            Self::InputTooDeep => "INPUT_TOO_DEEP",
            Self::InputNotUtf8 => "INPUT_NOT_UTF8",
            Self::OperationUnknown => "OPERATION_UNKNOWN",
            Self::FieldMissing => "FIELD_MISSING",
            Self::FieldTypeInvalid => "FIELD_TYPE_INVALID",
            Self::FieldValueInvalid => "FIELD_VALUE_INVALID",
            Self::FieldUnknown => "FIELD_UNKNOWN",
            Self::FieldDefaulted => "FIELD_DEFAULTED",
            Self::IdInvalid => "ID_INVALID",
            Self::IdDuplicate => "ID_DUPLICATE",
            Self::DateInvalid => "DATE_INVALID",
            Self::TimeInvalid => "TIME_INVALID",
            Self::TimestampInvalid => "TIMESTAMP_INVALID",
            Self::TimestampOutOfRange => "TIMESTAMP_OUT_OF_RANGE",
            Self::ZoneUnknown => "ZONE_UNKNOWN",
            Self::ChannelUnsupported => "CHANNEL_UNSUPPORTED",
            Self::FormatUnsupported => "FORMAT_UNSUPPORTED",
            Self::ChannelAuthMissing => "CHANNEL_AUTH_MISSING",
            Self::ChannelAuthInvalid => "CHANNEL_AUTH_INVALID",
            Self::CalendarInvalidChannels => "CALENDAR_INVALID_CHANNELS",
            Self::CalendarInvalidRange => "CALENDAR_INVALID_RANGE",
            Self::CalendarNotFound => "CALENDAR_NOT_FOUND",
            Self::CalendarSaveFailed => "CALENDAR_SAVE_FAILED",
            Self::CalendarExportError => "CALENDAR_EXPORT_ERROR",
            Self::PublishError => "PUBLISH_ERROR",
            Self::AiTimeout => "AI_TIMEOUT",
            Self::AiError => "AI_ERROR",
            Self::StreamEventTooLarge => "STREAM_EVENT_TOO_LARGE",
            Self::StreamEventInvalid => "STREAM_EVENT_INVALID",
            Self::StreamEndedEarly => "STREAM_ENDED_EARLY",
            Self::StreamStalled => "STREAM_STALLED",
            Self::StreamCancelled => "STREAM_CANCELLED",
            Self::StreamPieceDuplicate => "STREAM_PIECE_DUPLICATE",
            Self::StreamPieceMissing => "STREAM_PIECE_MISSING",
            Self::GenerationBusy => "GENERATION_BUSY",
            Self::MediaMissing => "MEDIA_MISSING",
            Self::MediaTooMany => "MEDIA_TOO_MANY",
            Self::MediaKindUnsupported => "MEDIA_KIND_UNSUPPORTED",
            Self::MediaMixed => "MEDIA_MIXED",
            Self::MediaFormatUnsupported => "MEDIA_FORMAT_UNSUPPORTED",
            Self::MediaTooLarge => "MEDIA_TOO_LARGE",
            Self::MediaDimensionsInvalid => "MEDIA_DIMENSIONS_INVALID",
            Self::MediaRatioInvalid => "MEDIA_RATIO_INVALID",
            Self::MediaDurationInvalid => "MEDIA_DURATION_INVALID",
            Self::MediaFrameRateInvalid => "MEDIA_FRAME_RATE_INVALID",
            Self::MediaCodecUnsupported => "MEDIA_CODEC_UNSUPPORTED",
            Self::MediaAudioUnsupported => "MEDIA_AUDIO_UNSUPPORTED",
            Self::MediaBitRateTooHigh => "MEDIA_BIT_RATE_TOO_HIGH",
            Self::MediaNotStreamable => "MEDIA_NOT_STREAMABLE",
            Self::MediaUnprobed => "MEDIA_UNPROBED",
            Self::MediaUrlInvalid => "MEDIA_URL_INVALID",
            Self::MediaUrlExpires => "MEDIA_URL_EXPIRES",
            Self::CoverInvalid => "COVER_INVALID",
            Self::AltTextTooLong => "ALT_TEXT_TOO_LONG",
            Self::AltTextUnsupported => "ALT_TEXT_UNSUPPORTED",
            Self::CaptionTooLong => "CAPTION_TOO_LONG",
            Self::TitleTooLong => "TITLE_TOO_LONG",
            Self::HashtagsTooMany => "HASHTAGS_TOO_MANY",
            Self::HashtagInvalid => "HASHTAG_INVALID",
            Self::MentionsTooMany => "MENTIONS_TOO_MANY",
            Self::UserTagsTooMany => "USER_TAGS_TOO_MANY",
            Self::UserTagInvalid => "USER_TAG_INVALID",
            Self::CollaboratorsTooMany => "COLLABORATORS_TOO_MANY",
            Self::OptionUnsupported => "OPTION_UNSUPPORTED",
            Self::OptionIgnored => "OPTION_IGNORED",
            Self::PrivacyMissing => "PRIVACY_MISSING",
            Self::PrivacyNotAllowed => "PRIVACY_NOT_ALLOWED",
            Self::DisclosureIncomplete => "DISCLOSURE_INCOMPLETE",
            Self::DisclosurePrivacyConflict => "DISCLOSURE_PRIVACY_CONFLICT",
            Self::InteractionNotAllowed => "INTERACTION_NOT_ALLOWED",
            Self::ConsentMissing => "CONSENT_MISSING",
            Self::AppUnaudited => "APP_UNAUDITED",
            Self::TokenExpired => "TOKEN_EXPIRED",
            Self::TokenRefreshNeeded => "TOKEN_REFRESH_NEEDED",
            Self::ScopeMissing => "SCOPE_MISSING",
            Self::AccountAmbiguous => "ACCOUNT_AMBIGUOUS",
            Self::AccountChannelMismatch => "ACCOUNT_CHANNEL_MISMATCH",
            Self::AccountNotFound => "ACCOUNT_NOT_FOUND",
            Self::AccountCoolingDown => "ACCOUNT_COOLING_DOWN",
            Self::DailyCapExceeded => "DAILY_CAP_EXCEEDED",
            Self::ScheduleMissing => "SCHEDULE_MISSING",
            Self::ScheduleInPast => "SCHEDULE_IN_PAST",
            Self::ScheduleClash => "SCHEDULE_CLASH",
            Self::ScheduleGap => "SCHEDULE_GAP",
            Self::ScheduleFold => "SCHEDULE_FOLD",
            Self::ScheduleOffsetInvalid => "SCHEDULE_OFFSET_INVALID",
            Self::ScheduleStale => "SCHEDULE_STALE",
            Self::ScheduleFrozen => "SCHEDULE_FROZEN",
            Self::CheckpointMediaLate => "CHECKPOINT_MEDIA_LATE",
            Self::CheckpointReviewLate => "CHECKPOINT_REVIEW_LATE",
            Self::MergeConflict => "MERGE_CONFLICT",
            Self::MergeChoiceUnknown => "MERGE_CHOICE_UNKNOWN",
            Self::JobTransitionIllegal => "JOB_TRANSITION_ILLEGAL",
            Self::JobNotFound => "JOB_NOT_FOUND",
            Self::JobLeaseLost => "JOB_LEASE_LOST",
            Self::LeaseTooShort => "LEASE_TOO_SHORT",
            Self::EntryNotFound => "ENTRY_NOT_FOUND",
            Self::EntryDraft => "ENTRY_DRAFT",
            Self::EntryPublished => "ENTRY_PUBLISHED",
            Self::MissedSchedule => "MISSED_SCHEDULE",
            Self::OutcomeUnknown => "OUTCOME_UNKNOWN",
            Self::RetriesExhausted => "RETRIES_EXHAUSTED",
            Self::Cancelled => "CANCELLED",
            Self::FlagOff => "FLAG_OFF",
            Self::IdempotencyConflict => "IDEMPOTENCY_CONFLICT",
            Self::OutboxFull => "OUTBOX_FULL",
            Self::StoreUnavailable => "STORE_UNAVAILABLE",
            Self::StoreCorrupt => "STORE_CORRUPT",
            Self::StoreSchemaNewer => "STORE_SCHEMA_NEWER",
            Self::RevisionConflict => "REVISION_CONFLICT",
            Self::CsvSyntax => "CSV_SYNTAX",
            Self::CsvHeaderInvalid => "CSV_HEADER_INVALID",
            Self::SchemaVersionUnsupported => "SCHEMA_VERSION_UNSUPPORTED",
            Self::WriteFailed => "WRITE_FAILED",
            Self::RateLimited => "RATE_LIMITED",
            Self::QuotaExhausted => "QUOTA_EXHAUSTED",
            Self::AccountBlocked => "ACCOUNT_BLOCKED",
            Self::AccountActionRequired => "ACCOUNT_ACTION_REQUIRED",
            Self::ContentRejected => "CONTENT_REJECTED",
            Self::MediaRejected => "MEDIA_REJECTED",
            Self::MediaUnreachable => "MEDIA_UNREACHABLE",
            Self::AppMisconfigured => "APP_MISCONFIGURED",
            Self::PlatformTemporary => "PLATFORM_TEMPORARY",
            Self::PlatformPermanent => "PLATFORM_PERMANENT",
        }
    }

    /// The HTTP status a host answers with when this code is the whole answer.
    pub const fn http_status(self) -> u16 {
        match self {
            Self::InputInvalid
            | Self::InputTooDeep
            | Self::InputNotUtf8
            | Self::FieldMissing
            | Self::FieldTypeInvalid
            | Self::FieldValueInvalid
            | Self::FieldUnknown
            | Self::IdInvalid
            | Self::IdDuplicate
            | Self::DateInvalid
            | Self::TimeInvalid
            | Self::TimestampInvalid
            | Self::TimestampOutOfRange
            | Self::ZoneUnknown
            | Self::ChannelUnsupported
            | Self::FormatUnsupported
            | Self::ChannelAuthMissing
            | Self::ChannelAuthInvalid
            | Self::CalendarInvalidChannels
            | Self::CalendarInvalidRange
            | Self::ScheduleOffsetInvalid
            | Self::MergeChoiceUnknown
            | Self::LeaseTooShort
            | Self::CsvSyntax
            | Self::CsvHeaderInvalid
            | Self::SchemaVersionUnsupported => 400,
            Self::InputTooLarge => 413,
            Self::OperationUnknown
            | Self::CalendarNotFound
            | Self::AccountNotFound
            | Self::JobNotFound
            | Self::EntryNotFound => 404,
            Self::FieldDefaulted
            | Self::StreamPieceDuplicate
            | Self::StreamPieceMissing
            | Self::MediaUnprobed
            | Self::AltTextUnsupported
            | Self::HashtagInvalid
            | Self::OptionIgnored
            | Self::TokenRefreshNeeded
            | Self::ScheduleGap
            | Self::ScheduleFold
            | Self::CheckpointMediaLate
            | Self::CheckpointReviewLate
            | Self::FlagOff => 200,
            Self::CalendarSaveFailed
            | Self::StoreCorrupt
            | Self::StoreSchemaNewer
            | Self::AppMisconfigured => 500,
            Self::CalendarExportError
            | Self::PublishError
            | Self::AiError
            | Self::StreamEventTooLarge
            | Self::StreamEventInvalid
            | Self::StreamEndedEarly
            | Self::OutcomeUnknown
            | Self::RetriesExhausted
            | Self::WriteFailed
            | Self::PlatformTemporary
            | Self::PlatformPermanent => 502,
            Self::AiTimeout | Self::StreamStalled => 504,
            Self::StreamCancelled => 499,
            Self::GenerationBusy
            | Self::ScheduleClash
            | Self::ScheduleStale
            | Self::ScheduleFrozen
            | Self::MergeConflict
            | Self::JobTransitionIllegal
            | Self::JobLeaseLost
            | Self::EntryDraft
            | Self::EntryPublished
            | Self::MissedSchedule
            | Self::Cancelled
            | Self::IdempotencyConflict
            | Self::RevisionConflict => 409,
            Self::MediaMissing
            | Self::MediaTooMany
            | Self::MediaKindUnsupported
            | Self::MediaMixed
            | Self::MediaFormatUnsupported
            | Self::MediaTooLarge
            | Self::MediaDimensionsInvalid
            | Self::MediaRatioInvalid
            | Self::MediaDurationInvalid
            | Self::MediaFrameRateInvalid
            | Self::MediaCodecUnsupported
            | Self::MediaAudioUnsupported
            | Self::MediaBitRateTooHigh
            | Self::MediaNotStreamable
            | Self::MediaUrlInvalid
            | Self::MediaUrlExpires
            | Self::CoverInvalid
            | Self::AltTextTooLong
            | Self::CaptionTooLong
            | Self::TitleTooLong
            | Self::HashtagsTooMany
            | Self::MentionsTooMany
            | Self::UserTagsTooMany
            | Self::UserTagInvalid
            | Self::CollaboratorsTooMany
            | Self::OptionUnsupported
            | Self::PrivacyMissing
            | Self::PrivacyNotAllowed
            | Self::DisclosureIncomplete
            | Self::DisclosurePrivacyConflict
            | Self::InteractionNotAllowed
            | Self::ConsentMissing
            | Self::AppUnaudited
            | Self::AccountAmbiguous
            | Self::AccountChannelMismatch
            | Self::DailyCapExceeded
            | Self::ScheduleMissing
            | Self::ScheduleInPast
            | Self::ContentRejected
            | Self::MediaRejected
            | Self::MediaUnreachable => 422,
            Self::TokenExpired => 401,
            Self::ScopeMissing | Self::AccountBlocked | Self::AccountActionRequired => 403,
            Self::AccountCoolingDown | Self::RateLimited | Self::QuotaExhausted => 429,
            Self::OutboxFull | Self::StoreUnavailable => 503,
        }
    }

    /// Whether trying again can help.
    pub const fn persistence(self) -> Persistence {
        match self {
            Self::InputInvalid
            | Self::InputTooLarge
            | Self::InputTooDeep
            | Self::InputNotUtf8
            | Self::OperationUnknown
            | Self::FieldMissing
            | Self::FieldTypeInvalid
            | Self::FieldValueInvalid
            | Self::FieldUnknown
            | Self::FieldDefaulted
            | Self::IdInvalid
            | Self::IdDuplicate
            | Self::DateInvalid
            | Self::TimeInvalid
            | Self::TimestampInvalid
            | Self::TimestampOutOfRange
            | Self::ZoneUnknown
            | Self::ChannelUnsupported
            | Self::FormatUnsupported
            | Self::ChannelAuthMissing
            | Self::ChannelAuthInvalid
            | Self::CalendarInvalidChannels
            | Self::CalendarInvalidRange
            | Self::CalendarNotFound
            | Self::StreamEventTooLarge
            | Self::StreamEventInvalid
            | Self::StreamCancelled
            | Self::StreamPieceDuplicate
            | Self::MediaMissing
            | Self::MediaTooMany
            | Self::MediaKindUnsupported
            | Self::MediaMixed
            | Self::MediaFormatUnsupported
            | Self::MediaTooLarge
            | Self::MediaDimensionsInvalid
            | Self::MediaRatioInvalid
            | Self::MediaDurationInvalid
            | Self::MediaFrameRateInvalid
            | Self::MediaCodecUnsupported
            | Self::MediaAudioUnsupported
            | Self::MediaBitRateTooHigh
            | Self::MediaNotStreamable
            | Self::MediaUnprobed
            | Self::MediaUrlInvalid
            | Self::MediaUrlExpires
            | Self::CoverInvalid
            | Self::AltTextTooLong
            | Self::AltTextUnsupported
            | Self::CaptionTooLong
            | Self::TitleTooLong
            | Self::HashtagsTooMany
            | Self::HashtagInvalid
            | Self::MentionsTooMany
            | Self::UserTagsTooMany
            | Self::UserTagInvalid
            | Self::CollaboratorsTooMany
            | Self::OptionUnsupported
            | Self::OptionIgnored
            | Self::PrivacyMissing
            | Self::PrivacyNotAllowed
            | Self::DisclosureIncomplete
            | Self::DisclosurePrivacyConflict
            | Self::InteractionNotAllowed
            | Self::ConsentMissing
            | Self::AppUnaudited
            | Self::TokenExpired
            | Self::ScopeMissing
            | Self::AccountAmbiguous
            | Self::AccountChannelMismatch
            | Self::AccountNotFound
            | Self::ScheduleMissing
            | Self::ScheduleInPast
            | Self::ScheduleClash
            | Self::ScheduleGap
            | Self::ScheduleFold
            | Self::ScheduleOffsetInvalid
            | Self::ScheduleStale
            | Self::ScheduleFrozen
            | Self::CheckpointMediaLate
            | Self::CheckpointReviewLate
            | Self::MergeConflict
            | Self::MergeChoiceUnknown
            | Self::JobTransitionIllegal
            | Self::JobNotFound
            | Self::LeaseTooShort
            | Self::EntryNotFound
            | Self::EntryDraft
            | Self::EntryPublished
            | Self::MissedSchedule
            | Self::RetriesExhausted
            | Self::Cancelled
            | Self::FlagOff
            | Self::IdempotencyConflict
            | Self::StoreCorrupt
            | Self::StoreSchemaNewer
            | Self::RevisionConflict
            | Self::CsvSyntax
            | Self::CsvHeaderInvalid
            | Self::SchemaVersionUnsupported
            | Self::AccountBlocked
            | Self::AccountActionRequired
            | Self::ContentRejected
            | Self::MediaRejected
            | Self::AppMisconfigured
            | Self::PlatformPermanent => Persistence::Permanent,
            Self::CalendarSaveFailed
            | Self::CalendarExportError
            | Self::PublishError
            | Self::AiTimeout
            | Self::AiError
            | Self::StreamEndedEarly
            | Self::StreamStalled
            | Self::StreamPieceMissing
            | Self::GenerationBusy
            | Self::TokenRefreshNeeded
            | Self::AccountCoolingDown
            | Self::DailyCapExceeded
            | Self::JobLeaseLost
            | Self::OutboxFull
            | Self::StoreUnavailable
            | Self::WriteFailed
            | Self::RateLimited
            | Self::QuotaExhausted
            | Self::MediaUnreachable
            | Self::PlatformTemporary => Persistence::Temporary,
            Self::OutcomeUnknown => Persistence::Unknown,
        }
    }

    /// Who can mend it.
    pub const fn actor(self) -> Actor {
        match self {
            Self::InputInvalid
            | Self::InputTooLarge
            | Self::InputTooDeep
            | Self::InputNotUtf8
            | Self::OperationUnknown
            | Self::FieldUnknown
            | Self::IdInvalid
            | Self::IdDuplicate
            | Self::TimestampInvalid
            | Self::CalendarNotFound
            | Self::CalendarSaveFailed
            | Self::CalendarExportError
            | Self::MediaUnprobed
            | Self::MediaUrlExpires
            | Self::AppUnaudited
            | Self::TokenRefreshNeeded
            | Self::MergeChoiceUnknown
            | Self::JobTransitionIllegal
            | Self::JobNotFound
            | Self::JobLeaseLost
            | Self::LeaseTooShort
            | Self::EntryNotFound
            | Self::FlagOff
            | Self::IdempotencyConflict
            | Self::OutboxFull
            | Self::StoreUnavailable
            | Self::StoreCorrupt
            | Self::StoreSchemaNewer
            | Self::SchemaVersionUnsupported
            | Self::WriteFailed
            | Self::MediaUnreachable
            | Self::AppMisconfigured => Actor::App,
            Self::FieldMissing
            | Self::FieldTypeInvalid
            | Self::FieldValueInvalid
            | Self::FieldDefaulted
            | Self::DateInvalid
            | Self::TimeInvalid
            | Self::TimestampOutOfRange
            | Self::ChannelUnsupported
            | Self::FormatUnsupported
            | Self::CalendarInvalidChannels
            | Self::CalendarInvalidRange
            | Self::StreamCancelled
            | Self::GenerationBusy
            | Self::MediaMissing
            | Self::MediaTooMany
            | Self::MediaKindUnsupported
            | Self::MediaMixed
            | Self::MediaFormatUnsupported
            | Self::MediaTooLarge
            | Self::MediaDimensionsInvalid
            | Self::MediaRatioInvalid
            | Self::MediaDurationInvalid
            | Self::MediaFrameRateInvalid
            | Self::MediaCodecUnsupported
            | Self::MediaAudioUnsupported
            | Self::MediaBitRateTooHigh
            | Self::MediaNotStreamable
            | Self::MediaUrlInvalid
            | Self::CoverInvalid
            | Self::AltTextTooLong
            | Self::AltTextUnsupported
            | Self::CaptionTooLong
            | Self::TitleTooLong
            | Self::HashtagsTooMany
            | Self::HashtagInvalid
            | Self::MentionsTooMany
            | Self::UserTagsTooMany
            | Self::UserTagInvalid
            | Self::CollaboratorsTooMany
            | Self::OptionUnsupported
            | Self::OptionIgnored
            | Self::PrivacyMissing
            | Self::PrivacyNotAllowed
            | Self::DisclosureIncomplete
            | Self::DisclosurePrivacyConflict
            | Self::InteractionNotAllowed
            | Self::ConsentMissing
            | Self::AccountAmbiguous
            | Self::AccountChannelMismatch
            | Self::DailyCapExceeded
            | Self::ScheduleMissing
            | Self::ScheduleInPast
            | Self::ScheduleClash
            | Self::ScheduleGap
            | Self::ScheduleFold
            | Self::ScheduleOffsetInvalid
            | Self::ScheduleStale
            | Self::ScheduleFrozen
            | Self::CheckpointMediaLate
            | Self::CheckpointReviewLate
            | Self::MergeConflict
            | Self::EntryDraft
            | Self::EntryPublished
            | Self::MissedSchedule
            | Self::OutcomeUnknown
            | Self::Cancelled
            | Self::RevisionConflict
            | Self::CsvSyntax
            | Self::CsvHeaderInvalid
            | Self::ContentRejected
            | Self::MediaRejected => Actor::Content,
            Self::ZoneUnknown
            | Self::ChannelAuthMissing
            | Self::ChannelAuthInvalid
            | Self::TokenExpired
            | Self::ScopeMissing
            | Self::AccountNotFound
            | Self::AccountBlocked
            | Self::AccountActionRequired => Actor::Account,
            Self::PublishError
            | Self::AiTimeout
            | Self::AiError
            | Self::StreamEventTooLarge
            | Self::StreamEventInvalid
            | Self::StreamEndedEarly
            | Self::StreamStalled
            | Self::StreamPieceDuplicate
            | Self::StreamPieceMissing
            | Self::AccountCoolingDown
            | Self::RetriesExhausted
            | Self::RateLimited
            | Self::QuotaExhausted
            | Self::PlatformTemporary
            | Self::PlatformPermanent => Actor::Platform,
        }
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
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == name)
            .ok_or(())
    }
}
