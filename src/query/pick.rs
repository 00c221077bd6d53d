//! [`Pick`]: the Certificates that a command is about.

use thiserror::Error;

use super::likely::likely;
use super::name::Name;
use super::selector::Selector;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::kind::Kind;
use crate::model::meta::Object as _;

/// Which Certificates are asked for. The default asks for all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pick {
    /// By name; empty for all.
    pub names: Vec<Name>,
    /// In these namespaces; empty for all.
    pub namespaces: Vec<String>,
    /// Where a bare name is looked up when no namespace is given: the context's namespace. Without one (a recording, a
    /// demo, `-A`) it is looked up everywhere and has to be unique.
    pub home: Option<String>,
    /// With these labels.
    pub selector: Selector,
}

/// Why there is nothing to report on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PickError {
    /// Nothing has that name.
    #[error("there is no Certificate `{name}`{place}{hint}")]
    Missing {
        /// The name.
        name: Name,
        /// Where it was looked for.
        place: String,
        /// Where else there is one of that name.
        hint: String,
    },
    /// There are no such namespaces, as a complete list of them says.
    #[error("there is no namespace {namespaces}{hint}")]
    Nowhere {
        /// Those that were named.
        namespaces: String,
        /// Where Certificates are.
        hint: String,
    },
    /// More than one has it.
    #[error("`{name}` is ambiguous: name one of {candidates}")]
    Ambiguous {
        /// The name.
        name: Name,
        /// Those that have it.
        candidates: String,
    },
}

impl Pick {
    /// The Certificates, each once: in the order of the names, else by namespace and name.
    pub fn choose(&self, model: &Model) -> Result<Vec<Id<Certificate>>, PickError> {
        if self.names.is_empty() {
            if !self.namespaces.is_empty() && self.namespaces.iter().all(|namespace| lacks(model, namespace)) {
                let hint = elsewhere(model, &self.namespaces);
                return Err(PickError::Nowhere { namespaces: self.namespaces.join(", "), hint });
            }
            return Ok(by_name(model, |certificate| {
                self.is_in_scope(certificate) && self.selector.matches(&certificate.meta.labels)
            }));
        }
        let mut chosen = Vec::new();
        for name in &self.names {
            for id in self.named(model, name)? {
                if !chosen.contains(&id) {
                    chosen.push(id);
                }
            }
        }
        Ok(chosen)
    }

    /// What is to be said beside a report that somebody may take for a good one: where they looked there is nothing.
    pub fn remark(&self, model: &Model) -> Option<String> {
        if !self.names.is_empty() {
            return None;
        }
        let empty = |namespace: &&String| model.certificates_in(namespace) == 0;
        let empty: Vec<String> = self.namespaces.iter().filter(empty).cloned().collect();
        if !empty.is_empty() {
            let s = if empty.len() == 1 { "" } else { "s" };
            let hint = elsewhere(model, &empty);
            return Some(format!("there is no Certificate in namespace{s} {}{hint}", empty.join(", ")));
        }
        let fits = |(_, row): (_, &Certificate)| self.is_in_scope(row) && self.selector.matches(&row.meta.labels);
        let is_any = self.selector == Selector::default() || model.certificates.iter().any(fits);
        (!is_any).then(|| format!("no Certificate has the labels `{}`", self.selector))
    }

    fn is_in_scope(&self, certificate: &Certificate) -> bool {
        self.namespaces.is_empty() || self.namespaces.iter().any(|n| *n == *certificate.meta.namespace)
    }

