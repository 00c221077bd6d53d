//! [`RowSet`]: some of the rows.

use crate::model::certificate::Certificate;
use crate::model::id::Id;

/// Some of the rows, by their places in the model: a bit for each. Whole tables are looked through with it, and a look into
/// a hash set takes ten times as long. Of two rows that had a place one after the other it knows one.
#[derive(Debug, Default)]
pub(super) struct RowSet(Vec<u64>);

impl RowSet {
    pub(super) fn insert(&mut self, id: Id<Certificate>) {
        let place = id.index();
        if self.0.len() <= place / 64 {
            self.0.resize(place / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    pub(super) fn remove(&mut self, id: Id<Certificate>) {
        if let Some(word) = self.0.get_mut(id.index() / 64) {
            *word &= !(1 << (id.index() % 64));
        }
    }

    pub(super) fn contains(&self, id: Id<Certificate>) -> bool {
        self.0.get(id.index() / 64).is_some_and(|word| word & 1 << (id.index() % 64) != 0)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
