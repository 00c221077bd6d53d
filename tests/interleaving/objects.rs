//! Manifests out of numbers: every choice that an object leaves open is read off a seed, and a seed of zero is the
//! plainest object, so that a failing case shrinks to something that can be read.

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::model::kind::Kind;
use serde_json::{Value, json};

/// The moment around which all stamps lie.
pub(crate) const EPOCH: DateTime<Utc> = DateTime::from_timestamp(1_795_363_200, 0).unwrap();

/// Choices, read off a number.
#[derive(Clone, Copy)]
pub(crate) struct Seed(pub(crate) u128);

impl Seed {
    /// One of `n`.
    pub(crate) fn of(&mut self, n: u128) -> usize {
        let choice = self.0 % n;
        self.0 /= n;
        choice as usize
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.of(from.len() as u128)].clone()
    }

    fn stamp(&mut self) -> Value {
        const SECONDS: [i64; 12] = [0, -5, -20, -70, -200, -400, -700, -4_000, -9_000, 30, 5_000, 500_000];
        match self.of(SECONDS.len() as u128 + 1) {
            12 => Value::Null,
            n => (EPOCH + TimeDelta::seconds(SECONDS[n])).to_rfc3339().into(),
        }
    }
}

/// Who an object is.
pub(crate) struct Identity<'i> {
    pub(crate) namespace: &'i str,
    pub(crate) name: &'i str,
    /// Which of the names that is.
    pub(crate) place: usize,
    pub(crate) uid: String,
    pub(crate) version: u64,
    pub(crate) created: i64,
}

/// The manifest of an object. `uid_of` tells the uid of another object, if there is one.
pub(crate) fn manifest(
    kind: Kind,
    who: &Identity,
    mut seed: Seed,
    uid_of: &dyn Fn(Kind, usize) -> Option<String>,
) -> Value {
    let mut metadata = json!({
        "name": who.name, "uid": who.uid, "resourceVersion": who.version.to_string(),
        "creationTimestamp": (EPOCH + TimeDelta::seconds(who.created)).to_rfc3339(),
    });
    if !who.namespace.is_empty() {
        metadata["namespace"] = who.namespace.into();
    }
    let s = &mut seed;
    let (owner_kind, body) = match kind {
        Kind::Certificate => (None, certificate(s)),
        Kind::CertificateRequest => (Some(Kind::Certificate), request(s)),
        Kind::Order => (Some(Kind::CertificateRequest), order(s)),
        Kind::Challenge => (Some(Kind::Order), challenge(s)),
        Kind::Issuer | Kind::ClusterIssuer => (None, issuer(s)),
        Kind::Secret => (Some(Kind::Certificate), json!({})),
        Kind::Event => (None, event(s, uid_of)),
        Kind::Pod => (Some(Kind::Challenge), pod(s, &mut metadata)),
        Kind::Service => (Some(Kind::Challenge), service(s, &mut metadata)),
        Kind::Deployment => (None, deployment(s, &mut metadata)),
        _ => (None, json!({})),
    };
    if let Some(owner_kind) = owner_kind {
        // Mostly the owner of the same name; else another, nobody, or somebody who is never seen.
        let place = if s.of(4) == 3 { s.of(3) } else { who.place };
        let owner = match s.of(9) {
            0..7 => uid_of(owner_kind, place),
            7 => None,
            _ => Some(format!("00000000-0000-4000-8000-{:012x}", 0xdead_0000 + place)),
        };
        if let Some(owner) = owner {
            metadata["ownerReferences"] = json!([{"uid": owner, "controller": true}]);
        }
        if s.of(3) != 2 {
            metadata["annotations"]["cert-manager.io/certificate-name"] =
                format!("n{}", if s.of(4) == 3 { s.of(3) } else { who.place }).into();
        }
        if s.of(5) != 4 {
            metadata["annotations"]["cert-manager.io/certificate-revision"] =
                [1, 1, 1, 2, 3][s.of(5)].to_string().into();
        }
    }
    if kind == Kind::Challenge && s.of(6) == 5 {
        metadata["deletionTimestamp"] = s.stamp();
    }
    let mut object = body;
    object["kind"] = kind.name().into();
    object["metadata"] = metadata;
    object
}

fn condition(s: &mut Seed, kind: &str, reasons: &[&str]) -> Option<Value> {
    let status = match s.of(4) {
        0 => return None,
        1 => "True",
        2 => "False",
        _ => "Unknown",
    };
    Some(json!({"type": kind, "status": status, "reason": s.pick(reasons), "lastTransitionTime": s.stamp()}))
}

fn issuer_ref(s: &mut Seed) -> Value {
    json!({"name": format!("n{}", s.of(2)), "kind": s.pick(&["Issuer", "ClusterIssuer", "Other"])})
}

