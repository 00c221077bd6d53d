//! [`plan`]: which columns the table of Certificates has, and their cells, by the width of the screen.
//!
//! The reason is what a person came for: columns give way before it does, and `w` never widens another at its cost.

use super::column::Column;

/// A column with its cells.
pub type Plan = Vec<(Column, u16)>;

/// Cells before the first column of the table of Certificates: the cursor, and the mark.
pub const GUTTER: u16 = 2;

/// Takes what the others leave.
const REST: u16 = 0;

/// Which columns there are and the gap between them; `wide` for more columns and longer names.
pub fn plan(width: u16, wide: bool) -> (Plan, u16) {
    use Column::{Age, Expires, Issuer, Name, Namespace, Next, Verdict, Why};
    const REASON: (Column, u16) = (Why, REST);
    let (fixed, gap): (&[(Column, u16)], u16) = match (width, wide) {
        // Where there is no room for both, who signs takes the place of when something comes.
        (..100, true) => (&[(Verdict, 12), (Namespace, 12), (Name, 12), (Issuer, 16), REASON], 1),
        (..68, _) => (&[(Verdict, 12), (Namespace, 12), (Name, 12), REASON], 1),
        (..76, _) => (&[(Verdict, 12), (Namespace, 12), (Name, 12), REASON, (Expires, 7)], 1),
        (..100, _) => (&[(Verdict, 12), (Namespace, 12), (Name, 12), REASON, (Expires, 7), (Next, 8)], 1),
        (..112, false) => {
            (&[(Verdict, 12), (Namespace, 12), (Name, 16), (Issuer, 14), REASON, (Expires, 7), (Next, 8)], 1)
        }
        (..112, true) => {
            (&[(Verdict, 12), (Namespace, 12), (Name, 14), (Issuer, 14), REASON, (Age, 4), (Expires, 7), (Next, 8)], 1)
        }
        (..120, false) => {
            (&[(Verdict, 14), (Namespace, 12), (Name, 14), (Issuer, 14), REASON, (Expires, 8), (Next, 10)], 2)
        }
        (..160, false) => {
            (&[(Verdict, 14), (Namespace, 12), (Name, 14), (Issuer, 16), REASON, (Expires, 8), (Next, 10)], 2)
        }
        (..160, true) => {
            (&[(Verdict, 14), (Namespace, 12), (Name, 14), (Issuer, 14), REASON, (Age, 4), (Expires, 7), (Next, 8)], 1)
        }
        (_, wide) => (
            &[(Verdict, 15), (Namespace, 14), (Name, 22), (Issuer, 22), REASON, (Age, 7), (Expires, 8), (Next, 10)],
            if wide { 1 } else { 2 },
        ),
    };
    let used: u16 = fixed.iter().map(|(_, cells)| cells + gap).sum();
    let mut left = width.saturating_sub(used + GUTTER);
    let mut cells: Vec<u16> = fixed.iter().map(|(_, cells)| *cells).collect();
    if wide {
        let wishes: Vec<u16> = fixed.iter().map(|(column, cells)| wish(column).unwrap_or(*cells)).collect();
        let spare = left.saturating_sub(if width < 160 { 30 } else { 44 });
        left -= raise(&mut cells, &wishes, spare);
    }
    let cells = cells.into_iter().map(|cells| if cells == REST { left } else { cells });
    (fixed.iter().map(|(column, _)| column.clone()).zip(cells).collect(), gap)
}

/// Cells in which the longest names of most clusters stand whole.
const fn wish(column: &Column) -> Option<u16> {
    match column {
        Column::Namespace => Some(30),
        Column::Name => Some(50),
        Column::Issuer => Some(40),
        _ => None,
    }
}

/// Gives spare cells to the columns that wish for more, one to each in turn; returns how many were taken.
pub(in crate::app) fn raise(cells: &mut [u16], wishes: &[u16], spare: u16) -> u16 {
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
    use super::*;

    #[test]
    fn the_reason_keeps_its_place_at_every_width() {
        let cells = |plan: &Plan, wanted: &Column| plan.iter().find(|(column, _)| column == wanted).map(|(_, n)| *n);
        for width in 60..300 {
            let why = |wide: bool| {
                let (plan, gap) = plan(width, wide);
                let used: u16 = plan.iter().map(|(_, cells)| cells + gap).sum();
                assert_eq!(used + GUTTER, width, "{width} {wide}");
                assert!(cells(&plan, &Column::Namespace) >= Some(12), "`cert-manager` stands whole: {width} {wide}");
                cells(&plan, &Column::Why).unwrap()
            };
            let (usual, wide) = (why(false), why(true));
            assert!(usual >= 17, "{width}: {usual}");
            assert!(wide >= (usual * 4 / 5).min(30) || width < 76 && wide >= 1, "{width}: {usual} becomes {wide}");
        }
    }
}
