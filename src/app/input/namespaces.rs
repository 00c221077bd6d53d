//! The menu of namespaces, and the digits.

use super::completion::ALL;
use super::typing::nearest;
use crate::app::App;
use crate::app::screen::Mode;
use crate::app::viewport::Viewport;
use crate::keymap::chord::{Chord, Key};
use crate::model::meta::Time;
use crate::model::symbol::Symbol;

/// A row of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The namespace; `None` for all of them.
    pub namespace: Option<Symbol>,
    /// How many Certificates it has.
    pub certificates: usize,
    /// Whether it is shown now.
    pub chosen: bool,
    /// The digit that shows it.
    pub digit: Option<u8>,
}

/// How many digits there are.
const DIGITS: usize = 9;

impl App {
    /// The menu: all, then the namespaces that have Certificates, then the others.
    pub fn namespace_choices(&self) -> Vec<Choice> {
        let chosen = &self.selection.namespaces;
        let recent = self.recent_namespaces();
        let mut choices: Vec<Choice> = self
            .model
            .namespaces()
            .into_iter()
            .map(|namespace| Choice {
                namespace: Some(namespace.clone()),
                certificates: self.model.certificates_in(namespace),
                chosen: chosen.contains(namespace),
                digit: recent.iter().position(|known| known == namespace).map(|i| i as u8 + 1),
            })
            .collect();
        choices.sort_by_key(|choice| choice.certificates == 0);
        let all = Choice {
            namespace: None,
            certificates: self.model.certificates.len(),
            chosen: chosen.is_empty(),
            digit: Some(0),
        };
        std::iter::once(all).chain(choices).collect()
    }

    /// What the digits 1 to 9 mean: the namespaces that were chosen, the last one first, then the most populous.
    pub fn recent_namespaces(&self) -> Vec<Symbol> {
        let mut recent = self.ui.recent.clone();
        let mut others: Vec<(&Symbol, usize)> =
            self.model.certificate_counts().filter(|(namespace, _)| !recent.contains(namespace)).collect();
        others.sort_by_key(|(namespace, count)| (std::cmp::Reverse(*count), (*namespace).clone()));
        let wanted = DIGITS.saturating_sub(recent.len());
        recent.extend(others.into_iter().take(wanted).map(|(namespace, _)| namespace.clone()));
        recent
    }

    /// Shows one namespace, or all.
    pub(in crate::app) fn show_namespaces(&mut self, namespace: Option<Symbol>, now: Time) {
        self.selection.namespaces = namespace.iter().cloned().collect();
        if let Some(namespace) = namespace {
            // The digits keep their meaning while one goes to and fro between known ones.
            if !self.ui.recent.contains(&namespace) {
                self.ui.recent.insert(0, namespace);
                self.ui.recent.truncate(DIGITS);
            }
        }
        self.rearrange(now);
    }

    /// Shows one namespace; the error says that there is none of that name.
    pub(super) fn choose_namespace(&mut self, name: &str, now: Time) -> Result<(), String> {
        if name == ALL {
            self.show_namespaces(None, now);
            return Ok(());
        }
        let known = self.model.namespaces();
        if let Some(namespace) = known.iter().find(|known| known.as_str() == name) {
            let namespace = Symbol::clone(namespace);
            self.show_namespaces(Some(namespace), now);
            return Ok(());
        }
        let meant = nearest(name, known.iter().map(|known| known.as_str()));
        let meant = meant.map_or(String::new(), |known| format!("; did you mean {known}?"));
        Err(format!("no namespace {name} is known{meant}"))
    }

    pub(in crate::app) fn menu_key(&mut self, mut view: Viewport, chord: Chord, now: Time) {
        let choices = self.namespace_choices();
        let len = choices.len();
        match chord.key {
            Key::Esc | Key::Char('q' | 'n') => return,
            Key::Char('c') if chord.ctrl => return,
            Key::Enter => {
                // What was ticked here with the space bar, the row of the cursor among it, is shown already.
                let ticked = |choice: &Choice| choice.chosen && choice.namespace.is_some();
                if let Some(choice) = choices.get(view.cursor).filter(|choice| !ticked(choice)) {
                    self.show_namespaces(choice.namespace.clone(), now);
                }
                return;
            }
            Key::Char(' ') => {
                // Several at a time: the menu stays open.
                if let Some(namespace) = choices.get(view.cursor).and_then(|choice| choice.namespace.clone()) {
                    if !self.selection.namespaces.remove(&namespace) {
                        self.selection.namespaces.insert(namespace);
                    }
                    self.rearrange(now);
                }
            }
            Key::Char(digit @ '0'..='9') => {
                let wanted = digit as u8 - b'0';
                if let Some(choice) = choices.iter().find(|choice| choice.digit == Some(wanted)) {
                    self.show_namespaces(choice.namespace.clone(), now);
                }
                return;
            }
            key => self.move_in_menu(&mut view, key, len),
        }
        self.ui.mode = Mode::Namespaces(view);
    }
}
