//! [`Column`]: the columns of the table of Certificates, and how they sort.
//!
//! **Invariant:** no sort key depends on the clock, so passing time never moves a row.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::query::tag::Tag;
use crate::triage::row::Row;

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

    /// Whether the table can be sorted by it: reasons have no order of their own.
    pub const fn sorts(&self) -> bool {
        !matches!(self, Self::Why)
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
