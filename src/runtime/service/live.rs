//! A cluster as a source: connected to in the background, so that the screen opens at once.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::action_log::ActionLog;
use super::bundle::{self, BundleRequest};
use super::errands::Errands;
use super::fetching::Fetching;
use super::lookout::Lookout;
use super::recorder::Recorder;
use super::request::{Outlet, Request};
use crate::app::message::{Message, Session, SourceKind, SourceNews};
use crate::cluster::clock::Now;
use crate::cluster::{Cluster, Options, Terminal, connect};
use crate::limits;
use crate::model::surroundings::Sought;
use crate::recording::recent::Recent;
use crate::runtime::clock::{Clock, machine};
use crate::runtime::probing::resolvers::Resolvers;
use crate::runtime::source::scene::around;
use crate::text::clean;
use crate::watch::discover::{Wish, choose};
use crate::watch::logs::Logs;
use crate::watch::{Lately, Scope, Watches, spawn_and_keep};

/// How often the machine's clock is set right by the cluster's.
const SET_CLOCK: Duration = Duration::from_secs(5);

/// How long to wait before connecting is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// How the dashboard is served by a cluster, whichever it is.
#[derive(Debug)]
pub struct Service {
    /// Which part of the cluster.
    pub wish: Wish,
    /// The clock by which its state is judged; set right by the cluster's own.
    pub clock: Clock,
    /// Where news go.
    pub out: Outlet,
    /// What is asked for.
    pub requests: mpsc::Receiver<Request>,
    /// Whom probes ask.
    pub resolvers: Resolvers,
}

impl Service {
    /// Watches the cluster of a kubeconfig until the outlet closes, and then brings to an end what was begun there.
    pub async fn connect(self, options: Options) {
        let session = Session { read_only: options.read_only, ..Session::default() };
        // How far the cluster's clock is ahead is measured against the machine's own, not against the corrected one.
        let machine: Now = Arc::new(machine);
        let options = Options { terminal: Terminal::Taken, ..options };
        let connected = async {
            loop {
                match connect(options.clone(), Arc::clone(&machine)).await {
                    Ok(cluster) => break cluster,
                    Err(error) => self.out.fail(error.to_string()).await,
                }
                // A kubeconfig can be written while cmtop waits for it.
                tokio::time::sleep(AGAIN).await;
            }
        };
        let Some(cluster) = self.out.unless_closed(connected).await else { return };
        self.watch(cluster, session).await;
    }

    /// Watches a cluster until the outlet closes, and then brings to an end what was begun there.
    pub async fn watch(self, cluster: Cluster, session: Session) {
        let Self { wish, clock, out, requests, resolvers } = self;
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
        session.notice = None;
        let kept: Lately = Arc::new(Mutex::new(Recent::begin(clock.now())));
        let watches = spawn_and_keep(&cluster, &choice.scope, &clock.reader(), &out.batches, &kept);
        let messages = || out.messages.clone();
        let recordings = out.evidence.join("recordings");
        let log = ActionLog { file: out.action_log.clone(), context: session.context.clone() };
        let attendant = Attendant {
            lookout: Lookout::new(resolvers, cluster.clone(), messages()),
            recorder: Recorder::new(cluster.clone(), choice.scope.clone(), clock.clone(), recordings, messages()),
            logs: Logs::new(cluster.clone(), clock.reader(), out.batches.clone()),
            errands: Errands::new(cluster.clone(), clock.reader(), log, messages()),
            fetching: Fetching::new(cluster.clone(), Arc::clone(&kept), session.source != SourceKind::Demo, messages()),
            bundles: JoinSet::new(),
            scope: choice.scope,
            session,
            watches,
            cluster,
            clock,
            kept,
            out,
        };
        attendant.attend(requests).await;
    }
}

/// Everything that goes on beside the watches of a cluster because the dashboard asked for it.
struct Attendant {
    cluster: Cluster,
    scope: Scope,
    session: Session,
    clock: Clock,
    out: Outlet,
    watches: Watches,
    /// What was watched lately: it goes with a bundle.
    kept: Lately,
    lookout: Lookout,
    logs: Logs,
    errands: Errands,
    fetching: Fetching,
    recorder: Recorder,
    bundles: JoinSet<()>,
}

impl Attendant {
    /// Keeps the clock right and does what is asked for. When nobody looks any more, it begins nothing, and ends when
    /// everything that was begun has come to its own end.
    async fn attend(mut self, mut requests: mpsc::Receiver<Request>) {
        let (cluster, batches) = (self.cluster.clone(), self.out.batches.clone());
        let mut version = pin!(cluster.kubernetes());
        let (mut told, mut closed) = (false, false);
        loop {
            if self.session.source == SourceKind::Cluster
                && let Some(ahead) = self.cluster.clock.get()
            {
                self.clock.set_offset(ahead);
            }
            tokio::select! {
                request = requests.recv() => match request {
                    Some(request) => self.begin(request),
                    None => break,
                },
                () = tokio::time::sleep(SET_CLOCK) => {}
                // A server that is slow to say its version must not keep a person's requests waiting.
                version = &mut version, if !told => {
                    told = true;
                    if let Ok(kubernetes) = version {
                        let session = Session { kubernetes, ..self.session.clone() };
                        let _ = self.out.messages.send(Message::Source(SourceNews::Session(session))).await;
                    }
                }
                // What was asked for before that is still heard.
                () = batches.closed(), if !closed => {
                    closed = true;
                    requests.close();
                }
            }
        }
        self.finish().await;
    }

    /// Begins what is asked for; the answer comes as a message.
    fn begin(&mut self, request: Request) {
        match request {
            Request::Resync => self.watches.resync(),
            Request::Keep(annotations) => self.watches.keep(&annotations),
            Request::Probe(target) => self.lookout.look(*target),
            Request::LookAround(sought) => self.look_around(sought),
            Request::Preflight(application) => self.lookout.check(*application),
            Request::EndProbe => self.lookout.end(),
            Request::Fetch(fetch) => self.fetching.begin(*fetch),
            Request::Action(errand) => self.errands.begin(errand),
            Request::Logs(wanted) => self.logs.follow(&wanted),
            Request::Record => self.recorder.turn(),
            Request::Bundle(wanted) => self.bundle(wanted),
        }
    }

    fn bundle(&mut self, wanted: BundleRequest) {
        while self.bundles.try_join_next().is_some() {}
        let (cluster, scope, clock) = (self.cluster.clone(), self.scope.clone(), self.clock.clone());
        let (messages, kept) = (self.out.messages.clone(), Arc::clone(&self.kept));
        self.bundles.spawn(async move {
            let told = bundle::write(&cluster, &scope, &clock, kept, wanted).await;
            let _ = messages.send(Message::Bundled(told)).await;
        });
    }

    /// Looks for what stands around cert-manager, beside everything else; what is found comes as news.
    fn look_around(&self, sought: Sought) {
        let (cluster, clock, batches) = (self.cluster.clone(), self.clock.clone(), self.out.batches.clone());
        tokio::spawn(async move {
            let found = cluster.look_around(&sought, clock.now()).await;
            let _ = batches.send(around(found, clock.now())).await;
        });
    }

    /// What only looks is ended; what writes is brought to its end.
    async fn finish(mut self) {
        drop((self.lookout, self.logs, self.fetching));
        let written = async {
            let _ = timeout(limits::LAST_WORK, async { while self.bundles.join_next().await.is_some() {} }).await;
        };
        tokio::join!(self.errands.finish(), self.recorder.finish(), written);
    }
}
