//! What is asked of the cluster itself, and of no recording: evidence to take along (a recording that is begun and ended,
//! the bundle of a Certificate), and to list everything again.

use super::App;
use super::acting::begun::Begun;
use super::effect::Effect;
use super::message::{RecorderNews, SourceKind};
use super::toast::Tone;
use crate::model::meta::Time;

impl App {
    /// Why nothing can be taken down here.
    fn no_evidence(&self, instead: &str) -> Option<String> {
        match &self.session {
            None => Some("there is no connection yet".to_owned()),
            Some(session) if session.source == SourceKind::Recording => Some(format!("this is a recording: {instead}")),
            Some(_) => None,
        }
    }

    /// Lists everything again, where there is somebody to ask.
    pub(super) fn resync(&mut self, now: Time) -> Vec<Effect> {
        if let Some(why) = self.no_evidence("nothing can be listed again") {
            self.toasts.show(why, Tone::Neutral, now);
            return Vec::new();
        }
        let later = if self.looks_back() { "; b goes back to now" } else { "" };
        self.toasts.show(format!("listing everything again{later}"), Tone::Neutral, now);
        vec![Effect::Resync]
    }

    /// Begins a recording, or ends it.
    pub(super) fn record(&mut self, now: Time) -> Vec<Effect> {
        if let Some(why) = self.no_evidence("its file is there already") {
            self.toasts.show(why, Tone::Neutral, now);
            return Vec::new();
        }
        vec![Effect::Record]
    }

    /// A recording began or ended.
    pub(super) fn recorded(&mut self, news: RecorderNews, now: Time) {
        match news {
            RecorderNews::Began(file) => {
                self.toasts.show(format!("recording into {file}"), Tone::Good, now);
                self.recorder = Some(file);
            }
            RecorderNews::Ended(told) => {
                self.recorder = None;
                match told {
                    Ok(text) => self.toasts.show(text, Tone::Good, now),
                    Err(text) => self.toasts.show(text, Tone::Bad, now),
                }
            }
        }
    }

    /// Writes the bundle of the selected Certificate.
    pub(super) fn bundle(&mut self, now: Time) -> Vec<Effect> {
        if let Some(why) = self.no_evidence("`cmtop bundle --from FILE` makes its bundle") {
            self.toasts.show(why, Tone::Neutral, now);
            return Vec::new();
        }
        let Some((id, key)) = self.selected().and_then(|id| Some((id, self.model.certificate_key(id)?))) else {
            self.toasts.show("no Certificate is selected", Tone::Neutral, now);
            return Vec::new();
        };
        self.bundles += 1;
        self.toasts.show(format!("writing the bundle of {}/{} …", key.namespace, key.name), Tone::Neutral, now);
        vec![Effect::Bundle(id)]
    }

    /// A bundle was written, or not.
    pub(super) fn bundled(&mut self, told: Result<String, String>, now: Time) {
        self.bundles = self.bundles.saturating_sub(1);
        match told {
            Ok(text) => self.toasts.show(text, Tone::Good, now),
            Err(text) => self.toasts.show(text, Tone::Bad, now),
        }
    }

    /// What was begun and is not at its end: the program ends it before it ends itself.
    pub fn under_way(&self) -> Option<String> {
        let written = match self.bundles {
            0 => None,
            1 => Some("a bundle".to_owned()),
            many => Some(format!("{many} bundles")),
        };
        let recorded = self.recorder.as_ref().map(|_| "the recording".to_owned());
        let begun: Vec<String> = self.acting.begun.values().map(Begun::text).chain(recorded).chain(written).collect();
        (!begun.is_empty()).then(|| begun.join(", "))
    }
}
