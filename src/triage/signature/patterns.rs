//! [`Patterns`]: many patterns as one automaton; and one by itself, for what its groups catch.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use regex::bytes::{Regex, RegexBuilder};
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::pool::Pool;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind, PatternSet};

/// Room for all patterns together, compiled.
pub(super) const SIZE: usize = 32 * 1024 * 1024;

/// Compiles one pattern. Bytes and ASCII classes: ten times smaller than Unicode, and texts are matched whole.
pub(super) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(false).size_limit(SIZE).build()
}

/// What a reader of texts notes while it reads.
type Notes = Pool<Cache, Box<dyn Fn() -> Cache + Send + Sync + UnwindSafe + RefUnwindSafe>>;

/// Patterns, compiled together: a text is read once, however many there are. A text is read forwards alone, for nobody
/// asks where a match begins: a `RegexSet` holds everything a second time, to be read backwards.
pub(super) struct Patterns {
    automaton: DFA,
    notes: Notes,
}

impl fmt::Debug for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patterns").field("len", &self.automaton.pattern_len()).finish_non_exhaustive()
    }
}

impl Patterns {
    /// The patterns as one; none where compiled they take more than `most` bytes.
    pub(super) fn of<'p>(patterns: impl Iterator<Item = &'p str>, most: usize) -> Option<Self> {
        let nfa = thompson::Config::new().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(Some(most));
        let patterns: Vec<&str> = patterns.collect();
        // Bytes and ASCII classes, as each pattern by itself.
        let automaton = DFA::builder()
            .configure(DFA::config().match_kind(MatchKind::All).skip_cache_capacity_check(true))
            .thompson(nfa)
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .build_many(&patterns)
            .ok()?;
        let fresh = automaton.clone();
        Some(Self { automaton, notes: Pool::new(Box::new(move || fresh.create_cache())) })
    }

    /// Which of them a text matches, by their numbers, in order.
    pub(super) fn matches(&self, text: &str) -> Vec<usize> {
        let mut found = PatternSet::new(self.automaton.pattern_len());
        // Nothing makes it give up: no byte is forbidden to it, and its notes are begun anew when they are full.
        let _ = self.automaton.try_which_overlapping_matches(&mut self.notes.get(), &Input::new(text), &mut found);
        found.iter().map(|pattern| pattern.as_usize()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::table;
    use super::*;

    #[test]
    fn all_that_match_are_found() {
        let patterns =
            Patterns::of(["(?i)denied", "rate.?limit", "429", r"(?s)first.*last"].into_iter(), 1 << 20).unwrap();
        assert_eq!(patterns.matches("429: Rate limit; DENIED"), [0, 2]);
        assert_eq!(patterns.matches("a rate limit"), [1]);
        assert_eq!(patterns.matches("first\nand last"), [3]);
        assert_eq!(patterns.matches("well"), [] as [usize; 0]);
        assert!(Patterns::of(["x{1000}"].into_iter(), 100).is_none());
    }

    #[test]
    fn together_they_find_what_each_finds_by_itself() {
        let rows = table().rows();
        let patterns: Vec<&str> = rows.iter().filter_map(|row| row.pattern.as_deref()).collect();
        let one_by_one: Vec<_> = patterns.iter().map(|pattern| compile(pattern).unwrap()).collect();
        let together = Patterns::of(patterns.into_iter(), 32 << 20).unwrap();
        let mut some = 0;
        for text in rows.iter().flat_map(|row| row.samples.iter()) {
            let alone = one_by_one.iter().enumerate().filter(|(_, pattern)| pattern.is_match(text.as_bytes()));
            let alone: Vec<usize> = alone.map(|(n, _)| n).collect();
            some += usize::from(!alone.is_empty());
            assert_eq!(together.matches(text), alone, "{text}");
        }
        assert!(some > 100, "{some}");
    }
}
