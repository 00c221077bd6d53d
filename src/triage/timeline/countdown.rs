//! [`Wait`]: what is waited for, and until when, where anything says so.
//!
//! **Invariant:** a moment comes from a stamp, a documented period or a text that names it. Nothing is guessed: a check
//! that is repeated says how often, not when next.

use chrono::{NaiveDateTime, TimeDelta};

use crate::model::Model;
use crate::model::certificate::{Certificate, RenewalPolicy};
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::triage::backoff::{Backoff, go_duration};
use crate::triage::stage::Phase;
use crate::triage::{after, stage};

/// Something that is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// What, in a few words.
    pub what: String,
    /// Until when.
    pub until: Until,
    /// What says so.
    pub because: &'static str,
}

/// Until when something is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Until a moment.
    Moment(Time),
    /// It is tried again and again, this often.
    Every(TimeDelta),
}

/// Everything that a Certificate waits for, what comes first first.
pub fn waits(model: &Model, id: Id<Certificate>, now: Time) -> Vec<Wait> {
    let Some(certificate) = model.certificates.get(id) else { return Vec::new() };
    let mut waits = Vec::new();
    let mut moment = |what: &str, at: Option<Time>, because| {
        if let Some(at) = at.filter(|at| *at > now) {
            waits.push(Wait { what: what.to_owned(), until: Until::Moment(at), because });
        }
    };
    let running = stage(model, id);
    if running.is_none() {
        let failed = certificate.last_failure();
        let next = failed.and_then(|failed| Backoff::of(model).next(failed, certificate.failed_attempts()));
        moment("next attempt", next, "lastFailureTime and the controller's backoff");
    }
    if certificate.renewal_policy == RenewalPolicy::Enabled {
        moment("renewal", certificate.renewal_time, renewal_source(certificate));
        if let Some(ari) = certificate.renewal.as_ref().and_then(|renewal| renewal.ari.as_ref()) {
            match ari.window {
                Some((start, _)) if start > now => {
                    moment("the authority's window for it", Some(start), "status.acme.ari.suggestedWindow");
                }
                Some((_, end)) => {
                    moment("the end of the authority's window for it", Some(end), "status.acme.ari.suggestedWindow");
                }
                None => {}
            }
            moment("the next look at that window", ari.next_check, "status.acme.ari.nextCheck");
        }
    }
    moment("expiry", certificate.not_after, "status.notAfter");
    if let Some(stage) = &running {
        let patience = stage.patience.and_then(|patience| after(stage.since, patience));
        moment("longer than it should take", patience, "the patience of the stage");
    }
    of_texts(model, id, now, &mut waits);
    if running.is_some_and(|stage| stage.phase == Phase::Propagating) {
        let every = TimeDelta::seconds(10);
        waits.push(Wait {
            what: "self check".to_owned(),
            until: Until::Every(every),
            because: "--dns01-check-retry-period, 10 s unless it was changed",
        });
    }
    waits.sort_by_key(|wait| match wait.until {
        Until::Moment(at) => (false, Some(at)),
        Until::Every(_) => (true, None),
    });
    waits
}

/// What the moment of the renewal rests on. A window says when a renewal may begin, not when it will: the moment is
/// always the one that cert-manager wrote.
fn renewal_source(certificate: &Certificate) -> &'static str {
    let Some(renewal) = &certificate.renewal else { return "status.renewalTime" };
    let within = |(start, end): (Time, Time)| certificate.renewal_time.is_some_and(|at| start <= at && at <= end);
    match (renewal.ari.as_ref().and_then(|ari| ari.window).is_some_and(within), renewal.windows.is_empty()) {
        (true, true) => "status.renewalTime, in the authority's window",
        (true, false) => "status.renewalTime, in the authority's window and by spec.renewal.windows",
        (false, false) => "status.renewalTime, by spec.renewal.windows",
        (false, true) => "status.renewalTime",
    }
}

/// What texts of the chain name: a moment to retry after, a wait before a Challenge is accepted.
fn of_texts(model: &Model, id: Id<Certificate>, now: Time, waits: &mut Vec<Wait>) {
    let Some(lineage) = model.lineage(id) else { return };
    let newest = lineage.next().or_else(|| lineage.current());
    if let Some(attempt) = newest {
        let ready = attempt.request.ready.as_ref().map(|ready| ready.message.as_str());
        let orders = attempt.orders.iter().map(|order| order.reason.as_str());
        let challenges = attempt.challenges.iter().map(|(challenge, _)| challenge.reason.as_str());
        let named = ready.into_iter().chain(orders).chain(challenges).filter_map(retry_after).filter(|at| *at > now);
        waits.extend(named.map(|at| Wait {
            what: "the authority's limit".to_owned(),
            until: Until::Moment(at),
            because: "its message names the moment",
        }));
        for (challenge, _) in &attempt.challenges {
            let settle = challenge.presented_at.zip(accept_after(challenge.reason.as_str()));
            let until = settle.and_then(|(at, wait)| after(at, wait)).filter(|until| *until > now);
            waits.extend(until.map(|until| Wait {
                what: "accepting the Challenge without a self check".to_owned(),
                until: Until::Moment(until),
                because: "its reason names the wait, from status.presentedAt",
            }));
        }
    }
    waits.dedup();
}

/// The moment that a text asks to be left alone until: `retry after 2024-05-01 12:34:56 UTC`.
fn retry_after(text: &str) -> Option<Time> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("retry after ")? + "retry after ".len();
    let rest = text.get(at..)?;
    let plain = rest.get(..19)?;
    let formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];
    formats.iter().find_map(|format| NaiveDateTime::parse_from_str(plain, format).ok()).map(|at| at.and_utc())
}

/// How long a Challenge is left before it is accepted: `Waiting 1m0s before accepting DNS-01 challenge without self-check`.
fn accept_after(reason: &str) -> Option<TimeDelta> {
    let (length, _) = reason.strip_prefix("Waiting ")?.split_once(" before accepting ")?;
    go_duration(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_names_a_moment_is_a_countdown() {
        let at = |text: &str| text.parse::<Time>().ok();
        for (text, expected) in [
            ("too many certificates: retry after 2024-05-01 12:34:56 UTC: see https://…", "2024-05-01T12:34:56Z"),
            ("429: Retry after 2024-05-01T12:34:56Z", "2024-05-01T12:34:56Z"),
        ] {
            assert_eq!(retry_after(text), at(expected), "{text}");
        }
        for text in ["retry after a while", "retry after 2024-05-01", "", "try again: retry after "] {
            assert_eq!(retry_after(text), None, "{text}");
        }
        let reason = "Waiting 1m0s before accepting DNS-01 challenge without self-check";
        assert_eq!(accept_after(reason), Some(TimeDelta::minutes(1)));
        assert_eq!(accept_after("Waiting for DNS-01 challenge propagation"), None);
    }
}
