//! Keeps the private key of the next issuance in a temporary Secret.

use serde_json::json;

use super::policies;
use super::readiness::forget;
use crate::sim::conditions;
use crate::sim::desk::{Desk, News, Outcome};
use crate::sim::object::meta;
use crate::sim::reference::{key_of, owned_by};
use crate::sim::x509;

pub(super) const NEXT_KEY: &str = "cert-manager.io/next-private-key";

pub(super) fn reconcile(desk: &mut Desk, key: &str) -> Outcome {
    let Some(mut certificate) = policies::certificate(desk, key) else { return Outcome::Done };
    let mut secrets = desk.owned("Secret", &certificate);
    secrets.retain(|secret| secret["metadata"]["labels"][NEXT_KEY] == "true");
    if !conditions::is(&certificate, "Issuing", "True") {
        for secret in &secrets {
            desk.delete("Secret", &key_of(secret));
        }
        if secrets.is_empty() && !certificate["status"]["nextPrivateKeySecretName"].is_null() {
            forget(&mut certificate, "nextPrivateKeySecretName");
            return if desk.update_status(certificate).is_err() { Outcome::Retry } else { Outcome::Done };
        }
        // The deletion comes back as a change, and the name is forgotten then.
        return if secrets.is_empty() { Outcome::Done } else { Outcome::At(desk.after(8)) };
    }
    let Some(secret) = secrets.first() else { return make(desk, &certificate) };
    if certificate["status"]["nextPrivateKeySecretName"] == meta(secret, "name") {
        return Outcome::Done;
    }
    certificate["status"]["nextPrivateKeySecretName"] = json!(meta(secret, "name"));
    if desk.update_status(certificate).is_err() { Outcome::Retry } else { Outcome::Done }
}

fn make(desk: &mut Desk, certificate: &serde_json::Value) -> Outcome {
    let Ok(private_key) = x509::new_key() else { return Outcome::Retry };
    let secret = json!({
        "metadata": {
            "generateName": format!("{}-", meta(certificate, "name")), "namespace": meta(certificate, "namespace"),
            "labels": {NEXT_KEY: "true", "controller.cert-manager.io/fao": "true"}, "ownerReferences": owned_by(certificate),
        },
        "type": "Opaque", "data": {"tls.key": x509::encode(&private_key)},
    });
    let Ok(made) = desk.create("Secret", secret) else { return Outcome::Retry };
    let message = format!("Stored new private key in temporary Secret resource \"{}\"", meta(&made, "name"));
    desk.tell(
        certificate,
        News { from: "certificates-key-manager", reason: "Generated", message: &message, warning: false },
    );
    Outcome::At(desk.after(25))
}
