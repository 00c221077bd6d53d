//! [`Field`]: the columns of the tables of other kinds, as data: which kind has which, how wide, how they sort.

use crate::app::table::plan::{Part, Wish};
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

    /// The label or the annotation that it shows.
    pub const fn tag(&self) -> Option<&Tag> {
        match self {
            Self::Tag(tag) => Some(tag),
            _ => None,
        }
    }

    /// The fewest cells in which it says something.
    const fn least(&self) -> u16 {
        match self {
            Self::Tag(_) => 3,
            Self::Revision | Self::Age | Self::Troubles => 4,
            Self::Names | Self::Last | Self::Count | Self::Certificates => 5,
            Self::Place | Self::Expires | Self::Type => 7,
            Self::State | Self::Issuer => 9,
            Self::Solver => 10,
            Self::Namespace | Self::Name | Self::Certificate | Self::Domain | Self::Reason | Self::Why => 12,
            Self::Object => 14,
        }
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

/// It takes what the others leave.
const REST: u16 = 12;

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

/// Cells before the first column: the cursor, and the sign.
pub const GUTTER: u16 = 3;

/// The columns of a kind as they want to be on a screen of so many cells.
pub fn wishes(kind: Kind, screen: u16) -> Vec<Wish<Field>> {
    columns(kind).iter().enumerate().map(|(place, column)| wish(column, place, screen)).collect()
}

fn wish((field, cells): &Column, place: usize, screen: u16) -> Wish<Field> {
    let size = match screen {
        ..100 => 0,
        100..180 => 1,
        _ => 2,
    };
    let [.., broad] = *cells;
    let usual = cells.get(size).copied().unwrap_or_default();
    let part = match field {
        Field::Why => Part::Rest,
        _ if usual == 0 => Part::Extra,
        Field::State | Field::Place | Field::Namespace | Field::Name | Field::Domain | Field::Object => Part::Stays,
        _ => Part::Plain,
    };
    let least = field.least();
    let most = if field.is_right() { broad } else { broad + broad / 3 };
    let usual = if usual == 0 { broad.min(18) } else { usual };
    Wish { column: field.clone(), least, usual: usual.max(least), most, rank: place as u8, part, firm: false }
}

/// What the column of a kind wants on a screen where all have room.
pub fn at_most(kind: Kind, wanted: &Field) -> Option<Wish<Field>> {
    let column = columns(kind).iter().find(|(field, _)| field == wanted)?;
    Some(wish(column, 0, u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::kinds::KINDS;
    use crate::app::table::plan::{Plan, Width};

    #[test]
    fn more_columns_leave_the_reason_its_place() {
        for kind in KINDS {
            for screen in 60..300 {
                let wishes = wishes(kind, screen);
                let why = |width: Width| {
                    let plan = Plan::of(&wishes, width, screen - GUTTER, 0);
                    let used: u16 = plan.columns.iter().map(|(_, cells)| cells + plan.gap).sum();
                    assert_eq!(used + GUTTER, screen, "{kind} {width:?}");
                    plan.columns.iter().find(|(field, _)| *field == Field::Why).map(|(_, cells)| *cells).unwrap()
                };
                let (usual, wide) = (why(Width::Usual), why(Width::Wide));
                assert!(usual >= 12 && wide >= usual.min(13), "{kind} {screen}: {usual} becomes {wide}");
            }
        }
    }
}
