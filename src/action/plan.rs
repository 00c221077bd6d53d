//! [`Plan`]: what an action will do, to what, what happens next, whom it touches, and what speaks against it.

use chrono::TimeDelta;

use super::Action;
use super::choose;
use super::rate;
use super::release;
use super::report::Check;
use super::signs_for::signs_for;
use super::step::{Decision, Edited, Seen, Step, Write};
use crate::model::Model;
use crate::model::certificate::{Certificate, IssuerRef};
use crate::model::id::{Id, ObjectKey};
use crate::model::kind::Kind;
use crate::model::lineage::{Attempt, Role};
use crate::model::meta::{Object as _, Time};
use crate::text::span;
use crate::triage;
use crate::triage::backoff::Backoff;
use crate::triage::finding::Severity;

/// cert-manager tells a failed attempt from the next one by the second: a renewal in the same second fails with it.
const APART: TimeDelta = TimeDelta::seconds(2);

/// An action on one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The action.
    pub action: Action,
    /// To what.
    pub object: ObjectKey,
    /// The Certificate that it is about, if it is about one.
    pub certificate: Option<ObjectKey>,
    /// The writes, in order: the first surprise ends it.
    pub steps: Vec<Step>,
    /// What cert-manager does next.
    pub happens: String,
    /// Whom it touches: the hosts, and how long the present certificate lives.
    pub affects: String,
    /// What speaks against it, or should be known before.
    pub warnings: Vec<String>,
    /// Objects that will be left behind.
    pub leaks: Vec<String>,
}

impl Plan {
    /// The same for somebody who did not look at the states: the objects must be the same, in whatever state.
    #[must_use]
    pub fn in_any_state(mut self) -> Self {
        for step in &mut self.steps {
            step.seen = step.seen.map(|seen| Seen { version: None, ..seen });
        }
        self
    }

    /// The same, done alone: with what is counted over the whole cluster, by a public authority and of what an issuer
    /// signed. Of many at once the former is counted once for all.
    #[must_use]
    pub fn alone(mut self, model: &Model, now: Time) -> Self {
        let issues = matches!(self.action, Action::Renew | Action::Retry);
        let row = self.certificate.as_ref().filter(|_| issues);
        if let Some((_, row)) = row.and_then(|key| model.certificate(&key.namespace, &key.name)) {
            self.warnings.extend(rate::of_many(model, &[row], now));
            self.warnings.extend(signs_for(model, row));
        }
        self
    }

    /// The same for somebody who looked at the objects as they were checked.
    #[must_use]
    pub fn as_checked(mut self, checks: &[Check]) -> Self {
        for (i, (step, check)) in self.steps.iter_mut().zip(checks).enumerate() {
            // What a step changes, the next one may find changed.
            let follows = i > 0 && step.may_be_done;
            step.seen = check.seen.map(|seen| Seen { version: seen.version.filter(|_| !follows), ..seen });
        }
        self
    }
}

/// The words of a decision; what is missing is filled in as cert-manager's own tool does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// One word for machines.
    pub reason: Option<String>,
    /// One sentence for people.
    pub message: Option<String>,
}

/// Plans an action on an object; the error says why it makes no sense.
pub fn plan(model: &Model, action: Action, object: &ObjectKey, words: &Words, now: Time) -> Result<Plan, String> {
    let object = choose::target(model, action, object)?;
    let (uid, version) = choose::state(model, &object).ok_or_else(|| format!("{object} is not there"))?;
    let seen = Some(Seen { uid, version: Some(version) });
    let id = choose::certificate(model, &object);
    let certificate = id.and_then(|id| model.certificates.get(id));
    let mut plan = Plan {
        action,
        certificate: certificate.map(|row| row.key()),
        steps: Vec::new(),
        happens: String::new(),
        affects: certificate.map(|row| affects(row, now)).unwrap_or_default(),
        warnings: Vec::new(),
        leaks: Vec::new(),
        object,
    };
    match action {
        Action::Renew | Action::Retry => {
            let row = certificate.ok_or_else(|| format!("{} is not there", plan.object))?;
            issue(model, &mut plan, row, seen, now)?;
        }
        Action::Delete => delete(model, &mut plan, certificate, seen),
        Action::Release => release(model, &mut plan, seen, now)?,
        Action::Approve | Action::Deny => decide(model, &mut plan, words, seen)?,
        Action::Edit => edit(&mut plan, seen),
    }
    if matches!(action, Action::Renew | Action::Retry | Action::Delete)
        && let Some(id) = id
    {
        plan.warnings.extend(cause(model, id, now));
    }
    Ok(plan)
}

