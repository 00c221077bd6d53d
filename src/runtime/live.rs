//! A cluster as a source: connected to in the background, so that the screen opens at once.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::action_log::ActionLog;
use super::bundle;
use super::clock::Clock;
use super::errands::Errands;
use super::fetching::Fetching;
use super::probing::repeat::Lookout;
use super::probing::world::World;
use super::recorder::Recorder;
use crate::action::errand::Errand;
use crate::app::fetch::Fetch;
use crate::app::message::{Message, Session, SourceKind, SourceNews};
use crate::cluster::clock::Now;
use crate::cluster::{Cluster, Options, Terminal, connect};
use crate::limits;
use crate::model::Batch;
use crate::model::logs::Voice;
use crate::model::surroundings::Sought;
use crate::probe::preflight::Application;
use crate::probe::target::Target;
use crate::recording::recent::Recent;
use crate::text::clean;
use crate::watch::discover::{Wish, choose};
use crate::watch::logs::Logs;
use crate::watch::{Lately, Scope, Watches, spawn_and_keep};

/// How often the machine's clock is set right by the cluster's.
const SET_CLOCK: Duration = Duration::from_secs(5);

/// How long to wait before connecting is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Where news go.
#[derive(Debug, Clone)]
pub struct Outlet {
    /// News of objects.
    pub batches: mpsc::Sender<Batch>,
    /// News of the source.
    pub messages: mpsc::Sender<Message>,
    /// Where actions are noted.
    pub action_log: Option<PathBuf>,
    /// Where recordings and bundles go.
    pub evidence: PathBuf,
}

impl Outlet {
    /// Says why there is no source.
    pub async fn fail(&self, why: String) {
        let _ = self.messages.send(Message::Source(SourceNews::Failed(why))).await;
    }

    /// Does something, unless nobody takes the news any more before it is done.
    pub async fn unless_closed<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.batches.closed() => None,
        }
    }
}

/// What a source is asked for while it runs.
#[derive(Debug, Clone)]
pub enum Request {
    /// List everything again.
    Resync,
    /// Keep these annotations of objects, and no others.
    Keep(Vec<String>),
    /// Look for what stands around cert-manager.
    LookAround(Sought),
    /// Look at what a Challenge wants to be seen, again and again.
    Probe(Box<Target>),
    /// Look at what a Certificate asks for, before there is a Challenge.
    Preflight(Box<Application>),
    /// Look no more.
    EndProbe,
    /// Read an object.
    Fetch(Box<Fetch>),
    /// Look at an action, or do it.
    Action(Errand),
    /// Follow these logs, and no others.
    Logs(Vec<Voice>),
    /// Begin a recording, or end the one that runs.
    Record,
    /// Write the bundle of a Certificate.
    Bundle(bundle::Wish),
}

/// The clock as the rims want it.
pub fn now(clock: &Clock) -> Now {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}

/// Watches the cluster of a kubeconfig until the outlet closes, and then brings to an end what was begun there.
pub async fn run(
    options: Options,
    wish: Wish,
    read_only: bool,
    clock: Clock,
    out: Outlet,
    requests: mpsc::Receiver<Request>,
    world: World,
) {
    // How far the cluster's clock is ahead is measured against the machine's own, not against the corrected one.
    let machine: Now = Arc::new(super::clock::machine);
    let options = Options { terminal: Terminal::Taken, ..options };
    let connected = async {
        loop {
            match connect(options.clone(), Arc::clone(&machine)).await {
                Ok(cluster) => break cluster,
                Err(error) => out.fail(error.to_string()).await,
            }
            // A kubeconfig can be written while cmtop waits for it.
            tokio::time::sleep(AGAIN).await;
        }
    };
    let Some(cluster) = out.unless_closed(connected).await else { return };
    let session = Session { read_only, ..Session::default() };
    watch(cluster, wish, session, clock, out, requests, world).await;
}

