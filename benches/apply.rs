//! How fast news become facts: deltas a second into a model of 100,000 Certificates with their requests and Orders.
//!
//! The target is 500,000 a second. The machine's own baseline beside it: cloning the same rows into a `HashMap` by uid,
//! which is the least that any model would have to do.
#![allow(clippy::print_stdout, reason = "the numbers are what a benchmark is for")]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/fleet.rs"]
mod fleet;
#[path = "support/rows.rs"]
mod rows;

use std::collections::HashMap;
use std::time::Duration;

use chrono::DateTime;
use cmtop::model::Model;
use cmtop::model::delta::{Batch, Delta, News, Objects};
use cmtop::model::feed::{FeedKey, FeedState};
use cmtop::model::kind::Kind;
use cmtop::model::meta::Version;
use cmtop::project::{Project, Projector};
use cmtop::wire::kinds as wire;
use divan::Bencher;
use divan::counter::ItemsCount;
use fleet::FLEET;

/// The rows of every kind, in batches of the usual size.
struct Fleet {
    certificates: Vec<Objects>,
    requests: Vec<Objects>,
    orders: Vec<Objects>,
}

impl Fleet {
    fn new(count: usize) -> Self {
        Self {
            certificates: batches::<wire::Certificate>(fleet::certificate, count),
            requests: batches::<wire::CertificateRequest>(fleet::request, count),
            orders: batches::<wire::Order>(fleet::order, count),
        }
    }

    fn model(&self) -> Model {
        let mut model = Model::default();
        for (kind, objects) in [
            (Kind::Certificate, &self.certificates),
            (Kind::CertificateRequest, &self.requests),
            (Kind::Order, &self.orders),
        ] {
            tell(&mut model, kind, News::ListBegan);
            objects.iter().cloned().for_each(|objects| tell(&mut model, kind, News::Objects(objects)));
            tell(&mut model, kind, News::ListEnded);
            tell(&mut model, kind, News::Health(FeedState::Live));
        }
        model.take_changes();
        model
    }
}

fn batches<W: Project>(object: fn(usize) -> String, count: usize) -> Vec<Objects> {
    let mut projector = Projector::default();
    let page = |n: usize| {
        let objects: Vec<String> = (n..(n + 500).min(count)).map(object).collect();
        format!(r#"{{"items":[{}]}}"#, objects.join(","))
    };
    (0..count).step_by(500).flat_map(|n| rows::of_page::<W>(&mut projector, &page(n))).collect()
}

fn tell(model: &mut Model, kind: Kind, news: News) {
    model.apply(Batch { at: DateTime::UNIX_EPOCH, feed: FeedKey::cluster(kind), news });
}

fn tell_all(model: &mut Model, kind: Kind, objects: Vec<Objects>) {
    for objects in objects {
        tell(model, kind, News::Objects(objects));
    }
}

/// The Certificates at a later version, in another state.
fn changed(certificates: &[Objects]) -> Vec<Objects> {
    let mut later = certificates.to_vec();
    for objects in &mut later {
        let Objects::Certificates(deltas) = objects else { continue };
        for delta in deltas {
            let Delta::Upsert(row) = delta else { continue };
            row.meta.version = Version::parse("9000000");
            row.revision = Some(2);
            row.ready = None;
        }
    }
    later
}

fn removals(certificates: &[Objects]) -> Vec<Objects> {
    let removal = |objects: &Objects| {
        let Objects::Certificates(deltas) = objects else { return Objects::Certificates(Vec::new()) };
        let uids = deltas.iter().filter_map(|delta| match delta {
            Delta::Upsert(row) => Some(Delta::Remove(row.meta.uid)),
            Delta::Remove(_) => None,
        });
        Objects::Certificates(uids.collect())
    };
    certificates.iter().map(removal).collect()
}

/// The least that keeping rows costs.
fn baseline(certificates: Vec<Objects>) -> HashMap<cmtop::model::id::Uid, cmtop::model::certificate::Certificate> {
    let mut map = HashMap::new();
    for objects in certificates {
        let Objects::Certificates(deltas) = objects else { continue };
        for delta in deltas {
            if let Delta::Upsert(row) = delta {
                map.insert(row.meta.uid, row);
            }
        }
    }
    map
}

fn main() {
    divan::main();
    if !clock::filtered() {
        summary();
    }
}

const SAMPLE: usize = FLEET / 10;

#[divan::bench(sample_count = 10)]
fn new_certificates(bencher: Bencher) {
    let fleet = Fleet::new(SAMPLE);
    bencher
        .counter(ItemsCount::new(SAMPLE))
        .with_inputs(|| (Model::default(), fleet.certificates.clone()))
        .bench_values(|(mut model, objects)| {
            tell_all(&mut model, Kind::Certificate, objects);
            model
        });
}

#[divan::bench(sample_count = 10)]
fn changed_certificates(bencher: Bencher) {
    let fleet = Fleet::new(SAMPLE);
    let later = changed(&fleet.certificates);
    bencher.counter(ItemsCount::new(SAMPLE)).with_inputs(|| (fleet.model(), later.clone())).bench_values(
        |(mut model, objects)| {
            tell_all(&mut model, Kind::Certificate, objects);
            model
        },
    );
}

fn summary() {
    let fleet = Fleet::new(FLEET);
    let rate = |time: Duration| FLEET as f64 / time.as_secs_f64() / 1e3;
    let line = |what: &str, time: Duration| println!("{what:>44} {:>8.0} thousand/s (target 500)", rate(time));
    let run = |kind: Kind, start: &dyn Fn() -> Model, objects: &[Objects]| {
        let mut shortest = Duration::MAX;
        for _ in 0..3 {
            let (mut model, objects) = (start(), std::cell::Cell::new(Some(objects.to_vec())));
            shortest = shortest.min(clock::best(1, || tell_all(&mut model, kind, objects.take().unwrap_or_default())));
        }
        shortest
    };
    let (full, later) = (|| fleet.model(), changed(&fleet.certificates));
    println!("deltas a second into a model of {FLEET} Certificates, requests and Orders:");
    line("new Certificates", run(Kind::Certificate, &Model::default, &fleet.certificates));
    line(
        "new requests of known Certificates",
        run(Kind::CertificateRequest, &|| with_certificates(&fleet), &fleet.requests),
    );
    line("changed Certificates", run(Kind::Certificate, &full, &later));
    line("unchanged Certificates (a relist)", run(Kind::Certificate, &full, &fleet.certificates));
    line("removed Certificates", run(Kind::Certificate, &full, &removals(&fleet.certificates)));
    let mut shortest = Duration::MAX;
    for _ in 0..3 {
        let objects = std::cell::Cell::new(Some(fleet.certificates.clone()));
        shortest = shortest.min(clock::best(1, || baseline(objects.take().unwrap_or_default())));
    }
    println!("{:>44} {:>8.0} thousand/s", "baseline: the rows into a HashMap by uid", rate(shortest));
}

fn with_certificates(fleet: &Fleet) -> Model {
    let mut model = Model::default();
    tell_all(&mut model, Kind::Certificate, fleet.certificates.clone());
    model.take_changes();
    model
}
