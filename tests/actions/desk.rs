//! A dashboard on a yard: keys in, what the program wishes done as the dashboard does it.

use chrono::TimeDelta;
use cmtop::action::errand::Errand;
use cmtop::app::effect::Effect;
use cmtop::app::message::{Message, Session, SourceKind, SourceNews};
use cmtop::cluster::Cluster;
use cmtop::keymap::chord::{Chord, Key};
use cmtop::runtime::service::action_log::ActionLog;
use cmtop::runtime::service::errands::Errands;
use tokio::sync::mpsc::{self, Receiver};

use crate::harness::Harness;
use crate::yard::Yard;

/// A dashboard on a yard.
pub(crate) struct Desk {
    pub(crate) yard: Yard,
    pub(crate) harness: Harness,
    errands: Errands,
    news: Receiver<Message>,
    pub(crate) copied: Vec<String>,
    /// How often something was asked to be done, and how often an editor was wanted.
    pub(crate) wished: usize,
}

impl Desk {
    pub(crate) async fn of(yard: Yard, filter: &str) -> Self {
        let cluster = yard.cluster();
        Self::with(yard, cluster, false, filter).await
    }

    /// One that looks with other eyes, or only looks.
    pub(crate) async fn with(mut yard: Yard, cluster: Cluster, read_only: bool, filter: &str) -> Self {
        let (out, news) = mpsc::channel(64);
        let errands = Errands::new(cluster, yard.now(), ActionLog::default(), out);
        let mut harness = Harness { app: cmtop::app::App::new(120, 40), now: yard.moment() };
        harness.app.model = std::mem::take(&mut yard.model);
        let mut desk = Self { yard, harness, errands, news, copied: Vec::new(), wished: 0 };
        let session = Session { source: SourceKind::Demo, context: "yard".to_owned(), read_only, ..Session::default() };
        let wishes = desk.harness.send(Message::Source(SourceNews::Session(session)));
        desk.fulfil(wishes).await;
        desk.harness.settle();
        desk.keys("/").await;
        for c in filter.chars() {
            let wishes = desk.harness.send(Message::Key(Chord::plain(Key::Char(c))));
            desk.fulfil(wishes).await;
        }
        desk.keys("enter").await;
        desk.harness.app.ui.flashes.clear();
        desk.harness.app.ui.changed.clear();
        desk
    }

    pub(crate) async fn keys(&mut self, keys: &str) {
        for key in keys.split(' ') {
            let wishes = self.harness.send(Message::Key(Chord::parse(key).unwrap()));
            self.harness.settle();
            self.fulfil(wishes).await;
            self.harness.settle();
        }
    }

    pub(crate) async fn fulfil(&mut self, wishes: Vec<Effect>) {
        let mut wishes = wishes;
        while let Some(wish) = wishes.pop() {
            match wish {
                Effect::Copy(clipping) => self.copied.push(clipping.text),
                Effect::Edit(ticket, text) => {
                    self.wished += 1;
                    let text = text.replace("secretName: checkout-tls", "secretName: other-tls");
                    wishes.extend(self.harness.send(Message::Edited(ticket, Ok(text))));
                }
                Effect::Action(errand) => {
                    self.wished += usize::from(matches!(errand, Errand::Perform(..)));
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
    pub(crate) async fn pass(&mut self, seconds: i64) {
        let mut yard_model = std::mem::take(&mut self.harness.app.model);
        std::mem::swap(&mut self.yard.model, &mut yard_model);
        self.yard.pass(seconds).await;
        // A model that was read anew has other ids: the screen is told by its uids.
        self.harness.app.model = std::mem::take(&mut self.yard.model);
        self.harness.now += TimeDelta::seconds(seconds);
        self.harness.settle();
    }

    pub(crate) fn screen(&self) -> String {
        self.harness.screen()
    }
}
