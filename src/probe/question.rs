//! [`Question`] and [`Reply`]: the DNS as the rest of cmtop needs it, without its bytes.

use std::net::IpAddr;
use std::time::Duration;

/// Which records are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// Another name of the same thing.
    Cname,
    /// The servers of a zone.
    Ns,
    /// The start of a zone.
    Soa,
    /// Text.
    Txt,
    /// Who may issue.
    Caa,
}

/// A question to one server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// The name, without a final dot; empty for the root.
    pub name: String,
    /// The records.
    pub kind: RecordKind,
    /// Whether the server is to ask others.
    pub recurse: bool,
    /// Whether the server is to leave out DNSSEC's checks.
    pub unchecked: bool,
}

impl Question {
    /// To a server that answers for itself alone.
    pub fn to_authority(name: impl Into<String>, kind: RecordKind) -> Self {
        Self { name: name.into(), kind, recurse: false, unchecked: false }
    }

    /// To a server that asks others.
    pub fn to_resolver(name: impl Into<String>, kind: RecordKind) -> Self {
        Self { recurse: true, ..Self::to_authority(name, kind) }
    }
}

/// How a server says that it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The name exists.
    NoError,
    /// It does not.
    NxDomain,
    /// The server failed.
    ServFail,
    /// The server will not.
    Refused,
    /// Something else, by its number.
    Other(u16),
}

impl Code {
    /// As name servers and cert-manager write it.
    pub fn word(self) -> String {
        match self {
            Self::NoError => "NOERROR".to_owned(),
            Self::NxDomain => "NXDOMAIN".to_owned(),
            Self::ServFail => "SERVFAIL".to_owned(),
            Self::Refused => "REFUSED".to_owned(),
            Self::Other(number) => format!("RCODE{number}"),
        }
    }
}

/// Where a zone starts, and how long "there is none" may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soa {
    /// The zone.
    pub zone: String,
    /// Its primary server.
    pub primary: String,
    /// Who is in charge of it.
    pub mailbox: String,
    /// Its version.
    pub serial: u32,
    /// Seconds for which a negative answer may be kept: the lesser of TTL and minimum (RFC 2308).
    pub negative_ttl: u32,
}

impl Soa {
    /// Whether it is another zone's than `other`, or a later version of it: no older copy of that.
    pub fn is_foreign_to(&self, other: &Self) -> bool {
        let own = (&self.zone, &self.primary, &self.mailbox);
        own != (&other.zone, &other.primary, &other.mailbox) || self.is_later_than(other)
    }

    /// Serial numbers run in a circle (RFC 1982).
    fn is_later_than(&self, other: &Self) -> bool {
        (self.serial.wrapping_sub(other.serial) as i32) > 0
    }
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// A or AAAA.
    Address(IpAddr),
    /// CNAME.
    Alias(String),
    /// NS.
    Server(String),
    /// TXT, its strings joined.
    Text(String),
    /// SOA.
    Authority(Soa),
    /// CAA: flags, tag, value.
    Issue(u8, String, String),
}

/// A record of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Whose it is.
    pub name: String,
    /// Seconds for which it may be kept.
    pub ttl: u32,
    /// What it says.
    pub data: Data,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// How it did.
    pub code: Code,
    /// Whether it speaks for the zone.
    pub authoritative: bool,
    /// Whether it says that DNSSEC's checks passed.
    pub secure: bool,
    /// The answers.
    pub records: Vec<Record>,
    /// The start of the zone, where there is no answer.
    pub soa: Option<Soa>,
    /// The zone and servers to which it refers, where it neither answers nor says that there is none.
    pub referral: Vec<(String, String)>,
    /// Addresses that came along.
    pub glue: Vec<(String, IpAddr)>,
    /// Its own words about a failure (RFC 8914).
    pub told: Option<String>,
    /// How long it took.
    pub took: Duration,
    /// What is odd about the way it answers.
    pub oddities: Vec<&'static str>,
}

impl Reply {
    /// The texts of a name.
    pub fn texts<'r>(&'r self, name: &'r str) -> impl Iterator<Item = (&'r str, u32)> {
        self.of(name).filter_map(|record| match &record.data {
            Data::Text(text) => Some((text.as_str(), record.ttl)),
            _ => None,
        })
    }

    /// The records of a name.
    pub fn of<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r Record> {
        self.records.iter().filter(move |record| record.name == name)
    }

    /// Where a name's alias leads, with its TTL.
    pub fn alias(&self, name: &str) -> Option<&str> {
        self.records.iter().filter(|record| record.name == name).find_map(|record| match &record.data {
            Data::Alias(target) => Some(target.as_str()),
            _ => None,
        })
    }

    /// The aliases that begin at a name, in their order, and where they end.
    pub fn follow<'r>(&'r self, name: &'r str) -> &'r str {
        let mut at = name;
        // An answer that runs in circles has as many steps as records at most.
        for _ in 0..self.records.len() {
            match self.alias(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    /// The addresses in the answer.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.records.iter().filter_map(|record| match record.data {
            Data::Address(address) => Some(address),
            _ => None,
        })
    }

    /// The name servers in the answer, or those to which it refers.
    pub fn servers(&self, zone: &str) -> Vec<String> {
        let own = self.records.iter().filter_map(|record| match &record.data {
            Data::Server(name) if record.name == zone => Some(name.clone()),
            _ => None,
        });
        let referred = self.referral.iter().filter(|(of, _)| of == zone).map(|(_, name)| name.clone());
        let mut servers: Vec<String> = own.chain(referred).collect();
        servers.dedup();
        servers
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Silence {
    /// Nothing came in time.
    Timeout,
    /// Something else went wrong, in words.
    Failed(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soa(zone: &str, serial: u32) -> Soa {
        let (primary, mailbox) = ("ns1.example".to_owned(), "hostmaster.example".to_owned());
        Soa { zone: zone.to_owned(), primary, mailbox, serial, negative_ttl: 60 }
    }

    #[test]
    fn an_older_copy_of_a_zone_is_no_other_zone() {
        for (mine, other, foreign) in [
            (soa("a", 5), soa("a", 5), false),
            (soa("a", 4), soa("a", 5), false),
            (soa("a", 6), soa("a", 5), true),
            (soa("a", 1), soa("a", u32::MAX), true),
            (soa("b", 4), soa("a", 5), true),
        ] {
            assert_eq!(mine.is_foreign_to(&other), foreign, "{mine:?} {other:?}");
        }
    }
}
