//! Columns that a person chooses: labels and annotations among them, the order, and what is kept of it.
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

use chrono::{DateTime, Utc};
use cmtop::app::App;
use cmtop::app::effect::Effect;
use cmtop::app::message::Message;
use cmtop::app::table::view::{TableView, Views};
use cmtop::model::delta::News;
use cmtop::model::feed::FeedKey;
use cmtop::model::kind::Kind;
use cmtop::model::{Batch, Model};
use cmtop::project::labels::Kept;
use cmtop::project::row_batch::RowBatch;
use cmtop::project::{Project as _, Projector};
use cmtop::wire::kinds::Certificate;
use harness::Harness;
use serde_json::json;

const TEAM: &str = "example.com/team";

fn now() -> DateTime<Utc> {
    "2026-11-22T17:00:00Z".parse().unwrap()
}

/// Certificates with a label, an annotation and what kubectl notes, as a feed that keeps some annotations delivers them.
fn batches(kept: &[&str], listed: bool) -> Vec<Batch> {
    let mut projector = Projector::default();
    projector.keep(Kept::These(kept.iter().map(|key| (*key).into()).collect()));
    let mut rows = RowBatch::default();
    for (n, (name, team, tier)) in
        [("a", "zebra", "web"), ("b", "apple", "db"), ("c", "", "web"), ("d", "mango", "")].into_iter().enumerate()
    {
        let mut annotations = json!({"kubectl.kubernetes.io/last-applied-configuration": "a secret", "noise": "loud"});
        let mut labels = json!({});
        if !team.is_empty() {
            annotations[TEAM] = json!(team);
        }
        if !tier.is_empty() {
            labels["tier"] = json!(tier);
        }
        let object: Certificate = serde_json::from_value(json!({
            "metadata": {
                "name": name, "namespace": "shop", "uid": format!("00000000-0000-4000-8000-00000000000{n}"),
                "resourceVersion": "7", "labels": labels, "annotations": annotations,
                "creationTimestamp": "2026-11-01T00:00:00Z",
            },
            "spec": {"secretName": format!("{name}-tls"), "dnsNames": ["x.example"], "issuerRef": {"name": "le"}},
        }))
        .unwrap();
        object.upsert(&mut projector, &mut rows);
    }
    let feed = FeedKey::cluster(Kind::Certificate);
    let batch = |news| Batch { at: now(), feed: feed.clone(), news };
    let mut batches: Vec<Batch> = rows.take().into_iter().map(|objects| batch(News::Objects(objects))).collect();
    if listed {
        batches.insert(0, batch(News::ListBegan));
        batches.push(batch(News::ListEnded));
    }
    batches
}

fn with(kept: &[&str]) -> Harness {
    let mut harness = Harness::empty(120, 30, now());
    hear(&mut harness, kept);
    harness
}

fn hear(harness: &mut Harness, kept: &[&str]) {
    for batch in batches(kept, true) {
        harness.send(Message::Batch(batch));
    }
    harness.settle();
}

fn command(harness: &mut Harness, typed: &str) -> Vec<Effect> {
    harness.keys(":");
    harness.text(typed);
    harness.keys("enter")
}

#[test]
fn a_column_of_an_annotation_is_asked_for_shown_sorted_and_filtered() {
    let mut harness = with(&[]);
    let effects = command(&mut harness, "columns name annotation:example.com/team label:tier why");
    let asked = effects.iter().any(|effect| *effect == Effect::KeepAnnotations(vec![TEAM.into()]));
    assert!(asked, "{effects:?}");
    assert!(!harness.screen().contains("mango"), "nobody kept it until now");
    // Everything is listed again: the same versions of the same objects, with more of each.
    hear(&mut harness, &[TEAM]);
    let screen = harness.screen();
    assert!(screen.contains("TEAM") && screen.contains("TIER") && screen.contains("mango"), "{screen}");
    harness.keys("shift-right");
    assert!(harness.screen().contains("by annotation:example.com/team"), "{}", harness.screen());
    assert_eq!(harness.names(), ["b", "d", "a", "c"], "what has none is last");
    harness.keys("O");
    assert_eq!(harness.names(), ["c", "a", "d", "b"]);
    for (filter, found) in [
        ("annotation:example.com/team:^(a|m)", vec!["d", "b"]),
        ("!annotation:example.com/team", vec!["c"]),
        ("label:tier:web annotation:example.com/team", vec!["a"]),
        ("-l tier=web", vec!["c", "a"]),
        ("annotation:noise", vec![]),
    ] {
        harness.keys("/ ctrl-u");
        harness.text(filter);
        harness.keys("enter");
        assert_eq!(harness.names(), found, "{filter}");
    }
    harness.keys("/ ctrl-u");
    harness.text("annotation:");
    assert!(harness.screen().contains("wants a key"), "{}", harness.screen());
}

