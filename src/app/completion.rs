//! What a command that is being typed can become: `tab` goes on as far as all agree, then from one to the next.

use super::App;
use super::column::Column;
use super::columns::{certificate_word, kind_word};
use super::kinds::field;
use crate::command::{ALIASES, COMMANDS, Command};
use crate::limits;
use crate::model::kind::Kind;

impl App {
    /// What is offered for a line: what it can become, or what it could when `tab` was first pressed.
    pub fn offers(&self, text: &str) -> Vec<String> {
        self.palette_words(self.ui.stem.as_deref().unwrap_or(text))
    }

    /// What a typed command can become: a command, or a command with what it takes.
    pub fn palette_words(&self, text: &str) -> Vec<String> {
        let Some((name, begun)) = text.split_once(' ') else {
            return completions(text).into_iter().map(str::to_owned).collect();
        };
        let (kept, word) = begun.rsplit_once(' ').map_or(("", begun), |(kept, word)| (kept, word));
        let before = if kept.is_empty() { name.to_owned() } else { format!("{name} {kept}") };
        let begins = self.arguments(name).into_iter().filter(|known| known.starts_with(word));
        begins.take(limits::PALETTE).map(|known| format!("{before} {known}")).collect()
    }

    /// The words that can follow a command, as far as they are known.
    fn arguments(&self, name: &str) -> Vec<String> {
        let namespaces = || self.model.namespaces().iter().map(|namespace| namespace.to_string()).collect();
        match Command::called(name) {
            _ if name == "namespace" => namespaces(),
            Some(Command::Namespaces | Command::List(_)) => namespaces(),
            Some(Command::Theme) => self.themes.clone(),
            Some(Command::Columns) => match self.table_shown() {
                Some(Kind::Certificate) => Column::ALL.iter().map(certificate_word).chain(tags()).collect(),
                Some(kind) => field::columns(kind).iter().map(|(field, _)| kind_word(field)).chain(tags()).collect(),
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// The line after `tab`, or after `shift-tab` where `back`; `None` where nothing is known that goes on.
    pub(super) fn complete(&mut self, text: &str, back: bool) -> Option<String> {
        let stem = self.ui.stem.take().unwrap_or_else(|| text.to_owned());
        let known = self.palette_words(&stem);
        if let Some(longer) = shared(&known).filter(|longer| longer.len() > stem.len()) {
            // One that is whole may be followed by an argument.
            return Some(longer);
        }
        self.ui.stem = Some(stem);
        let here = known.iter().position(|word| word == text);
        let next = match (here, back) {
            (Some(here), false) => (here + 1) % known.len(),
            (Some(here), true) => here.checked_sub(1).unwrap_or(known.len() - 1),
            (None, false) => 0,
            (None, true) => known.len().saturating_sub(1),
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

/// The names of commands that begin with a text; the short ones stand for theirs.
pub fn completions(text: &str) -> Vec<&'static str> {
    let short = ALIASES.iter().filter(|(short, _)| *short == text).map(|(_, whole)| *whole);
    let mut names: Vec<&str> = COMMANDS.iter().map(|row| row.name).filter(|name| name.starts_with(text)).collect();
    let short: Vec<&str> = short.filter(|whole| !names.contains(whole)).collect();
    names.extend(short);
    names
}

/// The command that was probably meant.
pub(super) fn likely(name: &str) -> Option<&'static str> {
    let known = COMMANDS.iter().map(|row| row.name).chain(ALIASES.iter().map(|(short, _)| *short));
    let likeness = |word: &str| strsim::jaro_winkler(name, word);
    known.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).filter(|word| likeness(word) > 0.85)
}
