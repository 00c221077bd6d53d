//! The Challenge, whatever its type: its turn, its texts, its end.

use super::signs::{Depth, Shown};
use super::{Case, Sign, Signs};
use crate::model::challenge::Challenge;
use crate::model::meta::{Object as _, Time};
use crate::triage::challenge::{TURN, stage};
use crate::triage::finding::{Evidence, Finding};
use crate::triage::queue;
use crate::triage::signature::{Context, Place};

pub(super) fn detect<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    for (challenge, _) in case.challenges() {
        let context = Context { solver: Some(&challenge.solver), ..case.context() };
        if challenge.meta.deleted.is_some() || challenge.state.is_final() && challenge.processing {
            leaving(case, context, challenge, signs);
        }
        if challenge.meta.deleted.is_some() {
            continue;
        }
        if challenge.state.is_failure() {
            failed(case, context, challenge, signs);
        } else if !challenge.state.is_final() {
            if challenge.processing {
                at_work(case, context, challenge, signs);
            } else {
                waiting(case, challenge, signs);
            }
        }
    }
}

fn at<'m>(challenge: &'m Challenge, field: &'static str, value: &'m str) -> Shown<'m> {
    Shown::at(Depth::Challenge, challenge, field, value)
}

/// The youngest warning with a reason.
fn warning<'m>(case: &Case<'m>, challenge: &Challenge, reason: &str) -> Option<(&'m str, Time)> {
    let event = case.model.events.about(challenge.meta.uid).find(|event| &*event.reason == reason)?;
    Some((event.message.as_str(), event.first))
}

/// What it put up is not taken down.
fn leaving<'m>(case: &Case<'m>, context: Context, challenge: &'m Challenge, signs: &mut Signs<'_, 'm>) {
    let since = challenge.meta.deleted.or(challenge.meta.created);
    if let Some((message, first)) = warning(case, challenge, "CleanUpError") {
        let shown = at(challenge, "Event CleanUpError", message).since(Some(first));
        signs.text(Place::ChallengeEvent, context, shown.clone());
        signs.rule("challenge-cleanup-failing", shown);
    }
    if challenge.meta.deleted.is_some() {
        let held = challenge.finalizers.iter().map(|finalizer| finalizer.as_str()).collect::<Vec<_>>().join(", ");
        let mut shown = at(challenge, "metadata.finalizers", "").since(since);
        shown.value = held.into();
        signs.rule_in_time("challenge-finalizer-stuck", shown);
    }
}

fn failed<'m>(case: &Case<'m>, context: Context, challenge: &'m Challenge, signs: &mut Signs<'_, 'm>) {
    let reason = challenge.reason.as_str();
    let noted = warning(case, challenge, "Failed");
    let since = noted.map(|(_, first)| first);
    let message = noted.map_or("", |(message, _)| message);
    let told = signs.text(Place::ChallengeReason, context, at(challenge, "status.reason", reason).since(since))
        || signs.text(Place::ChallengeEvent, context, at(challenge, "Event Failed", message).since(since));
    if !told {
        let value = if reason.is_empty() { challenge.state.as_str() } else { reason };
        let shown = at(challenge, "status.state", value).since(since.or(challenge.meta.created));
        signs.rule("challenge-failed", shown.fact("state", challenge.state.as_str()));
    }
}

fn at_work<'m>(case: &Case<'m>, context: Context, challenge: &'m Challenge, signs: &mut Signs<'_, 'm>) {
    let since = stage(case.model, challenge).map(|stage| stage.since);
    let reason = challenge.reason.as_str();
    let told = signs.text(Place::ChallengeReason, context, at(challenge, "status.reason", reason).since(since));
    // Until it is put up, the Event says what the status may hide (the words of a provider's library).
    let noted = (!challenge.presented).then(|| warning(case, challenge, "PresentError")).flatten();
    let noted = noted.is_some_and(|(message, _)| {
        signs.text(Place::ChallengeEvent, context, at(challenge, "Event PresentError", message).since(since))
    });
    if !told && !noted && !reason.is_empty() {
        let id = if challenge.presented { "challenge-self-check-failing" } else { "challenge-present-failing" };
        signs
            .rule(id, at(challenge, "status.reason", reason).since(since).fact("reason", reason).fact("inner", reason));
    }
}

fn waiting<'m>(case: &Case<'m>, challenge: &'m Challenge, signs: &mut Signs<'_, 'm>) {
    let stage = stage(case.model, challenge);
    let shown = at(challenge, "status.processing", "false").since(stage.as_ref().map(|stage| stage.since));
    let Some(twin) = queue::twin_at_work(case.model, challenge) else {
        // While the queue moves this is a mere wait: it counts from when the queue ceased to.
        let moved = stage.and_then(|stage| stage.since.checked_add_signed(stage.patience? - TURN));
        signs.rule("challenge-queued", shown.since(moved));
        return;
    };
    // A twin whose clean-up fails will not make room by itself. For a moment every twin is done and still has its slot.
    let whose = case.model.root_of_challenge(twin).and_then(|id| case.model.certificates.get(id));
    let ahead = whose.map(|certificate| format!("{}/{}", certificate.meta.namespace, certificate.meta.name));
    let shown = shown
        .fact("twin", twin.key().to_string())
        .fact("twinName", &*twin.meta.name)
        .fact("twinNamespace", twin.meta.namespace.as_str())
        .fact("ahead", ahead.unwrap_or_else(|| twin.key().to_string()));
    let failing = twin.reason.as_str().starts_with("Error cleaning up challenge");
    // A twin that is over its time makes no room either.
    let hopeless = queue::ends(case.model, twin).filter(|end| signs.passed(Some(*end)));
    match twin.meta.deleted {
        Some(asked) => signs.rule("challenge-blocked-by-twin", shown.since(Some(asked))),
        None if failing => signs.rule("challenge-blocked-by-twin", shown),
        None if hopeless.is_some() => {
            // It does not wait for longer than it is there.
            let since = shown.since.max(hopeless);
            signs.rule("challenge-behind-hopeless-twin", shown.since(since));
        }
        None => signs.rule("challenge-waiting-for-twin", shown),
    }
}

/// Who is ahead in the queue.
pub(super) fn enrich(case: &Case, sign: &Sign, finding: &mut Finding) {
    if !sign.is("challenge-queued") {
        return;
    }
    let (taken, slots) = (case.model.challenges_running(), queue::slots(case.model));
    finding.evidence.push(Evidence {
        object: sign.shown.object.key().into(),
        field: "queue".to_owned(),
        value: match queue::position(case.model, sign.shown.object.meta.uid) {
            Some(position) => format!("{taken} of {slots} slots are taken; place {position}"),
            None => format!("{taken} of {slots} slots are taken"),
        },
    });
}
