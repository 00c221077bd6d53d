//! Solvers: which one a name gets, and what it leaves in the cluster or in the DNS.

use serde_json::{Value, json};

use crate::sim::desk::Desk;
use crate::sim::names::adler32;
use crate::sim::object::meta;
use crate::sim::outside::CHALLENGE;
use crate::sim::reference::{issuer_secret_key, key_of, owned_by};

const PREFIX: &str = "cm-acme-http-solver-";
const IMAGE: &str = "quay.io/jetstack/cert-manager-acmesolver:v1.21.1";

/// The solver for an authorization and the type of challenge it solves: the most specific one that fits.
pub(super) fn pick(order: &Value, issuer: &Value, authorization: &Value) -> Option<(Value, &'static str)> {
    let offers = |kind: &str| {
        authorization["challenges"].as_array().is_some_and(|them| them.iter().any(|it| it["type"] == kind))
    };
    let mut domain = authorization["identifier"].as_str().unwrap_or_default().to_owned();
    if authorization["wildcard"] == true {
        domain = format!("*.{domain}");
    }
    let solvers = issuer["spec"]["acme"]["solvers"].as_array()?;
    let mut best: Option<((bool, usize, usize), &Value, &'static str)> = None;
    for solver in solvers {
        let kind = if solver["http01"].is_null() { "dns-01" } else { "http-01" };
        let Some(rank) = rank(order, solver, &domain).filter(|_| offers(kind)) else { continue };
        if best.is_none_or(|(known, ..)| rank > known) {
            best = Some((rank, solver, kind));
        }
    }
    best.map(|(_, solver, kind)| (solver.clone(), kind))
}

/// How specific a solver is for a name: by name, by the longest zone, by the number of labels; `None` if it does not fit.
fn rank(order: &Value, solver: &Value, domain: &str) -> Option<(bool, usize, usize)> {
    let texts = |field: &str| {
        solver["selector"][field].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>()
    };
    let labels = solver["selector"]["matchLabels"].as_object();
    let matched = labels.into_iter().flatten().all(|(name, value)| order["metadata"]["labels"][name] == *value);
    let (names, zones) = (texts("dnsNames"), texts("dnsZones"));
    let by_name = names.contains(&domain);
    let bare = domain.trim_start_matches("*.");
    let within = |zone: &&&str| bare == **zone || bare.ends_with(&format!(".{zone}"));
    let zone = zones.iter().filter(within).map(|zone| zone.len()).max().unwrap_or(0);
    let fits = matched && (by_name || names.is_empty()) && (zone > 0 || zones.is_empty());
    fits.then_some((by_name, zone, labels.map_or(0, serde_json::Map::len)))
}

/// The error of a DNS provider whose credentials are not there.
pub(super) fn missing_secret(desk: &Desk, challenge: &Value) -> Option<String> {
    let dns01 = challenge["spec"]["solver"]["dns01"].as_object()?;
    let provider = dns01.values().find(|value| value.is_object())?.as_object()?;
    let reference = provider.iter().find(|(field, _)| field.ends_with("SecretRef")).map(|(_, reference)| reference)?;
    let issuer = desk.issuer(&challenge["spec"]["issuerRef"], meta(challenge, "namespace"))?;
    let name = reference["name"].as_str()?;
    let place = issuer_secret_key(&issuer, name);
    desk.get("Secret", &place).is_none().then(|| {
        format!(
            "error getting {} secret: secret \"{name}\" not found",
            issuer["kind"].as_str().unwrap_or_default().to_ascii_lowercase()
        )
    })
}

/// Makes what the challenge asks for visible.
pub(super) fn present(desk: &mut Desk, challenge: &Value) -> Result<(), String> {
    let text = |field: &str| challenge["spec"][field].as_str().unwrap_or_default();
    if text("type") == "DNS-01" {
        desk.outside.publish(&format!("{CHALLENGE}{}", text("dnsName")), text("key"), desk.now);
        return Ok(());
    }
    if desk.owned("Pod", challenge).is_empty() {
        create(desk, "Pod", pod(challenge))?;
    }
    if desk.owned("Service", challenge).is_empty() {
        create(desk, "Service", service(challenge))?;
    }
    let services = desk.owned("Service", challenge);
    let service = services.first().map(|service| meta(service, "name").to_owned()).unwrap_or_default();
    if desk.owned("Endpoints", challenge).is_empty() {
        create(desk, "Endpoints", endpoints(challenge, &service))?;
    }
    if desk.owned("Ingress", challenge).is_empty() {
        create(desk, "Ingress", ingress(challenge, &service))?;
    }
    Ok(())
}

fn create(desk: &mut Desk, kind: &str, value: Value) -> Result<(), String> {
    desk.create(kind, value).map(drop).map_err(|refusal| refusal.message)
}

/// What a self check of v1.21 leaves in the log: that its objects are still there. Why the check failed stands in the
/// status alone; until v1.20 it was a line, `propagation check failed`.
pub(super) fn note(desk: &mut Desk, challenge: &Value) {
    let (name, namespace) = (meta(challenge, "name"), meta(challenge, "namespace"));
    let domain = challenge["spec"]["dnsName"].as_str().unwrap_or_default();
    for (kind, place, step, message) in [
        ("Pod", "pod.go:83", "ensurePod", "found one existing HTTP01 solver pod"),
        (
            "Service",
            "service.go:46",
            "ensureService",
            "found one existing HTTP01 solver Service for challenge resource",
        ),
        ("Ingress", "ingress.go:102", "ensureIngress", "found one existing HTTP01 solver ingress"),
    ] {
        let Some(object) = desk.owned(kind, challenge).into_iter().next() else { continue };
        let found = meta(&object, "name");
        let line = format!(
            "{message:?} logger=\"cert-manager.controller.http01.selfCheck.http01.{step}\" resource_name=\"{name}\" \
             resource_namespace=\"{namespace}\" resource_kind=\"Challenge\" resource_version=\"v1\" dnsName=\"{domain}\" \
             type=\"HTTP-01\" related_resource_name=\"{found}\" related_resource_namespace=\"{namespace}\" \
             related_resource_kind=\"\" related_resource_version=\"\""
        );
        desk.log('I', place, &line);
    }
}

/// Takes away what was made visible.
pub(super) fn clean_up(desk: &mut Desk, challenge: &Value) {
    let text = |field: &str| challenge["spec"][field].as_str().unwrap_or_default();
    if text("type") == "DNS-01" {
        desk.outside.withdraw(&format!("{CHALLENGE}{}", text("dnsName")), text("key"));
    }
    for kind in ["Pod", "Service", "Endpoints", "Ingress"] {
        for object in desk.owned(kind, challenge) {
            desk.delete(kind, &key_of(&object));
        }
    }
}

fn labels(challenge: &Value) -> Value {
    let sum = |field: &str| adler32(challenge["spec"][field].as_str().unwrap_or_default()).to_string();
    json!({
        "acme.cert-manager.io/http-domain": sum("dnsName"), "acme.cert-manager.io/http-token": sum("token"),
        "acme.cert-manager.io/http01-solver": "true",
    })
}

fn metadata(challenge: &Value, annotations: &Value) -> Value {
    json!({
        "generateName": PREFIX, "namespace": meta(challenge, "namespace"), "labels": labels(challenge),
        "annotations": annotations, "ownerReferences": owned_by(challenge),
    })
}

fn pod(challenge: &Value) -> Value {
    let spec = &challenge["spec"];
    let argument = |name: &str, field: &str| format!("--{name}={}", spec[field].as_str().unwrap_or_default());
    let annotations =
        json!({"cluster-autoscaler.kubernetes.io/safe-to-evict": "true", "sidecar.istio.io/inject": "false"});
    json!({
        "metadata": metadata(challenge, &annotations),
        "spec": {
            "automountServiceAccountToken": false, "enableServiceLinks": false, "restartPolicy": "OnFailure",
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{
                "name": "acmesolver", "image": IMAGE, "imagePullPolicy": "IfNotPresent",
                "args": ["--listen-port=8089", argument("domain", "dnsName"), argument("token", "token"), argument("key", "key")],
                "ports": [{"containerPort": 8089, "name": "http"}],
                "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}, "requests": {"cpu": "10m", "memory": "64Mi"}},
                "securityContext": {
                    "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true,
                },
            }],
        },
    })
}