/// The hosts of a Certificate, and how long what is served now lives.
fn affects(row: &Certificate, now: Time) -> String {
    const SHOWN: usize = 3;
    let mut hosts: Vec<String> = row.dns_names.iter().take(SHOWN).map(str::to_owned).collect();
    let more = row.dns_names.len().saturating_sub(SHOWN);
    if more > 0 {
        hosts.push(format!("{more} more"));
    }
    let life = match row.not_after {
        None => format!("no certificate is served from {} today", row.secret_name),
        Some(end) if end <= now => format!("the present certificate ended {} ago", span(now - end)),
        Some(end) => format!("the present certificate stays, and is valid for {}", span(end - now)),
    };
    if hosts.is_empty() { life } else { format!("{} · {life}", hosts.join(", ")) }
}

/// The cause that stays whatever is done: it will be the same again.
fn cause(model: &Model, id: Id<Certificate>, now: Time) -> Option<String> {
    let first = triage::findings(model, id, now).into_iter().next()?;
    let mends = first.remedies.first().is_some_and(|remedy| remedy.action.is_some());
    (first.severity >= Severity::Error && !mends).then(|| format!("the cause stays: {}", first.title))
}

fn next_attempt<'m>(model: &'m Model, row: &Certificate) -> Option<Attempt<'m>> {
    model.attempts(row).into_iter().find(|attempt| attempt.role == Role::Next)
}

fn issue(model: &Model, plan: &mut Plan, row: &Certificate, seen: Option<Seen>, now: Time) -> Result<(), String> {
    plan.warnings.extend(rate::warnings(model, row, now));
    let next = next_attempt(model, row);
    let failed =
        [row.last_failure(), next.as_ref().and_then(|next| next.request.failed_at)].into_iter().flatten().max();
    let mut issuing = Step::new(plan.object.clone(), Write::Issue, seen);
    issuing.not_before = failed.map(|failed| failed + APART);
    if plan.action == Action::Renew {
        if row.is_issuing() {
            return Err(format!(
                "{}/{}: an issuance is in flight already: retry begins it again",
                row.meta.namespace, row.meta.name
            ));
        }
        plan.happens = String::from(
            "cert-manager makes a new request with a new private key if the policy says so; the present \
                        certificate is served until the new one is there. Any wait after a failure ends.",
        );
        plan.steps.push(issuing);
        return Ok(());
    }
    let Some(next) = next else {
        plan.happens = String::from(
            "No request of a failed attempt is left, so this is a renewal: cert-manager makes a new request, \
                        without the wait.",
        );
        let name = format!("{}/{}", row.meta.namespace, row.meta.name);
        if row.is_issuing() {
            return Err(format!("{name}: its request is just being made"));
        }
        if failed.is_none() {
            return Err(format!("{name}: nothing failed and nothing is in flight: renew issues it again"));
        }
        plan.steps.push(issuing);
        return Ok(());
    };
    let request = next.request;
    if request.is_ready() {
        return Err(format!("{} is signed, and is just being stored", request.key()));
    }
    let state = Some(Seen { uid: request.meta.uid, version: Some(request.meta.version) });
    plan.steps.push(Step::new(request.key(), Write::Delete, state));
    if row.is_issuing() {
        plan.happens = String::from(
            "The request goes, and its Order and Challenges with it. The issuance is still wanted, so \
                        cert-manager makes a new request at once: a new Order, new Challenges.",
        );
    } else {
        plan.happens = String::from(
            "The failed request goes, and its Order and Challenges with it. Then a renewal is asked for: \
                        cert-manager makes a new request, without the wait.",
        );
        // The first step may have changed the status of the Certificate: the same object in another state is no surprise.
        issuing.seen = seen.map(|seen| Seen { version: None, ..seen });
        issuing.may_be_done = true;
        plan.steps.push(issuing);
    }
    Ok(())
}

