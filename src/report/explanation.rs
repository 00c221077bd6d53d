//! [`Explanation`]: what a finding, a verdict, a phase, a word of cert-manager or a message means
//! (`cmtop.explain/v1`). Needs no cluster.

use std::fmt::Write as _;

use serde::Serialize;

use super::Style;
use crate::query::likely::likely;
use crate::triage::glossary::{Term, term, terms};
use crate::triage::releases;
use crate::triage::signature::fill::{Use, Word, fill};
use crate::triage::signature::{Row, table};
use crate::triage::stage::Phase;
use crate::triage::verdict::Verdict;

/// Findings that one text may fit.
const FITTING: usize = 3;

/// What is known of a word or a text.
#[derive(Debug, Default, Serialize)]
pub struct Explanation<'q> {
    schema: &'static str,
    /// What was asked.
    about: &'q str,
    /// What it means as a word.
    words: Vec<Entry>,
    /// The findings that it names or fits, the narrowest first.
    findings: Vec<Known>,
}

/// A word and its meaning.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Entry {
    word: String,
    on: String,
    means: String,
    next: Option<String>,
}

/// A finding in general: the names of objects stand as `<name>` where the text does not say them.
#[derive(Debug, Serialize)]
struct Known {
    id: &'static str,
    family: &'static str,
    severity: &'static str,
    title: String,
    cause: String,
    remedies: Vec<Advised>,
    wants: Vec<String>,
    releases: Vec<String>,
    docs: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Advised {
    text: String,
    command: Option<String>,
}

impl<'q> Explanation<'q> {
    /// Explains a word or a text. `None` when nothing is known of it.
    pub fn of(about: &'q str) -> Option<Self> {
        let about = about.trim();
        let words: Vec<Entry> =
            verdict(about).into_iter().chain(phase(about)).chain(term(about).map(Entry::from)).collect();
        let rows = table().rows();
        let named: Vec<&Row> = rows.iter().filter(|row| *row.id == *about).collect();
        let of_family = || rows.iter().filter(|row| *row.family == *about).collect::<Vec<_>>();
        let fitting = || table().explain(about).into_iter().take(FITTING).filter_map(|id| table().row(id)).collect();
        let found = if !named.is_empty() {
            named
        } else if let family = of_family()
            && !family.is_empty()
        {
            family
        } else if words.is_empty() {
            fitting()
        } else {
            Vec::new()
        };
        let findings: Vec<Known> = found.into_iter().map(|row| Known::of(row, about)).collect();
        let known = !words.is_empty() || !findings.is_empty();
        known.then_some(Self { schema: "cmtop.explain/v1", about, words, findings })
    }

    /// Explains several words, each for itself, where each is known by itself; else they are one text.
    pub fn of_all(given: &[String], about: &'q str) -> Option<Self> {
        let each: Vec<Explanation<'_>> = given.iter().filter_map(|word| Explanation::of_word(word)).collect();
        if given.len() < 2 || each.len() < given.len() {
            return Self::of(about);
        }
        let mut all = Self { schema: "cmtop.explain/v1", about, ..Self::default() };
        for one in each {
            all.words.extend(one.words);
            all.findings.extend(one.findings);
        }
        Some(all)
    }

    /// Of what is a name, and no text that a pattern fits.
    fn of_word(about: &'q str) -> Option<Self> {
        let rows = table().rows();
        let named = || rows.iter().any(|row| *row.id == *about || *row.family == *about);
        Self::of(about).filter(|known| !known.words.is_empty() || named())
    }

    /// What to say where nothing is known of several words: the first of them that is not.
    pub fn nothing_about_any(given: &[String], about: &str) -> String {
        let known = |word: &&String| Explanation::of_word(word).is_some();
        match given.iter().find(|word| !known(word)) {
            Some(first) if given.len() > 1 && given.iter().any(|word| known(&word)) => Self::nothing_about(first),
            _ => Self::nothing_about(about),
        }
    }

    /// What to say where nothing is known: what was probably meant, and where ids are found.
    pub fn nothing_about(about: &str) -> String {
        let about = crate::text::clean(about.trim(), 80);
        let rows = table().rows().iter();
        let ids = rows.flat_map(|row| [&*row.id, &*row.family]);
        let words = Verdict::ALL.iter().map(|verdict| verdict.as_str()).chain(Phase::ALL.iter().map(|p| p.as_str()));
        let words = words.chain(terms().iter().map(|term| &*term.word));
        let meant = likely(&about, ids.chain(words)).map(|id| format!("Did you mean `{id}`? ")).unwrap_or_default();
        format!(
            "nothing is known of `{about}`: no finding has that id, and no pattern fits that text. {meant}Ids stand in \
             brackets in `cmtop doctor`, and in docs/findings.md; a whole message of cert-manager can be explained too: \
             `cmtop explain 'MESSAGE'`"
        )
    }

