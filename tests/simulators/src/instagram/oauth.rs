//! Signing in with Instagram.

use calendar_publish::model::Timestamp;

/// A code of the consent page.
#[derive(Clone)]
pub(super) struct GivenCode {
    pub(super) ig_id: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) permissions: Vec<String>,
    pub(super) expires: Timestamp,
    pub(super) used: bool,
}
