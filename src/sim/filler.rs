//! Many more certificates: a fleet at rest, whose objects are drawn when somebody reads them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::cluster::Cluster;
use super::conditions::stamp;
use super::dice::Dice;
use super::names::hashed;
use super::object::{Draw, Facts, Object, key};
use super::resource;
use super::store::Store;
use super::story::Options;
use super::x509::{self, Authority, Terms};

/// Certificates in one namespace.
const PER_NAMESPACE: u32 = 200;
/// The version of the first certificate of the fleet.
const FIRST_VERSION: u64 = 1_000;
const LIFE: TimeDelta = TimeDelta::days(90);
/// Renewals that the controllers must know of when the story begins; nobody watches a demo for longer.
const LOOK_AHEAD: TimeDelta = TimeDelta::days(1);
/// Secrets whose X.509 is kept once it was made.
const KEPT: usize = 4_096;
const TEAMS: &[&str] =
    &["atlas", "billing", "catalog", "delivery", "events", "fleet", "growth", "harbor", "identity", "journal"];
const APPS: &[&str] = &["api", "web", "admin", "hooks", "auth", "feed", "docs", "media", "search", "worker"];

/// Certificates that are planted under one lock of the store: API requests go on in between.
const BATCH: u32 = 500;

/// A fleet that is still to be planted.
#[derive(Debug)]
pub(crate) struct Filler {
    cluster: Cluster,
    fleet: Arc<Fleet>,
    certificates: u32,
}

impl Filler {
    /// The fleet of `options`.
    pub(crate) fn new(cluster: &Cluster, start: DateTime<Utc>, options: Options) -> Self {
        let fleet = Arc::new(Fleet::new(start, options.seed));
        Self { cluster: cluster.clone(), fleet, certificates: options.certificates }
    }

    /// Adds the certificates; answers which of them are renewed soon, and when. Whoever watches is sent to list again.
    pub(crate) fn plant(self) -> Vec<(String, DateTime<Utc>)> {
        let Self { cluster, fleet, certificates } = self;
        let artist = |subject: Subject| Arc::new(Artist { fleet: Arc::clone(&fleet), subject });
        let artists =
            Subject::ALL.iter().filter_map(|it| Some((resource::by_name(it.kind())?, artist(*it)))).collect::<Vec<_>>();
        for number in 0..certificates.div_ceil(PER_NAMESPACE) {
            let name = Fleet::namespace(number * PER_NAMESPACE);
            let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
            // The namespace of an earlier fill is as good.
            drop(cluster.apply_at(&namespace, fleet.start));
        }
        for first in (0..certificates).step_by(BATCH as usize) {
            cluster.write(|store| {
                for number in first..certificates.min(first + BATCH) {
                    for (resource, artist) in &artists {
                        if State::of(number) != State::Failed || artist.subject == Subject::Certificate {
                            store.plant(resource, Object::drawn(Arc::clone(artist) as Arc<dyn Draw>, number));
                        }
                    }
                }
            });
        }
        cluster.write(Store::begin_anew);
        let renewal = |number| (number, fleet.issued(number) + LIFE * 2 / 3);
        (0..certificates)
            .filter(|number| State::of(*number) == State::Well)
            .map(renewal)
            .filter(|(_, renewal)| *renewal < fleet.start + LOOK_AHEAD)
            .map(|(number, renewal)| (format!("{}/{}", Fleet::namespace(number), Fleet::name(number)), renewal))
            .collect()
    }
}

/// How a certificate of the fleet is: mostly well.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Well,
    Expired,
    Expiring,
    Failed,
}

impl State {
    fn of(number: u32) -> Self {
        match number % 1000 {
            7 => Self::Expired,
            100..104 => Self::Expiring,
            500..503 => Self::Failed,
            _ => Self::Well,
        }
    }
}

/// The kinds of objects that every certificate brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Certificate,
    Request,
    Order,
    Secret,
}

impl Subject {
    const ALL: [Self; 4] = [Self::Certificate, Self::Request, Self::Order, Self::Secret];

    fn kind(self) -> &'static str {
        match self {
            Self::Certificate => "Certificate",
            Self::Request => "CertificateRequest",
            Self::Order => "Order",
            Self::Secret => "Secret",
        }
    }
}

/// What all drawings have in common.
struct Fleet {
    start: DateTime<Utc>,
    seed: u64,
    authority: Option<Authority>,
    made: Mutex<HashMap<u32, (String, String)>>,
}

impl std::fmt::Debug for Fleet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fleet").field("start", &self.start).field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// Draws the objects of one kind.
struct Artist {
    fleet: Arc<Fleet>,
    subject: Subject,
}

impl Fleet {
    fn new(start: DateTime<Utc>, seed: u64) -> Self {
        let terms =
            Terms { not_before: start - TimeDelta::days(900), not_after: start + TimeDelta::days(900), is_ca: true };
        Self { start, seed, authority: Authority::new("Simulated Fleet CA", terms).ok(), made: Mutex::default() }
    }

