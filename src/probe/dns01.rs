//! [`Dns01`]: who sees what of a DNS-01 proof, and how that is asked for.

use std::net::SocketAddr;

use super::answer::{Outcome, Role, Row, Server};
use super::chain::Chain;
use super::helm::Release;
use super::question::Soa;
use super::subject::Subject;
use super::verdict::Verdict;

/// What is to be found out, and from whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The name that is to be certified.
    pub subject: Subject,
    /// The value that should be there.
    pub expected: Option<String>,
    /// The servers; with `discover`, in addition to those that are found.
    pub servers: Vec<Server>,
    /// Resolvers by which zone and authorities are found; none asks nobody but `servers`.
    pub guides: Vec<SocketAddr>,
    /// How cert-manager looks.
    pub checker: Checker,
}

impl Plan {
    /// A plan that asks nobody but the servers that a person gave.
    pub fn given(
        subject: Subject,
        expected: Option<String>,
        authorities: &[SocketAddr],
        resolvers: &[SocketAddr],
    ) -> Self {
        let authorities = authorities.iter().map(|address| Server::new(*address, Role::Authority));
        let resolvers = resolvers.iter().map(|address| Server::new(*address, Role::Given));
        Self {
            subject,
            expected,
            servers: authorities.chain(resolvers).collect(),
            guides: Vec::new(),
            checker: Checker::default(),
        }
    }
}

/// How cert-manager looks: its flags, and how it was installed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checker {
    /// `--dns01-recursive-nameservers-only`: it asks its resolvers for the value, not the authorities.
    pub recursive_only: bool,
    /// How to change its settings.
    pub release: Release,
}

/// A zone as its parent and as it itself names its servers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Zone {
    /// Its name.
    pub name: String,
    /// Where it starts, as an authority says.
    pub soa: Option<Soa>,
    /// Its servers, as its parent names them; empty where that was not asked.
    pub by_parent: Vec<String>,
    /// Its servers, as it names them.
    pub by_itself: Vec<String>,
}

impl Zone {
    /// Whether parent and child name different servers.
    pub fn disagrees(&self) -> bool {
        let sorted = |names: &[String]| {
            let mut names = names.to_vec();
            names.sort();
            names
        };
        !self.by_parent.is_empty() && !self.by_itself.is_empty() && sorted(&self.by_parent) != sorted(&self.by_itself)
    }
}

/// Who sees what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dns01 {
    /// The name that is to be certified.
    pub subject: Subject,
    /// The value that should be there.
    pub expected: Option<String>,
    /// Where the record really stands.
    pub chain: Chain,
    /// The zone, where one was looked for and found.
    pub zone: Zone,
    /// Whether a zone was looked for.
    pub sought_zone: bool,
    /// Whether the resolvers that were given know no zone of the name.
    pub undelegated: bool,
    /// Each server.
    pub rows: Vec<Row>,
    /// A name with the zone twice in it, at which the value stands.
    pub doubled: Option<String>,
    /// How cert-manager looks.
    pub checker: Checker,
    /// What else was seen.
    pub notes: Vec<String>,
    /// The server at which cert-manager's own check stops, by its place in `rows`.
    pub stop: Option<usize>,
    /// What follows.
    pub verdict: Verdict,
}

impl Dns01 {
    /// Nothing is known yet.
    pub fn begin(plan: &Plan) -> Self {
        Self {
            subject: plan.subject.clone(),
            expected: plan.expected.clone(),
            chain: Chain::default(),
            zone: Zone::default(),
            sought_zone: !plan.guides.is_empty(),
            undelegated: false,
            rows: plan.servers.iter().cloned().map(Row::waiting).collect(),
            doubled: None,
            checker: plan.checker.clone(),
            notes: Vec::new(),
            stop: None,
            verdict: Verdict::default(),
        }
    }

    /// The name where the record belongs.
    pub fn name(&self) -> String {
        self.subject.record()
    }

    /// The servers with a role.
    pub fn of(&self, role: Role) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.server.role == role)
    }

    /// Those that answer for others.
    pub fn resolvers(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.server.role != Role::Authority)
    }

    /// How many see the value, of how many that were asked.
    pub fn tally(&self) -> (usize, usize) {
        (self.rows.iter().filter(|row| row.is_good()).count(), self.rows.len())
    }

    /// Whether everybody who was asked has answered or been given up.
    pub fn is_complete(&self) -> bool {
        self.rows.iter().all(|row| row.outcome.is_some())
    }

    /// What each server said, in a word.
    pub fn said(&self) -> Vec<(String, String)> {
        self.rows.iter().filter_map(|row| Some((row.server.address.to_string(), row.outcome?.to_string()))).collect()
    }

    /// Whether any server answered at all.
    pub fn is_heard(&self) -> bool {
        self.rows.iter().any(|row| row.outcome.is_some_and(Outcome::is_answer))
    }
}
