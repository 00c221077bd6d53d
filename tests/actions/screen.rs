//! The dialog, the marks and the log, as a person sees them: the screen on the simulated cluster.

use chrono::TimeDelta;
use cmtop::action::{Action, rbac};
use cmtop::app::message::{Message, SourceKind, SourceNews};
use cmtop::app::screen::Mode;
use cmtop::cluster::guard::Guard;

use crate::desk::Desk;
use crate::drawn;
use crate::harness::{Harness, grids};
use crate::rights::{USER, grant};
use crate::yard::Yard;

#[tokio::test(start_paused = true)]
async fn a_deletion_is_seen_before_it_is_sent() {
    let mut desk = Desk::of(Yard::busy().await, "name:^blog$").await;
    let version = desk.yard.sim().version();
    desk.keys("ctrl-d").await;
    assert_eq!(desk.yard.sim().version(), version, "nothing is sent before enter");
    insta::assert_snapshot!("delete", grids(&desk.harness.picture().0));
    desk.keys("c").await;
    assert!(desk.copied[0].starts_with("kubectl delete challenge -n blog blog-1-"), "{:?}", desk.copied);
    desk.keys("enter").await;
    assert!(matches!(desk.harness.app.mode(), Mode::Normal), "{}", desk.screen());
    assert!(desk.yard.sim().version() > version);
    desk.keys("@").await;
    assert!(desk.screen().contains("delete Challenge/blog/blog-1-"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn a_renewal_shows_what_changes_and_then_its_progress() {
    let mut desk = Desk::of(Yard::busy().await, "name:^checkout$").await;
    desk.keys("R").await;
    let shown = desk.harness.picture().0;
    insta::assert_snapshot!("renew", grids(&shown));
    assert!(drawn::is_current("action", &shown), "`UPDATE=1 cargo test --test actions` draws the picture again");
    desk.keys("enter").await;
    assert!(desk.screen().contains("a new issuance was asked for"), "{}", desk.screen());
    desk.harness.now += TimeDelta::seconds(5);
    desk.harness.settle();
    assert!(desk.screen().contains("renew requested"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn what_changed_while_a_person_looked_comes_back_as_a_difference() {
    let mut desk = Desk::of(Yard::busy().await, "name:^checkout$").await;
    desk.keys("R").await;
    let mut other = desk.yard.sim().object("Certificate", "shop", "checkout").unwrap();
    other["spec"]["dnsNames"] = serde_json::json!(["other.shop.example"]);
    desk.yard.sim().apply(&other).unwrap();
    let asked = desk.yard.asked();
    desk.keys("enter").await;
    let screen = desk.screen();
    assert!(screen.contains("it changed since you looked at it"), "{screen}");
    assert!(screen.contains("Meanwhile") && screen.contains("+   - other.shop.example"), "{screen}");
    assert_eq!(desk.yard.writes(asked).iter().filter(|write| !write.query.contains("dryRun")).count(), 0);
    desk.keys("enter").await;
    assert!(matches!(desk.harness.app.mode(), Mode::Normal), "what is looked at now may be sent: {}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn many_are_agreed_to_by_their_number() {
    let mut desk = Desk::of(Yard::busy().await, "namespace:^platform$ verdict:^ok$").await;
    desk.keys("g space j ctrl-space").await;
    assert!(desk.screen().contains("3 marked"), "{}", desk.screen());
    desk.keys("R").await;
    let asked = desk.yard.asked();
    desk.keys("enter").await;
    assert_eq!(desk.yard.writes(asked).len(), 0, "the number has to be typed");
    insta::assert_snapshot!("many", grids(&desk.harness.picture().0));
    let Mode::Action(dialog) = desk.harness.app.mode().clone() else { panic!("{}", desk.screen()) };
    let count = dialog.plans.len();
    desk.keys(&count.to_string()).await;
    desk.keys("enter").await;
    assert_eq!(desk.yard.writes(asked).len(), count);
    assert!(desk.screen().contains(&format!("{count} done, 0 not")), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn of_marks_what_is_in_flight_is_begun_again_as_one_row_is() {
    let mut desk = Desk::of(Yard::busy().await, "name:^(blog|status)$ verdict:stuck").await;
    desk.keys("g space j ctrl-space R").await;
    let screen = desk.screen();
    assert!(screen.contains("Retry 2 Certificates") && screen.contains("The request goes"), "{screen}");
    desk.keys("esc ctrl-\\ / ctrl-u").await;
    desk.harness.text("name:^(blog|checkout|status)$");
    desk.keys("enter g space j ctrl-space R").await;
    let screen = desk.screen();
    for words in [
        "Retry or renew 3 Certificates",
        "retry 2: The request goes",
        "renew 1: cert-manager makes",
        "renew: shop/checkout",
        "retry: blog/blog",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    insta::assert_snapshot!("mixed", grids(&desk.harness.picture().0));
    let asked = desk.yard.asked();
    desk.keys("3 enter").await;
    let writes = desk.yard.writes(asked);
    assert_eq!(writes.len(), 3, "{writes:?}");
    assert!(desk.screen().contains("3 done, 0 not"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn an_edit_is_tried_by_the_server_before_it_is_saved() {
    let mut desk = Desk::of(Yard::busy().await, "name:^checkout$").await;
    desk.keys("e enter").await;
    let screen = desk.screen();
    assert!(screen.contains("+   secretName: other-tls") && screen.contains("dry run ✓"), "{screen}");
    desk.keys("enter").await;
    let object = desk.yard.sim().object("Certificate", "shop", "checkout").unwrap();
    assert_eq!(object["spec"]["secretName"], "other-tls");
}

#[tokio::test(start_paused = true)]
async fn a_challenge_whose_certificate_is_gone_is_released_from_its_own_row() {
    let mut desk = Desk::of(Yard::busy().await, "name:^checkout$").await;
    desk.keys("L").await;
    assert!(matches!(desk.harness.app.mode(), Mode::Normal), "nothing of another object: {}", desk.screen());
    assert!(desk.screen().contains("there is nothing to release"), "{}", desk.screen());
    desk.keys(":").await;
    desk.harness.text("chal");
    desk.keys("enter /").await;
    desk.harness.text("old-1");
    desk.keys("enter L").await;
    let screen = desk.screen();
    assert!(screen.contains("Release Challenge/legacy/old-1-"), "{screen}");
    assert!(screen.contains("Stays behind") && screen.contains("_acme-challenge.old.legacy.example"), "{screen}");
    desk.keys("enter").await;
    assert!(desk.screen().contains("released"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn a_denial_says_why() {
    let mut desk = Desk::of(Yard::unapproved().await, "name:^www$").await;
    desk.keys("A").await;
    desk.harness.text("not tonight");
    desk.keys("enter").await;
    let request = desk.yard.sim().object("CertificateRequest", "shop", "www-1").unwrap();
    let conditions = request["status"]["conditions"].as_array().unwrap();
    assert!(conditions.iter().any(|it| it["type"] == "Denied" && it["message"] == "not tonight"), "{request}");
    desk.pass(5).await;
}

#[tokio::test(start_paused = true)]
async fn where_nothing_can_be_sent_it_can_still_be_looked_at() {
    for (key, filter, title) in [
        ("R", "name:^checkout$", "Renew Certificate/shop/checkout"),
        ("r", "name:^denied$", "Retry Certificate/payments/denied"),
        ("m enter", "name:^denied$", "Retry Certificate/payments/denied"),
        ("ctrl-d", "name:^blog$", "Delete Challenge/blog/blog-1-"),
        ("A", "name:^next-gen$", "Deny CertificateRequest/platform/next-gen-1"),
        ("e", "name:^checkout$", "Edit Certificate/shop/checkout"),
    ] {
        let yard = Yard::busy().await;
        let (cluster, asked) = (yard.guarded(Guard::ReadOnly), yard.asked());
        let mut desk = Desk::with(yard, cluster, true, filter).await;
        desk.keys(key).await;
        let screen = desk.screen();
        assert!(screen.contains(title) && screen.contains("read-only: nothing will be sent"), "{key}: {screen}");
        assert!(!screen.contains("[enter]"), "{key}: a key that sends nothing is no hint: {screen}");
        assert!(screen.contains("kubectl"), "its twin can be copied, for somebody who may: {screen}");
        desk.keys("enter").await;
        assert!(matches!(desk.harness.app.mode(), Mode::Action(_)), "{}", desk.screen());
        assert_eq!((desk.wished, desk.yard.writes(asked).len()), (0, 0), "{key}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_nothing_can_be_done_it_is_said_at_once() {
    let mut harness = Harness::recording("approval.jsonl", None, 120, 36);
    let mut session = harness.app.session.clone().unwrap();
    session.source = SourceKind::Recording;
    harness.send(Message::Source(SourceNews::Session(session)));
    assert_eq!(harness.keys("m enter e R"), []);
    assert!(harness.screen().contains("a recording cannot be changed"), "{}", harness.screen());
}

/// The desk of somebody who may look and no more, wide enough for every hint.
async fn of_a_viewer(filter: &str) -> Desk {
    let yard = Yard::busy().await;
    grant(&yard, &rbac::viewer());
    let cluster = yard.as_user(USER);
    let mut desk = Desk::with(yard, cluster, false, filter).await;
    desk.harness.send(Message::Resize(400, 40));
    desk.harness.settle();
    desk
}

#[tokio::test(start_paused = true)]
async fn what_is_not_allowed_is_grey_and_names_the_verb() {
    // What is stuck can be done more about than what is well.
    let mut desk = of_a_viewer("name:^blog$").await;
    let screen = desk.screen();
    for hint in ["R renew (no update)", "r retry (no update)", "ctrl-d delete (no delete)"] {
        assert!(screen.contains(hint), "{hint}: {screen}");
    }
    desk = of_a_viewer("name:^checkout$").await;
    let asked = desk.yard.asked();
    assert!(desk.harness.app.missing_right(Action::Renew).unwrap().starts_with("update certificates.cert-manager.io"));
    let buffer = desk.harness.picture().0;
    let last = buffer.area.height - 1;
    let line: String = (0..buffer.area.width).map(|x| buffer[(x, last)].symbol()).collect();
    let style = |text: &str| buffer[(line.find(text).unwrap() as u16, last)].fg;
    assert_eq!(style("R renew"), style("renew (no"), "key and hint are both grey");
    assert_ne!(style("R renew"), style("? help"));
    desk.keys("R").await;
    let screen = desk.screen();
    assert!(screen.contains("the right that is missing: update certificates.cert-manager.io/status"), "{screen}");
    assert!(!screen.contains("[enter]"), "{screen}");
    desk.keys("enter").await;
    assert_eq!((desk.wished, desk.yard.writes(asked).len()), (0, 0), "not even a trial");
}

#[tokio::test(start_paused = true)]
async fn who_keeps_the_object_is_told() {
    let yard = Yard::busy().await;
    let mut kept = yard.sim().object("Certificate", "shop", "checkout").unwrap();
    kept["metadata"]["annotations"]["argocd.argoproj.io/tracking-id"] =
        serde_json::json!("storefront:cert-manager.io/Certificate:shop/checkout");
    yard.sim().apply(&kept).unwrap();
    let mut desk = Desk::of(yard, "name:^checkout$").await;
    desk.keys("R").await;
    let screen = desk.screen();
    assert!(screen.contains("Argo CD (storefront) keeps this object; it leaves the status alone"), "{screen}");
    assert!(!screen.contains("not managed by GitOps"), "{screen}");
    desk.keys("esc e").await;
    let screen = desk.screen();
    assert!(screen.contains("what you change will be changed back"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn a_cause_that_no_certificate_owns_leads_to_the_object_that_shows_it() {
    let mut desk = Desk::of(Yard::busy().await, "").await;
    desk.keys("C").await;
    let screen = desk.screen();
    assert!(screen.contains("▌▲ its deletion hangs on a finalizer") && screen.contains(" enter open"), "{screen}");
    desk.keys("enter").await;
    let screen = desk.screen();
    assert!(screen.contains(" Challenges 1 of ") && screen.contains("/name:^old-1-"), "{screen}");
    desk.keys("esc esc").await;
    assert!(desk.screen().contains(" Causes "), "{}", desk.screen());
}
