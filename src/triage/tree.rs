//! [`Node`]: a Certificate and what belongs to it as a tree, each object with a state and a reason in words.
//!
//! The dashboard draws it, `cmtop status` prints it: both say the same. Nothing is cut to a width, and nothing in it
//! counts seconds, so a tree stays true until its Certificate's diagnosis changes.

pub mod alone;
mod requests;
mod stores;

use std::borrow::Cow;

use super::Diagnosis;
use super::diagnose;
use super::verdict::{Alarm, Verdict};
use super::why;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey, Uid};
use crate::model::kind::Kind;
use crate::model::lineage::Lineage;
use crate::model::meta::{Object, Time};
use crate::model::symbol::Symbol;

/// How a state is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Work is going on.
    Busy,
    /// Waits, or needs a person soon.
    Waiting,
    /// Needs a person.
    Bad,
    /// Not there, as a complete watch says.
    Absent,
    /// Whether it is there cannot be told, or nothing was written about it.
    Unseen,
}

/// One object of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The object. Its name is empty where only the kind can be told: it may not be read.
    pub object: ObjectKey,
    /// Its kind as the Certificate words it, for an issuer that is none of cert-manager's own.
    pub foreign_kind: Option<Symbol>,
    /// Its uid; `None` for what is not there.
    pub uid: Option<Uid>,
    /// How it does, in a word or two out of a closed list.
    pub state: &'static str,
    /// How that is to be taken.
    pub tone: Tone,
    /// Why, or what it waits for. May be empty.
    pub reason: String,
    /// Since when, as far as a stamp says.
    pub since: Option<Time>,
    /// The revision that it belongs to.
    pub revision: Option<u32>,
    /// Whether it belongs to what happens now: false for earlier revisions.
    pub current: bool,
    /// What hangs below it.
    pub children: Vec<Self>,
}

impl Node {
    /// The kind, as people read it.
    pub fn kind(&self) -> &str {
        self.foreign_kind.as_deref().unwrap_or_else(|| self.object.kind.name())
    }

    /// How many objects the tree has, this one among them.
    pub fn size(&self) -> usize {
        1 + self.children.iter().map(Self::size).sum::<usize>()
    }

    /// An object that is there.
    fn of(object: &impl Object, word: Word) -> Self {
        let meta = object.meta();
        Self { uid: Some(meta.uid), since: word.since.or(meta.created), ..Self::named(object.key(), word) }
    }

    /// An object that is known by name only.
    fn named(object: ObjectKey, word: Word) -> Self {
        let Word { state, tone, reason, since } = word;
        Self {
            object,
            foreign_kind: None,
            uid: None,
            state,
            tone,
            reason: reason.into_owned(),
            since,
            revision: None,
            current: true,
            children: Vec::new(),
        }
    }

    /// Objects of a kind that may not be read: they may be there all the same.
    fn unseen(kind: Kind, namespace: &Symbol) -> Self {
        let object = ObjectKey { kind, namespace: namespace.clone(), name: Box::from("") };
        Self::named(object, Word::new("not seen", Tone::Unseen, format!("{}s cannot be seen", kind.name())))
    }

    fn below(self, children: Vec<Self>) -> Self {
        Self { children, ..self }
    }

    /// The same tree as part of a revision.
    fn in_revision(mut self, revision: Option<u32>, current: bool) -> Self {
        self.revision = revision;
        self.current = current;
        self.children = self.children.into_iter().map(|child| child.in_revision(revision, current)).collect();
        self
    }
}

/// What is said of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// How it does, in a word or two out of a closed list.
    pub state: &'static str,
    /// How that is to be taken.
    pub tone: Tone,
    /// Why, or what it waits for. May be empty.
    pub reason: Cow<'static, str>,
    /// Since when, as far as a stamp says.
    pub since: Option<Time>,
}

impl Word {
    fn new(state: &'static str, tone: Tone, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { state, tone, reason: reason.into(), since: None }
    }

    fn since(self, since: Option<Time>) -> Self {
        Self { since, ..self }
    }
}

/// The tree of a Certificate: its issuer, its Secret, the key of the issuance in flight, then its requests, what
/// happens now first and earlier revisions after it. `None` when there is no such Certificate.
pub fn tree(model: &Model, id: Id<Certificate>, now: Time) -> Option<Node> {
    let lineage = model.lineage(id)?;
    let diagnosis = diagnose(model, id, now)?;
    let certificate = lineage.certificate;
    let mut children = vec![stores::issuer(&lineage), stores::secret(&lineage)];
    children.extend(lineage.next_key.map(stores::next_key));
    children.extend(requests::requests(model, &lineage));
    let root = Node::of(certificate, certificate_word(model, id, &lineage, &diagnosis));
    Some(Node { revision: certificate.revision, since: diagnosis.since, ..root }.below(children))
}

fn certificate_word(model: &Model, id: Id<Certificate>, lineage: &Lineage, diagnosis: &Diagnosis) -> Word {
    let tone = match diagnosis.verdict.alarm() {
        Alarm::Red => Tone::Bad,
        Alarm::Amber => Tone::Waiting,
        Alarm::Busy => Tone::Busy,
        Alarm::Grey => Tone::Unseen,
        Alarm::Calm => Tone::Good,
    };
    let why = why::why(model, id, diagnosis);
    let issued = match lineage.certificate.revision {
        None if diagnosis.verdict == Verdict::Ok => None,
        None => Some("never issued".to_owned()),
        Some(revision) => Some(format!("revision {revision}")),
    };
    let reason = [issued, Some(why).filter(|why| !why.is_empty())].into_iter().flatten().collect::<Vec<_>>();
    Word::new(diagnosis.verdict.as_str(), tone, reason.join(" · "))
}
