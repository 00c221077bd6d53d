//! Sets issuers up, and says whether they are ready.

use serde_json::{Value, json};

use crate::sim::conditions::{self, Condition};
use crate::sim::desk::{Desk, News, Outcome};
use crate::sim::object::meta;
use crate::sim::reference::issuer_secret_key;
use crate::sim::x509;

/// How an issuer is: the reason, the message, and whether it is ready.
struct Setup {
    ready: bool,
    reason: &'static str,
    message: String,
    /// The error behind the message, for the Event of the initialisation.
    cause: String,
}

/// Which key means which kind: an Issuer has a namespace.
pub(super) fn reconcile(desk: &mut Desk, key: &str) -> Outcome {
    let kind = if key.contains('/') { "Issuer" } else { "ClusterIssuer" };
    let from = if key.contains('/') { "issuers" } else { "clusterissuers" };
    let Some(mut issuer) = desk.get(kind, key) else { return Outcome::Done };
    let Some(setup) = set_up(desk, &mut issuer) else { return Outcome::Done };
    let Setup { ready, reason, message, cause } = setup;
    let status = if ready { "True" } else { "False" };
    conditions::set(
        &mut issuer,
        &Condition { kind: "Ready", status, reason, message: &message, observed: true },
        desk.now,
    );
    if desk.update_status(issuer.clone()).is_err() {
        return Outcome::Retry;
    }
    if reason == "KeyPairVerified" || !ready {
        desk.tell(&issuer, News { from, reason, message: &message, warning: !ready });
    }
    if ready {
        return Outcome::Done;
    }
    let message = format!("Error initializing issuer: {cause}");
    desk.tell(&issuer, News { from, reason: "ErrInitIssuer", message: &message, warning: true });
    Outcome::Retry
}

fn set_up(desk: &mut Desk, issuer: &mut Value) -> Option<Setup> {
    let setup = |ready, reason, message: String, cause: String| Some(Setup { ready, reason, message, cause });
    let spec = issuer["spec"].clone();
    if !spec["selfSigned"].is_null() {
        return setup(true, "IsReady", String::new(), String::new());
    }
    if let Some(secret) = spec["ca"]["secretName"].as_str() {
        let Some(found) = desk.get("Secret", &issuer_secret_key(issuer, secret)) else {
            let cause = format!("secrets \"{secret}\" not found");
            return setup(false, "ErrGetKeyPair", format!("Error getting keypair for CA issuer: {cause}"), cause);
        };
        let leaf = x509::read_certificate(&x509::decode(&found["data"]["tls.crt"]));
        return match leaf {
            Some(leaf) if leaf.is_ca => setup(true, "KeyPairVerified", "Signing CA verified".to_owned(), String::new()),
            _ => {
                let cause = "certificate is not a CA".to_owned();
                setup(false, "ErrInvalidKeyPair", format!("Error getting keypair for CA issuer: {cause}"), cause)
            }
        };
    }
    if !spec["vault"].is_null() {
        let server = spec["vault"]["server"].as_str().unwrap_or_default().trim_start_matches("https://");
        let cause = desk.outside.of(server.split(['/', ':']).next().unwrap_or_default()).self_check;
        return match cause {
            None => setup(true, "VaultVerified", "Vault verified".to_owned(), String::new()),
            Some(cause) => setup(false, "VaultError", format!("Failed to initialize Vault client: {cause}"), cause),
        };
    }
    let server = spec["acme"]["server"].as_str()?.to_owned();
    register(desk, issuer, &server)
}

/// Registers the account with the ACME server, and remembers where.
fn register(desk: &mut Desk, issuer: &mut Value, server: &str) -> Option<Setup> {
    let host = server.trim_start_matches("https://").split(['/', ':']).next().unwrap_or_default();
    if let Some(cause) = desk.outside.of(host).self_check {
        let message = format!("Failed to register ACME account: {cause}");
        return Some(Setup { ready: false, reason: "ErrRegisterACMEAccount", message, cause });
    }
    let account = issuer["spec"]["acme"]["privateKeySecretRef"]["name"].as_str()?.to_owned();
    let place = issuer_secret_key(issuer, &account);
    if desk.get("Secret", &place).is_none() {
        let (namespace, _) = place.split_once('/').unwrap_or(("cert-manager", ""));
        let secret = json!({
            "metadata": {"name": account, "namespace": namespace, "labels": {"app.kubernetes.io/managed-by": "cert-manager"}},
            "type": "Opaque", "data": {"tls.key": x509::encode(&x509::new_key().ok()?)},
        });
        desk.create("Secret", secret).ok()?;
    }
    if meta(issuer, "uid").is_empty() || issuer["status"]["acme"]["uri"].is_null() {
        let number = 100_000_000 + desk.dice.below(900_000_000);
        issuer["status"]["acme"] = json!({
            "uri": format!("https://{host}/acme/acct/{number}"),
            "lastRegisteredEmail": issuer["spec"]["acme"]["email"], "lastPrivateKeyHash": format!("{}=", desk.dice.token()),
        });
    }
    let message = "The ACME account was registered with the ACME server".to_owned();
    Some(Setup { ready: true, reason: "ACMEAccountRegistered", message, cause: String::new() })
}
