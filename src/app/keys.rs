//! What keys do: in a prompt, in a menu, on a page.

use super::App;
use super::completion::{completions, likely};
use super::effect::Effect;
use super::prompt::{Prompt, Typed};
use super::toast::Tone;
use super::ui_state::{Mode, Screen};
use crate::command::{Command, Scope};
use crate::keymap::chord::{Chord, Key};
use crate::keymap::{Lookup, Place};
use crate::model::meta::Time;
use crate::query::filter::Query;

impl App {
    pub(super) fn key(&mut self, chord: Chord, now: Time) -> Vec<Effect> {
        match std::mem::take(&mut self.ui.mode) {
            Mode::Normal => return self.page_key(chord, now),
            Mode::Filter { prompt, before, .. } => self.filter_key(prompt, before, chord, now),
            Mode::LogSearch { prompt, before } => self.log_search_key(prompt, before, chord, now),
            Mode::Palette { prompt, .. } => return self.palette_key(prompt, chord, now),
            Mode::Search { prompt, before } => self.search_key(prompt, before, chord, now),
            Mode::Namespaces(view) => self.menu_key(view, chord, now),
            Mode::Contexts { names, view } => return self.context_key(names, view, chord),
            Mode::Action(dialog) => return self.dialog_key(*dialog, chord, now),
            Mode::Quit => {
                if matches!(chord.key, Key::Enter | Key::Char('q' | 'y')) || chord.ctrl && chord.key == Key::Char('c') {
                    return vec![Effect::Quit { keep: false }];
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

    pub(super) fn paste(&mut self, text: &str) {
        if let Mode::Filter { prompt, .. }
        | Mode::LogSearch { prompt, .. }
        | Mode::Search { prompt, .. }
        | Mode::Palette { prompt, .. } = &mut self.ui.mode
        {
            prompt.insert(text);
        }
        if let Mode::Action(dialog) = &mut self.ui.mode
            && let Some(prompt) = &mut dialog.prompt
        {
            prompt.insert(text);
        }
    }

    fn filter_key(&mut self, mut prompt: Prompt, before: String, chord: Chord, now: Time) {
        match prompt.key(chord) {
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

    /// Shows what matches; the error says why a text is no filter, and leaves the rows as they are.
    pub(super) fn filter(&mut self, text: &str, now: Time) -> Option<String> {
        if let Screen::Kind(kind) = self.ui.screen() {
            return self.filter_rows(kind, text, now);
        }
        match Query::parse(text) {
            Ok(query) => {
                text.clone_into(&mut self.ui.filter);
                self.selection.query = query;
                self.rearrange(now);
                None
            }
            Err(error) => Some(error),
        }
    }

    fn palette_key(&mut self, mut prompt: Prompt, chord: Chord, now: Time) -> Vec<Effect> {
        match prompt.key(chord) {
            Typed::Cancelled => {
                self.ui.stem = None;
                Vec::new()
            }
            Typed::Accepted => {
                self.ui.stem = None;
                self.palette(&prompt, now)
            }
            Typed::Changed | Typed::Same if matches!(chord.key, Key::Tab | Key::BackTab) => {
                if let Some(text) = self.complete(prompt.text(), chord.key == Key::BackTab) {
                    prompt = Prompt::new(&text);
                }
                self.ui.mode = Mode::Palette { prompt, error: None };
                Vec::new()
            }
            Typed::Changed | Typed::Same => {
                self.ui.stem = None;
                self.ui.mode = Mode::Palette { prompt, error: None };
                Vec::new()
            }
        }
    }

    fn palette(&mut self, prompt: &Prompt, now: Time) -> Vec<Effect> {
        let text = prompt.text().trim();
        let (name, argument) = text.split_once(' ').unwrap_or((text, ""));
        if matches!(name, "ns" | "namespace") && !argument.is_empty() {
            self.choose_namespace(argument.trim(), now);
            return Vec::new();
        }
        if name == "theme" && !argument.is_empty() {
            return vec![Effect::Theme(Some(argument.trim().to_owned()))];
        }
        if matches!(name, "ctx" | "context" | "contexts") && !argument.is_empty() {
            return self.switch_context(argument.trim().to_owned(), now);
        }
        if name == "columns"
            && text.len() < prompt.text().len() + 1
            && (!argument.is_empty() || prompt.text().ends_with(' '))
        {
            self.choose_columns(argument, now);
            return Vec::new();
        }
        if matches!(name, "host" | "find") && !argument.is_empty() {
            let visit = self.visit();
            self.find_host(argument.trim(), now);
            self.remember(visit, Command::Host);
            return Vec::new();
        }
        let named = match name {
            "" => return Vec::new(),
            "q" | "q!" => return vec![Effect::Quit { keep: false }],
            name => Command::called(name).or_else(|| match completions(name).as_slice() {
                [only] => Command::named(only),
                _ => None,
            }),
        };
        match named {
            Some(command @ Command::List(_)) if !argument.is_empty() => {
                self.choose_namespace(argument.trim(), now);
                self.run(command, now)
            }
            Some(command) => self.run(command, now),
            None => {
                let meant = likely(name).map(|known| format!("did you mean `{known}`? "));
                let error = Some(format!("there is no command `{name}`; {}`?` lists them", meant.unwrap_or_default()));
                self.ui.mode = Mode::Palette { prompt: prompt.clone(), error };
                Vec::new()
            }
        }
    }

    /// Shows one namespace, or says that there is none of that name.
    pub(super) fn choose_namespace(&mut self, name: &str, now: Time) {
        if name == "all" {
            return self.show_namespaces(None, now);
        }
        let known = self.model.namespaces().into_iter().find(|known| known.as_str() == name).cloned();
        match known {
            Some(namespace) => self.show_namespaces(Some(namespace), now),
            None => self.toasts.show(format!("no namespace {name} is known"), Tone::Bad, now),
        }
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
