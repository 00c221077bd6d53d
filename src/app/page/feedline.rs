//! [`feedline`]: what happened, the youngest first: Kubernetes Events and observed changes in one line of time.

use std::collections::BTreeSet;

use crate::model::Model;
use crate::model::id::ObjectKey;
use crate::model::journal::{Happening, Transition};
use crate::model::kind::Kind;
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
    /// What it is called beside its Certificate; empty for the Certificate itself.
    pub label: String,
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
            (_, Some(_)) => changes.next().map(|change| of_change(model, change)),
            (Some(_), None) => events.next().map(of_event),
            (None, None) => break,
        };
        let Some(mut entry) = entry else { break };
        if let Some(root) = model.root_of_event(&entry) {
            entry.certificate = root;
        }
        if entry.label.is_empty() && entry.object != entry.certificate {
            entry.label = entry.object.kind.to_string();
        }
        let same = |known: &&mut Entry| {
            (&known.certificate, &known.label, &known.what) == (&entry.certificate, &entry.label, &entry.what)
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
        label: String::new(),
        what,
        warning: event.warning,
        seen: false,
        count: event.count,
    }
}

/// What came or went, by its name: the key of the next revision goes with every renewal, and is not the Secret that is
/// served; of the requests it says which.
fn label(model: &Model, change: &Transition) -> String {
    let (object, comes) = (&change.object, matches!(change.what, Happening::Created | Happening::Deleted));
    let certificate = change.certificate.as_ref().and_then(|key| model.certificate(&key.namespace, &key.name));
    match object.kind {
        Kind::Secret if certificate.is_some_and(|(_, row)| row.secret_name != object.name) => {
            format!("next key {}", object.name)
        }
        Kind::Secret => format!("Secret {}", object.name),
        Kind::CertificateRequest if comes => {
            format!("CertificateRequest {}", object.name)
        }
        _ => String::new(),
    }
}

fn of_change(model: &Model, change: &Transition) -> Entry {
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
        label: if change.certificate.is_some() { label(model, change) } else { String::new() },
        what,
        warning: false,
        seen: true,
        count: 1,
    }
}

impl Model {
    /// The Certificate behind an Event, where its object is still known.
    fn root_of_event(&self, entry: &Entry) -> Option<ObjectKey> {
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
