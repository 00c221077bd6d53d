//! [`Pick`]: the Certificates that a command is about.

use thiserror::Error;

use super::name::Name;
use super::selector::Selector;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
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
    let hint = if everywhere.is_empty() { String::new() } else { format!("; there is {}", list(model, everywhere)) };
    PickError::Missing { name: name.clone(), place, hint }
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
