//! [`Plan`]: which columns a table has on a screen, and their cells. All tables share it.
//!
//! A column shrinks before it is left out, and is left out before the reason loses its place: that is what a person came
//! for. What is left out stands on the next page of columns, beside those by which one knows a row.
//!
//! **Invariant:** `w` shows every column that is shown without it.

/// How much a table shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Width {
    /// The columns that tell most, with room between them.
    #[default]
    Usual,
    /// More columns, and longer names.
    Wide,
}

/// A column that wants a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish<C> {
    /// The column.
    pub column: C,
    /// The fewest cells in which it says something.
    pub least: u16,
    /// Its cells where they have room.
    pub usual: u16,
    /// Cells in which the longest stand whole: with `w`.
    pub most: u16,
    /// Which of them are left out first: the highest.
    pub rank: u8,
    /// What it is in the table.
    pub part: Part,
    /// Whether somebody chose its cells: others shrink before it does.
    pub firm: bool,
}

/// What a column is in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// One knows a row by it: it is on every page of columns.
    Stays,
    /// It takes the cells that the others leave.
    Rest,
    /// One like others.
    Plain,
    /// On a screen of this size it is shown with `w` only.
    Extra,
}

/// The columns of a table on a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<C> {
    /// The columns that are shown with their cells, from left to right.
    pub columns: Vec<(C, u16)>,
    /// Cells between two.
    pub gap: u16,
    /// Those that are not shown now.
    pub left_out: Vec<C>,
    /// Which page of columns it is.
    pub page: usize,
    /// Whether there is another one.
    pub more: bool,
}

/// The fewest cells of the reason, whatever is beside it.
const REASON: u16 = 12;

/// The cells in which most names can be told apart.
const READABLE: u16 = 10;

/// The cells of the reason for which others are left out.
const fn kept(width: Width) -> u16 {
    match width {
        Width::Usual => 20,
        Width::Wide => 13,
    }
}

/// The cells that the reason keeps where names grow.
const fn spared(screen: u16) -> u16 {
    if screen < 160 { 30 } else { 44 }
}

impl<C: Clone> Plan<C> {
    /// The columns on a page of a screen that is so many cells wide; pages behind the last one are the last one.
    pub fn of(wishes: &[Wish<C>], width: Width, screen: u16, page: usize) -> Self {
        let mut seen = vec![false; wishes.len()];
        let mut number = 0;
        loop {
            let shown = choose(wishes, width, screen, &seen);
            seen.iter_mut().zip(&shown).for_each(|(seen, shown)| *seen |= shown);
            let more = seen.contains(&false);
            if number == page || !more {
                let (columns, gap) = size(wishes, &shown, width, screen);
                let left_out = wishes.iter().zip(&shown).filter(|(_, shown)| !**shown);
                let left_out = left_out.map(|(wish, _)| wish.column.clone()).collect();
                return Self { columns, gap, left_out, page: number, more };
            }
            number += 1;
        }
    }

    /// The page that is so many behind this one.
    pub fn step(&self, by: isize) -> usize {
        let last = if self.more { self.page + 1 } else { self.page };
        self.page.saturating_add_signed(by).min(last)
    }

    /// The column at a cell, where so many cells stand before the first.
    pub fn at(&self, gutter: u16, x: u16) -> Option<C> {
        let mut left = gutter;
        self.columns.iter().find_map(|(column, cells)| {
            let here = (left..left + cells + self.gap).contains(&x);
            left += cells + self.gap;
            here.then(|| column.clone())
        })
    }
}

