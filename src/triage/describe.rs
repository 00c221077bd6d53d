//! [`describe`]: everything known of one object, in words.

use crate::model::Model;
use crate::model::certificate::{Certificate, IssuerRef};
use crate::model::challenge::Challenge;
use crate::model::condition::Condition;
use crate::model::controller::Controller;
use crate::model::id::{ObjectKey, Uid};
use crate::model::issuer::Issuer;
use crate::model::kind::Kind;
use crate::model::meta::{Meta, Object, Time};
use crate::model::order::Order;
use crate::model::request::CertificateRequest;
use crate::model::secret::Secret;
use crate::model::solver::Solver;

/// One thing that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What it is about; empty for a heading's own text.
    pub label: &'static str,
    /// What it is.
    pub value: Value,
}

/// What a fact says.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A moment.
    Moment(Time),
    /// A condition: does it hold, why, since when.
    Condition(Condition),
    /// A note of a controller: when, how often, what, and whether it warned.
    Note(Time, u32, String, bool),
}

/// Facts under a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// Collects facts; what is empty is left out.
#[derive(Default)]
struct Facts(Vec<Fact>);

impl Facts {
    fn text(&mut self, label: &'static str, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Fact { label, value: Value::Text(text) });
        }
    }

    fn moment(&mut self, label: &'static str, moment: Option<Time>) {
        self.0.extend(moment.map(|moment| Fact { label, value: Value::Moment(moment) }));
    }

    fn condition(&mut self, label: &'static str, condition: Option<&Condition>) {
        self.0.extend(condition.map(|c| Fact { label, value: Value::Condition(c.clone()) }));
    }

    fn issuer(&mut self, issuer: &IssuerRef) {
        let group = if &*issuer.group == "cert-manager.io" { String::new() } else { format!(" of {}", issuer.group) };
        self.text("issuer", format!("{} {}{group}", issuer.kind, issuer.name));
    }

    fn section(self, title: &'static str) -> Section {
        Section { title, facts: self.0 }
    }
}

/// Everything known of an object. Empty when nothing is: it may be gone, or never seen.
pub fn describe(model: &Model, key: &ObjectKey) -> Vec<Section> {
    let (namespace, name) = (key.namespace.as_str(), &*key.name);
    let found = match key.kind {
        Kind::Certificate => model
            .certificates
            .by_name(namespace, name)
            .and_then(|id| model.certificates.get(id))
            .map(|row| of_certificate(model, row)),
        Kind::CertificateRequest => {
            model.requests.by_name(namespace, name).and_then(|id| model.requests.get(id)).map(of_request)
        }
        Kind::Order => model.orders.by_name(namespace, name).and_then(|id| model.orders.get(id)).map(of_order),
        Kind::Challenge => {
            model.challenges.by_name(namespace, name).and_then(|id| model.challenges.get(id)).map(of_challenge)
        }
        Kind::Issuer | Kind::ClusterIssuer => {
            model.issuers.by_name(namespace, name).and_then(|id| model.issuers.get(id)).map(|row| of_issuer(model, row))
        }
        Kind::Secret => model.secrets.by_name(namespace, name).and_then(|id| model.secrets.get(id)).map(of_secret),
        Kind::Pod | Kind::Service | Kind::Ingress | Kind::HttpRoute | Kind::Deployment => {
            let solver = model
                .solvers
                .by_name(namespace, name)
                .and_then(|id| model.solvers.get(id))
                .filter(|row| row.kind == key.kind);
            let own = model
                .controllers
                .by_name(namespace, name)
                .and_then(|id| model.controllers.get(id))
                .filter(|row| row.kind == key.kind);
            solver.map(of_solver).or_else(|| own.map(of_controller))
        }
        Kind::Event | Kind::Namespace => None,
    };
    let Some((meta, mut sections)) = found else { return Vec::new() };
    sections.extend(notes(model, meta.uid));
    sections.push(of_meta(&meta));
    sections.retain(|section| !section.facts.is_empty());
    sections
}

