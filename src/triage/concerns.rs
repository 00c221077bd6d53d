//! [`concerns`]: of which objects a finding speaks; [`of_object`]: what is wrong with one that no single Certificate owns.

use super::causes::Causes;
use super::finding::{Finding, Witness};
use super::{findings, system};
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey};
use crate::model::kind::Kind;
use crate::model::meta::{Object as _, Time};

/// Certificates that tell what is wrong with their issuer: all of them say the same.
const FEW: usize = 8;

/// Whether a finding is about an object, rests on it, or on what it waits for: a request on its Order, an Order on its
/// Challenges.
pub fn concerns(model: &Model, finding: &Finding, object: &ObjectKey) -> bool {
    let named = |evidence: &super::finding::Evidence| matches!(&evidence.object, Witness::Object(key) if key == object);
    finding.subject == *object || finding.evidence.iter().any(named) || waits(model, object, &finding.subject)
}

/// Whether an object is above another one in the chain of an issuance.
fn waits(model: &Model, above: &ObjectKey, object: &ObjectKey) -> bool {
    let (namespace, name) = (&*object.namespace, &*object.name);
    let order = match object.kind {
        Kind::Challenge => {
            let challenge = model.challenges.by_name(namespace, name).and_then(|id| model.challenges.get(id));
            challenge.and_then(|challenge| model.orders.by_uid(challenge.meta.owner?))
        }
        Kind::Order => model.orders.by_name(namespace, name),
        _ => None,
    };
    let Some(order) = order.and_then(|id| model.orders.get(id)) else { return false };
    let request = || model.requests.get(model.requests.by_uid(order.meta.owner?)?);
    *above == order.key() || request().is_some_and(|request| *above == request.key())
}

/// What is wrong with an object that is no part of one Certificate's chain: an issuer, as those it issues for tell it, or
/// what nobody owns.
pub fn of_object(model: &Model, causes: &Causes, object: &ObjectKey, now: Time) -> Vec<Finding> {
    let is_issued = |id: &Id<Certificate>| {
        model.certificates.get(*id).is_some_and(|certificate| {
            let (issuer, namespace) = (&certificate.issuer, &certificate.meta.namespace);
            issuer.known_kind() == Some(object.kind)
                && *issuer.name == *object.name
                && (object.kind == Kind::ClusterIssuer || **namespace == *object.namespace)
        })
    };
    // Few suffer, whatever the issuer signs.
    let ailing = matches!(object.kind, Kind::Issuer | Kind::ClusterIssuer).then(|| causes.ailing().filter(is_issued));
    let of_issued = ailing.into_iter().flatten().take(FEW).flat_map(|id| findings(model, id, now));
    let mut all: Vec<Finding> = Vec::new();
    for finding in of_issued.chain(system(model, now)) {
        // Each Certificate tells it again.
        if concerns(model, &finding, object) && all.iter().all(|known| known.id != finding.id) {
            all.push(finding);
        }
    }
    all
}
