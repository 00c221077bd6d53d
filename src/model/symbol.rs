//! [`Symbol`]: a short word that many rows share (a namespace, an issuer's name, a reason).

use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use crate::limits;

/// A shared, immutable word. Cheap to clone and readable without a table beside it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(Arc<str>);

impl Symbol {
    /// The word itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Symbol {
    fn default() -> Self {
        Self(Arc::from(""))
    }
}

impl Deref for Symbol {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Symbol {
    fn from(word: &str) -> Self {
        Self(Arc::from(word))
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// The words that one feed has seen, so that equal ones are stored once.
///
/// It belongs to a feed, not to the model: rows are made where bytes arrive, several kinds at a time. When it is full
/// it forgets everything, which costs some memory and nothing else.
#[derive(Debug, Default)]
pub struct Words(HashSet<Arc<str>, FxBuildHasher>);

impl Words {
    /// The shared form of a word.
    pub fn share(&mut self, word: &str) -> Symbol {
        if let Some(known) = self.0.get(word) {
            return Symbol(Arc::clone(known));
        }
        if self.0.len() >= limits::WORDS {
            self.0.clear();
        }
        let new: Arc<str> = Arc::from(word);
        self.0.insert(Arc::clone(&new));
        Symbol(new)
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
