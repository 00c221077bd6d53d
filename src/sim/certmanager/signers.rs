//! The signers: one controller for each type of issuer, of which a request hears until it has its own.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::policies::duration;
use crate::sim::conditions::{self, Condition, stamp};
use crate::sim::desk::{Desk, News, Outcome};
use crate::sim::names::{go_json, hashed};
use crate::sim::object::{key, meta};
use crate::sim::reference::{issuer_kind, issuer_secret_key, key_of, owned_by};
use crate::sim::x509::{self, Authority, Terms};

/// The controllers that watch requests of the core group, by the field of an issuer that makes it theirs.
const SIGNERS: &[(&str, &str)] = &[
    ("acme", "certificaterequests-issuer-acme"),
    ("ca", "certificaterequests-issuer-ca"),
    ("selfSigned", "certificaterequests-issuer-selfsigned"),
    ("vault", "certificaterequests-issuer-vault"),
];
/// What a certificate lasts that does not say so.
const DEFAULT_DURATION: TimeDelta = TimeDelta::days(90);

pub(super) fn reconcile(desk: &mut Desk, place: &str) -> Outcome {
    let request = desk.get("CertificateRequest", place);
    let group = |request: &Value| request["spec"]["issuerRef"]["group"].as_str().unwrap_or_default().to_owned();
    let Some(request) = request.filter(|request| matches!(group(request).as_str(), "" | "cert-manager.io")) else {
        desk.open_requests.remove(place);
        return Outcome::Done;
    };
    let reason = conditions::reason(&request, "Ready");
    if matches!(reason, "Failed" | "Issued" | "Denied") {
        desk.open_requests.remove(place);
        return Outcome::Done;
    }
    desk.open_requests.insert(place.into());
    if conditions::is(&request, "Denied", "True") {
        return deny(desk, request);
    }
    if !conditions::is(&request, "Approved", "True") {
        for (_, from) in SIGNERS {
            let message = "Not signing CertificateRequest until it is Approved";
            desk.tell(&request, News { from, reason: "WaitingForApproval", message, warning: false });
        }
        return Outcome::Done;
    }
    sign(desk, request)
}

fn deny(desk: &mut Desk, mut request: Value) -> Outcome {
    let message = "The CertificateRequest was denied by an approval controller";
    let denied = Condition { kind: "Ready", status: "False", reason: "Denied", message, observed: false };
    conditions::set(&mut request, &denied, desk.now);
    request["status"]["failureTime"] = stamp(desk.now);
    if desk.update_status(request).is_err() { Outcome::Retry } else { Outcome::Done }
}

fn sign(desk: &mut Desk, request: Value) -> Outcome {
    let reference = &request["spec"]["issuerRef"];
    let Some(issuer) = desk.issuer(reference, meta(&request, "namespace")) else {
        let (kind, name) = (issuer_kind(reference), reference["name"].as_str().unwrap_or_default());
        let missing = format!("{}.cert-manager.io \"{name}\" not found", kind.to_ascii_lowercase());
        let message = format!("Referenced \"{kind}\" not found: {missing}");
        for (_, from) in SIGNERS {
            if conditions::find(&request, "Ready").is_none() {
                desk.tell(&request, News { from, reason: "IssuerNotFound", message: &message, warning: false });
            }
        }
        return wait(desk, request, "", "", &message);
    };
    let Some((kind, from)) = SIGNERS.iter().find(|(field, _)| !issuer["spec"][field].is_null()) else {
        let what = format!("Missing issuer type: no issuer specified for Issuer '{}' found", key_of(&issuer));
        return wait(desk, request, SIGNERS[0].1, "IssuerTypeMissing", &what);
    };
    if !conditions::is(&issuer, "Ready", "True") {
        return wait(desk, request, from, "IssuerNotReady", "Referenced issuer does not have a Ready status condition");
    }
    match *kind {
        "acme" => order(desk, request, from),
        "ca" => sign_with_ca(desk, request, &issuer, from),
        "selfSigned" => sign_itself(desk, request, from),
        _ => wait(
            desk,
            request,
            from,
            "VaultError",
            "Vault failed to sign certificate: failed to sign certificate by vault: permission denied",
        ),
    }
}

/// Keeps the request pending; the Event comes with the first reason only, later the message alone changes.
fn wait(desk: &mut Desk, mut request: Value, from: &str, reason: &str, message: &str) -> Outcome {
    let first = conditions::find(&request, "Ready").is_none();
    let pending = Condition { kind: "Ready", status: "False", reason: "Pending", message, observed: false };
    conditions::set(&mut request, &pending, desk.now);
    if desk.update_status(request.clone()).is_err() {
        return Outcome::Retry;
    }
    if first && !reason.is_empty() {
        desk.tell(&request, News { from, reason, message, warning: false });
    }
    Outcome::Done
}

fn sign_with_ca(desk: &mut Desk, request: Value, issuer: &Value, from: &str) -> Outcome {
    let name = issuer["spec"]["ca"]["secretName"].as_str().unwrap_or_default();
    let Some(secret) = desk.get("Secret", &issuer_secret_key(issuer, name)) else {
        let message =
            format!("Referenced secret {} not found: secret \"{name}\" not found", issuer_secret_key(issuer, name));
        return wait(desk, request, from, "SecretMissing", &message);
    };
    let authority = Authority::of(x509::decode(&secret["data"]["tls.crt"]), x509::decode(&secret["data"]["tls.key"]));
    let pem = x509::decode(&request["spec"]["request"]);
    let signed = authority.sign(&pem, terms(desk, &request));
    finish(desk, request, from, signed, Some(authority.certificate))
}

