//! [`feedline`]: what happened, the youngest first: Kubernetes Events and observed changes in one line of time.

use std::collections::BTreeSet;

use crate::model::Model;
use crate::model::id::ObjectKey;
use crate::model::journal::{Happening, Transition};
use crate::model::meta::Time;
use crate::model::symbol::Symbol;

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it happened last.
    pub at: Time,
    /// The Certificate that it concerns, else the object itself.
    pub certificate: ObjectKey,
    /// The object.
    pub object: ObjectKey,
    /// What happened, in words.
    pub what: String,
    /// Whether a controller warned of it.
    pub warning: bool,
    /// Whether we saw it change, or a controller noted it.
    pub seen: bool,
    /// How often.
    pub count: u32,
}

/// The youngest `limit` entries of some namespaces (all, when none is named). Equal ones are folded into one.
pub fn feedline(model: &Model, namespaces: &BTreeSet<Symbol>, limit: usize) -> Vec<Entry> {
    let admits = |object: &ObjectKey| {
        namespaces.is_empty() || object.namespace.is_empty() || namespaces.contains(&object.namespace)
    };
    let mut events = model.events.recent().filter(|event| admits(&event.subject)).peekable();
    let mut changes = model.journal.recent().filter(|change| admits(&change.object)).peekable();
    let mut entries: Vec<Entry> = Vec::new();
    // Folding swallows entries, so a few more than `limit` are looked at; not all of them, for it is done for a frame.
    for _ in 0..limit.saturating_mul(8) {
        let entry = match (events.peek(), changes.peek()) {
            (Some(event), Some(change)) if event.last > change.at => events.next().map(of_event),
            (_, Some(_)) => changes.next().map(of_change),
            (Some(_), None) => events.next().map(of_event),
            (None, None) => break,
        };
        let Some(mut entry) = entry else { break };
        if let Some(root) = model.root_of_event(&entry) {
            entry.certificate = root;
        }
        let same = |known: &&mut Entry| {
            known.certificate == entry.certificate && known.object.kind == entry.object.kind && known.what == entry.what
        };
        if let Some(known) = entries.iter_mut().rev().take(8).find(same) {
            known.count = known.count.saturating_add(entry.count);
        } else if entries.len() == limit {
            break;
        } else {
            entries.push(entry);
        }
    }
    entries
}

fn of_event(event: &crate::model::events::Event) -> Entry {
    let what = if event.message.as_str().is_empty() {
        event.reason.to_string()
    } else {
        format!("{}: {}", event.reason, event.message.as_str())
    };
    Entry {
        at: event.last,
        certificate: event.subject.clone(),
        object: event.subject.clone(),
        what,
        warning: event.warning,
        seen: false,
        count: event.count,
    }
}

fn of_change(change: &Transition) -> Entry {
    let what = match &change.what {
        Happening::Created => "created".to_owned(),
        Happening::Deleted => "deleted".to_owned(),
        Happening::Changed { field: "content", .. } => "rewritten".to_owned(),
        Happening::Changed { field, from, to } => format!("{field} {from} → {to}"),
    };
    Entry {
        at: change.at,
        certificate: change.certificate.clone().unwrap_or_else(|| change.object.clone()),
        object: change.object.clone(),
        what,
        warning: false,
        seen: true,
        count: 1,
    }
}

impl Model {
    /// The Certificate behind an Event, where its object is still known.
    fn root_of_event(&self, entry: &Entry) -> Option<ObjectKey> {
        use crate::model::kind::Kind;
        if entry.seen || entry.object.kind == Kind::Certificate {
            return None;
        }
        let (namespace, name) = (entry.object.namespace.as_str(), &*entry.object.name);
        let root = match entry.object.kind {
            Kind::CertificateRequest => {
                self.root_of_request(self.requests.get(self.requests.by_name(namespace, name)?)?)?
            }
            Kind::Order => self.root_of_order(self.orders.get(self.orders.by_name(namespace, name)?)?)?,
            Kind::Challenge => {
                self.root_of_challenge(self.challenges.get(self.challenges.by_name(namespace, name)?)?)?
            }
            _ => return None,
        };
        self.certificate_key(root)
    }
}