    fn named(&self, model: &Model, name: &Name) -> Result<Vec<Id<Certificate>>, PickError> {
        let places: Vec<&str> = match &name.namespace {
            Some(namespace) => vec![namespace],
            None if self.namespaces.is_empty() => self.home.as_deref().into_iter().collect(),
            None => self.namespaces.iter().map(String::as_str).collect(),
        };
        let everywhere = by_name(model, |certificate| *certificate.meta.name == *name.name);
        let found: Vec<_> = everywhere
            .iter()
            .copied()
            .filter(|id| {
                let namespace = model.certificates.get(*id).map(|c| c.meta.namespace.as_str());
                places.is_empty() || namespace.is_some_and(|namespace| places.contains(&namespace))
            })
            .collect();
        match found.len() {
            0 => Err(missing(model, name, &places, &everywhere)),
            n if n > 1 && places.is_empty() => {
                Err(PickError::Ambiguous { name: name.clone(), candidates: list(model, &found) })
            }
            _ => Ok(found),
        }
    }
}

fn missing(model: &Model, name: &Name, places: &[&str], everywhere: &[Id<Certificate>]) -> PickError {
    let place = match (&name.namespace, places) {
        (Some(_), _) | (None, []) => String::new(),
        (None, [namespace]) => format!(" in namespace {namespace}"),
        (None, namespaces) => format!(" in the namespaces {}", namespaces.join(", ")),
    };
    let hint = if everywhere.is_empty() {
        like(model, name).map(|known| format!("; did you mean {known}?")).unwrap_or_default()
    } else {
        format!("; there is {}", list(model, everywhere))
    };
    PickError::Missing { name: name.clone(), place, hint }
}

/// A Certificate with a name like it: in the namespace that was named, else anywhere.
fn like(model: &Model, name: &Name) -> Option<String> {
    let rows = || model.certificates.iter().map(|(_, row)| &row.meta);
    let nearby = || rows().filter(|meta| name.namespace.as_deref().is_none_or(|n| *n == *meta.namespace));
    let word = likely(&name.name, nearby().map(|meta| &*meta.name))?;
    let meta = nearby().filter(|meta| *meta.name == *word).min_by_key(|meta| &meta.namespace)?;
    Some(format!("{}/{}", meta.namespace, meta.name))
}

/// Whether there is no such namespace, as far as all of them are known.
fn lacks(model: &Model, namespace: &str) -> bool {
    model.feeds.sees(Kind::Namespace, "") && !model.namespaces().iter().any(|known| known.as_str() == namespace)
}

/// Where there are Certificates, other than in these namespaces; what one of them was probably meant to be.
fn elsewhere(model: &Model, but: &[String]) -> String {
    const SHOWN: usize = 8;
    let holding: Vec<&str> = model.certificate_counts().map(|(namespace, _)| namespace.as_str()).collect();
    let known = model.namespaces();
    let meant = match but {
        [one] => likely(one, known.iter().map(|known| known.as_str()).filter(|known| known != one)),
        _ => None,
    };
    let meant = meant.map(|namespace| format!("; did you mean {namespace}?")).unwrap_or_default();
    let mut words: Vec<String> = holding.iter().take(SHOWN).map(|namespace| (*namespace).to_owned()).collect();
    if holding.len() > SHOWN {
        words.push(format!("{} more", holding.len() - SHOWN));
    }
    if words.is_empty() { meant } else { format!("{meant}; Certificates are in {}", words.join(", ")) }
}

fn list(model: &Model, ids: &[Id<Certificate>]) -> String {
    const SHOWN: usize = 3;
    let names = ids.iter().filter_map(|id| model.certificates.get(*id));
    let mut words: Vec<String> =
        names.take(SHOWN).map(|c| format!("{}/{}", c.meta().namespace, c.meta().name)).collect();
    if ids.len() > SHOWN {
        words.push(format!("{} more", ids.len() - SHOWN));
    }
    words.join(", ")
}

/// Those that fit, by namespace and name.
fn by_name(model: &Model, fits: impl Fn(&Certificate) -> bool) -> Vec<Id<Certificate>> {
    let mut found: Vec<(Id<Certificate>, &Certificate)> =
        model.certificates.iter().filter(|(_, certificate)| fits(certificate)).collect();
    found.sort_by(|(_, a), (_, b)| (&a.meta.namespace, &a.meta.name).cmp(&(&b.meta.namespace, &b.meta.name)));
    found.into_iter().map(|(id, _)| id).collect()
}
