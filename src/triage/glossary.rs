//! Words that cert-manager writes into its objects, and what they mean.

use std::sync::OnceLock;

use serde::Deserialize;

/// A condition, a reason or a state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// As cert-manager writes it.
    pub word: Box<str>,
    /// Where it stands.
    pub on: Box<str>,
    /// What it says.
    pub means: Box<str>,
    /// What happens then, or what to do.
    pub next: Box<str>,
}

static TERMS: OnceLock<Vec<Term>> = OnceLock::new();

/// Every word, in the order of the lifecycle.
pub fn terms() -> &'static [Term] {
    TERMS.get_or_init(|| serde_yaml::from_str(include_str!("glossary.yaml")).unwrap_or_default())
}

/// What a word means: as it is written, else in any case.
pub fn term(word: &str) -> Option<&'static Term> {
    let exact = terms().iter().find(|term| *term.word == *word);
    exact.or_else(|| terms().iter().find(|term| term.word.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_they_are_written_and_in_any_case() {
        assert!(terms().len() > 30);
        assert!(term("pending").unwrap().on.contains("Challenge"));
        assert!(term("Pending").unwrap().on.contains("CertificateRequest"));
        assert_eq!(term("doesnotexist").unwrap().word, "DoesNotExist".into());
        assert_eq!(term("nonsense"), None);
    }
}
