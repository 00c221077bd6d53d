//! The tables of the other kinds: what they show, where one goes from them, and back.
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
#[path = "support/still.rs"]
mod still;

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::app::effect::{Clipping, Effect};
use cmtop::app::message::{Message, MouseAction};
use cmtop::app::screen::{Mode, Screen};
use cmtop::command::Command;
use cmtop::model::kind::Kind;
use cmtop::recording::frame::Frame;
use cmtop::recording::player::Player;
use harness::{Harness, grids};
use serde_json::{Value, json};

const BUSY: (&str, Option<&str>) = ("backoff-stuck-and-mended.jsonl", Some("2026-11-22T17:33:00Z"));

fn shown(alias: &str, width: u16, height: u16) -> Harness {
    let mut harness = Harness::recording(BUSY.0, BUSY.1, width, height);
    open(&mut harness, alias);
    harness
}

fn open(harness: &mut Harness, typed: &str) {
    harness.keys(":");
    harness.text(typed);
    harness.keys("enter");
}

const TABLES: [(&str, Kind); 8] = [
    ("cr", Kind::CertificateRequest),
    ("ord", Kind::Order),
    ("chal", Kind::Challenge),
    ("queue", Kind::Challenge),
    ("iss", Kind::Issuer),
    ("ciss", Kind::ClusterIssuer),
    ("sec", Kind::Secret),
    ("ev", Kind::Event),
];

#[test]
fn every_short_name_leads_to_its_table_and_esc_leads_back() {
    for (alias, kind) in TABLES {
        let mut harness = shown(alias, 160, 45);
        assert_eq!(harness.app.ui.screen(), Screen::Kind(kind), "{alias}");
        let (_, table) = harness.app.kind_table().unwrap();
        assert!(!table.rows.is_empty() || kind == Kind::Issuer, "{alias}: {}", harness.screen());
        harness.keys("esc");
        assert_eq!(harness.app.ui.screen(), Screen::Home, "{alias}");
    }
    for alias in ["cert", "cause", "horizon", "ns", "q", "ctx"] {
        assert!(Command::called(alias).is_some(), "{alias}");
    }
}

#[test]
fn the_tables_look_like_this() {
    for (alias, _) in TABLES {
        if alias != "queue" {
            let harness = shown(alias, 120, 36);
            insta::assert_snapshot!(format!("table_{alias}"), grids(&harness.picture().0));
        }
    }
    insta::assert_snapshot!("table_chal_80x24", grids(&shown("chal", 80, 24).picture().0));
    insta::assert_snapshot!("table_cr_200x60", grids(&shown("cr", 200, 60).picture().0));
}

#[test]
fn enter_goes_to_the_object_in_the_tree_of_its_certificate() {
    for alias in ["cr", "ord", "chal", "sec", "ev"] {
        let mut harness = shown(alias, 120, 36);
        let rows = harness.app.kind_table().unwrap().1.rows.len();
        for _ in 0..rows {
            let wanted = harness.app.selected_object().unwrap();
            let has_tree = harness.app.selected().is_some();
            harness.keys("enter");
            assert_eq!(harness.app.selected_object(), Some(wanted.clone()), "{alias}: {}", harness.screen());
            assert_eq!(harness.app.ui.screen() == Screen::Tree, has_tree, "{alias} {wanted}: {}", harness.screen());
            harness.keys("esc");
            assert!(matches!(harness.app.ui.screen(), Screen::Kind(_)));
            harness.keys("j");
        }
    }
}

#[test]
fn an_issuer_leads_to_what_it_issues_and_back() {
    let mut harness = shown("ciss", 120, 36);
    let all = harness.app.model.certificates.len();
    harness.keys("enter");
    assert_eq!(harness.app.ui.screen(), Screen::Home);
    assert!((1..all).contains(&harness.names().len()), "{:?}", harness.names());
    assert!(harness.screen().contains("of ClusterIssuer"), "{}", harness.screen());
    harness.keys("esc");
    assert_eq!(harness.app.ui.screen(), Screen::Kind(Kind::ClusterIssuer));
    harness.keys("esc");
    assert_eq!(harness.names().len(), all);
}

