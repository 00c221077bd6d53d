//! [`Query`]: the filter that a person types, and whether a Certificate matches it.
//!
//! | typed | shows |
//! |---|---|
//! | `www` | rows with `www` in namespace, name, issuer, a DNS name or the verdict |
//! | `^ftp|portal` | the same for a regular expression: a word that has one of its signs |
//! | `shop/www` | rows of a namespace that ends so, with a name that begins so |
//! | `!www` | rows without it |
//! | `-f wwprd` | rows whose name has these letters in this order |
//! | `-l app=web` | rows whose labels match a selector, as kubectl writes it |
//! | `issuer:^le-` | rows whose column matches a regular expression |
//! | `!verdict:ok` | rows whose column does not |
//! | `expires:<30d`, `age:>1h`, `next:<2d` | rows whose moment is nearer than that, or further away |
//! | `label:team:^pl` | rows whose label matches; `label:team` alone: those that have it |
//! | `annotation:example.com/team:^pl` | the same of an annotation |
//!
//! Words are joined by *and*; `"two words"` is one word. A word that is wrong is told, and narrows nothing.

mod term;

use std::iter::Peekable;

use self::term::Term;
use super::moment::Moments;
use super::tag::Tag;
use crate::model::certificate::Certificate;
use crate::model::meta::{Labels, Time};
use crate::model::symbol::Symbol;
use crate::triage::verdict::Verdict;

/// A column that can be named in a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The verdict.
    Verdict,
    /// The phase.
    Phase,
    /// The id of the finding that explains it.
    Cause,
    /// The namespace.
    Namespace,
    /// The name.
    Name,
    /// The issuer's name.
    Issuer,
    /// Any of its DNS names.
    Dns,
    /// The Secret's name.
    Secret,
    /// The Certificate's name.
    Certificate,
}

/// The names of the columns.
pub const FIELDS: &[(&str, Field)] = &[
    ("verdict", Field::Verdict),
    ("phase", Field::Phase),
    ("cause", Field::Cause),
    ("namespace", Field::Namespace),
    ("ns", Field::Namespace),
    ("name", Field::Name),
    ("issuer", Field::Issuer),
    ("dns", Field::Dns),
    ("secret", Field::Secret),
    ("certificate", Field::Certificate),
    ("state", Field::Verdict),
    ("reason", Field::Cause),
];

/// What a Certificate is judged to be, for a filter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Judged {
    /// Its verdict, once it was judged.
    pub verdict: Option<Verdict>,
    /// Its phase.
    pub phase: Option<&'static str>,
    /// The id of the finding that explains it.
    pub cause: Option<&'static str>,
    /// When something happens next.
    pub next: Option<Time>,
}

/// What a filter looks at in an object of another kind than Certificate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sought<'a> {
    /// How it does, in a word: `verdict:`, `state:`.
    pub state: &'a str,
    /// What it says of that: `reason:`.
    pub reason: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Who signs: `issuer:`.
    pub issuer: &'a str,
    /// Whose it is: `certificate:`.
    pub certificate: &'a str,
    /// What else it is about: a domain, a solver, an object: `dns:`.
    pub subject: &'a str,
    /// Its labels.
    pub labels: Option<&'a Labels>,
    /// Its moments: `age:`, `expires:`.
    pub moments: Moments,
}

/// A filter, ready to use.
#[derive(Debug, Clone, Default)]
pub struct Query {
    terms: Vec<(bool, Term)>,
}

impl Query {
    /// Reads what was typed. The error says which word is wrong, and how.
    pub fn parse(text: &str) -> Result<Self, String> {
        match Self::read(text) {
            (query, None) => Ok(query),
            (_, Some(error)) => Err(error),
        }
    }

