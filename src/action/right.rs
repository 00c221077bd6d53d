//! [`Right`]: what the API server must allow before an action is offered.

use std::fmt;

use super::Action;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;

/// The API group of Certificates and their requests.
pub const CERT_MANAGER: &str = "cert-manager.io";

/// The API group of Orders and Challenges.
pub const ACME: &str = "acme.cert-manager.io";

/// The resource that stands for "who may approve for an issuer". It is no object: only rights name it.
pub const SIGNERS: &str = "signers";

/// A right of the table of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RightRow {
    /// `get`, `update`, `approve` …
    pub verb: &'static str,
    /// The API group.
    pub group: &'static str,
    /// The resource, with its subresource: `certificates/status`.
    pub resource: &'static str,
}

/// A right in a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Right {
    /// `get`, `update`, `approve` …
    pub verb: &'static str,
    /// The API group.
    pub group: &'static str,
    /// The resource, with its subresource.
    pub resource: String,
    /// Where; empty for the whole cluster.
    pub namespace: String,
    /// For which object alone; empty for all.
    pub name: String,
}

/// `update certificates.cert-manager.io/status in namespace shop`
impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let group = if self.resource == SIGNERS { "signers.cert-manager.io" } else { "" };
        match self.resource.split_once('/') {
            _ if !group.is_empty() => write!(f, "{} {group}", self.verb)?,
            // The core group has no name.
            _ if self.group.is_empty() => write!(f, "{} {}", self.verb, self.resource)?,
            Some((plural, sub)) => write!(f, "{} {plural}.{}/{sub}", self.verb, self.group)?,
            None => write!(f, "{} {}.{}", self.verb, self.resource, self.group)?,
        }
        if !self.name.is_empty() {
            write!(f, " {}", self.name)?;
        }
        if self.namespace.is_empty() { Ok(()) } else { write!(f, " in namespace {}", self.namespace) }
    }
}

impl Right {
    /// A right over one object.
    pub fn over(verb: &'static str, object: &ObjectKey, subresource: &str) -> Self {
        let row = object.kind.row();
        let resource =
            if subresource.is_empty() { row.plural.to_owned() } else { format!("{}/{subresource}", row.plural) };
        Self { verb, group: row.group, resource, namespace: object.namespace.to_string(), name: String::new() }
    }
}

/// The rights that an action needs in a namespace (in the whole cluster when it is empty), as far as they are about
/// objects of a kind; those that only an issuer's name completes are asked for with the request itself.
pub fn needed(action: Action, kind: Option<Kind>, namespace: &str) -> Vec<Right> {
    let rows = action.row().map(|row| row.rights).unwrap_or_default();
    let concerns = |row: &&RightRow| {
        let plural = row.resource.split('/').next().unwrap_or_default();
        row.resource != SIGNERS && kind.is_none_or(|kind| kind.row().plural == plural)
    };
    let right = |row: &RightRow| Right {
        verb: row.verb,
        group: row.group,
        resource: row.resource.to_owned(),
        namespace: if row.resource.starts_with("cluster") { String::new() } else { namespace.to_owned() },
        name: String::new(),
    };
    rows.iter().filter(concerns).map(right).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_read_as_a_person_would_grant_them() {
        let texts: Vec<String> = needed(Action::Renew, None, "shop").iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "get certificates.cert-manager.io in namespace shop",
                "update certificates.cert-manager.io/status in namespace shop"
            ]
        );
        let log = Right {
            verb: "get",
            group: "",
            resource: "pods/log".to_owned(),
            namespace: String::new(),
            name: String::new(),
        };
        assert_eq!(log.to_string(), "get pods/log");
        let of_orders = needed(Action::Delete, Some(Kind::Order), "");
        assert_eq!(of_orders.iter().map(|right| right.verb).collect::<Vec<_>>(), ["get", "delete"]);
    }
}