#[test]
fn a_filter_and_an_order_are_those_of_the_table() {
    let mut harness = shown("cr", 120, 36);
    let all = harness.app.kind_table().unwrap().1.rows.len();
    harness.keys("/");
    harness.text("state:issued");
    harness.keys("enter");
    let some = harness.app.kind_table().unwrap().1.rows.len();
    assert!(some > 0 && some < all, "{some} of {all}");
    assert!(harness.screen().contains(&format!("{some} of {all}")), "{}", harness.screen());
    assert_eq!(harness.app.ui.filter, "", "the table of Certificates has its own");
    harness.keys("esc");
    assert_eq!(harness.app.kind_table().unwrap().1.rows.len(), all);
    assert_eq!(harness.app.ui.screen(), Screen::Kind(Kind::CertificateRequest));
    let before = harness.app.kind_table().unwrap().1.rows.clone();
    harness.keys("O");
    let reversed: Vec<_> = before.into_iter().rev().collect();
    assert_eq!(harness.app.kind_table().unwrap().1.rows, reversed);
    harness.keys("shift-right");
    assert!(harness.screen().contains("NAMESPACE ↑"), "{}", harness.screen());
}

#[test]
fn only_what_needs_a_person_and_one_namespace() {
    let mut harness = shown("ord", 120, 36);
    harness.keys("!");
    let (_, table) = harness.app.kind_table().unwrap();
    assert!(!table.rows.is_empty() && table.rows.len() < table.all, "{}", harness.screen());
    for row in &table.rows {
        let word = row.subject(&harness.app.model).unwrap().word(&harness.app.model);
        assert!(matches!(word.state, "invalid" | "errored" | "expired"), "{word:?}");
    }
    harness.keys("!");
    open(&mut harness, "cr backoff");
    assert!(harness.screen().contains("in backoff"), "{}", harness.screen());
    let (_, table) = harness.app.kind_table().unwrap();
    for row in &table.rows {
        assert_eq!(row.subject(&harness.app.model).unwrap().key().namespace.as_str(), "backoff");
    }
}

#[test]
fn the_selected_row_is_described_copied_and_acted_upon() {
    let mut harness = shown("chal", 120, 36);
    let key = harness.app.selected_object().unwrap();
    assert_eq!(key.kind, Kind::Challenge);
    assert_eq!(harness.keys("c"), [Effect::Copy(Clipping::of(key.name.to_string()))]);
    harness.keys("d");
    assert_eq!(harness.app.ui.screen(), Screen::Describe);
    assert_eq!(harness.app.selected_object(), Some(key.clone()));
    harness.keys("esc ctrl-d");
    let Mode::Action(dialog) = &harness.app.ui.mode else { panic!("{}", harness.screen()) };
    assert_eq!(dialog.plans[0].object, key);
}

#[test]
fn the_mouse_selects_opens_and_sorts() {
    let mut harness = shown("ord", 120, 36);
    let areas = harness.app.ui.areas();
    harness.mouse(5, areas.main.y + 1, MouseAction::Click);
    let second = harness.app.kind_table().unwrap().1.rows[1];
    assert_eq!(harness.app.kind_table().unwrap().1.selected(), Some(second));
    harness.mouse(20, areas.heads.y, MouseAction::Click);
    assert!(harness.screen().contains("by namespace"), "{}", harness.screen());
    assert_eq!(harness.app.kind_table().unwrap().1.selected(), Some(second), "the selection follows the object");
}

#[test]
fn one_goes_back_and_forward_through_the_views() {
    let mut harness = Harness::recording(BUSY.0, BUSY.1, 120, 36);
    open(&mut harness, "ord");
    open(&mut harness, "chal");
    harness.keys("enter");
    let seen = [Screen::Tree, Screen::Kind(Kind::Challenge), Screen::Kind(Kind::Order), Screen::Home];
    for (i, screen) in seen.iter().enumerate() {
        assert_eq!(harness.app.ui.screen(), *screen, "{i}");
        harness.keys("[");
    }
    for screen in seen.iter().rev().skip(1) {
        harness.keys("]");
        assert_eq!(harness.app.ui.screen(), *screen);
    }
    harness.keys("]");
    assert!(harness.screen().contains("last view"), "{}", harness.screen());
}

#[test]
fn another_context_is_chosen_from_a_menu() {
    let mut harness = Harness::recording(BUSY.0, BUSY.1, 80, 24);
    harness.keys(":");
    harness.text("ctx");
    assert_eq!(harness.keys("enter"), [Effect::Contexts]);
    let names = vec![("prod".to_owned(), false), ("yard".to_owned(), true), ("test".to_owned(), false)];
    harness.send(Message::Contexts(Ok(names)));
    harness.settle();
    assert!(harness.screen().contains("• yard") || harness.screen().contains("yard"), "{}", harness.screen());
    assert_eq!(harness.keys("j enter"), [Effect::Switch("test".to_owned())]);
    harness.keys(":");
    harness.text("ctx prod");
    assert_eq!(harness.keys("enter"), [Effect::Switch("prod".to_owned())]);
}

