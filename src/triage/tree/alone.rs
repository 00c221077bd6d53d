//! What is said of an object apart from its tree: the words of a table of its kind, the same ones as in the tree.

use super::Tone;
use super::Word;
use super::requests;
use super::stores;
use crate::model::Model;
use crate::model::challenge::Challenge;
use crate::model::issuer::{Issuer, IssuerType};
use crate::model::order::Order;
use crate::model::request::CertificateRequest;
use crate::model::secret::Secret;
use crate::triage::queue;
use crate::triage::why::essence;

/// What is said of a CertificateRequest.
pub fn of_request(model: &Model, request: &CertificateRequest) -> Word {
    let orders = model.orders.owned_by(request.meta.uid).map(|(_, order)| order);
    let order = orders.max_by_key(|order| (order.meta.created, order.meta.uid));
    let issuer = model.issuer(&request.issuer, &request.meta.namespace);
    requests::request_word(request, order, issuer.is_some_and(|issuer| issuer.issuer_type == IssuerType::Acme))
}

/// What is said of an Order.
pub fn of_order(model: &Model, order: &Order) -> Word {
    let challenges: Vec<&Challenge> =
        model.challenges.owned_by(order.meta.uid).map(|(_, challenge)| challenge).collect();
    requests::order_word(order, &challenges, challenges.len())
}

/// What is said of a Challenge: who stands in its way, where it waits for somebody.
pub fn of_challenge(model: &Model, challenge: &Challenge) -> Word {
    let word = requests::challenge_word(model, challenge);
    if challenge.processing || challenge.state.is_final() || challenge.meta.deleted.is_some() {
        return word;
    }
    if let Some(twin) = queue::twin_at_work(model, challenge) {
        let reason = format!("{}/{} proves the same name", twin.meta.namespace, twin.meta.name);
        return Word { reason: reason.into(), tone: Tone::Waiting, ..word };
    }
    let (slots, running) = (queue::slots(model), model.challenges_running());
    if running >= slots {
        return Word { reason: format!("all {slots} slots are taken").into(), tone: Tone::Waiting, ..word };
    }
    word
}

/// How a Challenge does, without a reason.
pub fn state_of_challenge(model: &Model, challenge: &Challenge) -> (&'static str, Tone) {
    requests::challenge_state(model, challenge)
}

/// What is said of an Issuer or a ClusterIssuer: where it signs, or why it does not.
pub fn of_issuer(issuer: &Issuer) -> Word {
    let word = stores::issuer_word(issuer);
    let reason = match &issuer.ready {
        Some(ready) if !ready.is_true() => {
            let message = essence(ready.message.as_str());
            if message.is_empty() { ready.reason.as_str() } else { message }.to_owned()
        }
        Some(_) => issuer.backend.to_string(),
        None => "cert-manager has not looked at it yet".to_owned(),
    };
    Word { reason: reason.into(), ..word }
}

/// What is said of a Secret: whose it is, and whether anybody wants it.
pub fn of_secret(model: &Model, secret: &Secret) -> Word {
    if secret.next_private_key {
        return Word::new("next key", Tone::Busy, "key of the next revision");
    }
    let holders = model.certificates_of_secret(&secret.meta.namespace, &secret.meta.name);
    let names: Vec<&str> = holders
        .take(3)
        .filter_map(|id| model.certificates.get(id))
        .map(|certificate| &*certificate.meta.name)
        .collect();
    match (names.as_slice(), &secret.certificate_name) {
        ([], Some(owner)) => Word::new("left over", Tone::Absent, format!("Certificate {owner} does not name it")),
        ([], None) => Word::new("left over", Tone::Absent, "no Certificate names it"),
        ([only], Some(owner)) if owner.as_str() != *only => {
            Word::new("wrong", Tone::Bad, format!("holds the certificate of {owner}, {only} wants it"))
        }
        ([_], _) => Word::new("there", Tone::Good, ""),
        (several, _) => Word::new("contested", Tone::Bad, format!("{} want it", several.join(", "))),
    }
}
