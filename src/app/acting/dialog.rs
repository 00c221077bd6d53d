//! [`Dialog`]: an action, seen before it is sent.

use super::to_edit;
use crate::action::Action;
use crate::action::difference::DiffLine;
use crate::action::plan::Plan;
use crate::action::report::{Check, Outcome, Report};
use crate::app::areas::{Area, Areas};
use crate::app::input::prompt::Prompt;
use crate::app::page::line::{Emphasis, Line, Piece};
use crate::text::{count, number, wrap};

/// An action that is being looked at, or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialog {
    /// Its number: answers to another one are not for it.
    pub ticket: u64,
    /// What is to be done; more than one for marked Certificates.
    pub plans: Vec<Plan>,
    /// Whether it may be looked at, and no more.
    pub read_only: bool,
    /// Of the marked ones, those for which it makes no sense, and why.
    pub unfit: Vec<String>,
    /// What speaks against so many at once.
    pub warnings: Vec<String>,
    /// How far it is.
    pub stage: DialogStage,
    /// What has to be typed, or may be.
    pub prompt: Option<Prompt>,
    /// What was shown when it was sent.
    pub looked: Vec<Check>,
    /// What changed in the object since then.
    pub changed: Vec<DiffLine>,
    /// The first line that is shown.
    pub offset: usize,
}

/// How far a dialog is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialogStage {
    /// The cluster is being asked what it would do.
    Checking,
    /// It can be sent, or it is said why not. Empty for many at once.
    Checked(Vec<Check>),
    /// It is being sent.
    Sending {
        /// How many are through.
        done: usize,
        /// How many of those did not go well.
        bad: usize,
        /// Whether the rest is not wanted any more.
        stopping: bool,
    },
    /// It did not go well: what came of it.
    Failed(Box<Report>),
}

/// What is said where actions may only be looked at.
pub const READ_ONLY: &str = "read-only: nothing will be sent";

/// Columns of a dialog where there is room.
const WIDE: u16 = 100;

/// Cells of the column of labels.
const LABEL: usize = 14;

/// Certificates that are named one by one.
const SHOWN: usize = 12;

impl Dialog {
    /// The action.
    pub fn action(&self) -> Option<Action> {
        self.plans.first().map(|plan| plan.action)
    }

    /// What is done, and how often: of marks, some may be in flight and others not.
    fn actions(&self) -> Vec<(&Plan, usize)> {
        let mut actions: Vec<(&Plan, usize)> = Vec::new();
        for plan in &self.plans {
            match actions.iter_mut().find(|(known, _)| known.action == plan.action && known.happens == plan.happens) {
                Some((_, times)) => *times += 1,
                None => actions.push((plan, 1)),
            }
        }
        actions
    }

    /// Whether not the same is done to all.
    fn is_mixed(&self) -> bool {
        self.plans.iter().any(|plan| Some(plan.action) != self.action())
    }

    /// What stands above it.
    pub fn title(&self) -> String {
        let mut names: Vec<&str> = self.actions().iter().map(|(plan, _)| plan.action.name()).collect();
        names.dedup();
        let action = names.join(" or ");
        let mut name: String = action.chars().take(1).flat_map(char::to_uppercase).collect();
        name.extend(action.chars().skip(1));
        match self.plans.as_slice() {
            [plan] => format!("{name} {}", plan.object),
            plans => format!("{name} {}", count(plans.len(), "Certificate")),
        }
    }

    /// Whether `enter` sends it.
    pub fn is_clear(&self) -> bool {
        if self.read_only {
            return false;
        }
        match &self.stage {
            DialogStage::Checked(checks) if self.plans.len() == 1 => checks.iter().all(Check::is_clear),
            DialogStage::Checked(_) => {
                let wanted = self.plans.len().to_string();
                !self.plans.is_empty() && self.prompt.as_ref().is_some_and(|prompt| prompt.text().trim() == wanted)
            }
            _ => false,
        }
    }

    /// The command that does the same: what `c` copies.
    pub fn kubectl(&self) -> Option<String> {
        let DialogStage::Checked(checks) = &self.stage else { return None };
        let commands: Vec<&str> =
            checks.iter().map(|check| check.kubectl.as_str()).filter(|text| !text.is_empty()).collect();
        (!commands.is_empty()).then(|| commands.join("\n"))
    }

