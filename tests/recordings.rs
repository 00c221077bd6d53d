//! Real input: every recording replays to what is known to be true of it (`recordings/expected.yaml`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use cmtop::model::Model;
use cmtop::recording::player::Player;
use cmtop::recording::reader::Reader;
use cmtop::triage::finding::Severity;
use cmtop::triage::{diagnose, findings};
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
struct Moment {
    at: String,
    certificates: BTreeMap<String, Expected>,
}

#[derive(Deserialize)]
struct Expected {
    verdict: Vec<String>,
    revision: Option<u32>,
    #[serde(default)]
    first: First,
    #[serde(rename = "nextAttempt")]
    next_attempt: Option<DateTime<Utc>>,
}

/// What the first finding must be.
#[derive(Default, PartialEq, Eq)]
enum First {
    /// The file does not say.
    #[default]
    Untold,
    /// `null`: nothing that needs a person.
    Calm,
    /// Its id or its family.
    Is(String),
}

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Calm, Self::Is))
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings")
}

/// The model at a moment, and the clock.
fn at(file: &str, until: Option<DateTime<Utc>>) -> (Model, DateTime<Utc>) {
    let mut reader = Reader::open(BufReader::new(File::open(folder().join(file)).unwrap())).unwrap();
    let (mut player, mut model) = (Player::default(), Model::default());
    while let Some(frame) = reader.next_frame().unwrap() {
        if until.is_some_and(|until| frame.t > until) {
            continue;
        }
        player.play(&frame, &mut |batch| model.apply(batch));
    }
    assert_eq!(reader.skipped().unreadable, 0, "{file}: {:?}", reader.skipped());
    let now = until.or(player.now()).unwrap();
    (model, now)
}

#[test]
fn recordings_replay_to_the_verdicts_that_are_true_of_them() {
    let text = std::fs::read_to_string(folder().join("expected.yaml")).unwrap();
    let expected: BTreeMap<String, Vec<Moment>> = serde_yaml::from_str(&text).unwrap();
    assert_eq!(expected.len(), 8);
    let mut wrong = Vec::new();
    for (file, moments) in &expected {
        for moment in moments {
            let until = (moment.at != "end").then(|| moment.at.parse().unwrap());
            let (model, now) = at(file, until);
            for (name, expected) in &moment.certificates {
                let (namespace, name) = name.split_once('/').unwrap();
                let (id, certificate) =
                    model.certificate(namespace, name).unwrap_or_else(|| panic!("{file}: no {namespace}/{name}"));
                let found = diagnose(&model, id, now).unwrap();
                let verdict = found.verdict.to_string();
                if !expected.verdict.contains(&verdict) {
                    wrong.push(format!(
                        "{file} at {}: {namespace}/{name} is {found:?}, not {:?}",
                        moment.at, expected.verdict
                    ));
                }
                if expected.revision.is_some_and(|revision| certificate.revision != Some(revision)) {
                    wrong.push(format!(
                        "{file} at {}: {namespace}/{name} has revision {:?}",
                        moment.at, certificate.revision
                    ));
                }
                let all = findings(&model, id, now);
                assert_eq!(all.first().map(|f| f.id), found.first.and_then(|id| id.row()).map(|row| &*row.id));
                let first = all.first();
                let good = match &expected.first {
                    First::Untold => true,
                    First::Calm => first.is_none_or(|first| first.severity < Severity::Warning),
                    First::Is(name) => first.is_some_and(|first| [first.id, first.family].contains(&name.as_str())),
                };
                if !good {
                    wrong.push(format!("{file} at {}: {namespace}/{name} has first {:#?}", moment.at, all));
                }
                let next = found.next_attempt.map(|t| t.timestamp());
                if expected.next_attempt.is_some_and(|t| next != Some(t.timestamp())) {
                    wrong.push(format!(
                        "{file} at {}: {namespace}/{name} is tried again {:?}",
                        moment.at, found.next_attempt
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
