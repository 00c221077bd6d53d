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
    // Where something else is known to be wrong, what is not seen follows from it.
    let explains = |finding: &Finding| finding.severity >= Severity::Error || finding.subject == *challenge;
    let behind = || findings.iter().rposition(explains).map_or(0, |last| last + 1);
    let place = place.unwrap_or_else(behind);
    findings.insert(place, specific);
}

/// Findings that say what was seen of a proof and not why. A provider that refuses, a Pod that does not run or a solver
/// without credentials is a reason: no look from outside replaces it.
const SEEN: [(&str, &[&str]); 2] = [
    (
        "dns01",
        &[
            "dns01-not-propagated",
            "dns01-split-horizon",
            "dns01-zone-not-found",
            "dns01-nameserver-failure",
            "dns01-doubled-label",
            "dns01-stale-record",
            "dns01-cname-not-followed",
        ],
    ),
    (
        "http01",
        &[
            "http01-host-not-found",
            "http01-connection-refused",
            "http01-timeout",
            "http01-wrong-status",
            "http01-wrong-body",
            "http01-tls-or-redirect",
            "http01-ipv6-broken",
        ],
    ),
];

/// Whether a finding says what is not seen of a proof, no probe has spoken of it yet, and one could say why.
pub fn would_be_told(finding: &Finding) -> bool {
    let probed = |evidence: &Evidence| matches!(evidence.object, Witness::Probe { .. });
    SEEN.iter().any(|(_, seen)| seen.contains(&finding.family)) && !finding.evidence.iter().any(probed)
}

/// Whether a finding only says that something is not seen, and a probe says why.
fn is_general(family: &str, specific: &str) -> bool {
    let alike = SEEN.iter().any(|(stage, seen)| specific.starts_with(stage) && seen.contains(&family));
    alike || family == "phase-overrun"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kind::Kind;
    use crate::model::symbol::Symbol;

    fn finding(id: &'static str) -> Finding {
        let row = table().id(id).and_then(|id| id.row()).unwrap();
        Finding {
            id: &row.id,
            family: &row.family,
            severity: row.severity,
            confidence: row.confidence,
            title: String::new(),
            cause: String::new(),
            since: None,
            subject: challenge(),
            evidence: Vec::new(),
            wants: Vec::new(),
            remedies: Vec::new(),
            docs: None,
            settle: row.settling(),
        }
    }

    fn challenge() -> ObjectKey {
        ObjectKey { kind: Kind::Challenge, namespace: Symbol::from("edge"), name: Box::from("edge-1") }
    }

    #[test]
    fn a_probe_would_tell_more_where_none_has_spoken() {
        let mut refused = finding("http01-connection-refused");
        assert!(would_be_told(&refused) && would_be_told(&finding("dns01-not-propagated")));
        assert!(!would_be_told(&finding("solver-credentials-missing")));
        let object = Witness::Probe { name: "www".to_owned(), server: "192.0.2.1:80".to_owned() };
        refused.evidence.push(Evidence { object, field: "answer".to_owned(), value: "refused".to_owned() });
        assert!(!would_be_told(&refused));
    }

    #[test]
    fn a_probe_says_why_something_is_not_seen_but_never_replaces_a_reason() {
        let not_there = Verdict::trouble("dns01-not-propagated", "not there".to_owned(), String::new());
        let split = Verdict::trouble("dns01-split-horizon", "a zone of its own".to_owned(), String::new());
        let table = [
            ("dns01-not-propagated", &split, vec!["dns01-split-horizon"]),
            ("phase-overrun", &not_there, vec!["dns01-not-propagated"]),
            ("rfc2136-bad-authentication", &not_there, vec!["rfc2136-bad-authentication", "dns01-not-propagated"]),
            ("solver-credentials-missing", &not_there, vec!["solver-credentials-missing", "dns01-not-propagated"]),
            ("challenge-queued", &not_there, vec!["challenge-queued", "dns01-not-propagated"]),
        ];
        for (known, verdict, wanted) in table {
            let mut findings = vec![finding(known)];
            refine(&mut findings, &challenge(), "_acme-challenge.edge", verdict, Vec::new());
            assert_eq!(findings.iter().map(|finding| finding.id).collect::<Vec<_>>(), wanted);
        }
    }
}
