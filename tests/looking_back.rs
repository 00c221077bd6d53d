//! Looking back on what was watched lately: a moment is as it was, news go on being taken in, and memory is bounded.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[path = "support/harness.rs"]
mod harness;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::app::effect::{Desktop, Effect};
use cmtop::app::message::Message;
use cmtop::app::notices::{Notices, Rule};
use cmtop::limits;
use cmtop::model::delta::News;
use cmtop::model::feed::{FeedKey, FeedState};
use cmtop::model::kind::Kind;
use cmtop::model::{Batch, Model};
use cmtop::triage::diagnose;
use cmtop::triage::verdict::Verdict;
use harness::{Harness, grids, news, seen};
use proptest::prelude::*;

const FILE: &str = "backoff-stuck-and-mended.jsonl";

/// A dashboard that watches a recording happen, up to a part of it.
fn watching(batches: &[Batch]) -> Harness {
    let mut harness = Harness::empty(120, 36, batches[0].at);
    for batch in batches {
        hear(&mut harness, batch);
    }
    harness
}

/// News arrive, as they do: the clock goes on, and a frame is painted.
fn hear(harness: &mut Harness, batch: &Batch) {
    let wall = batch.at.max(harness.now);
    harness.now = harness.app.note_wall(wall);
    harness.send(Message::Batch(batch.clone()));
    harness.settle();
    if !harness.app.looks_back() {
        harness.now = wall;
    }
}

fn press(harness: &mut Harness, keys: &str, wall: DateTime<Utc>) {
    for key in keys.split(' ') {
        harness.now = harness.app.note_wall(wall);
        harness.keys(key);
        harness.now = harness.app.note_wall(wall);
        harness.settle();
    }
}

fn model_of<'b>(batches: impl IntoIterator<Item = &'b Batch>) -> Model {
    let mut model = Model::default();
    batches.into_iter().for_each(|batch| model.apply(batch.clone()));
    model
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_moment_of_lately_is_as_it_was_and_the_present_goes_on(part in 0.3f64..1.0, back in 0.0f64..1.0) {
        let (batches, _) = news(FILE, None);
        let until = (batches.len() as f64 * part) as usize;
        let mut harness = watching(&batches[..until]);
        let wall = harness.now;
        let since = harness.app.past.tape.live_since().unwrap();
        press(&mut harness, "b", wall);
        prop_assert!(harness.app.looks_back());
        let at = since + TimeDelta::milliseconds(((wall - since).num_milliseconds() as f64 * back) as i64);
        harness.app.seek(at, wall);
        harness.now = harness.app.note_wall(wall);
        prop_assert_eq!(harness.now, at);
        harness.settle();
        // What came before the tape began is in its first moment.
        let tape = &harness.app.past.tape;
        let shown = until - tape.end() + tape.count(at);
        let before = seen(&harness.app.model, at);
        prop_assert_eq!(&before, &seen(&model_of(&batches[..shown]), at));
        // News while one looks back change nothing of what is shown.
        for batch in &batches[until..] {
            hear(&mut harness, batch);
        }
        prop_assert_eq!(&seen(&harness.app.model, at), &before);
        let last = batches.last().unwrap().at;
        press(&mut harness, "b", last);
        prop_assert!(!harness.app.looks_back());
        prop_assert_eq!(seen(&harness.app.model, last), seen(&model_of(&batches), last));
        harness.now = last;
        harness.settle();
        let mut fresh = watching(&batches);
        fresh.now = last;
        fresh.settle();
        prop_assert_eq!(harness.names(), fresh.names());
    }
}

#[test]
fn a_key_goes_to_the_last_change_and_another_one_back_to_now() {
    let (batches, _) = news(FILE, None);
    let mut harness = watching(&batches);
    let wall = harness.now;
    assert!(!harness.app.past.marks().is_empty());
    press(&mut harness, "b", wall);
    assert!(harness.screen().contains("looking back"), "{}", harness.screen());
    assert!(harness.screen().contains("changes of verdicts"), "{}", harness.screen());
    press(&mut harness, "<", wall);
    assert_eq!(harness.now, harness.app.past.marks().last().unwrap().0);
    insta::assert_snapshot!(grids(&harness.picture().0));
    // Nothing is sent to the cluster from the past.
    assert_eq!(harness.keys("R"), []);
    assert!(harness.screen().contains("you look at the past"), "{}", harness.screen());
    press(&mut harness, "L", wall);
    assert!(!harness.app.looks_back() && !harness.screen().contains("looking back"), "{}", harness.screen());
}

