//! A story, a client, and a model: the parts that an action needs, with the clock in the hand of the test.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::action::Action;
use cmtop::action::plan::{Plan, Words, plan};
use cmtop::action::report::Report;
use cmtop::cluster::guard::Guard;
use cmtop::cluster::{Cluster, Names, Now};
use cmtop::limits;
use cmtop::model::Model;
use cmtop::model::id::ObjectKey;
use cmtop::model::kind::Kind;
use cmtop::model::symbol::Symbol;
use cmtop::runtime::source::gather::gather;
use cmtop::sim::{Api, ApiBody, Cluster as Sim, Options, Recorded, Story, World, run};
use cmtop::watch::{Scope, spawn};
use futures::future::BoxFuture;
use http::{HeaderValue, Request, Response};
use serde_json::Value;
use tokio::sync::mpsc;

pub(crate) struct Yard {
    pub(crate) world: World,
    pub(crate) model: Model,
    pub(crate) wire: Wire,
}

/// What somebody else does in between.
type Meanwhile = Box<dyn FnOnce() + Send>;

/// The way to the API server: it can lose what it carries, and say who is asking.
#[derive(Clone)]
pub(crate) struct Wire {
    api: Api,
    user: Option<&'static str>,
    /// Writes whose answers are lost after they arrived, and writes that are lost before.
    pub(crate) lost_answers: Arc<AtomicUsize>,
    pub(crate) lost_requests: Arc<AtomicUsize>,
    /// Done once, just before the next write arrives.
    pub(crate) before_write: Arc<Mutex<Option<Meanwhile>>>,
}

fn take(counter: &AtomicUsize) -> bool {
    counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

impl<B> tower::Service<Request<B>> for Wire
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
{
    type Response = Response<ApiBody>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let writes = request.method() != http::Method::GET && request.method() != http::Method::POST;
        if let Some(user) = self.user {
            request.headers_mut().insert("impersonate-user", HeaderValue::from_static(user));
        }
        if writes && take(&self.lost_requests) {
            return Box::pin(async { Err("connection reset by peer".into()) });
        }
        if writes && let Some(meanwhile) = self.before_write.lock().unwrap().take() {
            meanwhile();
        }
        let lost = writes && take(&self.lost_answers);
        let answer = tower::Service::call(&mut self.api, request);
        Box::pin(async move {
            let answer: Result<Response<ApiBody>, Infallible> = answer.await;
            if lost { Err("connection reset by peer".into()) } else { Ok(answer?) }
        })
    }
}

pub(crate) fn key(kind: Kind, namespace: &str, name: &str) -> ObjectKey {
    ObjectKey { kind, namespace: Symbol::from(namespace), name: Box::from(name) }
}

pub(crate) fn certificate(namespace: &str, name: &str) -> ObjectKey {
    key(Kind::Certificate, namespace, name)
}

impl Yard {
    /// A story that has gone on for a while.
    pub(crate) async fn of(story: &Story, seconds: i64, options: Options) -> Self {
        let world = run(story, options).unwrap();
        let wire = Wire {
            api: world.cluster().service(),
            user: None,
            lost_answers: Arc::default(),
            lost_requests: Arc::default(),
            before_write: Arc::default(),
        };
        let mut yard = Self { world, model: Model::default(), wire };
        yard.pass(seconds).await;
        yard
    }

    /// The default story after a minute: a bit of everything goes wrong.
    pub(crate) async fn busy() -> Self {
        Self::of(&Story::named("busy-night").unwrap(), 60, Options::default()).await
    }

    /// Three certificates whose requests nobody approves.
    pub(crate) async fn unapproved() -> Self {
        let story = "objects: [{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: selfsigned}, spec: {selfSigned: {}}}]\n\
            certificates:\n\
            - {name: shop/www, issuer: ClusterIssuer/selfsigned, dnsNames: [www.shop.example], at: -5m}\n\
            - {name: shop/api, issuer: ClusterIssuer/selfsigned, dnsNames: [api.shop.example], at: -5m}\n\
            steps: [{at: -10m, settings: {approver: false}}]\n";
        Self::of(&Story::parse(story).unwrap(), 10, Options::default()).await
    }

    pub(crate) fn sim(&self) -> &Sim {
        self.world.cluster()
    }

    pub(crate) fn moment(&self) -> DateTime<Utc> {
        self.world.clock().now()
    }

    pub(crate) fn now(&self) -> Now {
        let clock = self.world.clock().clone();
        Arc::new(move || clock.now())
    }

    pub(crate) fn cluster(&self) -> Cluster {
        self.guarded(Guard::Open)
    }

    pub(crate) fn guarded(&self, guard: Guard) -> Cluster {
        Cluster::guarded_in_process(self.wire.clone(), Names::default(), self.now(), guard)
    }

    pub(crate) fn as_user(&self, user: &'static str) -> Cluster {
        let wire = Wire { user: Some(user), ..self.wire.clone() };
        Cluster::guarded_in_process(wire, Names::default(), self.now(), Guard::Open)
    }

    /// The controllers work for a while; then everything is read anew.
    pub(crate) async fn pass(&mut self, seconds: i64) {
        // What was written since the last time is noticed at the moment up to which the controllers work.
        self.world.work_until(self.moment());
        let moment = self.moment() + TimeDelta::seconds(seconds);
        self.world.work_until(moment);
        self.world.clock().skip_to(moment);
        self.read().await;
    }

    pub(crate) async fn read(&mut self) {
        let cluster = Cluster::in_process(self.world.cluster().service(), Names::default(), self.now());
        let (out, mut batches) = mpsc::channel(limits::QUEUE);
        let watches = spawn(&cluster, &Scope::default(), &self.now(), &out);
        self.model = Model::default();
        gather(&mut self.model, &mut batches, watches.len()).await;
    }

    pub(crate) fn plan(&self, action: Action, object: &ObjectKey) -> Result<Plan, String> {
        plan(&self.model, action, object, &Words::default(), self.moment())
    }

    /// Plans and does an action as a script does it.
    pub(crate) async fn act(&self, action: Action, object: &ObjectKey) -> Report {
        let plan = self.plan(action, object).unwrap().in_any_state();
        self.cluster().perform(&plan, &self.now()).await
    }

    pub(crate) fn object(&self, key: &ObjectKey) -> Option<Value> {
        self.sim().object(key.kind.name(), &key.namespace, &key.name)
    }

    /// The writes that arrived since a number of requests.
    pub(crate) fn writes(&self, since: usize) -> Vec<Recorded> {
        let requests = self.sim().requests().into_iter().skip(since);
        requests.filter(|request| request.method != "GET" && request.method != "POST").collect()
    }

    pub(crate) fn asked(&self) -> usize {
        self.sim().requests().len()
    }

    /// The object that an action on another one means.
    pub(crate) fn below(&self, action: Action, object: &ObjectKey) -> ObjectKey {
        cmtop::action::choose::target(&self.model, action, object).unwrap()
    }
}

pub(crate) fn body(request: &Recorded) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}
