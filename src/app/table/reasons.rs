//! Why each row has its verdict, in words: said once for each diagnosis.

use std::borrow::Cow;
use std::collections::HashSet;

use rustc_hash::FxBuildHasher;

use crate::app::App;
use crate::limits;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::triage::why::why;

impl App {
    /// Puts the reasons of the rows on the screen into words, once for each diagnosis: a frame only paints them.
    pub(in crate::app) fn say_why(&mut self, changed: &HashSet<Id<Certificate>, FxBuildHasher>) {
        changed.iter().for_each(|id| drop(self.reasons.remove(id)));
        if self.reasons.len() > limits::REASONS {
            self.reasons.clear();
        }
        for id in self.visible() {
            if let (false, Some(diagnosis)) = (self.reasons.contains_key(&id), self.ledger.get(id)) {
                self.reasons.insert(id, why(&self.model, id, diagnosis));
            }
        }
    }

    /// Why a Certificate has its verdict, in a few words; empty until it was judged.
    pub fn reason(&self, id: Id<Certificate>) -> Cow<'_, str> {
        match (self.reasons.get(&id), self.ledger.get(id)) {
            (Some(reason), _) => Cow::Borrowed(reason),
            (None, Some(diagnosis)) => Cow::Owned(why(&self.model, id, diagnosis)),
            (None, None) => Cow::Borrowed(""),
        }
    }
}
