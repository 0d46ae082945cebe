//! The vault and its keys.

use std::sync::Arc;

use calendar_publish::model::{AccountId, Channel, deterministic_uuid};
use calendar_publish::ports::KeyError;
use calendar_publish_adapters::accounts::{
    KeysError, RandomError, RandomSource, SealContext, SecretKind, StaticKeys, Vault, VaultError,
};
use calendar_publish_adapters::sealing::StateSealer;
use secrecy::{ExposeSecret, SecretString};

use crate::fixture::{key, vault};

const TOKEN: &str = "act.PLANTED-SECRET-é";

fn token() -> SecretString {
    SecretString::from(TOKEN)
}

fn account(name: &str) -> AccountId {
    AccountId::new(deterministic_uuid(&["account", name]))
}

fn context(name: &str, kind: SecretKind) -> SealContext {
    SealContext::account(account(name), Channel::Tiktok, kind)
}

#[tokio::test]
async fn what_was_sealed_opens_for_the_same_account_channel_and_purpose_alone() {
    let vault = vault(vec![key("k1", 1)]);
    let own = context("ana", SecretKind::Access);
    let sealed = vault.seal(&token(), &own).await.unwrap();
    let opened = vault.open(&sealed, &own).await.unwrap();
    assert_eq!(opened.expose_secret(), TOKEN);
    let parts: Vec<&str> = sealed.split('.').collect();
    assert_eq!(parts[..2], ["v1", "k1"]);
    assert_eq!(parts.len(), 4);

    let refused = VaultError::Refused {
        key_id: "k1".to_owned(),
    };
    let mut instagram = own.clone();
    instagram.channel = Some(Channel::Instagram);
    let mut none = own.clone();
    none.channel = None;
    for other in [
        context("luis", SecretKind::Access),
        context("ana", SecretKind::Refresh),
        context("ana", SecretKind::State),
        instagram,
        none,
    ] {
        assert_eq!(
            vault.open(&sealed, &other).await.unwrap_err(),
            refused,
            "{other:?}"
        );
    }
}

#[tokio::test]
async fn text_with_any_character_changed_does_not_open() {
    let vault = vault(vec![key("k1", 1), key("k2", 2)]);
    let own = context("ana", SecretKind::Access);
    let sealed = vault.seal(&token(), &own).await.unwrap();
    for place in 0..sealed.len() {
        for other in ["A", "z", "2", "."] {
            let mut changed = sealed.clone();
            changed.replace_range(place..=place, other);
            if changed != sealed {
                let error = vault.open(&changed, &own).await.unwrap_err();
                assert!(!format!("{error} {error:?}").contains("PLANTED"));
            }
        }
    }
    for text in ["", "v1", "v1.k1..", "sealed", TOKEN, "v2.k1.AAAA.AAAA"] {
        let error = vault.open(text, &own).await.unwrap_err();
        assert_eq!(error, VaultError::NotSealed, "{text}");
    }
}

#[tokio::test]
async fn the_same_token_is_never_sealed_to_the_same_text() {
    let vault = Vault::new(Arc::new(StaticKeys::new(vec![key("k1", 1)]).unwrap()));
    let own = context("ana", SecretKind::Access);
    let first = vault.seal(&token(), &own).await.unwrap();
    let second = vault.seal(&token(), &own).await.unwrap();
    assert_ne!(first, second);
}

#[tokio::test]
async fn old_keys_still_open_and_a_missing_one_is_named() {
    let own = context("ana", SecretKind::Access);
    let old = vault(vec![key("k1", 1)]);
    let sealed = old.seal(&token(), &own).await.unwrap();
    let rotated = vault(vec![key("k2", 2), key("k1", 1)]);
    assert_eq!(
        rotated.open(&sealed, &own).await.unwrap().expose_secret(),
        TOKEN
    );
    assert!(
        rotated
            .seal(&token(), &own)
            .await
            .unwrap()
            .starts_with("v1.k2.")
    );

    let without = vault(vec![key("k2", 2)]);
    let missing = KeyError::Missing {
        id: "k1".to_owned(),
    };
    assert_eq!(
        without.open(&sealed, &own).await.unwrap_err(),
        VaultError::Key(missing)
    );
    // Another key of the same name.
    let wrong = vault(vec![key("k1", 9)]);
    let error = wrong.open(&sealed, &own).await.unwrap_err();
    assert_eq!(
        error,
        VaultError::Refused {
            key_id: "k1".to_owned()
        }
    );
}

