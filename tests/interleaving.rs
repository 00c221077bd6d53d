//! The model is a function of what exists, not of how the watches happened to tell it; and what is kept up to date
//! step by step equals what is made from nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "interleaving/arranged.rs"]
mod arranged;
#[path = "interleaving/dump.rs"]
mod dump;
#[path = "interleaving/objects.rs"]
mod objects;
#[path = "interleaving/recorded.rs"]
mod recorded;
#[path = "interleaving/world.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::TimeDelta;
use cmtop::model::Model;
use cmtop::model::certificate::Certificate;
use cmtop::model::delta::{Batch, News};
use cmtop::model::feed::{FeedKey, FeedState};
use cmtop::model::id::Id;
use cmtop::model::kind::Kind;
use cmtop::model::meta::Time;
use cmtop::model::symbol::Symbol;
use cmtop::triage::causes::{Cause, Causes, causes};
use cmtop::triage::ledger::Ledger;
use cmtop::triage::stage::Phase;
use cmtop::triage::verdict::Verdict;
use cmtop::triage::{diagnose, stage};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use dump::{difference, dump};
use objects::{EPOCH, Seed};
use world::{Step, Streams, World, feeds, merge, streams};

/// What happens: five of six steps put something there or change it, one takes it away.
fn steps(longest: usize) -> impl Strategy<Value = Vec<Step>> {
    vec((0u8..138, 0u8..12, any::<u128>()), 0..longest)
}

fn model_of(batches: Vec<Batch>) -> Model {
    let mut model = Model::default();
    for batch in batches {
        model.apply(batch);
    }
    model
}

fn batches(streams: Streams) -> Vec<Batch> {
    let tell = |(feed, news): (FeedKey, VecDeque<News>)| {
        news.into_iter().map(move |news| Batch { at: EPOCH, feed: feed.clone(), news })
    };
    streams.into_iter().flat_map(tell).collect()
}

/// Removed Events stay in the log: a fresh one cannot know them.
fn without_events(by_namespace: bool) -> Vec<FeedKey> {
    feeds(by_namespace).into_iter().filter(|feed| feed.kind != Kind::Event).collect()
}

/// What a first list of everything gives.
fn fresh(world: &World, feeds: &[FeedKey]) -> Model {
    model_of(batches(feeds.iter().map(|feed| (feed.clone(), world.complete_list(feed, 0).into())).collect()))
}

