//! [`Action`]: everything that cmtop can do to a cluster, as one table; and what comes before a request is sent.
//!
//! 1. [`plan`]: what is to be done to which object, what will happen, who is affected, what speaks against it.
//! 2. [`step`]: one request of a plan: its verb, its path, the rights that it needs, its twin in kubectl.
//! 3. [`body`]: what the request carries, made from the object as it was read a moment ago; and when it must not be sent.
//! 4. [`report`]: what came of it. [`progress`]: how it goes on in the cluster.
//!
//! Nothing here sends anything: that is `cluster::mutate`.
//!
//! **Invariant:** every request names the uid and the resourceVersion of the object that was looked at.

pub mod body;
pub mod choose;
pub mod difference;
pub mod errand;
pub mod gitops;
pub mod kubectl;
pub mod merge;
pub mod plan;
pub mod progress;
pub mod rate;
pub mod rbac;
pub mod registered;
pub mod release;
pub mod report;
pub mod right;
mod signs_for;
pub mod step;

use std::fmt;

use self::right::{ACME, CERT_MANAGER, RightRow, SIGNERS};
use crate::command::Command;
use crate::model::kind::Kind;

/// Something that cmtop can do to the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Issue a Certificate again now.
    Renew,
    /// Delete the request of an issuance that failed or is stuck, and begin again.
    Retry,
    /// Delete a Challenge, an Order or a CertificateRequest: cert-manager makes it again.
    Delete,
    /// Take the ACME finalizer off a Challenge that cannot be cleaned up.
    Release,
    /// Approve a CertificateRequest.
    Approve,
    /// Deny a CertificateRequest.
    Deny,
    /// Change an object in an editor.
    Edit,
}

/// How much is at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// The present certificate is served until there is a new one.
    Mild,
    /// An attempt is lost, or a spec changes.
    Some,
    /// It cannot be taken back.
    Final,
}

/// A row of the table of actions.
#[derive(Debug)]
pub struct ActionRow {
    /// The action.
    pub action: Action,
    /// Its name: the command of the shell and of the palette.
    pub name: &'static str,
    /// The command behind its key.
    pub command: Command,
    /// What it does, in one line.
    pub title: &'static str,
    /// To which kinds of objects it is done.
    pub kinds: &'static [Kind],
    /// The rights that it needs.
    pub rights: &'static [RightRow],
    /// How much is at stake.
    pub danger: Danger,
}

const fn right(verb: &'static str, group: &'static str, resource: &'static str) -> RightRow {
    RightRow { verb, group, resource }
}

const GET_CERTIFICATE: RightRow = right("get", CERT_MANAGER, "certificates");
const GET_REQUEST: RightRow = right("get", CERT_MANAGER, "certificaterequests");
const GET_CHALLENGE: RightRow = right("get", ACME, "challenges");
const ISSUE: RightRow = right("update", CERT_MANAGER, "certificates/status");
const DELETE_REQUEST: RightRow = right("delete", CERT_MANAGER, "certificaterequests");
const DECIDE: [RightRow; 3] = [
    GET_REQUEST,
    right("update", CERT_MANAGER, "certificaterequests/status"),
    // cert-manager's webhook asks for this one: who may approve for which issuer.
    right("approve", CERT_MANAGER, SIGNERS),
];

/// Every action, in the order of the help.
#[rustfmt::skip]
pub static ACTIONS: &[ActionRow] = &[
    ActionRow {
        action: Action::Renew, name: "renew", command: Command::Renew, danger: Danger::Mild,
        title: "issue a Certificate again now",
        kinds: &[Kind::Certificate],
        rights: &[GET_CERTIFICATE, ISSUE],
    },
    ActionRow {
        action: Action::Retry, name: "retry", command: Command::Retry, danger: Danger::Mild,
        title: "delete the request that failed or is stuck, and begin again without the wait",
        kinds: &[Kind::Certificate],
        rights: &[GET_CERTIFICATE, ISSUE, GET_REQUEST, DELETE_REQUEST],
    },
    ActionRow {
        action: Action::Delete, name: "delete", command: Command::Delete, danger: Danger::Some,
        title: "delete a Challenge, an Order or a CertificateRequest that is stuck",
        kinds: &[Kind::Challenge, Kind::Order, Kind::CertificateRequest],
        rights: &[
            GET_CHALLENGE, right("delete", ACME, "challenges"),
            right("get", ACME, "orders"), right("delete", ACME, "orders"),
            GET_REQUEST, DELETE_REQUEST,
        ],
    },
    ActionRow {
        action: Action::Release, name: "release", command: Command::Release, danger: Danger::Final,
        title: "take the ACME finalizer off a Challenge whose clean-up will not come",
        kinds: &[Kind::Challenge],
        rights: &[GET_CHALLENGE, right("patch", ACME, "challenges")],
    },
    ActionRow {
        action: Action::Approve, name: "approve", command: Command::Approve, danger: Danger::Final,
        title: "approve the CertificateRequest that waits",
        kinds: &[Kind::CertificateRequest],
        rights: &DECIDE,
    },
    ActionRow {
        action: Action::Deny, name: "deny", command: Command::Deny, danger: Danger::Final,
        title: "deny the CertificateRequest that waits",
        kinds: &[Kind::CertificateRequest],
        rights: &DECIDE,
    },
    ActionRow {
        action: Action::Edit, name: "edit", command: Command::Edit, danger: Danger::Some,
        title: "change the object in your editor",
        kinds: &[Kind::Certificate, Kind::Issuer, Kind::ClusterIssuer],
        rights: &[
            GET_CERTIFICATE, right("update", CERT_MANAGER, "certificates"),
            right("get", CERT_MANAGER, "issuers"), right("update", CERT_MANAGER, "issuers"),
            right("get", CERT_MANAGER, "clusterissuers"), right("update", CERT_MANAGER, "clusterissuers"),
        ],
    },
];

impl Action {
    /// Its row in the table.
    pub fn row(self) -> Option<&'static ActionRow> {
        ACTIONS.iter().find(|row| row.action == self)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// The action of a command.
    pub fn of(command: Command) -> Option<Self> {
        ACTIONS.iter().find(|row| row.command == command).map(|row| row.action)
    }

    /// Whether it may be done to objects of a kind.
    pub fn suits(self, kind: Kind) -> bool {
        self.row().is_some_and(|row| row.kinds.contains(&kind))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_row_of_its_own() {
        for row in ACTIONS {
            assert_eq!(row.action.row().map(|found| found.name), Some(row.name));
            assert_eq!(Action::of(row.command), Some(row.action));
            assert!(!row.kinds.is_empty() && row.rights.len() >= 2, "{}", row.name);
        }
        assert_eq!(Action::of(Command::Open), None);
    }
}
