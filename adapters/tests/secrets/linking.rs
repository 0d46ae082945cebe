//! Sign-ins at which everything goes wrong that can, and what is done with accounts besides publishing.

use calendar_publish_adapters::accounts::Login;
use chrono::TimeDelta;
use futures_executor::block_on;

use crate::wire::Mishap;
use crate::world::World;

/// More exchanges than any sign-in has.
const EXCHANGES: u32 = 5;

fn sign_in(login: Login) {
    let world = World::new();
    let mut number = 0;
    for mishap in Mishap::ALL {
        for at in 1..=EXCHANGES {
            number += 1;
            let callback = world.consent(login, number).unwrap();
            world.wire.plan(at, mishap);
            match world.finish(&callback) {
                Ok(account) => world.haystack.debug("account", &account),
                Err(error) => world.haystack.error("link error", &error),
            }
            world.wire.calm();
            // A second time, and with what was never sent.
            let again = world.finish(&callback).unwrap_err();
            world.haystack.error("link error", &again);
            let cut = world.finish(&callback.replace("state=", "state=x"));
            world.haystack.error("link error", &cut.unwrap_err());
        }
    }
    // Renewals, and the end.
    for mishap in Mishap::ALL {
        world.pass(TimeDelta::days(50));
        world.wire.plan(1, mishap);
        let renewed = block_on(world.service.renew_due()).unwrap();
        world.haystack.debug("renewals", &renewed);
        world.wire.calm();
    }
    for (account, mishap) in block_on(world.service.accounts(World::user()))
        .unwrap()
        .into_iter()
        .zip(Mishap::ALL)
    {
        world.haystack.debug("account", &account);
        world.wire.plan(1, mishap);
        let unlinked = block_on(world.service.unlink(World::user(), account.id));
        world.haystack.debug("revocation", &unlinked);
    }
    for path in world.files() {
        let bytes = std::fs::read(&path).unwrap();
        world.haystack.add("file", String::from_utf8_lossy(&bytes));
    }
    assert!(world.haystack.contains(&format!("{}", World::user())));
    let what = format!("signing in by {login:?}");
    world.haystack.holds_none_of(&world.secrets, &what);
}

#[test]
fn by_tiktok() {
    sign_in(Login::Tiktok);
}

#[test]
fn by_instagram() {
    sign_in(Login::Instagram);
}

#[test]
fn by_facebook() {
    sign_in(Login::Facebook);
}
