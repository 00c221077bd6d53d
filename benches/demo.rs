//! `cmtop demo --certificates 100000`, without a terminal: the first rows, all rows, frames at 200×60, and what it costs
//! to rest. `cargo bench --bench demo -- 10000` takes fewer.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, Offset as _, Utc};
use cmtop::app::App;
use cmtop::app::message::Message;
use cmtop::keymap::chord::Chord;
use cmtop::limits;
use cmtop::runtime::clock::Clock;
use cmtop::runtime::service;
use cmtop::runtime::service::request::Outlet;
use cmtop::runtime::source::demo::Demo;
use cmtop::sim::{Options, Story};
use cmtop::theme::Theme;
use cmtop::theme::glyphs::Glyphs;
use cmtop::ui::{Look, view};
use cmtop::watch::discover::Wish;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::mpsc;

const CERTIFICATES: u32 = 100_000;
const FRAMES: usize = 500;
const REST: Duration = Duration::from_secs(10);

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn clock() -> Instant {
    Instant::now()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let certificates = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(CERTIFICATES);
    println!("baseline: sorting 1,000,000 numbers takes {:.1} ms", sorting().as_secs_f64() * 1e3);

    let (messages, mut inbox) = mpsc::channel(limits::QUEUE);
    let (batches, mut news) = mpsc::channel(limits::QUEUE);
    let (_requests, requested) = mpsc::channel(limits::REQUESTS);
    let began = clock();
    let demo = Demo::begin(Story::named("quiet")?, Options { certificates, ..Options::default() });
    let time: Clock = demo.clock();
    tokio::spawn(service::demo::run(
        demo,
        "quiet".to_owned(),
        Wish::default(),
        false,
        Outlet { batches, messages, action_log: None, evidence: std::path::PathBuf::new() },
        requested,
    ));
    println!("the screen can open after {} ms", began.elapsed().as_millis());

    let (mut app, mut buffer) = (App::new(200, 60), Buffer::empty(Rect::new(0, 0, 200, 60)));
    let look = look();
    let (mut first, mut frames) = (None, Vec::new());
    while app.model.certificates.len() < certificates as usize {
        tokio::select! {
            Some(batch) = news.recv() => drop(app.update(Message::Batch(batch), time.now())),
            Some(message) = inbox.recv() => drop(app.update(message, time.now())),
            else => return Err("the demo ended".into()),
        }
        if first.is_none() && !app.model.certificates.is_empty() {
            frames.push(frame(&mut app, &look, &mut buffer, time.now()));
            first = Some(began.elapsed());
        }
    }
    let first = first.unwrap_or_default();
    println!("first rows after {} ms (target 1,000 ms)", first.as_millis());
    println!("{certificates} certificates after {} ms", began.elapsed().as_millis());

    // The other kinds may still be arriving.
    drain(&mut app, &mut news, &time, Duration::from_secs(3)).await;
    app.settle(time.now(), || true);
    frames.clear();
    for n in 0..FRAMES {
        if let Ok(chord) = Chord::parse(["j", "ctrl-f", "k", "ctrl-f", "ctrl-b"][n % 5]) {
            app.update(Message::Key(chord), time.now());
        }
        frames.push(frame(&mut app, &look, &mut buffer, time.now()));
    }
    frames.sort_unstable();
    let at = |part: f64| frames[((FRAMES as f64 * part) as usize).min(FRAMES - 1)].as_secs_f64() * 1e3;
    println!(
        "frame at 200×60: p50 {:.2} ms, p99 {:.2} ms, worst {:.2} ms (target p99 2 ms)",
        at(0.5),
        at(0.99),
        at(1.0)
    );

    drain(&mut app, &mut news, &time, REST).await;
    let (before, resting) = (processor(), clock());
    drain(&mut app, &mut news, &time, REST).await;
    let share = (processor() - before) / resting.elapsed().as_secs_f64();
    println!("at rest: {:.2} % of a processor (target 0.5 %)", share * 100.0);
    Ok(())
}

/// Takes in what arrives, for a while.
async fn drain(app: &mut App, news: &mut mpsc::Receiver<cmtop::model::Batch>, time: &Clock, long: Duration) {
    let end = tokio::time::Instant::now() + long;
    while let Ok(Some(batch)) = tokio::time::timeout_at(end, news.recv()).await {
        app.update(Message::Batch(batch), time.now());
    }
}

fn frame(app: &mut App, look: &Look, buffer: &mut Buffer, now: DateTime<Utc>) -> Duration {
    let began = clock();
    app.settle(now, || began.elapsed() < limits::SETTLE);
    view(app, look, now, buffer);
    began.elapsed()
}

fn look() -> Look {
    let offset: FixedOffset = Utc.fix();
    Look { theme: Theme::bundled("dark").unwrap_or_else(|_| Theme::plain()), glyphs: Glyphs::UNICODE, offset }
}

/// Seconds of processor time that this process took, in hundredths.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn sorting() -> Duration {
    let mut numbers: Vec<u64> = (0..1_000_000u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    let began = clock();
    numbers.sort_unstable();
    std::hint::black_box(&numbers);
    began.elapsed()
}
