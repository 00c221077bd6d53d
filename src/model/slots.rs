//! [`Slots`]: a row of places that grows without moving what it holds. A copy shares its pieces until they change.

use std::sync::Arc;

/// Places in one piece: as many as are copied when one of them changes that a copy of all still shares.
const PIECE: usize = 64;

/// A growing row of places. One that doubles moves everything it holds at once, which for a hundred thousand rows takes
/// longer than a frame may.
#[derive(Debug, Clone)]
pub struct Slots<T> {
    pieces: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), len: 0 }
    }
}

impl<T> Slots<T> {
    /// How many places there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One place.
    pub fn get(&self, place: usize) -> Option<&T> {
        self.pieces.get(place / PIECE)?.get(place % PIECE)
    }

    /// All places, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flat_map(|piece| piece.iter())
    }

    /// Each piece: where it lies in memory, and how many places it has. Copies that share a piece name the same one.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (usize, usize)> {
        self.pieces.iter().map(|piece| (Arc::as_ptr(piece).addr(), piece.len()))
    }
}

impl<T: Clone> Slots<T> {
    /// One place, to change it.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        Arc::make_mut(self.pieces.get_mut(place / PIECE)?).get_mut(place % PIECE)
    }

    /// Adds a place at the end.
    pub fn push(&mut self, value: T) {
        if self.len == self.pieces.len() * PIECE {
            // The first piece grows as it needs: most tables are small.
            self.pieces.push(Arc::new(if self.pieces.is_empty() { Vec::new() } else { Vec::with_capacity(PIECE) }));
        }
        if let Some(piece) = self.pieces.last_mut() {
            Arc::make_mut(piece).push(value);
            self.len += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_keep_their_numbers_and_their_order() {
        let mut slots = Slots::default();
        assert!(slots.is_empty());
        (0..=3 * PIECE).for_each(|n| slots.push(n));
        assert_eq!(slots.len(), 3 * PIECE + 1);
        assert!((0..slots.len()).all(|n| slots.get(n) == Some(&n)));
        assert_eq!(slots.get(slots.len()), None);
        assert!(slots.iter().copied().eq(0..slots.len()));
        *slots.get_mut(PIECE).unwrap() = 7;
        assert_eq!(slots.get(PIECE), Some(&7));
    }

    #[test]
    fn a_copy_keeps_what_it_had_and_shares_the_rest() {
        let mut slots = Slots::default();
        (0..10 * PIECE).for_each(|n| slots.push(n));
        let copy = slots.clone();
        *slots.get_mut(3 * PIECE + 1).unwrap() = 0;
        slots.push(7);
        assert!(copy.iter().copied().eq(0..10 * PIECE));
        let own: std::collections::HashSet<usize> = slots.pieces().map(|(place, _)| place).collect();
        let apart = copy.pieces().filter(|(place, _)| !own.contains(place)).count();
        assert_eq!(apart, 1);
    }

    #[test]
    fn nothing_moves_when_it_grows() {
        let mut slots = Slots::default();
        (0..PIECE).for_each(|n| slots.push(n));
        let first: *const usize = slots.get(0).unwrap();
        (0..9 * PIECE).for_each(|n| slots.push(n));
        assert!(std::ptr::eq(first, slots.get(0).unwrap()));
    }
}
