//! [`Index`]: slot numbers by hash, in a table that grows a piece at a time. A copy shares its pieces until they change.

use std::sync::Arc;

use hashbrown::HashTable;

/// Entries of a piece, on average, before one more piece is made: what a table of 512 buckets holds without growing is a
/// little more.
const FULL: usize = 400;

/// A slot, and a part of its hash: so that a piece can be split without asking the rows, none of which is in the
/// processor's cache.
#[derive(Debug, Clone, Copy)]
struct Entry {
    hash: u32,
    slot: u32,
}

/// Where the entries of a hash are.
///
/// A hash table that doubles moves every entry at once. With a hundred thousand of them that takes longer than a frame
/// may; and tables that fill at the same pace double at the same moment. Linear hashing splits one piece at a time
/// instead, the pieces in their order.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// Never empty.
    pieces: Vec<Arc<HashTable<Entry>>>,
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
    pub(super) fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        let part = part(hash);
        let found = self.piece(part)?.find(spread(part), |entry| entry.hash == part && is(entry.slot));
        found.map(|entry| entry.slot)
    }

    /// The entries that may be of a hash.
    pub(super) fn iter_hash(&self, hash: u64) -> impl Iterator<Item = u32> {
        let part = part(hash);
        let found = self.piece(part).into_iter().flat_map(move |piece| piece.iter_hash(spread(part)));
        found.filter(move |entry| entry.hash == part).map(|entry| entry.slot)
    }

    /// Adds an entry.
    pub(super) fn insert(&mut self, hash: u64, slot: u32) {
        if self.len >= FULL * self.pieces.len() {
            self.split();
        }
        let entry = Entry { hash: part(hash), slot };
        let place = place(entry.hash, self.pieces.len());
        if let Some(piece) = self.pieces.get_mut(place) {
            Arc::make_mut(piece).insert_unique(spread(entry.hash), entry, |entry| spread(entry.hash));
            self.len += 1;
        }
    }

    /// Takes an entry out.
    pub(super) fn remove(&mut self, hash: u64, slot: u32) {
        let part = part(hash);
        let place = place(part, self.pieces.len());
        let entry = self
            .pieces
            .get_mut(place)
            .map(|piece| Arc::make_mut(piece).find_entry(spread(part), |known| known.slot == slot));
        if let Some(Ok(entry)) = entry {
            entry.remove();
            self.len -= 1;
        }
    }

    fn piece(&self, part: u32) -> Option<&HashTable<Entry>> {
        self.pieces.get(place(part, self.pieces.len())).map(|piece| &**piece)
    }

    /// Makes one more piece out of the one whose turn it is.
    fn split(&mut self) {
        let (new, pieces) = (self.pieces.len(), self.pieces.len() + 1);
        let Some(turn) = self.pieces.get_mut(new - pieces.next_power_of_two() / 2) else { return };
        let old = Arc::unwrap_or_clone(std::mem::take(turn));
        let (stay, leave): (Vec<_>, Vec<_>) = old.into_iter().partition(|entry| place(entry.hash, pieces) != new);
        *turn = Arc::new(table(&stay));
        self.pieces.push(Arc::new(table(&leave)));
    }
}

fn table(entries: &[Entry]) -> HashTable<Entry> {
    let mut table = HashTable::with_capacity(entries.len());
    for entry in entries {
        table.insert_unique(spread(entry.hash), *entry, |entry| spread(entry.hash));
    }
    table
}

/// The part of a hash that is kept. All of its bits count.
const fn part(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

/// The hash by which an entry is found within its piece: its lowest and its highest bits count, and the lowest of a part
/// decide already in which piece it is.
const fn spread(part: u32) -> u64 {
    (part as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93).rotate_left(32)
}

/// In which of so many pieces a part of a hash belongs.
const fn place(part: u32, pieces: usize) -> usize {
    let round = pieces.next_power_of_two();
    let place = part as usize & (round - 1);
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
        index.insert(hash_of(slot), slot);
    }

    fn finds(index: &Index, slot: u32) -> bool {
        index.find(hash_of(slot), |known| known == slot) == Some(slot)
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
    fn hashes_that_are_all_the_same_are_found_too() {
        let mut index = Index::default();
        (0..2_000).for_each(|slot| index.insert(7, slot));
        assert_eq!(index.find(7, |slot| slot == 1_999), Some(1_999));
    }
}
