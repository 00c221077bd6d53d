//! Another context of the kubeconfig, chosen at run time.

use super::App;
use super::effect::Effect;
use super::message::SourceKind;
use super::toast::Tone;
use super::ui_state::Mode;
use super::viewport::Viewport;
use crate::keymap::chord::{Chord, Key};
use crate::model::meta::Time;

impl App {
    /// Why there are no contexts here.
    fn no_contexts(&self) -> Option<&'static str> {
        match self.session.as_ref()?.source {
            SourceKind::Cluster => None,
            SourceKind::Recording => Some("a recording has no contexts"),
            SourceKind::Demo => Some("the demo has no contexts"),
        }
    }

    /// Asks for the contexts of the kubeconfig.
    pub(super) fn ask_contexts(&mut self, now: Time) -> Vec<Effect> {
        match self.no_contexts() {
            Some(why) => {
                self.toasts.show(why, Tone::Neutral, now);
                Vec::new()
            }
            None => vec![Effect::Contexts],
        }
    }

    /// Begins anew with a context.
    pub(super) fn switch_context(&mut self, name: String, now: Time) -> Vec<Effect> {
        match self.no_contexts() {
            Some(why) => {
                self.toasts.show(why, Tone::Neutral, now);
                Vec::new()
            }
            None => vec![Effect::Switch(name)],
        }
    }

    /// Opens the menu of contexts.
    pub(super) fn offer_contexts(&mut self, names: Result<Vec<(String, bool)>, String>, now: Time) {
        match names {
            Ok(names) if names.is_empty() => {
                self.toasts.show("the kubeconfig names no context", Tone::Neutral, now);
            }
            Ok(names) => {
                let cursor = names.iter().position(|(_, in_use)| *in_use).unwrap_or(0);
                let view = Viewport { cursor, height: 10, ..Viewport::default() };
                self.ui.mode = Mode::Contexts { names, view };
            }
            Err(why) => self.toasts.show(why, Tone::Bad, now),
        }
    }

    pub(super) fn context_key(&mut self, names: Vec<(String, bool)>, mut view: Viewport, chord: Chord) -> Vec<Effect> {
        match chord.key {
            Key::Esc | Key::Char('q') => return Vec::new(),
            Key::Char('c') if chord.ctrl => return Vec::new(),
            Key::Enter => {
                let chosen = names.into_iter().nth(view.cursor);
                return chosen
                    .filter(|(_, in_use)| !in_use)
                    .map(|(name, _)| Effect::Switch(name))
                    .into_iter()
                    .collect();
            }
            Key::Down | Key::Char('j') => view.step(1, names.len()),
            Key::Up | Key::Char('k') => view.step(-1, names.len()),
            Key::PageDown => view.step(10, names.len()),
            Key::PageUp => view.step(-10, names.len()),
            Key::Home | Key::Char('g') => view.step(isize::MIN, names.len()),
            Key::End | Key::Char('G') => view.step(isize::MAX, names.len()),
            _ => {}
        }
        view.fit(names.len(), usize::from(self.ui.size.1.saturating_sub(6)));
        self.ui.mode = Mode::Contexts { names, view };
        Vec::new()
    }
}
