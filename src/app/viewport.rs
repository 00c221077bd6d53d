//! [`Viewport`]: which rows of a list are on the screen. The only arithmetic of scrolling.

/// A window over a list with a cursor in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Viewport {
    /// The selected row.
    pub cursor: usize,
    /// The first row on the screen.
    pub offset: usize,
    /// How many rows fit.
    pub height: usize,
}

impl Viewport {
    /// Puts the window over a list of `len` rows: the cursor stays in the list, and on the screen.
    pub fn fit(&mut self, len: usize, height: usize) {
        self.height = height;
        self.cursor = self.cursor.min(len.saturating_sub(1));
        self.offset = self.offset.min(self.cursor).max((self.cursor + 1).saturating_sub(height.max(1)));
        self.offset = self.offset.min(len.saturating_sub(height));
    }

    /// Moves the cursor by a number of rows.
    pub fn step(&mut self, by: isize, len: usize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(len.saturating_sub(1));
    }

    /// Moves the window without the cursor, as a mouse wheel does, and takes the cursor along at the edges.
    pub fn scroll(&mut self, by: isize, len: usize) {
        self.offset = self.offset.saturating_add_signed(by).min(len.saturating_sub(self.height));
        let last = (self.offset + self.height.max(1) - 1).min(len.saturating_sub(1));
        self.cursor = self.cursor.clamp(self.offset.min(last), last);
    }

    /// The rows on the screen.
    pub fn range(&self, len: usize) -> std::ops::Range<usize> {
        self.offset.min(len)..(self.offset + self.height).min(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_cursor_is_always_in_the_list_and_on_the_screen(
            cursor in 0usize..300, offset in 0usize..300, len in 0usize..200, height in 0usize..60, by in -400isize..400, wheel in any::<bool>()
        ) {
            let mut view = Viewport { cursor, offset, height };
            if wheel { view.scroll(by, len) } else { view.step(by, len) }
            view.fit(len, height);
            prop_assert!(len == 0 || view.cursor < len);
            prop_assert!(height == 0 || len == 0 || view.range(len).contains(&view.cursor), "{view:?} {len}");
            prop_assert!(view.range(len).len() == len.min(height));
        }
    }
}
