//! [`Lookout`]: the probe that the dashboard shows, repeated with patience until somebody turns away.

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::app::message::Message;
use crate::app::probes::seen::{ProbeNews, Seen};
use crate::cluster::Cluster;
use crate::probe::preflight::{Application, Preflight};
use crate::probe::schedule::Rhythm;
use crate::probe::survey;
use crate::probe::target::Target;
use crate::probe::verdict::Standing;
use crate::runtime::probing::resolvers::Resolvers;
use crate::runtime::probing::{Goal, heed, object};

/// How often a preflight is made again at most.
const PREFLIGHT: std::time::Duration = std::time::Duration::from_secs(30);

/// Looks at one Challenge at a time.
#[derive(Debug)]
pub struct Lookout {
    resolvers: Resolvers,
    cluster: Cluster,
    messages: mpsc::Sender<Message>,
    looking: Option<JoinHandle<()>>,
}

impl Lookout {
    /// Looks at nothing yet.
    pub const fn new(resolvers: Resolvers, cluster: Cluster, messages: mpsc::Sender<Message>) -> Self {
        Self { resolvers, cluster, messages, looking: None }
    }

    /// Looks at a Challenge, and no more at the one before.
    pub fn look(&mut self, target: Target) {
        self.end();
        let (resolvers, cluster, messages) = (self.resolvers.clone(), self.cluster.clone(), self.messages.clone());
        self.looking = Some(tokio::spawn(async move { repeat(&resolvers, &cluster, &target, &messages).await }));
    }

    /// Looks at what a Certificate asks for, and no more at what was before.
    pub fn check(&mut self, application: Application) {
        self.end();
        let (resolvers, messages) = (self.resolvers.clone(), self.messages.clone());
        self.looking = Some(tokio::spawn(async move { check(&resolvers, &application, &messages).await }));
    }

    /// Looks no more.
    pub fn end(&mut self) {
        if let Some(looking) = self.looking.take() {
            looking.abort();
        }
    }
}

impl Drop for Lookout {
    fn drop(&mut self) {
        self.end();
    }
}

async fn repeat(resolvers: &Resolvers, cluster: &Cluster, target: &Target, messages: &mpsc::Sender<Message>) {
    let task = object::task(resolvers, Some(cluster), target).await;
    let mut rhythm = Rhythm::default();
    // Who may issue rarely changes: it is asked once, after the first look.
    let mut permission = None;
    let news = |seen, whole| Message::Probe(Box::new(ProbeNews { object: target.object.clone(), seen, whole }));
    loop {
        // What lands is shown where there is room; the end of a round is never left out.
        let first = rhythm.looks() == 0;
        let show = |seen| {
            if first {
                drop(messages.try_send(news(seen, false)));
            }
        };
        if rhythm.looks() == 1 {
            permission = task.permission().await;
        }
        let seen = match &task.goal {
            Goal::Dns01(plan) => {
                let look = survey::dns01::look(&task.reach, plan, |it| show(Seen::Dns01(Box::new(it.clone()))));
                let mut report = look.await;
                heed(permission.clone(), &mut report.verdict, &mut report.notes);
                Seen::Dns01(Box::new(report))
            }
            Goal::Http01(plan) => {
                let look = task.look_at_web(plan, |it| show(Seen::Http01(Box::new(it.clone()))));
                let mut web = look.await;
                heed(permission.clone(), &mut web.verdict, &mut web.notes);
                Seen::Http01(Box::new(web))
            }
            Goal::Caa(..) | Goal::Served(_) | Goal::Preflight(_) => return,
        };
        let heard = seen.verdict().standing != Standing::Blind;
        if messages.send(news(seen, true)).await.is_err() {
            return;
        }
        tokio::time::sleep(rhythm.next(heard)).await;
    }
}

/// Checks each name of a Certificate, and shows each as it is done. Again with patience: a record may be mended meanwhile.
async fn check(resolvers: &Resolvers, application: &Application, messages: &mpsc::Sender<Message>) {
    let (reach, wanted) = (resolvers.reach(), object::wanted(resolvers, application));
    let object = &application.object;
    let news = |names: &[Preflight], whole| {
        let seen = Seen::Preflight(names.to_vec());
        Message::Probe(Box::new(ProbeNews { object: object.clone(), seen, whole }))
    };
    let mut rhythm = Rhythm::default();
    loop {
        let mut names = Vec::new();
        for wanted in &wanted {
            names.push(survey::preflight::look(&reach, wanted).await);
            if rhythm.looks() == 0 {
                drop(messages.try_send(news(&names, false)));
            }
        }
        let heard = names.iter().any(|name| name.verdict.standing != Standing::Blind);
        if messages.send(news(&names, true)).await.is_err() {
            return;
        }
        tokio::time::sleep(rhythm.next(heard).max(PREFLIGHT)).await;
    }
}
