//! Ends an issuance: the signed certificate goes into its Secret, or the failure into the status.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::policies::{self, mismatches, revision_of};
use super::readiness::forget;
use super::requests::failed_before;
use crate::sim::conditions::{self, Condition, stamp};
use crate::sim::desk::{Desk, News, Outcome};
use crate::sim::object::{key, meta};
use crate::sim::reference::issuer_kind;
use crate::sim::x509;

const COMPONENT: &str = "certificates-issuing";

/// The keystores that a Certificate can ask for: the field of its spec, the file in its Secret, and what is written there.
/// Nothing is in them: nobody opens one here.
const KEYSTORES: [(&str, &str, &[u8]); 2] = [
    ("jks", "keystore.jks", b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\0"),
    ("pkcs12", "keystore.p12", b"0\x16\x02\x01\x030\x11\x06\x09*\x86H\x86\xf7\x0d\x01\x07\x01\xa0\x04\x04\x020\0"),
];

pub(super) fn reconcile(desk: &mut Desk, place: &str) -> Outcome {
    let Some(certificate) = policies::certificate(desk, place) else { return Outcome::Done };
    let Some(secret_name) = certificate["status"]["nextPrivateKeySecretName"].as_str() else { return Outcome::Done };
    if !conditions::is(&certificate, "Issuing", "True") {
        return Outcome::Done;
    }
    let Some(next_key) = desk.get("Secret", &key(meta(&certificate, "namespace"), secret_name)) else {
        return Outcome::Done;
    };
    let private_key = x509::decode(&next_key["data"]["tls.key"]);
    let revision = certificate["status"]["revision"].as_u64().unwrap_or(0) + 1;
    let mut requests = desk.owned("CertificateRequest", &certificate);
    requests.retain(|request| revision_of(request) == Some(revision));
    let [request] = requests.as_slice() else { return Outcome::Done };
    let asked = x509::read_request(&x509::decode(&request["spec"]["request"]));
    let same_key = asked.is_some_and(|asked| x509::public_key(&private_key).is_ok_and(|key| key == asked.public_key));
    if !same_key || !mismatches(request, &certificate).is_empty() || failed_before(request, &certificate) {
        return Outcome::Done;
    }
    for kind in ["Denied", "InvalidRequest"] {
        if let Some(refused) = conditions::find(request, kind).filter(|condition| condition["status"] == "True") {
            return fail(desk, certificate.clone(), refused);
        }
    }
    match conditions::reason(request, "Ready") {
        "Failed" => match conditions::find(request, "Ready") {
            Some(failed) => fail(desk, certificate.clone(), failed),
            None => Outcome::Done,
        },
        "Issued" => issue(desk, certificate.clone(), request, &private_key, revision),
        _ => Outcome::Done,
    }
}

fn fail(desk: &mut Desk, mut certificate: Value, cause: &Value) -> Outcome {
    let reason = cause["reason"].as_str().unwrap_or_default();
    let why = cause["message"].as_str().unwrap_or_default();
    let message = format!("The certificate request has failed to complete and will be retried: {why}");
    let failed = Condition { kind: "Issuing", status: "False", reason, message: &message, observed: true };
    conditions::set(&mut certificate, &failed, desk.now);
    let attempts = certificate["status"]["failedIssuanceAttempts"].as_u64().unwrap_or(0) + 1;
    certificate["status"]["failedIssuanceAttempts"] = json!(attempts);
    certificate["status"]["lastFailureTime"] = stamp(desk.now);
    if desk.update_status(certificate.clone()).is_err() {
        return Outcome::Retry;
    }
    desk.tell(&certificate, News { from: COMPONENT, reason, message: &message, warning: true });
    Outcome::Done
}

fn issue(desk: &mut Desk, mut certificate: Value, request: &Value, private_key: &str, revision: u64) -> Outcome {
    if store(desk, &certificate, request, private_key).is_err() {
        return Outcome::Retry;
    }
    conditions::remove(&mut certificate, "Issuing");
    certificate["status"]["revision"] = json!(revision);
    forget(&mut certificate, "lastFailureTime");
    forget(&mut certificate, "failedIssuanceAttempts");
    if desk.update_status(certificate.clone()).is_err() {
        return Outcome::Retry;
    }
    let message = "The certificate has been successfully issued";
    desk.tell(&certificate, News { from: COMPONENT, reason: "Issuing", message, warning: false });
    Outcome::Done
}

/// Writes the Secret that the Certificate names, with what tools need to find their way back.
fn store(desk: &mut Desk, certificate: &Value, request: &Value, private_key: &str) -> Result<(), ()> {
    let (namespace, spec) = (meta(certificate, "namespace"), &certificate["spec"]);
    let name = spec["secretName"].as_str().unwrap_or_default();
    let issuer = &request["spec"]["issuerRef"];
    let annotations = json!({
        "cert-manager.io/alt-names": policies::names(certificate).join(","),
        "cert-manager.io/certificate-name": meta(certificate, "name"),
        "cert-manager.io/common-name": spec["commonName"].as_str().unwrap_or_default(),
        "cert-manager.io/ip-sans": "", "cert-manager.io/uri-sans": "",
        "cert-manager.io/issuer-group": issuer["group"].as_str().unwrap_or_default(),
        "cert-manager.io/issuer-kind": issuer_kind(issuer),
        "cert-manager.io/issuer-name": issuer["name"],
    });
    let mut data = json!({"tls.crt": request["status"]["certificate"], "tls.key": x509::encode(private_key)});
    if !request["status"]["ca"].is_null() {
        data["ca.crt"] = request["status"]["ca"].clone();
    }
    for (format, file, empty) in KEYSTORES {
        if spec["keystores"][format]["create"] == true {
            data[file] = json!(STANDARD.encode(empty));
        }
    }
    let labels = json!({"controller.cert-manager.io/fao": "true"});
    let written = match desk.get("Secret", &key(namespace, name)) {
        Some(mut secret) => {
            let names = spec["dnsNames"].as_array().into_iter().flatten().filter_map(Value::as_str);
            desk.outside.supersede(&names.collect::<Vec<_>>(), &secret);
            for (field, value) in annotations.as_object().into_iter().flatten() {
                secret["metadata"]["annotations"][field] = value.clone();
            }
            secret["metadata"]["labels"]["controller.cert-manager.io/fao"] = json!("true");
            secret["data"] = data;
            desk.update(secret)
        }
        None => desk.create(
            "Secret",
            json!({
                "metadata": {"name": name, "namespace": namespace, "annotations": annotations, "labels": labels},
                "type": "kubernetes.io/tls", "data": data,
            }),
        ),
    };
    written.map(drop).map_err(drop)
}
