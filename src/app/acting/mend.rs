//! The first remedy that cmtop can do itself.

use crate::action::{Action, choose};
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::toast::Tone;
use crate::model::id::ObjectKey;
use crate::model::meta::Time;
use crate::triage::finding::Verb;

impl App {
    /// The remedy of the first finding that cmtop can do.
    pub(in crate::app) fn mend(&mut self, now: Time) -> Vec<Effect> {
        let Some((action, object, aside)) = self.mendable() else {
            let commands = self.findings.iter().flat_map(|finding| &finding.remedies).any(|it| it.command.is_some());
            let text = match (self.findings.is_empty(), commands) {
                (true, _) => "nothing is wrong here",
                (false, true) => {
                    "cmtop cannot do this by itself; the numbered remedies can, and c copies their command"
                }
                (false, false) => "cmtop cannot do this by itself: the numbered remedies say what to do",
            };
            self.toasts.show(text, Tone::Neutral, now);
            return Vec::new();
        };
        if let Some(why) = self.no_action() {
            self.toasts.show(why, Tone::Bad, now);
            return Vec::new();
        }
        self.act_on(action, &object, aside, now)
    }

    /// The first remedy that cmtop can do: what it does, about what, and what is to be thought of before.
    pub(super) fn mendable(&self) -> Option<(Action, ObjectKey, Option<String>)> {
        let (finding, place, remedy) = self.findings.iter().find_map(|finding| {
            let place = finding.remedies.iter().position(|remedy| remedy.action.is_some())?;
            Some((finding, place, finding.remedies.get(place)?))
        })?;
        // What stands before it may be the mend, and this one for another case.
        let aside = (place > 0).then(|| {
            format!("it is remedy {} of {}: {}", place + 1, finding.remedies.len(), remedy.text.trim_end_matches('.'))
        });
        let remedy = remedy.action.clone()?;
        let action = match remedy.verb {
            Verb::Renew => Action::Renew,
            Verb::Approve => Action::Approve,
            // Without the renewal after it, a deleted request is only waited for.
            Verb::DeleteRequest => Action::Retry,
            Verb::DeleteChallenge => Action::Delete,
            Verb::Release => Action::Release,
        };
        let object = choose::target(&self.model, action, &remedy.object).unwrap_or(remedy.object);
        Some((self.wiser(action, &object), object, aside))
    }
}
