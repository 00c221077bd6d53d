//! A change of a verdict, as a line (`cmtop.change/v1`).

use serde::Serialize;

use super::Style;
use super::tint::tinted;
use crate::model::meta::Time;
use crate::triage::changes::Change;
use crate::triage::verdict::Verdict;

#[derive(Serialize)]
struct Document<'c> {
    schema: &'static str,
    t: Time,
    certificate: String,
    from: Option<&'static str>,
    to: Option<&'static str>,
    finding: Option<&'c str>,
}

/// For programs: one JSON document in a line of its own.
pub fn line(change: &Change) -> Result<String, serde_json::Error> {
    let document = Document {
        schema: "cmtop.change/v1",
        t: change.at,
        certificate: change.certificate.to_string(),
        from: change.from.map(Verdict::as_str),
        to: change.to.map(Verdict::as_str),
        finding: change.finding,
    };
    Ok(serde_json::to_string(&document)? + "\n")
}

/// For people: `2026-11-22 16:03:05 UTC  shop/www  issuing → ok`.
pub fn text(change: &Change, style: &Style) -> String {
    let word = |verdict: Option<Verdict>, none: &'static str| verdict.map_or(none, Verdict::as_str);
    let (from, to) = (word(change.from, "new"), word(change.to, "gone"));
    let to = match change.to.filter(|_| style.color) {
        Some(verdict) => tinted(to, verdict.alarm()),
        None => to.to_owned(),
    };
    let key = &change.certificate;
    let finding = change.finding.map(|finding| format!("  {finding}")).unwrap_or_default();
    let arrow = if style.ascii { "->" } else { "→" };
    format!("{}  {}/{}  {from} {arrow} {to}{finding}\n", style.zone.tell(change.at), key.namespace, key.name)
}
