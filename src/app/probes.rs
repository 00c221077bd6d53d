//! [`Book`]: what probes saw, Challenge by Challenge, and what a person asked to be looked at.

pub mod automatic;
pub mod seen;

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use self::automatic::Automatic;
use self::seen::{ProbeNews, Seen};
use super::App;
use super::effect::Effect;
use super::screen::Screen;
use super::toast::Tone;
use crate::limits;
use crate::model::certificate::Certificate;
use crate::model::challenge::Challenge;
use crate::model::id::{Id, ObjectKey};
use crate::model::kind::Kind;
use crate::model::meta::{Object as _, Time};
use crate::probe::book::Track;
use crate::probe::target::Target;
use crate::triage::application::application;
use crate::triage::evidence::refine;

/// All that is known of one probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What was seen last.
    pub seen: Seen,
    /// What was seen before.
    pub track: Track,
    /// When it was seen.
    pub at: Time,
}

/// What probes saw.
#[derive(Debug, Default)]
pub struct Book {
    entries: HashMap<ObjectKey, Entry, FxBuildHasher>,
    /// What a person looks at now.
    pub open: Option<ObjectKey>,
    /// What is looked at without having been asked for.
    pub automatic: Automatic,
    /// What is wrong with a Certificate, in a few words, by the probe of a Challenge of it.
    whys: HashMap<Id<Certificate>, (ObjectKey, String), FxBuildHasher>,
    /// The Certificate of the Challenge that is looked at now.
    pub(super) of: Option<Id<Certificate>>,
}

impl Book {
    /// Everything that was seen, by object.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectKey, &Entry)> {
        self.entries.iter()
    }

    /// What was seen of a Challenge.
    pub fn get(&self, object: &ObjectKey) -> Option<&Entry> {
        self.entries.get(object)
    }

    fn note(&mut self, mut news: ProbeNews, now: Time) {
        if self.entries.len() >= limits::PROBES && !self.entries.contains_key(&news.object) {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.at).map(|(key, _)| key.clone());
            if let Some(key) = oldest {
                self.entries.remove(&key);
                self.whys.retain(|_, (known, _)| *known != key);
            }
        }
        let known = self.entries.get(&news.object).map(|entry| entry.track.clone());
        let mut track = known.unwrap_or_else(|| Track::begin(now));
        if let (Seen::Dns01(report), true) = (&mut news.seen, news.whole) {
            track.note(report, now);
        }
        self.entries.insert(news.object, Entry { seen: news.seen, track, at: now });
    }

    /// Notes what the probe of a Challenge says of a Certificate, one Challenge for one Certificate: so there are never
    /// more than there are entries.
    fn note_why(&mut self, id: Id<Certificate>, object: ObjectKey, trouble: Option<String>) {
        self.whys.retain(|known, (of, _)| *known != id && *of != object);
        self.whys.extend(trouble.map(|title| (id, (object, title))));
    }
}

impl App {
    /// The Challenge that a probe would be about: the selected one, else the first that is open below the selected
    /// Certificate. Of one that waits for its turn nothing is to be seen yet.
    pub(super) fn challenge(&self) -> Option<&Challenge> {
        self.meant().filter(|challenge| challenge.has_begun())
    }

    fn meant(&self) -> Option<&Challenge> {
        let key = self.selected_object()?;
        if key.kind == Kind::Challenge {
            let id = self.model.challenges.by_name(&key.namespace, &key.name)?;
            return self.model.challenges.get(id);
        }
        let lineage = self.model.lineage(self.selected()?)?;
        let challenges = lineage.next()?.challenges.iter().map(|(challenge, _)| *challenge);
        challenges.filter(|challenge| !challenge.state.is_final()).max_by_key(|challenge| challenge.presented)
    }

