//! What the screen asks to be done to the cluster: rights, checks, and the actions themselves, each in a task.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

use super::action_log::ActionLog;
use crate::action::errand::{ActionNews, Errand};
use crate::action::{ACTIONS, right};
use crate::app::message::Message;
use crate::cluster::Cluster;
use crate::cluster::clock::Now;
use crate::limits;

/// Does errands for one cluster; what is under way ends with it.
#[derive(Debug)]
pub struct Errands {
    cluster: Cluster,
    now: Clock,
    log: ActionLog,
    out: Sender<Message>,
    tasks: JoinSet<()>,
    /// Tickets whose rest is not wanted any more.
    stopped: Arc<Mutex<HashSet<u64>>>,
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
        Self { cluster, now: Clock(now), log, out, tasks: JoinSet::new(), stopped: Arc::default() }
    }

    /// Begins an errand; it answers by messages.
    pub fn begin(&mut self, errand: Errand) {
        while self.tasks.try_join_next().is_some() {}
        let errand = match errand {
            Errand::Stop(ticket) => {
                self.stopped.lock().unwrap_or_else(PoisonError::into_inner).insert(ticket);
                return;
            }
            errand => errand,
        };
        let (cluster, now, log) = (self.cluster.clone(), self.now.0.clone(), self.log.clone());
        let (out, stopped) = (self.out.clone(), Arc::clone(&self.stopped));
        let tell = move |news| {
            let out = out.clone();
            async move { out.send(Message::Action(news)).await.is_ok() }
        };
        self.tasks.spawn(async move {
            match errand {
                Errand::Rights(namespace) => {
                    let missing = rights(&cluster, &namespace).await;
                    tell(ActionNews::Rights(namespace, missing)).await;
                }
                Errand::Check(ticket, plan) => {
                    let checks = cluster.check(&plan, &now).await;
                    tell(ActionNews::Checked(ticket, checks)).await;
                }
                Errand::Perform(ticket, plans) => {
                    let gone = |ticket| stopped.lock().unwrap_or_else(PoisonError::into_inner).contains(&ticket);
                    for (i, plan) in plans.iter().enumerate() {
                        if i > 0 {
                            tokio::time::sleep(limits::ACTION_PACE).await;
                        }
                        if gone(ticket) {
                            break;
                        }
                        let report = cluster.perform(plan, &now).await;
                        log.note(&report);
                        if !tell(ActionNews::Reported(ticket, report)).await {
                            return;
                        }
                    }
                    tell(ActionNews::Ended(ticket)).await;
                    stopped.lock().unwrap_or_else(PoisonError::into_inner).remove(&ticket);
                }
                Errand::Stop(_) => {}
            }
        });
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
