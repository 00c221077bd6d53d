//! [`Row`]: what one server says of one name, compared with what should be there.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use super::question::{Code, Reply, Silence, Soa};

/// Why a server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It answers for the zone.
    Authority,
    /// Everybody may ask it.
    Public,
    /// The cluster's own, asked from inside.
    Cluster,
    /// cert-manager is told to ask it.
    Configured,
    /// This machine asks it.
    System,
    /// The person named it.
    Given,
}

impl Role {
    /// The word, as on the screen and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Public => "public",
            Self::Cluster => "cluster",
            Self::Configured => "configured",
            Self::System => "system",
            Self::Given => "given",
        }
    }
}

/// What an answer is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The expected value is there.
    Match,
    /// Other values are.
    Mismatch,
    /// There is a value, and none was expected.
    Present,
    /// The name exists, without such a record.
    Absent,
    /// The name does not exist.
    NxDomain,
    /// The server failed.
    ServFail,
    /// The server will not answer.
    Refused,
    /// Nothing came in time.
    Timeout,
    /// Something else went wrong.
    Error,
}

impl Outcome {
    /// The word, as on the screen and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
            Self::Present => "present",
            Self::Absent => "absent",
            Self::NxDomain => "nxdomain",
            Self::ServFail => "servfail",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Error => "error",
        }
    }

    /// Whether it shows what is wanted.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Match | Self::Present)
    }

    /// Whether the server says that there is no such record.
    pub const fn is_negative(self) -> bool {
        matches!(self, Self::Absent | Self::NxDomain)
    }

    /// Whether the server said anything about the name.
    pub const fn is_told(self) -> bool {
        self.is_good() || self.is_negative() || matches!(self, Self::Mismatch)
    }

    /// Whether a server answered at all.
    pub const fn is_answer(self) -> bool {
        !matches!(self, Self::Timeout | Self::Error)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A server that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Server {
    /// Where.
    pub address: SocketAddr,
    /// Why.
    pub role: Role,
    /// Its name, or what it is: `ns1.example.net`, `CoreDNS`; empty for none.
    pub name: String,
    /// Whether it is asked from inside the cluster.
    pub inside: bool,
}

impl Server {
    /// A server that is asked from here.
    pub fn new(address: SocketAddr, role: Role) -> Self {
        Self { address, role, name: String::new(), inside: false }
    }

    /// The same server, with a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

/// What one server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Who.
    pub server: Server,
    /// In one word; `None` while nothing has come.
    pub outcome: Option<Outcome>,
    /// The values at the name.
    pub values: Vec<String>,
    /// Seconds for which the answer may be kept, where the server said so; of a negative answer as well.
    pub ttl: Option<u32>,
    /// How long it took.
    pub took: Option<Duration>,
    /// What went wrong or is odd, in words.
    pub error: Option<String>,
    /// Whether it speaks for the zone.
    pub authoritative: bool,
    /// Whether it says that DNSSEC's checks passed.
    pub secure: bool,
    /// The start of the zone, in a negative answer.
    pub soa: Option<Soa>,
}

impl Row {
    /// A row that waits for its answer.
    pub const fn waiting(server: Server) -> Self {
        Self {
            server,
            outcome: None,
            values: Vec::new(),
            ttl: None,
            took: None,
            error: None,
            authoritative: false,
            secure: false,
            soa: None,
        }
    }

    /// What a server answered about a name, read against what should be there.
    pub fn of(server: Server, name: &str, expected: Option<&str>, answer: &Result<Reply, Silence>) -> Self {
        let mut row = Self::waiting(server);
        match answer {
            Err(Silence::Timeout) => row.outcome = Some(Outcome::Timeout),
            Err(Silence::Failed(why)) => {
                row.outcome = Some(Outcome::Error);
                row.error = Some(why.clone());
            }
            Ok(reply) => row.read(name, expected, reply),
        }
        row
    }

    fn read(&mut self, name: &str, expected: Option<&str>, reply: &Reply) {
        let end = reply.follow(name);
        let found: Vec<(&str, u32)> = reply.texts(end).collect();
        self.values = found.iter().map(|(text, _)| (*text).to_owned()).collect();
        self.took = Some(reply.took);
        self.authoritative = reply.authoritative;
        self.secure = reply.secure;
        self.soa.clone_from(&reply.soa);
        self.ttl = found.iter().map(|(_, ttl)| *ttl).min().or(reply.soa.as_ref().map(|soa| soa.negative_ttl));
        let mut said: Vec<String> = reply.told.iter().cloned().collect();
        said.extend(reply.oddities.iter().map(|word| (*word).to_owned()));
        let outcome = match reply.code {
            _ if !found.is_empty() => compared(&self.values, expected),
            Code::NxDomain => Outcome::NxDomain,
            Code::ServFail => Outcome::ServFail,
            Code::Refused => Outcome::Refused,
            Code::Other(_) => {
                said.insert(0, reply.code.word());
                Outcome::Error
            }
            Code::NoError if end != name => {
                said.insert(0, format!("refers to {end}, and says nothing of it"));
                Outcome::Absent
            }
            Code::NoError if !reply.referral.is_empty() && !reply.authoritative => {
                let (zone, server) = &reply.referral[0];
                said.insert(0, format!("does not serve the zone: it refers to {server} for {}", dotted(zone)));
                Outcome::Error
            }
            Code::NoError => Outcome::Absent,
        };
        self.outcome = Some(outcome);
        self.error = (!said.is_empty()).then(|| said.join("; "));
    }

    /// Whether it shows what is wanted.
    pub fn is_good(&self) -> bool {
        self.outcome.is_some_and(Outcome::is_good)
    }

    /// Whether it shows what is wanted of the values with which it answers, and others too.
    pub fn extra_values(&self) -> usize {
        if self.is_good() { self.values.len().saturating_sub(1) } else { 0 }
    }
}

fn dotted(zone: &str) -> &str {
    if zone.is_empty() { "the root" } else { zone }
}

fn compared(values: &[String], expected: Option<&str>) -> Outcome {
    match expected {
        None => Outcome::Present,
        Some(expected) if values.iter().any(|value| value == expected) => Outcome::Match,
        Some(_) => Outcome::Mismatch,
    }
}