/// Which columns a page shows, when some were seen on those before it.
fn choose<C>(wishes: &[Wish<C>], width: Width, screen: u16, seen: &[bool]) -> Vec<bool> {
    let first = !seen.contains(&true);
    let is_seen = |place: usize| seen.get(place).copied().unwrap_or_default();
    // What is shown without `w` has its place before anything else.
    let usual = if width == Width::Wide && first { choose(wishes, Width::Usual, screen, seen) } else { Vec::new() };
    let mut order: Vec<(usize, &Wish<C>)> = wishes.iter().enumerate().collect();
    order.sort_by_key(|(place, wish)| match wish.part {
        Part::Stays => (0, 0),
        // A page after the first begins with what was on none before it, from left to right.
        _ if !first && !is_seen(*place) => (1, 0),
        Part::Rest => (2, 0),
        _ if usual.get(*place) == Some(&true) => (3, 0),
        Part::Extra => (5, wish.rank),
        Part::Plain => (4, wish.rank),
    });
    let (mut shown, mut left, mut keep) = (vec![false; wishes.len()], screen, 0);
    let (mut any, mut rest) = (false, false);
    for (place, wish) in order {
        // The first new one has its place, though the others have to give some for it.
        let forced = wish.part == Part::Stays || first && wish.part == Part::Rest || !first && !is_seen(place) && !any;
        let extra = first && wish.part == Part::Extra && width == Width::Usual;
        let wanted = wish.least + 1;
        let fits = left >= wanted.saturating_add(if rest { keep } else { 0 });
        if !forced && (extra || !fits) {
            continue;
        }
        if let Some(shown) = shown.get_mut(place) {
            *shown = true;
        }
        any |= wish.part != Part::Stays && !is_seen(place);
        if wish.part == Part::Rest {
            (rest, keep) = (true, if first { kept(width) } else { REASON } + 1);
        } else {
            left = left.saturating_sub(wanted);
        }
    }
    shown
}

/// The cells of the columns of a page, and the gap between them.
fn size<C: Clone>(wishes: &[Wish<C>], shown: &[bool], width: Width, screen: u16) -> (Vec<(C, u16)>, u16) {
    let shown: Vec<&Wish<C>> = wishes.iter().zip(shown).filter(|(_, shown)| **shown).map(|(wish, _)| wish).collect();
    let cells = |of: fn(&Wish<C>) -> u16| -> Vec<u16> {
        shown.iter().map(|wish| if wish.part == Part::Rest { 0 } else { of(wish) }).collect()
    };
    let rest = shown.iter().position(|wish| wish.part == Part::Rest);
    let keep = if rest.is_some() { kept(width) } else { 0 };
    let (mut least, usual) = (cells(|wish| wish.least), cells(|wish| wish.usual));
    let used = |cells: &[u16], gap: u16| cells.iter().fold(0u16, |used, cells| used.saturating_add(cells + gap));
    // Gaps shrink before columns do.
    let roomy = width == Width::Usual && screen >= 100 && used(&usual, 2).saturating_add(keep) <= screen;
    let gap = if roomy { 2 } else { 1 };
    let mut spare = screen.saturating_sub(used(&least, gap));
    if shown.iter().any(|wish| wish.firm) {
        // A width that somebody chose is not at the cost of what a neighbour says.
        let readable = cells(|wish| wish.usual.min(READABLE));
        spare -= raise(&mut least, &readable, spare.saturating_sub(keep));
    }
    let firm: Vec<u16> = shown.iter().map(|wish| if wish.firm { wish.usual } else { 0 }).collect();
    spare -= raise(&mut least, &firm, spare.saturating_sub(keep));
    spare -= raise(&mut least, &usual, spare.saturating_sub(keep));
    let keep = if rest.is_some() { spared(screen) } else { 0 };
    if width == Width::Wide || rest.is_none() {
        spare -= raise(&mut least, &cells(|wish| wish.most), spare.saturating_sub(keep));
    }
    if let Some(reason) = rest.and_then(|rest| least.get_mut(rest)) {
        *reason = spare;
    }
    // On a screen that is too small even for these, what stands at the right is cut.
    let mut left = screen;
    for cells in &mut least {
        *cells = (*cells).min(left.saturating_sub(gap));
        left = left.saturating_sub(*cells + gap);
    }
    (shown.iter().map(|wish| wish.column.clone()).zip(least).collect(), gap)
}

