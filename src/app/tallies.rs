//! [`Tally`]: the counts of the header, and where they stand: what is painted there can be clicked.

use super::App;
use super::effect::Effect;
use super::screen::{Pane, Screen};
use crate::command::Command;
use crate::limits;
use crate::model::certificate::Certificate;
use crate::model::meta::Time;
use crate::query::filter;
use crate::text::{count, number, width};
use crate::triage::verdict::Verdict;

/// A count of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The column where it begins.
    pub x: u16,
    /// What it says.
    pub text: String,
    /// The verdict that is counted; causes, for none.
    pub verdict: Option<Verdict>,
}

impl Tally {
    fn cells(&self) -> u16 {
        width(&self.text) as u16
    }

    /// The column after it.
    pub fn end(&self) -> u16 {
        self.x + self.cells()
    }
}

impl App {
    /// The counts of the namespaces that are shown, as far as there is room for them, and whether there are more: half a number would be another number.
    pub fn tallies(&self) -> (Vec<Tally>, bool) {
        let area = self.ui.areas().summary;
        let namespaces = &self.selection.namespaces;
        let tally = self.ledger.tally_within(namespaces);
        let counted = Verdict::ALL.into_iter().filter(|verdict| tally.of(*verdict) > 0);
        let mut all: Vec<(String, Option<Verdict>)> =
            counted.map(|verdict| (format!("{} {verdict}", number(tally.of(verdict))), Some(verdict))).collect();
        let causes = self.causes.len(&self.model, namespaces);
        if causes > 0 {
            all.push((count(causes, "cause"), None));
        }
        let whole: usize = all.iter().map(|(text, _)| width(text) + 2).sum();
        let gap = if whole < usize::from(area.width) { 2 } else { 1 };
        let (mut x, mut shown) = (area.x + 1, Vec::new());
        for (text, verdict) in all {
            // Causes are of another kind than verdicts: a little apart.
            let tally = Tally { x: if verdict.is_none() { x + gap - 1 } else { x }, text, verdict };
            // A cell is kept for the sign that there are more.
            if tally.end() + 2 > area.x + area.width {
                return (shown, true);
            }
            x = tally.end() + gap;
            shown.push(tally);
        }
        (shown, false)
    }

    /// The next renewal among the namespaces that are shown, as far as it is one of the next [`limits::RENEWALS_LOOKED`].
    pub fn next_renewal(&self, now: Time) -> Option<(Time, &Certificate)> {
        let shown = &self.selection.namespaces;
        self.ledger.renewals(now).take(limits::RENEWALS_LOOKED).find_map(|(at, id)| {
            let certificate = self.model.certificates.get(id)?;
            (shown.is_empty() || shown.contains(&certificate.meta.namespace)).then_some((at, certificate))
        })
    }

    /// A click on a count shows what is counted; a second one, everything again.
    pub(super) fn click_tally(&mut self, x: u16, now: Time) -> Vec<Effect> {
        let (tallies, _) = self.tallies();
        let Some(tally) = tallies.into_iter().find(|tally| (tally.x..tally.end()).contains(&x)) else {
            return Vec::new();
        };
        let Some(verdict) = tally.verdict else { return self.run(Command::Causes, now) };
        let visit = self.visit();
        let wanted = filter::exactly("verdict", verdict.as_str());
        let again = self.ui.screen() == Screen::Home && self.ui.filter == wanted;
        self.ui.stack = vec![Screen::Home];
        (self.ui.pane, self.ui.selected, self.ui.table.cursor) = (Pane::Table, None, 0);
        self.filter(if again { "" } else { &wanted }, now);
        self.lay_out(now);
        self.remember(visit, Command::Filter);
        self.end_probe()
    }
}
