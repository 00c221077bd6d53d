//! The help: what the selected row says, every key, every word.

use super::line::{Emphasis, Line, Piece, text};
use crate::app::App;
use crate::app::screen::Screen;
use crate::app::table::chosen::example;
use crate::command::argument::Argument;
use crate::command::{ALIASES, COMMANDS, CommandRow};
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::text::wrap;
use crate::triage::glossary::term_on;
use crate::triage::releases;
use crate::triage::stage::Phase;
use crate::triage::verdict::Verdict;

/// What the words of the selected row mean, for the release that runs.
fn about(app: &App, cells: usize, lines: &mut Vec<Line>) {
    let Some(certificate) = app.selected().and_then(|id| app.model.certificates.get(id)) else { return };
    let Some(diagnosis) = app.selected().and_then(|id| app.ledger.get(id)) else { return };
    let mut say = |word: &str, means: &str| {
        for (i, line) in wrap(means, cells.saturating_sub(22).max(16)).into_iter().enumerate() {
            let lead = if i == 0 { word } else { "" };
            lines.push(vec![text(Emphasis::Key, format!("  {lead:<18}  ")), text(Emphasis::Plain, line)]);
        }
    };
    say(diagnosis.verdict.as_str(), diagnosis.verdict.explanation());
    if let Some(phase) = diagnosis.phase {
        say(phase.as_str(), phase.explanation());
    }
    if let Some(first) = app.findings.first() {
        say(first.id, &first.title);
    }
    let node = app.outline.rows().get(app.ui.tree.cursor).map(|row| (row.node.object.kind, row.node.state));
    // The state of a Certificate is its verdict: a word of ours, and told already.
    let node = node.filter(|(kind, _)| *kind != Kind::Certificate);
    let conditions = [certificate.ready.as_ref(), certificate.issuing()].into_iter().flatten();
    let words = conditions.map(|condition| (Kind::Certificate, &*condition.reason)).chain(node);
    let mut said: Vec<&str> = Vec::new();
    for (kind, word) in words {
        if let Some(term) = term_on(kind, word).filter(|term| !said.contains(&&*term.word)) {
            said.push(&term.word);
            say(&term.word, &format!("{}: {} {}", term.on, term.means, term.next));
        }
    }
    let release = app.model.controller().and_then(|controller| controller.version.as_deref());
    if let (Some(release), Some(first)) = (release, app.findings.first()) {
        for known in releases::explaining(release, first.id) {
            say(release, &known.what);
        }
    }
}

/// Cells before what a word means.
const LEAD: usize = 20;

/// What is chosen in a file, and how.
const OWN: &[(&str, &str)] = &[
    ("a key", "`keys: {describe: [D, ctrl-x d]}` in config.yaml, by the name after the colon; [] for none"),
    ("all keys", "`keys: {preset: vim}` there"),
    ("the theme", "`theme: nord` there"),
    ("columns", "are kept as you leave them; `columns:` and `sort:` there win"),
    ("where", "`cmtop info` says where config.yaml is, and where every value came from; `cmtop config check` reads it"),
];

fn explain(word: &str, means: &str, tone: Emphasis, cells: usize, lines: &mut Vec<Line>) {
    for (i, line) in wrap(means, cells.saturating_sub(LEAD).max(16)).into_iter().enumerate() {
        let lead = if i == 0 { word } else { "" };
        lines.push(vec![text(Emphasis::Key, format!("  {lead:<18}")), text(tone, line)]);
    }
}

/// What a command does, with an example that can be typed where the person is.
fn title(app: &App, row: &CommandRow) -> String {
    let here = app.kind_below().unwrap_or(Kind::Certificate);
    row.title.replace(&example(Kind::Certificate), &example(here))
}

/// The heading of the commands that are typed.
const TYPED: &str = "After `:`, and the short names";

impl App {
    /// Opens the help of the page that one is on.
    pub(in crate::app) fn open_help(&mut self, now: Time) {
        if self.ui.screen() != Screen::Help {
            self.here = self.acting_here(now);
        }
        self.turn_page(Screen::Help, now);
    }

    /// Opens the help where it says what can be typed.
    pub(in crate::app) fn open_aliases(&mut self, now: Time) {
        self.open_help(now);
        let is_heading = |line: &Line| matches!(line.as_slice(), [Piece::Text(_, words)] if words == TYPED);
        if let Some(place) = self.page_lines().iter().position(is_heading) {
            self.ui.text.offset = place.min(self.page_lines().len().saturating_sub(self.ui.text.height));
        }
    }
}

