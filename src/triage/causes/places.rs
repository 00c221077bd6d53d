//! [`Places`]: which namespaces are hit by what, counted with each Certificate.

use std::collections::{BTreeMap, BTreeSet};

use super::ailment::{Ailment, Ill};
use crate::model::id::Uid;
use crate::model::symbol::Symbol;

/// What hits a namespace: something wrong, or a Challenge that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Blow {
    Ill(Ill),
    Behind(Uid),
}

/// How many Certificates of each namespace are hit by what.
#[derive(Debug, Default)]
pub(super) struct Places(BTreeMap<Symbol, BTreeMap<Blow, usize>>);

/// What hits some namespaces.
#[derive(Debug, Default)]
pub(super) struct Hits<'p> {
    ills: BTreeSet<&'p Ill>,
    /// Challenges that are waited for, and nobody knows what is wrong with them.
    alone: BTreeSet<Uid>,
}

impl Hits<'_> {
    pub(super) fn len(&self) -> usize {
        self.ills.len() + self.alone.len()
    }

    pub(super) fn suffers(&self, of: &Ill) -> bool {
        self.ills.contains(of)
    }

    pub(super) fn waits(&self, challenge: Uid) -> bool {
        self.alone.contains(&challenge)
    }
}

impl Places {
    /// Counts one more who suffers, or one less.
    pub(super) fn count(&mut self, ailment: &Ailment, by: isize) {
        let blow = ailment.behind.map_or_else(|| Blow::Ill(ailment.of.clone()), Blow::Behind);
        let blows = self.0.entry(ailment.namespace.clone()).or_default();
        let count = blows.entry(blow.clone()).or_default();
        *count = count.saturating_add_signed(by);
        if *count == 0 {
            blows.remove(&blow);
        }
        if blows.is_empty() {
            self.0.remove(&ailment.namespace);
        }
    }

    /// How many Certificates of some namespaces suffer.
    pub(super) fn affected(&self, namespaces: &BTreeSet<Symbol>) -> usize {
        namespaces.iter().filter_map(|namespace| self.0.get(namespace)).flat_map(BTreeMap::values).sum()
    }

    /// What hits some namespaces, when it is known what is wrong with a Challenge that is waited for.
    pub(super) fn hits<'p>(&'p self, namespaces: &BTreeSet<Symbol>, home: impl Fn(Uid) -> Option<&'p Ill>) -> Hits<'p> {
        let mut hits = Hits::default();
        let blows = namespaces.iter().filter_map(|namespace| self.0.get(namespace)).flat_map(BTreeMap::keys);
        for blow in blows {
            match blow {
                Blow::Ill(of) => drop(hits.ills.insert(of)),
                Blow::Behind(challenge) => match home(*challenge) {
                    Some(of) => drop(hits.ills.insert(of)),
                    None => drop(hits.alone.insert(*challenge)),
                },
            }
        }
        hits
    }
}
