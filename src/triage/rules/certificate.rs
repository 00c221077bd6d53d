//! The Certificate itself: its end, its Secret, its own conditions, and what its verdict says where nothing else does.

use chrono::TimeDelta;

use super::signs::{Depth, Shown, Thing};
use super::{Case, Signs, Situation};
use crate::model::certificate::{Certificate, RenewalPolicy};
use crate::model::issuer::IssuerType;
use crate::model::meta::Time;
use crate::triage::finding::Severity;
use crate::triage::signature::Place;
use crate::triage::stage::Phase;
use crate::triage::verdict::Verdict;
use crate::triage::{after, text_of};

/// Re-issues for one reason within [`LOOP_WINDOW`] that make a loop.
const LOOP_TURNS: u32 = 3;

/// See [`LOOP_TURNS`].
const LOOP_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// How far clocks differ where nobody has to look.
const USUAL_SKEW: TimeDelta = TimeDelta::minutes(1);

pub(super) fn detect<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let certificate = case.certificate();
    ended(certificate, signs);
    begins_later(certificate, signs);
    shared_secret(case, signs);
    duplicate(case, signs);
    turns(case, signs);
    renews_too_early(certificate, signs);
    match case.situation {
        Situation::Calm => {}
        Situation::Idle => {
            if let Some(ready) = certificate.ready.as_ref().filter(|ready| ready.is_false()) {
                let shown = Shown::at(Depth::Certificate, certificate, "Ready", ready.message.as_str());
                signs.text(Place::CertificateReady, case.context(), shown.since(ready.since));
            }
        }
        Situation::Failed => {
            if let Some(issuing) = certificate.issuing().filter(|issuing| issuing.is_false()) {
                let shown = Shown::at(Depth::Certificate, certificate, "Issuing", issuing.message.as_str());
                signs.text(Place::CertificateIssuing, case.context(), shown);
            }
        }
        Situation::InFlight => notes(case, signs),
    }
}

/// Whatever `Ready` says: it stays True on an expired certificate.
fn ended<'m>(certificate: &'m Certificate, signs: &mut Signs<'_, 'm>) {
    let Some(end) = certificate.not_after.filter(|end| signs.passed(Some(*end))) else { return };
    let id = match (certificate.renewal_policy, certificate.is_ready()) {
        (RenewalPolicy::Disabled, _) => "expired-renewal-disabled",
        (_, true) => "ready-but-expired",
        (_, false) => "certificate-expired",
    };
    signs.rule(id, Shown::at(Depth::Certificate, certificate, "status.notAfter", text_of(end)).since(Some(end)));
}

/// It begins in the future by more than clocks usually differ.
fn begins_later<'m>(certificate: &'m Certificate, signs: &mut Signs<'_, 'm>) {
    let Some(begin) = certificate.not_before else { return };
    if !signs.passed(begin.checked_sub_signed(USUAL_SKEW)) {
        let shown = Shown::at(Depth::Certificate, certificate, "status.notBefore", text_of(begin));
        signs.rule("not-yet-valid", shown);
    }
}

/// Two Certificates in one Secret: cert-manager serves the one that the Secret names, else the oldest.
fn shared_secret<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let certificate = case.certificate();
    if certificate.secret_name.is_empty() {
        return;
    }
    let namespace = certificate.meta.namespace.as_str();
    let stored = case.model.certificates_of_secret(namespace, &certificate.secret_name);
    let mut others =
        stored.filter_map(|id| case.model.certificates.get(id)).filter(|c| c.meta.uid != certificate.meta.uid);
    // The oldest comes first.
    let Some(other) = others.next() else { return };
    let named = case.lineage.secret.row().and_then(|secret| secret.certificate_name.as_deref());
    let claim = |c: &Certificate| (named != Some(&*c.meta.name), c.meta.created, c.meta.name.clone());
    let id = if claim(certificate) < claim(other) { "secret-shared" } else { "secret-name-conflict" };
    let shown = Shown::at(Depth::Certificate, certificate, "spec.secretName", &*certificate.secret_name);
    signs.rule(id, shown.since(certificate.meta.created.max(other.meta.created)).fact("other", &*other.meta.name));
}

