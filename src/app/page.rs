//! The pages of text: an object in words, the help, what happened, the watches.

pub(super) mod action_lines;
pub mod causes;
mod document;
pub(super) mod feed_lines;
pub mod feedline;
pub(super) mod help;
pub mod horizon;
pub mod line;
pub mod logs;
pub(super) mod matrix;
mod message_lines;
pub mod outline;
pub mod search;
pub mod timeline;
pub mod versions;
pub mod x509;
pub mod yaml;

use self::action_lines::action_lines;
use self::feed_lines::feed_lines;
use self::feedline::feedline;
use self::help::help;
use self::line::{Emphasis, Line, Piece, text};
use self::message_lines::message_lines;
use super::App;
use super::screen::Screen;
use crate::command::Command;
use crate::model::condition::Status;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::text::{width, wrap};
use crate::triage::concerns::concerns;
use crate::triage::describe::{Fact, Section, Value, describe};
use crate::triage::evidence::would_be_told;
use crate::triage::finding::{Finding, Severity};

/// Cells of the column of labels.
const LABEL: usize = 16;

/// Events on the page of events.
const EVENTS: usize = 300;

impl App {
    /// Lays out the page of text, or the detail pane, and the window over it.
    pub(super) fn write_page(&mut self) {
        let areas = self.ui.areas();
        let area = if areas.heads.height > 0 { areas.detail } else { areas.main };
        if area.height > 0 {
            self.page = self.lines(usize::from(area.width).saturating_sub(2));
            self.ui.text.height = usize::from(area.height);
            self.ui.text.offset = self.ui.text.offset.min(self.page.len().saturating_sub(self.ui.text.height));
        }
    }

    /// The lines of the present page, or of the detail pane.
    pub fn page_lines(&self) -> &[Line] {
        &self.page
    }

    /// The lines of the present page, or of the detail pane, for a width.
    pub(super) fn lines(&self, cells: usize) -> Vec<Line> {
        match self.ui.screen() {
            Screen::Help => help(self, cells),
            Screen::Causes => self.cause_lines(cells),
            Screen::Events => self.event_lines(EVENTS),
            Screen::Feeds => feed_lines(self, cells),
            Screen::Probe => self.matrix(cells),
            Screen::X509 => self.x509_lines(cells),
            Screen::Yaml => self.yaml_lines(cells),
            Screen::Actions => action_lines(&self.acting.log, cells),
            Screen::Messages => message_lines(&self.toasts, cells),
            Screen::Home | Screen::Describe | Screen::Kind(_) => self.description(cells),
            Screen::Tree | Screen::Timeline | Screen::Horizon | Screen::Logs => Vec::new(),
        }
    }

    /// What is wrong with an object, as far as its Certificate tells; of a Certificate, all of it.
    pub(super) fn findings_of(&self, key: &ObjectKey) -> impl Iterator<Item = &Finding> {
        let about = move |finding: &&Finding| key.kind == Kind::Certificate || concerns(&self.model, finding, key);
        self.findings.iter().filter(about)
    }

    fn description(&self, cells: usize) -> Vec<Line> {
        let Some(key) = self.selected_object() else { return Vec::new() };
        let sections = describe(&self.model, &key);
        if sections.is_empty() {
            let seen = self.model.feeds.sees(key.kind, &key.namespace);
            let why = if seen { "There is no such object." } else { "Whether it exists cannot be seen." };
            return vec![vec![text(Emphasis::Plain, format!("{key}"))], vec![text(Emphasis::Dim, why.to_owned())]];
        }
        let mut lines: Vec<Line> = Vec::new();
        let probe = self.keymap.key_of(Command::Probe).filter(|_| self.aim().is_ok());
        for finding in self.findings_of(&key) {
            card(finding, probe.as_deref().filter(|_| would_be_told(finding)), cells, &mut lines);
        }
        let gap = !lines.is_empty();
        lines.extend(sections.iter().enumerate().flat_map(|(i, section)| section_lines(section, gap || i > 0, cells)));
        lines
    }

    /// What happened, the youngest first.
    pub fn event_lines(&self, limit: usize) -> Vec<Line> {
        feedline(&self.model, &self.selection.namespaces, limit)
            .into_iter()
            .map(|entry| {
                let subject = format!("{}/{}", entry.certificate.namespace, entry.certificate.name);
                let object = if entry.label.is_empty() { String::new() } else { format!(" {}", entry.label) };
                let times = if entry.count > 1 { format!(" ×{}", entry.count) } else { String::new() };
                let tone = if entry.warning { Emphasis::Bad } else { Emphasis::Plain };
                vec![
                    Piece::Clock(entry.at),
                    text(
                        if entry.seen { Emphasis::Good } else { Emphasis::Dim },
                        if entry.seen { " ● " } else { " · " }.to_owned(),
                    ),
                    text(Emphasis::Heading, subject.trim_start_matches('/').to_owned()),
                    text(Emphasis::Dim, format!("{object}{times} ")),
                    text(tone, entry.what),
                ]
            })
            .collect()
    }
}

/// Cells of the words of a line.
fn cells_of(line: &Line) -> usize {
    line.iter().map(|piece| if let Piece::Text(_, words) = piece { width(words) } else { 0 }).sum()
}

