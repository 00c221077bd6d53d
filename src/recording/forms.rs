//! [`Forms`]: what an object was from one moment to the next, as far as that was seen and is kept.

use std::collections::VecDeque;

use crate::limits;
use crate::model::id::ObjectKey;
use crate::model::meta::Time;

crate::wire::shape::shape! {
    /// What an object says of itself.
    Who: whole {
        /// `cert-manager.io/v1`.
        api_version: Box<str> = "apiVersion",
        /// `Certificate`.
        kind: Box<str> = "kind",
        /// Where it is.
        metadata: Place = "metadata",
    }

    /// Where an object is.
    Place {
        /// Its namespace.
        namespace: Box<str> = "namespace",
        /// Its name.
        name: Box<str> = "name",
    }
}

/// The forms of one object, each as JSON with the moment when it was seen first; the oldest is the first.
#[derive(Debug)]
pub struct Forms {
    /// The forms.
    pub seen: VecDeque<(Time, Box<str>)>,
    /// Since when one looks.
    pub since: Time,
    /// Whether nothing is missing between then and the first form.
    pub whole: bool,
    /// The moment around which forms are kept, where there are too many.
    at: Time,
    /// How many lie behind that moment.
    after: usize,
}

impl Forms {
    /// None was seen yet; where there are more than are kept, those around a moment are.
    pub(super) const fn none(since: Time, at: Time) -> Self {
        Self { seen: VecDeque::new(), since, whole: true, at, after: 0 }
    }

    /// One more was seen.
    pub(super) fn push(&mut self, t: Time, object: &str) {
        if t > self.at {
            if self.after == limits::VERSIONS_TOLD {
                return;
            }
            self.after += 1;
        } else if self.seen.len() == limits::VERSIONS_TOLD {
            self.seen.pop_front();
            self.whole = false;
        }
        self.seen.push_back((t, object.into()));
    }
}

/// Whether a text is an object of that name there. Its kind is known.
pub(super) fn is_of(object: &str, key: &ObjectKey) -> bool {
    // Nearly all are of another name, and reading costs far more than looking.
    if !object.contains(&format!("\"name\":\"{}\"", key.name)) {
        return false;
    }
    let place = serde_json::from_str(object).ok().and_then(|who: Who| who.metadata).unwrap_or_default();
    place.name.as_deref() == Some(&*key.name)
        && place.namespace.as_deref().unwrap_or_default() == key.namespace.as_str()
}
