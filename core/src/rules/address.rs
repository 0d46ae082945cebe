//! Which addresses lie on the public internet.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address can be reached from the internet and is nobody's inner network, after IANA's
/// special-purpose address registries (RFC 6890) as of 2026-11.
///
/// Not public are: this machine, private networks, link-local, carriers' shared space, benchmarks,
/// documentation, multicast, reserved space, and everything in IPv6 outside of what is given out
/// (`2000::/3`). An IPv6 address that stands for an IPv4 one (mapped, or translated by the well-known
/// NAT64 prefix) is judged as that one; the transition mechanisms that are given up (6to4, Teredo)
/// are refused whole, since nobody can say where they lead.
///
/// Whoever opens connections on behalf of users checks each address after resolution with this, so
/// that a name can't lead into the host's own network.
///
/// ```
/// use calendar_publish::rules::is_public_address;
///
/// assert!(is_public_address([93, 184, 216, 34].into()));
/// assert!(!is_public_address([169, 254, 169, 254].into()), "a cloud's metadata");
/// ```
pub fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || (a == 100 && (64..128).contains(&b)) // shared by carriers
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99) // relays of 6to4
        || (a == 198 && (b == 18 || b == 19)) // benchmarks
        || a >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match address.segments() {
        // RFC 6052; RFC 8215 keeps 64:ff9b:1::/48 for inner networks.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
        }
        // Protocol assignments (Teredo, ORCHID…), for which no web server lives.
        [0x2001, second, ..] if second < 0x200 => false,
        // Documents: RFC 3849 and RFC 9637.
        [0x2001, 0xdb8, ..] => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // 6to4.
        [0x2002, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(public: bool, addresses: &[&str]) {
        for address in addresses {
            let parsed = address.parse().unwrap();
            assert_eq!(is_public_address(parsed), public, "{address}");
        }
    }

    #[test]
    fn public_addresses() {
        check(
            true,
            &[
                "1.1.1.1",
                "93.184.216.34",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.0.1",
                "172.32.0.1",
                "198.17.0.1",
                "198.20.0.1",
                "223.255.255.255",
                "2606:2800:220:1::1",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2a00:1450:4001::1",
                "3fff:1000::1",
                "::ffff:1.1.1.1",
                "64:ff9b::1.1.1.1",
            ],
        );
    }

    #[test]
    fn every_special_purpose_block_is_refused_at_both_ends() {
        check(
            false,
            &[
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.0.0",
                "169.254.169.254",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.0",
                "192.0.0.255",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.0",
                "255.255.255.255",
            ],
        );
        check(
            false,
            &[
                "::",
                "::1",
                "::1.1.1.1",
                "::ffff:10.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254",
                "64:ff9b::10.0.0.1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::169.254.169.254",
                "64:ff9b:1::1.1.1.1",
                "100::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:1ff:ffff::1",
                "2001:db8::1",
                "2001:db8:ffff::1",
                "2002:0a00:0001::1",
                "2002:101:101::1",
                "3fff::1",
                "3fff:fff:ffff::1",
                "5f00::1",
                "fc00::1",
                "fd00::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
            ],
        );
    }
}
