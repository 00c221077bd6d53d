//! Another context of the kubeconfig, chosen at run time.

use super::typing::Typing;
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::message::SourceKind;
use crate::app::screen::Mode;
use crate::app::toast::Tone;
use crate::app::viewport::Viewport;
use crate::command::argument::Argument;
use crate::keymap::chord::{Chord, Key};
use crate::model::meta::Time;

impl App {
    /// Why there are no contexts here.
    pub(in crate::app) fn no_contexts(&self) -> Option<&'static str> {
        match self.session.as_ref()?.source {
            SourceKind::Cluster => None,
            SourceKind::Recording => Some("a recording has no contexts"),
            SourceKind::Demo => Some("the demo has no contexts"),
        }
    }

    /// Asks for the contexts of the kubeconfig.
    pub(in crate::app) fn ask_contexts(&mut self, now: Time) -> Vec<Effect> {
        match self.no_contexts() {
            Some(why) => {
                self.toasts.show(why, Tone::Neutral, now);
                Vec::new()
            }
            None => vec![Effect::Contexts],
        }
    }

    /// Asks for the contexts of the kubeconfig where one is about to be typed and they are not known yet.
    pub(in crate::app) fn ask_contexts_to_offer(&self) -> Option<Effect> {
        let Mode::Palette { prompt, .. } = &self.ui.mode else { return None };
        let typing = Typing::of(prompt.text());
        let wanted = typing.argument.is_some() && typing.takes() == Some(Argument::Context);
        (wanted && self.contexts.is_none() && self.no_contexts().is_none()).then_some(Effect::Contexts)
    }

    /// Begins anew with a context.
    pub(in crate::app) fn switch_context(&mut self, name: String, now: Time) -> Vec<Effect> {
        match self.no_contexts() {
            Some(why) => {
                self.toasts.show(why, Tone::Neutral, now);
                Vec::new()
            }
            None => vec![Effect::Switch(name)],
        }
    }

    /// Opens the menu of contexts; while a command is being typed, they are offered for it.
    pub(in crate::app) fn offer_contexts(&mut self, names: Result<Vec<(String, bool)>, String>, now: Time) {
        if matches!(self.ui.mode, Mode::Palette { .. }) {
            let names = names.unwrap_or_default().into_iter();
            self.contexts = Some(names.filter(|(_, in_use)| !in_use).map(|(name, _)| name).collect());
            return;
        }
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

    pub(in crate::app) fn context_key(
        &mut self,
        names: Vec<(String, bool)>,
        mut view: Viewport,
        chord: Chord,
    ) -> Vec<Effect> {
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
            key => self.move_in_menu(&mut view, key, names.len()),
        }
        self.ui.mode = Mode::Contexts { names, view };
        Vec::new()
    }
}
