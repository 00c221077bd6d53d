//! The writes of an action: a fresh look, a comparison with what a person saw, the write, and what came of it.
//!
//! **Invariant:** no write is sent for an object that was not read just before, and each carries the uid and the
//! resourceVersion that were read.

mod doubt;
mod exchange;

use std::time::Duration;

use serde_json::Value;

use self::exchange::{Answer, sentence};
use super::Cluster;
use super::access::review;
use super::clock::Now;
use crate::action::body::{self, Body, Objection, body};
use crate::action::difference;
use crate::action::gitops::keeper;
use crate::action::kubectl;
use crate::action::plan::Plan;
use crate::action::release;
use crate::action::report::{Check, Outcome, Report, Sent};
use crate::action::right::{Right, SIGNERS};
use crate::action::step::{Method, Seen, Step, Write};
use crate::limits;
use crate::model::id::ObjectKey;

/// How often a write is tried again that the server did not take: another one came first, or there were too many.
const ATTEMPTS: usize = 3;

/// What came of one step.
#[derive(Debug)]
struct Written {
    sent: Vec<Sent>,
    outcome: Outcome,
    message: String,
}

impl Written {
    fn unsent(outcome: Outcome, message: impl Into<String>) -> Self {
        Self { sent: Vec::new(), outcome, message: message.into() }
    }
}

impl Cluster {
    /// Everything that can be known of a plan before it is sent. Nothing changes.
    pub async fn check(&self, plan: &Plan, now: &Now) -> Vec<Check> {
        let mut checks = Vec::new();
        for step in &plan.steps {
            checks.push(self.check_step(plan, step, now).await);
        }
        checks
    }

    async fn check_step(&self, plan: &Plan, step: &Step, now: &Now) -> Check {
        let mut check = Check {
            request: step.request(),
            seen: None,
            condition: String::new(),
            changes: Vec::new(),
            kubectl: String::new(),
            missing: None,
            trial: Ok(false),
            answer: None,
            objection: None,
            keeper: None,
            leaks: plan.leaks.clone(),
            document: String::new(),
        };
        // Who may not read may be told so by the read itself; the question costs no right.
        check.missing = self.missing(&step.rights()).await;
        let fresh = match self.look(&step.object).await {
            Ok(fresh) => fresh,
            Err(written) => {
                check.objection = Some(written.message);
                return check;
            }
        };
        let version = fresh["metadata"]["resourceVersion"].as_str().unwrap_or_default();
        let uid = fresh["metadata"]["uid"].as_str().unwrap_or_default();
        check.seen = body::seen(&fresh);
        check.condition = format!("if uid {uid} and resourceVersion {version}");
        check.kubectl = kubectl::command(step, &fresh, now());
        check.keeper = keeper(&fresh);
        check.document = difference::yaml(&fresh);
        check.leaks.extend(Some(()).filter(|()| step.write == Write::Release).and_then(|()| release::record(&fresh)));
        if matches!(&step.write, Write::Replace(edited) if edited.text.is_empty()) {
            return check;
        }
        // What a person looks at is this look, not the one before it: only another object is a surprise.
        let step = Step { seen: step.seen.map(|seen| Seen { version: None, ..seen }), ..step.clone() };
        match body(&step, &fresh, now()) {
            Err(objection) => check.objection = Some(objection.text()),
            Ok(body) => {
                if step.write.method() == Method::Put {
                    check.changes = difference::lines(&check.document, &difference::yaml(&body.document));
                }
                if check.missing.is_none() {
                    (check.trial, check.answer) = self.trial(&step, &body).await;
                }
            }
        }
        check
    }

    /// The first right that is missing.
    pub async fn missing(&self, rights: &[Right]) -> Option<String> {
        for right in rights {
            // Where the question itself fails, the request finds out, and says so.
            if !self.has(right).await.unwrap_or(true) {
                return Some(right.to_string());
            }
        }
        None
    }

