//! What a command that is being typed can become: `tab` goes on as far as all agree, then from one to the next.

use super::typing::{Typing, completions, likely};
use crate::app::App;
use crate::app::table::chosen::words;
use crate::app::way::Way;
use crate::command::argument::Argument;
use crate::limits;

/// Words that are shown beside a line: it holds no more.
const HINTS: usize = 8;

/// The word for every namespace.
pub(in crate::app) const ALL: &str = "all";

impl App {
    /// What is offered for a line: what it can become, or what it could when `tab` was first pressed.
    pub fn offers(&self, text: &str) -> Vec<String> {
        let mut words = self.palette_words(self.ui.stem.as_deref().unwrap_or(text));
        words.truncate(limits::PALETTE);
        words
    }

    /// What is said beside a line that is being typed: what may follow, and as far as it is known the words for it.
    pub fn palette_hint(&self, text: &str) -> String {
        let line = self.ui.stem.as_deref().unwrap_or(text);
        let offers = self.offers(text);
        let shown = offers.iter().take(HINTS).map(|offer| match offer.rsplit_once(' ') {
            Some((_, word)) => word,
            None => offer,
        });
        let words = shown.collect::<Vec<_>>().join("  ");
        match (Typing::of(line), Typing::of(line).takes()) {
            (Typing { argument: Some(""), .. }, Some(argument)) => {
                let wanted = self.no_argument(argument).unwrap_or(argument.wanted());
                if words.is_empty() { wanted.to_owned() } else { format!("{wanted}: {words}") }
            }
            _ => words,
        }
    }

    /// Why nothing can follow a command here.
    fn no_argument(&self, argument: Argument) -> Option<&'static str> {
        match argument {
            Argument::Context => self.no_contexts(),
            Argument::Columns if self.table_shown().is_none() => Some("there is no table here"),
            _ => None,
        }
    }

    /// What a typed line can become: a command, or a command with what it takes.
    fn palette_words(&self, line: &str) -> Vec<String> {
        let typing = Typing::of(line);
        let Some(begun) = typing.argument else {
            let names = completions(typing.name);
            // A name that begins none may be one that was mistyped.
            let meant = likely(typing.name).filter(|_| names.is_empty());
            return names.into_iter().chain(meant).map(str::to_owned).collect();
        };
        let Some(argument) = typing.takes() else { return Vec::new() };
        let (kept, word) = begun.rsplit_once(' ').map_or(("", begun), |(kept, word)| (kept, word));
        let before = if kept.is_empty() { typing.name.to_owned() } else { format!("{} {kept}", typing.name) };
        let begins = self.arguments(argument).into_iter().filter(|known| known.starts_with(word));
        begins.map(|known| format!("{before} {known}")).collect()
    }

    /// The words for what may follow a command, as far as they are known.
    fn arguments(&self, argument: Argument) -> Vec<String> {
        match argument {
            Argument::Namespace => {
                let known = self.model.namespaces().into_iter().map(|namespace| namespace.to_string());
                std::iter::once(ALL.to_owned()).chain(known).collect()
            }
            Argument::Context => self.contexts.clone().unwrap_or_default(),
            Argument::Theme => self.themes.clone(),
            Argument::Columns => {
                self.table_shown().map_or(Vec::new(), |kind| words(kind).into_iter().chain(tags()).collect())
            }
            Argument::Host | Argument::Filter => Vec::new(),
        }
    }

    /// The line after `tab`, or after `shift-tab`, which goes back; `None` where nothing is known that goes on.
    pub(in crate::app) fn complete(&mut self, text: &str, way: Way) -> Option<String> {
        let stem = self.ui.stem.take().unwrap_or_else(|| text.to_owned());
        let known = self.palette_words(&stem);
        if let Some(longer) = shared(&known).filter(|longer| longer.len() > stem.len()) {
            return Some(longer);
        }
        if let ([whole], Typing { argument: None, .. }) = (known.as_slice(), Typing::of(&stem))
            && Typing::of(whole).takes().is_some()
        {
            return Some(format!("{whole} "));
        }
        self.ui.stem = Some(stem);
        let here = known.iter().position(|word| word == text);
        let next = match (here, way) {
            (Some(here), Way::On) => (here + 1) % known.len(),
            (Some(here), Way::Back) => here.checked_sub(1).unwrap_or(known.len() - 1),
            (None, Way::On) => 0,
            (None, Way::Back) => known.len().saturating_sub(1),
        };
        known.get(next).cloned()
    }
}

/// Labels and annotations, whose keys a person has to know.
fn tags() -> impl Iterator<Item = String> {
    ["label:", "annotation:"].into_iter().map(str::to_owned)
}

/// What all begin with.
fn shared(words: &[String]) -> Option<String> {
    let first = words.first()?;
    let common = |word: &String| first.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    let length = words.iter().map(common).min()?;
    Some(first.chars().take(length).collect())
}