#[test]
fn what_covers_a_host_name_is_found() {
    let mut harness = Harness::recording(BUSY.0, BUSY.1, 120, 36);
    let names = |harness: &Harness| {
        let rows = harness.app.model.certificates.iter();
        rows.flat_map(|(_, row)| row.dns_names.iter().map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let host = names(&harness).into_iter().find(|name| !name.starts_with('*')).unwrap();
    harness.keys("E");
    open(&mut harness, &format!("find {host}"));
    assert_eq!(harness.app.ui.screen(), Screen::Home);
    assert!(harness.screen().contains(&format!("covers {host}")), "{}", harness.screen());
    assert!(!harness.names().is_empty());
    harness.keys("[");
    assert_eq!(harness.app.ui.screen(), Screen::Events);
    open(&mut harness, "find nobody.invalid");
    assert!(harness.screen().contains("no Certificate covers nobody.invalid"), "{}", harness.screen());
}

#[test]
fn columns_are_chosen_ordered_and_widened() {
    let mut harness = shown("ord", 160, 36);
    open(&mut harness, "columns name=50 state label:app why");
    let screen = harness.screen();
    let heads = screen.lines().find(|line| line.contains("LABEL") || line.contains("STATE")).unwrap();
    assert!(heads.trim_start().starts_with("NAME"), "{heads}");
    assert!(heads.contains("APP") && !heads.contains("ISSUER"), "{heads}");
    assert!(!screen.contains("config.yaml"), "nothing is to be done to keep them: {screen}");
    open(&mut harness, "columns nothing");
    assert!(harness.screen().contains("there is no column `nothing`"), "{}", harness.screen());
    open(&mut harness, "columns ");
    assert!(harness.screen().contains("ISSUER"), "{}", harness.screen());
    open(&mut harness, "cert");
    open(&mut harness, "columns expires name");
    assert!(!harness.screen().contains("VERDICT"), "{}", harness.screen());
}

/// Two first issuances over ACME: one began seventeen minutes ago and is stuck, one began just now. And what they, and
/// Certificates that are over or well, keep in Secrets.
fn of_two_ages() -> Harness {
    let now: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
    let at = |seconds: i64| json!(now - TimeDelta::seconds(seconds));
    let (mut harness, mut player) = (Harness::empty(160, 45, now), Player::default());
    let mut say = |frame: Value| {
        let frame = Frame::parse(&frame.to_string()).unwrap();
        let mut batches = Vec::new();
        player.play(&frame, &mut |batch| batches.push(batch));
        batches.into_iter().for_each(|batch| drop(harness.send(Message::Batch(batch))));
    };
    let mut add = |kind: Kind, name: &str, (age, owner): (i64, &str), spec: Value, status: Value| {
        let owners = if owner.is_empty() { json!([]) } else { json!([{"uid": owner, "controller": true}]) };
        let labels = json!({"cert-manager.io/next-private-key": (status == "next").to_string()});
        let names = json!({"cert-manager.io/certificate-name": owner, "cert-manager.io/certificate-revision": "1"});
        let metadata = json!({"name": name, "namespace": "n", "uid": format!("{kind}-{name}"), "creationTimestamp": at(age),
            "ownerReferences": owners, "labels": labels, "annotations": names});
        let mut object = json!({"apiVersion": kind.api_version(), "kind": kind.name(), "metadata": metadata});
        if kind != Kind::Secret {
            (object["spec"], object["status"]) = (spec, status);
        }
        say(json!({"t": now, "op": "ADDED", "object": object}));
    };
    let condition = |kind: &str, age: i64| json!([{"type": kind, "status": "True", "lastTransitionTime": at(age)}]);
    let wants =
        |name: &str| json!({"secretName": name, "dnsNames": [format!("{name}.test")], "issuerRef": {"name": "le"}});
    for (name, age) in [("old", 1_020), ("young", 2)] {
        let of = |kind: Kind| format!("{kind}-{name}");
        let checked = json!({"state": "pending", "processing": true, "presented": true, "presentedAt": at(age)});
        let proves = json!({"dnsName": format!("{name}.test"), "type": "HTTP-01"});
        let pending = json!({"state": "pending", "authorizations": [{"initialState": "pending"}]});
        add(Kind::Certificate, name, (age, ""), wants(name), json!({"conditions": condition("Issuing", age)}));
        let (issuer, approved) =
            (json!({"issuerRef": {"name": "le"}}), json!({"conditions": condition("Approved", age)}));
        add(Kind::CertificateRequest, name, (age, &of(Kind::Certificate)), issuer, approved);
        add(Kind::Order, name, (age, &of(Kind::CertificateRequest)), json!({}), pending);
        add(Kind::Challenge, name, (age, &of(Kind::Order)), proves, checked);
        add(Kind::Secret, &format!("{name}-key"), (age, &of(Kind::Certificate)), json!(null), json!("next"));
    }
    for (name, end) in [("ended", 60), ("well", -5_000_000)] {
        let status = json!({"conditions": condition("Ready", 7_000_000), "notBefore": at(7_000_000), "notAfter": at(end),
            "renewalTime": at(end), "revision": 1});
        add(Kind::Certificate, name, (7_000_000, ""), wants(name), status);
        add(Kind::Secret, name, (7_000_000, ""), json!(null), json!(null));
    }
    let metadata = json!({"name": "gone", "namespace": "n", "uid": "gone", "deletionTimestamp": at(500),
        "creationTimestamp": at(900), "finalizers": ["acme.cert-manager.io/finalizer"]});
    say(json!({"t": now, "op": "ADDED", "object": {"apiVersion": Kind::Challenge.api_version(), "kind": "Challenge",
        "metadata": metadata, "spec": {"dnsName": "gone.test", "type": "DNS-01"},
        "status": {"state": "valid", "processing": true}}}));
    say(json!({"t": now, "op": "ADDED", "object": {"apiVersion": "v1", "kind": "Event", "type": "Warning",
        "reason": "CleanUpError", "message": "Error cleaning up challenge: the zone is gone",
        "metadata": {"name": "e", "namespace": "n", "uid": "e", "creationTimestamp": at(490)},
        "involvedObject": {"apiVersion": Kind::Challenge.api_version(), "kind": "Challenge", "namespace": "n", "name": "gone", "uid": "gone"}}}));
    for kind in Kind::all() {
        say(json!({"t": now, "op": "SYNCED", "resource": format!("{}/v1", kind.resource())}));
    }
    harness.settle();
    harness
}

#[test]
fn by_need_is_by_what_needs_a_person() {
    for (alias, wanted) in
        [("ord", &["old", "young"][..]), ("cr", &["old", "young"]), ("sec", &["ended", "well", "old-key", "young-key"])]
    {
        let mut harness = of_two_ages();
        open(&mut harness, alias);
        let (_, table) = harness.app.kind_table().unwrap();
        let model = &harness.app.model;
        let names: Vec<String> =
            table.rows.iter().map(|row| row.subject(model).unwrap().key().name.to_string()).collect();
        assert_eq!(names, wanted, "{alias}: {}", harness.screen());
    }
}

#[test]
fn what_is_not_cleaned_up_says_why() {
    let mut harness = of_two_ages();
    open(&mut harness, "queue");
    let row = harness.screen().lines().find(|line| line.contains("gone.test")).unwrap().to_owned();
    assert!(row.contains("cleaning up") && row.contains("its clean-up fails: the zone is gone"), "{row}");
}

#[test]
fn the_key_of_the_next_revision_is_not_taken_for_the_secret_that_is_served() {
    let mut harness = of_two_ages();
    let mut gone = |kind: Kind, name: &str, owner: &str| {
        let object = json!({"apiVersion": kind.api_version(), "kind": kind.name(), "metadata": {"name": name, "namespace": "n",
            "uid": format!("{kind}-{name}"), "ownerReferences": [{"uid": owner, "controller": true}]}});
        let frame = json!({"t": harness.now, "op": "DELETED", "object": object}).to_string();
        let mut batches = Vec::new();
        Player::default().play(&Frame::parse(&frame).unwrap(), &mut |batch| batches.push(batch));
        batches.into_iter().for_each(|batch| drop(harness.send(Message::Batch(batch))));
    };
    gone(Kind::Secret, "young-key", "Certificate-young");
    gone(Kind::Secret, "well", "");
    gone(Kind::CertificateRequest, "young", "Certificate-young");
    let lines: Vec<String> = harness.app.event_lines(20).iter().map(|line| format!("{line:?}")).collect();
    for words in [" next key young-key ", " Secret well ", " CertificateRequest young "] {
        let found = lines.iter().any(|line| line.contains(words) && line.contains("deleted"));
        assert!(found, "{words}: {lines:#?}");
    }
}

/// A dashboard over the demo.
fn demo(width: u16, height: u16) -> Harness {
    let (model, now) = still::demo();
    let mut harness = Harness::empty(width, height, now);
    harness.app.model = model;
    harness.app.model.touch_everything();
    harness.settle();
    harness
}

#[test]
fn an_object_is_told_what_is_wrong_with_it_and_what_mends_it() {
    let mut harness = demo(120, 60);
    for (table, filter, id, command) in [
        ("chal", "badkey", "rfc2136-bad-authentication", "kubectl edit clusterissuer letsencrypt-dns"),
        ("ord", "badkey", "rfc2136-bad-authentication", "kubectl edit clusterissuer letsencrypt-dns"),
        ("cr", "vault-1", "issuer-not-ready-told", "kubectl describe issuer vault -n payments"),
        ("iss", "payments-ca", "ca-secret-missing", "kubectl get secret -n payments payments-ca-key"),
        ("chal", "old-1", "challenge-finalizer-stuck", "kubectl describe challenge -n legacy old-1"),
    ] {
        open(&mut harness, table);
        harness.keys("/");
        harness.text(filter);
        harness.keys("enter d");
        let (screen, copied) = (harness.screen(), harness.keys("c"));
        assert!(screen.contains(id) && screen.contains("saw ") && screen.contains(command), "{table}: {screen}");
        let [Effect::Copy(Clipping { text, .. })] = copied.as_slice() else { panic!("{table}: {copied:?}") };
        assert!(text.starts_with(command), "{table}: {text}");
        harness.keys("esc esc esc");
    }
    // What nobody owns is mended from its own page.
    open(&mut harness, "chal");
    harness.keys("/");
    harness.text("old-1");
    harness.keys("enter d m");
    assert!(matches!(harness.app.mode(), Mode::Remedies(_)), "{}", harness.screen());
    harness.keys("esc esc esc esc");
    // A Secret that is well is told nothing of what its Certificate waits for.
    open(&mut harness, "sec");
    harness.keys("/");
    harness.text("name:^shop-www namespace:shop");
    harness.keys("enter d");
    assert_eq!(harness.app.remedies().count(), 0, "{}", harness.screen());
}

#[test]
fn a_state_is_a_sign_and_a_word() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut harness = demo(width, height);
        for (table, sign, name) in [("chal", "↻", "badkey"), ("iss", "▲", "payments-ca")] {
            open(&mut harness, table);
            harness.keys("/");
            harness.text(name);
            harness.keys("enter");
            let rows: Vec<String> = harness.screen().lines().skip(5).map(str::to_owned).collect();
            let row = rows.iter().find(|row| row.contains(&name[..5])).unwrap();
            assert_eq!(row.chars().nth(1), sign.chars().next(), "{table}: {row}");
            harness.keys("esc esc");
        }
    }
}

