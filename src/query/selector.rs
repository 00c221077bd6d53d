//! [`Selector`]: labels, in kubectl's syntax: `app=web,tier!=db,env in (live, test),!canary`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::model::meta::Labels;

/// What is asked of one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// `key=value`, `key==value`, `key in (a,b)`: it is there, and is one of these.
    In(String, Vec<String>),
    /// `key!=value`, `key notin (a,b)`: it is not there, or is none of these.
    NotIn(String, Vec<String>),
    /// `key`: it is there.
    Exists(String),
    /// `!key`: it is not there.
    Absent(String),
    /// `key>5`: it is there, and is a larger number.
    Above(String, i64),
    /// `key<5`: it is there, and is a smaller number.
    Below(String, i64),
}

impl Requirement {
    /// Whether an object with these labels meets it.
    pub fn matches(&self, labels: &Labels) -> bool {
        let number = |key: &str| labels.get(key).and_then(|value| value.parse::<i64>().ok());
        match self {
            Self::In(key, values) => labels.get(key).is_some_and(|value| values.iter().any(|v| v == value)),
            Self::NotIn(key, values) => labels.get(key).is_none_or(|value| values.iter().all(|v| v != value)),
            Self::Exists(key) => labels.get(key).is_some(),
            Self::Absent(key) => labels.get(key).is_none(),
            Self::Above(key, bound) => number(key).is_some_and(|value| value > *bound),
            Self::Below(key, bound) => number(key).is_some_and(|value| value < *bound),
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::In(key, values) => match values.as_slice() {
                [value] => write!(f, "{key}={value}"),
                _ => write!(f, "{key} in ({})", values.join(",")),
            },
            Self::NotIn(key, values) => match values.as_slice() {
                [value] => write!(f, "{key}!={value}"),
                _ => write!(f, "{key} notin ({})", values.join(",")),
            },
            Self::Exists(key) => f.write_str(key),
            Self::Absent(key) => write!(f, "!{key}"),
            Self::Above(key, bound) => write!(f, "{key}>{bound}"),
            Self::Below(key, bound) => write!(f, "{key}<{bound}"),
        }
    }
}

/// Requirements that hold together. The empty one, which is the default, fits everything.
///
/// ```
/// use cmtop::query::selector::Selector;
/// let selector: Selector = "app = web, env notin (test)".parse()?;
/// assert_eq!(selector.to_string(), "app=web,env!=test");
/// # Ok::<(), cmtop::query::selector::SelectorError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector(Vec<Requirement>);

impl Selector {
    /// Whether an object with these labels meets every requirement.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.0.iter().all(|requirement| requirement.matches(labels))
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What it asks for.
    pub fn requirements(&self) -> &[Requirement] {
        &self.0
    }
}

impl FromIterator<Requirement> for Selector {
    fn from_iter<T: IntoIterator<Item = Requirement>>(requirements: T) -> Self {
        Self(requirements.into_iter().collect())
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, requirement) in self.0.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            write!(f, "{comma}{requirement}")?;
        }
        Ok(())
    }
}

/// Why a text is no selector.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SelectorError {
    /// A key or value has characters that no label has.
    #[error("`{0}` cannot be a label's {1}: letters, digits, `-`, `_`, `.`{2} are allowed, 63 of them at most")]
    Word(String, &'static str, &'static str),
    /// What follows a key is no operator.
    #[error("after `{key}` comes `{found}`; expected `=`, `!=`, `in (…)`, `notin (…)`, `<`, `>` or a comma")]
    Operator {
        /// The key.
        key: String,
        /// What follows it.
        found: String,
    },
    /// A set is not written `(a,b)`.
    #[error("the values of `{0}` belong in parentheses: `{0} in (a,b)`")]
    Set(String),
    /// `<` and `>` compare numbers.
    #[error("`{0}` is no whole number, and `<` and `>` compare those")]
    Number(String),
    /// There is nothing between two commas, or before an operator.
    #[error("a label's key is missing (`key=value`, `!key`, `key in (a,b)`)")]
    NoKey,
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        split(text).into_iter().map(|part| requirement(part.trim())).collect::<Result<Vec<_>, _>>().map(Self)
    }
}

/// The parts between commas that are not within parentheses.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0i32;
    text.split(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        c == ',' && depth <= 0
    })
    .collect()
}

fn requirement(part: &str) -> Result<Requirement, SelectorError> {
    if let Some(absent) = part.strip_prefix('!') {
        return Ok(Requirement::Absent(key(absent.trim())?));
    }
    let end = part.find(|c: char| c.is_whitespace() || "=!<>(".contains(c)).unwrap_or(part.len());
    let (name, rest) = part.split_at(end);
    let (key, rest) = (key(name)?, rest.trim());
    let values = |rest: &str| set(&key, rest);
    if rest.is_empty() {
        Ok(Requirement::Exists(key))
    } else if let Some(other) = rest.strip_prefix("!=") {
        Ok(Requirement::NotIn(key, vec![value(other.trim())?]))
    } else if let Some(same) = rest.strip_prefix("==").or_else(|| rest.strip_prefix('=')) {
        Ok(Requirement::In(key, vec![value(same.trim())?]))
    } else if let Some(bound) = rest.strip_prefix('>') {
        Ok(Requirement::Above(key, number(bound.trim())?))
    } else if let Some(bound) = rest.strip_prefix('<') {
        Ok(Requirement::Below(key, number(bound.trim())?))
    } else if let Some(rest) = word(rest, "notin") {
        Ok(Requirement::NotIn(key.clone(), values(rest)?))
    } else if let Some(rest) = word(rest, "in") {
        Ok(Requirement::In(key.clone(), values(rest)?))
    } else {
        Err(SelectorError::Operator { key, found: rest.to_owned() })
    }
}

/// What follows an operator that is a word, not merely the beginning of one.
fn word<'t>(rest: &'t str, operator: &str) -> Option<&'t str> {
    rest.strip_prefix(operator).filter(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '('))
}

fn set(key: &str, rest: &str) -> Result<Vec<String>, SelectorError> {
    let inner = rest.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let inner = inner.ok_or_else(|| SelectorError::Set(key.to_owned()))?;
    inner.split(',').map(|word| value(word.trim())).collect()
}

fn number(text: &str) -> Result<i64, SelectorError> {
    text.parse().map_err(|_| SelectorError::Number(text.to_owned()))
}

fn key(text: &str) -> Result<String, SelectorError> {
    if text.is_empty() {
        return Err(SelectorError::NoKey);
    }
    let (prefix, name) = text.rsplit_once('/').unwrap_or(("", text));
    let fits = !name.is_empty() && is_word(name) && prefix.len() <= 253 && prefix.chars().all(is_of_word);
    if fits { Ok(text.to_owned()) } else { Err(SelectorError::Word(text.to_owned(), "key", ", one `/`")) }
}

fn value(text: &str) -> Result<String, SelectorError> {
    if is_word(text) { Ok(text.to_owned()) } else { Err(SelectorError::Word(text.to_owned(), "value", "")) }
}

fn is_word(text: &str) -> bool {
    text.len() <= 63 && text.chars().all(is_of_word)
}

const fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

#[cfg(test)]
#[path = "selector/tests.rs"]
mod tests;
