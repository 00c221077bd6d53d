//! What is shown before an action of a command, and the question whether it is meant.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::action::plan::Plan;
use crate::action::rate;
use crate::action::report::Check;
use crate::cli::Conduct;
use crate::model::Model;
use crate::model::meta::Time;
use crate::report::action as paper;
use crate::runtime::failure::Failure;
use crate::text::{clean_lines, count as counted};

/// To the person, beside what a program reads.
pub(super) fn say(text: &str) {
    let _ = io::stderr().write_all(clean_lines(text).as_bytes());
}

/// Where nobody can be asked, `--yes` has to say it.
pub(super) fn refuse_silence(conduct: &Conduct) -> Result<(), Failure> {
    if conduct.yes || conduct.dry_run || io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    Err(Failure::usage("there is no terminal to ask at: say --yes to do it, or --dry-run to see it"))
}

/// A plan with what is known of it.
pub(super) fn preview(plan: &Plan, checks: &[Check]) -> String {
    let mut out = format!("{} {}\n", plan.action, plan.object);
    let _ = writeln!(out, "  happens    {}", plan.happens);
    if !plan.affects.is_empty() {
        let _ = writeln!(out, "  affects    {}", plan.affects);
    }
    for warning in &plan.warnings {
        let _ = writeln!(out, "  but        {warning}");
    }
    for check in checks {
        out.push_str(&paper::check(check));
    }
    out
}

/// Shows, asks, and says whether the answer was yes.
pub(super) fn yes(shown: &str, question: &str) -> Result<bool, Failure> {
    let answer = answer(&format!("{shown}{question} [y/N] "))?;
    Ok(matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Many at once are agreed to by their number.
pub(super) fn count(plans: &[Plan], model: &Model, now: Time) -> Result<bool, Failure> {
    const SHOWN: usize = 10;
    let Some(first) = plans.first() else { return Ok(false) };
    let mut shown = format!("{} {}:\n", first.action, counted(plans.len(), "object"));
    for plan in plans.iter().take(SHOWN) {
        let _ = writeln!(shown, "  {}  {}", plan.object, plan.affects);
    }
    if plans.len() > SHOWN {
        let _ = writeln!(shown, "  and {} more", plans.len() - SHOWN);
    }
    let rows: Vec<_> = plans
        .iter()
        .filter_map(|plan| plan.certificate.as_ref())
        .filter_map(|key| model.certificate(&key.namespace, &key.name).map(|(_, row)| row))
        .collect();
    let mut warnings: BTreeSet<String> = rate::of_many(model, &rows, now).into_iter().collect();
    warnings.extend(plans.iter().flat_map(|plan| plan.warnings.iter().cloned()));
    for warning in warnings.iter().take(SHOWN) {
        let _ = writeln!(shown, "  but {warning}");
    }
    let answer = answer(&format!("{shown}Type {} to {} them all: ", plans.len(), first.action))?;
    Ok(answer == plans.len().to_string())
}

fn answer(question: &str) -> Result<String, Failure> {
    say(question);
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(|error| Failure::blind(format!("no answer: {error}")))?;
    Ok(line.trim().to_owned())
}
