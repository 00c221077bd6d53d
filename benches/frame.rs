//! A frame over 100,000 Certificates at 200×60, and a key while a list is arriving: p50, p99 and the worst.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints, and may fail"
)]

#[path = "support/fleet.rs"]
#[allow(dead_code, reason = "shared with other benchmarks")]
mod fleet;
#[path = "support/rows.rs"]
#[allow(dead_code, reason = "shared with other benchmarks")]
mod rows;

use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use cmtop::app::App;
use cmtop::app::message::{Message, Session, SourceNews};
use cmtop::keymap::chord::Chord;
use cmtop::limits;
use cmtop::model::Batch;
use cmtop::model::delta::{News, Objects};
use cmtop::model::feed::FeedKey;
use cmtop::model::kind::Kind;
use cmtop::project::row_batch::RowBatch;
use cmtop::project::{Project, Projector};
use cmtop::theme::Theme;
use cmtop::theme::glyphs::Glyphs;
use cmtop::ui::{Look, view};
use cmtop::wire::kinds as wire;
use fleet::FLEET;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const FRAMES: usize = 500;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn clock() -> Instant {
    Instant::now()
}

fn main() {
    // An hour after the fleet was issued.
    let now: DateTime<Utc> = DateTime::from_timestamp(1_795_366_800, 0).unwrap_or_default();
    let mut app = App::new(200, 60);
    app.update(
        Message::Source(SourceNews::Session(Session { context: "bench".to_owned(), ..Session::default() })),
        now,
    );
    println!("baseline: sorting 1,000,000 numbers takes {}", milliseconds(&mut [sorting()]));

    // The program reads its findings before it opens the screen.
    cmtop::triage::signature::warm();
    let look = look();
    let mut keys = while_listing(&mut app, &look, now);
    let slowest = (1..=keys.len()).max_by_key(|turn| keys.get(turn - 1).copied()).unwrap_or_default();
    println!("the slowest of {} turns while lists arrive is number {slowest}", keys.len());
    println!("{FLEET} × 3 arriving, a key after each turn: key to picture {} (target 20 ms)", milliseconds(&mut keys));

    let began = clock();
    app.settle(now, || true);
    println!("the rest is judged and sorted in {:.0} ms", began.elapsed().as_secs_f64() * 1e3);

    let mut frames = Vec::new();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 60));
    for n in 0..FRAMES {
        let key = ["j", "ctrl-f", "k", "ctrl-f", "ctrl-b"][n % 5];
        let at = now + TimeDelta::seconds(n as i64);
        let began = clock();
        press(&mut app, key, at);
        app.settle(at, || false);
        view(&app, &look, at, &mut buffer);
        frames.push(began.elapsed());
    }
    println!("a frame at 200×60 with {FLEET} rows, key included: {} (target p99 2 ms)", milliseconds(&mut frames));

    for filter in ["front-09", "-f wfe77", "ns:team-01", "0[0-9]*7$", "expires:<90d", "!verdict:ok"] {
        let mut keys = typed(&mut app, &look, filter, now);
        println!("/{filter} typed over {FLEET} rows: key to picture {} (target 50 ms)", milliseconds(&mut keys));
    }
    for digit in ["1", "0", "C", "esc", "H", "esc", "F", "esc"] {
        let mut key = [pictured(&mut app, &look, digit, now)];
        println!("{digit:>3} with {FLEET} rows: key to picture {}", milliseconds(&mut key));
    }
}

/// Each letter of a filter, then the way back: what each takes to be seen.
fn typed(app: &mut App, look: &Look, filter: &str, now: DateTime<Utc>) -> Vec<Duration> {
    press(app, "/", now);
    let letters: Vec<String> =
        filter.chars().map(|c| if c == ' ' { "space".to_owned() } else { c.to_string() }).collect();
    let keys = letters.iter().map(String::as_str).chain(["esc"]).map(|key| pictured(app, look, key, now));
    keys.collect()
}

/// A key, until its picture is there.
fn pictured(app: &mut App, look: &Look, key: &str, now: DateTime<Utc>) -> Duration {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 60));
    let began = clock();
    press(app, key, now);
    let settling = clock();
    app.settle(now, || settling.elapsed() < limits::SETTLE);
    view(app, look, now, &mut buffer);
    began.elapsed()
}

fn look() -> Look {
    let offset = FixedOffset::east_opt(0).unwrap_or_else(|| chrono::Offset::fix(&Utc));
    Look { theme: Theme::bundled("dark").unwrap_or_else(|_| Theme::plain()), glyphs: Glyphs::UNICODE, offset }
}

fn press(app: &mut App, key: &str, now: DateTime<Utc>) {
    if let Ok(chord) = Chord::parse(key) {
        app.update(Message::Key(chord), now);
    }
}

/// News of three kinds in turn, as the loop takes them: a few batches, a key, a frame.
fn while_listing(app: &mut App, look: &Look, now: DateTime<Utc>) -> Vec<Duration> {
    let mut news = std::iter::zip(
        batches::<wire::Certificate>(Kind::Certificate, fleet::certificate, now),
        std::iter::zip(
            batches::<wire::CertificateRequest>(Kind::CertificateRequest, fleet::request, now),
            batches::<wire::Order>(Kind::Order, fleet::order, now),
        ),
    )
    .flat_map(|(a, (b, c))| [a, b, c])
    .peekable();
    let mut keys = Vec::new();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 60));
    while news.peek().is_some() {
        let began = clock();
        for batch in news.by_ref().take(limits::BATCHES_A_TURN) {
            app.update(Message::Batch(batch), now);
        }
        press(app, "j", now);
        let settling = clock();
        app.settle(now, || settling.elapsed() < limits::SETTLE);
        view(app, look, now, &mut buffer);
        keys.push(began.elapsed());
    }
    keys
}

fn batches<W: Project>(kind: Kind, object: fn(usize) -> String, at: DateTime<Utc>) -> Vec<Batch> {
    let batch = |news| Batch { at, feed: FeedKey::cluster(kind), news };
    let mut projector = Projector::default();
    let objects = (0..FLEET).collect::<Vec<_>>();
    let parts = objects.chunks(limits::BATCH).flat_map(|chunk| {
        let mut batch = RowBatch::default();
        for n in chunk {
            if let Ok(object) = serde_json::from_str::<W>(&object(*n)) {
                object.upsert(&mut projector, &mut batch);
            }
        }
        batch.take()
    });
    let mut all = vec![batch(News::ListBegan)];
    all.extend(parts.map(|objects: Objects| batch(News::Objects(objects))).collect::<Vec<_>>());
    all.push(batch(News::ListEnded));
    all
}

fn sorting() -> Duration {
    let mut numbers: Vec<u64> = (0..1_000_000u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    let began = clock();
    numbers.sort_unstable();
    std::hint::black_box(&numbers);
    began.elapsed()
}

fn milliseconds(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |part: f64| {
        times.get(((times.len() as f64 * part) as usize).min(times.len() - 1)).map_or(0.0, |t| t.as_secs_f64() * 1e3)
    };
    format!("p50 {:.2} ms, p99 {:.2} ms, worst {:.2} ms", at(0.5), at(0.99), at(1.0))
}
