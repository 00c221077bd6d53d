//! When verdicts changed in a recording: it is played once.

use super::Past;
use crate::limits;
use crate::model::Model;
use crate::model::meta::Time;
use crate::triage::changes::Verdicts;
use crate::triage::ledger::Ledger;

impl Past {
    /// Plays the tape once, and notes when verdicts changed: with news, and with the time that passes between.
    pub(super) fn index(&mut self) {
        let (mut ledger, mut verdicts) = (Ledger::default(), Verdicts::default());
        let (marks, whose) = (&mut self.marks, &mut self.whose);
        let mut judge = |model: &Model, ledger: &mut Ledger, at: Time, listing: bool| {
            while ledger.settle(model, at, limits::SETTLE_STRIDE) {}
            let judged: Vec<_> = ledger.take_judged().into_iter().map(|judged| judged.id).collect();
            let changes = verdicts.changes(model, ledger, &judged, at);
            // What a list delivers is how things are, not what happened.
            let real = changes.into_iter().filter(|change| !listing && change.from.is_some());
            for change in real {
                if let Some(to) = change.to.filter(|_| marks.len() < limits::CHANGE_MARKS) {
                    marks.push((change.at, to));
                    whose.push(change.certificate);
                }
            }
        };
        let (mut model, mut listing) = (Model::default(), true);
        let mut before: Option<Time> = None;
        for place in 0..self.tape.len() {
            let Some(at) = self.tape.time_of(place) else { break };
            while let Some((last, due)) = before.and_then(|last| Some((last, ledger.due(last)?)))
                && last < due
                && due < at
            {
                judge(&model, &mut ledger, due, listing);
                before = Some(due);
            }
            self.tape.take_in(place, &mut model);
            if self.first.is_none() && !model.certificates.is_empty() {
                self.first = Some(at);
            }
            let changes = model.take_changes();
            ledger.note(&model, &changes);
            let was = std::mem::replace(&mut listing, model.feeds.any_listing());
            // What comes at one moment is judged once.
            if self.tape.time_of(place + 1) != Some(at) {
                judge(&model, &mut ledger, at, was || listing);
                before = Some(at);
            }
        }
    }
}
