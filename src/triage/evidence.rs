//! What probes saw, as findings: where they saw why, the general finding becomes the specific one.

use super::finding::{Confidence, Evidence, Finding, Remedy, Severity, Witness};
use super::signature::table;
use crate::model::id::ObjectKey;
use crate::probe::verdict::{Standing, Verdict};

/// Lets a probe's verdict about a Challenge speak for the findings about it. `rows` is what each server said of `name`.
pub fn refine(
    findings: &mut Vec<Finding>,
    challenge: &ObjectKey,
    name: &str,
    verdict: &Verdict,
    rows: Vec<(String, String)>,
) {
    if verdict.standing != Standing::Trouble {
        return;
    }
    let Some(row) = verdict.family.and_then(|family| table().id(family)?.row()) else { return };
    let about = |finding: &Finding| finding.subject == *challenge && is_general(finding.family, &row.family);
    let place = findings.iter().position(about);
    let general = place.map(|place| findings.remove(place));
    let seen = rows.into_iter().map(|(server, answer)| Evidence {
        object: Witness::Probe { name: name.to_owned(), server },
        field: "answer".to_owned(),
        value: answer,
    });
    // What was just seen says more than what was written down before.
    let known = general.iter().flat_map(|finding| finding.evidence.clone());
    let evidence = seen.chain(known).collect();
    let mended = verdict.remedies.iter().map(|remedy| Remedy {
        text: remedy.text.clone(),
        command: remedy.command.clone(),
        action: None,
    });
    let specific = Finding {
        id: &row.id,
        family: &row.family,
        severity: general
            .as_ref()
            .map_or(row.severity, |finding| finding.severity.max(row.severity))
            .max(Severity::Info),
        confidence: Confidence::High,
        title: verdict.title.clone(),
        cause: verdict.cause.clone(),
        since: general.as_ref().and_then(|finding| finding.since),
        subject: challenge.clone(),
        evidence,
        wants: Vec::new(),
        remedies: mended.collect(),
        docs: row.docs.as_deref(),
        settle: row.settling(),
    };
    findings.insert(place.unwrap_or(0), specific);
}

/// Whether a finding only says that something is not seen, and a probe says why.
fn is_general(family: &str, specific: &str) -> bool {
    let stage = |family: &str| family.split('-').next().map(str::to_owned);
    stage(family) == stage(specific) || family == "phase-overrun"
}