fn certificate(s: &mut Seed) -> Value {
    let conditions: Vec<Value> =
        [condition(s, "Ready", &["Ready", "Pending"]), condition(s, "Issuing", &["Renewing", "Failed"])]
            .into_iter()
            .flatten()
            .collect();
    let mut status = json!({"conditions": conditions});
    if s.of(4) != 3 {
        status["revision"] = [0, 0, 0, 1, 2][s.of(5)].into();
        status["notBefore"] = s.stamp();
        let not_after = s.stamp();
        status["notAfter"] = if s.of(4) == 3 { not_after } else { (EPOCH + TimeDelta::days(1)).to_rfc3339().into() };
        status["renewalTime"] = s.stamp();
    }
    if s.of(5) == 4 {
        status["lastFailureTime"] = s.stamp();
        status["failedIssuanceAttempts"] = s.of(8).into();
    }
    json!({"spec": {
        "secretName": format!("n{}", s.of(2)), "dnsNames": ["a.test"], "issuerRef": issuer_ref(s),
        "renewal": {"policy": s.pick(&["Enabled", "Disabled"])},
    }, "status": status})
}

fn request(s: &mut Seed) -> Value {
    let conditions: Vec<Value> = [
        (s.of(3) != 2).then(|| json!({"type": "Approved", "status": "True", "lastTransitionTime": s.stamp()})),
        (s.of(3) == 2).then(|| condition(s, "Ready", &["Pending", "Issued", "Failed", "Denied"])).flatten(),
        (s.of(6) == 5).then(|| condition(s, "Denied", &["policy"])).flatten(),
        (s.of(9) == 8).then(|| condition(s, "InvalidRequest", &["odd"])).flatten(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let failed = if s.of(8) == 7 { s.stamp() } else { Value::Null };
    json!({"spec": {"issuerRef": issuer_ref(s)}, "status": {"conditions": conditions, "failureTime": failed}})
}

fn order(s: &mut Seed) -> Value {
    let authorizations: Vec<Value> =
        (0..s.of(3)).map(|_| json!({"initialState": s.pick(&["pending", "valid"])})).collect();
    let state =
        s.pick(&["pending", "pending", "pending", "", "ready", "processing", "valid", "invalid", "errored", "odd"]);
    json!({"spec": {"issuerRef": issuer_ref(s)}, "status": {"state": state, "authorizations": authorizations}})
}

fn challenge(s: &mut Seed) -> Value {
    let state = s.pick(&["pending", "pending", "", "processing", "valid", "invalid", "expired"]);
    let mut object = json!({
        "spec": {"dnsName": s.pick(&["a.test", "b.test"]), "type": s.pick(&["HTTP-01", "DNS-01"]),
            "issuerRef": issuer_ref(s), "wildcard": s.of(2) == 1},
        "status": {"processing": s.of(2) == 1, "presented": s.of(2) == 1, "state": state,
            "reason": s.pick(&["", "wrong status code '404'"])},
    });
    if s.of(3) == 2 {
        object["status"]["presentedAt"] = s.stamp();
    }
    object
}

fn issuer(s: &mut Seed) -> Value {
    let spec = [json!({"selfSigned": {}}), json!({"acme": {"server": "https://acme.test"}}), json!({"ca": {}})];
    json!({"spec": s.pick(&spec), "status": {"conditions": [condition(s, "Ready", &["IsReady"])]}})
}

fn event(s: &mut Seed, uid_of: &dyn Fn(Kind, usize) -> Option<String>) -> Value {
    let kind = s.pick(&[
        Kind::Challenge,
        Kind::Certificate,
        Kind::CertificateRequest,
        Kind::Order,
        Kind::Secret,
        Kind::Issuer,
    ]);
    let place = s.of(3);
    json!({
        "involvedObject": {"apiVersion": kind.api_version(), "kind": kind.name(), "uid": uid_of(kind, place)},
        "reason": s.pick(&["Presented", "Started", "PresentError", "DomainVerified", "Issuing"]),
        "lastTimestamp": s.stamp(),
    })
}

fn pod(s: &mut Seed, metadata: &mut Value) -> Value {
    metadata["labels"] = match s.of(5) {
        0 | 1 => json!({"acme.cert-manager.io/http01-solver": "true"}),
        2 | 3 => json!({"app": "cert-manager"}),
        _ => json!({"app": "shop"}),
    };
    json!({"spec": {"containers": [{"args": args(s)}]}, "status": {"phase": s.pick(&["Running", "Pending"])}})
}

fn service(s: &mut Seed, metadata: &mut Value) -> Value {
    if s.of(4) != 3 {
        metadata["labels"] = json!({"acme.cert-manager.io/http01-solver": "true"});
    }
    json!({})
}

fn deployment(s: &mut Seed, metadata: &mut Value) -> Value {
    metadata["labels"] = json!({"app": s.pick(&["cert-manager", "webhook", "shop"])});
    json!({"spec": {"template": {"spec": {"containers": [{"args": args(s)}]}}}})
}

fn args(s: &mut Seed) -> Value {
    let flag = "--certificate-request-minimum-backoff-duration";
    s.pick(&[json!([]), json!([format!("{flag}=20s")]), json!([format!("{flag}=5m")])])
}
