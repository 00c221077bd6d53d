//! What is put in order over several frames, while things change between them, equals what is put in order at once.

use chrono::TimeDelta;
use cmtop::app::App;
use cmtop::app::kinds::{KINDS, Kinds};
use cmtop::app::message::Message;
use cmtop::command::Command;
use cmtop::model::delta::Batch;
use cmtop::model::meta::Time;
use cmtop::triage::horizon::horizon;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::objects::EPOCH;
use crate::steps;
use crate::world::{World, feeds, merge, streams};

/// A dashboard that looks at one row a frame.
fn slow() -> App {
    let mut app = App::new(120, 36);
    app.kinds = Kinds::in_strides(1);
    app
}

/// Lets some things happen, with a frame after each, and then nothing until all is in order.
fn live(app: &mut App, batches: Vec<Batch>, pace: &[i64]) -> Time {
    let mut now = EPOCH;
    for (batch, pace) in batches.into_iter().zip(pace.iter().cycle()) {
        app.update(Message::Batch(batch), now);
        app.settle(now, || false);
        now += TimeDelta::milliseconds(*pace);
    }
    for _ in 0..150 {
        now += TimeDelta::milliseconds(100);
        app.settle(now, || false);
    }
    now
}

/// A dashboard that sees the same for the first time.
fn fresh(app: &App, command: Command, now: Time) -> App {
    let mut fresh = App::new(120, 36);
    fresh.model = app.model.clone();
    fresh.model.touch_everything();
    fresh.settle(now, || true);
    fresh.run(command, now);
    fresh.settle(now, || true);
    fresh
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_put_in_order_row_by_row_equals_one_put_in_order_at_once(
        steps in steps(60), starts in vec(0usize..64, 5), choices in vec(any::<u8>(), 1..40),
        pace in vec(0i64..700, 1..20), kind in 0..KINDS.len(),
    ) {
        let mut app = slow();
        app.run(Command::List(KINDS[kind]), EPOCH);
        let batches = merge(streams(&mut World::default(), feeds(false), &steps, &starts), &choices);
        let now = live(&mut app, batches, &pace);
        let fresh = fresh(&app, Command::List(KINDS[kind]), now);
        let (one, other) = (app.kind_table().unwrap().1, fresh.kind_table().unwrap().1);
        prop_assert_eq!(&one.rows, &other.rows);
        prop_assert_eq!(one.all, other.all);
        prop_assert_eq!(&one.facts, &other.facts);
    }
    #[test]
    fn a_horizon_looked_at_row_by_row_equals_one_looked_at_at_once(
        steps in steps(60), starts in vec(0usize..64, 5), choices in vec(any::<u8>(), 1..40), pace in vec(0i64..700, 1..20),
    ) {
        let mut app = slow();
        app.run(Command::Horizon, EPOCH);
        let batches = merge(streams(&mut World::default(), feeds(false), &steps, &starts), &choices);
        let mut now = live(&mut app, batches, &pace);
        let is_so = |app: &App| {
            let found = &app.horizon.horizon;
            *found == horizon(&app.model, &app.ledger, found.at.unwrap(), TimeDelta::zero())
        };
        // A verdict that changed with time is looked at ten seconds later.
        for _ in 0..250 {
            if is_so(&app) {
                break;
            }
            now += TimeDelta::milliseconds(100);
            app.settle(now, || false);
        }
        prop_assert!(is_so(&app), "{:?}", app.horizon.horizon);
    }
}
