//! A scripted API server: it answers as a real one does (`tests/apiserver`), keeps what it was asked, and fails on demand.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use cmtop::model::meta::Version;
use futures::channel::mpsc;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use http::{Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use kube::client::Body;
use serde_json::{Value, json};
use tokio::time::Instant;
use tower::{BoxError, Service};

type AnswerBody = UnsyncBoxBody<Bytes, BoxError>;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) at: Instant,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) accept: String,
}

impl Asked {
    pub(crate) fn is_watch(&self) -> bool {
        self.query.contains("watch=true")
    }

    pub(crate) fn is_stream(&self) -> bool {
        self.query.contains("sendInitialEvents=true")
    }
}

/// What goes wrong with one request.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Nothing: it is answered as usual.
    Nothing,
    /// An answer from a file of `tests/apiserver`.
    Recorded(&'static str),
    /// A `Status` with a code and a message.
    Status(u16, &'static str),
    /// 429, with `Retry-After`.
    Busy(u64),
    /// The watch is accepted, says this, and ends.
    Says(String),
    /// The watch is accepted, says this, and nothing more ever.
    SaysAndHangs(String),
    /// A streaming list without the bookmark that ends it.
    NoEnd,
    /// No answer, ever.
    Mute,
    /// The connection breaks with an error in the middle of this.
    Breaks(String),
}

#[derive(Default)]
struct State {
    version: u64,
    objects: BTreeMap<String, BTreeMap<String, Value>>,
    history: Vec<(u64, String, Value)>,
    watchers: Vec<(String, mpsc::Sender<Bytes>)>,
    asked: Vec<Asked>,
    faults: HashMap<String, VecDeque<Fault>>,
    always: HashMap<String, Fault>,
    streaming: bool,
    page: usize,
}

/// A server that can be shared with a client.
#[derive(Clone)]
pub(crate) struct Server(Arc<Mutex<State>>);

pub(crate) const CERTIFICATES: &str = "/apis/cert-manager.io/v1/certificates";
pub(crate) const ORDERS: &str = "/apis/acme.cert-manager.io/v1/orders";
pub(crate) const SECRETS: &str = "/api/v1/secrets";

impl Server {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { version: 100, streaming: true, page: 500, ..State::default() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// A server that does not stream lists, and gives pages of this size whatever is asked for.
    pub(crate) fn without_streaming(page: usize) -> Self {
        let server = Self::new();
        (server.state().streaming, server.state().page) = (false, page);
        server
    }

    /// The next requests to a path fail, one after the other.
    pub(crate) fn next(&self, path: &str, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults.entry(path.to_owned()).or_default().extend(faults);
    }

    /// All requests to a path fail until told otherwise.
    pub(crate) fn always(&self, path: &str, fault: Option<Fault>) {
        match fault {
            Some(fault) => self.state().always.insert(path.to_owned(), fault),
            None => self.state().always.remove(path),
        };
    }

    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        self.state().asked.iter().filter(|asked| asked.path == path).cloned().collect()
    }

    pub(crate) fn all_asked(&self) -> Vec<Asked> {
        self.state().asked.clone()
    }

    /// Puts an object in, and tells it to who watches.
    pub(crate) fn put(&self, path: &str, namespace: &str, name: &str, mut object: Value) {
        let mut state = self.state();
        state.version += 1;
        let version = state.version;
        let key = format!("{namespace}/{name}");
        let known = state.objects.get(path).and_then(|all| all.get(&key)).cloned();
        let uid = known.as_ref().map_or_else(
            || format!("00000000-0000-4000-8000-{version:012}"),
            |known| known["metadata"]["uid"].as_str().unwrap().to_owned(),
        );
        let meta = object.as_object_mut().unwrap().entry("metadata").or_insert_with(|| json!({}));
        meta["name"] = name.into();
        if !namespace.is_empty() {
            meta["namespace"] = namespace.into();
        }
        meta["uid"] = uid.into();
        meta["resourceVersion"] = version.to_string().into();
        meta["creationTimestamp"] = "2026-11-22T16:00:00Z".into();
        meta["managedFields"] = json!([{"manager": "cert-manager", "operation": "Update"}]);
        state.objects.entry(path.to_owned()).or_default().insert(key, object.clone());
        state.tell(path, if known.is_some() { "MODIFIED" } else { "ADDED" }, &object);
    }

    pub(crate) fn delete(&self, path: &str, namespace: &str, name: &str) {
        let mut state = self.state();
        state.version += 1;
        let mut object = state.objects.get_mut(path).unwrap().remove(&format!("{namespace}/{name}")).unwrap();
        object["metadata"]["resourceVersion"] = state.version.to_string().into();
        state.tell(path, "DELETED", &object);
    }

    /// Changes that nobody is told of: what happens while a client is cut off for too long.
    pub(crate) fn silently(&self, change: impl FnOnce(&Self)) {
        let (watchers, kept) = {
            let mut state = self.state();
            (std::mem::take(&mut state.watchers), state.history.len())
        };
        change(self);
        let mut state = self.state();
        state.history.truncate(kept);
        state.watchers = watchers;
    }

    /// Ends every watch of a path, as a server does that restarts.
    pub(crate) fn cut(&self, path: &str) {
        self.state().watchers.retain(|(watched, _)| watched != path);
    }

    /// Says a line to who watches a path.
    pub(crate) fn say(&self, path: &str, line: &str) {
        let line = Bytes::from(format!("{line}\n"));
        for (_, watcher) in self.state().watchers.iter_mut().filter(|(watched, _)| watched == path) {
            let _ = watcher.try_send(line.clone());
        }
    }

    /// `namespace/name` and version of everything below a path.
    pub(crate) fn objects(&self, path: &str) -> HashMap<String, Version> {
        let version = |object: &Value| Version::parse(object["metadata"]["resourceVersion"].as_str().unwrap());
        let state = self.state();
        state.objects.get(path).into_iter().flatten().map(|(key, object)| (key.clone(), version(object))).collect()
    }

    fn answer(&self, request: &Request<Body>) -> Option<Response<AnswerBody>> {
        let (path, query) = (request.uri().path().to_owned(), request.uri().query().unwrap_or_default().to_owned());
        let accept = request.headers().get("accept").map_or("", |a| a.to_str().unwrap()).to_owned();
        let asked = Asked { at: Instant::now(), path: path.clone(), query, accept };
        let mut state = self.state();
        state.asked.push(asked.clone());
        let fault = state.faults.get_mut(&path).and_then(VecDeque::pop_front).or(state.always.get(&path).cloned());
        match fault {
            Some(Fault::Mute) => None,
            Some(fault) => Some(state.fail(fault, &asked)),
            None => Some(state.serve(&asked)),
        }
    }
}

impl State {
    fn tell(&mut self, path: &str, op: &str, object: &Value) {
        let narrow = narrowed(path, object["metadata"]["namespace"].as_str().unwrap_or_default());
        let event = json!({"type": op, "object": object});
        let line = Bytes::from(line(&event));
        self.history.push((self.version, path.to_owned(), event));
        for (watched, watcher) in &mut self.watchers {
            if watched == path || *watched == narrow {
                let _ = watcher.try_send(line.clone());
            }
        }
    }

    fn fail(&mut self, fault: Fault, asked: &Asked) -> Response<AnswerBody> {
        match fault {
            Fault::Recorded(file) => recorded(file),
            Fault::Status(code, message) => status(code, message),
            Fault::Busy(seconds) => {
                let mut answer = status(429, "too many requests");
                answer.headers_mut().insert("Retry-After", seconds.into());
                answer
            }
            Fault::Says(text) => ok(Full::new(Bytes::from(text)).map_err(Into::into).boxed_unsync()),
            Fault::SaysAndHangs(text) => {
                let said = futures::stream::once(async { Ok(Frame::data(Bytes::from(text))) });
                ok(StreamBody::new(said.chain(futures::stream::pending())).boxed_unsync())
            }
            Fault::Breaks(text) => {
                let said = vec![Ok(Frame::data(Bytes::from(text))), Err(BoxError::from("connection reset by peer"))];
                ok(StreamBody::new(futures::stream::iter(said)).boxed_unsync())
            }
            Fault::NoEnd => self.watch(asked, self.initial(asked)),
            Fault::Nothing => self.serve(asked),
            Fault::Mute => unreachable!(),
        }
    }

    fn serve(&mut self, asked: &Asked) -> Response<AnswerBody> {
        if asked.path.ends_with("selfsubjectaccessreviews") {
            return recorded("ssar-allowed");
        }
        if asked.path == "/version" {
            return recorded("version");
        }
        if asked.is_stream() && !self.streaming {
            return recorded("watch-streaming-list-bad");
        }
        if asked.is_stream() {
            let mut lines = self.initial(asked);
            let end = json!({"k8s.io/initial-events-end": "true"});
            let meta = json!({"resourceVersion": self.version.to_string(), "annotations": end});
            let kind = json!({"kind": "Any", "apiVersion": "v1", "metadata": meta});
            lines += &line(&json!({"type": "BOOKMARK", "object": kind}));
            return self.watch(asked, lines);
        }
        if asked.is_watch() {
            let since: u64 = parameter(&asked.query, "resourceVersion").unwrap().parse().unwrap();
            let (base, namespace) = split(&asked.path);
            let missed = self.history.iter().filter(|(version, path, event)| {
                *version > since && *path == base && in_namespace(&event["object"], &namespace)
            });
            let lines: Vec<String> = missed.map(|(_, _, event)| line(event)).collect();
            return self.watch(asked, lines.concat());
        }
        self.page(asked)
    }

    fn collection(&self, asked: &Asked) -> Vec<Value> {
        let (base, namespace) = split(&asked.path);
        let all = self.objects.get(&base).into_iter().flat_map(BTreeMap::values);
        let all = all.filter(|object| in_namespace(object, &namespace)).cloned();
        if !asked.accept.contains("PartialObjectMetadata") {
            return all.collect();
        }
        all.map(|object| json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]}))
            .collect()
    }

    fn initial(&self, asked: &Asked) -> String {
        let all = self.collection(asked).into_iter();
        let lines: Vec<String> = all.map(|object| line(&json!({"type": "ADDED", "object": object}))).collect();
        lines.concat()
    }

    fn watch(&mut self, asked: &Asked, lines: String) -> Response<AnswerBody> {
        let (mut tell, told) = mpsc::channel(1_024);
        tell.try_send(Bytes::from(lines)).unwrap();
        self.watchers.push((asked.path.clone(), tell));
        ok(StreamBody::new(told.map(|bytes| Ok(Frame::data(bytes)))).boxed_unsync())
    }

    fn page(&self, asked: &Asked) -> Response<AnswerBody> {
        let all = self.collection(asked);
        let from: usize = parameter(&asked.query, "continue").map_or(0, |token| token.parse().unwrap());
        let to = all.len().min(from + self.page);
        let mut meta = json!({"resourceVersion": self.version.to_string()});
        if to < all.len() {
            meta["continue"] = to.to_string().into();
            meta["remainingItemCount"] = (all.len() - to).into();
        }
        // As servers do, the metadata come before the items.
        let items = Value::from(&all[from..to]);
        let list = format!(r#"{{"kind":"AnyList","apiVersion":"v1","metadata":{meta},"items":{items}}}"#);
        ok(Full::new(Bytes::from(list)).map_err(Into::into).boxed_unsync())
    }
}