#[test]
fn before_the_first_lists_are_complete_there_is_nothing_to_look_back_on() {
    let mut harness = Harness::empty(120, 36, "2026-11-22T17:00:00Z".parse().unwrap());
    harness.keys("b");
    assert!(!harness.app.looks_back());
    assert!(harness.screen().contains("nothing was watched yet"), "{}", harness.screen());
}

/// A day of news: what is kept stays bounded, and the last minutes are there.
#[test]
fn the_last_minutes_are_always_there_and_memory_is_bounded() {
    let (once, end) = news(FILE, None);
    let whole = end - once[0].at;
    let mut harness = watching(&once);
    let objects: Vec<&Batch> = once.iter().filter(|batch| matches!(batch.news, News::Log(_))).collect();
    let mut most = 0;
    for round in 1..120 {
        for batch in &objects {
            let batch = Batch { at: batch.at + whole * round, ..(*batch).clone() };
            harness.app.update(Message::Batch(batch.clone()), batch.at);
            harness.now = batch.at;
        }
        harness.settle();
        most = most.max(harness.app.past.tape.len());
    }
    assert!(most <= limits::LIVE_NEWS + limits::KEYFRAME, "{most}");
    let since = harness.app.past.tape.live_since().unwrap();
    let looked = harness.now - since;
    assert!(looked >= TimeDelta::minutes(50) && looked <= TimeDelta::minutes(90), "{looked}");
}

/// More of everything than is kept: memory is bounded, and every page says what is not there any more.
#[test]
fn what_does_not_fit_is_dropped_and_said() {
    let begin: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
    let mut frames = Vec::new();
    let meta = |uid: usize, name: &str, version: usize| {
        format!(
            r#""metadata":{{"namespace":"shop","name":"{name}","uid":"6f2f3f9e-2f0e-4c3a-9d59-{uid:012x}","resourceVersion":"{version}"}}"#
        )
    };
    for kind in ["certificates.cert-manager.io/v1", "events.v1"] {
        frames.push(format!(r#""op":"SYNCED","resource":"{kind}""#));
    }
    for n in 0..limits::JOURNAL + 500 {
        let status = if n % 2 == 0 { "True" } else { "False" };
        frames.push(format!(
            r#""op":"MODIFIED","object":{{"apiVersion":"cert-manager.io/v1","kind":"Certificate",{},"spec":{{"secretName":"www"}},
            "status":{{"conditions":[{{"type":"Issuing","status":"{status}","reason":"Manual"}}]}}}}"#,
            meta(1, "www", n + 1)
        ));
    }
    for n in 0..limits::EVENTS + 500 {
        frames.push(format!(
            r#""op":"ADDED","object":{{"apiVersion":"v1","kind":"Event",{},"reason":"Noted","message":"number {n}","type":"Normal",
            "involvedObject":{{"apiVersion":"cert-manager.io/v1","kind":"Certificate","namespace":"shop","name":"www","uid":"6f2f3f9e-2f0e-4c3a-9d59-{:012x}"}},
            "lastTimestamp":"{}"}}"#,
            meta(1_000 + n, &format!("www.{n}"), 100_000 + n),
            1,
            (begin + TimeDelta::seconds(n as i64 / 20)).to_rfc3339()
        ));
    }
    for n in 0..limits::LOG_LINES + 2_500 {
        frames.push(format!(
            r#""op":"LOG","source":{{"namespace":"cert-manager","pod":"cm-0","container":"c"}},"line":"line {n} about \"shop/www\"""#
        ));
    }
    let mut harness = Harness::empty(160, 45, begin);
    let mut player = cmtop::recording::player::Player::default();
    for (n, frame) in frames.iter().enumerate() {
        let t = begin + TimeDelta::milliseconds(10 * n as i64);
        let line = format!(r#"{{"t":"{}",{}}}"#, t.to_rfc3339(), frame.replace('\n', ""));
        let frame = cmtop::recording::frame::Frame::parse(&line).unwrap();
        harness.now = t;
        player.play(&frame, &mut |batch| drop(harness.app.update(Message::Batch(batch), t)));
    }
    harness.settle();
    let model = &harness.app.model;
    assert!(model.journal.len() <= limits::JOURNAL && model.journal.dropped() > 0, "{}", model.journal.dropped());
    assert!(model.events.len() <= limits::EVENTS && model.events.dropped() == 500, "{}", model.events.dropped());
    assert!(model.logs.len() <= limits::LOG_LINES + 1_000 && model.logs.dropped() > 0, "{}", model.logs.dropped());
    for (keys, said) in [("E", "older ones dropped"), ("t", "dropped"), ("l", "older dropped")] {
        harness.keys(keys);
        harness.settle();
        assert!(harness.screen().contains(said), "{keys}: {}", harness.screen());
        harness.keys("esc");
    }
}

