//! [`Areas`]: which part of the screen belongs to which pane. Painting and the mouse use the same one.
//!
//! ```text
//! header            who, where, how the feeds do
//! summary           what needs you, how much time there is
//! ───────────────
//! title             what the table shows
//! heads             column titles
//! table
//! ──────────┬────
//! tree      │ detail      side by side when wide, the tree alone when narrow
//! ──────────┴────
//! events            what happened last
//! footer            the keys that work now, or a prompt
//! ```

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Area {
    /// Column of its left edge.
    pub x: u16,
    /// Row of its upper edge.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    /// Whether a cell is in it.
    pub const fn holds(self, x: u16, y: u16) -> bool {
        x >= self.x && y >= self.y && x < self.x + self.width && y < self.y + self.height
    }

    /// The first `rows` rows, and the rest.
    const fn split_top(self, rows: u16) -> (Self, Self) {
        let rows = if rows > self.height { self.height } else { rows };
        (Self { height: rows, ..self }, Self { y: self.y + rows, height: self.height - rows, ..self })
    }

    /// All but the last `rows` rows, and those.
    const fn split_bottom(self, rows: u16) -> (Self, Self) {
        let rows = if rows > self.height { self.height } else { rows };
        self.split_top(self.height - rows)
    }
}

/// Where the lines of a list are and where the selected one is told in full, in so many rows: a rule lies between them.
pub const fn told_areas(list: Area, rows: u16) -> (Area, Area) {
    let below = if rows < list.height / 2 { rows } else { list.height / 2 };
    let rule = if below > 0 { 1 } else { 0 };
    let above = list.height - below - rule;
    (Area { height: above, ..list }, Area { y: list.y + list.height - below, height: below, ..list })
}

/// The smallest screen on which something useful fits.
pub const SMALLEST: (u16, u16) = (60, 15);

/// From this width on, the detail stands beside the tree.
const BESIDE: u16 = 100;

/// From this height on, there is room for what is known of the selected row of any list.
const TALL: u16 = 30;

/// Which page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The table, with tree, detail and events.
    Home,
    /// A list, with what is known of the selected row below it.
    List,
    /// A list; on a tall screen, with what is known of the selected row below it.
    Rows,
    /// One thing, full screen.
    Full,
}

/// Where everything is. A pane that is not shown has no rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Areas {
    /// Whether the screen is too small for anything.
    pub too_small: bool,
    /// Who, where, how the feeds do.
    pub header: Area,
    /// What needs you.
    pub summary: Area,
    /// Lines between panes.
    pub rules: [Area; 3],
    /// What the page shows.
    pub title: Area,
    /// Column titles.
    pub heads: Area,
    /// The rows of the table, or the one thing of a full page.
    pub main: Area,
    /// The tree of the selected Certificate.
    pub tree: Area,
    /// The column of cells between tree and detail.
    pub divider: Area,
    /// What is known of the selected node.
    pub detail: Area,
    /// What happened last.
    pub events: Area,
    /// The keys that work now, or a prompt.
    pub footer: Area,
}

impl Areas {
    /// Lays out a screen of `width` × `height` cells.
    pub fn compute(width: u16, height: u16, page: Page, header: bool) -> Self {
        if width < SMALLEST.0 || height < SMALLEST.1 {
            return Self { too_small: true, main: Area { x: 0, y: 0, width, height }, ..Self::default() };
        }
        let mut areas = Self::default();
        let whole = Area { x: 0, y: 0, width, height };
        let (rest, footer) = whole.split_bottom(1);
        areas.footer = footer;
        let mut rest = rest;
        if header {
            (areas.header, rest) = rest.split_top(1);
            (areas.summary, rest) = rest.split_top(1);
            (areas.rules[0], rest) = rest.split_top(1);
        }
        (areas.title, rest) = rest.split_top(1);
        match page {
            Page::Full => areas.main = rest,
            Page::Home => areas.home(rest, height),
            Page::List => areas.list(rest, 11),
            Page::Rows => areas.list(rest, if height < TALL { 0 } else { 8 }),
        }
        areas
    }

    /// A list that leaves so many twentieths of its place to what is known of the selected row.
    fn list(&mut self, rest: Area, twentieths: u16) {
        (self.heads, self.main) = rest.split_top(1);
        let lower;
        (self.main, lower) = self.main.split_bottom(self.main.height * twentieths / 20);
        (self.rules[1], self.detail) = lower.split_top(1);
    }

    fn home(&mut self, rest: Area, height: u16) {
        let events = match height {
            0..20 => 0,
            20..30 => 1,
            30..45 => 3,
            _ => 8,
        };
        let below = match height {
            0..20 => 0,
            20..30 => 8,
            _ => rest.height * 2 / 5,
        };
        let (mut rest, lower) = rest.split_bottom(below + events + u16::from(below > 0) + u16::from(events > 0));
        (self.heads, rest) = rest.split_top(1);
        self.main = rest;
        let mut lower = lower;
        if below > 0 {
            (self.rules[1], lower) = lower.split_top(1);
            let pane;
            (pane, lower) = lower.split_top(below);
            self.panes(pane);
        }
        if events > 0 {
            (self.rules[2], lower) = lower.split_top(1);
            self.events = lower;
        }
    }

    fn panes(&mut self, pane: Area) {
        if pane.width < BESIDE {
            self.tree = pane;
            return;
        }
        let left = pane.width * 11 / 20;
        self.tree = Area { width: left, ..pane };
        self.divider = Area { x: left, width: 1, ..pane };
        self.detail = Area { x: left + 1, width: pane.width - left - 1, ..pane };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(areas: &Areas) -> Vec<Area> {
        let mut all = vec![
            areas.header,
            areas.summary,
            areas.title,
            areas.heads,
            areas.main,
            areas.tree,
            areas.divider,
            areas.detail,
            areas.events,
            areas.footer,
        ];
        all.extend(areas.rules);
        all
    }

    proptest! {
        #[test]
        fn panes_fill_the_screen_and_never_overlap(
            width in 0u16..250, height in 0u16..90, header in any::<bool>(), page in 0usize..4
        ) {
            let page = [Page::Home, Page::List, Page::Rows, Page::Full][page];
            let areas = Areas::compute(width, height, page, header);
            for y in 0..height {
                for x in (0..width).step_by(7) {
                    let owners = all(&areas).iter().filter(|area| area.holds(x, y)).count();
                    prop_assert_eq!(owners, 1, "cell {},{} of {}x{}", x, y, width, height);
                }
            }
        }
    }
}
