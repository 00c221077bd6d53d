//! A probe for people: the matrix, what follows, and what mends it.

use std::fmt::Write as _;

use super::{Caa, Findings, Probe};
use crate::probe::answer::{Outcome, Row};
use crate::probe::dns01::Dns01;
use crate::probe::preflight::Preflight;
use crate::probe::served::Served;
use crate::probe::verdict::Verdict;
use crate::probe::web::{Visit, Web};
use crate::report::Style;
use crate::report::sheet::{Rule, Sheet};
use crate::report::tint::signed;
use crate::text::middle;

pub(super) fn text(probe: &Probe, style: &Style) -> String {
    let mut out = String::new();
    if !style.bare {
        let object = probe.object.as_deref().map(|object| format!("{object} · ")).unwrap_or_default();
        let _ = writeln!(out, "{object}{}", heading(probe));
    }
    let told = |line: String| if style.color { signed(&line) } else { line };
    for line in sheet(probe).lines(style.bare, style.width) {
        let _ = writeln!(out, "  {}", told(line));
    }
    if let Findings::Http01(it) = &probe.findings {
        for line in behind(it).into_iter().flat_map(|sheet| sheet.lines(style.bare, style.width)) {
            let _ = writeln!(out, "  {}", told(line));
        }
        if let Some(Ok(inside)) = &it.inside {
            let list: Vec<String> = inside.iter().map(ToString::to_string).collect();
            let list = if list.is_empty() { "nowhere".to_owned() } else { list.join(", ") };
            let _ = writeln!(out, "Inside   the cluster's resolver leads to {list}");
        }
    }
    let notes: &[String] = match &probe.findings {
        Findings::Dns01(it) => &it.notes,
        Findings::Http01(it) => &it.notes,
        Findings::Caa(it) => &it.notes,
        Findings::Served(it) => &it.notes,
        Findings::Preflight(_) => &[],
    };
    for note in notes {
        let _ = writeln!(out, "Note     {note}");
    }
    let took = probe.took.filter(|took| took.num_seconds() > 0);
    if let (Some(took), Findings::Dns01(_)) = (took, &probe.findings) {
        let _ = writeln!(out, "Took     {} s until everybody saw it", took.num_seconds());
    }
    verdict(probe.verdict(), &mut out);
    style.plain(&out).into_owned()
}

fn verdict(verdict: &Verdict, out: &mut String) {
    let family = verdict.family.map(|family| format!(": {family}")).unwrap_or_default();
    let _ = writeln!(out, "Verdict  {}{family}", verdict.title);
    if !verdict.cause.is_empty() {
        let _ = writeln!(out, "         {}", verdict.cause);
    }
    for (i, remedy) in verdict.remedies.iter().enumerate() {
        let lead = if i == 0 { "Mend" } else { "" };
        let _ = writeln!(out, "{lead:<9}{}. {}", i + 1, remedy.text);
        if let Some(command) = &remedy.command {
            let _ = writeln!(out, "            {command}");
        }
    }
}

fn heading(probe: &Probe) -> String {
    match &probe.findings {
        Findings::Dns01(it) => {
            let chain: Vec<String> = it.chain.aliases.iter().map(|alias| format!(" → CNAME → {alias}")).collect();
            let wants = it.expected.as_deref().map(|key| format!("  wants “{}”", middle(key, 15))).unwrap_or_default();
            let (seen, all) = it.tally();
            format!("{}{}{wants}  {seen} of {all} now", it.name(), chain.concat())
        }
        Findings::Http01(it) => format!("http://{}{}", it.subject.name(), it.path),
        Findings::Caa(it) => format!("CAA of {} for {}", it.subject, it.applicant.authority),
        Findings::Served(it) => {
            let wants = it.expected.as_deref().map(|serial| format!("  wants serial {serial}")).unwrap_or_default();
            format!("TLS of {}{wants}", it.subject)
        }
        Findings::Preflight(it) => format!("preflight of {}", it.subject),
    }
}

