//! [`Index`]: slot numbers by hash, in a table that grows a piece at a time. A copy shares its pieces until they change.

use std::sync::Arc;

use hashbrown::HashTable;

/// Entries of a piece, on average, before one more piece is made: what a table of 512 buckets holds without growing is a
/// little more.
const FULL: usize = 400;

/// Where the entries of a hash are. The rows that they stand for are asked for their hash when a piece is split.
///
/// A hash table that doubles asks every row for its hash at once. With a hundred thousand rows, none of them in the
/// processor's cache, that takes longer than a frame may; and tables that fill at the same pace double at the same
/// moment. Linear hashing splits one piece at a time instead, the pieces in their order.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// Never empty.
    pieces: Vec<Arc<HashTable<u32>>>,
    len: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self { pieces: vec![Arc::default()], len: 0 }
    }
}

impl Index {
    /// How many entries there are.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// The entry of a hash that is the right one.
    pub(super) fn find(&self, hash: u64, is: impl FnMut(&u32) -> bool) -> Option<u32> {
        self.pieces.get(piece(hash, self.pieces.len()))?.find(hash, is).copied()
    }

    /// The entries that may be of a hash.
    pub(super) fn iter_hash(&self, hash: u64) -> impl Iterator<Item = u32> {
        self.pieces
            .get(piece(hash, self.pieces.len()))
            .into_iter()
            .flat_map(move |piece| piece.iter_hash(hash))
            .copied()
    }

    /// Adds an entry.
    pub(super) fn insert(&mut self, hash: u64, slot: u32, hash_of: impl Fn(u32) -> u64) {
        if self.len >= FULL * self.pieces.len() {
            self.split(&hash_of);
        }
        let place = piece(hash, self.pieces.len());
        if let Some(piece) = self.pieces.get_mut(place) {
            Arc::make_mut(piece).insert_unique(hash, slot, |slot| hash_of(*slot));
            self.len += 1;
        }
    }

    /// Takes an entry out.
    pub(super) fn remove(&mut self, hash: u64, slot: u32) {
        let place = piece(hash, self.pieces.len());
        let entry =
            self.pieces.get_mut(place).map(|piece| Arc::make_mut(piece).find_entry(hash, |known| *known == slot));
        if let Some(Ok(entry)) = entry {
            entry.remove();
            self.len -= 1;
        }
    }

    /// Makes one more piece out of the one whose turn it is.
    fn split(&mut self, hash_of: &impl Fn(u32) -> u64) {
        let (new, pieces) = (self.pieces.len(), self.pieces.len() + 1);
        let Some(place) = self.pieces.get_mut(new - pieces.next_power_of_two() / 2) else { return };
        let old = Arc::unwrap_or_clone(std::mem::take(place));
        let (stay, leave): (Vec<_>, Vec<_>) =
            old.into_iter().map(|slot| (hash_of(slot), slot)).partition(|(hash, _)| piece(*hash, pieces) != new);
        *place = Arc::new(table(&stay, hash_of));
        self.pieces.push(Arc::new(table(&leave, hash_of)));
    }
}

fn table(entries: &[(u64, u32)], hash_of: &impl Fn(u32) -> u64) -> HashTable<u32> {
    let mut table = HashTable::with_capacity(entries.len());
    for (hash, slot) in entries {
        table.insert_unique(*hash, *slot, |slot| hash_of(*slot));
    }
    table
}

/// In which of so many pieces a hash belongs. Within a piece its lowest and highest bits count, so they may not decide
/// here alone.
const fn piece(hash: u64, pieces: usize) -> usize {
    let round = pieces.next_power_of_two();
    let mixed = (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize;
    let place = mixed & (round - 1);
    if place < pieces { place } else { place - round / 2 }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher as _;

    use proptest::prelude::*;
    use rustc_hash::FxBuildHasher;

    use super::*;

    fn hash_of(slot: u32) -> u64 {
        FxBuildHasher.hash_one(slot)
    }

    fn insert(index: &mut Index, slot: u32) {
        index.insert(hash_of(slot), slot, hash_of);
    }

    fn finds(index: &Index, slot: u32) -> bool {
        index.find(hash_of(slot), |known| *known == slot) == Some(slot)
            && index.iter_hash(hash_of(slot)).any(|known| known == slot)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn it_holds_what_a_set_holds(steps in proptest::collection::vec((any::<bool>(), 0u32..3_000), 0..6_000)) {
            let (mut index, mut set) = (Index::default(), HashSet::new());
            for (add, slot) in steps {
                if add && set.insert(slot) {
                    insert(&mut index, slot);
                } else if !add && set.remove(&slot) {
                    index.remove(hash_of(slot), slot);
                }
            }
            prop_assert_eq!(index.len(), set.len());
            for slot in 0..3_000 {
                prop_assert_eq!(finds(&index, slot), set.contains(&slot));
            }
        }
    }

    #[test]
    fn no_piece_is_much_larger_than_the_others_and_all_is_found() {
        let mut index = Index::default();
        (0..100_000).for_each(|slot| insert(&mut index, slot));
        assert!((0..100_000).all(|slot| finds(&index, slot)));
        let largest = index.pieces.iter().map(|piece| piece.len()).max().unwrap();
        assert!(largest < 3 * FULL, "{largest}");
    }

    #[test]
    fn one_insertion_asks_few_rows_for_their_hash() {
        let (mut index, asked) = (Index::default(), std::cell::Cell::new(0));
        let mut most = 0;
        for slot in 0..100_000 {
            asked.set(0);
            index.insert(hash_of(slot), slot, |slot| {
                asked.set(asked.get() + 1);
                hash_of(slot)
            });
            most = most.max(asked.get());
        }
        assert!(most < 4 * FULL, "{most}");
    }

    #[test]
    fn hashes_that_are_all_the_same_are_found_too() {
        let mut index = Index::default();
        (0..2_000).for_each(|slot| index.insert(7, slot, |_| 7));
        assert_eq!(index.find(7, |slot| *slot == 1_999), Some(1_999));
    }
}
