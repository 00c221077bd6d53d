//! A cluster that lives by steps, and what its watches say of it.

use std::collections::{BTreeMap, VecDeque};

use cmtop::model::delta::{Batch, News, Objects};
use cmtop::model::feed::{FeedKey, FeedState, Part};
use cmtop::model::id::Uid;
use cmtop::model::kind::Kind;
use cmtop::project::row_batch::RowBatch;
use cmtop::project::{Project, Projector};
use cmtop::wire::{kinds, workloads};

use crate::objects::{EPOCH, Identity, Seed, manifest};

/// One thing that happens: to which kind, to which object of it, and the rest.
pub(crate) type Step = (u8, u8, u128);

/// The kinds, as often as they should happen.
const KINDS: [Kind; 22] = [
    Kind::Certificate,
    Kind::CertificateRequest,
    Kind::Order,
    Kind::Challenge,
    Kind::Certificate,
    Kind::CertificateRequest,
    Kind::Order,
    Kind::Challenge,
    Kind::CertificateRequest,
    Kind::Order,
    Kind::Challenge,
    Kind::Secret,
    Kind::Challenge,
    Kind::Issuer,
    Kind::ClusterIssuer,
    Kind::Pod,
    Kind::Pod,
    Kind::Service,
    Kind::Deployment,
    Kind::Namespace,
    Kind::Event,
    Kind::Event,
];
const NAMESPACES: [&str; 2] = ["shop", "blog"];
const NAMES: [&str; 3] = ["n0", "n1", "n2"];

type Place = (Kind, &'static str, &'static str);

struct Alive {
    uid: String,
    version: u64,
    created: i64,
    seed: Seed,
    /// What a list says of it: it was projected once, when it happened.
    says: Vec<Objects>,
}

/// What happened to one object, as a watch tells it.
pub(crate) struct Change {
    kind: Kind,
    namespace: &'static str,
    says: Vec<Objects>,
}

/// A cluster.
#[derive(Default)]
pub(crate) struct World {
    alive: BTreeMap<Place, Alive>,
    clock: u64,
    projector: Projector,
}

impl World {
    /// Makes, changes or deletes an object; or makes a whole issuance up to a Challenge of any state and its Pod.
    pub(crate) fn step(&mut self, (what, who, seed): Step) -> Vec<Change> {
        const CHAIN: [Kind; 5] = [Kind::Certificate, Kind::CertificateRequest, Kind::Order, Kind::Challenge, Kind::Pod];
        if let Some(kind) = KINDS.get(usize::from(what) % (KINDS.len() + 1)) {
            return self.one(*kind, usize::from(what) / (KINDS.len() + 1) == 5, who, seed).into_iter().collect();
        }
        let seed_of = |kind| if kind == Kind::Challenge { seed } else { 0 };
        CHAIN.into_iter().filter_map(|kind| self.one(kind, false, who, seed_of(kind))).collect()
    }

    fn one(&mut self, kind: Kind, deleted: bool, who: u8, seed: u128) -> Option<Change> {
        let namespace = if kind.row().namespaced { NAMESPACES[usize::from(who / 3 == 3)] } else { "" };
        let name = NAMES[usize::from(who % 3)];
        let place = (kind, namespace, name);
        self.clock += 1;
        if deleted {
            let gone = self.alive.remove(&place)?;
            return Some(Change { kind, namespace, says: removal(kind, &gone.uid) });
        }
        let (clock, known) = (self.clock, self.alive.get(&place));
        let (uid, created) = known.map_or_else(
            || (format!("{clock:08x}-0000-4000-8000-000000000001"), -600 + clock as i64),
            |known| (known.uid.clone(), known.created),
        );
        let alive = Alive { uid, version: clock, created, seed: Seed(seed), says: Vec::new() };
        let says = self.says(place, &alive);
        self.alive.insert(place, Alive { says: says.clone(), ..alive });
        Some(Change { kind, namespace, says })
    }

    fn says(&mut self, (kind, namespace, name): Place, object: &Alive) -> Vec<Objects> {
        let place = NAMES.iter().position(|known| *known == name).unwrap_or(0);
        let who = Identity {
            namespace,
            name,
            place,
            uid: object.uid.clone(),
            version: object.version,
            created: object.created,
        };
        let uid_of = |kind: Kind, n: usize| {
            let namespace = if kind.row().namespaced { namespace } else { "" };
            self.alive.get(&(kind, namespace, NAMES[n])).map(|other| other.uid.clone())
        };
        let text = manifest(kind, &who, object.seed, &uid_of).to_string();
        project(&mut self.projector, kind, &text)
    }

    /// What a list says to a feed, in some order.
    fn list(&self, feed: &FeedKey, order: usize) -> Vec<News> {
        let mine: Vec<&Alive> =
            self.alive.iter().filter(|((kind, ns, _), _)| covers(feed, *kind, ns)).map(|(_, object)| object).collect();
        let turned = order % mine.len().max(1);
        mine[turned..].iter().chain(&mine[..turned]).flat_map(|object| part(feed, &object.says)).collect()
    }

    /// A list that is complete.
    pub(crate) fn complete_list(&self, feed: &FeedKey, order: usize) -> Vec<News> {
        [vec![News::ListBegan], self.list(feed, order), vec![News::ListEnded]].concat()
    }

    /// A list that breaks off.
    pub(crate) fn broken_list(&self, feed: &FeedKey, order: usize) -> Vec<News> {
        let mut news = vec![News::ListBegan];
        news.extend(self.list(feed, order).into_iter().take(order % 4));
        news.push(News::Health(FeedState::Retrying { attempt: 1, next: EPOCH, why: "cut".into() }));
        news
    }
}

