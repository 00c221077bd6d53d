//! What an object was over time: the versions that a watch, a recording or a person saw, and what differs from one to the
//! next.

use super::document;
use super::line::{Emphasis, Line, Piece, plain, text};
use crate::action::{choose, difference};
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::fetch::{Fetch, Version, Versions, Wanted};
use crate::app::screen::Screen;
use crate::app::toast::Tone;
use crate::app::viewport::Viewport;
use crate::app::way::Way;
use crate::command::Command;
use crate::model::id::ObjectKey;
use crate::model::meta::Time;

/// Where a person is among the versions of an object.
#[derive(Debug)]
pub(super) enum Walk {
    /// They are asked for.
    Asked,
    /// They are here.
    Here {
        /// Which.
        versions: Versions,
        /// When they were asked for.
        at: Time,
        /// How many steps before the last one.
        back: usize,
    },
}

impl Walk {
    /// How many steps back there are in all, at a moment.
    fn steps(versions: &Versions, until: Time) -> usize {
        versions.until(until).len().saturating_sub(2)
    }
}

impl App {
    /// Shows what changed in the selected object last; again: what changed before that.
    pub(in crate::app) fn compare(&mut self, now: Time) -> Vec<Effect> {
        let here = self.ui.screen() == Screen::Yaml;
        if here && self.yaml.walk.is_some() {
            self.step_version(Way::Back, now);
            return Vec::new();
        }
        let open = self.yaml.open.clone().filter(|_| here);
        let Some(object) = open.or_else(|| self.selected_object()) else { return Vec::new() };
        self.yaml.begin(&object, Some(Walk::Asked));
        self.yaml.known = choose::state(&self.model, &object);
        self.ui.go(Screen::Yaml);
        self.ui.text = Viewport::default();
        self.write_page();
        vec![Effect::Fetch(Box::new(Fetch { wanted: Wanted::Versions, object, at: now }))]
    }

    /// Asks for the versions again, where the watch delivered another state of the object that is open.
    pub(in crate::app) fn follow_versions(&mut self, now: Time) -> Option<Effect> {
        let here = self.ui.screen() == Screen::Yaml && matches!(self.yaml.walk, Some(Walk::Here { .. }));
        let object = self.yaml.open.clone().filter(|_| here && self.past.moment().is_none())?;
        let state = choose::state(&self.model, &object);
        if state.is_none() || state == self.yaml.known {
            return None;
        }
        self.yaml.known = state;
        Some(Effect::Fetch(Box::new(Fetch { wanted: Wanted::Versions, object, at: now })))
    }

    /// To the version before, or to the one after.
    pub(in crate::app) fn step_version(&mut self, way: Way, now: Time) {
        let moment = self.past.moment();
        let Some(Walk::Here { versions, at, back: here }) = &mut self.yaml.walk else { return };
        let steps = Walk::steps(versions, moment.unwrap_or(*at));
        let shown = steps.min(*here);
        let there = match way {
            Way::Back => Some(shown + 1).filter(|there| *there <= steps),
            Way::On => shown.checked_sub(1),
        };
        let Some(there) = there else {
            let words = match (way, versions.whole) {
                (Way::Back, true) => "that is the first version that was seen",
                (Way::Back, false) => "older versions are not kept",
                (Way::On, _) => "that is the last version that was seen: y reads it again",
            };
            return self.toasts.show(words, Tone::Neutral, now);
        };
        *here = there;
        self.ui.text = Viewport::default();
        self.write_page();
    }

    /// Whether there is a version before the one that is shown, or after it.
    pub(in crate::app) fn has_version(&self, way: Way) -> bool {
        match &self.yaml.walk {
            None => way == Way::Back,
            Some(Walk::Asked) => false,
            Some(Walk::Here { versions, at, back: here }) => {
                let steps = Walk::steps(versions, self.past.moment().unwrap_or(*at));
                match way {
                    Way::Back => *here < steps,
                    Way::On => (1..=steps).contains(here),
                }
            }
        }
    }

