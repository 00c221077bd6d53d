//! All that a model holds and all that can be asked of it, in an order that depends on nothing but the objects.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write as _};

use chrono::TimeDelta;
use cmtop::model::Model;
use cmtop::model::certificate::Certificate;
use cmtop::model::id::{Id, Uid};
use cmtop::model::kind::Kind;
use cmtop::model::lineage::Step;
use cmtop::model::meta::{Object, Time};
use cmtop::model::table::Table;
use cmtop::triage::{diagnose, stage, why};

/// The model as text. Two models that hold the same objects give the same text.
pub(crate) fn dump(model: &Model, now: Time) -> String {
    let mut out = String::new();
    table(&mut out, &model.certificates);
    table(&mut out, &model.requests);
    table(&mut out, &model.orders);
    table(&mut out, &model.challenges);
    table(&mut out, &model.issuers);
    table(&mut out, &model.secrets);
    table(&mut out, &model.solvers);
    table(&mut out, &model.controllers);
    let counts: Vec<_> = model.certificate_counts().collect();
    line(&mut out, "counts", &counts);
    line(&mut out, "namespaces", &model.namespaces());
    line(&mut out, "controller", &model.controller());
    for (key, feed) in model.feeds.iter() {
        // Since when it does so is what was seen, too.
        let feed = cmtop::model::feed::Feed { since: None, ..feed.clone() };
        line(&mut out, "feed", &(key, feed));
    }
    for event in model.events.recent() {
        // When an Event arrived is what was seen, not what is.
        let event = cmtop::model::events::Event { arrivals: smallvec::SmallVec::new(), ..event.clone() };
        line(&mut out, "event", &event);
    }
    let mut certificates: Vec<_> = model.certificates.iter().collect();
    certificates.sort_by_key(|(_, row)| row.meta.uid);
    for (id, certificate) in certificates {
        joins(&mut out, model, id, certificate, now);
    }
    out
}

/// The lines in which two models differ.
pub(crate) fn difference(one: &str, other: &str) -> Vec<String> {
    let (a, b): (BTreeSet<&str>, BTreeSet<&str>) = (one.lines().collect(), other.lines().collect());
    let first = a.difference(&b).map(|line| format!("only in the first: {line}"));
    let mut lines: Vec<String> =
        first.chain(b.difference(&a).map(|line| format!("only in the second: {line}"))).collect();
    if lines.is_empty() && one != other {
        lines.push("the same lines, in another order".to_owned());
    }
    lines
}

fn line(out: &mut String, what: &str, value: &dyn Debug) {
    writeln!(out, "{what}: {value:?}").unwrap();
}

/// The rows by uid; and each index answers like a walk over all rows.
fn table<T: Object + Debug>(out: &mut String, table: &Table<T>) {
    let mut rows: Vec<_> = table.iter().collect();
    rows.sort_by_key(|(_, row)| row.meta().uid);
    assert_eq!(rows.len(), table.len());
    for (id, row) in &rows {
        let meta = row.meta();
        assert_eq!(table.by_uid(meta.uid), Some(*id), "{row:?}");
        let namesakes =
            rows.iter().filter(|(_, o)| (&o.meta().namespace, &o.meta().name) == (&meta.namespace, &meta.name));
        let youngest = namesakes.max_by_key(|(_, o)| (o.meta().created, o.meta().uid)).map(|(id, _)| *id);
        assert_eq!(table.by_name(&meta.namespace, &meta.name), youngest, "{row:?}");
        if let Some(owner) = meta.owner {
            let owned: BTreeSet<_> = table.owned_by(owner).map(|(id, _)| id).collect();
            let expected: BTreeSet<_> =
                rows.iter().filter(|(_, o)| o.meta().owner == Some(owner)).map(|(id, _)| *id).collect();
            assert_eq!(owned, expected, "{row:?}");
        }
        line(out, "row", row);
    }
}

fn joins(out: &mut String, model: &Model, id: Id<Certificate>, certificate: &Certificate, now: Time) {
    let uid = |id: Id<Certificate>| model.certificates.get(id).map(|c| c.meta.uid);
    let lineage = model.lineage(id).unwrap();
    line(out, "certificate", &certificate.meta.uid);
    line(out, " issuer", &step(lineage.issuer));
    line(out, " secret", &step(lineage.secret));
    line(out, " next key", &lineage.next_key.map(|s| s.meta.uid));
    for attempt in &lineage.attempts {
        line(out, " attempt", &(attempt.role, attempt.request.meta.uid));
        line(out, "  orders", &attempt.orders.iter().map(|o| o.meta.uid).collect::<Vec<_>>());
        for (challenge, solvers) in &attempt.challenges {
            line(out, "  challenge", &(challenge.meta.uid, solvers.iter().map(|s| s.meta.uid).collect::<Vec<_>>()));
        }
        let requests: Vec<_> = lineage.attempts.iter().map(|a| a.request.meta.uid).collect();
        assert_eq!(requests.iter().collect::<BTreeSet<_>>().len(), requests.len(), "a request is listed once");
        // Every way down is a way up.
        assert_eq!(model.root_of_request(attempt.request), Some(id));
        attempt.orders.iter().for_each(|order| assert_eq!(model.root_of_order(order), Some(id)));
    }
    let meta = &certificate.meta;
    let on_secret = model.certificates_of_secret(&meta.namespace, &certificate.secret_name);
    let on_secret: BTreeSet<_> = on_secret.map(uid).collect();
    let all: Vec<&Certificate> = model.certificates.iter().map(|(_, row)| row).collect();
    let same_secret =
        all.iter().filter(|o| (&o.meta.namespace, &o.secret_name) == (&meta.namespace, &certificate.secret_name));
    assert_eq!(on_secret, same_secret.map(|o| Some(o.meta.uid)).collect());
    if let Some(kind) = certificate.issuer.known_kind() {
        let found = model.certificates_of_issuer(kind, &meta.namespace, &certificate.issuer.name);
        let found: BTreeSet<_> = found.into_iter().map(uid).collect();
        let expected = all.iter().filter(|o| {
            o.issuer == certificate.issuer && (kind == Kind::ClusterIssuer || o.meta.namespace == meta.namespace)
        });
        assert_eq!(found, expected.map(|o| Some(o.meta.uid)).collect());
    }
    for minutes in [-30, 0, 3, 20, 90] {
        let at = now + TimeDelta::minutes(minutes);
        let diagnosis = diagnose(model, id, at).unwrap();
        line(out, " diagnosis", &diagnosis);
        line(out, " why", &why::why(model, id, &diagnosis));
    }
    line(out, " stage", &stage(model, id));
}

fn step<T: Object>(step: Step<T>) -> Result<Uid, &'static str> {
    match step {
        Step::Seen(row) => Ok(row.meta().uid),
        Step::Absent => Err("absent"),
        Step::Unseen => Err("unseen"),
    }
}
