//! [`Term`]: one word of a filter, and what it looks at.

use regex::{Regex, RegexBuilder};

use super::{FIELDS, Field, Judged, Sought, moments};
use crate::model::certificate::Certificate;
use crate::model::meta::Time;
use crate::query::likely::likely;
use crate::query::moment::{MOMENTS, Within};
use crate::query::selector::Selector;
use crate::query::tag::Tag;
use crate::triage::verdict::Verdict;

/// One word.
#[derive(Debug, Clone)]
pub(super) enum Term {
    Text(String),
    Pattern(Regex),
    Letters(String),
    Matches(Field, Regex),
    Within(Within),
    Labels(Selector),
    Tagged(Tag, Regex),
}

/// The signs by which a word is known for a regular expression. A dot alone is none: names have dots.
const SIGNS: [char; 10] = ['^', '$', '|', '+', '?', '(', ')', '[', ']', '\\'];

impl Term {
    /// Reads a word.
    pub(super) fn parse(word: &str) -> Result<Self, String> {
        let Some((name, pattern)) = word.split_once(':') else {
            let is_pattern = word.contains(SIGNS) || word.contains(".*");
            return if is_pattern { regex(word).map(Self::Pattern) } else { Ok(Self::Text(word.to_lowercase())) };
        };
        if matches!(name, "label" | "annotation") {
            let (key, pattern) = pattern.split_once(':').unwrap_or((pattern, ""));
            let tag = Tag::parse(&format!("{name}:{key}"));
            let tag = tag.ok_or_else(|| format!("`{name}:` wants a key, like `{name}:team:^platform`"))?;
            return regex(pattern).map(|regex| Self::Tagged(tag, regex));
        }
        let moment = MOMENTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        if let Some((name, moment)) = moment {
            return Within::parse(name, *moment, pattern).map(Self::Within);
        }
        match FIELDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, field)) => regex(pattern).map(|regex| Self::Matches(*field, regex)),
            None => Err(no_column(name)),
        }
    }

    /// Reads what stands behind `-l`.
    pub(super) fn labels(selector: Option<String>) -> Result<Self, String> {
        let selector = selector.ok_or("`-l` wants a selector, like `-l app=web`")?;
        selector.parse().map(Self::Labels).map_err(|error| format!("`-l {selector}`: {error}"))
    }

    /// Reads what stands behind `-f`.
    pub(super) fn letters(letters: Option<String>) -> Result<Self, String> {
        letters
            .map(|letters| Self::Letters(letters.to_lowercase()))
            .ok_or_else(|| "`-f` wants letters, like `-f wwprd`".to_owned())
    }

    pub(super) fn finds(&self, it: Sought, now: Time) -> bool {
        match self {
            Self::Text(text) => {
                [it.name, it.namespace, it.issuer, it.certificate, it.subject, it.state, it.reason]
                    .iter()
                    .any(|haystack| holds(haystack, text))
                    || is_named(text, it.namespace, it.name)
            }
            Self::Pattern(regex) => {
                [it.name, it.namespace, it.issuer, it.certificate, it.subject, it.state, it.reason]
                    .iter()
                    .any(|haystack| regex.is_match(haystack))
                    || is_named_by(regex, it.namespace, it.name)
            }
            Self::Letters(letters) => [it.name, it.subject].iter().any(|haystack| has_letters(haystack, letters)),
            Self::Within(within) => within.holds(it.moments, now),
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

    pub(super) fn matches(&self, certificate: &Certificate, judged: Judged, now: Time) -> bool {
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
            Self::Pattern(regex) => {
                let meta = &certificate.meta;
                [&*meta.name, meta.namespace.as_str(), certificate.issuer.name.as_str(), verdict, phase]
                    .iter()
                    .any(|haystack| regex.is_match(haystack))
                    || certificate.dns_names.iter().any(|name| regex.is_match(name))
                    || is_named_by(regex, &meta.namespace, &meta.name)
            }
            Self::Letters(letters) => {
                has_letters(&certificate.meta.name, letters)
                    || certificate.dns_names.iter().any(|name| has_letters(name, letters))
            }
            Self::Within(within) => within.holds(moments(certificate, judged), now),
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

/// Whether a pattern with a slash matches `namespace/name`.
fn is_named_by(regex: &Regex, namespace: &str, name: &str) -> bool {
    regex.as_str().contains('/') && regex.is_match(&format!("{namespace}/{name}"))
}

/// Says that there is no such column, and which one was probably meant.
fn no_column(name: &str) -> String {
    let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).chain(MOMENTS.iter().map(|(name, _)| *name)).collect();
    let meant =
        likely(name, known.iter().copied()).map(|known| format!("did you mean `{known}`? ")).unwrap_or_default();
    format!("there is no column `{name}`: {meant}there are {}, label:KEY, annotation:KEY", known.join(", "))
}

/// Whether a text has some letters in their order, whatever is between them.
fn has_letters(text: &str, letters: &str) -> bool {
    let mut rest = text.chars().flat_map(char::to_lowercase);
    letters.chars().all(|letter| rest.any(|c| c == letter))
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
