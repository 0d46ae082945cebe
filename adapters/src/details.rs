//! What of an entry or an account has no column of the host's: one JSON document beside them.

use std::borrow::Cow;

use calendar_publish::model::{
    AccountId, CalendarEntry, ChannelAccount, Cover, InstagramOptions, Media, Quota, TiktokCreator,
    TiktokOptions, Timestamp,
};
use serde::{Deserialize, Serialize};

/// What of an entry has no column of the host's.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntryDetails<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account_id: Option<AccountId>,
    #[serde(default)]
    draft: bool,
    #[serde(default, skip_serializing_if = "<[Media]>::is_empty")]
    media: Cow<'a, [Media]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cover: Option<Cow<'a, Cover>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tiktok: Option<Cow<'a, TiktokOptions>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    instagram: Option<Cow<'a, InstagramOptions>>,
    #[serde(default)]
    reviewed: bool,
}

impl<'a> EntryDetails<'a> {
    /// Names every field of an entry, so that a new one can't be forgotten here.
    pub(crate) fn of(entry: &'a CalendarEntry) -> Self {
        let CalendarEntry {
            id: _,
            calendar_id: _,
            entry_key: _,
            piece: _,
            account_id,
            scheduled_at: _,
            draft,
            media,
            cover,
            tiktok,
            instagram,
            reviewed,
            readiness: _,
            revision: _,
        } = entry;
        Self {
            account_id: *account_id,
            draft: *draft,
            media: Cow::Borrowed(media),
            cover: cover.as_ref().map(Cow::Borrowed),
            tiktok: tiktok.as_ref().map(Cow::Borrowed),
            instagram: instagram.as_ref().map(Cow::Borrowed),
            reviewed: *reviewed,
        }
    }

    pub(crate) fn give(self, entry: &mut CalendarEntry) {
        entry.account_id = self.account_id;
        entry.draft = self.draft;
        entry.media = self.media.into_owned();
        entry.cover = self.cover.map(Cow::into_owned);
        entry.tiktok = self.tiktok.map(Cow::into_owned);
        entry.instagram = self.instagram.map(Cow::into_owned);
        entry.reviewed = self.reviewed;
    }
}

/// What of an account has no column of the host's.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountDetails {
    #[serde(default)]
    pub(crate) renewable_until: Option<Timestamp>,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    #[serde(default)]
    pub(crate) cooling_down_until: Option<Timestamp>,
    #[serde(default)]
    pub(crate) grace_minutes: Option<u32>,
    #[serde(default)]
    pub(crate) quota: Option<Quota>,
    #[serde(default)]
    pub(crate) tiktok_creator: Option<TiktokCreator>,
}

impl AccountDetails {
    /// Names every field of an account, so that a new one can't be forgotten here.
    pub(crate) fn of(account: &ChannelAccount) -> Self {
        let ChannelAccount {
            id: _,
            user_id: _,
            channel: _,
            external_account_id: _,
            display_name: _,
            timezone: _,
            status: _,
            expires_at: _,
            renewable_until,
            scopes,
            cooling_down_until,
            grace_minutes,
            quota,
            tiktok_creator,
        } = account;
        Self {
            renewable_until: *renewable_until,
            scopes: scopes.clone(),
            cooling_down_until: *cooling_down_until,
            grace_minutes: *grace_minutes,
            quota: *quota,
            tiktok_creator: tiktok_creator.clone(),
        }
    }
}
