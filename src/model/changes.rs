//! [`Changes`]: what an application of news touched. Work per event is work on what changed.

use std::collections::HashSet;

use rustc_hash::FxBuildHasher;

use super::certificate::Certificate;
use super::id::{Id, Uid};
use crate::limits;

/// What was touched since the changes were last taken.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    certificates: HashSet<Id<Certificate>, FxBuildHasher>,
    /// Objects of any kind that came or became another one, a list apart: what a list delivers is not news. No more than
    /// would be marked one by one.
    rows: HashSet<Uid, FxBuildHasher>,
    /// Places of Secrets to which a Certificate came that is not alone there, or from which one went: all that are
    /// stored there are touched, once, when the changes are taken. Were they touched each time, many in one Secret
    /// would cost their square.
    pub(super) shared: HashSet<u64, FxBuildHasher>,
    /// Places of names for which a Certificate came that is not alone in asking for them, or went.
    pub(super) alike: HashSet<u64, FxBuildHasher>,
    /// A feed became complete or ceased to be: every conclusion from absence is open again.
    pub(super) everything: bool,
    /// Something was looked up around cert-manager.
    pub(super) surroundings: bool,
    /// Something else that a screen shows changed: a feed, the journal, an Event, a controller.
    pub(super) scenery: bool,
}

impl Changes {
    /// The touched Certificates; those that were removed are among them.
    pub fn certificates(&self) -> impl Iterator<Item = Id<Certificate>> {
        self.certificates.iter().copied()
    }

    /// The objects of any kind that changed; none where so many did that it says nothing of each.
    pub fn rows(&self) -> impl Iterator<Item = Uid> {
        let few = self.rows.len() <= limits::CHILDREN;
        self.rows.iter().copied().filter(move |_| few)
    }

    /// How many Certificates are touched.
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// Whether every Certificate is touched.
    pub const fn everything(&self) -> bool {
        self.everything
    }

    /// Whether something was looked up around cert-manager: findings can say more.
    pub const fn surroundings(&self) -> bool {
        self.surroundings
    }

    /// Whether there is anything new to draw.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
            && self.shared.is_empty()
            && self.alike.is_empty()
            && !self.everything
            && !self.scenery
    }

    pub(super) fn mark(&mut self, uid: Uid) {
        if self.rows.len() <= limits::CHILDREN {
            self.rows.insert(uid);
        }
    }

    pub(super) fn touch(&mut self, id: Id<Certificate>) {
        self.certificates.insert(id);
    }
}
