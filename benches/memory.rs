//! Resident memory of a large fleet: 100,000 Certificates, with a CertificateRequest and an Order each, read from the
//! bytes that a server sends.
//!
//! The numbers are what the system says this process occupies, so they include what the allocator wastes. Targets:
//! 600 B a Certificate with its indices, 300 B a request or Order, 200 MiB for everything.
#![allow(clippy::print_stdout, reason = "the numbers are what a benchmark is for")]

#[path = "support/fleet.rs"]
mod fleet;
#[path = "support/rows.rs"]
mod rows;

use cmtop::limits;
use cmtop::model::Model;
use cmtop::model::delta::{Batch, News};
use cmtop::model::feed::FeedKey;
use cmtop::model::kind::Kind;
use cmtop::project::row_batch::RowBatch;
use cmtop::project::{Project, Projector};
use cmtop::triage::ledger::Ledger;
use cmtop::wire::kinds as wire;
use fleet::FLEET;

fn main() {
    let start = resident();
    let mut model = Model::default();
    let certificates = fill::<wire::Certificate>(&mut model, Kind::Certificate, fleet::certificate, start);
    let requests = fill::<wire::CertificateRequest>(&mut model, Kind::CertificateRequest, fleet::request, certificates);
    let orders = fill::<wire::Order>(&mut model, Kind::Order, fleet::order, requests);
    let mut ledger = Ledger::default();
    let changes = model.take_changes();
    ledger.note(&model, &changes);
    ledger.settle(&model, chrono::DateTime::UNIX_EPOCH, usize::MAX);
    drop(changes);
    let judged = resident();
    look_back(&model);
    println!(
        "sizes of the rows alone: Certificate {} B, CertificateRequest {} B, Order {} B",
        size_of::<cmtop::model::certificate::Certificate>(),
        size_of::<cmtop::model::request::CertificateRequest>(),
        size_of::<cmtop::model::order::Order>()
    );
    println!("{:>44} {:>8} B (target 600)", "a Certificate with its indices", (certificates - start) / FLEET);
    println!("{:>44} {:>8} B (target 300)", "a CertificateRequest", requests.saturating_sub(certificates) / FLEET);
    println!("{:>44} {:>8} B (target 300)", "an Order", orders.saturating_sub(requests) / FLEET);
    println!("{:>44} {:>8} B", "the diagnosis of a Certificate", judged.saturating_sub(orders) / FLEET);
    println!("{:>44} {:>8.1} MiB (target 200)", "everything, with the process itself", judged as f64 / 1_048_576.0);
    println!("{:>44} {:>8.1} MiB", "of it the process before the first row", start as f64 / 1_048_576.0);
    assert_eq!(ledger.tally().total(), FLEET);
}

/// What a moment costs that is kept whole to be gone back to: at first, and after a hundred Certificates changed.
fn look_back(model: &Model) {
    let before = resident();
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    let begin = std::time::Instant::now();
    let mut kept = model.clone();
    let took = begin.elapsed();
    let copied = resident();
    let (mut projector, mut batch) = (Projector::default(), RowBatch::default());
    for n in (0..FLEET).step_by(FLEET / 100) {
        let changed = fleet::certificate(n).replace("\"resourceVersion\":\"", "\"resourceVersion\":\"9");
        let line = format!(r#"{{"type":"MODIFIED","object":{changed}}}"#);
        rows::of_line::<wire::Certificate>(&mut projector, &line, &mut batch);
    }
    let feed = FeedKey::cluster(Kind::Certificate);
    for objects in batch.take() {
        kept.apply(Batch { at: chrono::DateTime::UNIX_EPOCH, feed: feed.clone(), news: News::Objects(objects) });
    }
    let own: std::collections::HashSet<usize> = model.pieces().map(|(place, _)| place).collect();
    let apart: usize = kept.pieces().filter(|(place, _)| !own.contains(place)).map(|(_, rows)| rows).sum();
    println!(
        "{:>44} {:>8.1} MiB, after {:.1} ms",
        "a moment kept whole",
        (copied - before) as f64 / 1_048_576.0,
        took.as_secs_f64() * 1e3
    );
    println!("{:>44} {:>8} rows", "of it apart when 100 of them changed", apart);
}

/// Reads a kind object by object, as its feed does from a server that streams lists, and tells what is resident then.
fn fill<W: Project>(model: &mut Model, kind: Kind, object: fn(usize) -> String, before: usize) -> usize {
    let mut projector = Projector::default();
    let mut tell = |news| model.apply(Batch { at: chrono::DateTime::UNIX_EPOCH, feed: FeedKey::cluster(kind), news });
    tell(News::ListBegan);
    let mut batch = RowBatch::default();
    for n in 0..FLEET {
        rows::of_line::<W>(&mut projector, &format!(r#"{{"type":"ADDED","object":{}}}"#, object(n)), &mut batch);
        if batch.len() == limits::BATCH || n + 1 == FLEET {
            batch.take().into_iter().for_each(|objects| tell(News::Objects(objects)));
        }
    }
    tell(News::ListEnded);
    resident().max(before)
}

/// Bytes that this process occupies, as Linux says; 0 elsewhere.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse().ok());
    kilobytes.unwrap_or(0usize) * 1024
}
