//! From what the API says ([`wire`](crate::wire)) to what the model keeps ([`model`](crate::model)).
//!
//! Total: whatever arrives, something sensible comes out, and oddities are told as [`Anomaly`]s. All text is made safe
//! for a terminal here, once, so that nothing behind this line has to think of escape sequences.

mod acme;
mod core;
mod issuance;
pub mod sheaf;
mod workloads;

use std::borrow::Cow;

use crate::limits;
use crate::model::anomaly::Anomaly;
use crate::model::certificate::{IssuerRef, Names};
use crate::model::condition::{Condition, Message, Status};
use crate::model::id::{ObjectKey, Uid};
use crate::model::kind::Kind;
use crate::model::meta::{Labels, Meta, Time, Version};
use crate::model::symbol::{Symbol, Words};
use crate::text::clean;
use crate::wire::kinds as wire;
use crate::wire::stamp::Stamp;

use self::sheaf::Sheaf;

pub use self::workloads::TELLING_ENV;

/// A wire shape that becomes rows of the model.
pub trait Project: serde::de::DeserializeOwned {
    /// Its metadata.
    fn metadata(&self) -> Option<&wire::Meta>;

    /// Puts what it says into the sheaf.
    fn upsert(self, projector: &mut Projector, into: &mut Sheaf);

    /// Puts its removal into the sheaf.
    fn remove(uid: Uid, into: &mut Sheaf);
}

/// Turns objects into rows. One belongs to each feed: it holds the words that the feed's rows share.
#[derive(Debug, Default)]
pub struct Projector {
    words: Words,
    odd: Vec<Anomaly>,
}

impl Projector {
    /// The oddities met since this was last asked.
    pub fn take_odd(&mut self) -> Vec<Anomaly> {
        std::mem::take(&mut self.odd)
    }

    /// Tells an oddity of an object.
    pub fn tell_odd(&mut self, object: Option<ObjectKey>, what: impl Into<Box<str>>) {
        if self.odd.len() < limits::ANOMALIES {
            self.odd.push(Anomaly { object, what: what.into() });
        }
    }

    /// The identity by which a removed object is known.
    pub fn identity(&mut self, kind: Kind, meta: Option<&wire::Meta>) -> Option<Uid> {
        let meta = meta?;
        let name = meta.name.as_deref()?;
        let namespace = meta.namespace.as_deref().unwrap_or_default();
        Some(meta.uid.as_deref().and_then(Uid::parse).unwrap_or_else(|| Uid::of_key(kind, namespace, name)))
    }

    fn word(&mut self, text: &str) -> Symbol {
        self.words.share(&clean(text, limits::NAME))
    }

    fn opt_word(&mut self, text: Option<&str>) -> Option<Symbol> {
        text.filter(|t| !t.is_empty()).map(|t| self.word(t))
    }

    /// What every object has; `None` (and an oddity) for one without a name. `odd` are oddities of its parts.
    fn meta(&mut self, kind: Kind, meta: Option<wire::Meta>, odd: &[&[&'static str]]) -> Option<Meta> {
        let Some(meta) = meta else {
            self.tell_odd(None, format!("a {kind} without metadata"));
            return None;
        };
        let Some(name) = meta.name.as_deref().filter(|n| !n.is_empty()).map(|n| clean(n, limits::NAME)) else {
            self.tell_odd(None, format!("a {kind} without a name"));
            return None;
        };
        let namespace = self.word(meta.namespace.as_deref().unwrap_or_default());
        let name: Box<str> = owned(name);
        if !meta.odd.is_empty() || odd.iter().any(|part| !part.is_empty()) {
            let fields: Vec<&str> = meta.odd.iter().chain(odd.iter().copied().flatten()).copied().collect();
            let key = ObjectKey { kind, namespace: namespace.clone(), name: name.clone() };
            self.tell_odd(Some(key), format!("not of the type that the API gives it: {}", fields.join(", ")));
        }
        let uid = meta.uid.as_deref().and_then(Uid::parse).unwrap_or_else(|| Uid::of_key(kind, &namespace, &name));
        let owners = meta.owners.unwrap_or_default();
        let owner = owners
            .iter()
            .find(|owner| owner.controller == Some(true))
            .and_then(|owner| Uid::parse(owner.uid.as_deref()?));
        let labels = meta.labels.filter(|labels| !labels.0.is_empty()).map(|labels| {
            let pairs: Vec<String> = labels
                .0
                .iter()
                .map(|(k, v)| format!("{}={}", clean(k, limits::NAME), clean(v, limits::NAME)))
                .collect();
            self.words.share(&pairs.join("\n"))
        });
        Some(Meta {
            uid,
            owner,
            namespace,
            name,
            labels: Labels::of(labels),
            version: Version::parse(meta.resource_version.as_deref().unwrap_or_default()),
            created: time(meta.created),
            deleted: time(meta.deleted),
        })
    }

    fn annotation(&mut self, meta: Option<&wire::Meta>, key: &str) -> Option<Symbol> {
        let value = meta?.annotations.as_ref()?.0.get(key)?;
        self.opt_word(Some(value))
    }

    /// A sentence without digits or quotes speaks of no one object: many share it.
    fn message(&mut self, text: Option<&str>) -> Message {
        let text = clean(text.unwrap_or_default(), limits::MESSAGE);
        if text.len() <= 128 && !text.bytes().any(|b| b.is_ascii_digit() || b == b'"') {
            Message::Usual(self.words.share(&text))
        } else {
            Message::Own(owned(text))
        }
    }

    fn condition(&mut self, condition: wire::Condition) -> Condition {
        Condition {
            status: Status::parse(condition.status.as_deref().unwrap_or_default()),
            reason: self.word(condition.reason.as_deref().unwrap_or_default()),
            message: self.message(condition.message.as_deref()),
            since: time(condition.since),
        }
    }

    /// A reference with its defaults written out, so that equal ones compare equal.
    fn issuer_ref(&mut self, reference: Option<wire::IssuerRef>) -> IssuerRef {
        let reference = reference.unwrap_or_default();
        let or =
            |text: Option<Box<str>>, default: &str| text.filter(|t| !t.is_empty()).unwrap_or_else(|| default.into());
        IssuerRef {
            kind: self.word(&or(reference.kind, "Issuer")),
            name: self.word(reference.name.as_deref().unwrap_or_default()),
            group: self.word(&or(reference.group, "cert-manager.io")),
        }
    }
}

fn time(stamp: Option<Stamp>) -> Option<Time> {
    stamp.map(|stamp| stamp.0)
}

fn owned(text: Cow<'_, str>) -> Box<str> {
    text.into_owned().into_boxed_str()
}

/// Takes the conditions of some types out of a list: the last of each type counts.
fn pick<const N: usize>(conditions: Option<Vec<wire::Condition>>, types: [&str; N]) -> [Option<wire::Condition>; N] {
    let mut picked = [const { None }; N];
    for condition in conditions.unwrap_or_default() {
        if let Some(place) = types.iter().position(|kind| condition.kind.as_deref() == Some(kind)) {
            picked[place] = Some(condition);
        }
    }
    picked
}

fn names(list: Option<Vec<Box<str>>>) -> Names {
    let mut joined = String::new();
    for name in list.unwrap_or_default().iter().take(limits::DNS_NAMES) {
        if !joined.is_empty() {
            joined.push('\n');
        }
        joined.push_str(&clean(name, limits::NAME));
    }
    Names::of(joined)
}

fn small(number: Option<i64>) -> Option<u32> {
    number.and_then(|n| u32::try_from(n).ok())
}
