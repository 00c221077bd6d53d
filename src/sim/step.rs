//! A story told step by step, for whoever keeps its time: what is there, what is due next, what came of it.
//!
//! What happens is a function of the moments that are asked for, so two who ask alike are told alike.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::resource::RESOURCES;
use super::store::{Event, Store};
use super::world::World;

/// Something that happened to an object.
#[derive(Clone, Debug)]
pub struct Told {
    /// Whether it is gone.
    pub gone: bool,
    /// The object, with `apiVersion` and `kind`; the last state of one that is gone.
    pub object: Value,
}

impl World {
    /// Everything that is there.
    pub fn objects(&self) -> Vec<Value> {
        self.cluster().read(|store| {
            let all =
                RESOURCES.iter().flat_map(|resource| store.range(resource, None, None).map(move |o| (resource, o)));
            all.map(|(resource, object)| object.typed(resource)).collect()
        })
    }

    /// When something is done next.
    pub fn due(&mut self) -> Option<DateTime<Utc>> {
        self.agenda.next()
    }

    /// Does everything that is due by a moment, and tells what that changed, in its order.
    pub fn advance(&mut self, now: DateTime<Utc>) -> Vec<Told> {
        let before = self.cluster().read(Store::version);
        self.work_until(now);
        self.cluster().read(|store| {
            let changes = store.changes_after(before).into_iter().flatten();
            changes
                .map(|change| Told {
                    gone: change.event == Event::Deleted,
                    object: change.object.typed(change.resource),
                })
                .collect()
        })
    }
}
