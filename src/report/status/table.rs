//! The table: one line a Certificate.

use super::{Card, Status};
use crate::model::meta::Time;
use crate::report::Style;
use crate::report::sheet::{Rule, Sheet};
use crate::text::{fit, span};
use crate::triage::row::NOTHING;

/// Columns beyond which a namespace, a name or an issuer pushes its own row only.
const NAMES: usize = 40;

/// Columns that a reason may take.
const REASON: usize = 72;

/// Columns that the list of DNS names may take.
const DNS_NAMES: usize = 60;

const COLUMNS: [(&str, Rule); 8] = [
    ("VERDICT", Rule::Left(NAMES)),
    ("NAMESPACE", Rule::Left(NAMES)),
    ("NAME", Rule::Left(NAMES)),
    ("ISSUER", Rule::Left(NAMES)),
    ("WHY", Rule::Gives(REASON)),
    ("AGE", Rule::Right),
    ("EXPIRES", Rule::Right),
    ("NEXT", Rule::Right),
];

const WIDE: [(&str, Rule); 5] = [
    ("REV", Rule::Right),
    ("SECRET", Rule::Left(NAMES)),
    ("VALID UNTIL", Rule::Left(NAMES)),
    ("NEXT AT", Rule::Left(NAMES)),
    ("DNS NAMES", Rule::Left(DNS_NAMES)),
];

pub(super) fn table(status: &Status, wide: bool, style: &Style) -> String {
    let mut columns = COLUMNS.to_vec();
    if wide {
        columns.extend(WIDE);
    }
    let mut sheet = Sheet::new(&columns).sparing(&["AGE", "ISSUER", "NEXT", "EXPIRES"]);
    for card in &status.cards {
        let mut row = cells(status, card, style);
        if wide {
            row.extend(wide_cells(card, style));
        }
        let row = row.iter().map(|cell| style.plain(cell).into_owned()).collect();
        sheet.push_loud(row, card.diagnosis.verdict.alarm(), style.color);
    }
    let mut lines = if sheet.is_empty() { Vec::new() } else { sheet.lines(style.bare, style.width) };
    if !style.bare {
        if !status.cards.is_empty() {
            lines.push(String::new());
        }
        lines.push(style.plain(&status.closing(style)).into_owned());
    }
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

fn cells(status: &Status, card: &Card, style: &Style) -> Vec<String> {
    let (row, now) = (card.row(), status.at);
    let verdict = card.diagnosis.verdict;
    let glyph = if style.ascii { verdict.ascii_glyph() } else { verdict.glyph() };
    vec![
        format!("{glyph} {}", card.verdict(now)),
        row.certificate.meta.namespace.to_string(),
        row.certificate.meta.name.to_string(),
        row.certificate.issuer.name.to_string(),
        card.why.clone(),
        row.certificate.meta.created.map_or_else(nothing, |created| span(now - created)),
        row.certificate.not_after.map_or_else(|| "none".to_owned(), |end| lasts(end, now)),
        row.next().map_or_else(nothing, |next| ahead(next, now)),
    ]
}

fn nothing() -> String {
    NOTHING.to_owned()
}

/// How long a certificate is still good: `6d 02h`; `−2d 03h` when it ended.
fn lasts(end: Time, now: Time) -> String {
    if end <= now { format!("−{}", span(now - end)) } else { span(end - now) }
}

/// A countdown: `in 59d`, `now`.
fn ahead(moment: Time, now: Time) -> String {
    if moment <= now { "now".to_owned() } else { format!("in {}", span(moment - now)) }
}

fn wide_cells(card: &Card, style: &Style) -> Vec<String> {
    let certificate = card.certificate;
    let moment = |moment: Option<_>| moment.map_or_else(String::new, |moment| style.zone.tell(moment));
    let names: Vec<&str> = certificate.dns_names.iter().take(crate::limits::CHILDREN).collect();
    vec![
        certificate.revision.map_or_else(String::new, |revision| revision.to_string()),
        certificate.secret_name.to_string(),
        moment(certificate.not_after),
        moment(card.row().next()),
        // Whoever reads the paper may look for any of them.
        style.width.map_or_else(|| names.join(","), |_| fit(&names.join(","), DNS_NAMES).into_owned()),
    ]
}