#[test]
fn a_filter_asks_for_the_annotation_that_it_looks_at_once_it_is_whole() {
    let mut harness = with(&[]);
    harness.keys("/");
    let mut asked = Vec::new();
    for c in "annotation:noise:loud".chars() {
        let key = cmtop::keymap::chord::Chord::plain(cmtop::keymap::chord::Key::Char(c));
        asked.extend(harness.send(Message::Key(key)));
    }
    assert_eq!(asked, [], "half a key is none");
    assert_eq!(harness.keys("enter"), [Effect::KeepAnnotations(vec!["noise".into()])]);
    hear(&mut harness, &["noise"]);
    assert_eq!(harness.names().len(), 4);
    assert_eq!(harness.keys("esc"), [Effect::KeepAnnotations(Vec::new())], "nobody looks at it any more");
}

#[test]
fn without_a_column_nothing_is_kept_of_annotations() {
    let model = |kept: &[&str]| {
        let mut model = Model::default();
        batches(kept, true).into_iter().for_each(|batch| model.apply(batch));
        model
    };
    let told = |model: &Model| {
        let rows = model.certificates.iter();
        rows.map(|(_, row)| format!("{:?}", row.meta.labels)).collect::<Vec<_>>().join(" ")
    };
    assert!(!told(&model(&[])).contains('@'), "{}", told(&model(&[])));
    let all = told(&model(&[TEAM, "kubectl.kubernetes.io/last-applied-configuration"]));
    assert!(all.contains("@example.com/team=mango") && !all.contains("secret") && !all.contains("noise"), "{all}");
}

#[test]
fn what_is_chosen_for_a_table_is_kept_and_taken_up_again() {
    let mut harness = with(&[]);
    let mut kept = Views::new();
    let mut note = |effects: Vec<Effect>| {
        let views = effects.into_iter().find_map(|effect| match effect {
            Effect::KeepViews(views) => Some(views),
            _ => None,
        });
        kept.extend(views.expect("it is kept"));
    };
    note(command(&mut harness, "columns name=40 why"));
    note(harness.keys("shift-right"));
    note(harness.keys("O"));
    command(&mut harness, "ord");
    note(harness.keys("w"));
    note(harness.keys("shift-right"));
    command(&mut harness, "ev");
    assert_eq!(harness.keys("j"), [], "moving is no choice");
    let columns = vec!["name=40".to_owned(), "why".to_owned()];
    assert_eq!(kept[&Kind::Certificate], TableView { columns, sort: Some("-name".to_owned()), wide: false });
    assert_eq!(kept[&Kind::Order], TableView { columns: Vec::new(), sort: Some("namespace".to_owned()), wide: true });
    let mut again = Harness { app: App::new(120, 30), now: now() };
    again.app.take_up(&kept, std::iter::once(Kind::Certificate).collect());
    for batch in batches(&[], true) {
        again.send(Message::Batch(batch));
    }
    again.settle();
    assert_eq!(again.names(), ["d", "c", "b", "a"]);
    assert!(!again.screen().contains("VERDICT"), "{}", again.screen());
    assert_eq!(again.keys("j"), [], "what was taken up is no new choice");
    command(&mut again, "columns name");
    assert!(again.screen().contains("config.yaml says otherwise"), "{}", again.screen());
    command(&mut again, "ord");
    assert!(again.screen().contains("by namespace"), "{}", again.screen());
}

#[test]
fn the_command_alone_has_the_columns_of_now_to_be_changed() {
    let mut harness = with(&[]);
    assert_eq!(command(&mut harness, "columns"), []);
    let line = |harness: &Harness| harness.screen().lines().last().unwrap().to_owned();
    assert!(line(&harness).starts_with(":columns verdict namespace name "), "{}", line(&harness));
    assert_eq!(harness.keys("enter"), [], "the usual ones, as they are, are no choice");
    command(&mut harness, "columns name=40 why");
    command(&mut harness, "columns");
    assert!(line(&harness).starts_with(":columns name=40 why "), "{}", line(&harness));
    harness.text("age");
    harness.keys("enter");
    assert!(harness.screen().contains(" AGE"), "{}", harness.screen());
    command(&mut harness, "columns usual");
    assert!(harness.screen().contains("VERDICT"), "{}", harness.screen());
}

