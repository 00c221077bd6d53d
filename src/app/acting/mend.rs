//! The remedies of the findings: what cmtop can do of them, and which of several.

use crate::action::{Action, choose};
use crate::app::App;
use crate::app::effect::{Clipping, Effect};
use crate::app::screen::{Mode, Screen};
use crate::app::toast::Tone;
use crate::app::viewport::Viewport;
use crate::keymap::chord::{Chord, Key};
use crate::model::id::ObjectKey;
use crate::model::meta::Time;
use crate::triage::finding::{Finding, Remedy, Verb};

impl App {
    /// Does the remedy that cmtop can do; where several could be done or copied, one is chosen.
    pub(in crate::app) fn mend(&mut self, now: Time) -> Vec<Effect> {
        let first = self.remedies().position(|(.., remedy)| remedy.action.is_some());
        if self.is_choice() {
            let cursor = first.unwrap_or(0);
            self.ui.mode = Mode::Remedies(Viewport { cursor, height: 10, ..Viewport::default() });
            return Vec::new();
        }
        if let Some(nth) = first {
            return self.take_remedy(nth, now);
        }
        let commands = self.remedies().any(|(.., remedy)| remedy.command.is_some());
        let text = match (self.told().is_empty(), commands) {
            (true, _) => "nothing is wrong here",
            (false, true) => "cmtop cannot do this by itself; the numbered remedies can, and c copies their command",
            (false, false) => "cmtop cannot do this by itself: the numbered remedies say what to do",
        };
        self.toasts.show(text, Tone::Neutral, now);
        Vec::new()
    }

    /// The findings that the selected object is told: those that concern it. Beside a tree or a table, where an object that
    /// nothing is wrong with stands for its Certificate, all of them.
    pub(in crate::app) fn told(&self) -> Vec<&Finding> {
        let Some(object) = self.selected_object() else { return self.findings.iter().collect() };
        let own: Vec<&Finding> = self.findings_of(&object).collect();
        let alone = self.ui.screen() == Screen::Describe;
        if own.is_empty() && !alone { self.findings.iter().collect() } else { own }
    }

    /// Every remedy: its finding, its place there, and what it is.
    pub fn remedies(&self) -> impl Iterator<Item = (&Finding, usize, &Remedy)> {
        let findings = self.told().into_iter();
        let all = findings.flat_map(|finding| std::iter::repeat(finding).zip(&finding.remedies).enumerate());
        all.map(|(place, (finding, remedy))| (finding, place, remedy))
    }

    /// Whether there is more than one remedy that can be done, or whose command can be copied.
    pub(super) fn is_choice(&self) -> bool {
        self.remedies().filter(|(.., remedy)| remedy.action.is_some() || remedy.command.is_some()).nth(1).is_some()
    }

    /// The first remedy that cmtop can do: what it does, and about what.
    pub(super) fn mendable(&self) -> Option<(Action, ObjectKey)> {
        self.remedies().find_map(|(.., remedy)| self.deed(remedy))
    }

    /// What cmtop does for a remedy, and about what.
    pub fn deed(&self, remedy: &Remedy) -> Option<(Action, ObjectKey)> {
        let wanted = remedy.action.as_ref()?;
        let action = match wanted.verb {
            Verb::Renew => Action::Renew,
            Verb::Approve => Action::Approve,
            // Without the renewal after it, a deleted request is only waited for.
            Verb::DeleteRequest => Action::Retry,
            Verb::DeleteChallenge => Action::Delete,
            Verb::Release => Action::Release,
        };
        let object = choose::target(&self.model, action, &wanted.object).unwrap_or_else(|_| wanted.object.clone());
        Some((self.wiser(action, &object), object))
    }

    /// Opens the dialog of a remedy, or copies its command; one that is neither is told in full.
    fn take_remedy(&mut self, nth: usize, now: Time) -> Vec<Effect> {
        let Some((finding, place, remedy)) = self.remedies().nth(nth) else { return Vec::new() };
        let text = remedy.text.trim_end_matches('.');
        let Some((action, object)) = self.deed(remedy) else {
            if let Some(command) = remedy.command.clone() {
                return vec![Effect::Copy(Clipping::of(command))];
            }
            let said = format!("cmtop cannot do this by itself: {text}");
            self.toasts.show(said, Tone::Neutral, now);
            return Vec::new();
        };
        // What stands before it may be the mend, and this one for another case.
        let of = finding.remedies.len();
        let aside = (place > 0).then(|| format!("it is remedy {} of {of}: {text}", place + 1));
        if let Some(why) = self.no_action() {
            self.toasts.show(why, Tone::Bad, now);
            return Vec::new();
        }
        self.act_on(action, &object, aside, now)
    }

    /// A key in the menu of remedies.
    pub(in crate::app) fn remedy_key(&mut self, mut view: Viewport, chord: Chord, now: Time) -> Vec<Effect> {
        let len = self.remedies().count();
        match chord.key {
            Key::Esc | Key::Char('q' | 'm') => return Vec::new(),
            Key::Char('c') if chord.ctrl => return Vec::new(),
            Key::Enter => return self.take_remedy(view.cursor, now),
            Key::Char(digit @ '1'..='9') => return self.take_remedy(usize::from(digit as u8 - b'1'), now),
            key => self.move_in_menu(&mut view, key, len),
        }
        self.ui.mode = Mode::Remedies(view);
        Vec::new()
    }
}
