//! What stands beside the requests: the issuer, the Secret, the key of the issuance in flight.

use super::{Node, Tone, Word};
use crate::model::id::ObjectKey;
use crate::model::issuer::{Issuer, IssuerType};
use crate::model::kind::Kind;
use crate::model::lineage::{Lineage, Step};
use crate::model::secret::Secret;
use crate::model::symbol::Symbol;
use crate::triage::why::essence;

/// Who signs.
pub(super) fn issuer(lineage: &Lineage) -> Node {
    let reference = &lineage.certificate.issuer;
    let known = reference.known_kind();
    let kind = known.unwrap_or(Kind::Issuer);
    let namespace = match kind {
        Kind::ClusterIssuer => Symbol::default(),
        _ => lineage.certificate.meta.namespace.clone(),
    };
    let key = ObjectKey { kind, namespace, name: Box::from(reference.name.as_str()) };
    match (known, &lineage.issuer) {
        (None, _) => {
            let word = Word::new("external", Tone::Unseen, format!("of {}, not cert-manager's own", reference.group));
            Node { foreign_kind: Some(reference.kind.clone()), ..Node::named(key, word) }
        }
        (_, Step::Seen(issuer)) => Node::of(*issuer, issuer_word(issuer)),
        (_, Step::Absent) => Node::named(key, Word::new("absent", Tone::Bad, "nobody can sign without it")),
        (_, Step::Unseen) => Node::named(key, Word::new("not seen", Tone::Unseen, "")),
    }
}

pub(super) fn issuer_word(issuer: &Issuer) -> Word {
    let what = description(issuer);
    let Some(ready) = &issuer.ready else {
        return Word::new("new", Tone::Waiting, format!("{what} · cert-manager has not looked at it yet"));
    };
    let message = essence(ready.message.as_str());
    let word = match (ready.is_true(), message.is_empty()) {
        (true, _) => Word::new("ready", Tone::Good, what),
        (false, true) => Word::new("not ready", Tone::Bad, format!("{what} · {}", ready.reason)),
        (false, false) => Word::new("not ready", Tone::Bad, format!("{what} · {message}")),
    };
    word.since(ready.since)
}

/// `ACME, HTTP-01 ingress`, `CA in Secret root-ca`.
fn description(issuer: &Issuer) -> String {
    let kind = issuer.issuer_type.as_str();
    match issuer.issuer_type {
        IssuerType::Acme => {
            let mut solvers: Vec<&str> = issuer.solvers.iter().map(Symbol::as_str).collect();
            solvers.dedup();
            if solvers.is_empty() {
                format!("{kind} without solvers")
            } else {
                format!("{kind}, {}", solvers.join(", "))
            }
        }
        IssuerType::Ca => format!("{kind} in Secret {}", issuer.backend),
        IssuerType::Vault => format!("{kind} at {}", issuer.backend),
        IssuerType::Unknown => "of a type that cmtop does not know".to_owned(),
        IssuerType::SelfSigned | IssuerType::Venafi => kind.to_owned(),
    }
}

/// Where the certificate is stored.
pub(super) fn secret(lineage: &Lineage) -> Node {
    let certificate = lineage.certificate;
    let key = ObjectKey {
        kind: Kind::Secret,
        namespace: certificate.meta.namespace.clone(),
        name: certificate.secret_name.clone(),
    };
    match &lineage.secret {
        Step::Seen(secret) => {
            let owner = secret.certificate_name.as_ref().filter(|owner| owner.as_str() != &*certificate.meta.name);
            let word = match owner {
                Some(owner) => Word::new("there", Tone::Bad, format!("holds the certificate of {owner}")),
                None => Word::new("there", Tone::Good, ""),
            };
            Node { revision: certificate.revision, ..Node::of(*secret, word) }
        }
        // Gone after it was issued, it takes the certificate from whoever serves it; before that it is not due.
        Step::Absent if certificate.revision.is_some() => {
            Node::named(key, Word::new("absent", Tone::Bad, "it was removed"))
        }
        Step::Absent => Node::named(key, Word::new("absent", Tone::Absent, "not issued yet")),
        Step::Unseen => Node::named(key, Word::new("not seen", Tone::Unseen, "")),
    }
}

/// The key of the issuance in flight.
pub(super) fn next_key(secret: &Secret) -> Node {
    Node::of(secret, Word::new("there", Tone::Good, "key of the next revision"))
}
