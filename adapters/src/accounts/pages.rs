//! Linking by Facebook Login: the Instagram accounts of a person's Pages, and the choice between them.

use std::fmt;

use calendar_publish::error::Measure;
use calendar_publish::model::{Channel, ChannelAccount, Timestamp, UserId};
use calendar_publish::{Code, Error};
use secrecy::{ExposeSecret, SecretString};

use super::facebook::{FacebookLogin, Page};
use super::linking::{LinkOutcome, check_scopes, hash, invalid};
use super::oauth::{Identity, IssuedTokens, OauthError};
use super::service::{AccountService, no_login};
use super::token_store::{Login, PendingLink};

/// The choice between Pages. `Debug` doesn't show its state.
#[derive(Clone, PartialEq, Eq)]
pub struct PageChoice {
    /// Names the choice for [`AccountService::choose_page`]; it can be made once.
    pub state: String,
    /// The Instagram accounts to choose from.
    pub accounts: Vec<PageAccount>,
    /// Until when it can be made.
    pub expires_at: Timestamp,
}

impl fmt::Debug for PageChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageChoice")
            .field("accounts", &self.accounts)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// An Instagram account that belongs to a Page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageAccount {
    /// The Instagram account's id.
    pub external_id: String,
    /// The Page's name.
    pub page_name: String,
}

impl AccountService {
    pub(super) async fn finish_facebook(
        &self,
        pending: PendingLink,
        code: &SecretString,
    ) -> Result<LinkOutcome, Error> {
        let login = self.logins.facebook.as_ref();
        let login = login.ok_or_else(|| no_login(Login::Facebook))?;
        // A choice between pages is no sign-in.
        if pending.secret.is_some() {
            return Err(invalid("unknown"));
        }
        let failed = |error: OauthError| error.while_linking(Channel::Instagram);
        let transport = &*self.transport;
        let token = login
            .exchange(transport, code, &pending.redirect)
            .await
            .map_err(failed)?;
        let scopes = login.scopes(transport, &token).await.map_err(failed)?;
        check_scopes(&login.required_scopes, &scopes)?;
        let mut pages = login.pages(transport, &token).await.map_err(failed)?;
        match pages.len() {
            0 => Err(no_instagram_account()),
            1 => {
                self.link_page(login, &pending, pages.remove(0), scopes)
                    .await
            }
            _ => {
                let state = self.token_text::<32>()?;
                let choice = PageChoice {
                    state: state.expose_secret().to_owned(),
                    accounts: pages
                        .into_iter()
                        .map(|page| PageAccount {
                            external_id: page.instagram_id,
                            page_name: page.name,
                        })
                        .collect(),
                    expires_at: self.link_end(),
                };
                let pending = PendingLink {
                    state_hash: hash(&state),
                    expires_at: choice.expires_at,
                    ..pending
                };
                self.keep_pending(pending, Some(token)).await?;
                Ok(LinkOutcome::ChoosePage(choice))
            }
        }
    }

    /// Links the Instagram account that the person chose among those of [`LinkOutcome::ChoosePage`].
    ///
    /// # Errors
    /// As [`finish_link`](Self::finish_link); `FIELD_VALUE_INVALID` at `externalId` where the choice holds no such
    /// account.
    pub async fn choose_page(
        &self,
        user: UserId,
        state: &str,
        external_id: &str,
    ) -> Result<ChannelAccount, Error> {
        let login = self.logins.facebook.as_ref();
        let login = login.ok_or_else(|| no_login(Login::Facebook))?;
        let pending = self.take(&SecretString::from(state), user).await?;
        let is_choice = pending.login == Login::Facebook;
        let token = self.secret_of(&pending).await?.filter(|_| is_choice);
        let token = token.ok_or_else(|| invalid("unknown"))?;
        let failed = |error: OauthError| error.while_linking(Channel::Instagram);
        let transport = &*self.transport;
        let scopes = login.scopes(transport, &token).await.map_err(failed)?;
        let pages = login.pages(transport, &token).await.map_err(failed)?;
        let page = pages
            .into_iter()
            .find(|page| page.instagram_id == external_id);
        let page = page.ok_or_else(|| Error::new(Code::FieldValueInvalid).at("externalId"))?;
        match self.link_page(login, &pending, page, scopes).await? {
            LinkOutcome::Linked(account) => Ok(*account),
            LinkOutcome::ChoosePage(_) => Err(no_instagram_account()),
        }
    }

    async fn link_page(
        &self,
        login: &FacebookLogin,
        pending: &PendingLink,
        page: Page,
        mut scopes: Vec<String>,
    ) -> Result<LinkOutcome, Error> {
        let name = login.username(&*self.transport, &page).await;
        let identity = Identity {
            external_id: page.instagram_id,
            display_name: name.unwrap_or(page.name),
            tiktok_creator: None,
        };
        // The same rights have other names with the other sign-in, and rules know those.
        for (here, there) in [
            ("instagram_basic", "instagram_business_basic"),
            (
                "instagram_content_publish",
                "instagram_business_content_publish",
            ),
        ] {
            if scopes.iter().any(|scope| scope == here) {
                scopes.push(there.to_owned());
            }
        }
        let issued = IssuedTokens {
            access: page.token,
            refresh: None,
            expires_at: None,
            renewable_until: None,
            scopes: None,
        };
        self.link(pending, identity, issued, scopes).await
    }
}

/// Only professional accounts that belong to a Page can be published to by Facebook Login.
fn no_instagram_account() -> Error {
    Error::new(Code::AccountActionRequired)
        .at("account")
        .measured(Measure::text(Channel::Instagram.as_str()))
}
