//! [`Symbol`]: a short word that many rows share (a namespace, an issuer's name, a reason).

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use rustc_hash::FxBuildHasher;

use crate::limits;

/// A shared, immutable word. Cheap to clone and readable without a table beside it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Symbol(Arc<Word>);

/// A word behind a thin pointer: a row has seven symbols, and the length of each would cost it eight bytes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Word(Box<str>);

static EMPTY: LazyLock<Symbol> = LazyLock::new(|| Symbol::from(""));

impl Symbol {
    /// The word itself.
    pub fn as_str(&self) -> &str {
        &self.0.0
    }
}

impl Default for Symbol {
    fn default() -> Self {
        EMPTY.clone()
    }
}

/// Like the word itself, so that a set of symbols can be asked for a word.
impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Borrow<str> for Symbol {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl Deref for Symbol {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Symbol {
    fn from(word: &str) -> Self {
        Self(Arc::new(Word(word.into())))
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// The words that one feed has seen, so that equal ones are stored once.
///
/// It belongs to a feed, not to the model: rows are made where bytes arrive, several kinds at a time. When it is full
/// it forgets everything, which costs some memory and nothing else.
#[derive(Debug, Default)]
pub struct Words(HashSet<Symbol, FxBuildHasher>);

impl Words {
    /// The shared form of a word.
    pub fn share(&mut self, word: &str) -> Symbol {
        if let Some(known) = self.0.get(word) {
            return known.clone();
        }
        if self.0.len() >= limits::WORDS {
            self.0.clear();
        }
        let new = Symbol::from(word);
        self.0.insert(new.clone());
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_words_are_stored_once() {
        let mut words = Words::default();
        let (a, b) = (words.share("shop"), words.share("shop"));
        assert!(Arc::ptr_eq(&a.0, &b.0));
        assert_ne!(a, words.share("blog"));
    }

    #[test]
    fn a_full_table_starts_again() {
        let mut words = Words::default();
        for n in 0..=limits::WORDS {
            words.share(&n.to_string());
        }
        assert_eq!(words.0.len(), 1);
    }
}