    fn dice(&self, number: u32, salt: u64) -> Dice {
        Dice::new(self.seed ^ (u64::from(number) << 8) ^ salt.wrapping_mul(0x9e37_79b9))
    }

    fn namespace(number: u32) -> String {
        let group = (number / PER_NAMESPACE) as usize;
        format!("{}-{:03}", TEAMS[group % TEAMS.len()], group / TEAMS.len())
    }

    fn name(number: u32) -> String {
        format!("{}-{:03}", APPS[number as usize % APPS.len()], number % PER_NAMESPACE)
    }

    /// When the certificate was issued: renewals are spread evenly, so a few fall into every hour.
    fn issued(&self, number: u32) -> DateTime<Utc> {
        let spread = self.dice(number, 1).below(60 * 86_400) as i64;
        let ago = match State::of(number) {
            State::Expired => LIFE + TimeDelta::seconds(spread / 20),
            State::Expiring => LIFE - TimeDelta::seconds(86_400 + spread / 10),
            State::Failed => TimeDelta::seconds(spread / 60),
            // A minute's grace: no renewal is due before the story has begun.
            State::Well => TimeDelta::seconds(60 * 86_400 - 60 - spread).max(TimeDelta::zero()),
        };
        self.start - ago
    }

    fn uid(&self, number: u32, subject: Subject) -> String {
        self.dice(number, 2 + subject as u64).uid()
    }

    fn domain(number: u32) -> String {
        format!("{}.{}.example", Fleet::name(number), Fleet::namespace(number))
    }

    /// The certificate and the key, made when they are first asked for.
    fn pair(&self, number: u32) -> (String, String) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pair) = made.get(&number) {
            return pair.clone();
        }
        let terms = Terms { not_before: self.issued(number), not_after: self.issued(number) + LIFE, is_ca: false };
        let key = x509::new_key().unwrap_or_default();
        let request = x509::request(&key, "", &[Fleet::domain(number)]).unwrap_or_default();
        let signed = self.authority.as_ref().and_then(|authority| authority.sign(&request, terms).ok());
        let pair = (signed.unwrap_or_default(), key);
        if made.len() >= KEPT {
            made.clear();
        }
        made.insert(number, pair.clone());
        pair
    }

    fn request_name(number: u32) -> String {
        format!("{}-1", Fleet::name(number))
    }
}

impl Artist {
    fn name(&self, number: u32) -> String {
        match self.subject {
            Subject::Certificate => Fleet::name(number),
            Subject::Request => Fleet::request_name(number),
            Subject::Order => hashed(&Fleet::request_name(number), &Fleet::domain(number)),
            Subject::Secret => format!("{}-tls", Fleet::name(number)),
        }
    }
}

impl Draw for Artist {
    fn facts(&self, number: u32) -> Facts {
        let owner = match self.subject {
            Subject::Request => Some(Subject::Certificate),
            Subject::Order => Some(Subject::Request),
            Subject::Certificate | Subject::Secret => None,
        };
        let labels = match self.subject {
            Subject::Certificate => vec![("app".to_owned(), APPS[number as usize % APPS.len()].to_owned())],
            Subject::Secret => vec![("controller.cert-manager.io/fao".to_owned(), "true".to_owned())],
            Subject::Request | Subject::Order => Vec::new(),
        };
        Facts {
            key: key(&Fleet::namespace(number), &self.name(number)),
            uid: self.fleet.uid(number, self.subject),
            version: FIRST_VERSION + u64::from(number),
            labels,
            owners: owner.map(|owner| self.fleet.uid(number, owner)).into_iter().collect(),
        }
    }

    fn metadata(&self, number: u32) -> Value {
        let fleet = &self.fleet;
        let issued = fleet.issued(number);
        let owner = |subject: Subject, api_version: &str, name: String| {
            json!([{
                "apiVersion": api_version, "kind": subject.kind(), "name": name, "uid": fleet.uid(number, subject),
                "controller": true, "blockOwnerDeletion": true,
            }])
        };
        let mut metadata = json!({
            "namespace": Fleet::namespace(number), "uid": fleet.uid(number, self.subject),
            "creationTimestamp": stamp(issued), "resourceVersion": (FIRST_VERSION + u64::from(number)).to_string(), "name": self.name(number),
        });
        let lineage = json!({"cert-manager.io/certificate-name": Fleet::name(number), "cert-manager.io/certificate-revision": "1"});
        match self.subject {
            Subject::Certificate => {
                metadata["generation"] = json!(1);
                metadata["labels"] = json!({"app": APPS[number as usize % APPS.len()]});
            }
            Subject::Request => {
                metadata["generation"] = json!(1);
                metadata["annotations"] = lineage;
                metadata["ownerReferences"] = owner(Subject::Certificate, "cert-manager.io/v1", Fleet::name(number));
            }
            Subject::Order => {
                metadata["generation"] = json!(1);
                metadata["annotations"] = lineage;
                metadata["ownerReferences"] =
                    owner(Subject::Request, "cert-manager.io/v1", Fleet::request_name(number));
            }
            Subject::Secret => {
                metadata["labels"] = json!({"controller.cert-manager.io/fao": "true"});
                metadata["annotations"] = json!({
                    "cert-manager.io/alt-names": Fleet::domain(number), "cert-manager.io/certificate-name": Fleet::name(number),
                    "cert-manager.io/common-name": "", "cert-manager.io/ip-sans": "", "cert-manager.io/uri-sans": "",
                    "cert-manager.io/issuer-group": "cert-manager.io", "cert-manager.io/issuer-kind": "ClusterIssuer",
                    "cert-manager.io/issuer-name": "letsencrypt-http",
                });
            }
        }
        metadata
    }