    /// Opens the matrix, and asks for a look.
    pub(super) fn probe(&mut self, now: Time) -> Vec<Effect> {
        let (object, effect) = match self.aim() {
            Ok(aim) => aim,
            Err(why) => {
                self.toasts.show(why, Tone::Neutral, now);
                return Vec::new();
            }
        };
        if self.challenge().is_none() && self.meant().is_some() {
            let text = "its Challenge waits for its turn: nothing is to be seen yet but what might go wrong then";
            self.toasts.show(text, Tone::Neutral, now);
        }
        self.probes.open = Some(object);
        self.probes.of = self.selected();
        self.ui.go(Screen::Probe);
        self.fit();
        vec![effect]
    }

    /// What a probe would be about, and the wish for it; or why none can be.
    pub(super) fn aim(&self) -> Result<(ObjectKey, Effect), String> {
        let aim = match self.challenge() {
            Some(challenge) => Target::of(&self.model, challenge)
                .map(|target| (target.object.clone(), Effect::Probe(Box::new(target))))
                .map_err(|error| format!("this name cannot be probed: {error}")),
            None => self
                .selected()
                .and_then(|id| self.model.certificates.get(id))
                .ok_or_else(|| "there is no Certificate here".to_owned())
                .and_then(|certificate| application(&self.model, certificate))
                .map(|application| (application.object.clone(), Effect::Preflight(Box::new(application))))
                .map_err(|why| format!("no open Challenge here, and {why}")),
        }?;
        if self.session.as_ref().is_some_and(|session| session.source == super::message::SourceKind::Recording) {
            return Err("a recording cannot be probed: its servers may have changed".to_owned());
        }
        if self.looks_back() {
            return Err("you look at the past: b goes back to now".to_owned());
        }
        Ok(aim)
    }

    /// Takes in what a probe saw.
    pub(super) fn probed(&mut self, news: ProbeNews, now: Time) {
        let (object, whole) = (news.object.clone(), news.whole);
        self.probes.note(news, now);
        let looked_at = [&self.probes.open, &self.probes.automatic.looking].contains(&&Some(object.clone()));
        if let (true, Some(id), true) = (whole && object.kind == Kind::Challenge, self.probes.of, looked_at) {
            let verdict = self.probes.get(&object).map(|entry| entry.seen.verdict());
            let trouble = verdict.filter(|verdict| verdict.family.is_some()).map(|verdict| verdict.title.clone());
            self.probes.note_why(id, object, trouble);
        }
        self.lay_out(now);
    }

    /// Who left the matrix asks nobody any more.
    pub(super) fn end_probe(&mut self) -> Vec<Effect> {
        if self.ui.stack.contains(&Screen::Probe) || self.probes.open.take().is_none() {
            return Vec::new();
        }
        vec![Effect::EndProbe]
    }

    /// Lets what probes saw speak for the findings of the selected Certificate.
    pub(super) fn weigh_probes(&mut self) {
        let Some((object, entry)) = self.probed_trouble() else { return };
        let (object, verdict) = (object.clone(), entry.seen.verdict().clone());
        let (name, rows) = (entry.seen.name(), entry.seen.rows());
        refine(&mut self.findings, &object, &name, &verdict, rows);
    }

    /// Why a Certificate is as it is, where a probe of a Challenge that is still open saw it.
    pub fn probed_why(&self, id: Id<Certificate>) -> Option<&str> {
        let (object, title) = self.probes.whys.get(&id)?;
        let challenge = self.model.challenges.by_name(&object.namespace, &object.name)?;
        let challenge = self.model.challenges.get(challenge);
        let open = challenge.is_some_and(|challenge| !challenge.state.is_final() && challenge.has_begun());
        open.then_some(title.as_str())
    }

    /// The verdict of a probe about a Challenge of the selected Certificate, where it found trouble.
    pub fn probed_trouble(&self) -> Option<(&ObjectKey, &Entry)> {
        let lineage = self.model.lineage(self.selected()?)?;
        let keys = lineage.next()?.challenges.iter().map(|(challenge, _)| challenge.key()).collect::<Vec<_>>();
        keys.iter().find_map(|key| {
            let (key, entry) = self.probes.entries.get_key_value(key)?;
            entry.seen.verdict().family.map(|_| (key, entry))
        })
    }
}
