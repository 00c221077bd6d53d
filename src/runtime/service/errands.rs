//! What the screen asks to be done to the cluster: rights, checks, and the actions themselves, each in a task.

use std::collections::{BTreeMap, HashMap};

use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::action_log::ActionLog;
use crate::action::errand::{ActionNews, Errand};
use crate::action::plan::Plan;
use crate::action::report::{Outcome, Report};
use crate::action::{ACTIONS, right};
use crate::app::message::Message;
use crate::cluster::Cluster;
use crate::cluster::clock::Now;
use crate::limits;

/// Does errands for one cluster. Questions end with it; for what was begun there is [`Errands::finish`].
#[derive(Debug)]
pub struct Errands {
    cluster: Cluster,
    now: Clock,
    log: ActionLog,
    out: Sender<Message>,
    questions: JoinSet<()>,
    actions: JoinSet<()>,
    /// How far each ticket whose actions are under way may go.
    leashes: HashMap<u64, watch::Sender<Leash>>,
}

/// How far the actions of a ticket may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leash {
    /// To the last one.
    All,
    /// To the end of the one that is under way.
    This,
    /// Nobody waits any more, whatever is under way.
    Nothing,
}

/// The clock as the rim wants it.
#[derive(Clone)]
struct Clock(Now);

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

impl Errands {
    /// Begins with nothing to do.
    pub fn new(cluster: Cluster, now: Now, log: ActionLog, out: Sender<Message>) -> Self {
        let (questions, actions) = (JoinSet::new(), JoinSet::new());
        Self { cluster, now: Clock(now), log, out, questions, actions, leashes: HashMap::new() }
    }

    /// Begins an errand; it answers by messages.
    pub fn begin(&mut self, errand: Errand) {
        while self.questions.try_join_next().is_some() {}
        while self.actions.try_join_next().is_some() {}
        self.leashes.retain(|_, leash| !leash.is_closed());
        let (cluster, now, out) = (self.cluster.clone(), self.now.0.clone(), self.out.clone());
        match errand {
            Errand::Stop(ticket) => {
                if let Some(leash) = self.leashes.get(&ticket) {
                    leash.send_replace(Leash::This);
                }
            }
            Errand::Rights(namespace) => {
                self.questions.spawn(async move {
                    let missing = rights(&cluster, &namespace).await;
                    let _ = out.send(Message::Action(ActionNews::Rights(namespace, missing))).await;
                });
            }
            Errand::Check(ticket, plan) => {
                self.questions.spawn(async move {
                    let checks = cluster.check(&plan, &now).await;
                    let _ = out.send(Message::Action(ActionNews::Checked(ticket, checks))).await;
                });
            }
            Errand::Perform(ticket, plans) => {
                let (leash, held) = watch::channel(Leash::All);
                self.leashes.insert(ticket, leash);
                let doing = Doing { cluster, now, log: self.log.clone(), out, leash: held };
                self.actions.spawn(doing.all(ticket, plans));
            }
        }
    }

    /// Begins nothing more; what was begun is brought to its end, and noted. What takes longer than
    /// [`limits::LAST_WORK`] is noted as of unknown outcome.
    pub async fn finish(mut self) {
        self.questions.abort_all();
        self.hold(Leash::This);
        if timeout(limits::LAST_WORK, async { while self.actions.join_next().await.is_some() {} }).await.is_err() {
            self.hold(Leash::Nothing);
            while self.actions.join_next().await.is_some() {}
        }
    }

    fn hold(&self, leash: Leash) {
        self.leashes.values().for_each(|held| _ = held.send_replace(leash));
    }
}

/// The actions of one ticket, one after the other.
struct Doing {
    cluster: Cluster,
    now: Now,
    log: ActionLog,
    out: Sender<Message>,
    leash: watch::Receiver<Leash>,
}

impl Doing {
    async fn all(mut self, ticket: u64, plans: Vec<Plan>) {
        for (i, plan) in plans.iter().enumerate() {
            // What a person agreed to is begun with the first one.
            if i > 0 {
                tokio::time::sleep(limits::ACTION_PACE).await;
                if *self.leash.borrow() != Leash::All {
                    break;
                }
            }
            let report = self.one(plan).await;
            self.log.note(&report);
            // Where nobody hears it any more, the log has it.
            let _ = self.out.send(Message::Action(ActionNews::Reported(ticket, report))).await;
        }
        let _ = self.out.send(Message::Action(ActionNews::Ended(ticket))).await;
    }

    async fn one(&mut self, plan: &Plan) -> Report {
        tokio::select! {
            biased;
            report = self.cluster.perform(plan, &self.now) => report,
            _ = self.leash.wait_for(|leash| *leash == Leash::Nothing) => Report {
                at: (self.now)(),
                action: plan.action,
                object: plan.object.clone(),
                requests: Vec::new(),
                outcome: Outcome::Unknown,
                message: "the program ended before this did: what was sent of it is not known".to_owned(),
            },
        }
    }
}

/// Of each action that is not allowed in a namespace, the right that is missing.
async fn rights(cluster: &Cluster, namespace: &str) -> BTreeMap<crate::action::Action, String> {
    let mut missing = BTreeMap::new();
    for row in ACTIONS {
        let needed = right::needed(row.action, row.kinds.first().copied().filter(|_| row.kinds.len() > 1), namespace);
        if let Some(right) = cluster.missing(&needed).await {
            missing.insert(row.action, right);
        }
    }
    missing
}
