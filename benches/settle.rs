//! How long it takes to judge 100,000 Certificates, and to judge again the few that changed.
//!
//! The baseline beside it is a walk over the lineages alone: what judging costs above looking.
#![allow(clippy::print_stdout, reason = "the numbers are what a benchmark is for")]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/fleet.rs"]
mod fleet;
#[path = "support/rows.rs"]
mod rows;

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::limits;
use cmtop::model::Model;
use cmtop::model::changes::Changes;
use cmtop::model::delta::{Batch, News};
use cmtop::model::feed::FeedKey;
use cmtop::model::kind::Kind;
use cmtop::project::{Project, Projector};
use cmtop::triage::ledger::Ledger;
use cmtop::wire::kinds as wire;
use divan::Bencher;
use divan::counter::ItemsCount;
use fleet::FLEET;

fn fill<W: Project>(model: &mut Model, kind: Kind, object: fn(usize) -> String) {
    let mut projector = Projector::default();
    let mut tell = |news| model.apply(Batch { at: DateTime::UNIX_EPOCH, feed: FeedKey::cluster(kind), news });
    tell(News::ListBegan);
    for first in (0..FLEET).step_by(500) {
        let objects: Vec<String> = (first..first + 500).map(object).collect();
        let page = format!(r#"{{"items":[{}]}}"#, objects.join(","));
        for objects in rows::of_page::<W>(&mut projector, &page) {
            tell(News::Objects(objects));
        }
    }
    tell(News::ListEnded);
}

fn full() -> (Model, Changes) {
    let mut model = Model::default();
    fill::<wire::Certificate>(&mut model, Kind::Certificate, fleet::certificate);
    fill::<wire::CertificateRequest>(&mut model, Kind::CertificateRequest, fleet::request);
    fill::<wire::Order>(&mut model, Kind::Order, fleet::order);
    let changes = model.take_changes();
    (model, changes)
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_780)
}

fn judged(model: &Model, changes: &Changes) -> Ledger {
    let mut ledger = Ledger::default();
    ledger.note(model, changes);
    while ledger.settle(model, now(), limits::SETTLE_STRIDE) {}
    ledger
}

fn walk(model: &Model) -> usize {
    model.certificates.iter().filter_map(|(id, _)| model.lineage(id)).map(|lineage| lineage.attempts.len()).sum()
}

fn main() {
    divan::main();
    if clock::filtered() {
        return;
    }
    let (model, changes) = full();
    let all = clock::best(5, || judged(&model, &changes));
    let walked = clock::best(5, || walk(&model));
    let each = |time: std::time::Duration| time.as_nanos() as f64 / FLEET as f64;
    println!(
        "{FLEET} Certificates judged in {:.0} ms ({:.0} ns each); a walk over their lineages takes {:.0} ms ({:.0} ns each)",
        all.as_secs_f64() * 1e3,
        each(all),
        walked.as_secs_f64() * 1e3,
        each(walked)
    );
    println!(
        "in a frame's budget of {:?}: {:.0} Certificates",
        limits::SETTLE,
        limits::SETTLE.as_nanos() as f64 / each(all)
    );
}

#[divan::bench(sample_count = 10)]
fn judge_all(bencher: Bencher) {
    let (model, changes) = full();
    bencher.counter(ItemsCount::new(FLEET)).bench(|| judged(&model, &changes));
}

#[divan::bench(sample_count = 10)]
fn walk_all(bencher: Bencher) {
    let (model, _) = full();
    bencher.counter(ItemsCount::new(FLEET)).bench(|| walk(&model));
}

#[divan::bench(sample_count = 10)]
fn nothing_to_do(bencher: Bencher) {
    let (model, changes) = full();
    let ledger = std::cell::RefCell::new(judged(&model, &changes));
    bencher.bench_local(|| ledger.borrow_mut().settle(&model, now(), limits::SETTLE_STRIDE));
}