    /// Whether we have a right; the error is why nobody knows.
    pub async fn has(&self, right: &Right) -> Result<bool, kube::Error> {
        if allowed(&self.client, right).await? {
            return Ok(true);
        }
        // cert-manager's webhook also takes a right over all issuers of a kind.
        match right.name.split_once('/') {
            Some((signer, _)) if right.resource == SIGNERS => {
                allowed(&self.client, &Right { name: format!("{signer}/*"), ..right.clone() }).await
            }
            _ => Ok(false),
        }
    }

    async fn trial(&self, step: &Step, body: &Body) -> (Result<bool, String>, Option<u16>) {
        let (body, query) = body::tried(step.write.method(), body);
        match self.send(step.write.method().as_str(), &format!("{}{query}", step.path()), Some(&body)).await {
            Answer::Said { status, .. } if status < 300 => (Ok(true), Some(status)),
            Answer::Said { status, document, .. } => (Err(sentence(status, &document)), Some(status)),
            Answer::ReadOnly => (Ok(false), None),
            Answer::Silence(why) | Answer::Unsent(why) => (Err(why), None),
        }
    }

    /// The object as it is now.
    async fn look(&self, object: &ObjectKey) -> Result<Value, Written> {
        match self.send("GET", &object.path(), None).await {
            Answer::Said { status: 200, document, .. } => Ok(document),
            Answer::Said { status: 404, .. } => Err(Written::unsent(Outcome::Conflict, format!("{object} is gone"))),
            Answer::Said { status: status @ (401 | 403), document, .. } => {
                Err(Written::unsent(Outcome::Forbidden, sentence(status, &document)))
            }
            Answer::Said { status, document, .. } => Err(Written::unsent(
                Outcome::Failed,
                format!("{object} cannot be read: {}", sentence(status, &document)),
            )),
            Answer::Silence(why) | Answer::Unsent(why) => {
                Err(Written::unsent(Outcome::Failed, format!("{object} cannot be read, and nothing was sent: {why}")))
            }
            Answer::ReadOnly => Err(Written::unsent(Outcome::Refused, READ_ONLY)),
        }
    }

    /// Does a plan: one step after the other, until one does not end well.
    pub async fn perform(&self, plan: &Plan, now: &Now) -> Report {
        let (mut requests, mut messages) = (Vec::new(), Vec::new());
        let mut outcome = Outcome::Done;
        for step in &plan.steps {
            if let Some(wait) = step.not_before.and_then(|moment| (moment - now()).to_std().ok()) {
                tokio::time::sleep(wait.min(limits::ACTION_WAIT)).await;
            }
            let written = self.step(step, now).await;
            requests.extend(written.sent);
            messages.push(written.message);
            outcome = written.outcome;
            if outcome != Outcome::Done {
                break;
            }
        }
        let left = plan.steps.len() - messages.len();
        if left > 0 {
            messages.push(format!("the rest was not done: {}", plan.steps[messages.len()].request()));
        }
        let message = messages.join("; ");
        Report { at: now(), action: plan.action, object: plan.object.clone(), requests, outcome, message }
    }

    async fn step(&self, step: &Step, now: &Now) -> Written {
        let mut sent = Vec::new();
        let mut last = Written::unsent(Outcome::Failed, "");
        for _ in 0..ATTEMPTS {
            let (written, again) = self.once(step, now).await;
            sent.extend(written.sent);
            last = Written { sent: Vec::new(), ..written };
            if !again {
                break;
            }
        }
        Written { sent, ..last }
    }