fn sign_itself(desk: &mut Desk, request: Value, from: &str) -> Outcome {
    let name =
        request["metadata"]["annotations"]["cert-manager.io/private-key-secret-name"].as_str().unwrap_or_default();
    let secret = desk.get("Secret", &key(meta(&request, "namespace"), name));
    let private_key = x509::decode(&secret.unwrap_or_default()["data"]["tls.key"]);
    let pem = x509::decode(&request["spec"]["request"]);
    let signed = x509::self_sign(&private_key, &pem, terms(desk, &request));
    if x509::read_request(&pem).is_some_and(|asked| !asked.has_subject) {
        let message = "Certificate will be issued with an empty Issuer DN, which contravenes RFC 5280 and could break some strict clients";
        desk.tell(&request, News { from, reason: "BadConfig", message, warning: true });
    }
    let authority = signed.clone().ok();
    finish(desk, request, from, signed, authority)
}

fn terms(desk: &Desk, request: &Value) -> Terms {
    let wanted = request["spec"]["duration"].as_str().and_then(duration).unwrap_or(DEFAULT_DURATION);
    Terms { not_before: desk.now, not_after: desk.now + wanted, is_ca: request["spec"]["isCA"] == true }
}

/// Ends a request: with a certificate, or with an error.
fn finish(
    desk: &mut Desk,
    mut request: Value,
    from: &str,
    signed: Result<String, x509::Fault>,
    ca: Option<String>,
) -> Outcome {
    let certificate = match signed {
        Ok(certificate) => certificate,
        Err(error) => return fail(desk, request, from, "SigningError", &format!("Error signing certificate: {error}")),
    };
    request["status"]["certificate"] = json!(x509::encode(&certificate));
    if let Some(ca) = ca {
        request["status"]["ca"] = json!(x509::encode(&ca));
    }
    let message = "Certificate fetched from issuer successfully";
    let issued = Condition { kind: "Ready", status: "True", reason: "Issued", message, observed: false };
    conditions::set(&mut request, &issued, desk.now);
    if desk.update_status(request.clone()).is_err() {
        return Outcome::Retry;
    }
    desk.tell(&request, News { from, reason: "CertificateIssued", message, warning: false });
    Outcome::Done
}

fn fail(desk: &mut Desk, mut request: Value, from: &str, reason: &str, message: &str) -> Outcome {
    let failed = Condition { kind: "Ready", status: "False", reason: "Failed", message, observed: false };
    conditions::set(&mut request, &failed, desk.now);
    request["status"]["failureTime"] = stamp(desk.now);
    if desk.update_status(request.clone()).is_err() {
        return Outcome::Retry;
    }
    desk.tell(&request, News { from, reason, message, warning: true });
    Outcome::Done
}

/// The ACME signer: it makes an Order, and waits for what becomes of it.
fn order(desk: &mut Desk, request: Value, from: &str) -> Outcome {
    let Some(asked) = x509::read_request(&x509::decode(&request["spec"]["request"])) else {
        return fail(desk, request, from, "RequestParsingError", "Failed to decode CSR in spec.request");
    };
    let (request_name, namespace) = (meta(&request, "name").to_owned(), meta(&request, "namespace").to_owned());
    let mut spec = json!({"request": null, "issuerRef": request["spec"]["issuerRef"], "dnsNames": asked.dns_names});
    if !asked.common_name.is_empty() {
        spec["commonName"] = json!(asked.common_name);
    }
    let identity = match request_name.len() {
        52.. => json!({"certificateRequestName": request_name, "spec": spec}),
        _ => spec.clone(),
    };
    let name = hashed(&request_name, &go_json(&identity));
    let place = key(&namespace, &name);
    let Some(found) = desk.get("Order", &place) else {
        spec["request"] = request["spec"]["request"].clone();
        let mut metadata = json!({
            "name": name, "namespace": namespace, "annotations": request["metadata"]["annotations"],
            "ownerReferences": owned_by(&request),
        });
        if !request["metadata"]["labels"].is_null() {
            metadata["labels"] = request["metadata"]["labels"].clone();
        }
        if desk.create("Order", json!({"metadata": metadata, "spec": spec})).is_err() {
            return Outcome::Retry;
        }
        return wait(desk, request, from, "OrderCreated", &format!("Created Order resource {place}"));
    };
    let state = found["status"]["state"].as_str().unwrap_or_default();
    let reason = found["status"]["reason"].as_str().unwrap_or_default();
    match state {
        "invalid" | "errored" | "expired" => {
            let message = format!(
                "Failed to wait for order resource \"{name}\" to become ready: order is in \"{state}\" state: {reason}"
            );
            fail(desk, request, from, "OrderFailed", &message)
        }
        "valid" if found["status"]["certificate"].is_null() => {
            let message = format!("Waiting for order-controller to add certificate data to Order {place}");
            wait(desk, request, from, "OrderPending", &message)
        }
        "valid" => {
            let chain = x509::decode(&found["status"]["certificate"]);
            finish(desk, request, from, Ok(chain), None)
        }
        state => {
            let message = format!("Waiting on certificate issuance from order {place}: \"{state}\"");
            wait(desk, request, from, "OrderPending", &message)
        }
    }
}
