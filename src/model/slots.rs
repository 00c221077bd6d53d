//! [`Slots`]: a row of places that grows without moving what it holds.

/// Places in one piece. A piece of the largest rows takes a quarter of a mebibyte.
const PIECE: usize = 1_024;

/// A growing row of places. One that doubles moves everything it holds at once, which for a hundred thousand rows takes
/// longer than a frame may.
#[derive(Debug, Clone)]
pub struct Slots<T> {
    pieces: Vec<Vec<T>>,
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

    /// One place, to change it.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.pieces.get_mut(place / PIECE)?.get_mut(place % PIECE)
    }

    /// Adds a place at the end.
    pub fn push(&mut self, value: T) {
        if self.len == self.pieces.len() * PIECE {
            // The first piece grows as it needs: most tables are small.
            self.pieces.push(if self.pieces.is_empty() { Vec::new() } else { Vec::with_capacity(PIECE) });
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.push(value);
            self.len += 1;
        }
    }

    /// All places, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flatten()
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
    fn nothing_moves_when_it_grows() {
        let mut slots = Slots::default();
        (0..PIECE).for_each(|n| slots.push(n));
        let first: *const usize = slots.get(0).unwrap();
        (0..9 * PIECE).for_each(|n| slots.push(n));
        assert!(std::ptr::eq(first, slots.get(0).unwrap()));
    }
}
