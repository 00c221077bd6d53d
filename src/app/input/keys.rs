//! What keys do: in a prompt, in a menu, on a page.

use super::prompt::{Prompt, Typed};
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::screen::{Mode, Screen};
use crate::command::{Command, Scope};
use crate::keymap::chord::{Chord, Key};
use crate::keymap::{Lookup, Place};
use crate::model::meta::Time;
use crate::query::filter::Query;

impl App {
    pub(in crate::app) fn key(&mut self, chord: Chord, now: Time) -> Vec<Effect> {
        match std::mem::take(&mut self.ui.mode) {
            Mode::Normal => return self.page_key(chord, now),
            Mode::Filter { prompt, before, .. } => self.filter_key(prompt, before, chord, now),
            Mode::LogSearch { prompt, before } => self.log_search_key(prompt, before, chord, now),
            Mode::Palette { prompt, .. } => return self.palette_key(prompt, chord, now),
            Mode::Search { prompt, before } => self.search_key(prompt, before, chord, now),
            Mode::Namespaces(view) => self.menu_key(view, chord, now),
            Mode::Remedies(view) => return self.remedy_key(view, chord, now),
            Mode::Contexts { names, view } => return self.context_key(names, view, chord),
            Mode::Action(dialog) => return self.dialog_key(*dialog, chord, now),
            Mode::Quit { keep } => {
                if matches!(chord.key, Key::Enter | Key::Char('q' | 'Q' | 'y'))
                    || chord.ctrl && chord.key == Key::Char('c')
                {
                    return vec![Effect::Quit { keep }];
                }
            }
        }
        Vec::new()
    }

    fn page_key(&mut self, chord: Chord, now: Time) -> Vec<Effect> {
        self.typed.push(chord);
        match self.keymap.lookup(&self.typed, self.place()) {
            Lookup::Prefix => Vec::new(),
            Lookup::Found(command) => {
                self.typed.clear();
                self.run(command, now)
            }
            Lookup::Nothing => {
                self.typed.clear();
                Vec::new()
            }
        }
    }

    /// Where the person is, for the keymap.
    pub fn place(&self) -> Place {
        let page = match self.ui.screen() {
            Screen::Timeline => Scope::Timeline,
            Screen::Logs => Scope::Logs,
            Screen::Yaml => Scope::Document,
            Screen::Probe => Scope::Probe,
            screen if screen.is_text() => Scope::Text,
            _ => Scope::Everywhere,
        };
        Place {
            table: matches!(self.ui.screen(), Screen::Home | Screen::Kind(_)),
            tree: self.ui.in_tree(),
            recording: self.past.head.is_some(),
            page,
        }
    }

    /// Puts pasted text into what is being typed; it works at once, as typed text does.
    pub(in crate::app) fn paste(&mut self, text: &str, now: Time) {
        match std::mem::take(&mut self.ui.mode) {
            Mode::Filter { mut prompt, before, .. } => {
                prompt.insert(text);
                self.filter_typed(prompt, before, Typed::Changed, now);
            }
            Mode::LogSearch { mut prompt, before } => {
                prompt.insert(text);
                self.log_search_typed(prompt, before, Typed::Changed, now);
            }
            Mode::Search { mut prompt, before } => {
                prompt.insert(text);
                self.search_typed(prompt, before, Typed::Changed, now);
            }
            Mode::Palette { mut prompt, .. } => {
                prompt.insert(text);
                self.ui.stem = None;
                self.ui.mode = Mode::Palette { prompt, error: None };
            }
            mut mode => {
                if let Mode::Action(dialog) = &mut mode
                    && let Some(prompt) = &mut dialog.prompt
                {
                    prompt.insert(text);
                }
                self.ui.mode = mode;
            }
        }
    }

    fn filter_key(&mut self, mut prompt: Prompt, before: String, chord: Chord, now: Time) {
        let typed = self.histories.filters.key(&mut prompt, chord);
        self.filter_typed(prompt, before, typed, now);
    }

    fn filter_typed(&mut self, prompt: Prompt, before: String, typed: Typed, now: Time) {
        match typed {
            Typed::Accepted => {
                // A line that is no filter is not taken: it stays, and says why.
                if let Some(error) = self.filter(prompt.text(), now) {
                    self.ui.mode = Mode::Filter { prompt, before, error: Some(error) };
                }
            }
            Typed::Cancelled => {
                self.filter(&before, now);
            }
            Typed::Changed => {
                let error = self.filter(prompt.text(), now);
                self.ui.mode = Mode::Filter { prompt, before, error };
            }
            Typed::Same => self.ui.mode = Mode::Filter { prompt, before, error: None },
        }
    }

    /// Shows what matches; the error says why a text is no filter: a word that is wrong narrows nothing.
    pub(in crate::app) fn filter(&mut self, text: &str, now: Time) -> Option<String> {
        if let Screen::Kind(kind) = self.ui.screen() {
            return self.filter_rows(kind, text, now);
        }
        let (query, error) = Query::read(text);
        // What is wrong is in no title: it is told where it is typed.
        if error.is_none() {
            text.clone_into(&mut self.ui.filter);
        } else {
            self.ui.filter.clear();
        }
        self.selection.query = query;
        self.rearrange(now);
        error
    }
}

impl App {
    /// The keys of a sequence that is being typed, and what can follow them.
    pub fn sequence(&self) -> Option<(String, Vec<(String, Command)>)> {
        if self.typed.is_empty() {
            return None;
        }
        let typed = self.typed.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        Some((typed, self.keymap.after(&self.typed, self.place())))
    }
}