    fn draw(&self, number: u32) -> Value {
        let fleet = &self.fleet;
        let metadata = self.metadata(number);
        let (issued, domain) = (fleet.issued(number), Fleet::domain(number));
        let reference = json!({"name": "letsencrypt-http", "kind": "ClusterIssuer", "group": "cert-manager.io"});
        // The chain of the authority stands for the certificate: what a list of 100,000 carries must cost nothing.
        let chain = || fleet.authority.as_ref().map(|authority| x509::encode(&authority.certificate));
        match self.subject {
            Subject::Certificate => json!({
                "metadata": metadata, "status": status(number, issued),
                "spec": spec(number, &reference, &domain, &Fleet::name(number)),
            }),
            Subject::Request => json!({
                "metadata": metadata, "spec": {"issuerRef": reference, "request": ""},
                "status": {"certificate": chain(), "conditions": [
                    condition("Approved", "True", "cert-manager.io", "Certificate request has been approved by cert-manager.io", issued),
                    condition("Ready", "True", "Issued", "Certificate fetched from issuer successfully", issued),
                ]},
            }),
            Subject::Order => {
                let url = |what: &str| format!("https://acme-v02.api.letsencrypt.example/acme/{what}/{number}");
                json!({
                    "metadata": metadata, "spec": {"issuerRef": reference, "request": "", "dnsNames": [domain]},
                    "status": {
                        "state": "valid", "url": url("order"), "finalizeURL": url("finalize"), "certificate": chain(),
                        "authorizations": [{"url": url("authz"), "identifier": domain, "initialState": "pending", "wildcard": false}],
                    },
                })
            }
            Subject::Secret => {
                let (certificate, key) = fleet.pair(number);
                let data = json!({"tls.crt": x509::encode(&certificate), "tls.key": x509::encode(&key)});
                json!({"metadata": metadata, "type": "kubernetes.io/tls", "data": data})
            }
        }
    }
}

fn spec(number: u32, issuer: &Value, domain: &str, name: &str) -> Value {
    let mut spec = json!({
        "secretName": format!("{name}-tls"), "dnsNames": [domain], "issuerRef": issuer,
        "privateKey": {"algorithm": "ECDSA", "size": 256},
    });
    if matches!(State::of(number), State::Expired | State::Expiring) {
        spec["renewal"] = json!({"policy": "Disabled"});
    }
    spec
}

fn status(number: u32, issued: DateTime<Utc>) -> Value {
    let ready = ("True", "Ready", "Certificate is up to date and has not expired");
    let missing = ("False", "DoesNotExist", "Issuing certificate as Secret does not exist");
    let (status, reason, message) = if State::of(number) == State::Failed { missing } else { ready };
    let mut row = condition("Ready", status, reason, message, issued);
    row["observedGeneration"] = json!(1);
    let mut made = json!({"conditions": [row]});
    match State::of(number) {
        State::Failed => {
            let why =
                "The certificate request has failed to complete and will be retried: order is in \"errored\" state";
            let failed = condition("Issuing", "False", "Failed", why, issued);
            made["conditions"] = json!([made["conditions"][0], failed]);
            made["failedIssuanceAttempts"] = json!(6);
            made["lastFailureTime"] = stamp(issued);
        }
        state => {
            made["revision"] = json!(1);
            made["notBefore"] = stamp(issued);
            made["notAfter"] = stamp(issued + LIFE);
            if state == State::Well {
                made["renewalTime"] = stamp(issued + LIFE * 2 / 3);
            }
        }
    }
    made
}

fn condition(kind: &str, status: &str, reason: &str, message: &str, at: DateTime<Utc>) -> Value {
    json!({"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": stamp(at)})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_is_drawn() {
        let fleet = Arc::new(Fleet::new("2026-11-23T01:00:00Z".parse().unwrap(), 7));
        for subject in Subject::ALL {
            let artist: Arc<dyn Draw> = Arc::new(Artist { fleet: Arc::clone(&fleet), subject });
            for number in [0, 7, 101, 500, 4321] {
                let drawn = Object::drawn(Arc::clone(&artist), number);
                let written = Object::new(drawn.value());
                assert_eq!(
                    (drawn.key(), drawn.uid(), drawn.version()),
                    (written.key(), written.uid(), written.version())
                );
                assert_eq!((drawn.owners(), drawn.label("app")), (written.owners(), written.label("app")));
            }
        }
    }
}
