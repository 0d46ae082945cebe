//! Rotation: everything that another key sealed is sealed with the current one.

use calendar_publish::Error;
use calendar_publish::model::AccountId;

use super::service::AccountService;
use super::token_store::{SealedTokens, TokenRecord};
use crate::sealing::{SecretKind, VaultError};

/// How many accounts are read at once.
const PAGE: u32 = 100;

/// What a rotation came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResealReport {
    /// Accounts whose tokens the current key seals now.
    pub resealed: u32,
    /// Accounts that somebody else renewed or removed meanwhile: what they have now is sealed with the key that
    /// was current then, and the next rotation looks again.
    pub changed: u32,
    /// Accounts whose tokens can't be opened, and why: their key is gone, or the text was changed. They keep
    /// what they have, and their person must link them again if it stays so.
    pub failed: Vec<(AccountId, VaultError)>,
}

impl ResealReport {
    /// Whether old keys can be thrown away: nothing is left that they sealed. Sign-ins under way are gone
    /// ten minutes later.
    pub fn is_complete(&self) -> bool {
        self.changed == 0 && self.failed.is_empty()
    }
}

impl AccountService {
    /// Seals with the current key whatever another key sealed. It can be interrupted and repeated: what is done
    /// is not looked at again.
    ///
    /// # Errors
    /// Where the store or the keys can't be reached; what was resealed stays so.
    pub async fn reseal_all(&self) -> Result<ResealReport, Error> {
        let prefix = self.vault.current_prefix().await?;
        let mut report = ResealReport::default();
        let mut after = None;
        loop {
            let found = self
                .tokens
                .sealed_otherwise(prefix.clone(), after, PAGE)
                .await?;
            let Some(last) = found.last() else {
                return Ok(report);
            };
            after = Some(last.account.id);
            for record in found {
                let (account, version) = (record.account.id, record.version);
                let tokens = match self.seal_anew(&record).await {
                    Ok(tokens) => tokens,
                    Err(error) => {
                        report.failed.push((account, error));
                        continue;
                    }
                };
                if self.tokens.reseal(account, version, tokens).await? {
                    report.resealed += 1;
                } else {
                    report.changed += 1;
                }
            }
        }
    }

    async fn seal_anew(&self, record: &TokenRecord) -> Result<SealedTokens, VaultError> {
        Ok(SealedTokens {
            access: self
                .again(record, &record.tokens.access, SecretKind::Access)
                .await?,
            refresh: match &record.tokens.refresh {
                Some(sealed) => Some(self.again(record, sealed, SecretKind::Refresh).await?),
                None => None,
            },
        })
    }

    async fn again(
        &self,
        record: &TokenRecord,
        sealed: &str,
        kind: SecretKind,
    ) -> Result<String, VaultError> {
        let context = Self::seal_context(record, kind);
        let plain = self.vault.open(sealed, &context).await?;
        self.vault.seal(&plain, &context).await
    }
}
