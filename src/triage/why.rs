//! The reason in a few words: what the column WHY says.

use chrono::TimeDelta;

use super::Diagnosis;
use super::finding::Severity;
use super::stage::Phase;
use super::verdict::Verdict;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::condition::Condition;
use crate::model::id::Id;
use crate::model::kind::Kind;
use crate::model::lineage::{Attempt, Lineage, Role, Step};
use crate::model::meta::Time;
use crate::model::order::AcmeState;

/// Why a Certificate has its verdict: the title of the finding that explains it; where there is none, what the deepest
/// object says.
pub fn why(model: &Model, id: Id<Certificate>, diagnosis: &Diagnosis) -> String {
    title(model, id, diagnosis).or_else(|| hint(model, id, diagnosis)).unwrap_or_else(|| told(model, id, diagnosis))
}

/// The title of the first finding, unless it is a mere echo or the Certificate is well.
fn title(model: &Model, id: Id<Certificate>, diagnosis: &Diagnosis) -> Option<String> {
    let first = diagnosis.first?;
    // A diagnosis is the same until it ends: the last moment before that is as good as any.
    let end = diagnosis.valid_until.unwrap_or(Time::MAX_UTC);
    let (case, _, signs) = super::examine(model, id, end - TimeDelta::nanoseconds(1))?;
    let sign = signs.iter().find(|sign| sign.id == first)?;
    let mild = sign.severity == Severity::Info;
    let hidden = mild && (sign.row.general || diagnosis.verdict == Verdict::Ok);
    (!hidden).then(|| super::rules::signs::title(&case, sign))
}

/// What may still heal itself, in the words that it has when it does not: a raw text changes with every attempt.
fn hint(model: &Model, id: Id<Certificate>, diagnosis: &Diagnosis) -> Option<String> {
    if diagnosis.verdict != Verdict::Issuing {
        return None;
    }
    let end = diagnosis.valid_until.unwrap_or(Time::MAX_UTC);
    super::rules::hint(&super::rules::Case::new(model, model.lineage(id)?, end - TimeDelta::nanoseconds(1)))
}

fn told(model: &Model, id: Id<Certificate>, diagnosis: &Diagnosis) -> String {
    let Some(lineage) = model.lineage(id) else { return String::new() };
    let certificate = lineage.certificate;
    match diagnosis.verdict {
        Verdict::Ok | Verdict::Expiring if !certificate.is_ready() => "too young to tell".to_owned(),
        Verdict::Ok => String::new(),
        Verdict::Expired if certificate.is_ready() => "it ended, though Ready says True".to_owned(),
        Verdict::Expired => {
            diagnosis.phase.map_or_else(|| last_word(&lineage), |phase| format!("it ended; renewal is {phase}"))
        }
        Verdict::Stuck | Verdict::Issuing => in_flight(model, &lineage, diagnosis.phase),
        Verdict::Backoff => last_word(&lineage),
        Verdict::Blocked => blocked(model, id, &lineage),
        Verdict::Overdue if certificate.last_failure().is_some() => "the next attempt never began".to_owned(),
        Verdict::Overdue => "the renewal never began".to_owned(),
        Verdict::Expiring => "no renewal will come before its end".to_owned(),
        Verdict::Unknown => "CertificateRequests may not be read".to_owned(),
    }
}

fn in_flight(model: &Model, lineage: &Lineage, phase: Option<Phase>) -> String {
    let Some(phase) = phase else { return unseen(model, lineage) };
    let Some(attempt) = super::live_request(lineage) else { return phase.to_string() };
    let done = attempt.challenges.iter().filter(|(c, _)| c.state == AcmeState::Valid).count();
    let of = attempt.challenges.len();
    let progress = if of > 1 { format!("{phase}, {done} of {of} names") } else { phase.to_string() };
    match phase {
        Phase::Signing | Phase::Ordering if lineage.issuer == Step::Absent => {
            format!("there is no {} {}", lineage.certificate.issuer.kind, lineage.certificate.issuer.name)
        }
        Phase::Ordering => issuer_trouble(lineage).unwrap_or_else(|| "ordering: the Order is being made".to_owned()),
        Phase::Signing => issuer_trouble(lineage).unwrap_or_else(|| {
            let pending = attempt.request.ready.as_ref().filter(|c| c.is_false());
            pending.map_or_else(|| progress.clone(), |c| detail(&progress, c.message.as_str()))
        }),
        Phase::AwaitingApproval => "waits for an approval".to_owned(),
        Phase::Presenting | Phase::Propagating | Phase::Validating => {
            let open = attempt
                .challenges
                .iter()
                .map(|(c, _)| *c)
                .find(|c| !c.state.is_final() && !c.reason.as_str().is_empty());
            open.map_or_else(|| progress.clone(), |challenge| detail(&progress, challenge.reason.as_str()))
        }
        _ => progress,
    }
}

/// Why the issuer cannot sign, from the issuer itself: the request only says that it is not ready.
fn issuer_trouble(lineage: &Lineage) -> Option<String> {
    let issuer = lineage.issuer.row()?;
    let trouble = issuer.ready.as_ref().filter(|c| !c.is_true())?;
    Some(detail("the issuer is not ready", trouble.message.as_str()))
}

