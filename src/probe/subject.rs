//! [`Subject`]: the name that is to be certified, however a person writes it.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What stands before a name where a DNS-01 challenge is answered.
pub const CHALLENGE: &str = "_acme-challenge.";

/// A name that is to be certified, in lower case and without a final dot.
///
/// ```
/// use cmtop::probe::subject::Subject;
/// let subject: Subject = "_acme-challenge.Shop.Example.".parse()?;
/// assert_eq!((subject.name(), subject.record().as_str()), ("shop.example", "_acme-challenge.shop.example"));
/// assert!("*.shop.example".parse::<Subject>()?.is_wildcard());
/// # Ok::<(), cmtop::probe::subject::SubjectError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    name: String,
    wildcard: bool,
}

/// Why a text is no name that can be certified.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SubjectError {
    /// There is nothing.
    #[error("a name is missing")]
    Empty,
    /// It is longer than the DNS allows.
    #[error("`{0}` is longer than 253 characters")]
    Long(String),
    /// A part of it is empty or longer than the DNS allows.
    #[error("`{0}`: the part between two dots has 1 to 63 characters")]
    Label(String),
    /// A character that a host's name cannot have.
    #[error("`{0}` has the character {1:?}, which a host's name cannot have (write other scripts as xn--…)")]
    Character(String, char),
    /// A part of it begins or ends with a hyphen.
    #[error("`{0}`: a part must not begin or end with `-`")]
    Hyphen(String),
    /// `*` stands elsewhere than alone at the beginning.
    #[error("`{0}`: `*` may only stand alone before the first dot")]
    Wildcard(String),
}

impl Subject {
    /// The name, without `*.`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it stands for `*.` of that name.
    pub const fn is_wildcard(&self) -> bool {
        self.wildcard
    }

    /// Where the TXT record of its proof belongs.
    pub fn record(&self) -> String {
        format!("{CHALLENGE}{}", self.name)
    }

    /// Why no public authority issues for it, if one can tell from the name alone.
    pub fn cannot_be_issued(&self) -> Option<String> {
        let last = self.name.rsplit('.').next().unwrap_or_default();
        if self.name.parse::<std::net::IpAddr>().is_ok() {
            return Some("an address is no name: DNS-01 cannot prove it".to_owned());
        }
        if !self.name.contains('.') {
            return Some("it has one part only: no public authority issues for it".to_owned());
        }
        if PRIVATE_ENDINGS.contains(&last) {
            return Some(format!(".{last} exists only inside: no public authority issues for it"));
        }
        if last.bytes().all(|b| b.is_ascii_digit()) {
            return Some(format!(".{last} is no ending of the public DNS"));
        }
        (self.name.split('.').count() > 10)
            .then(|| "it has more than 10 parts: Let's Encrypt refuses such names".to_owned())
    }
}

/// Endings that the public DNS does not have: RFC 6761, RFC 6762, RFC 9476, and ICANN's `internal`.
const PRIVATE_ENDINGS: &[&str] =
    &["test", "example", "invalid", "localhost", "local", "internal", "lan", "home", "corp", "onion", "alt"];

impl FromStr for Subject {
    type Err = SubjectError;

    fn from_str(text: &str) -> Result<Self, SubjectError> {
        let shown = || crate::text::clean(text, crate::limits::NAME).into_owned();
        let plain = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let (wildcard, name) = match plain.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, plain.as_str()),
        };
        let name = name.strip_prefix(CHALLENGE).unwrap_or(name);
        let (wildcard, name) = match name.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (wildcard, name),
        };
        if name.is_empty() {
            return Err(SubjectError::Empty);
        }
        if name.len() > crate::limits::NAME {
            return Err(SubjectError::Long(shown()));
        }
        for label in name.split('.') {
            if label.is_empty() || label.len() > 63 {
                return Err(SubjectError::Label(shown()));
            }
            if label.contains('*') {
                return Err(SubjectError::Wildcard(shown()));
            }
            if let Some(odd) = label.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')) {
                return Err(SubjectError::Character(shown(), odd));
            }
            if label.starts_with('-') || label.ends_with('-') {
                return Err(SubjectError::Hyphen(shown()));
            }
        }
        Ok(Self { name: name.to_owned(), wildcard })
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.wildcard {
            f.write_str("*.")?;
        }
        f.write_str(&self.name)
    }
}

/// The names above a name, from itself to its ending: `a.b.c`, `b.c`, `c`.
pub fn upwards(name: &str) -> impl Iterator<Item = &str> {
    let dots = name.match_indices('.').map(|(dot, _)| &name[dot + 1..]);
    std::iter::once(name).chain(dots).filter(|name| !name.is_empty())
}

/// Whether a name is a zone's own or lies below it. Everything lies below the root, which is empty.
pub fn is_within(name: &str, zone: &str) -> bool {
    let rest = name.strip_suffix(zone);
    zone.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_however_they_are_written() {
        let table = [
            ("shop.example", "shop.example", false),
            ("SHOP.example.", "shop.example", false),
            ("*.shop.example", "shop.example", true),
            ("_acme-challenge.shop.example", "shop.example", false),
            ("_acme-challenge.*.shop.example", "shop.example", true),
            ("*._acme-challenge.shop.example", "shop.example", true),
            ("my_host.shop.example", "my_host.shop.example", false),
        ];
        for (text, name, wildcard) in table {
            let subject: Subject = text.parse().unwrap();
            assert_eq!((subject.name(), subject.is_wildcard()), (name, wildcard), "{text}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = format!("{}.example", "a".repeat(64));
        for text in ["", ".", "*.", "a..b", "-a.b", "a-.b", "a b.c", "a.*.b", "a\u{1b}[31m.b", "münchen.de", &long] {
            assert!(text.parse::<Subject>().is_err(), "{text}");
        }
    }

    #[test]
    fn names_that_no_public_authority_certifies_are_known() {
        for (name, refused) in [("10.0.0.1", true), ("printer", true), ("db.corp.internal", true), ("shop.io", false)] {
            assert_eq!(name.parse::<Subject>().unwrap().cannot_be_issued().is_some(), refused, "{name}");
        }
    }

    #[test]
    fn a_zone_holds_what_lies_below_it() {
        assert!(is_within("a.b.c", "b.c") && is_within("b.c", "b.c") && is_within("b.c", ""));
        assert!(!is_within("ab.c", "b.c") && !is_within("c", "b.c"));
        assert_eq!(upwards("a.b.c").collect::<Vec<_>>(), ["a.b.c", "b.c", "c"]);
    }
}