type Described = (Meta, Vec<Section>);

fn of_meta(meta: &Meta) -> Section {
    let mut facts = Facts::default();
    facts.moment("created", meta.created);
    facts.moment("deletion asked for", meta.deleted);
    facts.text("labels", meta.labels.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("  "));
    facts.text("uid", meta.uid.to_string());
    facts.section("Object")
}

fn notes(model: &Model, uid: Uid) -> Option<Section> {
    let facts: Vec<Fact> = model
        .events
        .about(uid)
        .take(10)
        .map(|event| {
            let text = format!("{}: {}", event.reason, event.message.as_str());
            Fact { label: "", value: Value::Note(event.last, event.count, text, event.warning) }
        })
        .collect();
    (!facts.is_empty()).then_some(Section { title: "Events", facts })
}

fn of_certificate(model: &Model, row: &Certificate) -> Described {
    let mut wanted = Facts::default();
    wanted.text("names", row.dns_names.iter().collect::<Vec<_>>().join("  "));
    wanted.issuer(&row.issuer);
    wanted.text("Secret", &*row.secret_name);
    let twins =
        model.certificates_of_secret(&row.meta.namespace, &row.secret_name).filter_map(|id| model.certificates.get(id));
    let twins: Vec<&str> = twins.filter(|twin| twin.meta.uid != row.meta.uid).map(|twin| &*twin.meta.name).collect();
    wanted.text("same Secret", twins.join("  "));
    if row.renewal_policy == crate::model::certificate::RenewalPolicy::Disabled {
        wanted.text("renewal", "disabled");
    }
    let renewal = row.renewal.as_deref();
    for window in renewal.iter().flat_map(|renewal| renewal.windows.iter()) {
        let zone = if window.timezone.is_empty() { "UTC" } else { &window.timezone };
        wanted.text("renewal window", format!("{} {zone}, for {}", window.cron, window.duration));
    }
    let mut there = Facts::default();
    there.text("revision", row.revision.map_or_else(|| "never issued".to_owned(), |r| r.to_string()));
    there.moment("valid from", row.not_before);
    there.moment("valid until", row.not_after);
    there.moment("renewal", row.renewal_time);
    if let Some(ari) = renewal.and_then(|renewal| renewal.ari.as_ref()) {
        there.moment("authority's window", ari.window.map(|(start, _)| start));
        there.moment("until", ari.window.map(|(_, end)| end));
        there.text("because", &*ari.explanation);
        there.moment("authority asked", ari.last_checked);
        there.text("it failed", &*ari.last_error);
    }
    there.condition("Ready", row.ready.as_ref());
    let mut attempt = Facts::default();
    attempt.condition("Issuing", row.issuing());
    attempt.moment("last failure", row.last_failure());
    attempt.text("failed attempts", row.failed_attempts().map(|n| n.to_string()).unwrap_or_default());
    let next_key = row.attempt.as_ref().and_then(|a| a.next_private_key_secret.as_deref());
    attempt.text("next key in", next_key.unwrap_or_default());
    (row.meta.clone(), vec![there.section("Certificate"), attempt.section("Attempt"), wanted.section("Wanted")])
}

fn of_request(row: &CertificateRequest) -> Described {
    let mut facts = Facts::default();
    facts.text("revision", row.revision.map(|r| r.to_string()).unwrap_or_default());
    facts.issuer(&row.issuer);
    facts.condition("Approved", row.approval());
    facts.condition("Denied", row.denial());
    facts.condition("InvalidRequest", row.invalidity());
    facts.condition("Ready", row.ready.as_ref());
    facts.moment("failed", row.failed_at);
    if row.approval().is_none() && row.denial().is_none() {
        facts.text("approval", "nobody approved or denied it yet");
    }
    (row.meta.clone(), vec![facts.section("CertificateRequest")])
}