/// Lists that are tried in vain while the world goes on unseen, and then come through.
fn relists(world: &mut World, feeds: &[FeedKey], unseen: &[Step], broken: &[usize]) -> Streams {
    let mut again: Streams = feeds.iter().map(|feed| (feed.clone(), VecDeque::new())).collect();
    for (n, step) in unseen.iter().enumerate() {
        let (feed, stream) = &mut again[n % feeds.len()];
        stream.extend(world.broken_list(feed, broken[n % broken.len()]));
        world.step(*step);
    }
    for (i, (feed, stream)) in again.iter_mut().enumerate() {
        stream.extend(world.complete_list(feed, broken[i % broken.len()]));
    }
    again
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_in_which_the_feeds_arrive_gives_the_same_model(
        steps in steps(90), starts in vec(0usize..64, 5), choices in vec(any::<u8>(), 1..40), by_namespace: bool,
    ) {
        let streams = streams(&mut World::default(), feeds(by_namespace), &steps, &starts);
        let backwards: Streams = streams.iter().rev().cloned().collect();
        let one_by_one = dump(&model_of(batches(streams.clone())), EPOCH);
        same(&one_by_one, &dump(&model_of(merge(streams, &choices)), EPOCH))?;
        same(&one_by_one, &dump(&model_of(batches(backwards)), EPOCH))?;
    }

    #[test]
    fn a_relist_after_anything_equals_a_fresh_model(
        before in steps(50), unseen in steps(50), starts in vec(0usize..64, 5),
        choices in vec(any::<u8>(), 1..40), broken in vec(0usize..12, 1..8), by_namespace: bool,
    ) {
        let feeds = without_events(by_namespace);
        let mut world = World::default();
        let mut model = model_of(merge(streams(&mut world, feeds.clone(), &before, &starts), &choices));
        let cut = |attempt| News::Health(FeedState::Retrying { attempt, next: EPOCH, why: "cut".into() });
        for (i, feed) in feeds.iter().enumerate() {
            model.apply(Batch { at: EPOCH, feed: feed.clone(), news: cut(1 + i as u32 % 8) });
        }
        let again = relists(&mut world, &feeds, &unseen, &broken);
        for batch in merge(again, &choices) {
            model.apply(batch);
        }

        same(&dump(&model, EPOCH), &dump(&fresh(&world, &feeds), EPOCH))?;
    }

    #[test]
    fn a_life_that_was_watched_ends_where_a_fresh_list_begins(
        steps in steps(90), starts in vec(0usize..64, 5), choices in vec(any::<u8>(), 1..40), by_namespace: bool,
    ) {
        let feeds = without_events(by_namespace);
        let mut world = World::default();
        let watched = model_of(merge(streams(&mut world, feeds.clone(), &steps, &starts), &choices));
        same(&dump(&watched, EPOCH), &dump(&fresh(&world, &feeds), EPOCH))?;
    }

    #[test]
    fn a_ledger_kept_up_to_date_equals_one_made_from_nothing(
        steps in steps(90), starts in vec(0usize..64, 5), choices in vec(any::<u8>(), 1..40),
        turns in vec((0u8..6, 0i64..900, 0usize..4), 1..40), unseen in steps(20), broken in vec(0usize..12, 1..8),
    ) {
        let mut turns = turns.into_iter().cycle();
        let (mut model, mut ledger, mut now) = (Model::default(), Ledger::default(), EPOCH);
        let mut kept = Causes::default();
        let mut world = World::default();
        let live = merge(streams(&mut world, feeds(false), &steps, &starts), &choices);
        // A list that is tried again shows, for a moment, an object and the one that took its name.
        let again = merge(relists(&mut world, &feeds(false), &unseen, &broken), &choices);
        for batch in live.into_iter().chain(again) {
            model.apply(batch);
            let Some((what, seconds, few)) = turns.next() else { continue };
            if what == 0 {
                now += TimeDelta::seconds(seconds);
            }
            if what == 5 {
                let feed = FeedKey::cluster([Kind::CertificateRequest, Kind::Order, Kind::Challenge, Kind::Secret][few]);
                let news = News::Health(FeedState::Forbidden { right: "list".into() });
                model.apply(Batch { at: EPOCH, feed, news });
            }
            if what <= 3 {
                let changes = model.take_changes();
                ledger.note(&model, &changes);
            }
            match what {
                1 => { ledger.settle(&model, now, few); }
                2 => model.certificates.iter().take(few).for_each(|(id, _)| ledger.judge(&model, id, now)),
                _ => {}
            }
            if what == 3 {
                ledger.settle(&model, now, usize::MAX);
                agrees(&ledger, &model, now)?;
                kept.refresh(ledger.take_judged());
                told_alike(&kept, &model, now)?;
            }
        }
        let changes = model.take_changes();
        ledger.note(&model, &changes);
        while ledger.settle(&model, now, 2) {}
        agrees(&ledger, &model, now)?;
        kept.refresh(ledger.take_judged());
        told_alike(&kept, &model, now)?;
    }

    #[test]
    fn a_diagnosis_holds_until_it_says(
        steps in steps(80), starts in vec(0usize..64, 5), times in vec(any::<u128>(), 6),
    ) {
        let model = model_of(batches(streams(&mut World::default(), feeds(false), &steps, &starts)));
        holds(&model, EPOCH, &times)?;
    }
}

fn same(one: &str, other: &str) -> Result<(), TestCaseError> {
    let difference = difference(one, other);
    prop_assert!(difference.is_empty(), "{}", difference.join("\n"));
    Ok(())
}

/// The causes are those that asking everybody now would find; whoever waits is told with whom it waits for.
fn told_alike(kept: &Causes, model: &Model, now: Time) -> Result<(), TestCaseError> {
    let fresh = causes(model, model.certificates.iter().map(|(id, _)| id), now);
    let everywhere = BTreeSet::new();
    prop_assert_eq!(kept.len(model, &everywhere), fresh.len());
    prop_assert_eq!(kept.affected(&everywhere), fresh.iter().map(|cause| cause.subjects.len()).sum::<usize>());
    prop_assert_eq!(kept.most_urgent(model, &everywhere, usize::MAX, now), fresh.clone());
    for namespaces in choices(model) {
        let is_in = |id: &Id<Certificate>| {
            model.certificates.get(*id).is_some_and(|row| namespaces.contains(&row.meta.namespace))
        };
        let hit: Vec<Cause> = fresh.iter().filter(|cause| cause.subjects.iter().any(is_in)).cloned().collect();
        prop_assert_eq!(kept.len(model, &namespaces), hit.len(), "{:?}", namespaces);
        let suffer = hit.iter().flat_map(|cause| &cause.subjects).filter(|id| is_in(id)).count();
        prop_assert_eq!(kept.affected(&namespaces), suffer, "{:?}", namespaces);
        prop_assert_eq!(kept.most_urgent(model, &namespaces, usize::MAX, now), hit, "{:?}", namespaces);
    }
    Ok(())
}