/// Gives spare cells to the columns that wish for more, one to each in turn; returns how many were taken.
fn raise(cells: &mut [u16], wishes: &[u16], spare: u16) -> u16 {
    let mut left = spare;
    loop {
        let before = left;
        for (cells, wish) in cells.iter_mut().zip(wishes) {
            if left > 0 && *cells < *wish {
                *cells += 1;
                left -= 1;
            }
        }
        if left == before {
            return spare - left;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wish() -> impl Strategy<Value = Wish<usize>> {
        let part = prop_oneof![Just(Part::Plain), Just(Part::Plain), Just(Part::Extra)];
        (3u16..14, 0u16..30, 0u16..60, any::<u8>(), part, any::<bool>()).prop_map(
            |(least, usual, most, rank, part, firm)| Wish {
                column: 0,
                least,
                usual: least + usual,
                most: least + usual + most,
                rank,
                part,
                firm,
            },
        )
    }

    /// Some columns by which one knows a row, a reason among others.
    fn wishes() -> impl Strategy<Value = Vec<Wish<usize>>> {
        (proptest::collection::vec(wish(), 1..12), 0usize..4, any::<prop::sample::Index>(), any::<bool>()).prop_map(
            |(mut wishes, stay, place, reason)| {
                if reason {
                    let place = place.index(wishes.len());
                    wishes[place] = Wish { part: Part::Rest, firm: false, ..wishes[place].clone() };
                }
                let plain = wishes.iter_mut().filter(|wish| wish.part != Part::Rest);
                plain.take(stay).for_each(|wish| wish.part = Part::Stays);
                wishes.iter_mut().enumerate().for_each(|(place, wish)| wish.column = place);
                wishes
            },
        )
    }

    #[test]
    fn a_chosen_width_waits_until_its_neighbours_can_be_read() {
        let wish =
            |column, least, usual, firm| Wish { column, least, usual, most: usual, rank: 0, part: Part::Plain, firm };
        let rest = Wish { part: Part::Rest, ..wish("why", 12, 0, false) };
        let wishes = [wish("name", 10, 40, true), wish("team", 4, 14, false), wish("expires", 7, 9, false), rest];
        let cells = |screen| Plan::of(&wishes, Width::Usual, screen, 0).columns;
        assert_eq!(cells(70), [("name", 27), ("team", 10), ("expires", 9), ("why", 20)]);
        assert_eq!(cells(99), [("name", 40), ("team", 14), ("expires", 9), ("why", 32)]);
    }

    proptest! {
        #[test]
        fn every_column_is_on_some_page_and_none_beyond_the_screen(wishes in wishes(), screen in 58u16..240, wide in any::<bool>()) {
            let width = if wide { Width::Wide } else { Width::Usual };
            let mut seen = vec![0; wishes.len()];
            for page in 0..=wishes.len() {
                let plan = Plan::of(&wishes, width, screen, page);
                let used: u16 = plan.columns.iter().map(|(_, cells)| cells + plan.gap).sum();
                prop_assert!(used <= screen, "{plan:?}");
                prop_assert_eq!(plan.columns.len() + plan.left_out.len(), wishes.len());
                prop_assert!(plan.columns.is_sorted_by_key(|(column, _)| *column));
                for (column, _) in &plan.columns {
                    seen[*column] += 1;
                }
                for stays in wishes.iter().filter(|wish| wish.part == Part::Stays) {
                    prop_assert!(!plan.left_out.contains(&stays.column), "{plan:?}");
                }
                if !plan.more {
                    prop_assert!(plan.page == page);
                    prop_assert!(!seen.contains(&0), "{seen:?}");
                    prop_assert_eq!(&Plan::of(&wishes, width, screen, page + 1), &plan);
                    break;
                }
            }
        }

        #[test]
        fn more_columns_are_never_fewer(wishes in wishes(), screen in 58u16..240) {
            let (usual, wide) = (Plan::of(&wishes, Width::Usual, screen, 0), Plan::of(&wishes, Width::Wide, screen, 0));
            for column in &wide.left_out {
                prop_assert!(usual.left_out.contains(column), "{usual:?} {wide:?}");
            }
        }
    }
}
