//! In `--read-only` no write leaves the program: not by a plan, and not by any sequence of keys.

use cmtop::action::Action;
use cmtop::action::errand::Errand;
use cmtop::action::report::Outcome;
use cmtop::app::effect::Effect;
use cmtop::app::message::{Message, Session, SourceKind, SourceNews};
use cmtop::cluster::guard::Guard;
use cmtop::keymap::chord::Chord;
use cmtop::runtime::service::action_log::ActionLog;
use cmtop::runtime::service::errands::Errands;
use proptest::prelude::*;
use tokio::sync::mpsc;

use crate::harness::Harness;
use crate::yard::{Yard, certificate};

#[tokio::test(start_paused = true)]
async fn no_action_gets_past_the_guard() {
    for (action, object) in [
        (Action::Renew, certificate("shop", "checkout")),
        (Action::Retry, certificate("payments", "denied")),
        (Action::Delete, certificate("blog", "blog")),
    ] {
        let yard = Yard::busy().await;
        let cluster = yard.guarded(Guard::ReadOnly);
        let plan = yard.plan(action, &object).unwrap();
        let (version, asked) = (yard.sim().version(), yard.asked());
        let checks = cluster.check(&plan, &yard.now()).await;
        assert!(checks.iter().all(|check| check.trial == Ok(false)), "not even a dry run is sent");
        let report = cluster.perform(&plan.in_any_state(), &yard.now()).await;
        assert_eq!(report.outcome, Outcome::Refused, "{report:?}");
        assert_eq!((yard.writes(asked).len(), yard.sim().version()), (0, version));
    }
}

const KEYS: &[&str] = &[
    "R",
    "ctrl-d",
    "a",
    "A",
    "e",
    "m",
    "space",
    "ctrl-space",
    "ctrl-\\",
    "enter",
    "esc",
    "j",
    "k",
    "tab",
    "1",
    "2",
    "3",
    "y",
    "@",
    "q",
    "G",
    "!",
];

/// Presses keys, and does what the program wishes as the dashboard does it. Returns the writes that arrived.
async fn press(keys: &[usize], read_only: bool, guard: Guard) -> usize {
    let yard = Yard::busy().await;
    let asked = yard.asked();
    let (out, mut news) = mpsc::channel(64);
    let mut errands = Errands::new(yard.guarded(guard), yard.now(), ActionLog::default(), out);
    let mut harness = Harness { app: cmtop::app::App::new(120, 40), now: yard.moment() };
    let session = Session { source: SourceKind::Demo, read_only, ..Session::default() };
    let mut wishes = harness.send(Message::Source(SourceNews::Session(session)));
    harness.app.model = yard.model;
    harness.settle();
    for key in keys {
        wishes.extend(harness.send(Message::Key(Chord::parse(KEYS[*key]).unwrap())));
        harness.settle();
        for wish in std::mem::take(&mut wishes) {
            match wish {
                Effect::Action(errand) => {
                    let answers = !matches!(errand, Errand::Stop(_));
                    errands.begin(errand);
                    if answers && let Some(message) = news.recv().await {
                        wishes.extend(harness.send(message));
                    }
                }
                Effect::Edit(ticket, text) => {
                    let text = text.replace("secretName: ", "secretName: x");
                    wishes.extend(harness.send(Message::Edited(ticket, Ok(text))));
                }
                _ => {}
            }
        }
    }
    let requests = yard.world.cluster().requests().into_iter().skip(asked);
    requests.filter(|request| request.method != "GET" && !request.path.contains("selfsubject")).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn no_keys_make_a_write(keys in prop::collection::vec(0..KEYS.len(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        // Even where the screen does not know that it is read-only, the guard does.
        prop_assert_eq!(runtime.block_on(press(&keys, true, Guard::ReadOnly)), 0);
        prop_assert_eq!(runtime.block_on(press(&keys, false, Guard::ReadOnly)), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_keys_do_write_where_it_is_allowed() {
    let of = |key: &str| KEYS.iter().position(|known| *known == key).unwrap();
    let keys = [of("G"), of("R"), of("enter"), of("j")];
    assert!(press(&keys, false, Guard::Open).await > 0, "else the property would prove nothing");
}
