//! [`Prompt`]: a line of text that is being typed.

use unicode_segmentation::UnicodeSegmentation;

use crate::keymap::chord::{Chord, Key};
use crate::limits;
use crate::text::{clean, is_hostile};

/// A line with a cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prompt {
    text: String,
    /// Byte position of the cursor, always between two graphemes.
    cursor: usize,
}

/// What a key did to a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// The text is another one now.
    Changed,
    /// Only the cursor moved, or nothing happened.
    Same,
    /// It is done.
    Accepted,
    /// It is given up.
    Cancelled,
}

impl Prompt {
    /// A prompt with text in it, the cursor at the end.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.len() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before the cursor.
    pub fn before_cursor(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    /// Puts text in at the cursor: typed, or pasted. Lines of it are kept apart; many terminals end them by a `\r` alone.
    pub fn insert(&mut self, text: &str) {
        let text = text.trim_end_matches(['\r', '\n']).replace("\r\n", "\n").replace('\r', "\n");
        let text: String = clean(&text, limits::PROMPT).chars().filter(|c| !is_hostile(*c)).collect();
        if self.text.len() + text.len() <= limits::PROMPT {
            self.text.insert_str(self.cursor, &text);
            self.cursor += text.len();
        }
    }

    /// Takes a key, with the editing keys that shells have.
    pub fn key(&mut self, chord: Chord) -> Typed {
        let before = self.text.len();
        match (chord.ctrl, chord.alt, chord.key) {
            (false, false, Key::Enter) => return Typed::Accepted,
            (false, false, Key::Esc) | (true, false, Key::Char('c' | 'g')) => return Typed::Cancelled,
            (false, false, Key::Char(c)) => self.insert(c.encode_utf8(&mut [0; 4])),
            (false, _, Key::Backspace) | (true, false, Key::Char('h')) => self.delete(self.left(), self.cursor),
            (false, false, Key::Delete) | (true, false, Key::Char('d')) => self.delete(self.cursor, self.right()),
            (false, false, Key::Left) | (true, false, Key::Char('b')) => self.cursor = self.left(),
            (false, false, Key::Right) | (true, false, Key::Char('f')) => self.cursor = self.right(),
            (false, false, Key::Home) | (true, false, Key::Char('a')) => self.cursor = 0,
            (false, false, Key::End) | (true, false, Key::Char('e')) => self.cursor = self.text.len(),
            (true, false, Key::Char('u')) => self.delete(0, self.cursor),
            (true, false, Key::Char('k')) => self.delete(self.cursor, self.text.len()),
            (true, false, Key::Char('w')) => self.delete(self.word(), self.cursor),
            _ => {}
        }
        if self.text.len() == before { Typed::Same } else { Typed::Changed }
    }

    fn left(&self) -> usize {
        self.before_cursor().grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn right(&self) -> usize {
        let rest = self.text.get(self.cursor..).unwrap_or_default();
        self.cursor + rest.graphemes(true).next().map_or(0, str::len)
    }

    fn word(&self) -> usize {
        let before = self.before_cursor().trim_end();
        before.rfind(char::is_whitespace).map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8))
    }

    fn delete(&mut self, from: usize, to: usize) {
        if from < to {
            self.text.replace_range(from..to, "");
            self.cursor = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> (String, usize) {
        let mut prompt = Prompt::default();
        for key in keys.split(' ') {
            prompt.key(Chord::parse(key).unwrap());
        }
        (prompt.text.clone(), prompt.cursor)
    }

    #[test]
    fn editing_keys_do_what_shells_do() {
        assert_eq!(typed("a b left x"), ("axb".into(), 2));
        assert_eq!(typed("a b space c d ctrl-w"), ("ab ".into(), 3));
        assert_eq!(typed("a b ctrl-u c"), ("c".into(), 1));
        assert_eq!(typed("日 本 backspace"), ("日".into(), 3));
        assert_eq!(typed("a b home delete end c"), ("bc".into(), 2));
    }

    #[test]
    fn pasted_text_is_harmless_and_bounded() {
        let mut prompt = Prompt::default();
        prompt.insert("one\ntwo\r\nthree\rfour\tfive\r\n");
        assert_eq!(prompt.text(), "one two three four five");
        prompt.insert("a\u{1b}[31mb\nc");
        assert!(!prompt.text().chars().any(is_hostile));
        prompt.insert(&"x".repeat(10_000));
        assert!(prompt.text().len() <= limits::PROMPT);
    }
}
