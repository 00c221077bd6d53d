//! Everything derived from the model: brought up to date once a frame, what is on the screen first.

use std::collections::HashSet;

use chrono::TimeDelta;
use rustc_hash::FxBuildHasher;

use super::App;
use super::page::outline::Outline;
use super::table::world::World;
use crate::limits;
use crate::model::certificate::Certificate;
use crate::model::changes::Changes;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::triage::causes::Causes;
use crate::triage::concerns::of_object;
use crate::triage::ledger::Ledger;
use crate::triage::{findings, outage, tree};

/// How long a changed row is marked.
const FLASH: TimeDelta = TimeDelta::seconds(2);

impl App {
    /// Brings everything that is derived up to date, while `more_time` says that there is time. What is on the screen
    /// comes first. Once a frame, not once an event.
    pub fn settle(&mut self, now: Time, mut more_time: impl FnMut() -> bool) {
        self.roll(now);
        let changes = self.model.take_changes();
        self.ledger.note(&self.model, &changes);
        let mut changed: HashSet<Id<Certificate>, FxBuildHasher> = changes.certificates().collect();
        for id in self.visible() {
            self.ledger.judge(&self.model, id, now);
        }
        while self.ledger.settle(&self.model, now, limits::SETTLE_STRIDE) && more_time() {}
        let judged = self.ledger.take_judged();
        let ids: Vec<Id<Certificate>> = judged.iter().map(|judged| judged.id).collect();
        self.mind_the_present(&ids, now, &mut more_time);
        self.causes.refresh(judged);
        if !changes.is_empty() {
            self.outage = outage(&self.model, now);
        }
        if !ids.is_empty() || !changes.is_empty() {
            self.lay_out_causes(now);
        }
        self.flash(&changed, &changes, now);
        changed.extend(ids);
        changed.extend(self.roster.take_due(now));
        self.arrange(&changed, now);
        if changes.everything()
            || changes.surroundings()
            || self.outlined != self.selected()
            || self.outlined.is_some_and(|id| changed.contains(&id))
        {
            self.lay_out(now);
        }
        self.refresh_horizon(!changed.is_empty(), now, &mut more_time);
        self.refresh_kinds(!changed.is_empty() || !changes.is_empty(), now, &mut more_time);
        self.weigh_row(!changed.is_empty() || !changes.is_empty(), now);
        self.read_logs(&mut more_time);
        if !self.looks_back() {
            self.pursue(&changed, now);
        }
        self.write_page();
        self.say_why(&changed);
        let wall = self.wall(now);
        self.ui.flashes.retain(|_, until| *until > wall);
        self.ui.changed.retain(|_, until| *until > wall);
    }

    /// When something derived changes by itself next.
    pub fn due(&self, now: Time) -> Option<Time> {
        let time =
            [self.rolls_on(), self.logs_due(now), self.notices_due(now), self.attends_at(), self.horizon_due(now)];
        [self.ledger.due(now), self.acting_due(), self.kinds_due(now), self.roster.due()]
            .into_iter()
            .chain(time)
            .flatten()
            .min()
    }

    pub(super) fn visible(&self) -> Vec<Id<Certificate>> {
        self.roster.rows().get(self.ui.table.range(self.roster.rows().len())).unwrap_or_default().to_vec()
    }

    /// Rows that changed while nothing was arriving in bulk are marked for a moment.
    fn flash(&mut self, changed: &HashSet<Id<Certificate>, FxBuildHasher>, changes: &Changes, now: Time) {
        // What a list delivers is not news, and its last part arrives together with its end; nor is another moment.
        let listing = std::mem::replace(&mut self.listing, self.model.feeds.any_listing()) || changes.everything();
        let until = self.wall(now) + self.toasts.lasting(FLASH);
        if listing || self.listing {
            return;
        }
        // Where all of it is marked, no mark says anything.
        if self.ui.flashes.len() + changed.len() <= limits::CHILDREN {
            self.ui.flashes.extend(changed.iter().map(|id| (*id, until)));
        }
        let room = limits::CHILDREN.saturating_sub(self.ui.changed.len());
        self.ui.changed.extend(changes.rows().take(room).map(|uid| (uid, until)));
    }

    /// Puts the rows in order, and the windows over them.
    fn arrange(&mut self, changed: &HashSet<Id<Certificate>, FxBuildHasher>, now: Time) {
        let world = World { model: &self.model, ledger: &self.ledger };
        if self.stale {
            self.roster.rebuild(world, &self.selection, changed, now);
        } else if changed.is_empty() {
            return self.fit();
        } else {
            self.roster.refresh(world, &self.selection, changed, now);
        }
        self.stale = false;
        if let Some(selected) = self.ui.selected {
            match self.roster.rows().iter().position(|id| *id == selected) {
                Some(row) => self.ui.table.cursor = row,
                None => self.ui.selected = None,
            }
        }
        self.fit();
        let chosen = self.ui.table.cursor > 0 || !self.selection.query.is_empty();
        if self.ui.selected.is_none() && chosen {
            // The selected object is gone, or a filter found one: whoever stands there now is followed from here on.
            self.ui.selected = self.row_of_home();
        }
    }

    /// Lays out the tree of the selected Certificate; the selected node stays selected if it is still there.
    pub(super) fn lay_out(&mut self, now: Time) {
        let selected = self.selected();
        let tree = selected.and_then(|id| tree::tree(&self.model, id, now));
        self.outline = Outline::of(tree, &self.ui.toggled);
        self.findings = selected.map(|id| findings(&self.model, id, now)).unwrap_or_default();
        self.weigh_probes();
        self.weigh_row(true, now);
        if self.outlined != selected {
            self.ui.node = None;
        }
        self.ui.tree.cursor = self.ui.node.as_ref().and_then(|node| self.outline.position(node)).unwrap_or(0);
        self.outlined = selected;
        self.tell(now);
        self.choose_logs(now);
        self.fit();
    }

    /// What is wrong with the selected row of another table, where no Certificate tells it: an issuer, what nobody owns.
    fn weigh_row(&mut self, changed: bool, now: Time) {
        let row = self.object_of_row().filter(|_| self.selected().is_none());
        if changed || row != self.weighed {
            if let Some(object) = &row {
                self.findings = of_object(&self.model, &self.causes, object, now);
            }
            self.weighed = row;
        }
    }

    /// All that is derived is of another moment.
    pub(super) fn forget_derived(&mut self) {
        (self.ledger, self.causes) = (Ledger::default(), Causes::default());
        self.roster.forget();
        (self.stale, self.outlined) = (true, None);
        self.toasts.dismiss();
        self.ui.flashes.clear();
        self.ui.changed.clear();
        self.horizon.forget();
        self.model.touch_everything();
    }

    /// After a choice that changes which rows are shown.
    pub(super) fn rearrange(&mut self, now: Time) {
        self.stale = true;
        self.rearrange_kinds();
        self.settle(now, || false);
        self.lay_out_causes(now);
    }
}
