//! The tree: everything that belongs to a Certificate, one line an object.

use super::{Card, Status};
use crate::model::meta::Time;
use crate::report::Style;
use crate::report::outline::Guides;
use crate::report::sheet::{Rule, Sheet};
use crate::report::tint::tinted;
use crate::text::{fit, span};
use crate::triage::row::NOTHING;
use crate::triage::tree::Node;

/// Columns beyond which an object pushes its own row only.
const OBJECT: usize = 80;

const COLUMNS: [(&str, Rule); 4] =
    [("OBJECT", Rule::Left(OBJECT)), ("STATE", Rule::Left(OBJECT)), ("AGE", Rule::Right), ("REASON", Rule::Left(0))];

pub(super) fn trees(status: &Status, style: &Style) -> String {
    let cut = |line: &str| style.width.map_or_else(|| line.to_owned(), |cells| fit(line, cells).into_owned());
    let mut lines: Vec<String> = Vec::new();
    for card in &status.cards {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        if !style.bare {
            let headline = cut(&headline(status, card, style));
            lines.push(if style.color { tinted(&headline, card.diagnosis.verdict.alarm()) } else { headline });
        }
        let mut sheet = Sheet::new(&COLUMNS);
        grow(&mut sheet, &card.tree, ["", ""], status.at, style);
        lines.extend(sheet.lines(style.bare, None).iter().map(|line| cut(line)));
    }
    if !style.bare {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(cut(&style.plain(&status.closing(style))));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// `▲ shop/www · stuck 12m, propagating · certificate ends in 6d 02h · next attempt in 54m`.
fn headline(status: &Status, card: &Card, style: &Style) -> String {
    let (row, now) = (card.row(), status.at);
    let verdict = card.diagnosis.verdict;
    let glyph = if style.ascii { verdict.ascii_glyph() } else { verdict.glyph() };
    let phase = card.diagnosis.phase.map(|phase| format!(", {phase}")).unwrap_or_default();
    let end = match row.certificate.not_after {
        None => "no certificate yet".to_owned(),
        Some(end) if end <= now => format!("ended {} ago, {}", span(now - end), style.zone.tell(end)),
        Some(end) => format!("ends in {}, {}", span(end - now), style.zone.tell(end)),
    };
    let next = match row.next() {
        None => String::new(),
        Some(at) if at <= now => " · next now".to_owned(),
        Some(at) => format!(" · next in {}, {}", span(at - now), style.zone.tell(at)),
    };
    let meta = &row.certificate.meta;
    let text = format!("{}/{} · {}{phase} · {end}{next}", meta.namespace, meta.name, card.verdict(now));
    format!("{glyph} {}", style.plain(&text))
}

/// Adds an object and what hangs below it; `prefix` is what stands before itself and before its children.
fn grow(sheet: &mut Sheet, node: &Node, prefix: [&str; 2], now: Time, style: &Style) {
    let name = if node.object.name.is_empty() { "?" } else { &*node.object.name };
    let object = format!("{} {name}", node.kind());
    let age = node.since.map_or_else(|| NOTHING.to_owned(), |since| span(now - since));
    let cells = [node.state, age.as_str(), &node.reason].map(|cell| style.plain(cell).into_owned());
    let mut row = vec![format!("{}{}", prefix[0], style.plain(&object))];
    row.extend(cells);
    sheet.push(row);
    let guides = Guides::new(style.ascii);
    for (i, child) in node.children.iter().enumerate() {
        let is_last = i + 1 == node.children.len();
        let [own, below] = [guides.before(is_last), guides.below(is_last)].map(|guide| format!("{}{guide}", prefix[1]));
        grow(sheet, child, [&own, &below], now, style);
    }
}
