//! [`TimelinePage`]: the story of the selected Certificate: one attempt as bars, and everything that happened.

use crate::app::App;
use crate::app::areas::{Area, told_areas};
use crate::app::screen::Screen;
use crate::app::toast::Tone;
use crate::app::viewport::Viewport;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey};
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::text::{number, wrap};
use crate::triage::finding::Severity;
use crate::triage::timeline::{Attempt, Entry, Origin, Span, Timeline, Until, Usual, Wait, timeline, usual, waits};

/// The page of a Certificate's story.
#[derive(Debug, Default)]
pub struct TimelinePage {
    /// What is told.
    pub timeline: Option<Timeline>,
    /// How long it usually takes.
    pub usual: Usual,
    /// What is waited for.
    pub waits: Vec<Wait>,
    /// Which source is shown; `None` for all.
    pub origin: Option<Origin>,
    /// The window over the entries.
    pub view: Viewport,
    /// The entries that are shown.
    shown: Vec<usize>,
    of: Option<Id<Certificate>>,
    /// Which attempt is shown; `None` for the last.
    attempt: Option<usize>,
}

impl TimelinePage {
    /// The attempt that is shown.
    pub fn attempt(&self) -> Option<&Attempt> {
        let attempts = &self.timeline.as_ref()?.attempts;
        self.attempt.and_then(|i| attempts.get(i)).or_else(|| attempts.last())
    }

    /// How many attempts there are.
    pub fn attempts(&self) -> usize {
        self.timeline.as_ref().map_or(0, |timeline| timeline.attempts.len())
    }

    /// Whether there is an attempt before the one that is shown.
    pub(in crate::app) fn has_earlier(&self) -> bool {
        self.attempt.unwrap_or_else(|| self.attempts().saturating_sub(1)) > 0
    }

    /// How many entries are shown.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// An entry that is shown.
    pub fn entry(&self, row: usize) -> Option<&Entry> {
        self.timeline.as_ref()?.entries.get(*self.shown.get(row)?)
    }

    fn choose(&mut self) {
        let entries = self.timeline.as_ref().map(|timeline| timeline.entries.as_slice()).unwrap_or_default();
        let wanted = |entry: &Entry| self.origin.is_none_or(|origin| entry.origin == origin);
        self.shown = entries.iter().enumerate().filter(|(_, entry)| wanted(entry)).map(|(i, _)| i).collect();
    }
}

impl App {
    /// Tells the story of the selected Certificate anew; a cursor at the end stays there.
    pub(in crate::app) fn tell(&mut self, now: Time) {
        if self.ui.screen() != Screen::Timeline {
            return;
        }
        let Some(id) = self.selected() else { return };
        let page = &mut self.timeline;
        let fresh = page.of != Some(id);
        if fresh {
            *page = TimelinePage {
                of: Some(id),
                usual: usual(&self.model, id),
                origin: page.origin,
                ..TimelinePage::default()
            };
        }
        let at_the_end = fresh || page.view.cursor + 1 >= page.shown.len();
        page.timeline = timeline(&self.model, id);
        page.waits = waits(&self.model, id, now);
        let of_chain = |object: &ObjectKey| {
            let entries = page.timeline.iter().flat_map(|timeline| &timeline.attempts).flat_map(|a| &a.stages);
            entries.filter(|stage| stage.end.is_none()).any(|stage| stage.object == *object)
        };
        let kept = self.probes.iter().filter(|(object, _)| of_chain(object));
        if let Some(until) = kept.filter_map(|(_, entry)| entry.track.negative_until(now)).max() {
            let because = "the TTL of their answers, as the probe saw it";
            let what = "name servers that keep “there is none”".to_owned();
            page.waits.insert(0, Wait { what, until: Until::Moment(until), because });
        }
        page.choose();
        if at_the_end {
            page.view.cursor = page.shown.len().saturating_sub(1);
        }
    }

    /// Shows the story of the selected Certificate.
    pub(in crate::app) fn open_story(&mut self, now: Time) {
        self.timeline.of = None;
        self.turn_page(Screen::Timeline, now);
    }

    /// Shows an earlier or later attempt.
    pub(in crate::app) fn step_attempt(&mut self, by: isize) {
        let last = self.timeline.attempts().saturating_sub(1);
        let here = self.timeline.attempt.unwrap_or(last);
        self.timeline.attempt = Some(here.saturating_add_signed(by).min(last)).filter(|there| *there < last);
        self.fit();
    }

