//! Marks: Certificates that are acted upon together.

use crate::action::errand::Errand;
use crate::action::plan::{Words, plan};
use crate::action::{Action, rate};
use crate::app::App;
use crate::app::acting::dialog::{Dialog, DialogStage};
use crate::app::effect::Effect;
use crate::app::input::prompt::Prompt;
use crate::app::screen::{Mode, Screen};
use crate::app::toast::Tone;
use crate::model::certificate::Certificate;
use crate::model::meta::{Object as _, Time};
use crate::text::{count, number};

impl App {
    /// Marks the selected Certificate, or takes its mark away.
    pub(in crate::app) fn mark(&mut self, now: Time) {
        if self.ui.screen() != Screen::Home {
            return self.toasts.show("only Certificates are marked", Tone::Neutral, now);
        }
        let Some(id) = self.row_of_home() else { return };
        if !self.ui.marks.remove(&id) {
            self.ui.marks.insert(id);
        }
        self.ui.last_mark = Some(id);
        self.step(1, now);
    }

    /// Marks everything from the last mark to the selected row.
    pub(in crate::app) fn mark_range(&mut self) {
        if self.ui.screen() != Screen::Home {
            return;
        }
        let rows = self.roster.rows();
        let from = self.ui.last_mark.and_then(|last| rows.iter().position(|id| *id == last));
        let here = self.ui.table.cursor;
        let (from, to) = from.map_or((here, here), |from| (from.min(here), from.max(here)));
        self.ui.marks.extend(rows.get(from..=to.min(rows.len().saturating_sub(1))).unwrap_or_default());
        self.ui.last_mark = self.row_of_home();
    }

    /// Opens the dialog of an action on everything that is marked and that it suits.
    pub(in crate::app) fn act_on_marks(&mut self, action: Action, now: Time) -> Vec<Effect> {
        let (mut plans, mut unfit, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        let mut marked: Vec<&Certificate> =
            self.ui.marks.iter().filter_map(|id| self.model.certificates.get(*id)).collect();
        marked.sort_by(|a, b| (&a.meta.namespace, &a.meta.name).cmp(&(&b.meta.namespace, &b.meta.name)));
        for row in marked {
            let object = row.key();
            match plan(&self.model, self.wiser(action, &object), &object, &Words::default(), now) {
                Ok(plan) => {
                    rows.push(row);
                    plans.push(plan.in_any_state());
                }
                Err(why) => unfit.push(why),
            }
        }
        let mut warnings = rate::of_many(&self.model, &rows, now);
        let near = plans.iter().filter(|plan| !plan.warnings.is_empty()).count();
        if near > 0 {
            let first = plans.iter().find_map(|plan| plan.warnings.first()).cloned().unwrap_or_default();
            warnings.push(format!("{} with a warning, such as: {first}", count(near, "Certificate")));
        }
        if plans.is_empty() {
            let text = match unfit.as_slice() {
                [] => "the marked Certificates are gone".to_owned(),
                [why] => why.clone(),
                [why, others @ ..] => format!("{why}; and {} more", number(others.len())),
            };
            self.toasts.show(text, Tone::Bad, now);
            return Vec::new();
        }
        if let [plan] = plans.as_slice() {
            // One that is left is looked at as closely as one that was selected.
            let plan = Box::new(plan.clone().alone(&self.model, now));
            let dialog = Dialog { unfit, ..self.dialog(vec![(*plan).clone()]) };
            let ticket = dialog.ticket;
            self.ui.mode = Mode::Action(Box::new(dialog));
            return vec![Effect::Action(Errand::Check(ticket, plan))];
        }
        let dialog = self.dialog(plans);
        let stage = DialogStage::Checked(Vec::new());
        let prompt = (!dialog.read_only).then(Prompt::default);
        self.ui.mode = Mode::Action(Box::new(Dialog { unfit, warnings, stage, prompt, ..dialog }));
        Vec::new()
    }
}
