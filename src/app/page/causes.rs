//! The page of causes: what is wrong with cert-manager itself, then what several Certificates suffer from together.

use std::collections::BTreeSet;

use super::card;
use super::line::{Emphasis, Line, Piece};
use crate::app::App;
use crate::app::kinds::KINDS;
use crate::app::screen::Screen;
use crate::app::toast::Tone;
use crate::app::viewport::Viewport;
use crate::limits;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::query::filter;
use crate::triage::causes::Cause;
use crate::triage::finding::Finding;
use crate::triage::system;

/// A row of the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Ailment {
    /// cert-manager itself, or what no Certificate owns.
    System(Finding),
    /// One thing that Certificates suffer from.
    Cause(Cause),
}

impl Ailment {
    /// What is wrong.
    pub const fn finding(&self) -> &Finding {
        match self {
            Self::System(finding) => finding,
            Self::Cause(cause) => &cause.finding,
        }
    }

    /// Whom it hits.
    pub fn subjects(&self) -> &[Id<Certificate>] {
        match self {
            Self::System(_) => &[],
            Self::Cause(cause) => &cause.subjects,
        }
    }

    /// Whether rows of a table are behind it: Certificates, or the object that shows it.
    pub fn leads(&self) -> bool {
        match self {
            Self::System(finding) => KINDS.contains(&finding.subject.kind),
            Self::Cause(_) => true,
        }
    }

    /// Whose it is: the only Certificate that it hits, else what those have in common whom it hits, where its words do not
    /// say so.
    pub fn whose(&self, model: &Model) -> Option<String> {
        let Self::Cause(cause) = self else { return None };
        let whose = match cause.subjects.as_slice() {
            [only] => model.certificate_key(*only).map(|key| format!("{}/{}", key.namespace, key.name))?,
            _ => cause.shared.clone(),
        };
        let said = cause.finding.title.split([' ', ',', ':']).any(|word| word == whose);
        (!whose.is_empty() && !said).then_some(whose)
    }

    /// Whom one of them only waits for.
    fn waits_behind(&self, id: Id<Certificate>) -> Option<Id<Certificate>> {
        match self {
            Self::System(_) => None,
            Self::Cause(cause) => cause.waiting.get(&id).copied(),
        }
    }
}

/// The page, laid out while it is shown.
#[derive(Debug, Default)]
pub struct CausesPage {
    /// The rows.
    pub rows: Vec<Ailment>,
    /// The window over them.
    pub view: Viewport,
}

impl CausesPage {
    /// The selected row.
    pub fn selected(&self) -> Option<&Ailment> {
        self.rows.get(self.view.cursor)
    }
}

impl App {
    /// Lays the page out again; the selected row stays selected if it is still there.
    pub(in crate::app) fn lay_out_causes(&mut self, now: Time) {
        if self.ui.screen() != Screen::Causes {
            return;
        }
        let mark = |row: &Ailment| (row.finding().id, row.finding().subject.clone());
        let selected = self.causes_page.selected().map(mark);
        let of_system = system(&self.model, now).into_iter().map(Ailment::System);
        let shared = self.causes.most_urgent(&self.model, &self.selection.namespaces, limits::CAUSES, now);
        let shared: Vec<Ailment> = shared.into_iter().map(Ailment::Cause).collect();
        // What hits Certificates is told with them, and once.
        let of_system: Vec<Ailment> =
            of_system.filter(|row| !shared.iter().any(|one| mark(one) == mark(row))).collect();
        self.causes_page.rows = of_system.into_iter().chain(shared).collect();
        if let Some(row) = selected.and_then(|wanted| self.causes_page.rows.iter().position(|row| mark(row) == wanted))
        {
            self.causes_page.view.cursor = row;
        }
        self.fit();
    }

    /// The card of the selected row: what is wrong, why, what shows it, what mends it, and whom it hits.
    pub(in crate::app) fn cause_lines(&self, cells: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        let Some(row) = self.causes_page.selected() else {
            return vec![vec![Piece::Text(Emphasis::Good, "Nothing needs a person.".to_owned())]];
        };
        card(row.finding(), None, cells, &mut lines);
        let subjects = row.subjects();
        if !subjects.is_empty() {
            lines.push(Vec::new());
            lines.push(vec![Piece::Text(Emphasis::Heading, "Whom it hits".to_owned())]);
        }
        for id in subjects.iter().take(limits::CHILDREN) {
            let Some(certificate) = self.model.certificates.get(*id) else { continue };
            let name = format!("{}/{}", certificate.meta.namespace, certificate.meta.name);
            let mut line: Line = vec![Piece::Text(Emphasis::Dim, "  ".to_owned())];
            line.extend(self.ledger.get(*id).map(|diagnosis| Piece::Verdict(diagnosis.verdict)));
            line.push(Piece::Text(Emphasis::Plain, format!("  {name}")));
            if let Some(ahead) = row.waits_behind(*id).and_then(|ahead| self.model.certificates.get(ahead)) {
                let words = format!("  waits behind {}/{}", ahead.meta.namespace, ahead.meta.name);
                line.push(Piece::Text(Emphasis::Dim, words));
            }
            let end = certificate
                .not_after
                .map(|end| [Piece::Text(Emphasis::Dim, "  until ".to_owned()), Piece::Moment(end)]);
            line.extend(end.into_iter().flatten());
            lines.push(line);
        }
        lines
    }

    /// Shows the rows of the selected cause in the table; where no Certificate owns it, the object in the table of its kind.
    pub(in crate::app) fn open_cause(&mut self, now: Time) {
        let cause = match self.causes_page.selected() {
            Some(Ailment::Cause(cause)) => cause,
            Some(Ailment::System(finding)) if KINDS.contains(&finding.subject.kind) => {
                let (kind, words) = (finding.subject.kind, filter::exactly("name", &finding.subject.name));
                self.show_kind(kind, now);
                self.filter_rows(kind, &words, now);
                return;
            }
            Some(Ailment::System(finding)) => {
                let words = format!("{} is in no table: what mends it stands below", finding.subject);
                return self.toasts.show(words, Tone::Neutral, now);
            }
            None => return,
        };
        // Those who only wait have a finding of their own that says so.
        let of_waiting = cause.waiting.keys().filter_map(|id| self.ledger.get(*id)?.first?.row()).map(|row| &*row.id);
        let ids: BTreeSet<&str> = of_waiting.chain([cause.finding.id]).collect();
        let mut words = vec![filter::one_of("cause", ids)];
        let mut issuers =
            cause.subjects.iter().filter_map(|id| self.model.certificates.get(*id)).map(|c| &c.issuer.name);
        if let Some(issuer) = issuers.next()
            && issuers.all(|other| other == issuer)
        {
            words.push(filter::exactly("issuer", issuer));
        }
        self.ui.stack.truncate(1);
        self.ui.selected = None;
        self.ui.table.cursor = 0;
        self.filter(&words.join(" "), now);
        self.lay_out(now);
    }
}