    /// Reads what is being typed: what its right words admit, and what is wrong with the first that is not.
    pub fn read(text: &str) -> (Self, Option<String>) {
        let (mut terms, mut error) = (Vec::new(), None);
        let mut words = words(text).into_iter().peekable();
        while let Some(word) = words.next() {
            let (wanted, word) = match word.strip_prefix('!') {
                Some(rest) => (false, rest.to_owned()),
                None => (true, word),
            };
            if word.is_empty() {
                continue;
            }
            let term = match word.as_str() {
                "-l" => Term::labels(selector(&mut words)),
                "-f" => Term::letters(words.next()),
                word => Term::parse(word),
            };
            match term {
                Ok(term) => terms.push((wanted, term)),
                Err(why) => error = error.or(Some(why)),
            }
        }
        (Self { terms }, error)
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a Certificate matches now.
    pub fn matches(&self, certificate: &Certificate, judged: Judged, now: Time) -> bool {
        self.terms.iter().all(|(wanted, term)| *wanted == term.matches(certificate, judged, now))
    }

    /// Whether an object of another kind matches now.
    pub fn finds(&self, sought: Sought, now: Time) -> bool {
        self.terms.iter().all(|(wanted, term)| *wanted == term.finds(sought, now))
    }

    /// Whether it looks at the time.
    pub fn is_timed(&self) -> bool {
        self.terms.iter().any(|(_, term)| matches!(term, Term::Within(_)))
    }

    /// When an object with these moments may match otherwise, though nothing happens to it.
    pub fn turns(&self, moments: Moments, now: Time) -> Option<Time> {
        let turns = self.terms.iter().filter_map(|(_, term)| match term {
            Term::Within(within) => within.turns(moments, now),
            _ => None,
        });
        turns.min()
    }

    /// The annotations that it looks at, by their keys.
    pub fn annotations(&self) -> impl Iterator<Item = &Symbol> {
        self.terms.iter().filter_map(|(_, term)| match term {
            Term::Tagged(Tag::Annotation(key), _) => Some(key),
            _ => None,
        })
    }
}

/// A selector as kubectl writes it: `team in (a, b)` are several words, to the bracket that closes.
fn selector(words: &mut Peekable<impl Iterator<Item = String>>) -> Option<String> {
    let mut selector = words.next()?;
    if words.peek().is_some_and(|word| word == "in" || word == "notin") {
        for word in words.by_ref() {
            selector = format!("{selector} {word}");
            if word.ends_with(')') {
                break;
            }
        }
    }
    Some(selector)
}

/// The moments of a Certificate that was judged.
pub fn moments(certificate: &Certificate, judged: Judged) -> Moments {
    Moments { expires: certificate.not_after, made: certificate.meta.created, next: judged.next }
}

/// The word of a filter that admits one value of a column only: `issuer:^le-dns$`.
pub fn exactly(column: &str, value: &str) -> String {
    format!("{column}:^{}$", literally(value))
}

/// The word of a filter that admits some values of a column: `cause:^(a|b)$`.
pub fn one_of<'v>(column: &str, values: impl IntoIterator<Item = &'v str>) -> String {
    let values: Vec<String> = values.into_iter().map(literally).collect();
    match values.as_slice() {
        [value] => format!("{column}:^{value}$"),
        values => format!("{column}:^({})$", values.join("|")),
    }
}

/// People read and edit it: nothing is escaped that has no meaning here.
fn literally(value: &str) -> String {
    let escaped = value.chars().flat_map(|c| [r"\.+*?()|[]{}^$".contains(c).then_some('\\'), Some(c)]);
    escaped.flatten().collect()
}

/// Splits at spaces; quotes keep words together.
fn words(text: &str) -> Vec<String> {
    let (mut out, mut word, mut quoted, mut any) = (Vec::new(), String::new(), false, false);
    for c in text.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                any = true;
            }
            c if c.is_whitespace() && !quoted => {
                if any {
                    out.push(std::mem::take(&mut word));
                }
                any = false;
            }
            c => {
                word.push(c);
                any = true;
            }
        }
    }
    if any {
        out.push(word);
    }
    out
}