/// A command: its keys, what it does, its name.
fn command(app: &App, row: &CommandRow, cells: usize, lines: &mut Vec<Line>) {
    let keys = app.keymap.keys_of(row.command).join(" ");
    let name = format!(":{}", row.name);
    let words = wrap(&title(app, row), cells.saturating_sub(LEAD + name.len() + 3).max(16));
    for (i, words) in words.into_iter().enumerate() {
        let (lead, name) = if i == 0 { (keys.as_str(), name.as_str()) } else { ("", "") };
        lines.push(vec![
            text(Emphasis::Key, format!("  {lead:<18}")),
            text(Emphasis::Plain, words),
            text(Emphasis::Dim, format!("   {name}")),
        ]);
    }
}

/// What can be typed: the commands that have a short name or take something.
fn typed(cells: usize, lines: &mut Vec<Line>) {
    for row in COMMANDS {
        let mut short: Vec<&str> = ALIASES.iter().filter(|(_, whole)| *whole == row.name).map(|(s, _)| *s).collect();
        let argument = row.command.argument().map(Argument::wanted);
        if short.is_empty() && argument.is_none() {
            continue;
        }
        short.sort_unstable();
        let name = std::iter::once(row.name).chain(short).map(|name| format!(":{name}")).collect::<Vec<_>>().join(" ");
        let follows = argument.map(|wanted| format!("; takes {wanted}")).unwrap_or_default();
        lines.push(vec![text(Emphasis::Key, format!("  {name}"))]);
        for words in wrap(&format!("{}{follows}", row.title), cells.saturating_sub(LEAD).max(16)) {
            lines.push(vec![text(Emphasis::Plain, format!("{:LEAD$}{words}", ""))]);
        }
    }
}

pub(in crate::app) fn help(app: &App, cells: usize) -> Vec<Line> {
    let intro = "What the keys do here, the selected row, all other keys, the words. esc goes back.";
    let mut lines: Vec<Line> = vec![vec![text(Emphasis::Dim, intro.to_owned())]];
    let here = || app.here.iter().filter_map(|command| command.row());
    lines.extend([Vec::new(), vec![text(Emphasis::Heading, "Here".to_owned())]]);
    here().for_each(|row| command(app, row, cells, &mut lines));
    lines.extend([Vec::new(), vec![text(Emphasis::Heading, "The selected row".to_owned())]]);
    about(app, cells, &mut lines);
    let mut group = "";
    for row in COMMANDS.iter().filter(|row| !row.title.is_empty() && !app.here.contains(&row.command)) {
        if row.group != group {
            group = row.group;
            lines.push(Vec::new());
            lines.push(vec![text(Emphasis::Heading, group.to_owned())]);
        }
        command(app, row, cells, &mut lines);
    }
    lines.extend([Vec::new(), vec![text(Emphasis::Heading, TYPED.to_owned())]]);
    typed(cells, &mut lines);
    lines.extend([Vec::new(), vec![text(Emphasis::Heading, "Your own choice, for good".to_owned())]]);
    for (what, how) in OWN {
        explain(what, how, Emphasis::Plain, cells, &mut lines);
    }
    lines.extend([Vec::new(), vec![text(Emphasis::Heading, "Verdicts, in the order of need".to_owned())]]);
    for verdict in Verdict::ALL {
        for (i, words) in wrap(verdict.explanation(), cells.saturating_sub(LEAD).max(16)).into_iter().enumerate() {
            let lead = format!("{:<w$}{words}", "", w = if i == 0 { 16 - verdict.as_str().len() } else { LEAD });
            let first = [text(Emphasis::Plain, "  ".to_owned()), Piece::Verdict(verdict)];
            let head = first.into_iter().filter(|_| i == 0);
            lines.push(head.chain([text(Emphasis::Plain, lead)]).collect());
        }
    }
    lines.extend([Vec::new(), vec![text(Emphasis::Heading, "Phases of an issuance".to_owned())]]);
    for phase in Phase::ALL {
        explain(phase.as_str(), phase.explanation(), Emphasis::Plain, cells, &mut lines);
    }
    lines
}
