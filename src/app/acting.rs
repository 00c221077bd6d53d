//! Actions: from a key to a dialog, from the dialog to the request, and what becomes of it.

pub(super) mod begun;
pub mod dialog;
mod mend;
pub(super) mod pursuits;
pub(super) mod rights;

use std::collections::{BTreeMap, HashMap, VecDeque};

use self::begun::Begun;
use self::dialog::{Dialog, DialogStage, LogEntry, READ_ONLY};
use self::pursuits::Followed;
use super::App;
use super::effect::{Clipping, Effect};
use super::input::prompt::Prompt;
use super::message::SourceKind;
use super::screen::Mode;
use super::toast::Tone;
use crate::action::difference;
use crate::action::errand::{ActionNews, Errand};
use crate::action::plan::{Plan, Words, plan};
use crate::action::progress::Pursuit;
use crate::action::report::{Check, Outcome, Report};
use crate::action::step::{Edited, Write};
use crate::action::{Action, choose};
use crate::keymap::chord::{Chord, Key};
use crate::limits;
use crate::model::certificate::Certificate;
use crate::model::id::ObjectKey;
use crate::model::meta::{Object as _, Time};

/// What is known of actions in this session.
#[derive(Debug, Default)]
pub struct Acting {
    /// What was done, the youngest last.
    pub log: VecDeque<LogEntry>,
    /// Of each place, the actions that are not allowed, with the right that is missing.
    pub(super) rights: HashMap<String, BTreeMap<Action, String>>,
    /// What was sent to be done and is not through, by its ticket.
    pub(super) begun: BTreeMap<u64, Begun>,
    /// Actions that are followed to their end.
    pub(super) pursuits: Vec<Followed>,
    /// The number of the last dialog.
    tickets: u64,
}

impl App {
    /// Opens the dialog of an action on what is marked, or on what is selected.
    pub(super) fn act(&mut self, action: Action, now: Time) -> Vec<Effect> {
        if let Some(why) = self.no_action() {
            self.toasts.show(why, Tone::Bad, now);
            return Vec::new();
        }
        if !self.ui.marks.is_empty() && matches!(action, Action::Renew | Action::Retry) {
            return self.act_on_marks(action, now);
        }
        let Some(object) = self.selected_object() else { return Vec::new() };
        self.act_on(self.wiser(action, &object), &object, None, now)
    }

    /// A renewal of what is in flight already means: begin it again.
    pub(super) fn wiser(&self, action: Action, object: &ObjectKey) -> Action {
        let row = choose::certificate(&self.model, object).and_then(|id| self.model.certificates.get(id));
        let in_flight = row.is_some_and(Certificate::is_issuing);
        if action == Action::Renew && in_flight { Action::Retry } else { action }
    }

    /// Whether the dialog of an action would open, on what is marked or on what is selected; of a remedy, for `None`.
    pub(super) fn acts(&self, action: Option<Action>, now: Time) -> bool {
        let may = |action, object: &ObjectKey| plan(&self.model, action, object, &Words::default(), now).is_ok();
        let of_marks = |action: Action| {
            let marked = self.ui.marks.iter().filter_map(|id| self.model.certificates.get(*id));
            marked.take(limits::CHILDREN).map(Certificate::key).any(|object| may(self.wiser(action, &object), &object))
        };
        self.no_action().is_none()
            && match action {
                None => self.mendable().is_some_and(|(action, object)| may(action, &object)),
                Some(action @ (Action::Renew | Action::Retry)) if !self.ui.marks.is_empty() => of_marks(action),
                Some(action) => self.selected_object().is_some_and(|object| may(self.wiser(action, &object), &object)),
            }
    }