/// A finding as a card: what is wrong, why, what shows it, what mends it. `probe` is the key of a probe that would tell more.
pub(super) fn card(finding: &Finding, probe: Option<&str>, cells: usize, lines: &mut Vec<Line>) {
    if !lines.is_empty() {
        lines.push(Vec::new());
    }
    let bad = finding.severity >= Severity::Error;
    let emphasis = if bad { Emphasis::Bad } else { Emphasis::Heading };
    lines.extend(wrap(&finding.title, cells).into_iter().map(|words| vec![text(emphasis, words)]));
    // Half an id cannot be looked up: one that has no room behind the title stands below it.
    let id = text(Emphasis::Dim, format!("  {}", finding.id));
    match lines.last_mut() {
        Some(last) if cells_of(last) + 2 + width(finding.id) <= cells => last.push(id),
        _ => lines.push(vec![id]),
    }
    // In a pane, what the cluster says must not push the mend out of sight; the full page shows all of it.
    let (most, witnesses) = if cells < 90 { (3, 2) } else { (usize::MAX, usize::MAX) };
    let mut say = |indent: usize, first: &str, words: &str, emphasis: Emphasis| {
        let most = if emphasis == Emphasis::Dim { most } else { usize::MAX };
        for (i, line) in at_most(most, words, cells.saturating_sub(indent).max(16)).into_iter().enumerate() {
            let lead = if i == 0 { format!("{first:<indent$}") } else { " ".repeat(indent) };
            lines.push(vec![text(Emphasis::Dim, lead), text(emphasis, line)]);
        }
    };
    say(2, "", &finding.cause, Emphasis::Plain);
    for evidence in finding.evidence.iter().take(witnesses) {
        let words = format!("{} {} “{}”", evidence.object, evidence.field, evidence.value);
        say(6, "  saw", &words, Emphasis::Dim);
    }
    if finding.evidence.len() > witnesses {
        say(6, "", &format!("and {} more", finding.evidence.len() - witnesses), Emphasis::Dim);
    }
    for (i, remedy) in finding.remedies.iter().enumerate() {
        say(5, &format!("  {}.", i + 1), &remedy.text, Emphasis::Plain);
        say(5, "", remedy.command.as_deref().unwrap_or_default(), Emphasis::Key);
    }
    if let Some(key) = probe {
        let words = "probes it: who answers what, and what is behind an address. It may find why.";
        say(5, &format!("  {key}"), words, Emphasis::Plain);
    }
    say(7, "  docs", finding.docs.unwrap_or_default(), Emphasis::Dim);
}

/// A text in so many lines: where it has more, the first ones and the last one, for a message often says at its end why.
fn at_most(most: usize, words: &str, cells: usize) -> Vec<String> {
    let whole = wrap(words, cells);
    if whole.len() <= most {
        return whole;
    }
    let mut lines = wrap(words, cells.saturating_sub(2));
    let last = lines.pop().unwrap_or_default();
    lines.truncate(most.saturating_sub(1));
    lines.push(format!("… {last}"));
    lines
}

fn section_lines(section: &Section, gap: bool, cells: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = if gap { vec![Vec::new()] } else { Vec::new() };
    lines.push(vec![text(Emphasis::Heading, section.title.to_owned())]);
    for fact in &section.facts {
        fact_lines(fact, cells, &mut lines);
    }
    lines
}

fn fact_lines(fact: &Fact, cells: usize, lines: &mut Vec<Line>) {
    let indent = if fact.label.is_empty() { 2 } else { LABEL };
    // A label that fills its column keeps a blank behind it.
    let words = if fact.label.is_empty() { "  ".to_owned() } else { format!("  {:<w$} ", fact.label, w = indent - 3) };
    let label = || text(Emphasis::Dim, words.clone());
    let room = cells.saturating_sub(indent).max(16);
    let mut say = |first: Line, words: &str, emphasis: Emphasis| {
        let mut wrapped = wrap(words, room).into_iter();
        let mut line = vec![label()];
        line.extend(first);
        line.extend(wrapped.next().map(|w| text(emphasis, w)));
        lines.push(line);
        lines.extend(wrapped.map(|w| vec![text(Emphasis::Plain, " ".repeat(indent)), text(emphasis, w)]));
    };
    match &fact.value {
        Value::Text(words) => say(Vec::new(), words, Emphasis::Plain),
        Value::Moment(moment) => say(vec![Piece::Moment(*moment)], "", Emphasis::Plain),
        Value::Condition(condition) => {
            let tone = if condition.status == Status::True { Emphasis::Good } else { Emphasis::Plain };
            let mut line = vec![
                text(tone, condition.status.as_str().to_owned()),
                text(Emphasis::Plain, format!(" {} ", condition.reason)),
            ];
            line.extend(condition.since.map(Piece::Ago));
            say(line, "", Emphasis::Plain);
            lines.extend(
                wrap(condition.message.as_str(), room)
                    .into_iter()
                    .map(|w| vec![text(Emphasis::Plain, " ".repeat(indent)), text(Emphasis::Dim, w)]),
            );
        }
        Value::Note(at, count, words, warning) => {
            let times = if *count > 1 { format!(" ×{count}") } else { String::new() };
            let first = vec![Piece::Ago(*at), text(Emphasis::Dim, format!("{times} "))];
            let used = 10;
            let mut wrapped = wrap(words, room.saturating_sub(used)).into_iter();
            let tone = if *warning { Emphasis::Bad } else { Emphasis::Plain };
            let mut line = vec![label()];
            line.extend(first);
            line.extend(wrapped.next().map(|w| text(tone, w)));
            lines.push(line);
            lines.extend(wrapped.map(|w| vec![text(Emphasis::Plain, " ".repeat(indent + used)), text(tone, w)]));
        }
    }
}
