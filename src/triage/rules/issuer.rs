//! Who is to sign: whether it is there, whether it is ready, and whether anybody serves its kind.

use super::signs::{Depth, Shown, Thing};
use super::{Case, Sign, Signs};
use crate::model::issuer::{Issuer, IssuerType};
use crate::model::kind::Kind;
use crate::model::meta::Object as _;
use crate::triage::finding::{Confidence, Evidence, Finding};
use crate::triage::signature::Place;
use crate::triage::stage::Phase;
use crate::triage::{next_look, text_of};

pub(super) fn detect<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    // It is asked for after the approval; once an Order is at work, its own objects say what holds it up.
    let asked = |phase| matches!(phase, Phase::Signing | Phase::Ordering);
    if case.stage.as_ref().is_some_and(|stage| !asked(stage.phase)) {
        return;
    }
    match case.issuer() {
        Some(issuer) => of_issuer(case, issuer, signs),
        None => missing(case, signs),
    }
}

/// A CA that ended, whatever the Certificates that it signed say: a CA issuer does not look at its own end. Told where
/// the CA is itself a Certificate of this cluster.
pub(super) fn ended<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let Some(issuer) = case.issuer().filter(|issuer| issuer.issuer_type == IssuerType::Ca) else { return };
    let namespace =
        if issuer.cluster { case.model.cluster_resource_namespace() } else { issuer.meta.namespace.to_string() };
    let authority = case.model.certificates_of_secret(&namespace, &issuer.backend).next();
    let Some(authority) = authority.and_then(|id| case.model.certificates.get(id)) else { return };
    let Some(end) = authority.not_after.filter(|end| signs.passed(Some(*end))) else { return };
    // Its renewal touches nothing that it signed, so those are judged again twice a minute while it lasts.
    signs.passed(next_look(end, case.now));
    signs.rule("ca-expired", Shown::at(Depth::Issuer, authority, "status.notAfter", text_of(end)).since(Some(end)));
}

fn of_issuer<'m>(case: &Case<'m>, issuer: &'m Issuer, signs: &mut Signs<'_, 'm>) {
    if issuer.issuer_type == IssuerType::Unknown {
        signs.rule("issuer-without-type", Shown::at(Depth::Issuer, issuer, "spec", "none of the types that are known"));
    }
    let ready = issuer.ready.as_ref();
    if ready.is_some_and(crate::model::condition::Condition::is_true) {
        return;
    }
    let message = ready.map_or("no condition yet", |ready| ready.message.as_str());
    let since = ready.and_then(|ready| ready.since).or(issuer.meta.created);
    let shown = Shown::at(Depth::Issuer, issuer, "Ready", message).since(since);
    if !signs.text(Place::IssuerReady, case.context(), shown.clone()) {
        signs.rule("issuer-not-ready", shown);
    }
}

fn missing<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let certificate = case.certificate();
    let reference = &certificate.issuer;
    let request = case.attempt().map(|attempt| attempt.request);
    let named = format!("{} {} of {}", reference.kind, reference.name, reference.group);
    let mut shown = Shown::at(Depth::Issuer, certificate, "spec.issuerRef", named);
    if let Some(request) = request {
        shown.object = Thing::of(request);
    }
    let made = request.map_or(certificate.meta.created, |request| request.meta.created);
    match reference.known_kind() {
        Some(_) if case.issuer_is_absent() => signs.rule("issuer-not-found", shown.since(made)),
        Some(_) => {}
        None if &*reference.group == "cert-manager.io" => signs.rule("issuer-wrong-kind-or-group", shown.since(made)),
        None => {
            let Some(request) = request.filter(|request| request.ready.is_none()) else { return };
            if let Some(approval) = request.approval() {
                signs.rule("external-issuer-unhandled", shown.since(approval.since.or(made)));
            }
        }
    }
}

/// Where an issuer that is not found might be, and the issuer behind what hangs on it.
pub(super) fn enrich(case: &Case, sign: &Sign, finding: &mut Finding) {
    let reference = &case.certificate().issuer;
    if sign.is("issuer-not-found") {
        let same_name = case.model.issuers.iter().map(|(_, issuer)| issuer).filter(|i| *i.meta.name == *reference.name);
        for issuer in same_name {
            finding.confidence = Confidence::High;
            finding.evidence.push(Evidence {
                object: issuer.key().into(),
                field: "metadata.name".to_owned(),
                value: "has that name, but is of another kind or in another namespace".to_owned(),
            });
        }
    }
    if sign.shown.depth < Depth::Issuer
        && let Some(issuer) = case.issuer()
        && let Some(ready) = issuer.ready.as_ref().filter(|ready| !ready.is_true())
    {
        let value = ready.message.as_str().to_owned();
        finding.evidence.push(Evidence { object: issuer.key().into(), field: "Ready".to_owned(), value });
    }
    if sign.is_of("issuer-secret-missing") {
        secret_elsewhere(case, finding);
    }
}

/// The Secret of the issuer in another namespace: the usual mistake.
fn secret_elsewhere(case: &Case, finding: &mut Finding) {
    let Some(issuer) = case.issuer().filter(|issuer| issuer.issuer_type == IssuerType::Ca) else { return };
    let wanted =
        if issuer.cluster { case.model.cluster_resource_namespace() } else { issuer.meta.namespace.to_string() };
    if !case.model.feeds.sees(Kind::Secret, &wanted) {
        return;
    }
    let there = case.model.secrets.by_name(&wanted, &issuer.backend).is_some();
    let value = if there { "there is such a Secret now" } else { "there is no such Secret" };
    let object = crate::model::id::ObjectKey {
        kind: Kind::Secret,
        namespace: wanted.as_str().into(),
        name: issuer.backend.clone(),
    };
    finding.evidence.push(Evidence { object: object.into(), field: "metadata".to_owned(), value: value.to_owned() });
    let same_name = case.model.secrets.iter().map(|(_, secret)| secret).filter(|s| s.meta.name == issuer.backend);
    for secret in same_name.filter(|secret| *secret.meta.namespace != *wanted).take(3) {
        finding.evidence.push(Evidence {
            object: secret.key().into(),
            field: "metadata.namespace".to_owned(),
            value: format!("has that name, but the issuer looks in {wanted}"),
        });
    }
}