struct Dry;

impl RandomSource for Dry {
    fn fill(&self, _: &mut [u8]) -> Result<(), RandomError> {
        Err(RandomError)
    }
}

#[tokio::test]
async fn without_randomness_nothing_is_sealed() {
    let keys = StaticKeys::new(vec![key("k1", 1)]).unwrap();
    let vault = Vault::with_random(Arc::new(keys), Arc::new(Dry));
    let error = vault
        .seal(&token(), &context("ana", SecretKind::Access))
        .await;
    assert_eq!(error.unwrap_err(), VaultError::Random(RandomError));
}

#[tokio::test]
async fn an_adapters_state_opens_in_its_context_alone() {
    let vault: Box<dyn StateSealer> = Box::new(vault(vec![key("k1", 1)]));
    let url = "https://open-upload-sim.tiktokapis.com/upload?upload_token=PLANTED";
    let sealed = vault.seal(url.into(), "upload 1".to_owned()).await.unwrap();
    assert!(!sealed.contains("PLANTED"));
    let opened = vault.open(sealed.clone(), "upload 1".to_owned()).await;
    assert_eq!(opened.unwrap().expose_secret(), url);
    let other = vault.open(sealed, "upload 2".to_owned()).await.unwrap_err();
    assert_eq!(other.code, calendar_publish::Code::StoreCorrupt);
}

/// RFC 4648 of 32 bytes of 7, and of 31.
const SEVEN: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
const SHORT: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw==";

#[tokio::test]
async fn keys_are_read_as_they_are_written_in_a_variable() {
    use calendar_publish::ports::KeyProvider;
    let keys = StaticKeys::parse(
        &format!("new:{SEVEN}, old:{}", SEVEN.trim_end_matches('=')),
        "X",
    );
    let keys = keys.unwrap();
    assert_eq!(keys.current_key().await.unwrap(), key("new", 7));
    assert_eq!(keys.key("old".to_owned()).await.unwrap(), key("old", 7));

    let origin = || "KEYS".to_owned();
    for (text, expected) in [
        (
            SEVEN.to_owned(),
            KeysError::Malformed {
                origin: origin(),
                number: 1,
            },
        ),
        (
            format!("a:{SEVEN},b:*"),
            KeysError::Malformed {
                origin: origin(),
                number: 2,
            },
        ),
        (
            format!("a.b:{SEVEN}"),
            KeysError::IdInvalid {
                origin: origin(),
                number: 1,
            },
        ),
        (
            format!(":{SEVEN}"),
            KeysError::IdInvalid {
                origin: origin(),
                number: 1,
            },
        ),
        (
            format!("a:{SHORT}"),
            KeysError::LengthInvalid {
                origin: origin(),
                number: 1,
                bytes: 31,
            },
        ),
        (
            format!("a:{SEVEN},a:{SEVEN}"),
            KeysError::IdTwice {
                origin: origin(),
                number: 2,
            },
        ),
    ] {
        let error = StaticKeys::parse(&text, "KEYS").unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert!(!format!("{error} {error:?}").contains("Bwc"), "{error}");
    }
}

#[test]
fn a_variable_that_is_not_set_is_named() {
    let error = StaticKeys::from_env("CALENDAR_PUBLISH_KEYS_THAT_NOBODY_SETS").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`CALENDAR_PUBLISH_KEYS_THAT_NOBODY_SETS`")
    );
}
