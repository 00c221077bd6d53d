//! The doctor's report for people: complete, plain, and ready for a ticket.

use std::fmt::Write as _;

use super::{Doctor, Patient};
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::report::Style;
use crate::text::{count, number, span};
use crate::triage::causes::Cause;
use crate::triage::finding::{Finding, Remedy};

/// Subjects of a cause that are named; the rest is counted.
const NAMED: usize = 10;

pub(super) fn text(doctor: &Doctor, style: &Style) -> String {
    let mut out = String::new();
    heading(&mut out, doctor, style);
    // What hits Certificates is told with them, and once.
    let system: Vec<&Finding> = doctor.system.iter().filter(|one| place(doctor, one).is_none()).collect();
    if !system.is_empty() {
        out.push_str("\nSystem\n");
        system.into_iter().for_each(|one| finding(&mut out, one, doctor, style));
    }
    if !doctor.causes.is_empty() {
        out.push_str("\nCauses, the most urgent first\n");
        for (n, one) in doctor.causes.iter().enumerate() {
            cause(&mut out, n + 1, one, doctor, style);
        }
    }
    let sick = || doctor.patients.iter().filter(|patient| !patient.findings.is_empty());
    if sick().next().is_some() {
        out.push_str("\nCertificates\n");
        sick().for_each(|one| patient(&mut out, one, doctor, style));
    }
    if !doctor.unseen.is_empty() {
        out.push_str("\nNot seen, so nothing was concluded from it\n");
        for one in &doctor.unseen {
            let right = one.right.as_ref().map(|right| format!(" (the right that is missing: {right})"));
            let _ = writeln!(out, "  {}: {}{}", one.resource, one.why, right.unwrap_or_default());
        }
    }
    style.plain(&out).into_owned()
}

fn heading(out: &mut String, doctor: &Doctor, style: &Style) {
    let origin = &doctor.origin;
    let mut words = vec!["cmtop doctor".to_owned(), style.zone.tell(doctor.at)];
    words.extend((!origin.context.is_empty()).then(|| origin.context.clone()));
    words.extend(doctor.cert_manager.map(|version| format!("cert-manager {version}")));
    words.extend((!origin.kubernetes.is_empty()).then(|| format!("Kubernetes {}", origin.kubernetes)));
    let _ = writeln!(out, "{}", words.join(" · "));
    let mut words = vec![count(doctor.patients.len(), "certificate")];
    let some = doctor.verdicts().filter(|(_, count)| *count > 0);
    words.extend(some.map(|(verdict, count)| format!("{} {verdict}", number(count))));
    let _ = writeln!(out, "{}", words.join(" · "));
    if doctor.system.is_empty() && doctor.causes.is_empty() {
        out.push_str("Nothing needs a person.\n");
    }
}

fn cause(out: &mut String, n: usize, cause: &Cause, doctor: &Doctor, style: &Style) {
    let finding = &cause.finding;
    let _ = writeln!(out, "{n:>3}. {}  [{}, {}]", finding.title, finding.severity, finding.id);
    let since = cause.since.map(|since| format!("since {}", span(doctor.at - since)));
    let hits = format!("hits {}{}", count(cause.subjects.len(), "certificate"), waiting(cause));
    let ever = |id: &&Id<Certificate>| doctor.model.certificates.get(**id).is_some_and(|c| c.not_after.is_some());
    let outage = match cause.first_outage {
        None if cause.subjects.len() == 1 => "it never had a certificate".to_owned(),
        None => match cause.subjects.iter().filter(ever).count() {
            0 => "none of them ever had a certificate".to_owned(),
            some => format!("{} of them never had a certificate", number(cause.subjects.len() - some)),
        },
        Some(end) if end <= doctor.at => format!("the first ended {}", style.zone.tell(end)),
        Some(end) => format!("the first ends {}", style.zone.tell(end)),
    };
    let words: Vec<String> = since.into_iter().chain([hits, outage]).collect();
    let _ = writeln!(out, "     {}", words.join(" · "));
    let _ = writeln!(out, "     {}", finding.cause);
    let mut names: Vec<String> = cause
        .subjects
        .iter()
        .take(NAMED)
        .filter_map(|id| {
            let name = named(doctor, *id)?;
            let ahead = cause.waiting.get(id).and_then(|ahead| named(doctor, *ahead));
            Some(ahead.map_or_else(|| name.clone(), |ahead| format!("{name} (behind {ahead})")))
        })
        .collect();
    if cause.subjects.len() > NAMED {
        names.push(format!("{} more", number(cause.subjects.len() - NAMED)));
    }
    let _ = writeln!(out, "     whom  {}", names.join(", "));
    if place(doctor, finding).is_some() {
        evidence(out, finding, "     ");
    }
    remedies(out, &finding.remedies, "     ");
}

