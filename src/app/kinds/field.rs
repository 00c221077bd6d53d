//! [`Field`]: the columns of the tables of other kinds, as data: which kind has which, how wide, how they sort.

use crate::app::table::plan::raise;
use crate::model::kind::Kind;
use crate::query::tag::Tag;

/// What a column says of an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Field {
    /// How it does: what needs a person first.
    State,
    /// Its place in the scheduler's queue.
    Place,
    /// Its namespace.
    Namespace,
    /// Its name.
    Name,
    /// Whose Certificate it is for.
    Certificate,
    /// Which revision it would become.
    Revision,
    /// Who signs.
    Issuer,
    /// How many names it proves.
    Names,
    /// The name that it proves.
    Domain,
    /// What it is: HTTP-01, ACME, CA.
    Type,
    /// How names are proven.
    Solver,
    /// How many Certificates name it.
    Certificates,
    /// How many of those need a person.
    Troubles,
    /// Why it does as it does.
    Why,
    /// How long it exists.
    Age,
    /// When the certificate in it ends.
    Expires,
    /// When it was noted last.
    Last,
    /// How often.
    Count,
    /// What it is about.
    Object,
    /// One word for it.
    Reason,
    /// The value of a label or an annotation.
    Tag(Tag),
}

impl Field {
    /// Its title.
    pub fn title(&self) -> String {
        match self {
            Self::State => "STATE",
            Self::Place => "PLACE",
            Self::Namespace => "NAMESPACE",
            Self::Name => "NAME",
            Self::Certificate => "CERTIFICATE",
            Self::Revision => "REV",
            Self::Issuer => "ISSUER",
            Self::Names => "NAMES",
            Self::Domain => "DOMAIN",
            Self::Type => "TYPE",
            Self::Solver => "SOLVER",
            Self::Certificates => "CERTS",
            Self::Troubles => "NEED",
            Self::Why => "WHY",
            Self::Age => "AGE",
            Self::Expires => "EXPIRES",
            Self::Last => "LAST",
            Self::Count => "TIMES",
            Self::Object => "OBJECT",
            Self::Reason => "REASON",
            Self::Tag(tag) => return tag.short().to_uppercase(),
        }
        .to_owned()
    }

    /// How the title of the table names the order.
    pub fn order(&self) -> String {
        match self {
            Self::State => "by need",
            Self::Place => "in the order of the queue",
            Self::Certificates => "most certificates first",
            Self::Troubles => "most trouble first",
            Self::Age => "youngest first",
            Self::Expires => "soonest end first",
            Self::Last => "the latest first",
            Self::Count => "most often first",
            Self::Tag(tag) => return format!("by {tag}"),
            other => return format!("by {}", other.title().to_lowercase()),
        }
        .to_owned()
    }

    /// Whether the table can be sorted by it: sentences have no order of their own.
    pub const fn sorts(&self) -> bool {
        !matches!(self, Self::Why)
    }

    /// Whether it stands at the right of its cells.
    pub const fn is_right(&self) -> bool {
        matches!(
            self,
            Self::Age
                | Self::Expires
                | Self::Certificates
                | Self::Troubles
                | Self::Count
                | Self::Names
                | Self::Revision
        )
    }
}

/// A column: its cells on a narrow, a usual and a wide screen. None: it is not shown there.
type Column = (Field, [u16; 3]);

/// Takes what the others leave.
const REST: u16 = u16::MAX;

const REQUESTS: &[Column] = &[
    (Field::State, [10, 12, 14]),
    (Field::Namespace, [12, 14, 18]),
    (Field::Name, [18, 22, 32]),
    (Field::Certificate, [0, 0, 24]),
    (Field::Revision, [0, 4, 4]),
    (Field::Issuer, [0, 16, 22]),
    (Field::Why, [REST, REST, REST]),
    (Field::Age, [7, 7, 8]),
];

const ORDERS: &[Column] = &[
    (Field::State, [10, 11, 12]),
    (Field::Namespace, [12, 14, 18]),
    (Field::Name, [18, 22, 34]),
    (Field::Certificate, [0, 0, 24]),
    (Field::Issuer, [0, 16, 22]),
    (Field::Names, [5, 5, 5]),
    (Field::Why, [REST, REST, REST]),
    (Field::Age, [7, 7, 8]),
];

const CHALLENGES: &[Column] = &[
    (Field::Place, [7, 8, 8]),
    (Field::State, [10, 11, 12]),
    (Field::Namespace, [12, 12, 16]),
    (Field::Domain, [18, 22, 30]),
    (Field::Type, [0, 8, 8]),
    (Field::Solver, [0, 10, 14]),
    (Field::Certificate, [0, 0, 20]),
    (Field::Why, [REST, REST, REST]),
    (Field::Age, [7, 7, 8]),
];

const ISSUERS: &[Column] = &[
    (Field::State, [10, 12, 12]),
    (Field::Namespace, [12, 12, 18]),
    (Field::Name, [18, 20, 30]),
    (Field::Type, [11, 12, 12]),
    (Field::Solver, [0, 0, 26]),
    (Field::Certificates, [6, 7, 8]),
    (Field::Troubles, [5, 6, 6]),
    (Field::Why, [REST, REST, REST]),
    (Field::Age, [0, 7, 8]),
];

