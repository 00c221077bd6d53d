//! What was watched lately: the bar of a replay over the live journal. While somebody looks back, news go on being
//! taken in, and are shown when they come back.

use std::collections::{BTreeSet, HashSet};

use rustc_hash::FxBuildHasher;

use super::Past;
use crate::app::App;
use crate::app::message::SourceKind;
use crate::app::tape::Playhead;
use crate::app::toast::Tone;
use crate::limits;
use crate::model::certificate::Certificate;
use crate::model::feed::FeedKey;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::model::{Batch, Model};
use crate::text::{count, span};
use crate::triage::causes::Causes;
use crate::triage::changes::{self, Change};
use crate::triage::ledger::Ledger;
use crate::triage::outage;

/// How things are now, while a moment before it is shown.
#[derive(Debug, Default)]
pub struct Present {
    /// What is known.
    pub model: Model,
    ledger: Ledger,
    causes: Causes,
}

/// The verdicts of now, so that their changes are seen.
///
/// **Invariant:** what was so before anybody looked is no change, and neither is what a list delivers again: verdicts are
/// compared only when everything that is watched has come and was judged.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    told: changes::Verdicts,
    /// What they rest on.
    seen: BTreeSet<FeedKey>,
    /// Those that were judged anew and are not compared yet.
    held: HashSet<Id<Certificate>, FxBuildHasher>,
}

impl Verdicts {
    /// The changes among those that were judged anew. What is new is none.
    fn changes(&mut self, model: &Model, ledger: &Ledger, judged: &[Id<Certificate>], now: Time) -> Vec<Change> {
        let first = self.seen.is_empty();
        if first {
            self.told.take(model, ledger, judged);
        } else {
            self.held.extend(judged);
            if self.held.is_empty() {
                return Vec::new();
            }
        }
        let feeds = &model.feeds;
        if ledger.pending() > 0 || !feeds.have_settled() || self.seen.iter().any(|key| feeds.may_come_back(key)) {
            return Vec::new();
        }
        let before = std::mem::replace(&mut self.seen, feeds.seen());
        let held: Vec<_> = self.held.drain().collect();
        if !self.seen.is_subset(&before) {
            // What is seen for the first time was so before, as far as anybody knows.
            self.told.take(model, ledger, &held);
            return Vec::new();
        }
        let changes = self.told.changes(model, ledger, &held, now).into_iter();
        changes.filter(|change| change.from.is_some() && change.to.is_some()).collect()
    }
}

impl App {
    /// Whether a moment before now is shown of something that is watched.
    pub const fn looks_back(&self) -> bool {
        self.past.present.is_some()
    }

    fn is_live(&self) -> bool {
        let live = self.session.as_ref().is_some_and(|session| session.source != SourceKind::Recording);
        live && (self.past.head.is_none() || self.looks_back())
    }

    /// Takes in what a feed says, and takes it down.
    pub(in crate::app) fn hear(&mut self, batch: Batch) {
        self.past.tape.take_down(&batch);
        match &mut self.past.present {
            Some(present) => present.model.apply(batch),
            None => self.model.apply(batch),
        }
    }

    /// Keeps the last minutes, and sees to the present while another moment is shown.
    pub(in crate::app) fn mind_the_present(
        &mut self,
        judged: &[Id<Certificate>],
        now: Time,
        more_time: &mut impl FnMut() -> bool,
    ) {
        if !self.is_live() {
            return;
        }
        let Some(present) = &mut self.past.present else {
            let changes = self.past.verdicts.changes(&self.model, &self.ledger, judged, now);
            self.past.tape.keep_up(&self.model, now, false);
            return self.note_changes(changes);
        };
        let now = self.past.wall.unwrap_or(now);
        let Present { model, ledger, causes } = &mut **present;
        let changes = model.take_changes();
        ledger.note(model, &changes);
        while ledger.settle(model, now, limits::SETTLE_STRIDE) && more_time() {}
        let judged = ledger.take_judged();
        let ids: Vec<Id<Certificate>> = judged.iter().map(|judged| judged.id).collect();
        causes.refresh(judged);
        let changes = self.past.verdicts.changes(model, ledger, &ids, now);
        self.past.tape.keep_up(model, now, true);
        self.note_changes(changes);
    }

    /// Marks changes of verdicts, and lets the notices hear each of them.
    fn note_changes(&mut self, changes: Vec<Change>) {
        changes.iter().for_each(|change| self.notices.hear(change));
        self.past.note(changes);
    }

    /// Looks back, or comes back to now.
    pub(in crate::app) fn look_back(&mut self, now: Time) {
        if self.looks_back() {
            return self.come_back(now);
        }
        if self.past.head.is_some() {
            return self.toasts.show("this is a recording: , and . move over it", Tone::Neutral, now);
        }
        let Some(since) = self.past.tape.live_since().filter(|_| self.is_live()) else {
            return self.toasts.show("nothing was watched yet that could be looked back on", Tone::Neutral, now);
        };
        self.past.wall = Some(now);
        self.past.present = Some(Box::new(Present {
            model: std::mem::take(&mut self.model),
            ledger: std::mem::take(&mut self.ledger),
            causes: std::mem::take(&mut self.causes),
        }));
        self.past.head = Some(Playhead::still(now));
        self.show(now);
        let cut = if self.past.tape.is_cut() { ", more did not fit" } else { "" };
        let changes = count(self.past.marks.len(), "change");
        let text =
            format!("the last {} are there{cut}: {changes} of verdicts; < goes to the last one", span(now - since));
        self.toasts.show(text, Tone::Neutral, now);
        self.settle(now, || false);
    }

    /// Back to now.
    pub(in crate::app) fn come_back(&mut self, now: Time) {
        let Some(present) = self.past.present.take() else { return };
        let now = self.past.wall.unwrap_or(now);
        let Present { model, ledger, causes } = *present;
        (self.model, self.ledger, self.causes) = (model, ledger, causes);
        self.past.head = None;
        self.roster.forget();
        (self.stale, self.outlined, self.toasts.wall) = (true, None, None);
        self.toasts.dismiss();
        self.reasons.clear();
        self.ui.flashes.clear();
        self.ui.changed.clear();
        self.outage = outage(&self.model, now);
        self.settle(now, || false);
        self.lay_out(now);
    }
}

impl Past {
    /// Notes changes of verdicts, and lets go of those that lie before everything that can be looked back on.
    fn note(&mut self, changes: Vec<Change>) {
        for change in changes {
            if let Some(to) = change.to {
                self.marks.push((change.at, to));
                self.whose.push(change.certificate);
            }
        }
        let since = self.tape.live_since().unwrap_or(Time::MAX_UTC);
        let old = self.marks.partition_point(|(at, _)| *at < since);
        let excess = self.marks.len().saturating_sub(limits::CHANGE_MARKS).max(old);
        self.marks.drain(..excess);
        self.whose.drain(..excess);
    }
}
