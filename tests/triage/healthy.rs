//! A healthy chain is silent, at every second of a real recording.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use chrono::{TimeDelta, Utc};
use cmtop::model::Model;
use cmtop::recording::player::Player;
use cmtop::recording::reader::Reader;
use cmtop::triage::finding::Severity;
use cmtop::triage::verdict::Verdict;
use cmtop::triage::{diagnose, findings};

type Time = chrono::DateTime<Utc>;

/// What is not healthy in the recording, and when.
fn is_ill(name: &str, at: Time) -> bool {
    let between = |from: &str, to: &str| (from.parse::<Time>().unwrap()..to.parse().unwrap()).contains(&at);
    // The ACME server refuses this one.
    name == "shop/delegated"
        // No approver runs.
        || between("2026-11-22T16:02:32Z", "2026-11-22T16:03:15Z")
}

#[test]
fn nothing_that_needs_a_person_is_found_on_a_healthy_chain_at_any_second() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/issuance-and-renewal.jsonl");
    let mut reader = Reader::open(BufReader::new(File::open(file).unwrap())).unwrap();
    let (mut player, mut model) = (Player::default(), Model::default());
    let mut wrong = Vec::new();
    let mut clock: Option<Time> = None;
    while let Some(frame) = reader.next_frame().unwrap() {
        // Every second since the frame before, and the moment before this one.
        while let Some(at) = clock.filter(|at| *at < frame.t) {
            look(&model, at, &mut wrong);
            clock = Some((at + TimeDelta::seconds(1)).min(frame.t));
        }
        player.play(&frame, &mut |batch| model.apply(batch));
        clock = clock.max(Some(frame.t));
        look(&model, frame.t, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} times, first {}", wrong.len(), wrong[0]);
}

fn look(model: &Model, at: Time, wrong: &mut Vec<String>) {
    for (id, _) in model.certificates.iter() {
        let key = model.certificate_key(id).unwrap();
        let name = format!("{}/{}", key.namespace, key.name);
        let diagnosis = diagnose(model, id, at).unwrap();
        let bad = diagnosis.first.is_some() && !is_ill(&name, at);
        let found = if bad { findings(model, id, at) } else { Vec::new() };
        if found.iter().any(|f| f.severity >= Severity::Warning) || bad && diagnosis.verdict == Verdict::Stuck {
            wrong.push(format!("{name} at {at}: {:?} {:#?}", diagnosis.verdict, found));
        }
    }
}
