//! [`Target`]: an object as people name it on the command line: `www`, `shop/www`, `challenge/edge-1-2-3`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::model::Model;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::model::meta::Object;
use crate::model::table::Table;

/// An object's name, with its kind and its namespace where they were given.
///
/// A kind that cmtop knows wins over a namespace of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What it is; a Certificate when nothing was said.
    pub kind: Option<Kind>,
    /// Where it is, if that was said.
    pub namespace: Option<String>,
    /// What it is called.
    pub name: String,
}

/// A text that names no object.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no name: `name`, `namespace/name`, `kind/name` or `kind/namespace/name`")]
pub struct TargetError(String);

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let parts: Vec<&str> = text.split('/').collect();
        let wrong = || TargetError(text.to_owned());
        if parts.iter().any(|part| part.is_empty() || part.contains(char::is_whitespace)) {
            return Err(wrong());
        }
        let kind = parts.first().filter(|_| parts.len() > 1).and_then(|first| Kind::parse(first));
        let (namespace, name) = match (kind, parts.as_slice()) {
            (None, [name]) | (Some(_), [_, name]) => (None, name),
            (None, [namespace, name]) | (Some(_), [_, namespace, name]) => (Some((*namespace).to_owned()), name),
            _ => return Err(wrong()),
        };
        Ok(Self { kind, namespace, name: (*name).to_owned() })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.kind.unwrap_or(Kind::Certificate))?;
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}

impl Target {
    /// The objects that are meant: in its own namespace, else in the `places`, else wherever there is one.
    pub fn find(&self, model: &Model, places: &[&str]) -> Vec<ObjectKey> {
        match self.kind.unwrap_or(Kind::Certificate) {
            Kind::Certificate => self.among(&model.certificates, places),
            Kind::CertificateRequest => self.among(&model.requests, places),
            Kind::Order => self.among(&model.orders, places),
            Kind::Challenge => self.among(&model.challenges, places),
            Kind::Issuer | Kind::ClusterIssuer => self.among(&model.issuers, places),
            Kind::Secret => self.among(&model.secrets, places),
            _ => Vec::new(),
        }
    }

    fn among<T: Object>(&self, table: &Table<T>, places: &[&str]) -> Vec<ObjectKey> {
        let own: Vec<&str> = self.namespace.as_deref().into_iter().collect();
        let places = if own.is_empty() { places } else { &own };
        let row = |namespace: &&str| table.get(table.by_name(namespace, &self.name)?).map(Object::key);
        if places.is_empty() {
            let named = table.iter().filter(|(_, row)| *row.meta().name == *self.name);
            let mut keys: Vec<ObjectKey> = named.map(|(_, row)| row.key()).collect();
            keys.sort();
            return keys;
        }
        places.iter().filter_map(row).collect()
    }
}

/// Every object of a kind that can be named.
pub fn keys(model: &Model, kind: Kind) -> Vec<ObjectKey> {
    fn of<T: Object>(table: &Table<T>) -> Vec<ObjectKey> {
        table.iter().map(|(_, row)| row.key()).collect()
    }
    match kind {
        Kind::Certificate => of(&model.certificates),
        Kind::CertificateRequest => of(&model.requests),
        Kind::Order => of(&model.orders),
        Kind::Challenge => of(&model.challenges),
        Kind::Secret => of(&model.secrets),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_named_as_people_write_them() {
        let table = [
            ("www", None, None, "www"),
            ("shop/www", None, Some("shop"), "www"),
            ("challenge/x", Some(Kind::Challenge), None, "x"),
            ("cr/shop/www-1", Some(Kind::CertificateRequest), Some("shop"), "www-1"),
            ("cert/shop/www", Some(Kind::Certificate), Some("shop"), "www"),
        ];
        for (text, kind, namespace, name) in table {
            let expected = Target { kind, namespace: namespace.map(str::to_owned), name: name.to_owned() };
            assert_eq!(text.parse::<Target>(), Ok(expected), "{text}");
        }
        for text in ["", "a/b/c", "/a", "order/a/b/c"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
