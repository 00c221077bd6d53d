//! [`Usual`]: how long issuances usually take, so that a long one can be told from one that never took so long.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::Attempt;
use crate::model::Model;
use crate::model::certificate::{Certificate, IssuerRef};
use crate::model::history::Mark;
use crate::model::id::Id;
use crate::triage::stage::Phase;

/// Issuances that are looked at to learn how long a stage usually takes.
const SAMPLES: usize = 256;

/// How long something usually takes: the middle of what is known, and the longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Half of them took less.
    pub median: TimeDelta,
    /// None took longer.
    pub longest: TimeDelta,
    /// How many are known.
    pub count: usize,
}

/// How long the issuances of one issuer usually take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usual {
    /// From the request to the signed certificate: from the requests that are still there.
    pub whole: Option<Length>,
    /// Each stage: from what was watched.
    pub stages: BTreeMap<Phase, Length>,
}

/// How long the issuances of a Certificate's issuer usually take. Looks at all requests: asked for when a page opens.
pub fn usual(model: &Model, id: Id<Certificate>) -> Usual {
    let Some(certificate) = model.certificates.get(id) else { return Usual::default() };
    let (issuer, namespace) = (&certificate.issuer, &certificate.meta.namespace);
    let is_same = |other: &IssuerRef, there: &str| {
        same(other, issuer) && (there == &**namespace || issuer.kind.as_str() == "ClusterIssuer")
    };
    let whole = model.requests.iter().map(|(_, request)| request).filter(|r| is_same(&r.issuer, &r.meta.namespace));
    let whole = whole.filter_map(|request| {
        let ready = request.ready.as_ref().filter(|ready| ready.is_true())?.since?;
        Some(ready - request.meta.created?)
    });
    let mut stages: BTreeMap<Phase, Vec<TimeDelta>> = BTreeMap::new();
    let watched = model.history.courses().filter(|course| is_same(&course.issuer, &course.object.namespace));
    let certificates: std::collections::BTreeSet<_> = watched
        .filter(|course| course.when(Mark::Ready).is_some())
        .filter_map(|course| model.certificates.by_uid(course.owner?))
        .take(SAMPLES)
        .collect();
    for attempt in certificates.into_iter().flat_map(|id| super::attempts(model, id)) {
        learn(&attempt, &mut stages);
    }
    Usual {
        whole: length(whole.filter(|length| *length >= TimeDelta::zero()).collect()),
        stages: stages.into_iter().filter_map(|(phase, lengths)| Some((phase, length(lengths)?))).collect(),
    }
}

/// What a finished attempt teaches of its stages.
fn learn(attempt: &Attempt, stages: &mut BTreeMap<Phase, Vec<TimeDelta>>) {
    if attempt.outcome != super::Outcome::Issued {
        return;
    }
    for span in &attempt.stages {
        if let Some(end) = span.end.filter(|_| span.is_seen()) {
            stages.entry(span.phase).or_default().push(end.at - span.begin.at);
        }
    }
}

fn same(a: &IssuerRef, b: &IssuerRef) -> bool {
    a.name == b.name && a.known_kind() == b.known_kind() && a.group == b.group
}

fn length(mut lengths: Vec<TimeDelta>) -> Option<Length> {
    lengths.sort_unstable();
    Some(Length { median: *lengths.get(lengths.len() / 2)?, longest: *lengths.last()?, count: lengths.len() })
}
