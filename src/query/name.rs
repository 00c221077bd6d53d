//! [`Name`]: a Certificate as people name it: `www`, `shop/www`, `certificate/www`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::target::Target;
use crate::model::kind::Kind;

/// A Certificate's name, with its namespace where it was given.
///
/// It is read as a [`Target`] is: `secret/www` is a Secret, not the Certificate `www` in a namespace `secret`; that one is
/// found by `-n secret www` or `certificate/secret/www`.
///
/// ```
/// use cmtop::query::name::Name;
/// let name: Name = "Certificate/shop/www".parse()?;
/// assert_eq!((name.namespace.as_deref(), name.name.as_str()), (Some("shop"), "www"));
/// # Ok::<(), cmtop::query::name::NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Where it is, if that was said.
    pub namespace: Option<String>,
    /// What it is called.
    pub name: String,
}

/// Why a text names no Certificate.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// It names something else.
    #[error("`{text}` is {article} {kind}; name a Certificate: `name`, `namespace/name` or `certificate/name`")]
    OtherKind {
        /// What was written.
        text: String,
        /// `a` or `an`.
        article: &'static str,
        /// The kind that it names.
        kind: Kind,
    },
    /// It has too many parts, or an empty one.
    #[error("`{0}` is no name; name a Certificate: `name`, `namespace/name` or `certificate/name`")]
    Form(String),
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let Target { kind, namespace, name } = text.parse().map_err(|_| NameError::Form(text.to_owned()))?;
        match kind {
            None | Some(Kind::Certificate) => Ok(Self { namespace, name }),
            Some(kind) => {
                let article = if kind.name().starts_with(['I', 'O', 'E']) { "an" } else { "a" };
                Err(NameError::OtherKind { text: text.to_owned(), article, kind })
            }
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_people_write_them() {
        let table = [
            ("www", None, "www"),
            ("shop/www", Some("shop"), "www"),
            ("certificate/www", None, "www"),
            ("cert/www", None, "www"),
            ("Certificate/shop/www", Some("shop"), "www"),
        ];
        for (text, namespace, name) in table {
            let expected = Name { namespace: namespace.map(str::to_owned), name: name.to_owned() };
            assert_eq!(text.parse::<Name>(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_names_something_else_says_so() {
        let table = [
            ("secret/www", "is a Secret"),
            ("ord/www", "is an Order"),
            ("", "is no name"),
            ("/www", "is no name"),
            ("a/b/c", "is no name"),
            ("a b", "is no name"),
        ];
        for (text, says) in table {
            let error = text.parse::<Name>().unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
