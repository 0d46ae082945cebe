//! The pages that TikTok's rules come from.

use crate::model::LocalDate;
use crate::rules::READ;
use crate::rules::limit::Page;

const SEPTEMBER: LocalDate = LocalDate::from_ymd(2026, 9, 11).unwrap();

pub(super) const DIRECT_POST: Page = Page {
    page: "TikTok, Content Posting API: Direct Post",
    url: "https://developers.tiktok.com/doc/content-posting-api-reference-direct-post",
    date: SEPTEMBER,
};
pub(super) const PHOTO_POST: Page = Page {
    page: "TikTok, Content Posting API: Photo Post",
    url: "https://developers.tiktok.com/doc/content-posting-api-reference-photo-post",
    date: SEPTEMBER,
};
pub(super) const UPLOAD: Page = Page {
    page: "TikTok, Content Posting API: Upload Video",
    url: "https://developers.tiktok.com/doc/content-posting-api-reference-upload-video",
    date: READ,
};
pub(super) const MEDIA_TRANSFER: Page = Page {
    page: "TikTok, Content Posting API: Media Transfer Guide",
    url: "https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide",
    date: SEPTEMBER,
};
pub(super) const GUIDELINES: Page = Page {
    page: "TikTok, Content Sharing Guidelines",
    url: "https://developers.tiktok.com/doc/content-sharing-guidelines",
    date: SEPTEMBER,
};
pub(super) const SHORT_SIDE_SEEN: Page = Page {
    page: "Postiz: a photo of 1086×1448 failed, one of 941×1672 passed",
    url: "https://github.com/gitroomhq/postiz-app/pull/1875",
    date: READ,
};
pub(super) const LONG_SIDE_SEEN: Page = Page {
    page: "Post for Me: photos are brought to 1080×1920 at most",
    url: "https://github.com/DayMoonDevelopment/post-for-me",
    date: READ,
};
pub(super) const HASHTAGS_SEEN: Page = Page {
    page: "A user's report that TikTok's app takes five hashtags",
    url: "https://github.com/icysymmetra/tiktok-patches-for-morphe/issues/167",
    date: READ,
};
