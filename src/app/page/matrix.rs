//! The matrix: who sees what of a proof, as lines.

use super::line::{Emphasis, Line, Piece};
use crate::app::App;
use crate::app::probes::Entry;
use crate::app::probes::seen::Seen;
use crate::probe::answer::{Outcome, Row};
use crate::probe::book::Track;
use crate::probe::dns01::Dns01;
use crate::probe::mark::Mark;
use crate::probe::preflight::Preflight;
use crate::probe::verdict::{Standing, Verdict};
use crate::probe::web::{Found, Visit, Web};
use crate::text::{middle, width, wrap};

/// Answers that the history shows.
const SHOWN: usize = 12;

/// Below so many cells the history is left out.
const WIDE: usize = 100;

fn text(emphasis: Emphasis, words: impl Into<String>) -> Piece {
    Piece::Text(emphasis, words.into())
}

/// Exactly so many cells.
fn cell(words: &str, cells: usize) -> String {
    let fitted = middle(words, cells);
    format!("{fitted}{}", " ".repeat(cells.saturating_sub(width(&fitted)) + 1))
}

impl App {
    /// The lines of the matrix for a width.
    pub(in crate::app) fn matrix(&self, cells: usize) -> Vec<Line> {
        let Some(object) = &self.probes.open else { return Vec::new() };
        let Some(entry) = self.probes.get(object) else {
            return vec![vec![text(Emphasis::Dim, "asking …")]];
        };
        let mut lines = match &entry.seen {
            Seen::Dns01(report) => servers(report, entry, cells),
            Seen::Http01(report) => addresses(report, cells),
            Seen::Preflight(names) => return checks(names, cells),
        };
        lines.push(Line::new());
        verdict(entry.seen.verdict(), cells, &mut lines);
        lines
    }
}

fn servers(report: &Dns01, entry: &Entry, cells: usize) -> Vec<Line> {
    let chain: String = report.chain.aliases.iter().map(|alias| format!(" → CNAME → {alias}")).collect();
    let wants = report.expected.as_deref().map(|key| format!("  wants “{}”", middle(key, 11))).unwrap_or_default();
    let (seen, all) = report.tally();
    let mut first = vec![
        text(Emphasis::Heading, report.name()),
        text(Emphasis::Plain, chain),
        text(Emphasis::Dim, wants),
        text(Emphasis::Plain, format!("  {seen} of {all} now")),
    ];
    // Who looks only now has not seen it spread.
    if let Some(took) = entry.track.took().filter(|took| took.num_seconds() > 0) {
        first.push(text(Emphasis::Good, format!("  everybody after {} s", took.num_seconds())));
    }
    let wide = cells >= WIDE;
    let (server, answer) = if wide {
        // The role, the blanks between, TTL and RTT, the last change.
        let server = if cells >= 116 { 38 } else { 30 };
        (server, cells.saturating_sub(server + 42 + SHOWN).max(20))
    } else {
        (22, cells.saturating_sub(22 + 13 + 16).max(16))
    };
    let mut heads =
        format!("  {}{}{}{:>5} {:>6}", cell("ROLE", 10), cell("SERVER", server), cell("ANSWER", answer), "TTL", "RTT");
    if wide {
        heads.push_str("  LAST CHANGE  HISTORY");
    }
    let mut lines = vec![first, vec![text(Emphasis::Dim, heads)]];
    for (i, row) in report.rows.iter().enumerate() {
        let emphasis = tone(row.outcome);
        let mut line = vec![
            text(emphasis, sign(row.outcome)),
            text(Emphasis::Dim, format!(" {}", cell(row.server.role.as_str(), 10))),
            text(Emphasis::Plain, cell(&who(row, server), server)),
            text(emphasis, cell(&answered(row), answer)),
            text(
                Emphasis::Plain,
                format!(
                    "{:>5} {:>6}",
                    or_dash(row.ttl.map(|ttl| ttl.to_string())),
                    or_dash(row.took.map(|took| format!("{}ms", took.as_millis())))
                ),
            ),
        ];
        if wide {
            line.push(text(
                Emphasis::Dim,
                format!("  {:<11}  {}", changed(row, &entry.track), history(row, &entry.track)),
            ));
        }
        lines.push(line);
        if report.stop == Some(i) {
            lines.push(vec![text(Emphasis::Bad, format!("{}← cert-manager asks here and stops", " ".repeat(13)))]);
        }
    }
    notes(&report.notes, cells, &mut lines);
    lines
}