#[test]
fn the_example_of_the_help_can_be_typed_in_every_table() {
    let commands = ["cert", "cr", "ord", "chal", "iss", "ciss", "sec", "ev"];
    let mut examples = std::collections::BTreeSet::new();
    for table in commands {
        let mut harness = Harness::recording("backoff-stuck-and-mended.jsonl", None, 160, 200);
        command(&mut harness, table);
        let usual = harness.screen();
        harness.keys("?");
        let help = harness.screen();
        let example = help.split("`:columns ").nth(1).and_then(|rest| rest.split('`').next()).expect(table).to_owned();
        harness.keys("esc");
        command(&mut harness, &format!("columns {example}"));
        let screen = harness.screen();
        assert!(screen.contains("TEAM") && !screen.contains("there is no"), "{table}: {example}:\n{screen}");
        // Either word for how an object does is understood.
        for word in ["state", "verdict"] {
            command(&mut harness, &format!("columns {word} why"));
            assert!(!harness.screen().contains("there is no"), "{table}: {word}:\n{}", harness.screen());
        }
        command(&mut harness, "columns ");
        assert_eq!(harness.screen().lines().next(), usual.lines().next(), "{table}");
        examples.insert(example);
    }
    assert!(examples.len() > 2, "a table has an example of its own: {examples:?}");
    let documented = cmtop::app::table::chosen::example(Kind::Certificate);
    assert!(cmtop::command::markdown().contains(&documented), "{documented}");
}

#[test]
fn a_changed_row_is_marked_for_two_seconds_in_the_table_of_its_kind() {
    const FILE: &str = "backoff-stuck-and-mended.jsonl";
    let (batches, _) = harness::news(FILE, None);
    let mut harness = Harness::recording(FILE, Some("2026-11-22T17:30:00Z"), 120, 30);
    command(&mut harness, "ord");
    let order = |batch: &&Batch| {
        batch.at > harness.now && batch.feed.kind == Kind::Order && matches!(batch.news, News::Objects(_))
    };
    let changed = batches.iter().find(order).expect("an Order changes").clone();
    harness.now = changed.at;
    harness.settle();
    let marks = |harness: &Harness| harness.screen().lines().filter(|line| line.ends_with('◂')).count();
    assert_eq!(marks(&harness), 0);
    harness.send(Message::Batch(changed));
    harness.settle();
    harness.keys("G g");
    assert_eq!(marks(&harness), 1);
    let (_, until) = harness.picture();
    assert!(
        until.is_some_and(|until| until <= harness.now + chrono::TimeDelta::seconds(2)),
        "the picture ends with it"
    );
    harness.pass(2);
    assert_eq!(marks(&harness), 0);
}

#[test]
fn columns_shrink_before_one_is_left_out_and_what_is_left_out_is_told_and_reached() {
    const CHOSEN: &str = "columns verdict namespace name=40 label:team annotation:cert-manager.io/x issuer age why";
    let heads = |harness: &Harness| {
        let screen = harness.screen();
        screen.lines().find(|line| line.contains("VERDICT")).unwrap_or_default().to_owned()
    };
    let mut harness = Harness::recording("backoff-stuck-and-mended.jsonl", None, 120, 36);
    command(&mut harness, CHOSEN);
    for wide in [false, true] {
        if wide {
            harness.keys("w");
        }
        let head = heads(&harness);
        for title in ["VERDICT", "NAMESPACE", "NAME", "TEAM", "X ", "ISSUER", "AGE", "WHY"] {
            assert!(head.contains(title), "{wide}: {title}: {head}");
        }
        assert!(head.contains("TEAM X"), "empty labels have the cells of their titles: {head}");
        assert!(!harness.screen().contains('▸'), "{}", harness.screen());
    }
    // The same in half of the width: what has no room is told, and two keys lead there and back.
    let mut harness = Harness::recording("backoff-stuck-and-mended.jsonl", None, 60, 20);
    let home = heads(&harness);
    assert!(harness.screen().contains("+4 ▸"), "{}", harness.screen());
    harness.keys("right");
    let right = heads(&harness);
    assert!(right.contains("ISSUER") && right.contains("VERDICT") && right.contains("NAME "), "{right}");
    harness.keys("right right right");
    let last = heads(&harness);
    assert!(last.contains("NEXT") && harness.screen().contains("◂ +"), "{}", harness.screen());
    harness.keys("left left left left");
    assert_eq!(heads(&harness), home);
}

#[test]
fn the_sign_of_the_order_is_never_cut() {
    for width in [60, 80, 100, 120, 160] {
        let mut harness = Harness::recording("backoff-stuck-and-mended.jsonl", None, width, 36);
        for table in ["cert", "cr", "ord", "chal", "iss", "ciss", "sec", "ev"] {
            command(&mut harness, table);
            for _ in 0..12 {
                harness.keys("shift-right");
                let screen = harness.screen();
                let heads =
                    screen.lines().find(|line| line.contains("WHY") || line.contains('↑') && !line.contains(" · "));
                assert!(heads.is_some_and(|line| line.contains('↑')), "{table} {width}:\n{screen}");
            }
        }
    }
}
