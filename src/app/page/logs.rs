//! [`LogPage`]: what cert-manager's controller and its solvers print, cut down to the selected object and what belongs
//! to it.

use std::collections::{BTreeSet, HashSet, VecDeque};

use crate::app::App;
use crate::app::areas::{Area, told_areas};
use crate::app::effect::Effect;
use crate::app::input::prompt::{Prompt, Typed};
use crate::app::message::SourceKind;
use crate::app::screen::{Mode, Screen};
use crate::app::toast::Tone;
use crate::app::viewport::Viewport;
use crate::keymap::chord::Chord;
use crate::limits;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey};
use crate::model::kind::Kind;
use crate::model::logs::{LogBook, LogLine, Mention, SOLVER, Voice};
use crate::model::meta::Time;
use crate::triage::timeline::objects;
use crate::triage::tree::{Node, tree};

/// The page of logs.
#[derive(Debug, Default)]
pub struct LogPage {
    /// Whether the lines about everything are shown.
    pub all: bool,
    /// Whether warnings and errors alone are shown.
    pub only_trouble: bool,
    /// The text that every line has; empty for any.
    pub query: String,
    /// The number after the last line that is shown, while the lines are held.
    pub held: Option<usize>,
    /// The window over the lines.
    pub view: Viewport,
    /// What the page is about.
    pub about: Option<ObjectKey>,
    keys: Vec<ObjectKey>,
    names: HashSet<Box<str>>,
    /// The numbers of the lines that are shown.
    shown: VecDeque<usize>,
    /// The lines from one number to another were looked through.
    looked: std::ops::Range<usize>,
    /// The line to be selected again once it is found.
    anchor: Option<usize>,
    /// What the source was asked to follow.
    followed: BTreeSet<Voice>,
}

impl LogPage {
    /// How many lines are shown.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// The line in a row.
    pub fn line<'b>(&self, row: usize, book: &'b LogBook) -> Option<&'b LogLine> {
        book.get(*self.shown.get(row)?)
    }

    /// The logs that are followed.
    pub const fn followed(&self) -> &BTreeSet<Voice> {
        &self.followed
    }

    /// Whether a log of a namespace is followed.
    pub fn is_followed_in(&self, namespace: &str) -> bool {
        self.followed.iter().any(|voice| *voice.namespace == *namespace)
    }

    /// Whether a line is about the object or what belongs to it.
    fn concerns(&self, line: &LogLine) -> bool {
        let speaks = |key: &ObjectKey| {
            key.kind == Kind::Pod && *key.name == *line.voice.pod && key.namespace == line.voice.namespace
        };
        self.names.contains(line.voice.pod.as_str()) && self.keys.iter().any(speaks)
            || line
                .mentions
                .iter()
                .any(|mention| self.names.contains(&mention.name) && self.keys.iter().any(|key| mention.means(key)))
    }

    fn wants(&self, line: &LogLine) -> bool {
        (!self.only_trouble || line.is_trouble())
            && (self.all || self.concerns(line))
            && (self.query.is_empty() || holds(&line.text, &self.query))
    }

    /// Looks through everything anew.
    fn restart(&mut self, book: &LogBook) {
        let end = self.held.unwrap_or_else(|| book.end());
        self.shown.clear();
        (self.looked, self.view.cursor) = (end..end, 0);
    }

    /// Takes in the lines that are new, and lets go of those that are gone.
    fn catch_up(&mut self, book: &LogBook) {
        let end = self.held.unwrap_or_else(|| book.end());
        if self.looked.end < book.first() || self.looked.end > book.end() {
            self.restart(book);
        }
        for number in self.looked.end..end {
            if book.get(number).is_some_and(|line| self.wants(line)) {
                self.shown.push_back(number);
            }
        }
        self.looked = self.looked.start.max(book.first())..self.looked.end.max(end);
        while self.shown.front().is_some_and(|number| *number < book.first()) {
            self.shown.pop_front();
            self.view.cursor = self.view.cursor.saturating_sub(1);
        }
    }

    /// Looks through some more of the older lines. False when there are none left.
    fn look_back(&mut self, book: &LogBook) -> bool {
        let from = self.looked.start.saturating_sub(limits::LOG_STRIDE).max(book.first());
        for number in (from..self.looked.start).rev() {
            if book.get(number).is_some_and(|line| self.wants(line)) {
                self.shown.push_front(number);
                self.view.cursor += 1;
            }
        }
        self.looked.start = from;
        from > book.first()
    }
}