/// Each namespace alone, and the first two together.
fn choices(model: &Model) -> Vec<BTreeSet<Symbol>> {
    let known: BTreeSet<Symbol> = model.certificates.iter().map(|(_, row)| row.meta.namespace.clone()).collect();
    let both = known.iter().take(2).cloned().collect();
    known.iter().map(|one| BTreeSet::from([one.clone()])).chain([both]).filter(|choice| !choice.is_empty()).collect()
}

/// The ledger says what judging every Certificate now says, and counts it.
fn agrees(ledger: &Ledger, model: &Model, now: Time) -> Result<(), TestCaseError> {
    let mut counted: BTreeMap<Verdict, usize> = BTreeMap::new();
    for (id, row) in model.certificates.iter() {
        let fresh = diagnose(model, id, now);
        prop_assert_eq!(ledger.get(id).copied(), fresh, "{:?}", row.meta);
        *counted.entry(fresh.unwrap().verdict).or_default() += 1;
    }
    for verdict in Verdict::ALL {
        prop_assert_eq!(ledger.tally().of(verdict), counted.get(&verdict).copied().unwrap_or(0), "{}", verdict);
    }
    for namespaces in choices(model) {
        let here = |id: &Id<Certificate>| {
            model.certificates.get(*id).is_some_and(|row| namespaces.contains(&row.meta.namespace))
        };
        let ids: Vec<Id<Certificate>> = model.certificates.iter().map(|(id, _)| id).filter(here).collect();
        for verdict in Verdict::ALL {
            let counted = ids.iter().filter(|id| ledger.get(**id).is_some_and(|it| it.verdict == verdict)).count();
            prop_assert_eq!(ledger.tally_within(&namespaces).of(verdict), counted, "{} {:?}", verdict, namespaces);
        }
    }
    prop_assert_eq!(ledger.pending(), 0);
    Ok(())
}

/// Each diagnosis, made at several times around one, is the same at any later time before it says that it ends.
fn holds(model: &Model, around: Time, times: &[u128]) -> Result<(), TestCaseError> {
    for (id, _) in model.certificates.iter() {
        for time in times {
            let mut seed = Seed(*time);
            let now = around + TimeDelta::seconds(seed.of(8_000) as i64 - 4_000);
            let made = diagnose(model, id, now).unwrap();
            let end = made.valid_until.unwrap_or(now + TimeDelta::days(4_000));
            prop_assert!(end > now, "{:?} at {}", made, now);
            let length = (end - now).num_milliseconds() as u128;
            for later in [seed.of(length), seed.of(length.min(60_000)), length as usize - 1] {
                let later = now + TimeDelta::milliseconds(later as i64);
                prop_assert_eq!(Some(made), diagnose(model, id, later), "made at {}, asked at {}", now, later);
            }
        }
    }
    Ok(())
}

#[test]
fn the_random_worlds_reach_every_verdict_and_phase() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for _ in 0..200 {
        let steps = steps(100).new_tree(&mut runner).unwrap().current();
        let model = model_of(batches(streams(&mut World::default(), feeds(false), &steps, &[0])));
        for (id, _) in model.certificates.iter() {
            let diagnosis = diagnose(&model, id, EPOCH).unwrap();
            seen.insert(diagnosis.verdict.to_string());
            seen.extend(diagnosis.phase.map(|phase| phase.to_string()));
            seen.extend(stage(&model, id).map(|stage| stage.waits_for.to_owned()));
        }
    }
    let verdicts = Verdict::ALL.into_iter().filter(|v| !matches!(v, Verdict::Unknown | Verdict::Expiring));
    let words = verdicts.map(Verdict::as_str).chain(Phase::ALL.map(Phase::as_str));
    for word in words.chain(["another Challenge for the same name"]) {
        assert!(seen.contains(word), "{word} is never reached, only {seen:?}");
    }
}
