//! [`Web`]: what each address of a name answers to an HTTP-01 challenge.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::WELL_KNOWN;
use super::backing::Link;
use super::fingerprint::Sort;
use super::subject::Subject;
use super::verdict::Verdict;

/// Redirects that are followed at most, by cert-manager and by Let's Encrypt alike.
pub const MOST_REDIRECTS: usize = 10;

/// What is to be found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The name that is to be certified.
    pub subject: Subject,
    /// The token of the challenge; without one, one that nobody knows is asked for.
    pub token: Option<String>,
    /// The body that should come.
    pub expected: Option<String>,
    /// The addresses; empty to look them up.
    pub addresses: Vec<SocketAddr>,
    /// Resolvers for names.
    pub guides: Vec<SocketAddr>,
    /// What cert-manager's own check said last; empty for nothing.
    pub reason: String,
}

impl Plan {
    /// The path that is asked for.
    pub fn path(&self) -> String {
        // A token that no authority gives out: a server may answer it with 404.
        format!("{WELL_KNOWN}{}", self.token.as_deref().unwrap_or("cmtop-probe"))
    }
}

/// What an address is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// The expected body.
    Match,
    /// Another body.
    Mismatch,
    /// An answer, and no body was expected.
    Present,
    /// Another status than 200.
    Status,
    /// Nobody listens.
    Refused,
    /// Nothing came in time.
    Timeout,
    /// A redirect that is not followed.
    Redirect,
    /// Something else went wrong.
    Error,
}

impl Found {
    /// The word, as on the screen and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
            Self::Present => "present",
            Self::Status => "wrong-status",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Redirect => "redirect",
            Self::Error => "error",
        }
    }

    /// Whether it shows what is wanted.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Match | Self::Present)
    }
}

/// One request on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// What was asked for.
    pub url: String,
    /// Where.
    pub address: Option<SocketAddr>,
    /// The status; `None` when there was no answer.
    pub status: Option<u16>,
    /// Where it leads.
    pub location: Option<String>,
}

/// What one address answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Where it was asked; what is inside the cluster has no address here.
    pub address: Option<SocketAddr>,
    /// The Pod that was asked from inside, if it was.
    pub pod: Option<String>,
    /// In one word; `None` while nothing has come.
    pub found: Option<Found>,
    /// Each request.
    pub hops: Vec<Hop>,
    /// The last status.
    pub status: Option<u16>,
    /// The beginning of the body.
    pub body: String,
    /// The `Server` header.
    pub server: String,
    /// Who answered, where that can be told.
    pub who: Option<&'static str>,
    /// What sort of program that is.
    pub sort: Option<Sort>,
    /// How long it took.
    pub took: Option<Duration>,
    /// What went wrong, in words.
    pub error: Option<String>,
    /// Why cert-manager's self check fails here; `None` when it passes.
    pub cert_manager: Option<String>,
    /// Why Let's Encrypt's check fails here; `None` when it passes.
    pub lets_encrypt: Option<String>,
}

impl Visit {
    /// What it answered, and who that was, in words.
    pub fn words(&self) -> String {
        let what = match self.found {
            Some(Found::Refused) => "“connection refused”".to_owned(),
            Some(Found::Timeout) => "silence".to_owned(),
            Some(Found::Status) => format!("status {}", self.status.unwrap_or_default()),
            Some(Found::Mismatch) => format!("“{}”", crate::text::fit(&self.body, 60)),
            _ => self.error.clone().unwrap_or_else(|| "something unexpected".to_owned()),
        };
        match self.who {
            Some(who) => format!("{what}, from {who}"),
            None => what,
        }
    }

    /// Whether somebody's check passes here, in a word: `objection` is what stands against it. Where nobody knows what
    /// should be answered, nobody knows that either.
    pub fn passes(&self, objection: Option<&str>) -> &'static str {
        match (self.found, objection) {
            (None, _) => "",
            (Some(_), Some(_)) => "fails",
            (Some(Found::Present), None) => "unknown",
            (Some(_), None) => "passes",
        }
    }

    /// An address that waits for its answer.
    pub const fn waiting(address: Option<SocketAddr>) -> Self {
        Self {
            address,
            pod: None,
            found: None,
            hops: Vec::new(),
            status: None,
            body: String::new(),
            server: String::new(),
            who: None,
            sort: None,
            took: None,
            error: None,
            cert_manager: None,
            lets_encrypt: None,
        }
    }

    /// Whether it shows what is wanted.
    pub fn is_good(&self) -> bool {
        self.found.is_some_and(Found::is_good)
    }

    /// As people name it.
    pub fn place(&self) -> String {
        match (&self.pod, self.address) {
            (Some(pod), _) => format!("Pod {pod}"),
            (None, Some(address)) => address.to_string(),
            (None, None) => String::new(),
        }
    }
}