fn sheet(probe: &Probe) -> Sheet {
    match &probe.findings {
        Findings::Dns01(it) => servers(it),
        Findings::Http01(it) => addresses(it),
        Findings::Caa(it) => records(it),
        Findings::Served(it) => doors(it),
        Findings::Preflight(it) => checks(it),
    }
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

fn took(took: Option<std::time::Duration>) -> String {
    or_dash(took.map(|took| format!("{}ms", took.as_millis())))
}

/// What a server answers, in a few words.
fn answer(row: &Row) -> String {
    let Some(outcome) = row.outcome else { return "…".to_owned() };
    let mut words = outcome.as_str().to_owned();
    if matches!(outcome, Outcome::Mismatch | Outcome::Present) {
        let more = if row.values.len() > 1 { format!(" and {} more", row.values.len() - 1) } else { String::new() };
        let first = row.values.first().map_or("", String::as_str);
        let _ = write!(words, " “{}”{more}", middle(first, 47));
    }
    if row.authoritative && row.server.role != crate::probe::answer::Role::Authority {
        words.push_str(", authoritative");
    }
    if let Some(error) = &row.error {
        let _ = write!(words, ": {error}");
    }
    words
}

fn servers(it: &Dns01) -> Sheet {
    let columns = [
        ("", Rule::Left(1)),
        ("ROLE", Rule::Left(10)),
        ("SERVER", Rule::Left(50)),
        ("ANSWER", Rule::Gives(100)),
        ("TTL", Rule::Right),
        ("RTT", Rule::Right),
        ("", Rule::Left(60)),
    ];
    let mut sheet = Sheet::new(&columns);
    for (i, row) in it.rows.iter().enumerate() {
        let name = if row.server.name.is_empty() { String::new() } else { format!("{} ", row.server.name) };
        let stop = if it.stop == Some(i) { "← cert-manager asks here and stops" } else { "" };
        sheet.push(vec![
            if row.is_good() {
                "●"
            } else if row.outcome.is_some_and(Outcome::is_answer) {
                "▲"
            } else {
                "○"
            }
            .to_owned(),
            row.server.role.as_str().to_owned(),
            format!("{name}{}", row.server.address),
            answer(row),
            or_dash(row.ttl.map(|ttl| ttl.to_string())),
            took(row.took),
            stop.to_owned(),
        ]);
    }
    sheet
}

fn addresses(it: &Web) -> Sheet {
    let columns = [
        ("", Rule::Left(1)),
        ("ADDRESS", Rule::Left(50)),
        ("ANSWER", Rule::Gives(80)),
        ("SERVER", Rule::Left(20)),
        ("TIME", Rule::Right),
        ("CERT-MANAGER", Rule::Left(14)),
        ("LET'S ENCRYPT", Rule::Left(14)),
    ];
    let mut sheet = Sheet::new(&columns);
    for visit in &it.visits {
        sheet.push(vec![
            if visit.is_good() { "●" } else { "▲" }.to_owned(),
            visit.place(),
            visited(visit),
            visit.server.clone(),
            took(visit.took),
            visit.passes(visit.cert_manager.as_deref()).to_owned(),
            visit.passes(visit.lets_encrypt.as_deref()).to_owned(),
        ]);
        for hop in visit.hops.iter().filter(|hop| hop.location.is_some()) {
            let to = hop.location.as_deref().unwrap_or_default();
            let step = format!("{} → {to}", hop.status.map(|status| status.to_string()).unwrap_or_default());
            sheet.push(vec![String::new(), String::new(), step]);
        }
    }
    sheet
}

/// What of the cluster stands behind the addresses.
fn behind(it: &Web) -> Option<Sheet> {
    let columns = [("", Rule::Left(1)), ("BEHIND IT", Rule::Left(60)), ("", Rule::Gives(200))];
    let mut sheet = Sheet::new(&columns);
    for link in &it.backing {
        sheet.push(vec![link.mark.sign().to_owned(), link.what.clone(), link.words.clone()]);
    }
    (!it.backing.is_empty()).then_some(sheet)
}

fn visited(visit: &Visit) -> String {
    let Some(found) = visit.found else { return "…".to_owned() };
    let status = visit.status.map(|status| format!(" {status}")).unwrap_or_default();
    let body = match found {
        crate::probe::web::Found::Mismatch => format!(" “{}”", middle(visit.body.trim_end(), 40)),
        _ => String::new(),
    };
    let who = visit.who.map(|who| format!(", {who}")).unwrap_or_default();
    let error = visit.error.as_deref().map(|error| format!(": {error}")).unwrap_or_default();
    format!("{}{status}{body}{who}{error}", found.as_str())
}

fn records(it: &Caa) -> Sheet {
    let mut sheet = Sheet::new(&[("NAME", Rule::Left(50)), ("CAA", Rule::Gives(120))]);
    for step in &it.climb.steps {
        match &step.records {
            Err(why) => sheet.push(vec![step.name.clone(), why.clone()]),
            Ok(records) if records.is_empty() => sheet.push(vec![step.name.clone(), "–".to_owned()]),
            Ok(records) => {
                for caa in records {
                    sheet.push(vec![step.name.clone(), format!("{} {} \"{}\"", caa.flags, caa.tag, caa.value)]);
                }
            }
        }
    }
    sheet
}

fn doors(it: &Served) -> Sheet {
    let columns = [
        ("", Rule::Left(1)),
        ("ADDRESS", Rule::Left(50)),
        ("RESULT", Rule::Left(10)),
        ("SERIAL", Rule::Left(60)),
        ("UNTIL", Rule::Left(20)),
        ("ISSUER", Rule::Gives(60)),
    ];
    let mut sheet = Sheet::new(&columns);
    for door in &it.doors {
        let leaf = door.leaf.as_ref();
        sheet.push(vec![
            if door.found.is_good() { "●" } else { "▲" }.to_owned(),
            door.address.to_string(),
            door.found.as_str().to_owned(),
            or_dash(leaf.map(|leaf| leaf.serial.clone())),
            or_dash(leaf.map(|leaf| leaf.not_after.format("%F %R").to_string())),
            leaf.map_or_else(|| door.error.clone().unwrap_or_default(), |leaf| leaf.issuer.clone()),
        ]);
    }
    sheet
}

fn checks(it: &Preflight) -> Sheet {
    let mut sheet = Sheet::new(&[("CHECK", Rule::Left(10)), ("RESULT", Rule::Left(6)), ("", Rule::Gives(400))]);
    for check in &it.checks {
        sheet.push(vec![check.id.to_owned(), check.mark.as_str().to_owned(), check.words.clone()]);
    }
    sheet
}
