//! The texts in English.

use crate::error::Code;

/// What is wrong and what to do, as [templates](super::template).
pub(super) const fn templates(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::InputInvalid => (
            "We couldn't read the data[: there is an error on line {line}, column {column}].",
            "Check the document and send it again.",
        ),
        Code::InputTooLarge => (
            "[{surplus}{field} is left out: the maximum number of pieces is {bound}|The data takes up {measured}; the limit is {allowed}|The data takes up too much space].",
            "Split the content into smaller parts.",
        ),
        Code::InputTooDeep => (
            "The data has too many levels[: {measured}; the limit is {allowed}].",
            "Simplify the structure of the document.",
        ),
        Code::InputNotUtf8 => (
            "The file contains characters that can't be read[ (line {line}, column {column})].",
            "Save it with the UTF-8 encoding and try again.",
        ),
        Code::OperationUnknown => (
            "The app asked for an operation that doesn't exist[: {text}].",
            "Update the app or tell its team.",
        ),
        Code::HandleClosed => (
            "The app used a calendar that it had closed already.",
            "Open the page again; if it happens again, tell the app's team.",
        ),
        Code::LibraryFailed => (
            "The app failed inside[: {text}].",
            "Open the page again; if it happens again, tell the app's team.",
        ),
        Code::FieldMissing => (
            "You still need to fill in [{field}|a required detail].",
            "Fill it in and try again.",
        ),
        Code::FieldTypeInvalid => (
            "[In {field}, ][{expected} was expected, but {found} arrived|{found} arrived, which isn't allowed here|there is something we can't read: {text}|there is something we can't read].",
            "[Write it like this: {pattern}|Change it to {expected}|Correct it and try again].",
        ),
        Code::FieldValueInvalid => (
            "[In {field} there|There] is a value that isn't allowed[: {text}|: {measured}|: {at}].",
            "[Choose {choices}|Write it like this: {pattern}|Enter {allowed}|Choose a moment from {from} on|Change it to a value that is allowed].",
        ),
        Code::FieldUnknown => (
            "We don't recognise [{field}|one of the details].",
            "Remove it or check how it is written.",
        ),
        Code::FieldDefaulted => (
            "There was nothing in [{field}|one detail], so we used the usual value[: {text}].",
            "Check it and change it if it isn't what you want.",
        ),
        Code::IdInvalid => (
            "The id[ {text}] isn't valid.",
            "Reload the page; if it happens again, tell the app's team.",
        ),
        Code::IdDuplicate => (
            "The id[ {text}] appears more than once.",
            "Keep only one of the repeated items.",
        ),
        Code::DateInvalid => (
            "[{when}|The date][ {text}] doesn't exist or isn't written correctly.",
            "[Write it like this: {pattern}|Write it with year, month and day, for example 2026-04-02].",
        ),
        Code::TimeInvalid => (
            "[{when}|The time][ {text}] doesn't exist or isn't written correctly.",
            "[Write it like this: {pattern}|Write it with hours and minutes, for example 09:30].",
        ),
        Code::TimestampInvalid => (
            "The moment given[, {text},] doesn't exist or isn't written correctly.",
            "[Write it like this: {pattern}|Write it with date, time and zone, for example 2026-04-02T09:00:00Z].",
        ),
        Code::TimestampOutOfRange => (
            "The date lies outside the years 1 to 9999.",
            "Choose a closer date.",
        ),
        Code::ZoneUnknown => (
            "We don't know the time zone[ {text}].",
            "Choose a zone by its city, for example Europe/Madrid.",
        ),
        Code::ChannelUnsupported => (
            "You can't publish to [{text}|that channel].",
            "Choose [{choices}|TikTok or Instagram].",
        ),
        Code::FormatUnsupported => (
            "You can't publish in the format [{text}|you chose].",
            "Choose [{choices}|post, carousel, reel or video].",
        ),
        Code::ChannelAuthMissing => (
            "No account on [{text}|{channel}] is linked.",
            "Link an account on [{text}|{channel}] to publish.",
        ),
        Code::ChannelAuthInvalid => (
            "The account on [{text}|{channel}] no longer lets us publish: the permission was withdrawn.",
            "Link the account again.",
        ),
        Code::CalendarInvalidChannels => (
            "The calendar doesn't name channels that can be published to[: {text}].",
            "Choose [{choices}|TikTok or Instagram].",
        ),
        Code::CalendarInvalidRange => (
            "The calendar ends before it starts, or its period is too long.",
            "Check the start date and the end date.",
        ),
        Code::CalendarNotFound => (
            "We couldn't find that calendar.",
            "Go back to the list of calendars and open it again.",
        ),
        Code::CalendarSaveFailed => (
            "We couldn't save the calendar; what was saved before is unchanged.",
            "Save it again in a moment.",
        ),
        Code::CalendarExportError => ("We couldn't export the calendar.", "Try again in a moment."),
        Code::PublishError => (
            "We couldn't publish to {channel}.",
            "Check the status of each entry before you try again.",
        ),
        Code::AiTimeout => (
            "The generation took too long and was stopped; we kept any pieces that had arrived.",
            "Use whatever pieces there are or generate the calendar again.",
        ),
        Code::AiError => (
            "The generation failed; we kept any pieces that had arrived.",
            "Use whatever pieces there are or generate the calendar again.",
        ),
        Code::StreamEventTooLarge => (
            "[A part of {measured} arrived; the limit is {allowed}|A part of the calendar that arrived is too large].",
            "Generate the calendar again; if it happens again, tell the app's team.",
        ),
        Code::StreamEventInvalid => (
            "A part of the calendar that arrived can't be read.",
            "Check the pieces you received or generate the calendar again.",
        ),
        Code::StreamEndedEarly => (
            "The generation broke off before it was done; we kept any pieces that had arrived.",
            "Use whatever pieces there are or generate the calendar again.",
        ),
        Code::StreamStalled => (
            "Nothing has arrived for [{measured}|a while].",
            "Wait a little longer, or cancel and try again.",
        ),
        Code::StreamCancelled => (
            "The generation was cancelled; we kept any pieces that had arrived.",
            "Use whatever pieces there are or generate the calendar again whenever you like.",
        ),
        Code::StreamPieceDuplicate => (
            "A piece arrived twice; we kept the first one.",
            "There is nothing you need to do.",
        ),
        Code::StreamPieceMissing => (
            "A piece of the calendar never arrived.",
            "Generate the calendar again or create the piece by hand.",
        ),
        Code::GenerationBusy => (
            "A calendar is already being generated.",
            "Wait until it is done or cancel the generation.",
        ),
        Code::MediaMissing => (
            "[{none}There are no files yet|Files are missing: the post has {measured}; {channel} needs {allowed}|Files are missing].",
            "Upload the photos or the video.",
        ),
        Code::MediaTooMany => (
            "The post has [{measured}; {channel} {allows} {allowed}|more files than {channel} {allows}].",
            "Remove [{excess}|the ones that are too many].",
        ),
        Code::MediaKindUnsupported => (
            "{file} is of a kind that {channel} doesn't allow in this post[: {text}].",
            "[Use a file of this kind: {choices}|Use a file of another kind].",
        ),
        Code::MediaMixed => (
            "{channel} doesn't allow photos and videos in the same post.",
            "Keep only photos or only one video.",
        ),
        Code::MediaFormatUnsupported => (
            "{file} has a format that {channel} doesn't accept[: {text}].",
            "Convert the file to [{choices}|a format that is accepted].",
        ),
        Code::MediaTooLarge => (
            "{file} is [{measured}; {channel} {allows} {allowed}|too large for {channel}].",
            "Compress the file or use a smaller one.",
        ),
        Code::MediaDimensionsInvalid => (
            "[{field} measures {measured}; {channel} {allows} {allowed}|{file} has dimensions that {channel} doesn't allow][: {text}].",
            "Resize the image or video, or use another file.",
        ),
        Code::MediaRatioInvalid => (
            "{file} has an aspect ratio [of {measured}; {channel} {allows} {allowed}|that {channel} doesn't allow].",
            "Crop the image or video so that it fits.",
        ),
        Code::MediaDurationInvalid => (
            "{file} [lasts {measured}; {channel} {allows} {allowed}|has a length that {channel} doesn't allow].",
            "[Trim the video by {excess}|Use a video of another length].",
        ),
        Code::MediaFrameRateInvalid => (
            "{file} [runs at {measured}; {channel} {allows} {allowed}|has a frame rate that {channel} doesn't allow].",
            "Export the video again at 30 fps.",
        ),
        Code::MediaCodecUnsupported => (
            "{file} uses a video encoding that {channel} doesn't accept[: {text}].",
            "Export the video again in [{choices}|H.264].",
        ),
        Code::MediaAudioUnsupported => (
            "{file} has sound that {channel} doesn't accept[: {text}|: {measured}; the limit is {allowed}].",
            "Export the video again with AAC sound, mono or stereo, at 48 kHz.",
        ),
        Code::MediaBitRateTooHigh => (
            "{file} uses [{measured}; {channel} {allows} {allowed}|more data per second than {channel} {allows}].",
            "Export the video again with a lower bit rate.",
        ),
        Code::MediaNotStreamable => (
            "{file} [{edits}has cuts that aren't applied (an edit list), which {channel} doesn't accept|{order}stores its data in an order that {channel} doesn't accept|has an inner structure that {channel} doesn't accept].",
            "Export the video again with [{edits}the cuts applied|the option “optimised for web”].",
        ),
        Code::MediaUnprobed => (
            "We don't know [{field}|everything about the file] yet, so we can't confirm that {channel} will accept the post.",
            "Wait until the file is analysed or upload it again.",
        ),
        Code::MediaUrlInvalid => (
            "{channel} won't be able to download {file}, because its address isn't public and secure.",
            "Upload the file again.",
        ),
        Code::MediaUrlExpires => (
            "[{dead}{file} is no longer available: its link expired on {at}|{early}{file} will no longer be available when it is time to publish: its link expires on {at}|{tight}{file} will stop being available too soon: its link expires on {at} and the download may last until {from}|{file} won't be available for as long as it takes: its link expires on {at}|{file} won't be available for as long as it takes].",
            "Upload the file again[{later} or publish earlier].",
        ),
        Code::CoverInvalid => (
            "[{beyond}The frame for the cover lies after the end of the video|The cover doesn't work on {channel}: {measured}; it allows {allowed}|The cover doesn't work on {channel}: {text}|The cover doesn't work on {channel}].",
            "Choose [{beyond}an earlier moment of the video|another cover].",
        ),
        Code::AltTextTooLong => (
            "The alternative text [has {measured}; {channel} {allows} {allowed}|is too long for {channel}].",
            "Shorten it[ by {excess}].",
        ),
        Code::AltTextUnsupported => (
            "{channel} doesn't support alternative text here and won't show it.",
            "If it matters, put it in the caption.",
        ),
        Code::CaptionTooLong => (
            "The caption [has {measured}; {channel} {allows} {allowed}|is too long for {channel}].",
            "Shorten it[ by {excess}].",
        ),
        Code::TitleTooLong => (
            "The title [has {measured}; {channel} {allows} {allowed}|is too long for {channel}].",
            "Shorten it[ by {excess}].",
        ),
        Code::HashtagsTooMany => (
            "The post has [{advice}{measured}; it is better not to exceed {bound}|{advice}more hashtags than is advisable|{measured}; {channel} {allows} {allowed}|more hashtags than {channel} {allows}].",
            "Remove [{excess}|the ones that are too many].",
        ),
        Code::HashtagInvalid => (
            "[The hashtag {text}|A hashtag] contains a space, a sign or an emoji that ends it early.",
            "Use only letters, numbers and underscores.",
        ),
        Code::MentionsTooMany => (
            "The post has [{advice}{measured}; it is better not to exceed {bound}|{advice}more mentions than is advisable|{measured}; {channel} {allows} {allowed}|more mentions than {channel} {allows}].",
            "Remove [{excess}|the ones that are too many].",
        ),
        Code::UserTagsTooMany => (
            "You tag [{measured}; {channel} {allows} {allowed}|more accounts than {channel} {allows}].",
            "Remove [{excess}|the ones that are too many].",
        ),
        Code::UserTagInvalid => (
            "[The account {text}|A tagged account] has no usable name or position.",
            "Check the user name and, if it is a tag, its place in the image.",
        ),
        Code::CollaboratorsTooMany => (
            "You invite [{measured} to collaborate; {channel} {allows} {allowed}|more collaborators than {channel} {allows}].",
            "Remove [{excess}|the ones that are too many].",
        ),
        Code::OptionUnsupported => (
            "{channel} doesn't allow [{field}|that option] in this post.",
            "Remove that option.",
        ),
        Code::OptionIgnored => (
            "{channel} will ignore [{field}|that option] in this post.",
            "Nothing changes if you leave it; you may remove it.",
        ),
        Code::PrivacyMissing => (
            "Nobody has chosen who may see the post.",
            "Choose the privacy in the options for {channel}.",
        ),
        Code::PrivacyNotAllowed => (
            "This account on {channel} doesn't allow the privacy you chose[: {text}].",
            "Choose [{choices}|another of the available options].",
        ),
        Code::DisclosureIncomplete => (
            "You marked the post as commercial, but not what it promotes.",
            "Tick “your brand”, “branded content” or both.",
        ),
        Code::DisclosurePrivacyConflict => (
            "Branded content can't be private on {channel}.",
            "Change the privacy or untick “branded content”.",
        ),
        Code::InteractionNotAllowed => (
            "The settings of this account on {channel} don't allow [{field}|that interaction].",
            "Untick that option or change the settings of the account.",
        ),
        Code::ConsentMissing => (
            "The terms that {channel} asks for before publishing haven't been accepted.",
            "Read the notice and accept it.",
        ),
        Code::AppUnaudited => (
            "{channel} hasn't reviewed this app yet and only allows private posts on private accounts.",
            "Publish only for yourself from a private account, or wait for the review.",
        ),
        Code::TokenExpired => (
            "The permission to publish to {channel} [{advised}may expire before the post is out|{later}will have expired when it is time to publish|has expired][ ({at})].",
            "Link the account again.",
        ),
        Code::TokenRefreshNeeded => (
            "The permission of the account will be renewed before it is time to publish[: it expires on {at}].",
            "There is nothing you need to do.",
        ),
        Code::ScopeMissing => (
            "The account on {channel} lacks a permission to publish.",
            "Link the account again and accept every permission.",
        ),
        Code::AccountAmbiguous => (
            "There are [{measured} on {channel}|several accounts on {channel}] and the entry doesn't say which to use.",
            "Choose the account for this entry.",
        ),
        Code::AccountChannelMismatch => (
            "The account you chose isn't on {channel}.",
            "Choose an account on {channel} or change the channel of the entry.",
        ),
        Code::AccountNotFound => (
            "We couldn't find that account.",
            "Choose another account or link it again.",
        ),
        Code::LinkInvalid => (
            "This attempt to link the account can't be finished: it took too long or was used already.",
            "Start linking the account again.",
        ),
        Code::AccountCoolingDown => (
            "{channel} asked for a pause, so we won't publish with this account [until {from}|until {at}|for {measured}|for a while].",
            "There is nothing you need to do: we will go on after the pause.",
        ),
        Code::DailyCapExceeded => (
            "The account has [{measured} in 24 hours; {channel} {allows} {allowed}|more posts in 24 hours than {channel} {allows}].",
            "Move [{excess}|some of them] to another day.",
        ),
        Code::ScheduleMissing => (
            "Nobody has chosen when to publish.",
            "Choose the date and the time.",
        ),
        Code::ScheduleInPast => (
            "The chosen time[, {at},] has already passed.",
            "Choose a time [from {from} on|in the future].",
        ),
        Code::ScheduleClash => (
            "Another post of the same account goes out at almost the same time[: {at}|{none}|: {measured} apart].",
            "[Leave {allowed} between the two|Change the time of one of the two].",
        ),
        Code::ScheduleGap => (
            "That time doesn't exist that day because the clocks change[ in {zone}]; the post goes out [{measured} later|later].",
            "Check the new time and change it if it doesn't suit you.",
        ),
        Code::ScheduleFold => (
            "That time happens twice that day because the clocks change[ in {zone}]; we use the first[, {measured} before the second].",
            "Check the time and change it if it doesn't suit you.",
        ),
        Code::ScheduleMismatch => (
            "The date and the time of the post don't match the instant it is scheduled for[: it goes out on {at}].",
            "Choose the date and the time again so that they match.",
        ),
        Code::ScheduleOffsetInvalid => (
            "The entries can't be moved by [{measured}|that much].",
            "Choose a shift of [{allowed}|less time].",
        ),
        Code::ScheduleStale => (
            "The calendar changed since we prepared the preview.",
            "Check the new preview before you apply it.",
        ),
        Code::ScheduleFrozen => (
            "This entry is published or being published and can't be moved.",
            "Create another entry if you want to publish again.",
        ),
        Code::CheckpointMediaLate => (
            "The files are due 24 hours before publication[ ({at})| ({from})] and are still missing.",
            "Upload the files or change the date.",
        ),
        Code::CheckpointReviewLate => (
            "The entry is due for review 6 hours before publication[ ({at})| ({from})] and hasn't been reviewed.",
            "Review the entry or change the date.",
        ),
        Code::MergeConflict => (
            "You changed [{field}|a detail] by hand and the new version brings something else.",
            "Choose which of the two versions to keep.",
        ),
        Code::MergeChoiceUnknown => (
            "The choice doesn't belong to any change of the list.",
            "Reload the list of changes and choose again.",
        ),
        Code::JobTransitionIllegal => (
            "That can't be done with the post in its current state[: {text}].",
            "Reload the page to see where it stands.",
        ),
        Code::JobExists => (
            "This post is scheduled already.",
            "Change its time or cancel it first.",
        ),
        Code::JobNotFound => ("We couldn't find that post.", "Reload the page."),
        Code::JobLeaseLost => (
            "Another process has taken over this post.",
            "There is nothing you need to do: look at the result in a moment.",
        ),
        Code::LeaseTooShort => (
            "The app reserves too little time for each post[: {measured}; it needs {allowed}].",
            "Tell the app's team.",
        ),
        Code::EntryNotFound => ("We couldn't find that entry.", "Reload the calendar."),
        Code::EntryDraft => (
            "This entry is a draft.",
            "Remove the draft mark when you want to publish it.",
        ),
        Code::EntryPublished => (
            "This entry is already published.",
            "Create another entry if you want to publish again.",
        ),
        Code::MissedSchedule => (
            "The planned time[, {at},] passed without us being able to publish.",
            "Publish now or choose another time.",
        ),
        Code::OutcomeUnknown => (
            "We don't know whether the post went out on {channel}.",
            "Look on {channel} and tell us whether it was published.",
        ),
        Code::RetriesExhausted => (
            "We tried several times and couldn't publish to {channel}.",
            "Check the cause and schedule the post again.",
        ),
        Code::Cancelled => (
            "It was cancelled.",
            "Schedule it again if you change your mind.",
        ),
        Code::FlagOff => (
            "This feature is switched off and nothing was sent.",
            "Ask the app's team to switch it on.",
        ),
        Code::IdempotencyConflict => (
            "That request was already made with other content.",
            "Reload the page and try again.",
        ),
        Code::OutboxFull => (
            "Too many requests are waiting while we can't save them[: {measured}].",
            "Wait a few minutes and try again.",
        ),
        Code::StoreUnavailable => (
            "We can't reach your data right now.",
            "Wait a few minutes and try again.",
        ),
        Code::StoreCorrupt => (
            "Something that was saved can't be read.",
            "Tell the app's team.",
        ),
        Code::StoreSchemaNewer => (
            "Your data was saved with a newer version of the app.",
            "Update the app.",
        ),
        Code::RevisionConflict => (
            "Somebody saved changes while you were editing.",
            "Check the changes and save again.",
        ),
        Code::CsvSyntax => (
            "The CSV file has an error[ on line {line}, column {column}][: found {measured}; expected {allowed}].",
            "Correct that line and import the file again.",
        ),
        Code::CsvHeaderInvalid => (
            "The first row of the CSV file doesn't name the columns correctly.",
            "Use a file exported from here as a model.",
        ),
        Code::SchemaVersionUnsupported => (
            "The document uses a version that we don't know[: {text}|: {measured}].",
            "Update the app or export the document again.",
        ),
        Code::WriteFailed => (
            "We couldn't write the file.",
            "Check that there is space and try again.",
        ),
        Code::RateLimited => (
            "{channel} asked us to slow down[ until {from}| until {at}| for {measured}].",
            "There is nothing you need to do: we will go on later.",
        ),
        Code::QuotaExhausted => (
            "The daily limit of posts on {channel} is reached[: {measured}; it allows {allowed}].",
            "Wait until there is room again or choose another day.",
        ),
        Code::AccountBlocked => (
            "{channel} has blocked this account from posting.",
            "Open {channel} and check the notices of the account.",
        ),
        Code::AccountActionRequired => (
            "{channel} needs you to do something in its app before you publish.",
            "Open {channel}, follow the steps it asks for and come back here.",
        ),
        Code::ContentRejected => (
            "{channel} refused the content of the post.",
            "Change the caption or the options and schedule it again.",
        ),
        Code::MediaRejected => (
            "{channel} refused {file}.",
            "Check the file or use another one.",
        ),
        Code::MediaUnreachable => (
            "{channel} couldn't download {file}.",
            "Upload the file again; if it happens again, tell the app's team.",
        ),
        Code::AppMisconfigured => (
            "The app isn't set up correctly on {channel}.",
            "Tell the app's team.",
        ),
        Code::PlatformTemporary => (
            "{channel} had a passing fault.",
            "Wait a little: we will try again.",
        ),
        Code::PlatformPermanent => (
            "{channel} refused the post and repeating it won't help[ (reference {text})].",
            "Check the content and the account; if you don't see the cause, tell the app's team.",
        ),
    }
}