/// The phase, and what the object says of it.
fn detail(progress: &str, text: &str) -> String {
    let tail = essence(text);
    if tail.is_empty() { progress } else { tail }.to_owned()
}

fn unseen(model: &Model, lineage: &Lineage) -> String {
    let namespace = lineage.certificate.meta.namespace.as_str();
    let missing = [Kind::CertificateRequest, Kind::Order, Kind::Challenge]
        .into_iter()
        .find(|kind| !model.feeds.sees(*kind, namespace));
    missing.map_or_else(|| "in flight".to_owned(), |kind| format!("in flight; {}s cannot be seen", kind.name()))
}

/// What the last attempt left behind, from the deepest object upward.
fn last_word(lineage: &Lineage) -> String {
    let attempt = lineage.attempts.iter().find(|attempt| attempt.role == Role::Next);
    attempt
        .and_then(of_attempt)
        .or_else(|| lineage.certificate.issuing().map(|c| essence(c.message.as_str()).to_owned()))
        .unwrap_or_else(|| "the last attempt failed".to_owned())
}

fn of_attempt(attempt: &Attempt) -> Option<String> {
    let challenge =
        attempt.challenges.iter().map(|(c, _)| *c).find(|c| c.state.is_failure() && !c.reason.as_str().is_empty());
    let order = attempt.order().filter(|order| order.state.is_failure() && !order.reason.as_str().is_empty());
    let denied = attempt.request.denial().or_else(|| attempt.request.invalidity());
    let failed = attempt.request.ready.as_ref().filter(|c| c.is_false());
    let text = |c: &Condition| c.message.as_str().to_owned();
    challenge
        .map(|c| essence(c.reason.as_str()).to_owned())
        .or_else(|| order.map(|order| essence(order.reason.as_str()).to_owned()))
        .or_else(|| denied.map(|c| format!("denied: {}", text(c))))
        .or_else(|| failed.map(|c| essence(c.message.as_str()).to_owned()))
}

/// What cert-manager writes before the cause: it says nothing that the object's kind and state do not.
const PREAMBLES: [&str; 9] = [
    "The certificate request has failed to complete and will be retried: ",
    "Accepting challenge authorization failed: ",
    "Error accepting authorization: ",
    "Failed to create Order: ",
    "Error getting keypair for CA issuer: ",
    "Error initializing issuer: ",
    "Error cleaning up challenge: ",
    "Waiting for HTTP-01 challenge propagation: ",
    "Waiting for DNS-01 challenge propagation: ",
];

/// A text of cert-manager without its preambles: the end of a chain of `…: …: …` names the cause.
///
/// ```
/// use cmtop::triage::why::essence;
/// let text = "Error accepting authorization: acme: authorization error for a.test: 403 \
///             urn:ietf:params:acme:error:unauthorized: No TXT records found";
/// assert_eq!(essence(text), "unauthorized: No TXT records found");
/// ```
pub fn essence(text: &str) -> &str {
    let mut rest = text;
    while let Some(tail) = PREAMBLES.iter().find_map(|preamble| rest.strip_prefix(preamble)) {
        rest = tail;
    }
    // `Failed to wait for order resource "…" to become ready: order is in "errored" state: …`
    let of_order = rest.strip_prefix("Failed to wait for order resource ").and_then(|tail| tail.split_once(" state: "));
    match of_order {
        Some((_, cause)) => essence(cause),
        None => problem(rest).unwrap_or(rest),
    }
}

/// The type and detail of an ACME problem: `acme: authorization error for NAME: 403 urn:…:error:unauthorized: …`.
fn problem(text: &str) -> Option<&str> {
    let of_name = text.strip_prefix("acme: authorization error for ").and_then(|tail| tail.split_once(": "));
    let (code, problem) = of_name.map_or(text, |(_, tail)| tail).split_once(" urn:ietf:params:acme:error:")?;
    code.bytes().all(|b| b.is_ascii_digit()).then_some(problem)
}

fn blocked(model: &Model, id: Id<Certificate>, lineage: &Lineage) -> String {
    let certificate = lineage.certificate;
    // As cert-manager has it: the Secret belongs to the Certificate that it names, else to the oldest.
    let named = lineage.secret.row().and_then(|secret| secret.certificate_name.as_ref());
    let owner = model
        .certificates_of_secret(&certificate.meta.namespace, &certificate.secret_name)
        .filter_map(|id| Some((id, &model.certificates.get(id)?.meta)))
        .min_by_key(|(_, meta)| (named.is_none_or(|named| **named != *meta.name), meta.created, &meta.name, meta.uid));
    match (owner, &certificate.ready) {
        (Some((owner, meta)), _) if owner != id => format!("its Secret belongs to {}", meta.name),
        (_, Some(ready)) if !ready.message.as_str().is_empty() => ready.message.as_str().to_owned(),
        _ => "nothing would start an issuance".to_owned(),
    }
}