    /// Takes in which versions were seen. Where the watch saw fewer than two, those count that a person read.
    pub(in crate::app) fn take_versions(&mut self, object: &ObjectKey, read: Result<Versions, String>, now: Time) {
        if self.yaml.open.as_ref() != Some(object) {
            return;
        }
        let before = match &self.yaml.walk {
            None => return,
            Some(Walk::Asked) => None,
            Some(Walk::Here { versions, at, back }) => Some((versions.until(*at).to_vec(), *back)),
        };
        match read {
            Ok(versions) => {
                let own = Some(self.yaml.read_versions()).filter(|own| own.len() > 1 && versions.seen.len() < 2);
                let of_reads = |seen: Vec<Version>| Versions { since: versions.since, whole: true, seen };
                let versions = own.map_or_else(|| versions.clone(), of_reads);
                // What a person reads stays; of one alone the first difference is what was waited for.
                let shown = before.filter(|(seen, _)| seen.len() > 1).and_then(|(seen, back)| {
                    let shown = seen.len().checked_sub(1 + back.min(seen.len() - 2))?;
                    Some((seen.last()?.at, seen.get(shown)?.at))
                });
                let after = |at| versions.seen.iter().filter(|version| version.at > at).count();
                let (newer, back) = shown.map_or((0, 0), |(last, shown)| (after(last), after(shown)));
                self.yaml.walk = Some(Walk::Here { versions, at: now, back });
                if newer > 0 {
                    let key = self.keymap.key_of(Command::Newer).unwrap_or_default();
                    self.toasts.show(format!("it changed: {key} shows the newer version"), Tone::Neutral, now);
                }
            }
            Err(why) if before.is_none() => (self.yaml.walk, self.yaml.failure) = (None, Some(why)),
            Err(_) => {}
        }
    }

    /// The page: from one version to the next; of one alone, what it is and why there is no other.
    pub(super) fn version_lines(&self, walk: &Walk, cells: usize) -> Vec<Line> {
        let Walk::Here { versions, at, back } = walk else {
            return vec![vec![text(Emphasis::Dim, "reading…".to_owned())]];
        };
        let seen = versions.until(self.past.moment().unwrap_or(*at));
        let last = seen.len().saturating_sub(1 + seen.len().saturating_sub(2).min(*back));
        let (Some(after), Some(before)) = (seen.get(last), last.checked_sub(1).and_then(|place| seen.get(place)))
        else {
            return self.alone(versions, seen.first(), cells);
        };
        let mut lines = vec![self.heading(versions, (before, last), (after, seen.len())), Vec::new()];
        lines.extend(difference::lines(&before.yaml, &after.yaml).into_iter().map(|change| {
            let tone = match change.sign {
                '+' => Emphasis::Good,
                '-' => Emphasis::Bad,
                _ => Emphasis::Dim,
            };
            vec![text(tone, format!("{} {}", change.sign, change.text))]
        }));
        lines
    }

    fn heading(
        &self,
        versions: &Versions,
        (before, place): (&Version, usize),
        (after, all): (&Version, usize),
    ) -> Line {
        let key = |command| self.keymap.key_of(command).unwrap_or_default();
        let mut words = vec![format!(" ago · version {} of {all} seen", place + 1)];
        if place > 1 {
            words.push(format!("{} the one before", key(Command::Difference)));
        } else if !versions.whole {
            words.push("older ones are not kept".to_owned());
        }
        if place + 1 < all {
            words.push(format!("{} the one after", key(Command::Newer)));
        }
        let words = words.join(" · ");
        let dim = |words: &str| text(Emphasis::Dim, words.to_owned());
        vec![Piece::Clock(before.at), dim(" → "), Piece::Clock(after.at), dim("  "), Piece::Ago(after.at), dim(&words)]
    }

    /// What is said where there is no version before.
    fn alone(&self, versions: &Versions, only: Option<&Version>, cells: usize) -> Vec<Line> {
        let (words, at) = match only {
            None => ("No change of it was seen since it is watched: ", versions.since),
            Some(only) if versions.whole => ("No change of it was seen since it was seen first: ", only.at),
            Some(only) => ("How it was before this change is not kept: ", only.at),
        };
        let mut lines = vec![vec![
            text(Emphasis::Heading, words.to_owned()),
            Piece::Clock(at),
            text(Emphasis::Plain, "  ".to_owned()),
            Piece::Ago(at),
        ]];
        let Some(only) = only else {
            let key = self.keymap.key_of(Command::Yaml).unwrap_or_default();
            lines.extend(plain(&format!("{key} reads how it is now."), Emphasis::Dim, cells));
            return lines;
        };
        lines.push(Vec::new());
        lines.extend(document::lines(&only.yaml, cells));
        lines
    }
}