/// A server by its name and its address; by its name alone, where there is no room for both.
fn who(row: &Row, cells: usize) -> String {
    let (name, address) = (&row.server.name, row.server.address);
    let both = format!("{name} {address}");
    match (name.is_empty(), width(&both) > cells && width(name) <= cells) {
        (true, _) => address.to_string(),
        (false, true) => name.clone(),
        (false, false) => both,
    }
}

fn or_dash(words: Option<String>) -> String {
    words.unwrap_or_else(|| "–".to_owned())
}

const fn tone(outcome: Option<Outcome>) -> Emphasis {
    match outcome {
        None => Emphasis::Dim,
        Some(outcome) if outcome.is_good() => Emphasis::Good,
        Some(Outcome::Timeout | Outcome::Error) => Emphasis::Dim,
        Some(_) => Emphasis::Bad,
    }
}

const fn sign(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        None => "…",
        Some(outcome) if outcome.is_good() => "●",
        Some(Outcome::Timeout | Outcome::Error) => "○",
        Some(_) => "▲",
    }
}

fn answered(row: &Row) -> String {
    let Some(outcome) = row.outcome else { return "asking".to_owned() };
    let value = match (outcome, row.values.first()) {
        (Outcome::Mismatch | Outcome::Present, Some(value)) => format!(" “{}”", middle(value, 20)),
        _ => String::new(),
    };
    let own = row.authoritative && row.server.role != crate::probe::answer::Role::Authority;
    let error = row.error.as_deref().map(|error| format!(": {error}")).unwrap_or_default();
    format!("{outcome}{value}{}{error}", if own { ", authoritative" } else { "" })
}

/// When the answer changed last, from the first look on.
fn changed(row: &Row, track: &Track) -> String {
    let Some(at) = track.sight(row).and_then(|sight| sight.changed) else { return "never".to_owned() };
    format!("+{} s", (at - track.began).num_seconds())
}

/// The latest answers: high for what is wanted, low for an answer without it, a dot for silence.
fn history(row: &Row, track: &Track) -> String {
    let Some(sight) = track.sight(row) else { return String::new() };
    let skipped = sight.history.len().saturating_sub(SHOWN);
    let mark = |outcome: &Outcome| match outcome {
        outcome if outcome.is_good() => '█',
        Outcome::Timeout | Outcome::Error => '·',
        _ => '▁',
    };
    sight.history.iter().skip(skipped).map(mark).collect()
}

fn addresses(report: &Web, cells: usize) -> Vec<Line> {
    let mut lines = vec![vec![text(Emphasis::Heading, format!("http://{}{}", report.subject.name(), report.path))]];
    let wide = cells >= WIDE;
    let (place, answer) = if wide { (28, cells.saturating_sub(28 + 12 + 32).max(20)) } else { (22, 24) };
    let (ours, theirs) = if wide { ("CERT-MANAGER", "LET'S ENCRYPT") } else { ("CERT-M.", "LE") };
    let heads = format!("  {}{}{:>7}  {ours}  {theirs}", cell("ADDRESS", place), cell("ANSWER", answer), "TIME");
    lines.push(vec![text(Emphasis::Dim, heads)]);
    for visit in &report.visits {
        let emphasis = match visit.found {
            None => Emphasis::Dim,
            Some(found) if found.is_good() => Emphasis::Good,
            Some(_) => Emphasis::Bad,
        };
        let passes = |objection: &Option<String>| visit.passes(objection.as_deref());
        let sign = match visit.found {
            None => "… ",
            Some(found) if found.is_good() => "● ",
            Some(_) => "▲ ",
        };
        let own = cell(passes(&visit.cert_manager), ours.len());
        lines.push(vec![
            text(emphasis, sign),
            text(Emphasis::Plain, cell(&visit.place(), place)),
            text(emphasis, cell(&visited(visit, wide), answer)),
            text(Emphasis::Plain, format!("{:>7}", or_dash(visit.took.map(|took| format!("{}ms", took.as_millis()))))),
            text(Emphasis::Plain, format!("  {own} {}", passes(&visit.lets_encrypt))),
        ]);
        for hop in &visit.hops {
            if let (Some(status), Some(to)) = (hop.status, &hop.location) {
                lines.push(vec![text(Emphasis::Dim, format!("    {status} → {to}"))]);
            }
        }
    }
    behind(report, cells, &mut lines);
    notes(&report.notes, cells, &mut lines);
    lines
}

fn notes(notes: &[String], cells: usize, lines: &mut Vec<Line>) {
    let wrapped = notes.iter().flat_map(|note| wrap(note, cells.saturating_sub(2)));
    lines.extend(wrapped.map(|line| vec![text(Emphasis::Dim, format!("  {line}"))]));
}

