//! The dialog, the marks and the log, as a person sees them: the screen on the simulated cluster.

use chrono::TimeDelta;
use cmtop::action::errand::Errand;
use cmtop::app::effect::Effect;
use cmtop::app::message::{Message, Session, SourceKind, SourceNews};
use cmtop::app::ui_state::Mode;
use cmtop::cluster::guard::Guard;
use cmtop::keymap::chord::Chord;
use cmtop::runtime::action_log::ActionLog;
use cmtop::runtime::errands::Errands;
use tokio::sync::mpsc::{self, Receiver};

use crate::harness::{Harness, grids};
use crate::yard::Yard;

/// A dashboard on a yard.
struct Desk {
    yard: Yard,
    harness: Harness,
    errands: Errands,
    news: Receiver<Message>,
    copied: Vec<String>,
}

impl Desk {
    async fn of(mut yard: Yard, filter: &str) -> Self {
        let (out, news) = mpsc::channel(64);
        let cluster = yard.guarded(Guard::Open);
        let errands = Errands::new(cluster, yard.now(), ActionLog::default(), out);
        let mut harness = Harness { app: cmtop::app::App::new(120, 40), now: yard.moment() };
        harness.app.model = std::mem::take(&mut yard.model);
        let mut desk = Self { yard, harness, errands, news, copied: Vec::new() };
        let session = Session { source: SourceKind::Demo, context: "yard".to_owned(), ..Session::default() };
        let wishes = desk.harness.send(Message::Source(SourceNews::Session(session)));
        desk.fulfil(wishes).await;
        desk.harness.settle();
        desk.keys("/").await;
        desk.harness.text(filter);
        desk.keys("enter").await;
        desk.harness.app.ui.flashes.clear();
        desk
    }

    async fn keys(&mut self, keys: &str) {
        for key in keys.split(' ') {
            let wishes = self.harness.send(Message::Key(Chord::parse(key).unwrap()));
            self.harness.settle();
            self.fulfil(wishes).await;
            self.harness.settle();
        }
    }

    async fn fulfil(&mut self, wishes: Vec<Effect>) {
        let mut wishes = wishes;
        while let Some(wish) = wishes.pop() {
            match wish {
                Effect::Copy(text) => self.copied.push(text),
                Effect::Edit(ticket, text) => {
                    let text = text.replace("secretName: checkout-tls", "secretName: other-tls");
                    wishes.extend(self.harness.send(Message::Edited(ticket, Ok(text))));
                }
                Effect::Action(errand) => {
                    let many = if let Errand::Perform(_, plans) = &errand { plans.len() + 1 } else { 1 };
                    let answers = !matches!(errand, Errand::Stop(_));
                    self.errands.begin(errand);
                    for _ in 0..many * usize::from(answers) {
                        let Some(message) = self.news.recv().await else { break };
                        wishes.extend(self.harness.send(message));
                    }
                }
                _ => {}
            }
        }
    }

    /// Time passes, and the watches tell what happened.
    async fn pass(&mut self, seconds: i64) {
        let mut yard_model = std::mem::take(&mut self.harness.app.model);
        std::mem::swap(&mut self.yard.model, &mut yard_model);
        self.yard.pass(seconds).await;
        // A model that was read anew has other ids: the screen is told by its uids.
        self.harness.app.model = std::mem::take(&mut self.yard.model);
        self.harness.now += TimeDelta::seconds(seconds);
        self.harness.settle();
    }

    fn screen(&self) -> String {
        self.harness.screen()
    }
}

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
    insta::assert_snapshot!("renew", grids(&desk.harness.picture().0));
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
async fn a_challenge_whose_certificate_is_gone_is_released_from_anywhere() {
    let mut desk = Desk::of(Yard::busy().await, "name:^checkout$").await;
    desk.keys(":").await;
    desk.harness.text("release");
    desk.keys("enter").await;
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
async fn where_nothing_can_be_done_it_is_said_at_once() {
    let mut harness = Harness::recording("approval.jsonl", None, 120, 36);
    let mut session = harness.app.session.clone().unwrap();
    session.read_only = true;
    harness.send(Message::Source(SourceNews::Session(session.clone())));
    assert_eq!(harness.keys("R"), []);
    assert!(harness.screen().contains("read-only: nothing is written"), "{}", harness.screen());
    session.source = SourceKind::Recording;
    harness.send(Message::Source(SourceNews::Session(session)));
    assert_eq!(harness.keys("m e"), []);
    assert!(harness.screen().contains("a recording cannot be changed"), "{}", harness.screen());
}