/// Who answers what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// The name that is to be certified.
    pub subject: Subject,
    /// The path.
    pub path: String,
    /// The body that should come.
    pub expected: Option<String>,
    /// Each address, and each Pod that was asked from inside.
    pub visits: Vec<Visit>,
    /// Why there is no address.
    pub lookup: Option<String>,
    /// Where the cluster's own resolver leads; or why it cannot be asked. `None` where there is no cluster.
    pub inside: Option<Result<Vec<IpAddr>, String>>,
    /// What cert-manager's own check, made from inside, said last; empty for nothing.
    pub reason: String,
    /// What of the cluster stands behind the addresses, link by link.
    pub backing: Vec<Link>,
    /// The address of the solver's Ingress.
    pub entrance: Option<IpAddr>,
    /// What else was seen.
    pub notes: Vec<String>,
    /// What follows.
    pub verdict: Verdict,
}

impl Web {
    /// Nothing is known yet.
    pub fn begin(plan: &Plan) -> Self {
        Self {
            subject: plan.subject.clone(),
            path: plan.path(),
            expected: plan.expected.clone(),
            visits: Vec::new(),
            lookup: None,
            inside: None,
            reason: plan.reason.clone(),
            backing: Vec::new(),
            entrance: None,
            notes: Vec::new(),
            verdict: Verdict::default(),
        }
    }

    /// The addresses, as they are seen from here.
    pub fn outside(&self) -> impl Iterator<Item = &Visit> {
        self.visits.iter().filter(|visit| visit.pod.is_none())
    }

    /// What each address said, in a word.
    pub fn said(&self) -> Vec<(String, String)> {
        self.visits.iter().filter_map(|visit| Some((visit.place(), visit.found?.as_str().to_owned()))).collect()
    }
}

/// Whether an address is one that the public Internet does not reach.
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || a == 0
                || a == 100 && (64..128).contains(&b)
                || a == 198 && (18..20).contains(&b)
                || a >= 240
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private(IpAddr::V4(v4)),
            None => {
                let first = v6.segments()[0];
                v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_multicast()
                    || first & 0xfe00 == 0xfc00
                    || first & 0xffc0 == 0xfe80
                    || first & 0xffc0 == 0xfec0
                    // NAT64 and 6to4 hold an IPv4 address: judge that one.
                    || first == 0x64 && v6.segments()[1] == 0xff9b && is_private(embedded(v6.octets(), 12))
                    || first == 0x2002 && is_private(embedded(v6.octets(), 2))
            }
        },
    }
}

fn embedded(octets: [u8; 16], at: usize) -> IpAddr {
    let mut four = [0; 4];
    for (own, octet) in four.iter_mut().zip(octets.iter().skip(at)) {
        *own = *octet;
    }
    IpAddr::from(four)
}

/// Whether a redirect may be followed to an address: never to one that the Internet does not reach, unless the name
/// itself led there first. Whoever controls a zone could otherwise make this machine ask its neighbours.
pub fn may_follow(to: IpAddr, asked: &[IpAddr]) -> bool {
    !is_private(to) || asked.contains(&to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_addresses_are_known() {
        for inner in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "255.255.255.255",
        ] {
            assert!(is_private(inner.parse().unwrap()), "{inner}");
        }
        for outer in ["1.1.1.1", "203.0.113.7", "2606:4700::1111", "100.128.0.1", "64:ff9b::101:101"] {
            assert!(!is_private(outer.parse().unwrap()), "{outer}");
        }
    }

    #[test]
    fn a_redirect_to_an_inner_address_is_followed_only_where_the_name_led_first() {
        let inner: IpAddr = "10.0.0.5".parse().unwrap();
        assert!(!may_follow(inner, &["203.0.113.7".parse().unwrap()]));
        assert!(!may_follow(inner, &["10.0.0.6".parse().unwrap()]));
        assert!(may_follow(inner, &[inner]));
        assert!(may_follow("203.0.113.7".parse().unwrap(), &[]));
    }
}