/// What an address answers; where there is little room, without what the verdict says anyway.
fn visited(visit: &Visit, wide: bool) -> String {
    let Some(found) = visit.found else { return "asking".to_owned() };
    let status = visit.status.map(|status| format!(" {status}")).unwrap_or_default();
    if !wide {
        return format!("{}{status}", found.as_str());
    }
    let body = if found == Found::Mismatch { format!(" “{}”", middle(&visit.body, 24)) } else { String::new() };
    let who = visit.who.map(|who| format!(", {who}")).unwrap_or_default();
    let error = visit.error.as_deref().map(|error| format!(": {error}")).unwrap_or_default();
    format!("{}{status}{body}{who}{error}", found.as_str())
}

const fn marked(mark: Mark) -> Emphasis {
    match mark {
        Mark::Good => Emphasis::Good,
        Mark::Open => Emphasis::Dim,
        Mark::Odd => Emphasis::Key,
        Mark::Bad => Emphasis::Bad,
    }
}

/// What of the cluster stands behind the addresses, link by link.
fn behind(report: &Web, cells: usize, lines: &mut Vec<Line>) {
    if report.backing.is_empty() {
        return;
    }
    let place = if cells < WIDE { 34 } else { 44 };
    lines.push(vec![text(Emphasis::Dim, "  BEHIND IT, IN THE CLUSTER")]);
    for link in &report.backing {
        let emphasis = marked(link.mark);
        for (i, words) in wrap(&link.words, cells.saturating_sub(place + 4)).into_iter().enumerate() {
            let (sign, what) = if i == 0 { (link.mark.sign(), link.what.as_str()) } else { (" ", "") };
            lines.push(vec![
                text(emphasis, format!("{sign} ")),
                text(Emphasis::Plain, cell(what, place)),
                text(if link.mark == Mark::Good { Emphasis::Plain } else { emphasis }, words),
            ]);
        }
    }
    if let Some(Ok(inside)) = &report.inside {
        let list: Vec<String> = inside.iter().map(ToString::to_string).collect();
        let list = if list.is_empty() { "nowhere".to_owned() } else { list.join(", ") };
        lines.push(vec![
            text(Emphasis::Dim, "  "),
            text(Emphasis::Plain, cell("the cluster's resolver", place)),
            text(Emphasis::Plain, format!("leads to {list}")),
        ]);
    }
}

/// Each name, check by check.
fn checks(names: &[Preflight], cells: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for name in names {
        if !lines.is_empty() {
            lines.push(Line::new());
        }
        lines.push(vec![text(Emphasis::Heading, name.subject.to_string())]);
        for check in &name.checks {
            let (sign, emphasis) = (check.mark.sign(), marked(check.mark));
            let plain = if check.mark == Mark::Good { Emphasis::Plain } else { emphasis };
            for (i, words) in wrap(&check.words, cells.saturating_sub(12)).into_iter().enumerate() {
                let (sign, id) = if i == 0 { (sign, check.id) } else { (" ", "") };
                lines.push(vec![
                    text(emphasis, sign),
                    text(Emphasis::Dim, format!(" {}", cell(id, 8))),
                    text(plain, words),
                ]);
            }
        }
        verdict(&name.verdict, cells, &mut lines);
    }
    lines
}

/// What follows, and what mends it.
fn verdict(verdict: &Verdict, cells: usize, lines: &mut Vec<Line>) {
    let emphasis = match verdict.standing {
        Standing::Good => Emphasis::Good,
        Standing::Trouble => Emphasis::Bad,
        Standing::Blind => Emphasis::Dim,
    };
    let family = verdict.family.map(|family| format!(": {family}")).unwrap_or_default();
    lines.push(vec![text(Emphasis::Heading, "Verdict  "), text(emphasis, format!("{}{family}", verdict.title))]);
    let mut say = |indent: usize, lead: String, words: &str, emphasis: Emphasis| {
        for (i, line) in wrap(words, cells.saturating_sub(indent)).into_iter().enumerate() {
            let lead = if i == 0 { format!("{lead:<indent$}") } else { " ".repeat(indent) };
            lines.push(vec![text(Emphasis::Dim, lead), text(emphasis, line)]);
        }
    };
    say(9, String::new(), &verdict.cause, Emphasis::Plain);
    for (i, remedy) in verdict.remedies.iter().enumerate() {
        say(9, format!("  {}.", i + 1), &remedy.text, Emphasis::Plain);
        say(9, String::new(), remedy.command.as_deref().unwrap_or_default(), Emphasis::Key);
    }
}