fn delete(model: &Model, plan: &mut Plan, certificate: Option<&Certificate>, seen: Option<Seen>) {
    plan.steps.push(Step::new(plan.object.clone(), Write::Delete, seen));
    let (namespace, name) = (plan.object.namespace.as_str(), &*plan.object.name);
    let issuing = certificate.is_some_and(Certificate::is_issuing);
    plan.happens = match plan.object.kind {
        Kind::Challenge => {
            let row = model.challenges.by_name(namespace, name).and_then(|id| model.challenges.get(id));
            let what = row.map_or("what it put up", |row| match row.challenge_type {
                crate::model::challenge::ChallengeType::Http01 => "the solver's Pod, Service and Ingress",
                crate::model::challenge::ChallengeType::Dns01 => "the TXT record",
            });
            if row.is_some_and(|row| row.state.is_failure()) {
                plan.warnings.push("its authorization is over: only retry begins a new Order".to_owned());
            }
            format!(
                "cert-manager removes {what}, then the Order makes the Challenge again: a fresh attempt of the same \
                 authorization."
            )
        }
        Kind::Order => {
            let owner = choose::meta(model, &plan.object).and_then(|meta| meta.owner);
            let request = owner.and_then(|uid| model.requests.get(model.requests.by_uid(uid)?));
            if request.is_some_and(crate::model::request::CertificateRequest::is_over) {
                plan.warnings.push("its request failed already, so nothing follows: retry begins again".to_owned());
            }
            "Its Challenges are cleaned up and go with it; the request makes its Order again.".to_owned()
        }
        _ if issuing => {
            "Its Order and Challenges go with it. The issuance is still wanted, so cert-manager makes a new request at \
             once."
                .to_owned()
        }
        _ => {
            let next = certificate
                .and_then(|row| Backoff::of(model).next(row.last_failure()?, row.failed_attempts()))
                .map(|next| format!(", at {}", next.format("%H:%M:%S UTC")))
                .unwrap_or_default();
            format!(
                "Its Order and Challenges go with it. Nothing follows until the wait after the failure ends{next}: retry \
                 does both."
            )
        }
    };
}

fn release(model: &Model, plan: &mut Plan, seen: Option<Seen>, now: Time) -> Result<(), String> {
    let id = model.challenges.by_name(&plan.object.namespace, &plan.object.name);
    let row = id.and_then(|id| model.challenges.get(id)).ok_or_else(|| format!("{} is not there", plan.object))?;
    let ground = release::ground(model, row, now).map_err(|why| format!("{}: {why}", plan.object))?;
    plan.happens = format!("The Challenge goes at once, and nobody cleans up after it. Why: {ground}");
    plan.leaks = release::solvers(model, row);
    plan.steps.push(Step::new(plan.object.clone(), Write::Release, seen));
    if plan.affects.is_empty() {
        plan.affects = format!("{} · no Certificate owns it", row.dns_name);
    }
    Ok(())
}

fn decide(model: &Model, plan: &mut Plan, words: &Words, seen: Option<Seen>) -> Result<(), String> {
    let id = model.requests.by_name(&plan.object.namespace, &plan.object.name);
    let row = id.and_then(|id| model.requests.get(id)).ok_or_else(|| format!("{} is not there", plan.object))?;
    for (done, word) in [(row.approval().is_some(), "approved"), (row.denial().is_some(), "denied")] {
        if done {
            return Err(format!("{} is {word} already, and that cannot be changed", plan.object));
        }
    }
    let approve = plan.action == Action::Approve;
    let default = if approve { "manually approved" } else { "manually denied" };
    let decision = Decision {
        approve,
        // The reason that cert-manager's own tool gives: policies and alerts know it, and cmtop leaves no marks.
        reason: words.reason.clone().unwrap_or_else(|| "KubectlCertManager".to_owned()),
        message: words.message.clone().unwrap_or_else(|| default.to_owned()),
        signer: signer(&row.issuer, &plan.object.namespace),
    };
    plan.happens = if approve {
        "The signer begins at once.".to_owned()
    } else {
        "The request fails for good, and its Certificate waits for the next attempt.".to_owned()
    };
    plan.warnings.push(format!("{} cannot be taken back", if approve { "an approval" } else { "a denial" }));
    plan.steps.push(Step::new(plan.object.clone(), Write::Decide(decision), seen));
    Ok(())
}

/// The name under which cert-manager asks who may approve: `clusterissuers.cert-manager.io/letsencrypt`.
fn signer(issuer: &IssuerRef, namespace: &str) -> String {
    let group = if issuer.group.is_empty() { "cert-manager.io" } else { issuer.group.as_str() };
    let kind = if issuer.kind.is_empty() { "Issuer" } else { issuer.kind.as_str() };
    let plural = format!("{}s", kind.to_ascii_lowercase());
    match issuer.known_kind() {
        Some(Kind::Issuer) => format!("{plural}.{group}/{namespace}.{}", issuer.name),
        _ => format!("{plural}.{group}/{}", issuer.name),
    }
}

fn edit(plan: &mut Plan, seen: Option<Seen>) {
    let happens = match plan.object.kind {
        Kind::Certificate => "A change of names, issuer or key is issued at once; other fields at the next renewal.",
        _ => "The issuer is checked again; Orders in flight may choose another solver.",
    };
    plan.happens = String::from(happens);
    plan.steps.push(Step::new(plan.object.clone(), Write::Replace(Edited::default()), seen));
}
