//! Secrets, Events and Namespaces.

use super::Project;
use super::Projector;
use super::cleaned_or_empty;
use super::row_batch::RowBatch;
use super::time;
use crate::limits;
use crate::model::delta::{Delta, NamespaceName};
use crate::model::events::Event;
use crate::model::id::{ObjectKey, Uid};
use crate::model::kind::Kind;
use crate::model::secret::Secret;
use crate::wire::kinds as wire;

impl Project for wire::Secret {
    fn metadata(&self) -> Option<&wire::Meta> {
        self.metadata.as_ref()
    }

    fn upsert(self, projector: &mut Projector, into: &mut RowBatch) {
        let certificate_name = projector.annotation(self.metadata.as_ref(), wire::CERTIFICATE_NAME);
        let issuer_name = projector.annotation(self.metadata.as_ref(), wire::ISSUER_NAME);
        if let Some(meta) = projector.meta(Kind::Secret, self.metadata, &self.odd) {
            let next_private_key = meta.labels.get(wire::NEXT_PRIVATE_KEY) == Some("true");
            into.put(Delta::Upsert(Secret { meta, certificate_name, issuer_name, next_private_key }));
        }
    }

    fn remove(uid: Uid, into: &mut RowBatch) {
        into.put(Delta::<Secret>::Remove(uid));
    }
}

impl Project for wire::Namespace {
    fn metadata(&self) -> Option<&wire::Meta> {
        self.metadata.as_ref()
    }

    fn upsert(self, projector: &mut Projector, into: &mut RowBatch) {
        if let Some(meta) = projector.meta(Kind::Namespace, self.metadata, &self.odd) {
            let name = projector.word(&meta.name);
            into.put(Delta::Upsert(NamespaceName { uid: meta.uid, name }));
        }
    }

    fn remove(uid: Uid, into: &mut RowBatch) {
        into.put(Delta::<NamespaceName>::Remove(uid));
    }
}

impl Project for wire::Event {
    fn metadata(&self) -> Option<&wire::Meta> {
        self.metadata.as_ref()
    }

    fn upsert(self, projector: &mut Projector, into: &mut RowBatch) {
        if let Some(event) = projector.event(self) {
            into.put(Delta::Upsert(event));
        }
    }

    fn remove(uid: Uid, into: &mut RowBatch) {
        into.put(Delta::<Event>::Remove(uid));
    }
}

impl Projector {
    /// An Event about an object of a kind that cmtop knows; others are none of our business.
    fn event(&mut self, wire: wire::Event) -> Option<Event> {
        let involved = wire.involved.unwrap_or_default();
        let kind =
            Kind::of(involved.api_version.as_deref().unwrap_or_default(), involved.kind.as_deref().unwrap_or_default());
        let Some(kind) = kind else {
            // What is odd may be the very field that would tell.
            if !wire.odd.is_empty() {
                self.meta(Kind::Event, wire.metadata, &wire.odd);
            }
            return None;
        };
        let series = wire.series.unwrap_or_default();
        let meta = self.meta(Kind::Event, wire.metadata, &wire.odd)?;
        // An Event can bear its time in any of four places; one without any is as old as its object.
        let last =
            time(series.last).or(time(wire.last)).or(time(wire.event_time)).or(meta.created).or(time(wire.first));
        let Some(last) = last else {
            self.tell_odd(None, "an Event without a time");
            return None;
        };
        let source = wire.source.and_then(|s| s.component).filter(|c| !c.is_empty()).or(wire.reporting);
        Some(Event {
            uid: meta.uid,
            version: meta.version,
            subject_uid: involved.uid,
            subject: ObjectKey {
                kind,
                namespace: self.word(involved.namespace.as_deref().unwrap_or_default()),
                name: cleaned_or_empty(involved.name, limits::NAME),
            },
            reason: self.word(wire.reason.as_deref().unwrap_or_default()),
            message: self.message(wire.message.map(without_fold)),
            warning: wire.kind.as_deref() == Some("Warning"),
            last,
            first: time(wire.first).or(time(wire.event_time)).unwrap_or(last).min(last),
            count: series.count.or(wire.count).and_then(|n| u32::try_from(n).ok()).unwrap_or(1).max(1),
            component: self.word(source.as_deref().unwrap_or_default()),
            arrivals: smallvec::SmallVec::new(),
        })
    }
}

/// What client-go puts before the text when it folds several Events into one.
const FOLDED: &str = "(combined from similar events): ";

fn without_fold(message: Box<str>) -> Box<str> {
    message.strip_prefix(FOLDED).map(Box::from).unwrap_or(message)
}