fn service(challenge: &Value) -> Value {
    json!({
        "metadata": metadata(challenge, &json!({"auth.istio.io/8089": "NONE"})),
        "spec": {
            "type": "NodePort", "selector": labels(challenge), "ports": [{"name": "http", "port": 8089, "targetPort": 8089}],
        },
    })
}

/// The cluster itself makes them, beside the Service; there is nobody behind it until the Pod runs.
fn endpoints(challenge: &Value, service: &str) -> Value {
    let mut metadata = metadata(challenge, &json!({}));
    metadata["name"] = json!(service);
    metadata.as_object_mut().map(|fields| fields.remove("generateName"));
    json!({"metadata": metadata, "subsets": []})
}

fn ingress(challenge: &Value, service: &str) -> Value {
    let spec = &challenge["spec"];
    let path = format!("/.well-known/acme-challenge/{}", spec["token"].as_str().unwrap_or_default());
    let backend = json!({"service": {"name": service, "port": {"number": 8089}}});
    let mut ingress = json!({
        "metadata": metadata(challenge, &json!({"nginx.ingress.kubernetes.io/whitelist-source-range": "0.0.0.0/0,::/0"})),
        "spec": {"rules": [{"host": spec["dnsName"], "http": {"paths": [{"path": path, "pathType": "Exact", "backend": backend}]}}]},
    });
    let class = &spec["solver"]["http01"]["ingress"]["ingressClassName"];
    if !class.is_null() {
        ingress["spec"]["ingressClassName"] = class.clone();
    }
    ingress
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authorization(name: &str, wildcard: bool) -> Value {
        let kinds =
            if wildcard { json!([{"type": "dns-01"}]) } else { json!([{"type": "http-01"}, {"type": "dns-01"}]) };
        json!({"identifier": name, "wildcard": wildcard, "challenges": kinds})
    }

    #[test]
    fn the_most_specific_solver_wins() {
        let issuer = json!({"spec": {"acme": {"solvers": [
            {"http01": {}},
            {"dns01": {"route53": {}}, "selector": {"dnsZones": ["example.com"]}},
            {"dns01": {"cloudflare": {}}, "selector": {"dnsZones": ["eu.example.com"]}},
            {"http01": {"ingress": {}}, "selector": {"dnsNames": ["www.example.com"]}},
        ]}}});
        let kind =
            |name: &str, wildcard| pick(&json!({}), &issuer, &authorization(name, wildcard)).map(|(solver, _)| solver);
        assert!(!kind("other.test", false).unwrap()["http01"].is_null());
        assert!(!kind("api.example.com", false).unwrap()["dns01"]["route53"].is_null());
        assert!(!kind("api.eu.example.com", false).unwrap()["dns01"]["cloudflare"].is_null());
        assert!(!kind("www.example.com", false).unwrap()["http01"]["ingress"].is_null());
        assert!(kind("other.test", true).is_none());
    }
}
