//! What came of an action, for programs (`cmtop.action/v1`) and for people.

use std::fmt::Write as _;

use serde::Serialize;

use crate::action::report::{Check, Report};
use crate::model::meta::Time;
use crate::text::fit;

/// Cells of a line that stays.
const CONTEXT: usize = 100;

/// A document of one action.
#[derive(Debug, Serialize)]
struct Document<'r> {
    schema: &'static str,
    at: Time,
    /// The cluster, in the action log alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'r str>,
    action: &'static str,
    object: String,
    requests: Vec<Request<'r>>,
    outcome: &'static str,
    message: &'r str,
}

#[derive(Debug, Serialize)]
struct Request<'r> {
    verb: &'static str,
    path: &'r str,
    status: Option<u16>,
}

/// The document in one line, with a line feed; the log names the context too.
pub fn line(report: &Report, context: Option<&str>) -> String {
    let requests = report.requests.iter();
    let document = Document {
        schema: "cmtop.action/v1",
        at: report.at,
        context,
        action: report.action.name(),
        object: report.object.to_string(),
        requests: requests.map(|sent| Request { verb: sent.verb, path: &sent.path, status: sent.status }).collect(),
        outcome: report.outcome.as_str(),
        message: &report.message,
    };
    serde_json::to_string(&document).unwrap_or_default() + "\n"
}

/// One line for people.
pub fn text(report: &Report) -> String {
    let word = report.outcome.as_str();
    if report.outcome == crate::action::report::Outcome::Done {
        format!("{}\n", report.message)
    } else {
        format!("{} {}: {word}: {}\n", report.action, report.object, report.message)
    }
}

/// What is known of a step before it is sent, for people.
pub fn check(check: &Check) -> String {
    let mut out = format!("  request    {}\n", check.request);
    let mut say = |label: &str, text: &str| {
        let _ = writeln!(out, "  {label:<10} {text}");
    };
    say("", &check.condition);
    for (i, line) in check.changes.iter().enumerate() {
        // What stays is only there to be recognised: a CSR is one long line.
        let text = if line.sign == ' ' { fit(&line.text, CONTEXT) } else { line.text.as_str().into() };
        say(if i == 0 { "changes" } else { "" }, &format!("{} {text}", line.sign));
    }
    say("kubectl", &check.kubectl);
    for leak in &check.leaks {
        say("stays", leak);
    }
    if let Some(keeper) = &check.keeper {
        say("kept by", keeper);
    }
    match (&check.missing, &check.objection, &check.trial) {
        (Some(right), _, _) => say("not allowed", &format!("the right that is missing: {right}")),
        (_, Some(objection), _) => say("no", objection),
        (_, _, Ok(true)) => say("checked", "allowed, and the server would do it"),
        (_, _, Ok(false)) => say("checked", "allowed"),
        (_, _, Err(why)) => say("refused", why),
    }
    out
}
