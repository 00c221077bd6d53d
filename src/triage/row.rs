//! [`Row`]: one Certificate as a row of the table, in the words that the dashboard and `cmtop status` share.

use std::cmp::Ordering;

use super::verdict::Verdict;
use super::{Diagnosis, why};
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::text::span;

/// What stands where there is nothing to say.
pub const NOTHING: &str = "–";

/// One Certificate as a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'m> {
    /// The Certificate.
    pub certificate: &'m Certificate,
    /// What is to be said of it.
    pub diagnosis: Diagnosis,
    /// The reason, in a few words; may be empty.
    pub why: String,
}

impl<'m> Row<'m> {
    /// The row of a Certificate that was judged. `None` when it is gone.
    pub fn of(model: &'m Model, id: Id<Certificate>, diagnosis: Diagnosis) -> Option<Self> {
        Some(Self { certificate: model.certificates.get(id)?, diagnosis, why: why::why(model, id, &diagnosis) })
    }

    /// The verdict, and for how long it has been stuck: `stuck 12m`.
    pub fn verdict(&self, now: Time) -> String {
        match (self.diagnosis.verdict, self.diagnosis.since) {
            (Verdict::Stuck, Some(since)) => format!("{} {}", Verdict::Stuck, span(now - since)),
            (verdict, _) => verdict.to_string(),
        }
    }

    /// How old the Certificate is: `6d 02h`.
    pub fn age(&self, now: Time) -> String {
        self.certificate.meta.created.map_or_else(nothing, |created| span(now - created))
    }

    /// How long its certificate is still good: `6d 02h`, `−2d 03h` when it ended, `none` when there is none.
    pub fn expires(&self, now: Time) -> String {
        match self.certificate.not_after {
            None => "none".to_owned(),
            Some(end) if end <= now => format!("−{}", span(now - end)),
            Some(end) => span(end - now),
        }
    }

    /// When something happens by itself: the renewal, or the next attempt after a failure.
    pub fn next(&self) -> Option<Time> {
        match self.diagnosis.verdict {
            Verdict::Backoff => self.diagnosis.next_attempt,
            Verdict::Overdue => self.diagnosis.since,
            Verdict::Ok => self.certificate.renewal_time,
            _ => None,
        }
    }

    /// The same as a countdown: `in 59d`, `now`.
    pub fn next_in(&self, now: Time) -> String {
        match self.next() {
            None => nothing(),
            Some(at) if at <= now => "now".to_owned(),
            Some(at) => format!("in {}", span(at - now)),
        }
    }

    /// The order of need: by verdict, then by what runs out first (no certificate counts as run out), then by
    /// namespace and name.
    pub fn by_need(&self, other: &Self) -> Ordering {
        let (a, b) = (self.certificate, other.certificate);
        (self.diagnosis.verdict, a.not_after, &a.meta.namespace, &a.meta.name).cmp(&(
            other.diagnosis.verdict,
            b.not_after,
            &b.meta.namespace,
            &b.meta.name,
        ))
    }
}

fn nothing() -> String {
    NOTHING.to_owned()
}
