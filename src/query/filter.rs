//! [`Query`]: the filter that a person types, and whether a Certificate matches it.
//!
//! | typed | shows |
//! |---|---|
//! | `www` | rows with `www` in namespace, name, issuer, a DNS name or the verdict |
//! | `shop/www` | rows of a namespace that ends so, with a name that begins so |
//! | `!www` | rows without it |
//! | `-l app=web` | rows whose labels match a selector, as kubectl writes it |
//! | `issuer:^le-` | rows whose column matches a regular expression |
//! | `!verdict:ok` | rows whose column does not |
//! | `label:team:^pl` | rows whose label matches; `label:team` alone: those that have it |
//! | `annotation:example.com/team:^pl` | the same of an annotation |
//!
//! Words are joined by *and*; `"two words"` is one word.

use regex::{Regex, RegexBuilder};

use super::selector::Selector;
use super::tag::Tag;
use crate::model::certificate::Certificate;
use crate::model::meta::Labels;
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
}

#[derive(Debug, Clone)]
enum Term {
    Text(String),
    Matches(Field, Regex),
    Labels(Selector),
    Tagged(Tag, Regex),
}

/// A filter, ready to use.
#[derive(Debug, Clone, Default)]
pub struct Query {
    terms: Vec<(bool, Term)>,
}

impl Query {
    /// Reads what was typed. The error says which word is wrong, and how.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut terms = Vec::new();
        let mut words = words(text).into_iter();
        while let Some(word) = words.next() {
            if word == "-l" {
                let selector = words.next().ok_or("`-l` wants a selector, like `-l app=web`")?;
                let labels = selector.parse().map_err(|error| format!("`-l {selector}`: {error}"))?;
                terms.push((true, Term::Labels(labels)));
                continue;
            }
            let (wanted, word) = word.strip_prefix('!').map_or((true, word.as_str()), |rest| (false, rest));
            if word.is_empty() {
                continue;
            }
            terms.push((wanted, term(word)?));
        }
        Ok(Self { terms })
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a Certificate matches.
    pub fn matches(&self, certificate: &Certificate, judged: Judged) -> bool {
        self.terms.iter().all(|(wanted, term)| *wanted == term.matches(certificate, judged))
    }
}

impl Query {
    /// The annotations that it looks at, by their keys.
    pub fn annotations(&self) -> impl Iterator<Item = &Symbol> {
        self.terms.iter().filter_map(|(_, term)| match term {
            Term::Tagged(Tag::Annotation(key), _) => Some(key),
            _ => None,
        })
    }

    /// Whether an object of another kind matches.
    pub fn finds(&self, sought: Sought) -> bool {
        self.terms.iter().all(|(wanted, term)| *wanted == term.finds(sought))
    }
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

fn term(word: &str) -> Result<Term, String> {
    let Some((name, pattern)) = word.split_once(':') else { return Ok(Term::Text(word.to_lowercase())) };
    if matches!(name, "label" | "annotation") {
        let (key, pattern) = pattern.split_once(':').unwrap_or((pattern, ""));
        let tag = Tag::parse(&format!("{name}:{key}"));
        let tag = tag.ok_or_else(|| format!("`{name}:` wants a key, like `{name}:team:^platform`"))?;
        return regex(pattern).map(|regex| Term::Tagged(tag, regex));
    }
    let Some((_, field)) = FIELDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
        let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        return Err(format!("there is no column `{name}`; there are {}, label:KEY, annotation:KEY", known.join(", ")));
    };
    regex(pattern).map(|regex| Term::Matches(*field, regex))
}

fn regex(pattern: &str) -> Result<Regex, String> {
    let regex = RegexBuilder::new(pattern).case_insensitive(true).size_limit(1 << 20).build();
    regex.map_err(|error| {
        let reason = error.to_string();
        format!(
            "`{pattern}` is no regular expression: {}",
            reason.lines().last().unwrap_or_default().trim_start_matches("error: ")
        )
    })
}

/// Whether `text` holds `lower`, whatever the case of its letters. Nothing is copied for ASCII.
fn holds(text: &str, lower: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(lower);
    }
    lower.is_empty() || text.as_bytes().windows(lower.len()).any(|window| window.eq_ignore_ascii_case(lower.as_bytes()))
}

/// As messages and `N` write it: the end of a namespace, and the beginning of a name.
fn is_named(text: &str, namespace: &str, name: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(end, begin)| namespace.to_lowercase().ends_with(end) && name.to_lowercase().starts_with(begin))
}

impl Term {
    fn finds(&self, it: Sought) -> bool {
        match self {
            Self::Text(text) => {
                [it.name, it.namespace, it.issuer, it.certificate, it.subject, it.state, it.reason]
                    .iter()
                    .any(|haystack| holds(haystack, text))
                    || is_named(text, it.namespace, it.name)
            }
            Self::Labels(selector) => it.labels.is_some_and(|labels| selector.matches(labels)),
            Self::Tagged(tag, regex) => {
                it.labels.and_then(|labels| tag.of(labels)).is_some_and(|value| regex.is_match(value))
            }
            Self::Matches(field, regex) => match field {
                Field::Verdict | Field::Phase => regex.is_match(it.state),
                Field::Cause => regex.is_match(it.reason),
                Field::Namespace => regex.is_match(it.namespace),
                Field::Name | Field::Secret => regex.is_match(it.name),
                Field::Issuer => regex.is_match(it.issuer),
                Field::Dns => regex.is_match(it.subject),
                Field::Certificate => regex.is_match(it.certificate),
            },
        }
    }

    fn matches(&self, certificate: &Certificate, judged: Judged) -> bool {
        let verdict = judged.verdict.map_or("", Verdict::as_str);
        let phase = judged.phase.unwrap_or_default();
        match self {
            Self::Text(text) => {
                [
                    &*certificate.meta.name,
                    certificate.meta.namespace.as_str(),
                    certificate.issuer.name.as_str(),
                    certificate.dns_names.haystack(),
                    verdict,
                    phase,
                ]
                .iter()
                .any(|haystack| holds(haystack, text))
                    || is_named(text, certificate.meta.namespace.as_str(), &certificate.meta.name)
            }
            Self::Labels(selector) => selector.matches(&certificate.meta.labels),
            Self::Tagged(tag, regex) => tag.of(&certificate.meta.labels).is_some_and(|value| regex.is_match(value)),
            Self::Matches(field, regex) => match field {
                Field::Verdict => regex.is_match(verdict),
                Field::Phase => regex.is_match(phase),
                Field::Cause => regex.is_match(judged.cause.unwrap_or_default()),
                Field::Namespace => regex.is_match(&certificate.meta.namespace),
                Field::Name | Field::Certificate => regex.is_match(&certificate.meta.name),
                Field::Issuer => regex.is_match(&certificate.issuer.name),
                Field::Dns => certificate.dns_names.iter().any(|name| regex.is_match(name)),
                Field::Secret => regex.is_match(&certificate.secret_name),
            },
        }
    }
}
