//! What stands around cert-manager and its certificates, where somebody looked: it makes findings surer, and says whom
//! they hurt. No verdict rests on it.

use chrono::TimeDelta;

use super::system::of_cert_manager;
use super::{Case, Sign};
use crate::model::Model;
use crate::model::kind::Kind;
use crate::model::solver::Solver;
use crate::model::surroundings::Look;
use crate::triage::finding::{Evidence, Finding, Severity, Witness};
use crate::triage::text_of;

/// A Lease that is this old is held by nobody: controllers renew it every few seconds, and lose it after a minute.
const LOST: TimeDelta = TimeDelta::minutes(2);

/// Users of a Secret that a finding names.
const NAMED: usize = 5;

/// What is wrong with cert-manager by what was found around it.
pub(super) fn of_system(model: &Model) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(lost_lease(model));
    found.extend(strange_definitions(model));
    found.extend(hooks_without_ca(model));
    found
}

fn told(
    model: &Model,
    id: &str,
    facts: &[(&'static str, String)],
    evidence: Vec<(String, &str, String)>,
) -> Option<Finding> {
    let mut finding = of_cert_manager(model, id, facts)?;
    finding.evidence = evidence
        .into_iter()
        .map(|(name, field, value)| Evidence { object: Witness::Other(name), field: field.to_owned(), value })
        .collect();
    Some(finding)
}

fn lost_lease(model: &Model) -> Option<Finding> {
    let lease = model.surroundings.lease.seen()?.as_ref()?;
    let (renewed, looked) = (lease.renewed?, model.surroundings.at?);
    if looked - renewed <= LOST {
        return None;
    }
    let value = format!(
        "{}, {} before it was looked at; held by {}",
        text_of(renewed),
        crate::text::span(looked - renewed),
        lease.holder
    );
    told(model, "controller-down", &[], vec![(format!("Lease/{}", lease.name), "spec.renewTime", value)])
}

/// Definitions of another release than the one that runs: fields that it writes are dropped without a word.
fn strange_definitions(model: &Model) -> Option<Finding> {
    let definitions = model.surroundings.definitions.seen()?;
    let runs = model.controller()?.version.as_deref()?;
    let other = definitions.iter().filter_map(|definition| {
        let release = definition.release.as_deref().filter(|release| *release != runs)?;
        let name = format!("CustomResourceDefinition/{}", definition.name);
        Some((name, "metadata.labels", format!("is of {release}, and {runs} runs")))
    });
    let other: Vec<_> = other.collect();
    let (_, _, first) = other.first()?;
    let facts = [("mismatch", first.clone()), ("version", runs.to_owned())];
    told(model, "definitions-of-another-release", &facts, other)
}

fn hooks_without_ca(model: &Model) -> Option<Finding> {
    let hooks = model.surroundings.hooks.seen()?;
    let bare = hooks.iter().filter(|hook| !hook.has_ca);
    let bare: Vec<_> =
        bare.map(|hook| (hook.name.clone(), "webhooks.clientConfig.caBundle", "is empty".to_owned())).collect();
    (!bare.is_empty()).then(|| told(model, "webhook-without-ca-bundle", &[], bare))?
}

/// What was looked up about one finding.
pub(super) fn enrich(case: &Case, sign: &Sign, finding: &mut Finding) {
    let own = case.challenges().find(|(challenge, _)| challenge.meta.uid == sign.shown.object.meta.uid);
    if own.is_some_and(|(challenge, _)| &*challenge.solver == "route53") {
        identity(case, finding);
    }
    if sign.row.family.starts_with("http01-") {
        class(case, sign, finding);
    }
}

/// Whether the controller's ServiceAccount has an identity at the provider.
fn identity(case: &Case, finding: &mut Finding) {
    let around = &case.model.surroundings;
    let Some(Some(account)) = around.account.seen() else {
        if let Look::Denied(right) = &around.account {
            finding.wants.push(format!("the controller's ServiceAccount; the right that is missing: {right}"));
        }
        return;
    };
    let value = match account.identities.as_slice() {
        [] => "no annotation gives it an identity at the provider".to_owned(),
        some => some.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(", "),
    };
    let object = Witness::Other(format!("ServiceAccount/{}", account.name));
    finding.evidence.push(Evidence { object, field: "metadata.annotations".to_owned(), value });
}

/// Whether anybody serves the class of the solver's Ingress.
fn class(case: &Case, sign: &Sign, finding: &mut Finding) {
    let Some(classes) = case.model.surroundings.classes.seen() else { return };
    let uid = sign.shown.object.meta.uid;
    let own =
        |solver: &&&Solver| solver.kind == Kind::Ingress && (solver.meta.uid == uid || solver.meta.owner == Some(uid));
    let mut solvers = case.challenges().flat_map(|(_, solvers)| solvers.iter());
    let Some(ingress) = solvers.find(own) else { return };
    let (name, value) = match ingress.class.as_deref() {
        Some(name) => match classes.iter().find(|class| class.name == name) {
            Some(class) => (name, format!("is served by {}", class.controller)),
            None => {
                finding.confidence = finding.confidence.raised();
                let others = classes.iter().map(|class| class.name.as_str()).collect::<Vec<_>>().join(", ");
                let others = if others.is_empty() { "none" } else { &others };
                (name, format!("there is no such class; there are: {others}"))
            }
        },
        // Where none is the default, the old annotation may still name one: nothing can be said.
        None => match classes.iter().find(|class| class.default) {
            Some(class) => (class.name.as_str(), format!("is the default, served by {}", class.controller)),
            None => return,
        },
    };
    let object = Witness::Other(format!("IngressClass/{name}"));
    finding.evidence.push(Evidence { object, field: "spec.controller".to_owned(), value });
}

/// Says whom the first finding hurts: what serves with the Certificate's Secret.
pub(in crate::triage) fn hurt(case: &Case, findings: &mut [Finding]) {
    let certificate = case.certificate();
    let Some(first) = findings.first_mut().filter(|finding| finding.severity >= Severity::Warning) else { return };
    let users = case.model.surroundings.users_of(&certificate.meta.namespace, &certificate.secret_name);
    first.evidence.extend(users.take(NAMED).map(|user| Evidence {
        object: Witness::Other(user.name.clone()),
        field: user.field.to_owned(),
        value: user.how.clone(),
    }));
    if let Some(Look::Denied(right)) = case.model.surroundings.users.get(&certificate.meta.namespace) {
        first.wants.push(format!("whom it hurts; the right that is missing: {right}"));
    }
}