/// The lists of a cluster that is as it is at the end of some news: Certificates first, what tells most of them last; the
/// last part of a list comes together with its end.
fn listed(harness: &mut Harness, batches: &[Batch], at: DateTime<Utc>, of: impl Fn(&FeedKey) -> bool) {
    let feeds: BTreeSet<&FeedKey> = batches.iter().map(|batch| &batch.feed).filter(|key| of(key)).collect();
    let mut feeds: Vec<&FeedKey> = feeds.into_iter().collect();
    feeds.sort_by_key(|key| key.kind == Kind::Challenge);
    let news = |feed: &FeedKey, news| Batch { at, feed: feed.clone(), news };
    for feed in &feeds {
        hear(harness, &news(feed, News::Health(FeedState::Connecting)));
    }
    for feed in feeds {
        hear(harness, &news(feed, News::ListBegan));
        for batch in batches.iter().filter(|batch| batch.feed == *feed && matches!(batch.news, News::Objects(_))) {
            harness.send(Message::Batch(Batch { at, ..batch.clone() }));
        }
        hear(harness, &news(feed, News::ListEnded));
    }
}

/// What a person is told of changes.
fn told(harness: &mut Harness) -> Vec<Effect> {
    harness.app.ring(harness.now + TimeDelta::seconds(10))
}

#[test]
fn what_was_so_before_anybody_looked_rings_nothing() {
    let (batches, end) = news(FILE, None);
    let is_stuck = |until: &usize| {
        let (model, at) = (model_of(&batches[..*until]), batches[*until - 1].at);
        model.certificates.iter().any(|(id, _)| diagnose(&model, id, at).is_some_and(|d| d.verdict == Verdict::Stuck))
    };
    let until = (1..batches.len()).find(is_stuck).unwrap() + 1;
    let at = batches[until - 1].at;
    let mut harness = Harness::empty(120, 36, at);
    let rule = Rule { verdicts: Verdict::ALL.to_vec(), desktop: Some(Desktop::Osc9), ..Rule::default() };
    harness.app.notices = Notices::of(vec![rule]);
    listed(&mut harness, &batches[..until], at, |_| true);
    assert!(harness.app.ledger.tally().of(Verdict::Stuck) > 0);
    assert_eq!(told(&mut harness), []);
    // Neither does what is listed again, nor what is lost for a while and comes back.
    listed(&mut harness, &batches[..until], at, |_| true);
    assert_eq!(told(&mut harness), []);
    let is_lost = |key: &FeedKey| matches!(key.kind, Kind::CertificateRequest | Kind::Order | Kind::Challenge);
    let lost: BTreeSet<&FeedKey> = batches.iter().map(|batch| &batch.feed).filter(|key| is_lost(key)).collect();
    for attempt in 1..8 {
        for feed in &lost {
            let state = FeedState::Retrying { attempt, next: at, why: "timed out".into() };
            hear(&mut harness, &Batch { at, feed: (*feed).clone(), news: News::Health(state) });
            assert_eq!(told(&mut harness), []);
        }
    }
    listed(&mut harness, &batches[..until], at, is_lost);
    assert_eq!(told(&mut harness), []);
    // What comes next is news.
    for batch in &batches[until..] {
        hear(&mut harness, batch);
    }
    harness.now = end;
    assert!(!told(&mut harness).is_empty());
}