    /// For people.
    pub fn text(&self, style: &Style) -> String {
        let mut out = String::new();
        for entry in &self.words {
            let _ = writeln!(out, "{} · {}\n  {}", entry.word, entry.on, entry.means);
            if let Some(next) = &entry.next {
                let _ = writeln!(out, "  {next}");
            }
            out.push('\n');
        }
        for known in &self.findings {
            known.text(&mut out);
        }
        style.plain(out.trim_end()).into_owned() + "\n"
    }
}

fn verdict(word: &str) -> Option<Entry> {
    let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == word)?;
    Some(Entry {
        word: word.to_owned(),
        on: "verdict on a Certificate".to_owned(),
        means: verdict.explanation().to_owned(),
        next: None,
    })
}

fn phase(word: &str) -> Option<Entry> {
    let phase = Phase::ALL.into_iter().find(|phase| phase.as_str() == word)?;
    Some(Entry {
        word: word.to_owned(),
        on: "phase of an issuance".to_owned(),
        means: phase.explanation().to_owned(),
        next: None,
    })
}

impl From<&Term> for Entry {
    fn from(term: &Term) -> Self {
        Self {
            word: term.word.to_string(),
            on: term.on.to_string(),
            means: term.means.to_string(),
            next: Some(term.next.to_string()),
        }
    }
}

impl Known {
    fn of(row: &'static Row, text: &str) -> Self {
        let caught = row.captures(text);
        let word = |name: &str| {
            let caught = caught.iter().find(|(known, _)| known == name).map(|(_, word)| Word::Plain(word.clone()));
            // Two words of a command, of which neither is known without an issuer.
            caught.or_else(|| (name == "issuerArguments").then(|| Word::Arguments("<issuer-kind> <issuer>".to_owned())))
        };
        let prose = |text: &str| fill(text, Use::Prose, word);
        let remedies = row.remedies.iter().map(|advice| Advised {
            text: prose(&advice.text),
            command: advice.command.as_deref().map(|command| fill(command, Use::Command, word)),
        });
        let touched = releases::all().iter().filter(|known| known.explains.contains(&row.id));
        Self {
            id: &row.id,
            family: &row.family,
            severity: row.severity.as_str(),
            title: prose(&row.title),
            cause: prose(&row.cause),
            remedies: remedies.collect(),
            wants: row.wants.iter().map(|text| prose(text)).collect(),
            releases: touched.map(|known| format!("{} {}", spans(known), known.what)).collect(),
            docs: row.docs.as_deref(),
        }
    }

    fn text(&self, out: &mut String) {
        let _ = writeln!(out, "{} · {}, {}", self.id, self.severity, self.title);
        let _ = writeln!(out, "  {}", self.cause);
        for want in &self.wants {
            let _ = writeln!(out, "  check {want}");
        }
        for (n, remedy) in self.remedies.iter().enumerate() {
            let _ = writeln!(out, "  {}. {}", n + 1, remedy.text);
            if let Some(command) = &remedy.command {
                let _ = writeln!(out, "     $ {command}");
            }
        }
        for release in &self.releases {
            let _ = writeln!(out, "  cert-manager {release}");
        }
        if let Some(page) = self.docs {
            let _ = writeln!(out, "  docs  {page}");
        }
        out.push('\n');
    }
}

/// `v1.15.0 to before v1.15.2`.
fn spans(known: &releases::Known) -> String {
    let span = |span: &releases::Span| match &span.until {
        Some(until) => format!("v{} to before v{until}", span.from),
        None => format!("from v{}", span.from),
    };
    known.spans.iter().map(span).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_words_are_several_and_a_text_is_one() {
        let given = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let words = |text: &str| {
            let told = Explanation::of_all(&given(text), text)?;
            Some(told.words.iter().map(|entry| entry.word.clone()).collect::<Vec<_>>())
        };
        assert_eq!(words("InvalidKeyPair Issuing").unwrap(), ["InvalidKeyPair", "Issuing"]);
        assert_eq!(words("InvalidKeyPair Nonsense"), None);
        assert!(
            Explanation::nothing_about_any(&given("Issuing Nonsense"), "Issuing Nonsense").contains("of `Nonsense`")
        );
        assert!(Explanation::nothing_about("WaitForApproval").contains("Did you mean `WaitingForApproval`"));
        let text = "wrong status code '404', expected '200'";
        let told = Explanation::of_all(&given(text), text).unwrap();
        assert_eq!((told.words.len(), told.findings.first().map(|known| known.id)), (0, Some("http01-wrong-status")));
    }
}
