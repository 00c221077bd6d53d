//! The rows of the table, kept in order step by step, are the rows that sorting and filtering from nothing gives; and
//! so are the tallies. Whatever is chosen in between.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[path = "interleaving/objects.rs"]
#[allow(dead_code, reason = "shared with the test of interleavings")]
mod objects;
#[path = "interleaving/world.rs"]
#[allow(dead_code, reason = "shared with the test of interleavings")]
mod world;

use std::collections::HashSet;

use chrono::TimeDelta;
use cmtop::app::App;
use cmtop::app::message::Message;
use cmtop::app::table::roster::Roster;
use cmtop::keymap::chord::{Chord, Key};
use cmtop::model::Batch;
use cmtop::model::certificate::Certificate;
use cmtop::triage::ledger::Ledger;
use proptest::collection::vec;
use proptest::prelude::*;

use objects::EPOCH;
use world::{World, feeds, merge, streams};

/// What a person does between two pieces of news.
const KEYS: &[&[&str]] = &[
    &["shift-right"],
    &["shift-left"],
    &["O"],
    &["!"],
    &["1"],
    &["2"],
    &["0"],
    &["f"],
    &["j"],
    &["G"],
    &["/", "a", "enter"],
    &["/", "!", "o", "k", "enter"],
    &["/", "a", "g", "e", ":", ">", "1", "0", "m", "enter"],
    &["/", "!", "e", "x", "p", "i", "r", "e", "s", ":", "<", "1", "d", "enter"],
    &["/", "n", "e", "x", "t", ":", "<", "9", "m", "enter"],
    &["esc"],
    &["n", "j", "space", "esc"],
];

fn from_nothing(app: &mut App, now: chrono::DateTime<chrono::Utc>) -> (Vec<String>, Ledger) {
    let mut ledger = Ledger::default();
    for (id, _) in app.model.certificates.iter() {
        ledger.note_one(id);
    }
    while ledger.settle(&app.model, now, 1_000) {}
    let mut roster = Roster::default();
    let world = cmtop::app::table::world::World { model: &app.model, ledger: &ledger };
    roster.rebuild(world, &app.selection, &HashSet::default(), now);
    (names(app, &roster), ledger)
}

fn names(app: &App, roster: &Roster) -> Vec<String> {
    let key = |id: &_| app.model.certificate_key(*id).map(|key| format!("{key}")).unwrap_or_default();
    roster.rows().iter().map(key).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_and_tallies_equal_those_made_from_nothing(
        steps in vec((0u8..138, 0u8..12, any::<u128>()), 0..80),
        starts in vec(0usize..64, 5),
        choices in vec(any::<u8>(), 1..40),
        acts in vec((0usize..KEYS.len(), 0i64..2_000, any::<bool>()), 1..12),
    ) {
        let streams = streams(&mut World::default(), feeds(false), &steps, &starts);
        let mut news = merge(streams, &choices).into_iter();
        let (mut app, mut now) = (App::new(120, 40), EPOCH);
        let all = news.len();
        for (key, seconds, judge_all) in &acts {
            for batch in news.by_ref().take(all / acts.len() + 1) {
                app.update(Message::Batch(Batch { at: now, ..batch }), now);
            }
            now += TimeDelta::seconds(*seconds);
            app.settle(now, || *judge_all);
            for key in KEYS[*key] {
                let chord = Chord::parse(key).unwrap_or(Chord::plain(Key::Esc));
                app.update(Message::Key(chord), now);
            }
            app.settle(now, || true);
            let (wanted, ledger) = from_nothing(&mut app, now);
            if app.roster.is_frozen() {
                let mut held = names(&app, &app.roster);
                held.sort();
                held.dedup();
                prop_assert_eq!(held.len(), app.roster.rows().len(), "a frozen table shows nothing twice");
            } else {
                prop_assert_eq!(names(&app, &app.roster), wanted);
            }
            prop_assert_eq!(app.ledger.tally(), ledger.tally());
            let chosen = &app.selection.namespaces;
            let is_counted = |(_, row): &(_, &Certificate)| chosen.is_empty() || chosen.contains(&row.meta.namespace);
            let counted = app.model.certificates.iter().filter(is_counted).count();
            prop_assert_eq!(app.ledger.tally_within(chosen).total(), counted, "{:?}", chosen);
        }
    }
}
