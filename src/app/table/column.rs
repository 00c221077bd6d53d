//! [`Column`]: the columns of the table of Certificates, and how they sort.
//!
//! **Invariant:** no sort key depends on the clock, so passing time never moves a row.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::plan::{Part, Wish};
use crate::query::tag::Tag;
use crate::triage::row::Row;

/// Cells before the first column of the table of Certificates: the cursor, and the mark.
pub const GUTTER: u16 = 2;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Column {
    /// What needs a person first.
    #[default]
    Verdict,
    /// The namespace.
    Namespace,
    /// The name.
    Name,
    /// Who signs.
    Issuer,
    /// The reason in a few words.
    Why,
    /// How long it exists.
    Age,
    /// When it ends.
    Expires,
    /// When something happens next.
    Next,
    /// The value of a label or an annotation.
    Tag(Tag),
}

impl Column {
    /// All that every Certificate has, from left to right.
    pub const ALL: [Self; 8] =
        [Self::Verdict, Self::Namespace, Self::Name, Self::Issuer, Self::Why, Self::Age, Self::Expires, Self::Next];

    /// Its title.
    pub fn title(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Verdict => "VERDICT",
            Self::Namespace => "NAMESPACE",
            Self::Name => "NAME",
            Self::Issuer => "ISSUER",
            Self::Why => "WHY",
            Self::Age => "AGE",
            Self::Expires => "EXPIRES",
            Self::Next => "NEXT",
            Self::Tag(tag) => return Cow::Owned(tag.short().to_uppercase()),
        })
    }

    /// How the title of the table names the order.
    pub fn order(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Verdict => "by need",
            Self::Namespace => "by namespace",
            Self::Name => "by name",
            Self::Issuer => "by issuer",
            Self::Why => "by reason",
            Self::Age => "youngest first",
            Self::Expires => "soonest end first",
            Self::Next => "soonest first",
            Self::Tag(tag) => return Cow::Owned(format!("by {tag}")),
        })
    }

    /// The label or the annotation that it shows.
    pub const fn tag(&self) -> Option<&Tag> {
        match self {
            Self::Tag(tag) => Some(tag),
            _ => None,
        }
    }

    /// Whether it stands at the right of its cells.
    pub const fn is_right(&self) -> bool {
        matches!(self, Self::Age | Self::Expires | Self::Next)
    }

    /// Whether the table can be sorted by it: reasons have no order of their own.
    pub const fn sorts(&self) -> bool {
        !matches!(self, Self::Why)
    }

    /// What it wants on a screen of so many cells, where the table has the columns of its own.
    pub fn wish(&self, screen: u16) -> Wish<Self> {
        let (least, usual, most, rank) = match self {
            Self::Verdict => (12, [12, 14, 15], 15, 0),
            Self::Namespace => (12, [12, 12, 14], 30, 0),
            Self::Name => (12, [12, 14, 22], 50, 0),
            Self::Issuer => (9, [0, 16, 22], 40, 3),
            Self::Why => (12, [12, 12, 12], 12, 0),
            Self::Age => (4, [0, 0, 7], 7, 4),
            Self::Expires => (7, [7, 8, 8], 8, 1),
            Self::Next => (6, [8, 10, 10], 10, 2),
            Self::Tag(_) => (3, [14, 14, 14], 40, 0),
        };
        let size = match screen {
            ..100 => 0,
            100..160 => 1,
            _ => 2,
        };
        let usual = usual.get(size).copied().unwrap_or_default();
        let part = match self {
            Self::Verdict | Self::Namespace | Self::Name => Part::Stays,
            Self::Why => Part::Rest,
            _ if usual == 0 => Part::Extra,
            _ => Part::Plain,
        };
        Wish { column: self.clone(), least, usual: usual.max(least), most, rank, part, firm: false }
    }

    /// The order of two rows. Equal rows are ordered by namespace, name and uid: the order is total.
    pub fn compare(&self, a: &Row, b: &Row) -> Ordering {
        let by_column = match self {
            Self::Verdict | Self::Why => a.by_need(b),
            Self::Namespace => Ordering::Equal,
            Self::Name => a.certificate.meta.name.cmp(&b.certificate.meta.name),
            Self::Issuer => a.certificate.issuer.name.cmp(&b.certificate.issuer.name),
            Self::Age => b.certificate.meta.created.cmp(&a.certificate.meta.created),
            Self::Expires => a.certificate.not_after.cmp(&b.certificate.not_after),
            Self::Next => latest_last(a.next()).cmp(&latest_last(b.next())),
            Self::Tag(tag) => {
                let (a, b) = (tag.of(&a.certificate.meta.labels), tag.of(&b.certificate.meta.labels));
                latest_last(a).cmp(&latest_last(b))
            }
        };
        let by_uid = || a.certificate.meta.uid.cmp(&b.certificate.meta.uid);
        by_column.then_with(|| a.by_name(b)).then_with(by_uid)
    }
}

fn latest_last<T: Ord>(value: Option<T>) -> (bool, Option<T>) {
    (value.is_none(), value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::table::plan::{Plan, Width};

    #[test]
    fn the_reason_keeps_its_place_at_every_width() {
        for screen in 60..300 {
            let wishes: Vec<_> = Column::ALL.iter().map(|column| column.wish(screen)).collect();
            let why = |width| {
                let plan = Plan::of(&wishes, width, screen - GUTTER, 0);
                let used: u16 = plan.columns.iter().map(|(_, cells)| cells + plan.gap).sum();
                assert_eq!(used + GUTTER, screen, "{width:?}");
                let cells = |wanted| plan.columns.iter().find(|(column, _)| *column == wanted).map(|(_, n)| *n);
                assert!(cells(Column::Namespace) >= Some(12), "`cert-manager` stands whole: {screen} {width:?}");
                cells(Column::Why).unwrap()
            };
            let (usual, wide) = (why(Width::Usual), why(Width::Wide));
            assert!(usual >= 20.min(screen - 42), "{screen}: {usual}");
            assert!(wide >= 13, "{screen}: {usual} becomes {wide}");
        }
    }
}