    /// The keys that do something now, and what.
    pub fn keys(&self, scrolls: bool) -> Vec<(&'static str, String)> {
        let mut keys = Vec::new();
        let mut key = |key, does: &str| keys.push((key, does.to_owned()));
        let many = self.plans.len() > 1;
        match &self.stage {
            DialogStage::Sending { stopping: true, .. } => {}
            DialogStage::Sending { .. } if many => key("esc", "stops after this one"),
            DialogStage::Sending { .. } => key("esc", "closes this; it goes on"),
            DialogStage::Failed(_) => key("esc", "closes this"),
            DialogStage::Checking => key("esc", "no"),
            DialogStage::Checked(checks) => {
                if self.is_edited(checks) {
                    key("enter", "edit");
                } else if self.is_clear() {
                    let edits = self.action() == Some(Action::Edit);
                    let does = if self.is_mixed() { "do it" } else { self.action().map_or("", Action::name) };
                    key("enter", if edits { "save" } else { does });
                }
                if self.kubectl().is_some() && self.prompt.is_none() {
                    key("c", "copy kubectl");
                }
                key("esc", if self.read_only { "closes this" } else { "no" });
            }
        }
        if scrolls && !matches!(self.stage, DialogStage::Sending { .. }) {
            // Where something is typed, letters are typed too.
            key(if self.prompt.is_some() { "down up" } else { "j k" }, "scroll");
        }
        keys
    }

    /// Whether `enter` opens the editor.
    fn is_edited(&self, checks: &[Check]) -> bool {
        !self.read_only && to_edit(self, checks).is_some()
    }

    /// Where it lies, and where its lines are in it: paint and the last line use the same.
    pub fn areas(&self, areas: &Areas) -> (Area, Area) {
        let screen = areas.footer.width;
        let wide = WIDE.min(screen.saturating_sub(2));
        let lines = self.lines(usize::from(wide.saturating_sub(4))).len() as u16;
        let prompt = u16::from(self.prompt.is_some()) * 2;
        let height = (lines + 4 + prompt).min(areas.footer.y.saturating_sub(1));
        let frame = Area { x: (screen - wide) / 2, y: areas.footer.y.saturating_sub(height) / 2, width: wide, height };
        let inner = Area { x: frame.x + 2, y: frame.y + 1, width: wide - 4, height: height.saturating_sub(3 + prompt) };
        (frame, inner)
    }

    /// What it says, for a width.
    pub fn lines(&self, cells: usize) -> Vec<Line> {
        let mut page = Page { lines: Vec::new(), cells };
        if self.read_only {
            page.say("", READ_ONLY, Emphasis::Bad);
        }
        match self.plans.as_slice() {
            [plan] => self.one(plan, &mut page),
            plans => self.many(plans, &mut page),
        }
        for (i, line) in self.changed.iter().enumerate() {
            page.difference(if i == 0 { "Meanwhile" } else { "" }, line);
        }
        if let DialogStage::Failed(report) = &self.stage {
            page.say(report.outcome.as_str(), &report.message, Emphasis::Bad);
        }
        page.lines
    }

    fn one(&self, plan: &Plan, page: &mut Page) {
        page.say("What happens", &plan.happens, Emphasis::Plain);
        page.say("Affects", &plan.affects, Emphasis::Plain);
        self.left_out(page);
        for warning in &plan.warnings {
            page.say("But", warning, Emphasis::Bad);
        }
        if let DialogStage::Checked(checks) = &self.stage {
            for keeper in checks.iter().filter_map(|check| check.keeper.as_ref()) {
                let words = if plan.action == Action::Edit {
                    format!("{keeper} keeps this object: what you change will be changed back")
                } else {
                    format!("{keeper} keeps this object; it leaves the status alone")
                };
                page.say("But", &words, if plan.action == Action::Edit { Emphasis::Bad } else { Emphasis::Dim });
            }
        }
        if let DialogStage::Checked(checks) = &self.stage {
            // What is asked and whether it may be sent stand above what a small screen cuts.
            page.verdicts(checks);
            for check in checks {
                page.check(check);
            }
        } else if let Some(step) = plan.steps.first() {
            page.say("Request", &step.request(), Emphasis::Dim);
        }
    }

    /// What was marked too, and why nothing is done to it.
    fn left_out(&self, page: &mut Page) {
        for (i, why) in self.unfit.iter().take(SHOWN).enumerate() {
            page.say(if i == 0 { "Left out" } else { "" }, why, Emphasis::Dim);
        }
        if self.unfit.len() > SHOWN {
            page.say("", &format!("and {} more", number(self.unfit.len() - SHOWN)), Emphasis::Dim);
        }
    }

