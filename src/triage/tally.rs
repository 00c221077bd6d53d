//! `Tallies`: how many Certificates have each verdict, in the whole and in each namespace.

use std::collections::{BTreeSet, HashMap};

use rustc_hash::FxBuildHasher;

use super::verdict::Verdict;
use crate::model::symbol::Symbol;

/// How many Certificates have each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally([usize; Verdict::ALL.len()]);

impl Tally {
    /// How many have one verdict.
    pub fn of(&self, verdict: Verdict) -> usize {
        self.0.get(verdict as usize).copied().unwrap_or(0)
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }

    fn count(&mut self, verdict: Verdict, by: isize) {
        if let Some(count) = self.0.get_mut(verdict as usize) {
            *count = count.saturating_add_signed(by);
        }
    }
}

/// Which of the places a Certificate was counted in: a number is as good as a namespace, and takes half of its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u32);

/// The tallies.
///
/// **Invariant:** that of the whole is the sum of those of the namespaces, and a namespace without Certificates has none.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    whole: Tally,
    places: Vec<(Symbol, Tally)>,
    /// Where each namespace is counted.
    known: HashMap<Symbol, Place, FxBuildHasher>,
    /// Places that nobody uses any more.
    free: Vec<Place>,
}

impl Tallies {
    /// Of all namespaces.
    pub(super) const fn whole(&self) -> &Tally {
        &self.whole
    }

    /// Of some namespaces; of all, where none is named.
    pub(super) fn within(&self, namespaces: &BTreeSet<Symbol>) -> Tally {
        if namespaces.is_empty() {
            return self.whole;
        }
        let places = namespaces.iter().filter_map(|namespace| self.places.get(self.known.get(namespace)?.0 as usize));
        places.fold(Tally::default(), |mut sum, (_, tally)| {
            sum.0.iter_mut().zip(tally.0).for_each(|(sum, count)| *sum += count);
            sum
        })
    }

    /// Counts a Certificate of a namespace; says where.
    pub(super) fn add(&mut self, namespace: &Symbol, verdict: Verdict) -> Place {
        let known = self.known.get(namespace).copied();
        let place = known.unwrap_or_else(|| {
            let new = (namespace.clone(), Tally::default());
            let place = self.free.pop().unwrap_or(Place(self.places.len() as u32));
            match self.places.get_mut(place.0 as usize) {
                Some(free) => *free = new,
                None => self.places.push(new),
            }
            self.known.insert(namespace.clone(), place);
            place
        });
        self.count(place, verdict, 1);
        place
    }

    /// Counts a Certificate no more.
    pub(super) fn drop(&mut self, place: Place, verdict: Verdict) {
        self.count(place, verdict, -1);
        if let Some((namespace, tally)) = self.places.get(place.0 as usize)
            && tally.total() == 0
        {
            self.known.remove(namespace);
            self.free.push(place);
        }
    }

    fn count(&mut self, place: Place, verdict: Verdict, by: isize) {
        self.whole.count(verdict, by);
        if let Some((_, tally)) = self.places.get_mut(place.0 as usize) {
            tally.count(verdict, by);
        }
    }
}
