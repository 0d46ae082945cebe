//! The pages that Instagram's rules come from.

use crate::model::LocalDate;
use crate::rules::READ;
use crate::rules::limit::Page;

const SEPTEMBER: LocalDate = LocalDate::from_ymd(2026, 9, 11).unwrap();

pub(super) const GUIDE: Page = Page {
    page: "Meta, Instagram Platform: Content Publishing",
    url: "https://developers.facebook.com/documentation/instagram-platform/content-publishing",
    date: SEPTEMBER,
};
pub(super) const MEDIA: Page = Page {
    page: "Meta, Instagram Platform: IG User Media",
    url: "https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-user/media",
    date: SEPTEMBER,
};
pub(super) const PUBLISHING_LIMIT: Page = Page {
    page: "Meta, Instagram Platform: Content Publishing Limit",
    url: "https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-user/content_publishing_limit",
    date: READ,
};
pub(super) const ERROR_CODES: Page = Page {
    page: "Meta, Instagram Platform: Error Codes",
    url: "https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/error-codes",
    date: LocalDate::from_ymd(2026, 6, 2).unwrap(),
};
pub(super) const CHANGELOG: Page = Page {
    page: "Meta, Instagram Platform: Changelog",
    url: "https://developers.facebook.com/documentation/instagram-platform/changelog",
    date: SEPTEMBER,
};
pub(super) const OLDER_CAP: Page = Page {
    page: "Older copies of Meta's Content Publishing guide",
    url: "",
    date: READ,
};
pub(super) const FIVE_HASHTAGS: Page = Page {
    page: "Press on Instagram's announcement of December 2025: five hashtags",
    url: "https://www.sasdigitaltv.com/articles/5-4080/indiscriminate-hashtag-use-limited-on-instagram",
    date: READ,
};
pub(super) const VENDOR: Page = Page {
    page: "Ayrshare, Instagram: five hashtags, three mentions",
    url: "https://www.ayrshare.com/docs/es/apis/post/social-networks/instagram",
    date: READ,
};
pub(super) const SHORT_SIDE_SEEN: Page = Page {
    page: "A publisher's notes: error 2207082 for videos with a short side under 640 px",
    url: "",
    date: READ,
};
pub(super) const ITEM_VIDEOS: Page = Page {
    page: "Common practice for videos in carousels: Meta publishes no limits of their own any more",
    url: "",
    date: READ,
};
pub(super) const NAMES: Page = Page {
    page: "Common practice for Instagram user names: Meta publishes no rule",
    url: "",
    date: READ,
};
