//! From a Certificate and its chain to what is wrong with it. One file a stage.
//!
//! A rule *detects*: it looks at rows of the model and puts a [`Sign`] on the [`Signs`]. It does so for
//! every Certificate that is judged, so it must be cheap, and it may look only at what the model re-judges a
//! Certificate for (its own chain, its issuer, Certificates of its Secret, Challenges of its names, the controller).
//! What is worth knowing beyond that is looked up by *enriching*, when a person asks.
//!
//! To add a rule:
//!
//! 1. Choose a family of [`FAMILIES`](super::signature::families::FAMILIES) and an id; write its row, without
//!    `pattern`, into a file of `signatures/`: the words, the severity, the seconds it may heal itself in.
//! 2. In the file of its stage, call [`Signs::rule`] with the id where the rows show it. Conclude from absence only
//!    behind `feeds.sees`.
//! 3. If more can be known on demand, add evidence and raise the confidence in `enrich` of the same file.
//! 4. Write a scenario into `tests/scenarios/`, and one in which it must stay silent.
//! 5. `UPDATE=1 cargo test --test triage` writes `docs/findings.md` and the matrix again.

mod case;
mod certificate;
mod challenge;
mod dns01;
mod http01;
mod issuer;
pub(super) mod log;
mod order;
mod request;
mod route53;
pub(super) mod signs;
pub(super) mod surroundings;
pub(super) mod system;
mod words;

pub(super) use self::case::{Case, Situation};
pub(super) use self::signs::{Sign, Signs};

use super::Thresholds;
use super::finding::{Finding, Severity};
use super::verdict::Verdict;
use crate::model::Model;
use crate::model::meta::Time;

/// Everything that is wrong with a Certificate: what explains first.
pub(super) fn signs<'m>(case: &Case<'m>, ahead: &mut Thresholds) -> Vec<Sign<'m>> {
    let mut signs = Signs::new(ahead).over(case.situation == Situation::Failed);
    certificate::detect(case, &mut signs);
    if case.situation != Situation::Calm {
        if case.waits_on_controller() {
            system::detect(case, &mut signs);
        }
        issuer::detect(case, &mut signs);
        request::detect(case, &mut signs);
        order::detect(case, &mut signs);
        challenge::detect(case, &mut signs);
        http01::detect(case, &mut signs);
    }
    issuer::ended(case, &mut signs);
    system::known_bugs(case, &mut signs);
    signs.finish()
}

/// The title of what a Certificate in flight suffers from, though it may still heal itself.
pub(super) fn hint(case: &Case) -> Option<String> {
    let mut ahead = Thresholds::new(case.now);
    let mut signs = Signs::new(&mut ahead).over(true);
    issuer::detect(case, &mut signs);
    request::detect(case, &mut signs);
    order::detect(case, &mut signs);
    challenge::detect(case, &mut signs);
    http01::detect(case, &mut signs);
    let signs = signs.finish();
    let sign = signs.first().filter(|sign| sign.severity >= Severity::Error && !sign.row.general)?;
    Some(signs::title(case, sign))
}

/// What the verdict itself says is wrong, where nothing else does: `stuck` and `blocked` never come without a finding.
pub(super) fn of_verdict<'m>(
    case: &Case<'m>,
    verdict: Verdict,
    signs: Vec<Sign<'m>>,
    ahead: &mut Thresholds,
) -> Vec<Sign<'m>> {
    let mut signs = Signs::with(ahead, signs);
    if verdict == Verdict::Overdue || verdict == Verdict::Blocked && !signs.has(Severity::Warning) {
        system::detect(case, &mut signs);
    }
    certificate::of_verdict(case, verdict, &mut signs);
    signs.finish()
}

/// A sign in full.
pub(super) fn finding(case: &Case, sign: &Sign) -> Finding {
    let mut finding = signs::render(case.model, Some(case), sign);
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
    let mut signs = Signs::new(&mut ahead);
    system::of_model(model, &mut signs);
    signs.finish().iter().map(|sign| signs::render(model, None, sign)).collect()
}

/// What is wrong with cert-manager itself.
pub(super) fn of_system(model: &Model, now: Time) -> Vec<Finding> {
    let mut ahead = Thresholds::new(now);
    let mut signs = Signs::new(&mut ahead);
    system::of_model(model, &mut signs);
    system::orphans(model, &mut signs);
    let found = signs.finish();
    let mut all: Vec<Finding> = found.iter().map(|sign| signs::render(model, None, sign)).collect();
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
