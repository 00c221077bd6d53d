//! The logs of cert-manager, where they may be followed: what they say of the chain, as evidence. They are read only when
//! a person asks; a verdict never rests on them, because most people may not read them.

use super::docket::{Depth, Shown, render};
use super::{Case, Sign};
use crate::limits;
use crate::model::id::ObjectKey;
use crate::model::logs::LogLine;
use crate::model::meta::Object as _;
use crate::triage::finding::{Evidence, Finding, Severity, Witness};
use crate::triage::signature::{Context, RowId, table};

/// Lines that a finding quotes.
const QUOTED: usize = 3;

/// Adds what the logs say of the chain since its issuance began. Where all that is known only passes on a trouble, a line
/// that names it comes first.
pub(super) fn hear(case: &Case, findings: &mut Vec<Finding>) {
    if case.model.logs.is_empty() || findings.is_empty() {
        return;
    }
    let chain = chain(case);
    let mut quoted: Vec<&LogLine> = Vec::new();
    for line in case.model.logs.lines().rev().take(limits::LOG_LOOK).filter(|line| line.is_trouble()) {
        let told = quoted.iter().any(|known| text(known) == text(line));
        if !told && since(case).is_none_or(|since| line.at >= since) && subject(&chain, line).is_some() && !quiet(line)
        {
            quoted.push(line);
        }
        if quoted.len() == QUOTED {
            break;
        }
    }
    if let Some(finding) = quoted.iter().find_map(|line| named(case, &chain, line, findings)) {
        findings.insert(0, finding);
    }
    for line in quoted {
        let subject = subject(&chain, line);
        let place = findings.iter().position(|finding| Some(&finding.subject) == subject).unwrap_or(0);
        let Some(finding) = findings.get_mut(place) else { continue };
        let evidence = evidence(line);
        if explained(case, line).is_some_and(|id| id.row().is_some_and(|row| *row.family == *finding.family)) {
            finding.confidence = finding.confidence.raised();
        }
        if !finding.evidence.contains(&evidence) {
            finding.evidence.push(evidence);
        }
    }
}

/// The objects that the attempt in question is made of.
fn chain(case: &Case) -> Vec<ObjectKey> {
    let attempt = case.attempt();
    let order = attempt.and_then(|attempt| attempt.order());
    let mut chain: Vec<ObjectKey> = case.challenges().map(|(challenge, _)| challenge.key()).collect();
    chain.extend(order.map(|order| order.key()));
    chain.extend(attempt.map(|attempt| attempt.request.key()));
    chain.push(case.certificate().key());
    chain
}

/// When the attempt in question began.
fn since(case: &Case) -> Option<crate::model::meta::Time> {
    let issuing = case.certificate().issuing().filter(|issuing| issuing.is_true()).and_then(|issuing| issuing.since);
    issuing.or_else(|| case.attempt()?.request.meta.created)
}

/// The object of the chain that a line names.
fn subject<'c>(chain: &'c [ObjectKey], line: &LogLine) -> Option<&'c ObjectKey> {
    chain.iter().find(|key| {
        line.mentions.iter().any(|mention| {
            mention.namespace == key.namespace
                && *mention.name == *key.name
                && mention.kind.is_none_or(|kind| kind == key.kind)
        })
    })
}

fn text(line: &LogLine) -> &str {
    if line.error.is_empty() { &line.message } else { &line.error }
}

/// What cert-manager tries again by itself at once: a conflict of writers is not an error.
fn quiet(line: &LogLine) -> bool {
    let known = || table().explain(&line.text).into_iter().filter_map(RowId::row);
    known().next().is_some() && known().all(|row| row.severity == Severity::Info)
}

/// The narrowest row that a line fits.
fn explained(case: &Case, line: &LogLine) -> Option<RowId> {
    let context = |solver| Context { solver, ..case.context() };
    let solvers = || case.challenges().map(|(challenge, _)| Some(&*challenge.solver));
    let fits = |id: &RowId| {
        id.row().is_some_and(|row| {
            !row.general
                && row.severity >= Severity::Warning
                && (row.fits(context(None)) && row.solvers.is_empty() || solvers().any(|s| row.fits(context(s))))
        })
    };
    table().explain(text(line)).into_iter().find(fits)
}

/// The finding that a line names, where the ones so far do not say why.
fn named(case: &Case, chain: &[ObjectKey], line: &LogLine, findings: &[Finding]) -> Option<Finding> {
    let general = |finding: &Finding| table().id(finding.id).and_then(RowId::row).is_some_and(|row| row.general);
    if !findings.iter().all(general) {
        return None;
    }
    let id = explained(case, line)?;
    let row = id.row()?;
    let known = findings.iter().position(|finding| Some(&finding.subject) == subject(chain, line)).unwrap_or(0);
    let object = case.thing(&subject(chain, line)?.clone());
    let mut shown = Shown::at(Depth::Certificate, case.certificate(), "log", text(line)).since(Some(line.at));
    shown.object = object;
    let mut finding = render(case.model, Some(case), &Sign { id, row, severity: row.severity, shown });
    finding.since = findings.get(known).and_then(|finding| finding.since).or(finding.since);
    finding.evidence = vec![evidence(line)];
    Some(finding)
}

fn evidence(line: &LogLine) -> Evidence {
    Evidence {
        object: Witness::Log(line.voice.clone()),
        field: line.voice.container.to_string(),
        value: if line.error.is_empty() {
            line.message.to_string()
        } else {
            format!("{}: {}", line.message, line.error)
        },
    }
}
