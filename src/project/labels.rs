//! What is kept of labels and annotations: all labels, for people filter by them; of annotations, those that somebody
//! wants to see.

use std::sync::Arc;

use super::Projector;
use crate::limits;
use crate::model::meta::{ANNOTATION, Labels};
use crate::model::symbol::Symbol;
use crate::text::clean;
use crate::wire::kinds::{Annotations, Labels as AllLabels};
use crate::wire::lenient::Strings;

/// Which annotations are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// These, by their keys; at first none: they are nearly always another one for each object.
    These(Arc<[Symbol]>),
    /// All of them.
    All,
}

impl Default for Kept {
    fn default() -> Self {
        Self::These(Arc::from([]))
    }
}

impl Kept {
    fn keeps(&self, key: &str) -> bool {
        match self {
            Self::These(keys) => keys.iter().any(|kept| kept.as_str() == key),
            Self::All => true,
        }
    }

    /// Whether something is kept that was not.
    pub fn is_more_than(&self, before: &Self) -> bool {
        match (self, before) {
            (_, Self::All) => false,
            (Self::All, Self::These(_)) => true,
            (Self::These(keys), before) => !keys.iter().all(|key| before.keeps(key)),
        }
    }
}

impl Projector {
    /// Says which annotations are kept from now on.
    pub fn keep(&mut self, kept: Kept) {
        self.kept = kept;
    }

    pub(super) fn labels_of(
        &mut self,
        labels: Option<&Strings<AllLabels>>,
        annotations: Option<&Strings<Annotations>>,
    ) -> Labels {
        let mut joined = String::new();
        for (key, value) in labels.iter().flat_map(|labels| &labels.0) {
            add(&mut joined, "", key, value);
        }
        for (key, value) in annotations.iter().flat_map(|all| &all.0).filter(|(key, _)| self.kept.keeps(key)) {
            add(&mut joined, ANNOTATION, key, value);
        }
        Labels::of((!joined.is_empty()).then(|| self.words.share(&joined)))
    }

    pub(super) fn labels(&mut self, labels: &[(Box<str>, Box<str>)]) -> Symbol {
        let mut joined = String::new();
        labels.iter().for_each(|(key, value)| add(&mut joined, "", key, value));
        self.words.share(&joined)
    }
}

/// Adds a pair, while there is room.
fn add(joined: &mut String, sign: &str, key: &str, value: &str) {
    let (key, value) = (clean(key, limits::NAME), clean(value, limits::NAME));
    // No label begins so; one that does would be taken for an annotation.
    let odd = sign.is_empty() && key.starts_with(ANNOTATION);
    if odd || joined.len() + key.len() + value.len() > limits::LABELS {
        return;
    }
    if !joined.is_empty() {
        joined.push('\n');
    }
    joined.extend([sign, &*key, "=", &*value]);
}
