//! Who may renew an account's tokens, and what the end of a renewal changes: pure, so that every store
//! decides alike.

use calendar_publish::model::{AccountId, AccountStatus, ChannelAccount, Timestamp};

use super::token_store::{
    ClaimRefresh, NewLink, RefreshClaim, RefreshEnd, RenewedTokens, TokenRecord,
};

/// What a store keeps beside the tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Renewal {
    /// The number of the latest claim.
    pub(crate) fence: i64,
    /// Until when it holds.
    pub(crate) claimed_until: Option<Timestamp>,
    /// Until when nobody should try.
    pub(crate) rests_until: Option<Timestamp>,
    /// Renewals of the present version that were begun and whose answer isn't known.
    pub(crate) unanswered: u32,
    /// Refusals of the present version.
    pub(crate) refusals: u32,
}

impl Renewal {
    /// Asks for the right to renew. Where it is granted the renewal is counted as unanswered at once: whoever
    /// dies before the end leaves it so.
    pub(crate) fn claim(
        &mut self,
        record: &TokenRecord,
        version: i64,
        lease_millis: i64,
        now: Timestamp,
    ) -> ClaimRefresh {
        if record.version != version || record.account.status != AccountStatus::Ok {
            return ClaimRefresh::Changed(Box::new(record.clone()));
        }
        if let Some(until) = self.claimed_until.filter(|until| *until > now) {
            return ClaimRefresh::Busy { until };
        }
        if let Some(until) = self.rests_until.filter(|until| *until > now) {
            return ClaimRefresh::Resting { until };
        }
        let claim = RefreshClaim {
            account: record.account.id,
            fence: self.fence.saturating_add(1),
            version,
            unanswered_before: self.unanswered > 0,
            refusals: self.refusals,
        };
        self.fence = claim.fence;
        self.claimed_until = Some(later(now, lease_millis));
        self.rests_until = None;
        self.unanswered = self.unanswered.saturating_add(1);
        ClaimRefresh::Granted(claim)
    }

    /// Ends a renewal; `false` where it is none of the latest's and changes nothing.
    pub(crate) fn finish(
        &mut self,
        record: &mut TokenRecord,
        claim: RefreshClaim,
        end: RefreshEnd,
        now: Timestamp,
    ) -> bool {
        if record.version != claim.version {
            return false;
        }
        if let RefreshEnd::Renewed(renewed) = end {
            renew(record, renewed);
            *self = Self {
                fence: self.fence,
                ..Self::default()
            };
            return true;
        }
        if self.fence != claim.fence || self.claimed_until.is_none() {
            return false;
        }
        self.claimed_until = None;
        match end {
            // Told above.
            RefreshEnd::Renewed(_) => {}
            RefreshEnd::Ended { status } => record.account.status = status,
            RefreshEnd::Doubted => {
                self.refusals = self.refusals.saturating_add(1);
                self.unanswered = self.unanswered.saturating_sub(1);
            }
            RefreshEnd::Released {
                unanswered,
                rest_millis,
            } => {
                if !unanswered {
                    self.unanswered = self.unanswered.saturating_sub(1);
                }
                self.rests_until = (rest_millis > 0).then(|| later(now, rest_millis));
            }
        }
        true
    }
}

fn later(now: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(now.millis().saturating_add(millis))
}

fn renew(record: &mut TokenRecord, renewed: RenewedTokens) {
    record.version = record.version.saturating_add(1);
    record.tokens = renewed.tokens;
    record.issued_at = renewed.issued_at;
    record.renew_at = renewed.renew_at;
    record.replaced_refused = renewed.replaced_refused;
    record.account.status = AccountStatus::Ok;
    record.account.expires_at = renewed.expires_at;
    record.account.renewable_until = renewed.renewable_until;
    if let Some(scopes) = renewed.scopes {
        record.account.scopes = scopes;
    }
}

/// A link over what is stored: `known` is the user's account of that external id, with the version of its
/// tokens (0 where it has none). `Err` is the id it must be sealed for.
pub(crate) fn link(
    link: NewLink,
    known: Option<(ChannelAccount, i64)>,
) -> Result<TokenRecord, AccountId> {
    let NewLink {
        mut account,
        login,
        tokens,
        issued_at,
        renew_at,
    } = link;
    let mut version = 1;
    if let Some((known, last)) = known {
        if known.id != account.id {
            return Err(known.id);
        }
        version = last.saturating_add(1);
        account.grace_minutes = known.grace_minutes;
        account.cooling_down_until = known.cooling_down_until;
        account.quota = known.quota;
        account.tiktok_creator = account.tiktok_creator.or(known.tiktok_creator);
    }
    Ok(TokenRecord {
        account,
        login,
        version,
        tokens,
        issued_at,
        renew_at,
        replaced_refused: false,
    })
}
