//! Which addresses are called, checked where they can't change any more.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use calendar_publish::rules::is_public_address;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Which addresses may be called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AddressPolicy {
    /// `https` only, and only addresses on the public internet
    /// ([`is_public_address`]). Names are checked by
    /// all they resolve to, and the addresses that were checked are those that are connected to.
    #[default]
    PublicOnly,
    /// Whatever is asked for, `http` too: for simulators on the loopback interface. Never let it near
    /// addresses that users give.
    Any,
}

/// An address that must not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Forbidden(pub(super) &'static str);

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Forbidden {}

const NOT_PUBLIC: Forbidden = Forbidden("it doesn't lie on the public internet");

impl AddressPolicy {
    /// Checks what can be seen without resolving a name. Connections to literal addresses aren't resolved,
    /// so that this is the only place where those are checked. `Url` has read them as the
    /// client will: `0x7f.1` is `127.0.0.1` here.
    pub(super) fn check_url(self, url: &Url) -> Result<(), Forbidden> {
        match (self, url.scheme()) {
            (_, "https") | (Self::Any, "http") => {}
            (Self::PublicOnly, _) => return Err(Forbidden("it isn't `https`")),
            (Self::Any, _) => return Err(Forbidden("it is neither `http` nor `https`")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Forbidden("it holds credentials"));
        }
        match url.host() {
            Some(Host::Ipv4(address)) => self.check(address.into()),
            Some(Host::Ipv6(address)) => self.check(address.into()),
            Some(Host::Domain(_)) => Ok(()),
            None => Err(Forbidden("it has no host")),
        }
    }

    fn check(self, address: IpAddr) -> Result<(), Forbidden> {
        if self == Self::Any || is_public_address(address) {
            Ok(())
        } else {
            Err(NOT_PUBLIC)
        }
    }
}

/// The system's resolver, whose answers are checked before anyone connects to them.
#[derive(Clone, Copy, Debug)]
pub(super) struct CheckedResolver {
    policy: AddressPolicy,
}

impl CheckedResolver {
    pub(super) const fn new(policy: AddressPolicy) -> Self {
        Self { policy }
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.policy;
        Box::pin(async move {
            // The port comes from the URL.
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One inner address among public ones is how a name is turned against its resolver.
            for address in &found {
                policy.check(address.ip())?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(policy: AddressPolicy, url: &str, allowed: bool) {
        let url = Url::parse(url).unwrap();
        assert_eq!(policy.check_url(&url).is_ok(), allowed, "{policy:?} {url}");
    }

    #[test]
    fn literal_addresses_are_checked_in_every_spelling() {
        for url in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[64:ff9b::a00:1]/",
            "https://169.254.169.254/latest",
            "https:\\\\10.0.0.1\\a",
            "http://cdn.example/",
            "ftp://cdn.example/",
            "https://user@cdn.example/",
            "https://:word@cdn.example/",
        ] {
            check(AddressPolicy::PublicOnly, url, false);
        }
        check(AddressPolicy::PublicOnly, "https://93.184.216.34/", true);
        check(AddressPolicy::PublicOnly, "https://cdn.example:8443/", true);
    }

    #[test]
    fn a_simulator_may_be_anywhere() {
        check(AddressPolicy::Any, "http://127.0.0.1:8080/a", true);
        check(AddressPolicy::Any, "https://localhost/a", true);
        check(AddressPolicy::Any, "file:///etc/passwd", false);
        check(AddressPolicy::Any, "http://user@localhost/", false);
    }
}