    /// Why nothing can be done at all.
    fn no_action(&self) -> Option<&'static str> {
        let session = self.session.as_ref()?;
        match session.source {
            SourceKind::Recording => Some("a recording cannot be changed"),
            _ if self.looks_back() => Some("you look at the past: b goes back to now"),
            _ => None,
        }
    }

    /// Whether actions may be looked at, and no more.
    fn is_read_only(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.read_only)
    }

    /// Opens the dialog of an action on an object, with what else should be known before.
    fn act_on(&mut self, action: Action, object: &ObjectKey, aside: Option<String>, now: Time) -> Vec<Effect> {
        let plan = match plan(&self.model, action, object, &Words::default(), now) {
            Ok(mut plan) => {
                plan.warnings.splice(0..0, aside);
                plan.alone(&self.model, now)
            }
            Err(why) => {
                self.toasts.show(why, Tone::Bad, now);
                return Vec::new();
            }
        };
        let mut dialog = self.dialog(vec![plan.clone()]);
        // A denial can say why.
        dialog.prompt = (action == Action::Deny && !dialog.read_only).then(Prompt::default);
        let ticket = dialog.ticket;
        self.ui.mode = Mode::Action(Box::new(dialog));
        vec![Effect::Action(Errand::Check(ticket, Box::new(plan)))]
    }

    pub(super) fn dialog(&mut self, plans: Vec<Plan>) -> Dialog {
        self.acting.tickets += 1;
        Dialog {
            ticket: self.acting.tickets,
            plans,
            read_only: self.is_read_only(),
            unfit: Vec::new(),
            warnings: Vec::new(),
            stage: DialogStage::Checking,
            prompt: None,
            looked: Vec::new(),
            changed: Vec::new(),
            offset: 0,
        }
    }

    pub(super) fn dialog_key(&mut self, mut dialog: Dialog, chord: Chord, now: Time) -> Vec<Effect> {
        let cancel = chord.key == Key::Esc || chord.ctrl && chord.key == Key::Char('c');
        if let DialogStage::Sending { stopping, .. } = &mut dialog.stage {
            let many = dialog.plans.len() > 1;
            let ticket = dialog.ticket;
            if cancel && !many {
                // It goes on, and says how it ended.
                return Vec::new();
            }
            *stopping |= cancel;
            let effects = if cancel { vec![Effect::Action(Errand::Stop(ticket))] } else { Vec::new() };
            self.ui.mode = Mode::Action(Box::new(dialog));
            return effects;
        }
        if cancel {
            return Vec::new();
        }
        if chord == Chord::plain(Key::Enter) {
            return self.confirm(dialog, now);
        }
        let mut effects = Vec::new();
        match (&mut dialog.prompt, chord.key) {
            (_, Key::Down | Key::PageDown) => dialog.offset += 1,
            (_, Key::Up | Key::PageUp) => dialog.offset = dialog.offset.saturating_sub(1),
            (Some(prompt), _) => {
                // What cancels was seen to above.
                let _ = prompt.key(chord);
            }
            (None, Key::Char('j')) => dialog.offset += 1,
            (None, Key::Char('k')) => dialog.offset = dialog.offset.saturating_sub(1),
            (None, Key::Char('q' | 'n')) => return Vec::new(),
            (None, Key::Char('c')) => {
                let command = dialog.kubectl();
                let clipping = command.map(|text| Clipping { text, what: "the kubectl command".to_owned() });
                effects.extend(clipping.map(Effect::Copy));
            }
            // Whoever types something else means another page: an `enter` at the end of it must not send.
            (None, _) => {
                let text = format!("nothing was sent: {chord} means nothing in a dialog");
                self.toasts.show(text, Tone::Neutral, now);
                return Vec::new();
            }
        }
        self.ui.mode = Mode::Action(Box::new(dialog));
        effects
    }

    fn confirm(&mut self, mut dialog: Dialog, now: Time) -> Vec<Effect> {
        if dialog.read_only {
            self.toasts.show(READ_ONLY, Tone::Neutral, now);
            self.ui.mode = Mode::Action(Box::new(dialog));
            return Vec::new();
        }
        let DialogStage::Checked(checks) = &dialog.stage else {
            let failed = matches!(dialog.stage, DialogStage::Failed(_));
            if !failed {
                self.ui.mode = Mode::Action(Box::new(dialog));
            }
            return Vec::new();
        };
        if let Some(text) = to_edit(&dialog, checks) {
            let wish = Effect::Edit(dialog.ticket, text);
            self.ui.mode = Mode::Action(Box::new(dialog));
            return vec![wish];
        }
        if !dialog.is_clear() {
            let text =
                if dialog.plans.len() > 1 { "type the number to do them all" } else { "it cannot be sent as it is" };
            self.toasts.show(text, Tone::Neutral, now);
            self.ui.mode = Mode::Action(Box::new(dialog));
            return Vec::new();
        }
        if let [plan] = dialog.plans.as_mut_slice() {
            *plan = plan.clone().as_checked(checks);
            let said = dialog.prompt.as_ref().map(|prompt| prompt.text().trim()).unwrap_or_default();
            for step in &mut plan.steps {
                if let Write::Decide(decision) = &mut step.write
                    && !said.is_empty()
                {
                    said.clone_into(&mut decision.message);
                }
            }
        }
        for plan in &dialog.plans {
            let pursuit = Pursuit::begin(&self.model, plan.action, &plan.object, now);
            let row = pursuit.row(&self.model);
            self.acting.pursuits.push(Followed { pursuit, row, text: String::new(), taken: false, ended: None });
        }
        let excess = self.acting.pursuits.len().saturating_sub(limits::ACTIONS);
        self.acting.pursuits.drain(..excess);
        let (ticket, plans) = (dialog.ticket, dialog.plans.clone());
        self.acting.begun.extend(Begun::of(&plans).map(|begun| (ticket, begun)));
        dialog.looked.clone_from(checks);
        dialog.stage = DialogStage::Sending { done: 0, bad: 0, stopping: false };
        self.ui.mode = Mode::Action(Box::new(dialog));
        vec![Effect::Action(Errand::Perform(ticket, plans))]
    }

    /// An object came back from the editor, or why it did not.
    pub(super) fn edited(&mut self, ticket: u64, text: Result<String, String>, now: Time) -> Vec<Effect> {
        let Mode::Action(dialog) = &mut self.ui.mode else { return Vec::new() };
        let (DialogStage::Checked(checks), true) = (&dialog.stage, dialog.ticket == ticket) else { return Vec::new() };
        let text = match text {
            Ok(text) => text,
            Err(why) => {
                self.ui.mode = Mode::Normal;
                self.toasts.show(why, Tone::Bad, now);
                return Vec::new();
            }
        };
        let base = checks.first().map(|check| check.document.clone()).unwrap_or_default();
        let Some(plan) = dialog.plans.first_mut() else { return Vec::new() };
        for step in &mut plan.steps {
            step.write = Write::Replace(Edited { base: base.clone(), text: text.clone() });
        }
        let plan = Box::new(plan.clone());
        dialog.stage = DialogStage::Checking;
        vec![Effect::Action(Errand::Check(ticket, plan))]
    }

    /// Takes in news of actions.
    pub(super) fn action_news(&mut self, news: ActionNews, now: Time) -> Vec<Effect> {
        match news {
            ActionNews::Rights(place, missing) => self.acting.note_rights(place, missing),
            ActionNews::Checked(ticket, checks) => {
                if let Mode::Action(dialog) = &mut self.ui.mode
                    && dialog.ticket == ticket
                {
                    if !dialog.looked.is_empty() {
                        dialog.changed = meanwhile(&dialog.looked, &checks);
                    }
                    dialog.stage = DialogStage::Checked(checks);
                }
            }
            ActionNews::Reported(ticket, report) => return self.reported(ticket, report, now),
            ActionNews::Ended(ticket) => {
                self.acting.begun.remove(&ticket);
                if let Mode::Action(dialog) = &self.ui.mode
                    && dialog.ticket == ticket
                    && let DialogStage::Sending { done, bad, .. } = dialog.stage
                {
                    let left = dialog.plans.len() - done.min(dialog.plans.len());
                    let text = format!("{} done, {bad} not, {left} left out; @ lists them", done - bad.min(done));
                    self.ui.mode = Mode::Normal;
                    self.ui.marks.clear();
                    self.toasts.show(text, if bad + left > 0 { Tone::Bad } else { Tone::Good }, now);
                }
            }
        }
        Vec::new()
    }

    fn reported(&mut self, ticket: u64, report: Report, now: Time) -> Vec<Effect> {
        if let Some(begun) = self.acting.begun.get_mut(&ticket) {
            begun.one_more();
        }
        let well = report.outcome == Outcome::Done;
        let is_about = |followed: &Followed| followed.pursuit.object == report.object && !followed.taken;
        if well {
            self.acting.pursuits.iter_mut().filter(|it| is_about(it)).for_each(|followed| followed.taken = true);
        } else {
            self.acting.pursuits.retain(|followed| !is_about(followed));
        }
        if self.acting.log.len() == limits::ACTIONS {
            self.acting.log.pop_front();
        }
        self.acting.log.push_back(LogEntry { report: report.clone(), end: None });
        let dialog = match &mut self.ui.mode {
            Mode::Action(dialog) if dialog.ticket == ticket => dialog,
            _ => {
                self.toasts.show(report.message, if well { Tone::Good } else { Tone::Bad }, now);
                return Vec::new();
            }
        };
        if dialog.plans.len() > 1 {
            if let DialogStage::Sending { done, bad, .. } = &mut dialog.stage {
                *done += 1;
                *bad += usize::from(!well);
            }
            return Vec::new();
        }
        if well {
            self.ui.mode = Mode::Normal;
            self.toasts.show(report.message, Tone::Good, now);
            return Vec::new();
        }
        if report.outcome == Outcome::Conflict
            && let Some(plan) = dialog.plans.first()
        {
            // It comes back with what changed: what was agreed to was another state.
            let plan = Box::new(plan.clone());
            dialog.stage = DialogStage::Checking;
            self.toasts.show(report.message, Tone::Bad, now);
            return vec![Effect::Action(Errand::Check(ticket, plan))];
        }
        dialog.stage = DialogStage::Failed(Box::new(report));
        Vec::new()
    }
}

/// The text that goes into the editor: the object, or what was made of it where that cannot be sent.
pub(super) fn to_edit(dialog: &Dialog, checks: &[Check]) -> Option<String> {
    let ([plan], [check]) = (dialog.plans.as_slice(), checks) else { return None };
    let Write::Replace(edited) = &plan.steps.first()?.write else { return None };
    let may = check.missing.is_none() && check.seen.is_some();
    match edited.text.is_empty() {
        true if may => Some(check.document.clone()),
        false if may && !check.is_clear() => Some(edited.text.clone()),
        _ => None,
    }
}

/// What changed in an object between two looks.
pub(super) fn meanwhile(before: &[Check], after: &[Check]) -> Vec<difference::DiffLine> {
    let pairs = before.iter().zip(after).filter(|(before, after)| before.seen != after.seen);
    pairs.flat_map(|(before, after)| difference::lines(&before.document, &after.document)).collect()
}