fn line(event: &Value) -> String {
    format!("{event}\n")
}

/// The collection over all namespaces, and the namespace that was asked for.
fn split(path: &str) -> (String, String) {
    match path.split_once("/namespaces/").and_then(|(base, rest)| Some((base, rest.split_once('/')?))) {
        Some((base, (namespace, plural))) => (format!("{base}/{plural}"), namespace.to_owned()),
        None => (path.to_owned(), String::new()),
    }
}

fn narrowed(path: &str, namespace: &str) -> String {
    let (base, plural) = path.rsplit_once('/').unwrap();
    format!("{base}/namespaces/{namespace}/{plural}")
}

fn in_namespace(object: &Value, namespace: &str) -> bool {
    namespace.is_empty() || object["metadata"]["namespace"] == namespace
}

fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn ok(body: AnswerBody) -> Response<AnswerBody> {
    Response::builder().header("Content-Type", "application/json").body(body).unwrap()
}

fn status_text(code: u16, message: &str) -> String {
    let reason = StatusCode::from_u16(code).unwrap().canonical_reason().unwrap().replace(' ', "");
    let status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code});
    status.to_string()
}

fn status(code: u16, message: &str) -> Response<AnswerBody> {
    let mut answer = ok(Full::new(Bytes::from(status_text(code, message))).map_err(Into::into).boxed_unsync());
    *answer.status_mut() = StatusCode::from_u16(code).unwrap();
    answer
}

/// An answer of a real server: request, blank line, status and headers, blank line, body.
fn recorded(file: &str) -> Response<AnswerBody> {
    let path = format!("{}/tests/apiserver/{file}.http", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    let at = text.find("\n\n2").or_else(|| text.find("\n\n4")).unwrap() + 2;
    let (head, body) = text[at..].split_once("\n\n").unwrap();
    let mut answer = ok(Full::new(Bytes::from(body.to_owned())).map_err(Into::into).boxed_unsync());
    *answer.status_mut() = head[..3].parse().unwrap();
    answer
}

impl Service<Request<Body>> for Server {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let server = self.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            match server.answer(&request) {
                Some(answer) => Ok(answer),
                None => futures::future::pending().await,
            }
        }
        .boxed()
    }
}