#[test]
fn a_cause_without_certificates_leads_to_its_object() {
    let mut harness = demo(80, 24);
    harness.keys("C");
    assert!(harness.screen().contains("its deletion hangs on a finalizer"), "{}", harness.screen());
    harness.keys("enter");
    assert_eq!(harness.app.ui.screen(), Screen::Kind(Kind::Challenge), "{}", harness.screen());
    assert!(harness.screen().contains("Challenges 1 of"), "{}", harness.screen());
}

#[test]
fn the_title_of_the_horizon_keeps_its_words_apart_at_every_width() {
    let mut harness = demo(80, 24);
    harness.keys("H");
    for width in 60..200 {
        harness.send(Message::Resize(width, 24));
        harness.settle();
        let screen = harness.screen();
        let title = screen.lines().find(|line| line.contains("Horizon")).unwrap();
        assert!(!title.contains("as of") || title.contains("  as of"), "{width}: {title}");
    }
}

#[test]
fn a_menu_that_is_too_long_says_how_many_more_there_are() {
    let mut harness = demo(80, 15);
    harness.keys("n");
    let screen = harness.screen();
    assert!(screen.contains(" ↓ 1 more ") && !screen.contains(" ↑ 1 more "), "{screen}");
    harness.keys("G");
    let screen = harness.screen();
    assert!(screen.contains(" ↑ 1 more ") && !screen.contains(" ↓ 1 more "), "{screen}");
}
