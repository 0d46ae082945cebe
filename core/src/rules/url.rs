//! What kind of URL a platform is given, without fetching it.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::address::is_public_address;

/// What kind of URL this is, as a word of a [`Subject::MediaUrl`](super::Subject::MediaUrl) limit.
///
/// `https_domain` and `https_address` can be fetched by a platform as far as one can see. The
/// others can't: `not_https`; `not_ascii` (or with spaces, control characters or backslashes, which
/// readers of URLs take for different things); `credentials` (a user name or password);
/// `no_host`; `private_host` (this machine, or a network that isn't public).
pub(super) fn url_kind(url: &str) -> &'static str {
    let Some((scheme, rest)) = url.split_at_checked(8) else {
        return "not_https";
    };
    if !scheme.eq_ignore_ascii_case("https://") {
        return "not_https";
    }
    // Nearly every URL is plain to its end: a loop that can't stop early becomes vector instructions.
    let plain = |plain, byte: u8| plain & byte.is_ascii_graphic() & (byte != b'\\');
    if !url.bytes().fold(true, plain) {
        return "not_ascii";
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return "credentials";
    }
    host_kind(host(authority))
}

/// The host of `authority`, without its port.
fn host(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(address, _)| address),
        None => authority
            .split_once(':')
            .map_or(authority, |(host, _)| host),
    }
}

fn host_kind(host: &str) -> &'static str {
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.is_empty() {
        return "no_host";
    }
    let public = |public| {
        if public {
            "https_address"
        } else {
            "private_host"
        }
    };
    if host.contains(':') {
        return public(
            host.parse::<Ipv6Addr>()
                .is_ok_and(|address| is_public_address(address.into())),
        );
    }
    let last = host.rsplit('.').next().unwrap_or(host);
    // URL readers take any host that ends in a number for an IPv4 address, also `2130706433` and
    // `127.1`; only the plain form is let through.
    if last.bytes().all(|byte| byte.is_ascii_digit()) || is_hex_number(last) {
        return public(
            host.parse::<Ipv4Addr>()
                .is_ok_and(|address| is_public_address(address.into())),
        );
    }
    let local = last.len() == host.len()
        || ["localhost", "local", "internal"]
            .iter()
            .any(|word| last.eq_ignore_ascii_case(word))
        || ends_with_ignore_case(host, ".home.arpa");
    if local {
        "private_host"
    } else {
        "https_domain"
    }
}

fn is_hex_number(label: &str) -> bool {
    label
        .strip_prefix("0x")
        .or_else(|| label.strip_prefix("0X"))
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn ends_with_ignore_case(host: &str, suffix: &str) -> bool {
    host.len()
        .checked_sub(suffix.len())
        .and_then(|at| host.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::url_kind;

    #[track_caller]
    fn check(kind: &str, urls: &[&str]) {
        for url in urls {
            assert_eq!(url_kind(url), kind, "{url}");
        }
    }

    #[test]
    fn urls_are_told_apart() {
        check(
            "https_domain",
            &[
                "https://cdn.example/a.jpg",
                "HTTPS://CDN.Example:8443?x=@",
                "https://a.b.",
                "https://0x.example",
            ],
        );
        check(
            "https_address",
            &[
                "https://93.184.216.34/a",
                "https://[2606:2800:220:1::1]:443/a",
                "https://[::ffff:1.1.1.1]/",
            ],
        );
        check(
            "not_https",
            &[
                "http://cdn.example/a",
                "ftp://a.b",
                "",
                "https:/a",
                "//a.b/c",
                "ñññññ",
            ],
        );
        check(
            "not_ascii",
            &[
                "https://cdn.example/ñ",
                "https://a.b/ c",
                "https://a.b\\c",
                "https://a.b/\n",
            ],
        );
        check(
            "credentials",
            &["https://u:p@cdn.example/a", "https://@a.b/"],
        );
        check(
            "no_host",
            &["https://", "https:///a", "https://:443/", "https://[/a"],
        );
    }

    #[test]
    fn private_hosts_are_known_in_every_spelling() {
        check(
            "private_host",
            &[
                "https://localhost/a",
                "https://LOCALHOST:8080/a",
                "https://media/a",
                "https://nas.local/a",
                "https://x.internal./a",
                "https://127.0.0.1/",
                "https://127.1/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0177.0.0.1/",
                "https://10.1.2.3/",
                "https://172.31.255.255/",
                "https://192.168.0.1/",
                "https://169.254.169.254/latest",
                "https://100.64.0.1/",
                "https://0.0.0.0/",
                "https://255.255.255.255/",
                "https://[::1]/",
                "https://[fd00::1]/",
                "https://[fe80::1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[zz::1]/",
            ],
        );
    }
}
