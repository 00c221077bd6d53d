//! A search on a page of text: the lines that hold what is looked for, and the way from one to the next.

use super::line::{Line, Piece};
use crate::app::App;
use crate::app::input::prompt::{Prompt, Typed};
use crate::app::screen::Mode;
use crate::app::toast::Tone;
use crate::keymap::chord::Chord;
use crate::model::meta::Time;

/// What is looked for on the present page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The text; capitals matter where it has some.
    pub text: String,
    /// The line that was found last.
    pub found: Option<usize>,
}

impl Search {
    /// Whether a line holds what is looked for.
    pub fn fits(&self, line: &Line) -> bool {
        if self.text.is_empty() {
            return false;
        }
        let words: String = line
            .iter()
            .map(|piece| match piece {
                Piece::Text(_, text) => text.as_str(),
                _ => " ",
            })
            .collect();
        if self.text.chars().any(char::is_uppercase) {
            words.contains(&self.text)
        } else {
            words.to_lowercase().contains(&self.text)
        }
    }
}

impl App {
    /// Begins to look for a text on the page.
    pub(in crate::app) fn begin_search(&mut self) {
        self.ui.mode = Mode::Search { prompt: Prompt::default(), before: self.ui.text.offset };
    }

    pub(in crate::app) fn search_key(&mut self, mut prompt: Prompt, before: usize, chord: Chord, now: Time) {
        let typed = self.histories.texts.key(&mut prompt, chord);
        self.search_typed(prompt, before, typed, now);
    }

    pub(in crate::app) fn search_typed(&mut self, prompt: Prompt, before: usize, typed: Typed, now: Time) {
        match typed {
            Typed::Accepted => self.look_from(prompt.text(), before, now),
            Typed::Cancelled => {
                self.ui.search = Search::default();
                self.ui.text.offset = before;
            }
            Typed::Changed => {
                self.look_from(prompt.text(), before, now);
                self.ui.mode = Mode::Search { prompt, before };
            }
            Typed::Same => self.ui.mode = Mode::Search { prompt, before },
        }
    }

    /// Looks for a text from a line on.
    fn look_from(&mut self, text: &str, line: usize, now: Time) {
        self.ui.search = Search { text: text.to_owned(), found: None };
        self.ui.text.offset = line;
        self.find(line, 1, now);
    }

    /// To the next line that fits, or the one before.
    pub(in crate::app) fn next_match(&mut self, by: isize, now: Time) {
        let lines = self.page_lines().len();
        if self.ui.search.text.is_empty() {
            return self.toasts.show("nothing is looked for: / begins", Tone::Neutral, now);
        }
        let here = self.ui.search.found.unwrap_or(self.ui.text.offset) as isize;
        self.find((here + by).rem_euclid(lines.max(1) as isize) as usize, by, now);
    }

    fn find(&mut self, from: usize, by: isize, now: Time) {
        let lines = self.page_lines().len();
        let place = |n: usize| (from as isize + by * n as isize).rem_euclid(lines.max(1) as isize) as usize;
        let found =
            (0..lines).map(place).find(|at| self.page_lines().get(*at).is_some_and(|line| self.ui.search.fits(line)));
        self.ui.search.found = found;
        let Some(found) = found else {
            if !self.ui.search.text.is_empty() && self.ui.mode == Mode::Normal {
                self.toasts.show(format!("not on this page: {}", self.ui.search.text), Tone::Neutral, now);
            }
            return;
        };
        let view = &mut self.ui.text;
        if found < view.offset || found >= view.offset + view.height.max(1) {
            // With some lines before it, so that one sees where it stands.
            view.offset = found.saturating_sub(view.height / 3).min(lines.saturating_sub(view.height));
        }
        view.cursor = view.offset;
    }

    /// Which of the lines that fit is the present one, and how many there are.
    pub fn matches(&self) -> Option<(usize, usize)> {
        if self.ui.search.text.is_empty() {
            return None;
        }
        let fits = self.page_lines().iter().enumerate().filter(|(_, line)| self.ui.search.fits(line));
        let all: Vec<usize> = fits.map(|(place, _)| place).collect();
        let here = self.ui.search.found.and_then(|found| all.iter().position(|place| *place == found));
        Some((here.map_or(0, |here| here + 1), all.len()))
    }
}
