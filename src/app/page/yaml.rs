//! The page of an object as YAML, and the versions of it that a person read.

use std::collections::VecDeque;

use super::document;
use super::line::{Emphasis, Line, plain, text};
use super::versions::Walk;
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::fetch::{Fetch, Version, Wanted};
use crate::app::screen::Screen;
use crate::app::toast::Tone;
use crate::limits;
use crate::model::id::{ObjectKey, Uid};
use crate::model::meta::{Time, Version as Resource};

/// One object as it was seen.
#[derive(Debug)]
struct Seen {
    object: ObjectKey,
    /// Each version that was read, the last one at the end.
    versions: VecDeque<Version>,
}

/// The object that is looked at, and what was seen of it and of others.
#[derive(Debug, Default)]
pub struct YamlPage {
    /// Which one.
    pub open: Option<ObjectKey>,
    /// Where among its versions one is; `None` where the whole of it is shown.
    pub(super) walk: Option<Walk>,
    /// Which state of it the model knew when its versions were asked for.
    pub(super) known: Option<(Uid, Resource)>,
    /// Why it could not be read the last time.
    pub(super) failure: Option<String>,
    /// What was seen, the last one that was opened at the end.
    seen: VecDeque<Seen>,
}

impl YamlPage {
    /// Begins with an object.
    pub(super) fn begin(&mut self, object: &ObjectKey, walk: Option<Walk>) {
        (self.open, self.walk, self.failure) = (Some(object.clone()), walk, None);
    }

    /// Whether it is shown what differs from one version to the next.
    pub const fn compares(&self) -> bool {
        self.walk.is_some()
    }

    /// The versions of it that a person read.
    pub(super) fn read_versions(&self) -> Vec<Version> {
        self.versions().into_iter().flatten().cloned().collect()
    }

    fn versions(&self) -> Option<&VecDeque<Version>> {
        let open = self.open.as_ref()?;
        self.seen.iter().find(|seen| seen.object == *open).map(|seen| &seen.versions)
    }

    /// How many versions of it were read.
    pub fn count(&self) -> usize {
        self.versions().map_or(0, VecDeque::len)
    }

    fn note(&mut self, object: &ObjectKey, yaml: String, now: Time) {
        let known = self.seen.iter().position(|seen| seen.object == *object);
        let mut seen = known
            .and_then(|place| self.seen.remove(place))
            .unwrap_or_else(|| Seen { object: object.clone(), versions: VecDeque::new() });
        if seen.versions.back().is_none_or(|last| last.yaml != yaml) {
            seen.versions.push_back(Version { at: now, yaml });
        }
        if seen.versions.len() > limits::VERSIONS {
            seen.versions.pop_front();
        }
        self.seen.push_back(seen);
        if self.seen.len() > limits::DOCUMENTS {
            self.seen.pop_front();
        }
    }
}

impl App {
    /// Opens the selected object as YAML; on its page, reads it again.
    pub(in crate::app) fn open_yaml(&mut self, now: Time) -> Vec<Effect> {
        let again = (self.ui.screen() == Screen::Yaml).then(|| self.yaml.open.clone()).flatten();
        let Some(object) = again.or_else(|| self.selected_object()) else { return Vec::new() };
        self.yaml.begin(&object, None);
        self.ui.go(Screen::Yaml);
        self.write_page();
        vec![Effect::Fetch(Box::new(Fetch { wanted: Wanted::Yaml, object, at: now }))]
    }

    /// Takes in what was read.
    pub(in crate::app) fn take_yaml(&mut self, object: &ObjectKey, read: Result<String, String>, now: Time) {
        match read {
            Ok(yaml) => {
                let before = self.yaml.count();
                self.yaml.note(object, yaml, now);
                if self.yaml.open.as_ref() == Some(object) && before > 0 {
                    let news =
                        if self.yaml.count() > before { "it changed: v shows what differs" } else { "it is as it was" };
                    self.toasts.show(news, Tone::Neutral, now);
                }
            }
            Err(why) if self.yaml.open.as_ref() == Some(object) => self.yaml.failure = Some(why),
            Err(_) => {}
        }
    }

    pub(in crate::app) fn yaml_lines(&self, cells: usize) -> Vec<Line> {
        let mut lines = self
            .yaml
            .failure
            .as_ref()
            .map_or_else(Vec::new, |why| plain(&format!("It cannot be read: {why}"), Emphasis::Bad, cells));
        if let Some(walk) = &self.yaml.walk {
            lines.extend(self.version_lines(walk, cells));
            return lines;
        }
        match self.yaml.versions().and_then(VecDeque::back) {
            Some(last) => lines.extend(document::lines(&last.yaml, cells)),
            None if lines.is_empty() => lines.push(vec![text(Emphasis::Dim, "reading…".to_owned())]),
            None => {}
        }
        lines
    }
}