    /// Shows the next source alone, or all of them again.
    pub(in crate::app) fn next_origin(&mut self) {
        let here = self.timeline.origin.and_then(|origin| Origin::ALL.iter().position(|known| *known == origin));
        self.timeline.origin = Origin::ALL.get(here.map_or(0, |i| i + 1)).copied();
        self.timeline.choose();
        self.timeline.view.cursor = self.timeline.len().saturating_sub(1);
        self.fit();
    }

    /// Goes to the object of the selected entry.
    pub(in crate::app) fn open_entry(&mut self, now: Time) {
        let Some(object) = self.timeline.entry(self.timeline.view.cursor).map(|entry| entry.object.clone()) else {
            return;
        };
        self.go_to_object(&object, now);
    }

    /// Goes to an object in the tree of the selected Certificate.
    pub(in crate::app) fn go_to_object(&mut self, object: &ObjectKey, now: Time) {
        if self.outline.position(object).is_none() && !self.reveal(object, now) {
            self.toasts.show(format!("{} {} is gone", object.kind, object.name), Tone::Neutral, now);
            return;
        }
        self.ui.node = Some(object.clone());
        self.turn_page(Screen::Tree, now);
    }

    /// Opens the branches above an object; false where it is in no tree.
    pub(in crate::app) fn reveal(&mut self, object: &ObjectKey, now: Time) -> bool {
        // Each round opens one more level.
        for _ in 0..4 {
            let closed: Vec<_> = self
                .outline
                .rows()
                .iter()
                .filter(|row| row.open == Some(false))
                .map(|row| row.node.object.clone())
                .collect();
            for key in closed {
                if !self.ui.toggled.remove(&key) {
                    self.ui.toggled.insert(key);
                }
            }
            self.lay_out(now);
            if self.outline.position(object).is_some() {
                return true;
            }
        }
        false
    }
}

impl App {
    /// Whether the page says why: of the last attempt, while something is wrong with the Certificate.
    pub fn timeline_reason(&self) -> bool {
        let last = self.timeline.attempt.is_none_or(|attempt| attempt + 1 >= self.timeline.attempts());
        last && self.findings.first().is_some_and(|finding| finding.severity > Severity::Info)
    }

    /// Where the bars are and where the entries: a rule lies between them.
    pub fn timeline_areas(&self, main: Area) -> (Area, Area) {
        let rows = self.timeline.attempt().map_or(0, |attempt| rows(attempt).len()) as u16;
        // One row for the waits, one for the scale.
        let wanted = rows + 2 + u16::from(self.timeline_reason()) + self.timeline.waits.len().min(3) as u16;
        let above = wanted.min(main.height * 3 / 5);
        let below = main.height.saturating_sub(above + 1);
        (Area { height: above, ..main }, Area { y: main.y + main.height - below, height: below, ..main })
    }
}

/// Rows in which the selected entry is told at most.
const TOLD: usize = 8;

impl App {
    /// Where the entries are, and where the selected one is told in as many rows as it needs.
    pub fn entry_areas(&self, main: Area) -> (Area, Area) {
        let (_, below) = self.timeline_areas(main);
        let cells = usize::from(below.width).saturating_sub(2);
        let told = self.timeline.entry(self.timeline.view.cursor).map_or(0, |entry| wrap(&words(entry), cells).len());
        told_areas(below, told.min(TOLD) as u16)
    }
}

/// What happened, in words.
pub fn words(entry: &Entry) -> String {
    let change = match (&entry.from, &entry.to) {
        (Some(from), Some(to)) => format!(" {from} → {to}"),
        (None, Some(to)) => format!(" {to}"),
        _ => String::new(),
    };
    let times = if entry.count > 1 { format!(" ×{}", number(entry.count as usize)) } else { String::new() };
    format!("{}{change}{times}", entry.what)
}

/// One row of bars: a stage, or all stages of one Challenge.
#[derive(Debug, Clone, PartialEq)]
pub struct BarRow<'a> {
    /// What stands before it.
    pub label: String,
    /// Its bars, by their beginning.
    pub spans: Vec<&'a Span>,
}

/// The rows of an attempt. Challenges run side by side, so each has a row of its own.
pub fn rows(attempt: &Attempt) -> Vec<BarRow<'_>> {
    let mut rows: Vec<BarRow> = Vec::new();
    for span in &attempt.stages {
        if span.object.kind != Kind::Challenge {
            rows.push(BarRow { label: span.phase.to_string(), spans: vec![span] });
            continue;
        }
        let same = |row: &&mut BarRow| row.spans.first().is_some_and(|first| first.object == span.object);
        match rows.iter_mut().find(same) {
            Some(row) => row.spans.push(span),
            None => {
                let label = if span.proves.is_empty() { span.object.name.to_string() } else { span.proves.to_string() };
                rows.push(BarRow { label, spans: vec![span] });
            }
        }
    }
    rows
}
