//! Tokens that the platform refuses, and accounts without one.

use calendar_publish::Code;
use calendar_publish_adapters::access::AccessError;

use crate::fixture::{Asked, Bench, End, bun, error, header};

#[test]
fn a_refused_token_is_replaced_once_and_only_its_own_call_repeated() {
    for asked in [
        Asked::Quota,
        Asked::Create,
        Asked::Status,
        Asked::List,
        Asked::Publish,
    ] {
        let bench = Bench::new();
        bench.graph.then(asked, error(400, 190, Some(463)));
        assert!(matches!(bench.drive(&bun()), End::Done(_)), "{asked:?}");
        assert_eq!(*bench.tokens.refused.lock().unwrap(), [1], "{asked:?}");
        let sent = bench.graph.sent(asked);
        assert_eq!(header(&sent[0], "authorization"), "Bearer IG.TOKEN");
        assert_eq!(header(&sent[1], "authorization"), "Bearer IG.NEWER");
    }
}

#[test]
fn what_the_person_must_do_first_replaces_no_token() {
    let bench = Bench::new();
    bench.graph.always(Asked::Quota, error(400, 190, Some(459)));
    let End::NotPublished(Code::AccountActionRequired, _) = bench.drive(&bun()) else {
        panic!("the person isn't told");
    };
    assert!(bench.tokens.refused.lock().unwrap().is_empty());
}

#[test]
fn an_account_without_a_token_is_never_asked_about() {
    for (trouble, code) in [
        (AccessError::Revoked, Code::ChannelAuthInvalid),
        (AccessError::Expired, Code::TokenExpired),
        (
            AccessError::Unavailable {
                reason: "the store is down".to_owned(),
            },
            Code::PlatformTemporary,
        ),
    ] {
        let bench = Bench::new();
        *bench.tokens.trouble.lock().unwrap() = Some(trouble);
        let End::NotPublished(told, _) = bench.drive(&bun()) else {
            panic!("it went on");
        };
        assert_eq!(told, code);
        assert!(bench.graph.order().is_empty());
    }
}

#[test]
fn a_missing_address_never_takes_back_a_post_that_is_out() {
    for refusal in [
        error(400, 100, Some(33)),
        error(403, 4, Some(2_207_051)),
        error(400, 190, None),
        crate::fixture::lost(),
    ] {
        let bench = Bench::new();
        bench.graph.always(Asked::Link, refusal);
        let End::Done(receipt) = bench.drive(&bun()) else {
            panic!("it was taken back");
        };
        assert_eq!(receipt.external_id, crate::fixture::MEDIA);
        assert_eq!(receipt.permalink, None);
        assert_eq!(bench.graph.count(Asked::Publish), 1);
    }
}