/// Two Certificates for the same names: each issuance counts against the limits of an ACME authority.
fn duplicate<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let certificate = case.certificate();
    if case.issuer().is_none_or(|issuer| issuer.issuer_type != IssuerType::Acme) {
        return;
    }
    let Some(other) = case.model.asks_the_same(certificate) else { return };
    let names = certificate.dns_names.haystack().replace('\n', ", ");
    let shown = Shown::at(Depth::Certificate, certificate, "spec.dnsNames", names);
    let other_name = format!("{}/{}", other.meta.namespace, other.meta.name);
    let since = certificate.meta.created.max(other.meta.created);
    signs.rule("duplicate-certificates", shown.since(since).fact("other", other_name));
}

/// Issued again and again for a reason that keeps coming back. Renewals on schedule or by hand are no loop.
fn turns<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let certificate = case.certificate();
    if certificate.revision.is_none_or(|revision| revision < LOOP_TURNS) {
        return;
    }
    let usual = |text: &str| {
        text.starts_with("Renewing certificate")
            || text.starts_with("The certificate has been")
            || text.contains("manually triggered")
    };
    let events = case.model.events.about(certificate.meta.uid).filter(|event| &*event.reason == "Issuing");
    for event in events.filter(|event| !usual(event.message.as_str())) {
        // A note that is folded bears its first and last time: the pace is what counts.
        let pace = (event.last - event.first) / i32::try_from(event.count.max(2) - 1).unwrap_or(i32::MAX);
        let over = signs.passed(after(event.last, LOOP_WINDOW));
        if event.count >= LOOP_TURNS && pace * (LOOP_TURNS as i32 - 1) <= LOOP_WINDOW && !over {
            let shown = Shown::at(Depth::Certificate, certificate, "Event Issuing", event.message.as_str());
            signs.rule("renewal-loop", shown.since(Some(event.first)).fact("count", event.count.to_string()));
        }
    }
}

fn renews_too_early<'m>(certificate: &'m Certificate, signs: &mut Signs<'_, 'm>) {
    let (Some(begin), Some(end), Some(renewal)) =
        (certificate.not_before, certificate.not_after, certificate.renewal_time)
    else {
        return;
    };
    if renewal > begin && renewal < end && renewal - begin < (end - begin) / 20 {
        let shown = Shown::at(Depth::Certificate, certificate, "status.renewalTime", text_of(renewal));
        signs.rule("renew-window-too-wide", shown.fact("lifetime", crate::text::span(end - begin)));
    }
}

/// Warnings about the Certificate since this issuance began, while it has no request.
fn notes<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let certificate = case.certificate();
    if case.stage.as_ref().is_none_or(|stage| stage.phase != Phase::Triggered) {
        return;
    }
    let began = certificate.issuing().and_then(|issuing| issuing.since);
    let events = case.model.events.about(certificate.meta.uid);
    for event in events.take_while(|event| Some(event.last) >= began).filter(|event| event.warning) {
        let shown = Shown::at(Depth::Certificate, certificate, "Event", event.message.as_str());
        signs.text(Place::CertificateEvent, case.context(), shown.since(Some(event.first).max(began)));
    }
}

/// What a verdict says by itself.
pub(super) fn of_verdict<'m>(case: &Case<'m>, verdict: Verdict, signs: &mut Signs<'_, 'm>) {
    let certificate = case.certificate();
    let own = |field, moment: Option<Time>| {
        Shown::at(Depth::Certificate, certificate, field, moment.map(text_of).unwrap_or_default()).since(moment)
    };
    match verdict {
        Verdict::Stuck if !signs.has(Severity::Error) => {
            let Some(stage) = &case.stage else { return };
            let object: Thing<'m> = case.thing(&stage.object);
            let mut shown = own("status", Some(stage.since)).fact("took", crate::text::span(case.now - stage.since));
            (shown.object, shown.value) = (object, stage.phase.as_str().into());
            signs.rule("phase-overrun", shown);
        }
        Verdict::Blocked if !signs.has(Severity::Warning) => {
            let message = certificate.ready.as_ref().map_or("", |ready| ready.message.as_str());
            signs.rule("blocked-unexplained", Shown::at(Depth::Certificate, certificate, "Ready", message));
        }
        Verdict::Backoff => {
            signs.rule("issuance-backing-off", own("status.lastFailureTime", certificate.last_failure()));
        }
        Verdict::Overdue => signs.rule("renewal-overdue", own("status.renewalTime", certificate.renewal_time)),
        Verdict::Expiring => {
            signs.rule("certificate-expiring", own("status.notAfter", certificate.not_after).since(None));
        }
        _ => {}
    }
}
