//! From a Certificate and its chain to what is wrong with it. One file a stage.
//!
//! A rule *detects*: it looks at rows of the model and puts a [`Sign`] on the [`Docket`]. It does so for
//! every Certificate that is judged, so it must be cheap, and it may look only at what the model re-judges a
//! Certificate for (its own chain, its issuer, Certificates of its Secret, Challenges of its names, the controller).
//! What is worth knowing beyond that is looked up by *enriching*, when a person asks.
//!
//! To add a rule:
//!
//! 1. Choose a family of [`FAMILIES`](super::signature::families::FAMILIES) and an id; write its row, without
//!    `pattern`, into a file of `signatures/`: the words, the severity, the seconds it may heal itself in.
//! 2. In the file of its stage, call [`Docket::rule`] with the id where the rows show it. Conclude from absence only
//!    behind `feeds.sees`.
//! 3. If more can be known on demand, add evidence and raise the confidence in `enrich` of the same file.
//! 4. Write a scenario into `tests/scenarios/`, and one in which it must stay silent.
//! 5. `UPDATE=1 cargo test --test triage` writes `docs/findings.md` and the matrix again.

mod case;
mod certificate;
mod challenge;
mod dns01;
pub(super) mod docket;
mod http01;
mod issuer;
pub(super) mod log;
mod order;
mod request;
mod route53;
pub(super) mod surroundings;
pub(super) mod system;
mod words;

pub(super) use self::case::{Case, Situation};
pub(super) use self::docket::{Docket, Sign};

use super::Thresholds;
use super::finding::{Finding, Severity};
use super::verdict::Verdict;
use crate::model::Model;
use crate::model::meta::Time;

/// Everything that is wrong with a Certificate: what explains first.
pub(super) fn signs<'m>(case: &Case<'m>, ahead: &mut Thresholds) -> Vec<Sign<'m>> {
    let mut docket = Docket::new(ahead).over(case.situation == Situation::Failed);
    certificate::detect(case, &mut docket);
    if case.situation != Situation::Calm {
        if case.waits_on_controller() {
            system::detect(case, &mut docket);
        }
        issuer::detect(case, &mut docket);
        request::detect(case, &mut docket);
        order::detect(case, &mut docket);
        challenge::detect(case, &mut docket);
        http01::detect(case, &mut docket);
    }
    issuer::ended(case, &mut docket);
    system::known_bugs(case, &mut docket);
    docket.finish()
}

/// The title of what a Certificate in flight suffers from, though it may still heal itself.
pub(super) fn hint(case: &Case) -> Option<String> {
    let mut ahead = Thresholds::new(case.now);
    let mut docket = Docket::new(&mut ahead).over(true);
    issuer::detect(case, &mut docket);
    request::detect(case, &mut docket);
    order::detect(case, &mut docket);
    challenge::detect(case, &mut docket);
    http01::detect(case, &mut docket);
    let signs = docket.finish();
    let sign = signs.first().filter(|sign| sign.severity >= Severity::Error && !sign.row.general)?;
    Some(docket::title(case, sign))
}

/// What the verdict itself says is wrong, where nothing else does: `stuck` and `blocked` never come without a finding.
pub(super) fn of_verdict<'m>(
    case: &Case<'m>,
    verdict: Verdict,
    signs: Vec<Sign<'m>>,
    ahead: &mut Thresholds,
) -> Vec<Sign<'m>> {
    let mut docket = Docket::with(ahead, signs);
    if verdict == Verdict::Overdue || verdict == Verdict::Blocked && !docket.has(Severity::Warning) {
        system::detect(case, &mut docket);
    }
    certificate::of_verdict(case, verdict, &mut docket);
    docket.finish()
}

/// A sign in full.
pub(super) fn finding(case: &Case, sign: &Sign) -> Finding {
    let mut finding = docket::render(case.model, Some(case), sign);
    issuer::enrich(case, sign, &mut finding);
    order::enrich(case, sign, &mut finding);
    challenge::enrich(case, sign, &mut finding);
    http01::enrich(case, sign, &mut finding);
    dns01::enrich(case, sign, &mut finding);
    route53::enrich(case, sign, &mut finding);
    system::enrich(case, sign, &mut finding);
    surroundings::enrich(case, sign, &mut finding);
    finding
}

/// Which parts of cert-manager are down.
pub(super) fn of_parts(model: &Model, now: Time) -> Vec<Finding> {
    let mut ahead = Thresholds::new(now);
    let mut docket = Docket::new(&mut ahead);
    system::of_model(model, &mut docket);
    docket.finish().iter().map(|sign| docket::render(model, None, sign)).collect()
}

/// What is wrong with cert-manager itself.
pub(super) fn of_system(model: &Model, now: Time) -> Vec<Finding> {
    let mut ahead = Thresholds::new(now);
    let mut docket = Docket::new(&mut ahead);
    system::of_model(model, &mut docket);
    system::orphans(model, &mut docket);
    let found = docket.finish();
    let mut all: Vec<Finding> = found.iter().map(|sign| docket::render(model, None, sign)).collect();
    all.extend(system::watches(model));
    for finding in surroundings::of_system(model) {
        // What a status says was seen; what a look around says comes on top.
        match all.iter_mut().find(|known| known.id == finding.id) {
            Some(known) => known.evidence.extend(finding.evidence),
            None => all.push(finding),
        }
    }
    all
}