    fn many(&self, plans: &[Plan], page: &mut Page) {
        let (actions, mixed) = (self.actions(), self.is_mixed());
        for (i, (plan, times)) in actions.iter().enumerate() {
            let label = if i == 0 { "What happens" } else { "" };
            let lead =
                if actions.len() > 1 { format!("{} {}: ", plan.action.name(), number(*times)) } else { String::new() };
            page.say(label, &format!("{lead}{}", plan.happens), Emphasis::Plain);
        }
        for (i, plan) in plans.iter().take(SHOWN).enumerate() {
            let lead = if mixed { format!("{}: ", plan.action.name()) } else { String::new() };
            let words = format!("{lead}{}/{}  {}", plan.object.namespace, plan.object.name, plan.affects);
            page.say(if i == 0 { "Affects" } else { "" }, &words, Emphasis::Plain);
        }
        if plans.len() > SHOWN {
            page.say("", &format!("and {} more", number(plans.len() - SHOWN)), Emphasis::Dim);
        }
        let shown = if mixed { actions.as_slice() } else { actions.get(..1).unwrap_or_default() };
        for (i, step) in shown.iter().filter_map(|(plan, _)| plan.steps.first()).enumerate() {
            let label = if i == 0 { "Request" } else { "" };
            page.say(label, &format!("{}, and so on, five a second", step.request()), Emphasis::Dim);
        }
        self.left_out(page);
        for warning in &self.warnings {
            page.say("But", warning, Emphasis::Bad);
        }
        if let DialogStage::Sending { done, bad, .. } = &self.stage {
            let words = format!("{} of {} through, {} not done", number(*done), number(plans.len()), number(*bad));
            page.say("Progress", &words, Emphasis::Heading);
        }
    }
}

/// Lines with labels.
struct Page {
    lines: Vec<Line>,
    cells: usize,
}

impl Page {
    fn say(&mut self, label: &str, words: &str, emphasis: Emphasis) {
        let room = self.cells.saturating_sub(LABEL).max(16);
        for (i, words) in wrap(words, room).into_iter().enumerate() {
            let label = if i == 0 { label } else { "" };
            let label = Piece::Text(Emphasis::Dim, format!("{label:<LABEL$}"));
            self.lines.push(vec![label, Piece::Text(emphasis, words)]);
        }
    }

    fn difference(&mut self, label: &str, line: &DiffLine) {
        let emphasis = match line.sign {
            '+' => Emphasis::Good,
            '-' => Emphasis::Bad,
            _ => Emphasis::Dim,
        };
        let label = Piece::Text(Emphasis::Dim, format!("{label:<LABEL$}"));
        self.lines.push(vec![label, Piece::Text(emphasis, format!("{} {}", line.sign, line.text))]);
    }

    /// What the cluster says of each request; of several, each is named in a line.
    fn verdicts(&mut self, checks: &[Check]) {
        for (i, check) in checks.iter().enumerate() {
            if checks.len() > 1 {
                let which = format!("{} of {}", i + 1, checks.len());
                self.say(&which, &brief(&check.request), Emphasis::Plain);
            }
            for leak in &check.leaks {
                self.say("Stays behind", leak, Emphasis::Bad);
            }
            if let Some(right) = &check.missing {
                self.say("Not allowed", &format!("the right that is missing: {right}"), Emphasis::Bad);
            }
            if let Some(objection) = &check.objection {
                self.say("No", objection, Emphasis::Bad);
            }
            match &check.trial {
                Err(why) => self.say("Refused", why, Emphasis::Bad),
                Ok(tried) if check.is_clear() => {
                    let words = match (*tried, check.keeper.is_some()) {
                        (true, false) => "allowed ✓   dry run ✓   not managed by GitOps ✓",
                        (true, true) => "allowed ✓   dry run ✓",
                        (false, _) => "allowed ✓",
                    };
                    self.say("Checked", words, Emphasis::Good);
                }
                Ok(_) => {}
            }
        }
    }

    /// A request in full.
    fn check(&mut self, check: &Check) {
        self.say("Request", &check.request, Emphasis::Plain);
        self.say("", &check.condition, Emphasis::Dim);
        for (i, line) in check.changes.iter().enumerate() {
            self.difference(if i == 0 { "Changes" } else { "" }, line);
        }
        self.say("kubectl", &check.kubectl, Emphasis::Key);
    }
}

/// A request by its verb and its object alone: `DELETE certificaterequests/www-1`.
fn brief(request: &str) -> String {
    let Some((verb, path)) = request.split_once(' ') else { return request.to_owned() };
    let of_namespace = path.split_once("/namespaces/").and_then(|(_, path)| path.split_once('/'));
    let path = of_namespace.map_or(path, |(_, path)| path);
    format!("{verb} {path}")
}

/// What is noted of an action in this session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// What came of the requests.
    pub report: Report,
    /// How it went on in the cluster.
    pub end: Option<String>,
}

impl LogEntry {
    /// Whether it went well as far as is known.
    pub fn is_well(&self) -> bool {
        self.report.outcome == Outcome::Done
    }
}