/// What happened, as far as a feed tells it.
pub(crate) fn told(feed: &FeedKey, change: &Change) -> Vec<News> {
    if covers(feed, change.kind, change.namespace) { part(feed, &change.says) } else { Vec::new() }
}

fn covers(feed: &FeedKey, kind: Kind, namespace: &str) -> bool {
    feed.kind == kind && (feed.namespace.is_empty() || &*feed.namespace == namespace)
}

fn part(feed: &FeedKey, says: &[Objects]) -> Vec<News> {
    let mine = |objects: &&Objects| match feed.part {
        Part::Whole => true,
        Part::Solvers => matches!(objects, Objects::Solvers(_)),
        Part::Own => matches!(objects, Objects::Controllers(_)),
        Part::Logs => false,
        Part::Issuing | Part::Acme => matches!(objects, Objects::Events(_)),
    };
    says.iter().filter(mine).cloned().map(News::Objects).collect()
}

/// The feeds of a cluster, or of its namespaces one by one, with the Pods asked for by label.
pub(crate) fn feeds(by_namespace: bool) -> Vec<FeedKey> {
    let mut feeds = Vec::new();
    for kind in Kind::all() {
        if !by_namespace || !kind.row().namespaced {
            feeds.push(FeedKey::cluster(kind));
            continue;
        }
        let parts: &[Part] = if kind == Kind::Pod { &[Part::Solvers, Part::Own] } else { &[Part::Whole] };
        for part in parts {
            feeds.extend(NAMESPACES.map(|namespace| FeedKey { kind, namespace: namespace.into(), part: *part }));
        }
    }
    feeds
}

/// What each feed says, in its own order.
pub(crate) type Streams = Vec<(FeedKey, VecDeque<News>)>;

/// What the feeds say of a life: each lists at a moment of its own, then tells what happens.
pub(crate) fn streams(world: &mut World, feeds: Vec<FeedKey>, steps: &[Step], starts: &[usize]) -> Streams {
    let mut streams: Streams = feeds.into_iter().map(|feed| (feed, VecDeque::new())).collect();
    for n in 0..=steps.len() {
        for (i, (feed, stream)) in streams.iter_mut().enumerate() {
            if starts[i % starts.len()] % (steps.len() + 1) == n {
                stream.extend(world.complete_list(feed, starts[i % starts.len()]));
            }
        }
        let changes = steps.get(n).map(|step| world.step(*step)).unwrap_or_default();
        for (feed, stream) in streams.iter_mut().filter(|(_, stream)| !stream.is_empty()) {
            stream.extend(changes.iter().flat_map(|change| told(feed, change)));
        }
    }
    streams
}

/// One order in which all of it may arrive.
pub(crate) fn merge(mut streams: Streams, choices: &[u8]) -> Vec<Batch> {
    let mut merged = Vec::new();
    let mut choices = choices.iter().cycle();
    loop {
        streams.retain(|(_, stream)| !stream.is_empty());
        if streams.is_empty() {
            return merged;
        }
        let chosen = usize::from(choices.next().copied().unwrap_or(0)) % streams.len();
        let (feed, stream) = &mut streams[chosen];
        // One feed often has several things to say before another is heard.
        for news in (0..=chosen % 3).map_while(|_| stream.pop_front()) {
            merged.push(Batch { at: EPOCH, feed: feed.clone(), news });
        }
    }
}

/// The rows of a manifest.
pub(crate) fn project(projector: &mut Projector, kind: Kind, text: &str) -> Vec<Objects> {
    fn read<W: Project>(projector: &mut Projector, text: &str) -> Vec<Objects> {
        let mut batch = RowBatch::default();
        serde_json::from_str::<W>(text).unwrap().upsert(projector, &mut batch);
        batch.take()
    }
    let read = match kind {
        Kind::Certificate => read::<kinds::Certificate>,
        Kind::CertificateRequest => read::<kinds::CertificateRequest>,
        Kind::Order => read::<kinds::Order>,
        Kind::Challenge => read::<kinds::Challenge>,
        Kind::Issuer | Kind::ClusterIssuer => read::<kinds::Issuer>,
        Kind::Secret => read::<kinds::Secret>,
        Kind::Event => read::<kinds::Event>,
        Kind::Pod => read::<workloads::Pod>,
        Kind::Service => read::<workloads::Service>,
        Kind::Ingress => read::<workloads::Ingress>,
        Kind::HttpRoute => read::<workloads::HttpRoute>,
        Kind::Deployment => read::<workloads::Deployment>,
        Kind::Namespace => read::<kinds::Namespace>,
    };
    read(projector, text)
}

fn removal(kind: Kind, uid: &str) -> Vec<Objects> {
    let (uid, mut batch) = (Uid::parse(uid).unwrap(), RowBatch::default());
    match kind {
        Kind::Certificate => kinds::Certificate::remove(uid, &mut batch),
        Kind::CertificateRequest => kinds::CertificateRequest::remove(uid, &mut batch),
        Kind::Order => kinds::Order::remove(uid, &mut batch),
        Kind::Challenge => kinds::Challenge::remove(uid, &mut batch),
        Kind::Issuer | Kind::ClusterIssuer => kinds::Issuer::remove(uid, &mut batch),
        Kind::Secret => kinds::Secret::remove(uid, &mut batch),
        Kind::Event => kinds::Event::remove(uid, &mut batch),
        Kind::Pod => workloads::Pod::remove(uid, &mut batch),
        Kind::Service => workloads::Service::remove(uid, &mut batch),
        Kind::Deployment => workloads::Deployment::remove(uid, &mut batch),
        Kind::Namespace => kinds::Namespace::remove(uid, &mut batch),
        Kind::Ingress | Kind::HttpRoute => {}
    }
    batch.take()
}
