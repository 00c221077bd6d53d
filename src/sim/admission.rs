//! What cert-manager's webhook lets through: decisions about requests, by who may decide, and once only.

use serde_json::Value;

use super::access::{self, Attempt, User};
use super::conditions;
use super::object::meta;
use super::reference::issuer_kind;
use super::refusal::Refusal;
use super::resource::Resource;
use super::store::Store;

/// Refuses a change of a CertificateRequest that its approval API forbids.
pub(super) fn check(store: &Store, user: &User, resource: &Resource, old: &Value, new: &Value) -> Result<(), Refusal> {
    if resource.kind != "CertificateRequest" {
        return Ok(());
    }
    let denied = |why: &str| {
        let text = format!(
            "admission webhook \"webhook.cert-manager.io\" denied the request: status.conditions: Forbidden: {why}"
        );
        Err(Refusal::new(403, "Forbidden", text))
    };
    let (mut decided, mut decides) = (0, false);
    for kind in ["Approved", "Denied"] {
        let (before, after) = (conditions::find(old, kind), conditions::find(new, kind));
        if before.is_some() && before.map(|it| &it["status"]) != after.map(|it| &it["status"]) {
            return denied(&format!("'{kind}' condition may not be modified once set"));
        }
        decides |= before.is_none() && after.is_some();
        decided += usize::from(after.is_some());
    }
    if decided > 1 {
        return denied("both 'Denied' and 'Approved' conditions cannot coexist");
    }
    if decides && !may_decide(store, user, old) {
        let issuer = &old["spec"]["issuerRef"];
        return denied(&format!(
            "user \"{}\" does not have permissions to set approved/denied conditions for issuer {issuer}",
            user.name
        ));
    }
    Ok(())
}

fn may_decide(store: &Store, user: &User, request: &Value) -> bool {
    let issuer = &request["spec"]["issuerRef"];
    let text = |field: &str| issuer[field].as_str().unwrap_or_default();
    let group = Some(text("group")).filter(|group| !group.is_empty()).unwrap_or("cert-manager.io");
    let signer = format!("{}s.{group}", issuer_kind(issuer).to_ascii_lowercase());
    let name = if issuer_kind(issuer) == "Issuer" {
        format!("{}.{}", meta(request, "namespace"), text("name"))
    } else {
        text("name").to_owned()
    };
    [name.as_str(), "*"].iter().any(|name| {
        let attempt = Attempt {
            verb: "approve".to_owned(),
            group: "cert-manager.io".to_owned(),
            resource: "signers".to_owned(),
            namespace: String::new(),
            name: format!("{signer}/{name}"),
        };
        access::allowed(store, user, &attempt)
    })
}