fn named(doctor: &Doctor, id: Id<Certificate>) -> Option<String> {
    doctor.model.certificate_key(id).map(|key| format!("{}/{}", key.namespace, key.name))
}

/// How many of those whom it hits only wait for another one of them.
fn waiting(cause: &Cause) -> String {
    match (cause.waiting.len(), cause.subjects.len()) {
        (0, _) => String::new(),
        (1, 1) => ", which waits behind another".to_owned(),
        (1, 2) => ", one of them waits behind the other".to_owned(),
        (1, _) => ", one of them waits behind another".to_owned(),
        (some, _) => format!(", {} of them wait behind others", number(some)),
    }
}

/// Which of the causes is the same as a finding about cert-manager itself.
fn place(doctor: &Doctor, finding: &Finding) -> Option<usize> {
    let is_same = |one: &Finding| one.id == finding.id && one.subject == finding.subject;
    let of_system = doctor.system.iter().any(is_same);
    let place = doctor.causes.iter().position(|cause| is_same(&cause.finding)).map(|place| place + 1);
    place.filter(|_| of_system)
}

fn patient(out: &mut String, patient: &Patient, doctor: &Doctor, style: &Style) {
    let (meta, diagnosis) = (&patient.certificate.meta, &patient.diagnosis);
    let glyph = if style.ascii { diagnosis.verdict.ascii_glyph() } else { diagnosis.verdict.glyph() };
    let mut words = vec![format!("{glyph} {}/{}  {}", meta.namespace, meta.name, diagnosis.verdict)];
    words.extend(diagnosis.phase.map(|phase| phase.to_string()));
    words.extend(diagnosis.since.map(|since| format!("since {}", style.zone.tell(since))));
    words.extend(diagnosis.next_attempt.map(|next| format!("next attempt {}", style.zone.tell(next))));
    let _ = writeln!(out, "{}", words.join(" · "));
    for one in &patient.findings {
        match place(doctor, one) {
            Some(place) => {
                let _ = writeln!(out, "  {}  [{}, {}]: cause {place}", one.title, one.severity, one.id);
            }
            None => finding(out, one, doctor, style),
        }
    }
}

fn finding(out: &mut String, finding: &Finding, doctor: &Doctor, style: &Style) {
    let since = finding.since.map(|since| format!(" · since {} ({})", style.zone.tell(since), span(doctor.at - since)));
    let _ = writeln!(
        out,
        "  {}  [{}, {}, {} confidence{}]",
        finding.title,
        finding.severity,
        finding.id,
        finding.confidence,
        since.unwrap_or_default()
    );
    let _ = writeln!(out, "    {}", finding.cause);
    evidence(out, finding, "    ");
    for want in &finding.wants {
        let _ = writeln!(out, "    check {want}");
    }
    remedies(out, &finding.remedies, "    ");
    if let Some(page) = finding.docs {
        let _ = writeln!(out, "    docs  {page}");
    }
}

fn evidence(out: &mut String, finding: &Finding, indent: &str) {
    for seen in &finding.evidence {
        let _ = writeln!(out, "{indent}saw   {} {} “{}”", seen.object, seen.field, seen.value);
    }
}

fn remedies(out: &mut String, remedies: &[Remedy], indent: &str) {
    for (n, remedy) in remedies.iter().enumerate() {
        let lead = if n == 0 { "mend" } else { "" };
        let _ = writeln!(out, "{indent}{lead:<5} {}. {}", n + 1, remedy.text);
        if let Some(command) = &remedy.command {
            let _ = writeln!(out, "{indent}         $ {command}");
        }
        if let Some(action) = &remedy.action {
            let _ = writeln!(out, "{indent}         cmtop can do it: {action}");
        }
    }
}
