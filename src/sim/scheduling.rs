//! Who has to look when something changes.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::agenda::Controller;
use super::desk::Desk;
use super::object::{key, meta};
use super::reference::{issuer_secret_key, key_of, owner_key};
use super::store::{Change, Event};

/// The controllers that look at a Certificate whenever it changes.
const CERTIFICATE: &[Controller] = &[
    Controller::Trigger,
    Controller::Readiness,
    Controller::Keys,
    Controller::Requests,
    Controller::Issuing,
    Controller::Revisions,
];

/// How long a controller takes to come round to a change, in milliseconds: as in the recordings, a few.
pub(crate) fn delay(controller: Controller) -> u64 {
    match controller {
        Controller::Story | Controller::Scheduler => 0,
        Controller::Trigger | Controller::Signers | Controller::Challenges => 10,
        Controller::Orders | Controller::Issuing | Controller::Issuers => 13,
        Controller::Readiness => 18,
        Controller::Approver => 24,
        Controller::Keys => 45,
        Controller::Requests => 20,
        Controller::Revisions => 40,
        Controller::Nodes => 1_200,
    }
}

/// The tasks that follow from a change.
pub(crate) fn concerned(
    desk: &Desk,
    by_secret: &HashMap<String, BTreeSet<String>>,
    change: &Change,
) -> Vec<(Controller, String)> {
    let place = change.object.key();
    let own = |controllers: &[Controller]| controllers.iter().map(|it| (*it, place.to_owned())).collect::<Vec<_>>();
    match change.resource.kind {
        "Certificate" if change.event != Event::Deleted => own(CERTIFICATE),
        "CertificateRequest" => {
            let mut tasks = own(&[Controller::Signers, Controller::Approver]);
            let owner = owner_key(&change.object.value(), "Certificate");
            let controllers = [
                Controller::Trigger,
                Controller::Requests,
                Controller::Issuing,
                Controller::Readiness,
                Controller::Revisions,
            ];
            tasks.extend(owner.into_iter().flat_map(|owner| controllers.map(|controller| (controller, owner.clone()))));
            tasks
        }
        "Order" => {
            let mut tasks = own(&[Controller::Orders]);
            tasks.extend(
                owner_key(&change.object.value(), "CertificateRequest").map(|owner| (Controller::Signers, owner)),
            );
            tasks
        }
        "Challenge" => {
            let mut tasks = own(&[Controller::Challenges]);
            tasks.push((Controller::Scheduler, "all".to_owned()));
            tasks.extend(owner_key(&change.object.value(), "Order").map(|owner| (Controller::Orders, owner)));
            tasks
        }
        "Issuer" | "ClusterIssuer" => {
            let mut tasks = own(&[Controller::Issuers]);
            tasks.extend(desk.open_requests.iter().map(|request| (Controller::Signers, request.to_string())));
            tasks
        }
        "Secret" => of_secret(desk, by_secret, place, &change.object.value()),
        "Pod" | "Ingress" if change.event == Event::Added => {
            let is_solver = change.object.label("acme.cert-manager.io/http01-solver").is_some();
            if is_solver { vec![(Controller::Nodes, format!("{}/{place}", change.resource.kind))] } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// A Secret concerns the Certificates that want it, the one whose next key it is, and the issuers that sign with it.
fn of_secret(
    desk: &Desk,
    by_secret: &HashMap<String, BTreeSet<String>>,
    place: &str,
    secret: &Value,
) -> Vec<(Controller, String)> {
    let mut tasks = Vec::new();
    let named = secret["metadata"]["annotations"]["cert-manager.io/certificate-name"].as_str();
    let mut wanting: BTreeSet<String> = by_secret.get(place).cloned().unwrap_or_default();
    wanting.extend(named.map(|name| key(meta(secret, "namespace"), name)));
    for certificate in wanting {
        for controller in [Controller::Trigger, Controller::Readiness, Controller::Issuing] {
            tasks.push((controller, certificate.clone()));
        }
    }
    if let Some(owner) = owner_key(secret, "Certificate") {
        for controller in [Controller::Keys, Controller::Requests, Controller::Issuing] {
            tasks.push((controller, owner.clone()));
        }
    }
    for issuer in
        desk.list("Issuer", Some(meta(secret, "namespace"))).into_iter().chain(desk.list("ClusterIssuer", None))
    {
        let name = issuer["spec"]["ca"]["secretName"].as_str();
        if name.is_some_and(|name| issuer_secret_key(&issuer, name) == place) {
            tasks.push((Controller::Issuers, key_of(&issuer)));
        }
    }
    tasks
}