    /// One attempt, and whether another one makes sense.
    async fn once(&self, step: &Step, now: &Now) -> (Written, bool) {
        let fresh = match self.look(&step.object).await {
            Ok(fresh) => fresh,
            Err(written) => return (written, false),
        };
        let at = now();
        let body = match body(step, &fresh, at) {
            Ok(body) => body,
            Err(objection) => return (objected(step, &objection), false),
        };
        let (method, path) = (step.write.method().as_str(), step.path());
        let answer = self.send(method, &path, Some(&body)).await;
        let mut sent = Sent { verb: method, path, status: None };
        // Nobody looked at a state: the newer one is as good, as long as nothing in it speaks against the write.
        let free = step.seen.is_none_or(|seen| seen.version.is_none());
        match answer {
            Answer::ReadOnly => (Written::unsent(Outcome::Refused, READ_ONLY), false),
            Answer::Said { status, document, .. } if status < 300 => {
                sent.status = Some(status);
                (Written { sent: vec![sent], outcome: Outcome::Done, message: done(step, &document) }, false)
            }
            Answer::Said { status, document, retry_after } if status < 500 => {
                sent.status = Some(status);
                let outcome = refused(step, status, &document);
                let soon = retry_after.is_some_and(|wait| wait <= limits::ACTION_WAIT);
                let again = outcome == Outcome::Conflict && status != 404 && free || status == 429 && soon;
                (Written { sent: vec![sent], outcome, message: sentence(status, &document) }, again)
            }
            Answer::Said { status, document, .. } => {
                sent.status = Some(status);
                let why = sentence(status, &document);
                (self.in_doubt(step, &fresh, &body, sent, &why).await, false)
            }
            Answer::Unsent(why) => {
                let message = format!("it was not sent: {why}");
                (Written { sent: vec![sent], outcome: Outcome::Failed, message }, false)
            }
            Answer::Silence(why) => (self.in_doubt(step, &fresh, &body, sent, &why).await, false),
        }
    }

    /// Whether a write arrived that was not answered: the object tells.
    async fn in_doubt(&self, step: &Step, before: &Value, body: &Body, sent: Sent, why: &str) -> Written {
        let written = |outcome, message: String| Written { sent: vec![sent.clone()], outcome, message };
        let mut reading = doubt::Reading::Unread;
        for wait in [Duration::ZERO, Duration::from_millis(500), Duration::from_secs(1)] {
            tokio::time::sleep(wait).await;
            reading = match self.send("GET", &step.object.path(), None).await {
                Answer::Said { status: 200, document, .. } => doubt::read(step, before, body, Some(&document)),
                Answer::Said { status: 404, .. } => doubt::read(step, before, body, None),
                _ => doubt::Reading::Unread,
            };
            // What has not arrived may still be under way.
            if !matches!(reading, doubt::Reading::Unread | doubt::Reading::Unchanged) {
                break;
            }
        }
        let (outcome, found) = reading.meaning();
        written(outcome, format!("no clear answer ({why}); {found}"))
    }
}

/// Whether a request of an action is allowed.
async fn allowed(client: &kube::Client, right: &Right) -> Result<bool, kube::Error> {
    let (resource, subresource) = right.resource.split_once('/').unwrap_or((&right.resource, ""));
    let attributes = serde_json::json!({
        "group": right.group,
        "resource": resource,
        "subresource": subresource,
        "verb": right.verb,
        "namespace": right.namespace,
        "name": right.name,
    });
    review(client, &attributes).await
}

const READ_ONLY: &str = "read-only: nothing is written";

fn objected(step: &Step, objection: &Objection) -> Written {
    match objection {
        Objection::Already(_) if step.may_be_done => {
            Written::unsent(Outcome::Done, "cert-manager began by itself: nothing was left to do")
        }
        Objection::Already(why) | Objection::Unfit(why) => Written::unsent(Outcome::Refused, why.clone()),
        Objection::Recreated | Objection::Changed => Written::unsent(Outcome::Conflict, objection.text()),
    }
}

fn refused(step: &Step, status: u16, document: &Value) -> Outcome {
    match status {
        401 | 403 => Outcome::Forbidden,
        404 | 409 => Outcome::Conflict,
        // The tests of a patch are its preconditions.
        422 if step.write == Write::Release
            && document["message"].as_str().is_some_and(|message| message.contains("testing value")) =>
        {
            Outcome::Conflict
        }
        _ => Outcome::Failed,
    }
}

fn done(step: &Step, document: &Value) -> String {
    let what = &step.object;
    match &step.write {
        Write::Issue => format!("{what}: a new issuance was asked for"),
        Write::Decide(decision) if decision.approve => format!("{what}: approved"),
        Write::Decide(_) => format!("{what}: denied"),
        Write::Delete if document["kind"] == "Status" => format!("{what}: deleted"),
        Write::Delete => format!("{what}: marked for deletion, it goes when it is cleaned up"),
        Write::Release => format!("{what}: released"),
        Write::Replace(_) => format!("{what}: changed"),
    }
}
