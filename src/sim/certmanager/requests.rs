//! Makes the CertificateRequest of the next revision.

use serde_json::{Value, json};

use super::policies::{self, REVISION, mismatches, revision_of};
use crate::sim::conditions::{self, moment};
use crate::sim::desk::{Desk, News, Outcome};
use crate::sim::object::{key, meta};
use crate::sim::reference::{key_of, owned_by};
use crate::sim::x509;

pub(super) fn reconcile(desk: &mut Desk, place: &str) -> Outcome {
    let Some(certificate) = policies::certificate(desk, place) else { return Outcome::Done };
    let Some(secret_name) = certificate["status"]["nextPrivateKeySecretName"].as_str() else { return Outcome::Done };
    if !conditions::is(&certificate, "Issuing", "True") {
        return Outcome::Done;
    }
    let Some(secret) = desk.get("Secret", &key(meta(&certificate, "namespace"), secret_name)) else {
        return Outcome::Done;
    };
    let private_key = x509::decode(&secret["data"]["tls.key"]);
    let Ok(public_key) = x509::public_key(&private_key) else { return Outcome::Done };
    let revision = certificate["status"]["revision"].as_u64().unwrap_or(0) + 1;
    let mut kept = 0;
    for request in desk.owned("CertificateRequest", &certificate) {
        match revision_of(&request) {
            Some(found) if found != revision => {}
            Some(_) if is_useful(&request, &certificate, &public_key) => kept += 1,
            _ => desk.delete("CertificateRequest", &key_of(&request)),
        }
    }
    if kept > 0 { Outcome::Done } else { make(desk, &certificate, &private_key, revision, secret_name) }
}

/// A request that asks for something else, with another key, or failed in an earlier attempt, is of no use.
fn is_useful(request: &Value, certificate: &Value, public_key: &[u8]) -> bool {
    let asked = x509::read_request(&x509::decode(&request["spec"]["request"]));
    let same_key = asked.is_some_and(|asked| asked.public_key == public_key);
    same_key && mismatches(request, certificate).is_empty() && !failed_before(request, certificate)
}

/// Whether a request failed before the present issuance began.
pub(super) fn failed_before(request: &Value, certificate: &Value) -> bool {
    let began = conditions::find(certificate, "Issuing").and_then(|issuing| moment(&issuing["lastTransitionTime"]));
    let failed = moment(&request["status"]["failureTime"]);
    conditions::reason(request, "Ready") == "Failed" && failed.zip(began).is_some_and(|(failed, began)| failed < began)
}

fn make(desk: &mut Desk, certificate: &Value, private_key: &str, revision: u64, secret_name: &str) -> Outcome {
    let (name, namespace, spec) = (meta(certificate, "name"), meta(certificate, "namespace"), &certificate["spec"]);
    let names = policies::names(certificate);
    let Ok(pem) = x509::request(private_key, spec["commonName"].as_str().unwrap_or_default(), &names) else {
        return Outcome::Retry;
    };
    let mut annotations = certificate["metadata"]["annotations"].as_object().cloned().unwrap_or_default();
    annotations.retain(|key, _| !key.starts_with("kubectl.kubernetes.io/"));
    annotations.insert("cert-manager.io/certificate-name".to_owned(), json!(name));
    annotations.insert(REVISION.to_owned(), json!(revision.to_string()));
    annotations.insert("cert-manager.io/private-key-secret-name".to_owned(), json!(secret_name));
    let mut request = json!({
        "metadata": {
            "name": format!("{name}-{revision}"), "namespace": namespace, "annotations": annotations,
            "ownerReferences": owned_by(certificate),
        },
        "spec": {"issuerRef": spec["issuerRef"], "request": x509::encode(&pem)},
    });
    for (field, wanted) in [("duration", &spec["duration"]), ("isCA", &spec["isCA"]), ("usages", &spec["usages"])] {
        if !wanted.is_null() {
            request["spec"][field] = wanted.clone();
        }
    }
    if !certificate["metadata"]["labels"].is_null() {
        request["metadata"]["labels"] = certificate["metadata"]["labels"].clone();
    }
    let Ok(made) = desk.create("CertificateRequest", request) else { return Outcome::Retry };
    let message = format!("Created new CertificateRequest resource \"{}\"", meta(&made, "name"));
    desk.tell(
        certificate,
        News { from: "certificates-request-manager", reason: "Requested", message: &message, warning: false },
    );
    Outcome::Done
}
