//! The logs of cert-manager, where they may be followed: what they say of the chain, as evidence. They are read only when
//! a person asks; a verdict never rests on them, because most people may not read them.

use super::signs::{Depth, Shown, render};
use super::{Case, Sign};
use crate::limits;
use crate::model::id::ObjectKey;
use crate::model::logs::LogLine;
use crate::model::meta::Object as _;
use crate::triage::finding::{Evidence, Finding, Severity, Witness};
use crate::triage::signature::{Context, RowId, table};

/// Lines that a finding quotes.
const QUOTED: usize = 3;

/// A line that says something about the chain.
struct Quote<'m> {
    line: &'m LogLine,
    /// The object of the chain that it names.
    subject: ObjectKey,
    /// The narrowest row that it fits.
    row: Option<RowId>,
}

/// Adds what the logs say of the chain since its issuance began. Where all that is known only passes on a trouble, a line
/// that names it comes first.
pub(in crate::triage) fn hear(case: &Case, findings: &mut Vec<Finding>) {
    if findings.is_empty() {
        return;
    }
    let quotes = quotes(case);
    let general = |finding: &Finding| table().id(finding.id).and_then(RowId::row).is_some_and(|row| row.general);
    if findings.iter().all(general)
        && let Some(finding) = quotes.iter().find_map(|quote| named(case, quote, findings))
    {
        findings.insert(0, finding);
    }
    for Quote { line, subject, row } in quotes {
        let place = place(findings, &subject);
        let Some(finding) = findings.get_mut(place) else { continue };
        let evidence = evidence(line);
        if row.and_then(RowId::row).is_some_and(|row| *row.family == *finding.family) {
            finding.confidence = finding.confidence.raised();
        }
        if !finding.evidence.contains(&evidence) {
            finding.evidence.push(evidence);
        }
    }
}

/// The youngest lines about the chain that tell of trouble, each text once.
fn quotes<'m>(case: &Case<'m>) -> Vec<Quote<'m>> {
    let (chain, since) = (chain(case), since(case));
    let mut quotes: Vec<Quote> = Vec::new();
    for line in case.model.logs.lines().rev().take(limits::LOG_LOOK).filter(|line| line.is_trouble()) {
        let told = quotes.iter().any(|known| text(known.line) == text(line));
        if told || since.is_some_and(|since| line.at < since) {
            continue;
        }
        let Some(subject) = subject(&chain, line).filter(|_| !quiet(line)) else { continue };
        quotes.push(Quote { line, subject: subject.clone(), row: explained(case, line) });
        if quotes.len() == QUOTED {
            break;
        }
    }
    quotes
}

/// The finding about an object, else the first.
fn place(findings: &[Finding], subject: &ObjectKey) -> usize {
    findings.iter().position(|finding| finding.subject == *subject).unwrap_or(0)
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
    chain.iter().find(|key| line.mentions.iter().any(|mention| mention.means(key)))
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

/// The finding that a line names.
fn named(case: &Case, quote: &Quote, findings: &[Finding]) -> Option<Finding> {
    let (line, id) = (quote.line, quote.row?);
    let row = id.row()?;
    let mut shown = Shown::at(Depth::Certificate, case.certificate(), "log", text(line)).since(Some(line.at));
    shown.object = case.thing(&quote.subject);
    let mut finding = render(case.model, Some(case), &Sign { id, row, severity: row.severity, shown });
    finding.since = findings.get(place(findings, &quote.subject)).and_then(|known| known.since).or(finding.since);
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