const CLUSTER_ISSUERS: &[Column] = &[
    (Field::State, [10, 12, 12]),
    (Field::Name, [20, 22, 34]),
    (Field::Type, [11, 12, 12]),
    (Field::Solver, [0, 18, 30]),
    (Field::Certificates, [6, 7, 8]),
    (Field::Troubles, [5, 6, 6]),
    (Field::Why, [REST, REST, REST]),
    (Field::Age, [0, 7, 8]),
];

const SECRETS: &[Column] = &[
    (Field::State, [9, 10, 10]),
    (Field::Namespace, [12, 14, 18]),
    (Field::Name, [16, 22, 32]),
    (Field::Certificate, [14, 18, 28]),
    (Field::Issuer, [0, 16, 22]),
    (Field::Why, [REST, REST, REST]),
    (Field::Expires, [7, 8, 9]),
    (Field::Age, [0, 7, 8]),
];

const EVENTS: &[Column] = &[
    (Field::Last, [7, 7, 8]),
    (Field::State, [0, 8, 8]),
    (Field::Namespace, [12, 12, 16]),
    (Field::Object, [20, 28, 44]),
    (Field::Reason, [13, 16, 20]),
    (Field::Count, [0, 5, 6]),
    (Field::Why, [REST, REST, REST]),
];

/// The columns of a kind that has a table of its own.
pub const fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::CertificateRequest => REQUESTS,
        Kind::Order => ORDERS,
        Kind::Challenge => CHALLENGES,
        Kind::Issuer => ISSUERS,
        Kind::ClusterIssuer => CLUSTER_ISSUERS,
        Kind::Secret => SECRETS,
        Kind::Event => EVENTS,
        _ => &[],
    }
}

/// Cells before the first column: the cursor.
pub const GUTTER: u16 = 1;

/// The fewest cells in which a column that is only shown with `w` says something.
const FEWEST: u16 = 12;

/// The fewest cells of the reason for which a screen has its usual columns.
const LEAST: u16 = 20;

/// The columns on a screen of some width with their cells, and the gap between them; `wide` for more columns and longer
/// names, as far as the reason can spare them.
pub fn plan(kind: Kind, width: u16, wide: bool) -> (Vec<(Field, u16)>, u16) {
    let of = |size: usize| columns(kind).iter().map(move |(_, cells)| cells.get(size).copied().unwrap_or_default());
    let left = |size: usize, gap: u16| {
        let shown = of(size).filter(|cells| *cells > 0);
        let used: u16 = shown.map(|cells| if cells == REST { gap } else { cells + gap }).sum();
        width.saturating_sub(used + GUTTER)
    };
    // Gaps shrink before columns go, and both before the reason does.
    let size: usize = match width {
        ..100 => 0,
        100..180 => 1,
        _ => 2,
    };
    let roomy = |(size, gap): &(usize, u16)| left(*size, *gap) >= LEAST;
    let tries = [(size, if size == 0 || wide { 1 } else { 2 }), (size, 1)];
    let (size, gap) = tries.into_iter().find(roomy).unwrap_or((size.saturating_sub(1), 1));
    let mut cells: Vec<u16> = of(size).collect();
    let mut left = left(size, gap);
    // What `w` wishes for, and what the reason keeps then.
    let (next, keep) = ((size + 1).min(2), if width < 180 { LEAST + 4 * size as u16 } else { 2 * LEAST });
    if wide {
        let longer = |it: u16| if size == next && it != REST { it + it / 3 } else { it };
        let mut wishes: Vec<u16> = of(next).map(longer).collect();
        for (cells, wish) in cells.iter_mut().zip(&mut wishes).filter(|(cells, _)| **cells == 0) {
            let room = left.saturating_sub(keep + gap).min(*wish);
            if *wish > 0 && room >= FEWEST.min(*wish) {
                *cells = room;
                left -= room + gap;
            } else {
                *wish = 0;
            }
        }
        left -= raise(&mut cells, &wishes, left.saturating_sub(keep));
    }
    let cells = cells.into_iter().map(|cells| if cells == REST { left } else { cells });
    (columns(kind).iter().map(|(field, _)| field.clone()).zip(cells).filter(|(_, cells)| *cells > 0).collect(), gap)
}

/// The cells of a column on a wide screen.
pub fn usual(kind: Kind, wanted: &Field) -> Option<u16> {
    columns(kind).iter().find(|(field, _)| field == wanted).map(|(_, [.., broad])| *broad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::kinds::KINDS;

    #[test]
    fn more_columns_leave_the_reason_its_place() {
        for kind in KINDS {
            for width in 76..300 {
                let why = |wide: bool| {
                    let (plan, gap) = plan(kind, width, wide);
                    let used: u16 = plan.iter().map(|(_, cells)| cells + gap).sum();
                    assert_eq!(used + GUTTER, width, "{kind} {width} {wide}");
                    plan.iter().find(|(field, _)| *field == Field::Why).map(|(_, cells)| *cells).unwrap()
                };
                let (usual, wide) = (why(false), why(true));
                assert!(wide >= usual.min(20), "{kind} {width}: {usual} becomes {wide}");
            }
        }
    }
}
