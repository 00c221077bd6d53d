//! [`ARGUMENTS`]: which argument takes which names.

use std::ffi::OsString;

use super::Wanted;
use crate::model::kind::Kind;
use crate::sim::Story;
use crate::triage::glossary::terms;
use crate::triage::signature::table;
use crate::triage::stage::Phase;
use crate::triage::verdict::Verdict;

/// Where names come from.
pub(super) enum From {
    /// They come with the program.
    Program(fn() -> Box<dyn Iterator<Item = String>>),
    /// The source has them; what is wanted may depend on the words that were typed.
    Source(fn(&[OsString]) -> Wanted),
    /// These, or a file.
    OrFile(&'static [&'static str]),
}

use From::{OrFile, Program, Source};

/// A command (none for an argument of all), an argument of it, and the names that it takes.
pub(super) const ARGUMENTS: &[(&str, &str, From)] = &[
    ("", "namespaces", Source(|_| Wanted::Namespaces)),
    ("", "context", Source(|_| Wanted::Contexts)),
    ("", "cluster", Source(|_| Wanted::Clusters)),
    ("", "user", Source(|_| Wanted::Users)),
    ("", "theme", Source(|_| Wanted::Themes)),
    ("status", "names", Source(certificates)),
    ("timeline", "name", Source(certificates)),
    ("watch", "names", Source(certificates)),
    ("wait", "names", Source(certificates)),
    ("bundle", "names", Source(certificates)),
    ("doctor", "names", Source(certificates)),
    ("renew", "names", Source(certificates)),
    ("retry", "names", Source(certificates)),
    ("approve", "names", Source(decidable)),
    ("deny", "names", Source(decidable)),
    ("delete", "objects", Source(deletable)),
    ("release", "objects", Source(|_| Wanted::Objects(vec![("challenge/", Kind::Challenge)]))),
    ("probe", "secret", Source(|_| Wanted::Objects(vec![("", Kind::Secret)]))),
    // In their order: an argument that is changed stands behind those that were not.
    ("inspect", "what", OrFile(&["certificate", "request", "secret"])),
    ("inspect", "name", Source(inspected)),
    ("wait", "verdicts", Program(|| Box::new(verdicts()))),
    ("explain", "words", Program(explained)),
    ("man", "about", Program(commands)),
    ("demo", "story", Program(stories)),
    ("simulate", "story", Program(stories)),
];

fn certificates(_: &[OsString]) -> Wanted {
    Wanted::Objects(vec![("", Kind::Certificate)])
}

fn decidable(_: &[OsString]) -> Wanted {
    Wanted::Objects(vec![("", Kind::Certificate), ("certificaterequest/", Kind::CertificateRequest)])
}

fn deletable(_: &[OsString]) -> Wanted {
    Wanted::Objects(vec![
        ("challenge/", Kind::Challenge),
        ("order/", Kind::Order),
        ("certificaterequest/", Kind::CertificateRequest),
    ])
}

/// Names of the kind that was typed before them.
fn inspected(words: &[OsString]) -> Wanted {
    let kind = words.iter().rev().skip(1).find_map(|word| crate::cli::inspect::kind(word.to_str()?));
    Wanted::Objects(kind.map(|kind| ("", kind)).into_iter().collect())
}

/// What can be explained by a word of its own.
fn explained() -> Box<dyn Iterator<Item = String>> {
    let phases = Phase::ALL.into_iter().map(|phase| phase.as_str().to_owned());
    let findings = table().rows().iter().map(|row| row.id.to_string());
    Box::new(verdicts().chain(phases).chain(findings).chain(terms().iter().map(|term| term.word.to_string())))
}

fn verdicts() -> impl Iterator<Item = String> {
    Verdict::ALL.into_iter().map(|verdict| verdict.as_str().to_owned())
}

/// The commands that have a page.
fn commands() -> Box<dyn Iterator<Item = String>> {
    let told = |command: &clap::Command| (!command.is_hide_set()).then(|| command.get_name().to_owned());
    Box::new(crate::cli::definition().get_subcommands().filter_map(told).collect::<Vec<_>>().into_iter())
}

fn stories() -> Box<dyn Iterator<Item = String>> {
    Box::new(Story::names().map(ToString::to_string))
}
