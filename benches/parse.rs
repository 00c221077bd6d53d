//! From the bytes of a list to rows, beside the time that `serde_json` takes to skip the same bytes.
//!
//! The target is a ratio of 2.5 at most: reading what is needed costs little more than finding its end.
#![allow(clippy::print_stdout, reason = "the numbers are what a benchmark is for")]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/fleet.rs"]
mod fleet;
#[path = "support/rows.rs"]
mod rows;

use std::any::Any;
use std::hint::black_box;
use std::time::Duration;

use cmtop::project::row_batch::RowBatch;
use cmtop::project::{Project, Projector};
use cmtop::wire::kinds as wire;
use divan::Bencher;
use divan::counter::BytesCount;
use fleet::FLEET;
use serde::de::IgnoredAny;

fn main() {
    divan::main();
    if clock::filtered() {
        return;
    }
    summary::<wire::Certificate>("Certificates", fleet::certificate);
    summary::<wire::CertificateRequest>("CertificateRequests", fleet::request);
    summary::<wire::Order>("Orders", fleet::order);
}

/// Pages of five hundred, as the server sends them.
fn pages(object: fn(usize) -> String, count: usize) -> Vec<String> {
    let objects: Vec<String> = (0..count).map(object).collect();
    objects
        .chunks(500)
        .map(|page| format!(r#"{{"kind":"List","metadata":{{}},"items":[{}]}}"#, page.join(",")))
        .collect()
}

/// The lines of a watch.
fn lines(object: fn(usize) -> String, count: usize) -> Vec<String> {
    (0..count).map(|n| format!(r#"{{"type":"ADDED","object":{}}}"#, object(n))).collect()
}

fn skip(texts: &[String]) {
    for text in texts {
        black_box(serde_json::from_str::<IgnoredAny>(text).is_ok());
    }
}

fn read_pages<W: Project>(pages: &[String]) -> Vec<Vec<cmtop::model::delta::Objects>> {
    let mut projector = Projector::default();
    pages.iter().map(|page| rows::of_page::<W>(&mut projector, page)).collect()
}

fn read_lines<W: Project>(lines: &[String]) -> RowBatch {
    let (mut projector, mut batch) = (Projector::default(), RowBatch::default());
    for line in lines {
        rows::of_line::<W>(&mut projector, line, &mut batch);
    }
    batch
}

/// A tenth of the fleet: enough for a stable number, and quick.
const SAMPLE: usize = FLEET / 10;

fn bench<T>(bencher: Bencher, texts: &[String], run: impl Fn(&[String]) -> T + Sync) {
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| run(texts));
}

#[divan::bench(sample_count = 10)]
fn certificates_skipped(bencher: Bencher) {
    bench(bencher, &pages(fleet::certificate, SAMPLE), skip);
}

#[divan::bench(sample_count = 10)]
fn certificates_to_rows(bencher: Bencher) {
    bench(bencher, &pages(fleet::certificate, SAMPLE), read_pages::<wire::Certificate>);
}

#[divan::bench(sample_count = 10)]
fn requests_skipped(bencher: Bencher) {
    bench(bencher, &pages(fleet::request, SAMPLE), skip);
}

#[divan::bench(sample_count = 10)]
fn requests_to_rows(bencher: Bencher) {
    bench(bencher, &pages(fleet::request, SAMPLE), read_pages::<wire::CertificateRequest>);
}

fn summary<W: Project>(kind: &str, object: fn(usize) -> String) {
    for (how, texts, read) in [
        (
            "pages of 500",
            pages(object, FLEET),
            (|texts| Box::new(read_pages::<W>(texts))) as fn(&[String]) -> Box<dyn Any>,
        ),
        ("watch lines", lines(object, FLEET), |texts| Box::new(read_lines::<W>(texts))),
    ] {
        let bytes: usize = texts.iter().map(String::len).sum();
        // In turns, so that a machine that is busy for a while slows both.
        let (mut skipped, mut rows) = (Duration::MAX, Duration::MAX);
        for _ in 0..7 {
            skipped = skipped.min(clock::best(1, || skip(&texts)));
            rows = rows.min(clock::best(1, || read(&texts)));
        }
        let rate = |time: Duration| bytes as f64 / time.as_secs_f64() / 1e6;
        println!(
            "{FLEET} {kind}, {how}, {} B each: rows {:.0} ms ({:.0} MB/s), serde_json skips them in {:.0} ms ({:.0} MB/s): ratio {:.2} (target 2.5)",
            bytes / FLEET,
            rows.as_secs_f64() * 1e3,
            rate(rows),
            skipped.as_secs_f64() * 1e3,
            rate(skipped),
            rows.as_secs_f64() / skipped.as_secs_f64(),
        );
    }
}
