//! cert-manager itself: nothing below moves while it is down.

use super::signs::{Depth, Shown};
use super::{Case, Sign, Signs};
use crate::model::Model;
use crate::model::challenge::ChallengeType;
use crate::model::controller::{Component, Controller};
use crate::model::feed::{Feed, FeedKey, FeedState, Part};
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::model::meta::Object as _;
use crate::triage::finding::{Evidence, Finding};
use crate::triage::releases::{self, Known};

/// What holds up one part of cert-manager, by evidence only: a status that says so.
fn trouble(row: &Controller) -> Option<String> {
    let status = row.status.as_ref()?;
    if let Some(trouble) = &status.trouble {
        return Some(trouble.to_string());
    }
    (status.ready == 0 && status.wanted > 0).then(|| format!("0 of {} ready", status.wanted))
}

/// The controller, where it is down: its Deployment decides; its Pods where there is none to be seen.
fn down(model: &Model) -> Option<(&Controller, String)> {
    let controller = model.controller()?;
    if controller.status.as_ref().is_some_and(|status| status.wanted == 0) {
        return Some((controller, "scaled to 0".to_owned()));
    }
    trouble(controller).map(|trouble| (controller, trouble))
}

pub(super) fn detect<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    if let Some((controller, trouble)) = down(case.model) {
        signs.rule("controller-down", Shown::at(Depth::System, controller, "status", trouble));
    }
}

/// The signs that no Certificate owns.
pub(in crate::triage) fn of_model<'m>(model: &'m Model, signs: &mut Signs<'_, 'm>) {
    if let Some((controller, trouble)) = down(model) {
        signs.rule("controller-down", Shown::at(Depth::System, controller, "status", trouble));
    }
    for (_, row) in model.controllers.iter() {
        let id = match row.component {
            Component::Webhook => "webhook-down",
            Component::CaInjector => "cainjector-down",
            Component::Controller | Component::Other => continue,
        };
        if let Some(trouble) = trouble(row) {
            signs.rule(id, Shown::at(Depth::System, row, "status", trouble));
        }
    }
}

/// Challenges that nobody owns any more, and whose deletion hangs.
pub(super) fn orphans<'m>(model: &'m Model, signs: &mut Signs<'_, 'm>) {
    for (_, challenge) in model.challenges.iter() {
        if let Some(asked) = challenge.meta.deleted.filter(|_| model.root_of_challenge(challenge).is_none()) {
            let held = challenge.finalizers.iter().map(|f| f.as_str()).collect::<Vec<_>>().join(", ");
            let shown = Shown::at(Depth::Challenge, challenge, "metadata.finalizers", held).since(Some(asked));
            signs.rule("challenge-finalizer-stuck", shown);
        }
    }
}

/// Bugs of the release that explain what was found.
pub(super) fn known_bugs<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let Some(controller) = case.controller() else { return };
    let Some(version) = controller.version.as_deref() else { return };
    let explained = signs.rows().find_map(|row| {
        releases::explaining(version, &row.id).find(|known| known.bug).filter(|known| uses(case, known))
    });
    if let Some(known) = explained {
        let shown = Shown::at(Depth::Certificate, controller, "version", version)
            .fact("bug", format!("{version} {}.", known.what));
        let until = known.spans.iter().find(|span| span.covers(version)).and_then(|span| span.until.as_deref());
        signs.rule("controller-known-bug", shown.fact("fixed", until.map(|v| format!("v{v}")).unwrap_or_default()));
    }
}

/// Whether the chain of a Certificate uses what a bug touches.
fn uses(case: &Case, known: &Known) -> bool {
    let Some(touches) = known.touches.as_deref() else { return true };
    let by_solver = case.challenges().any(|(challenge, _)| {
        *challenge.solver == *touches || touches == "dns01" && challenge.challenge_type == ChallengeType::Dns01
    });
    by_solver
        || case.context().issuer == Some(touches)
        || touches == "dns01" && case.issuer().is_some_and(|i| i.solver_configs.iter().any(|solver| solver.dns01))
}

/// What a command saw of cert-manager that no watch shows.
pub(in crate::triage) fn noted(
    model: &Model,
    id: &str,
    field: &str,
    value: String,
    facts: &[(&'static str, String)],
) -> Option<Finding> {
    let mut finding = of_cert_manager(model, id, facts)?;
    finding.evidence.push(Evidence { object: finding.subject.clone().into(), field: field.to_owned(), value });
    Some(finding)
}

/// A finding about cert-manager itself, without its evidence.
pub(super) fn of_cert_manager(model: &Model, id: &str, facts: &[(&'static str, String)]) -> Option<Finding> {
    let controller = model.controller();
    let namespace = controller.map_or("cert-manager", |controller| controller.meta.namespace.as_str());
    let subject = controller.map_or_else(
        || ObjectKey { kind: Kind::Deployment, namespace: namespace.into(), name: "cert-manager".into() },
        |controller| controller.key(),
    );
    let mut facts = facts.to_vec();
    facts.push(("controllerNamespace", namespace.to_owned()));
    facts.push(("objectNamespace", namespace.to_owned()));
    facts.push(("object", "the webhook".to_owned()));
    super::signs::plain(id, subject, &facts)
}

/// Watches that are refused, and kinds of cert-manager that are not there.
pub(super) fn watches(model: &Model) -> Vec<Finding> {
    let told = |(key, feed): (&FeedKey, &Feed)| {
        let (id, right) = match &feed.state {
            FeedState::Forbidden { right } => ("watch-denied", right.to_string()),
            FeedState::Absent if key.kind.is_cert_manager() => ("crd-missing", String::new()),
            _ => return None,
        };
        let object = ObjectKey { kind: key.kind, namespace: key.namespace.clone(), name: "*".into() };
        let facts = [("resource", key.kind.resource()), ("right", right)];
        super::signs::plain(id, object, &facts)
    };
    // Logs are an extra: who may not read them misses lines, no object.
    model.feeds.iter().filter(|(key, _)| key.part != Part::Logs).filter_map(told).collect()
}

/// What is known to be wrong with the release that runs, where it explains the finding.
pub(super) fn enrich(case: &Case, sign: &Sign, finding: &mut Finding) {
    let Some(controller) = case.controller() else { return };
    let Some(version) = controller.version.as_deref() else { return };
    for known in releases::explaining(version, &sign.row.id) {
        finding.confidence = finding.confidence.raised();
        finding.evidence.push(Evidence {
            object: controller.key().into(),
            field: "version".to_owned(),
            value: format!("{version}: {}", known.what),
        });
    }
}
