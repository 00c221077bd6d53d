//! [`Chord`]: one key with its modifiers, in our own words: the core knows no terminal.

use std::fmt;

use crate::query::likely::likely;

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A character as it was typed: `R` is shift and `r`.
    Char(char),
    /// A named key.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// A function key.
    F(u8),
}

/// A key and what is held with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// With control.
    pub ctrl: bool,
    /// With alt.
    pub alt: bool,
    /// With shift: only for keys that are no character.
    pub shift: bool,
}

const NAMES: &[(&str, Key)] = &[
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("shift-tab", Key::BackTab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("pageup", Key::PageUp),
    ("pagedown", Key::PageDown),
    ("home", Key::Home),
    ("end", Key::End),
    ("space", Key::Char(' ')),
];

impl Chord {
    /// A key with nothing held.
    pub const fn plain(key: Key) -> Self {
        Self { key, ctrl: false, alt: false, shift: false }
    }

    /// Reads `R`, `ctrl-d`, `shift-left`, `alt-enter`, `f5`, `space`. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut chord = Self::plain(Key::Esc);
        let mut rest = text;
        loop {
            if let Some((_, key)) = NAMES.iter().find(|(name, _)| *name == rest) {
                chord.key = *key;
                return Ok(chord);
            }
            if let Some(number) =
                rest.strip_prefix('f').and_then(|n| n.parse::<u8>().ok()).filter(|n| (1..=24).contains(n))
            {
                chord.key = Key::F(number);
                return Ok(chord);
            }
            let mut characters = rest.chars();
            if let (Some(c), None) = (characters.next(), characters.next()) {
                chord.key = Key::Char(c);
                return if chord.shift {
                    Err(format!("`{text}`: write a shifted character as itself, like `R`"))
                } else {
                    Ok(chord)
                };
            }
            let Some((modifier, tail)) = rest.split_once('-') else {
                let meant = likely(rest, NAMES.iter().map(|(name, _)| *name));
                let meant = meant.map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
                return Err(format!("`{text}` is no key{meant}"));
            };
            match modifier {
                "ctrl" => chord.ctrl = true,
                "alt" => chord.alt = true,
                "shift" => chord.shift = true,
                _ => return Err(format!("`{text}`: `{modifier}` is no modifier; there are ctrl, alt and shift")),
            }
            rest = tail;
        }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if held {
                f.write_str(name)?;
            }
        }
        match self.key {
            Key::Char(' ') => f.write_str("space"),
            Key::Char(c) => write!(f, "{c}"),
            Key::F(n) => write!(f, "f{n}"),
            key => f.write_str(NAMES.iter().find(|(_, named)| *named == key).map_or("", |(name, _)| name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_read_back_as_they_were_written() {
        for text in [
            "j",
            "R",
            "ctrl-d",
            "shift-left",
            "enter",
            "esc",
            "space",
            "ctrl-space",
            "f5",
            "shift-tab",
            "alt-x",
            "/",
            "?",
            "-",
            "ctrl--",
        ] {
            assert_eq!(Chord::parse(text).map(|chord| chord.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_a_word() {
        for text in ["", "hyper-x", "shift-r", "f99", "entr"] {
            assert!(Chord::parse(text).is_err(), "{text}");
        }
    }
}
