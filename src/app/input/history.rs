//! [`History`]: lines that were typed before, to be taken up again. They are kept as long as the program runs.

use std::collections::VecDeque;

use super::prompt::{Prompt, Typed};
use crate::keymap::chord::{Chord, Key};
use crate::limits;

/// Lines that were typed before, the youngest last.
#[derive(Debug, Default)]
pub struct History {
    lines: VecDeque<String>,
    /// How far back the line that is shown lies, and what was typed instead of it.
    walk: Option<(usize, String)>,
}

/// The histories of the prompts.
#[derive(Debug, Default)]
pub struct Histories {
    /// After `:`.
    pub commands: History,
    /// Filters of tables.
    pub filters: History,
    /// Texts that were looked for, on a page and in logs.
    pub texts: History,
}

impl History {
    /// Takes a key of a prompt: up and down go to other lines, everything else edits the one that is shown.
    pub fn key(&mut self, prompt: &mut Prompt, chord: Chord) -> Typed {
        let line = match (chord.ctrl, chord.alt, chord.key) {
            (false, false, Key::Up) | (true, false, Key::Char('p')) => self.older(prompt.text()),
            (false, false, Key::Down) | (true, false, Key::Char('n')) => self.newer(),
            _ => {
                let typed = prompt.key(chord);
                match typed {
                    Typed::Accepted => self.note(prompt.text()),
                    Typed::Cancelled => self.walk = None,
                    Typed::Changed | Typed::Same => {}
                }
                return typed;
            }
        };
        let Some(line) = line else { return Typed::Same };
        *prompt = Prompt::new(&line);
        Typed::Changed
    }

    /// Keeps a line. One that was typed before stands at the end again.
    pub fn note(&mut self, line: &str) {
        self.walk = None;
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        self.lines.retain(|known| known != line);
        if self.lines.len() == limits::HISTORY {
            self.lines.pop_front();
        }
        self.lines.push_back(line.to_owned());
    }

    /// The line before the one that is shown; what shows the same already is passed over.
    fn older(&mut self, shown: &str) -> Option<String> {
        let from = self.walk.as_ref().map_or(0, |(back, _)| back + 1);
        let (back, line) = self.lines.iter().rev().enumerate().skip(from).find(|(_, line)| *line != shown)?;
        let typed = self.walk.take().map_or_else(|| shown.to_owned(), |(_, typed)| typed);
        self.walk = Some((back, typed));
        Some(line.clone())
    }

    /// The line after it, at last what was being typed.
    fn newer(&mut self) -> Option<String> {
        let (back, typed) = self.walk.take()?;
        let Some(next) = back.checked_sub(1) else { return Some(typed) };
        let line = self.lines.iter().rev().nth(next).cloned();
        self.walk = Some((next, typed));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(history: &mut History, prompt: &mut Prompt, keys: &str) -> String {
        for key in keys.split(' ') {
            history.key(prompt, Chord::parse(key).unwrap());
        }
        prompt.text().to_owned()
    }

    #[test]
    fn up_and_down_go_over_what_was_typed_and_back_to_what_is_being_typed() {
        let mut history = History::default();
        ["a", "b", "a", "  ", "c"].iter().for_each(|line| history.note(line));
        let mut prompt = Prompt::new("ne");
        assert_eq!(walk(&mut history, &mut prompt, "up"), "c");
        assert_eq!(walk(&mut history, &mut prompt, "up up"), "b", "a line stands there once");
        assert_eq!(walk(&mut history, &mut prompt, "up up"), "b", "that is the oldest");
        assert_eq!(walk(&mut history, &mut prompt, "ctrl-n"), "a");
        assert_eq!(walk(&mut history, &mut prompt, "down down down"), "ne");
        assert_eq!(walk(&mut history, &mut prompt, "ctrl-p x enter"), "cx");
        // What is shown already is no step.
        let mut prompt = Prompt::new("cx");
        assert_eq!(walk(&mut history, &mut prompt, "up"), "c");
    }

    #[test]
    fn so_many_are_kept() {
        let mut history = History::default();
        (0..limits::HISTORY * 2).for_each(|n| history.note(&n.to_string()));
        assert_eq!(history.lines.len(), limits::HISTORY);
        assert_eq!(history.lines.back().map(String::as_str), Some((limits::HISTORY * 2 - 1).to_string().as_str()));
    }
}