/// Watches a cluster until the outlet closes, and then brings to an end what was begun there.
pub async fn watch(
    cluster: Cluster,
    wish: Wish,
    session: Session,
    clock: Clock,
    out: Outlet,
    mut requests: mpsc::Receiver<Request>,
    world: World,
) {
    let Some(choice) = out.unless_closed(choose(&cluster, wish)).await else { return };
    let names = &cluster.names;
    let mut session = Session {
        context: clean(names.context.as_deref().unwrap_or(&names.cluster), limits::NAME).into_owned(),
        cluster: clean(&names.cluster, limits::NAME).into_owned(),
        user: clean(&names.user, limits::NAME).into_owned(),
        namespaces: choice.scope.namespaces.clone(),
        selector: choice.scope.selector.clone(),
        ..session
    };
    session.notice = choice
        .missing
        .as_ref()
        .map(|right| format!("you may not {right}: showing namespace {} only", choice.scope.namespaces.join(", ")));
    if out.messages.send(Message::Source(SourceNews::Session(session.clone()))).await.is_err() {
        return;
    }
    let kept: Lately = Arc::new(Mutex::new(Recent::begin(clock.now())));
    let watches = spawn_and_keep(&cluster, &choice.scope, &now(&clock), &out.batches, &kept);
    session.notice = None;
    let lookout = Lookout::new(world, cluster.clone(), out.messages.clone());
    let recordings = out.evidence.join("recordings");
    let messages = out.messages.clone();
    let recorder = Recorder::new(cluster.clone(), choice.scope.clone(), clock.clone(), recordings, messages);
    let helpers = (lookout, recorder, choice.scope, kept);
    attend(&watches, &cluster, session, &clock, &out, &mut requests, helpers).await;
}

/// Keeps the watches alive, the clock right, and does what is asked for. When nobody looks any more, it begins nothing,
/// and ends when everything that was begun has come to its own end.
async fn attend(
    watches: &Watches,
    cluster: &Cluster,
    session: Session,
    clock: &Clock,
    out: &Outlet,
    requests: &mut mpsc::Receiver<Request>,
    (mut lookout, mut recorder, scope, kept): (Lookout, Recorder, Scope, Lately),
) {
    let mut bundles = JoinSet::new();
    let log = ActionLog { file: out.action_log.clone(), context: session.context.clone() };
    let mut logs = Logs::new(cluster.clone(), now(clock), out.batches.clone());
    let mut errands = Errands::new(cluster.clone(), now(clock), log, out.messages.clone());
    let outside = session.source != SourceKind::Demo;
    let mut fetching = Fetching::new(cluster.clone(), Arc::clone(&kept), outside, out.messages.clone());
    let mut version = pin!(cluster.kubernetes());
    let (mut told, mut closed) = (false, false);
    loop {
        if session.source == SourceKind::Cluster
            && let Some(ahead) = cluster.clock.get()
        {
            clock.set_offset(ahead);
        }
        tokio::select! {
            request = requests.recv() => match request {
                Some(Request::Resync) => watches.resync(),
                Some(Request::Keep(annotations)) => watches.keep(&annotations),
                Some(Request::Probe(target)) => lookout.look(*target),
                Some(Request::LookAround(sought)) => look_around(cluster, sought, clock, out),
                Some(Request::Preflight(application)) => lookout.check(*application),
                Some(Request::EndProbe) => lookout.end(),
                Some(Request::Fetch(fetch)) => fetching.begin(*fetch),
                Some(Request::Action(errand)) => errands.begin(errand),
                Some(Request::Logs(wanted)) => logs.follow(&wanted),
                Some(Request::Record) => recorder.turn(),
                Some(Request::Bundle(wish)) => {
                    while bundles.try_join_next().is_some() {}
                    let (cluster, scope, clock) = (cluster.clone(), scope.clone(), clock.clone());
                    let (messages, kept) = (out.messages.clone(), Arc::clone(&kept));
                    bundles.spawn(async move {
                        let told = bundle::of_dashboard(&cluster, &scope, &clock, kept, wish).await;
                        let _ = messages.send(Message::Bundled(told)).await;
                    });
                }
                None => break,
            },
            () = tokio::time::sleep(SET_CLOCK) => {}
            // A server that is slow to say its version must not keep a person's requests waiting.
            version = &mut version, if !told => {
                told = true;
                if let Ok(kubernetes) = version {
                    let session = Session { kubernetes, ..session.clone() };
                    let _ = out.messages.send(Message::Source(SourceNews::Session(session))).await;
                }
            }
            // What was asked for before that is still heard.
            () = out.batches.closed(), if !closed => {
                closed = true;
                requests.close();
            }
        }
    }
    drop((lookout, logs, fetching));
    let written = async {
        let _ = timeout(limits::LAST_WORK, async { while bundles.join_next().await.is_some() {} }).await;
    };
    tokio::join!(errands.finish(), recorder.finish(), written);
}

/// Looks for what stands around cert-manager, beside everything else; what is found comes as news.
fn look_around(cluster: &Cluster, sought: Sought, clock: &Clock, out: &Outlet) {
    let (cluster, clock, batches) = (cluster.clone(), clock.clone(), out.batches.clone());
    tokio::spawn(async move {
        let found = cluster.look_around(&sought, clock.now()).await;
        let _ = batches.send(super::scene::around(found, clock.now())).await;
    });
}