fn of_order(row: &Order) -> Described {
    let mut facts = Facts::default();
    facts.text("state", row.state.as_str());
    facts.text("reason", row.reason.as_str());
    facts.text("at the authority", if row.accepted { "accepted" } else { "not accepted yet" });
    if row.authorizations.total > 0 {
        facts.text(
            "authorizations",
            format!("{}, {} of them valid from before", row.authorizations.total, row.authorizations.reused),
        );
    }
    facts.text("certificate", if row.has_certificate { "fetched" } else { "not fetched yet" });
    facts.issuer(&row.issuer);
    facts.moment("failed", row.failed_at);
    (row.meta.clone(), vec![facts.section("Order")])
}

fn of_challenge(row: &Challenge) -> Described {
    let mut facts = Facts::default();
    facts.text("name", format!("{}{}", if row.wildcard { "*." } else { "" }, row.dns_name));
    facts.text("by", format!("{} {}", row.challenge_type.as_str(), row.solver));
    facts.text("state", row.state.as_str());
    facts.text("processing", if row.processing { "yes" } else { "no: it waits for its turn, or is done" });
    facts.text("presented", if row.presented { "yes" } else { "no" });
    facts.moment("presented at", row.presented_at);
    facts.text("reason", row.reason.as_str());
    facts.text("finalizers", row.finalizers.iter().map(|f| f.as_str()).collect::<Vec<_>>().join("  "));
    facts.issuer(&row.issuer);
    (row.meta.clone(), vec![facts.section("Challenge")])
}

fn of_issuer(model: &Model, row: &Issuer) -> Described {
    let mut facts = Facts::default();
    facts.text("type", row.issuer_type.as_str());
    facts.text("at", &*row.backend);
    facts.text("solvers", row.solvers.iter().map(|s| s.as_str()).collect::<Vec<_>>().join("  "));
    facts.condition("Ready", row.ready.as_ref());
    let users = model.certificates_of_issuer(row.kind(), &row.meta.namespace, &row.meta.name).len();
    facts.text("used by", crate::text::count(users, "Certificate"));
    (row.meta.clone(), vec![facts.section(if row.cluster { "ClusterIssuer" } else { "Issuer" })])
}

fn of_secret(row: &Secret) -> Described {
    let mut facts = Facts::default();
    facts.text("holds", if row.next_private_key { "the key of an issuance in flight" } else { "" });
    facts.text("certificate of", row.certificate_name.as_deref().unwrap_or_default());
    facts.text("signed by", row.issuer_name.as_deref().unwrap_or_default());
    facts.text("content", "not read: cmtop watches the metadata of Secrets only");
    (row.meta.clone(), vec![facts.section("Secret")])
}

fn of_solver(row: &Solver) -> Described {
    let mut facts = Facts::default();
    // A Service inside the cluster never has one.
    let none = if row.kind == Kind::Service { "" } else { "no status was written" };
    facts.text("status", row.status.as_ref().map_or(none, |s| s.word.as_str()));
    facts.text("class", row.class.as_deref().unwrap_or_default());
    (row.meta.clone(), vec![facts.section("Solver")])
}

fn of_controller(row: &Controller) -> Described {
    let mut facts = Facts::default();
    facts.text("version", row.version.as_deref().unwrap_or_default());
    let status = row.status.as_ref().map(|s| {
        format!("{} of {} ready{}", s.ready, s.wanted, s.trouble.as_ref().map(|t| format!(", {t}")).unwrap_or_default())
    });
    facts.text("status", status.unwrap_or_else(|| "no status was written".to_owned()));
    row.args.iter().for_each(|arg| facts.text("argument", &**arg));
    for (name, value) in &row.env {
        facts.text("env", format!("{name}={}", value.as_deref().unwrap_or("(not shown)")));
    }
    facts.text("dnsPolicy", row.dns_policy.as_deref().unwrap_or_default());
    facts.text("nameservers", row.nameservers.iter().map(|n| n.as_str()).collect::<Vec<_>>().join("  "));
    (row.meta.clone(), vec![facts.section("cert-manager")])
}