/// Whether a text holds another one, in whatever case.
fn holds(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// Where the lines are and where the selected one is told in full.
pub const fn log_areas(main: Area) -> (Area, Area) {
    told_areas(main, if main.height / 4 < 6 { main.height / 4 } else { 6 })
}

impl App {
    pub(in crate::app) fn open_logs(&mut self, now: Time) {
        self.logs = LogPage { followed: std::mem::take(&mut self.logs.followed), ..LogPage::default() };
        self.ui.go(Screen::Logs);
        self.choose_logs(now);
        self.read_logs(&mut || false);
        self.fit();
    }

    pub(in crate::app) fn all_logs(&mut self, now: Time) {
        self.logs.all = !self.logs.all;
        self.look_anew(now);
    }

    pub(in crate::app) fn only_trouble(&mut self, now: Time) {
        self.logs.only_trouble = !self.logs.only_trouble;
        self.look_anew(now);
    }

    pub(in crate::app) fn hold_logs(&mut self, now: Time) {
        self.logs.held = match self.logs.held {
            None => Some(self.model.logs.end()),
            Some(_) => None,
        };
        if self.logs.held.is_none() {
            self.logs.view.cursor = self.logs.len().saturating_sub(1);
            self.settle(now, || false);
        }
    }

    pub(in crate::app) fn search_logs(&mut self) {
        let before = self.logs.query.clone();
        self.ui.mode = Mode::LogSearch { prompt: Prompt::new(&before), before };
    }

    pub(in crate::app) fn log_search_key(&mut self, mut prompt: Prompt, before: String, chord: Chord, now: Time) {
        let typed = self.histories.texts.key(&mut prompt, chord);
        self.log_search_typed(prompt, before, typed, now);
    }

    pub(in crate::app) fn log_search_typed(&mut self, prompt: Prompt, before: String, typed: Typed, now: Time) {
        match typed {
            Typed::Accepted => {}
            Typed::Cancelled => self.look_for(&before, now),
            Typed::Changed => {
                self.look_for(prompt.text(), now);
                self.ui.mode = Mode::LogSearch { prompt, before };
            }
            Typed::Same => self.ui.mode = Mode::LogSearch { prompt, before },
        }
    }

    /// Shows the lines that have a text.
    pub(in crate::app) fn look_for(&mut self, text: &str, now: Time) {
        text.clone_into(&mut self.logs.query);
        self.look_anew(now);
    }

    fn look_anew(&mut self, now: Time) {
        self.logs.restart(&self.model.logs);
        self.settle(now, || false);
    }

    /// Finds out what the page is about: the selected object, and what belongs to it.
    pub(in crate::app) fn choose_logs(&mut self, now: Time) {
        if self.ui.screen() != Screen::Logs {
            return;
        }
        let about = self.selected_object();
        let keys = match (&about, self.selected()) {
            (Some(key), Some(id)) if key.kind == Kind::Certificate => objects(&self.model, id),
            (Some(key), Some(id)) => {
                let mut keys = Vec::new();
                if let Some(root) = tree(&self.model, id, now) {
                    below(&root, key, false, &mut keys);
                }
                if keys.is_empty() { vec![key.clone()] } else { keys }
            }
            _ => Vec::new(),
        };
        if keys != self.logs.keys || about != self.logs.about {
            self.logs.names = keys.iter().map(|key| key.name.clone()).collect();
            (self.logs.about, self.logs.keys) = (about, keys);
            let page = &mut self.logs;
            if page.view.cursor + 1 < page.shown.len() {
                page.anchor = page.shown.get(page.view.cursor).copied();
            }
            page.restart(&self.model.logs);
        }
    }

    /// Brings the page up to date, older lines while there is time.
    pub(in crate::app) fn read_logs(&mut self, more_time: &mut impl FnMut() -> bool) {
        if self.ui.screen() != Screen::Logs {
            return;
        }
        let (page, book) = (&mut self.logs, &self.model.logs);
        let at_the_end = page.held.is_none() && page.anchor.is_none() && page.view.cursor + 1 >= page.shown.len();
        page.catch_up(book);
        while page.look_back(book) && more_time() {}
        if at_the_end {
            page.view.cursor = page.shown.len().saturating_sub(1);
        }
        if let Some(line) = page.anchor.take_if(|line| *line >= page.looked.start) {
            page.view.cursor = page.shown.partition_point(|number| *number < line);
        }
        self.fit();
    }

    /// When more of the older lines are looked through.
    pub(in crate::app) fn logs_due(&self, now: Time) -> Option<Time> {
        (self.ui.screen() == Screen::Logs && self.logs.looked.start > self.model.logs.first()).then_some(now)
    }

    /// Which logs are wanted: those of the controllers, and while the page is open those of the solvers it is about.
    fn voices(&self) -> BTreeSet<Voice> {
        let mut voices: Vec<Voice> = self.model.controller_voices().collect();
        if self.ui.stack.contains(&Screen::Logs) {
            let there = |key: &&ObjectKey| {
                key.kind == Kind::Pod && self.model.solvers.by_name(&key.namespace, &key.name).is_some()
            };
            let solvers = self.logs.keys.iter().filter(there);
            voices.extend(solvers.map(|key| Voice {
                namespace: key.namespace.clone(),
                pod: (&*key.name).into(),
                container: SOLVER.into(),
            }));
        }
        voices.into_iter().take(limits::LOG_STREAMS).collect()
    }

    /// Has the logs followed that are wanted now, where they are others than before.
    pub(in crate::app) fn follow_logs(&mut self) -> Option<Effect> {
        if self.looks_back() || self.session.as_ref().is_none_or(|session| session.source == SourceKind::Recording) {
            return None;
        }
        let wanted = self.voices();
        if wanted == self.logs.followed {
            return None;
        }
        self.logs.followed.clone_from(&wanted);
        Some(Effect::FollowLogs(wanted.into_iter().collect()))
    }

    /// Goes to the object that the selected line names.
    pub(in crate::app) fn open_log_line(&mut self, now: Time) {
        let Some(line) = self.logs.line(self.logs.view.cursor, &self.model.logs) else { return };
        let found = line.mentions.iter().find_map(|mention| self.mentioned(mention));
        match found {
            Some((certificate, object)) => {
                if self.selected() != Some(certificate) && !self.move_to(certificate, now) {
                    return self.toasts.show(
                        format!("{object} is not among the rows that are shown"),
                        Tone::Neutral,
                        now,
                    );
                }
                self.go_to_object(&object, now);
            }
            None => self.toasts.show("the line names no object that is there", Tone::Neutral, now),
        }
    }

    /// Whether a line names an object that can be gone to.
    pub(in crate::app) fn leads(&self, line: &LogLine) -> bool {
        let found = line.mentions.iter().find_map(|mention| self.mentioned(mention));
        found.is_some_and(|(id, _)| self.selected() == Some(id) || self.roster.rows().contains(&id))
    }

    /// Selects a Certificate; false where its row is not shown.
    fn move_to(&mut self, id: Id<Certificate>, now: Time) -> bool {
        let Some(row) = self.roster.rows().iter().position(|known| *known == id) else { return false };
        self.ui.table.cursor = row;
        self.follow(now);
        true
    }

    /// The object that a line means, with the Certificate it belongs to.
    fn mentioned(&self, mention: &Mention) -> Option<(Id<Certificate>, ObjectKey)> {
        let model = &self.model;
        let (namespace, name) = (mention.namespace.as_str(), &*mention.name);
        let may_be = |kind: Kind| mention.kind.is_none_or(|known| known == kind);
        let key = |kind| ObjectKey { kind, namespace: mention.namespace.clone(), name: name.into() };
        if let Some((id, _)) = model.certificate(namespace, name).filter(|_| may_be(Kind::Certificate)) {
            return Some((id, key(Kind::Certificate)));
        }
        if let Some(row) = model.challenges.by_name(namespace, name).and_then(|id| model.challenges.get(id))
            && may_be(Kind::Challenge)
        {
            return Some((model.root_of_challenge(row)?, key(Kind::Challenge)));
        }
        if let Some(row) = model.orders.by_name(namespace, name).and_then(|id| model.orders.get(id))
            && may_be(Kind::Order)
        {
            return Some((model.root_of_order(row)?, key(Kind::Order)));
        }
        let row = model.requests.by_name(namespace, name).and_then(|id| model.requests.get(id))?;
        may_be(Kind::CertificateRequest)
            .then(|| Some((model.root_of_request(row)?, key(Kind::CertificateRequest))))
            .flatten()
    }
}

/// The object and all below it.
fn below(node: &Node, wanted: &ObjectKey, within: bool, keys: &mut Vec<ObjectKey>) {
    let within = within || node.object == *wanted;
    if within {
        keys.push(node.object.clone());
    }
    node.children.iter().for_each(|child| below(child, wanted, within, keys));
}
