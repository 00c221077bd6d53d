//! Going back over 10,000 transitions, 20,000 Events and 100,000 lines of logs: from the wish to the picture.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints, and may fail"
)]

use std::time::Instant;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use cmtop::app::App;
use cmtop::app::message::Message;
use cmtop::app::tape::Tape;
use cmtop::keymap::chord::Chord;
use cmtop::recording::frame::Frame;
use cmtop::recording::player::Player;
use cmtop::theme::Theme;
use cmtop::theme::glyphs::Glyphs;
use cmtop::ui::{Look, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const TRANSITIONS: usize = 10_000;
const EVENTS: usize = 20_000;
const LINES: usize = 100_000;
const CHALLENGES: usize = 500;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn clock() -> Instant {
    Instant::now()
}

/// The same numbers at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

fn uid(kind: usize, n: usize) -> String {
    format!("{kind:08x}-e1ec-4b3b-b47f-{n:012x}")
}

fn frames(begin: DateTime<Utc>) -> Vec<String> {
    let mut out = Vec::new();
    let t = |i: usize, n: usize| (begin + TimeDelta::milliseconds((3_600_000 * i / n) as i64)).to_rfc3339();
    for kind in [
        "certificates.cert-manager.io/v1",
        "challenges.acme.cert-manager.io/v1",
        "orders.acme.cert-manager.io/v1",
        "events.v1",
    ] {
        out.push((t(0, 1), format!(r#"{{"t":"{}","op":"SYNCED","resource":"{kind}"}}"#, t(0, 1))));
    }
    for n in 0..CHALLENGES {
        let (cert, at) = (uid(1, n), t(0, 1));
        out.push((t(0, 1), format!(r#"{{"t":"{at}","op":"ADDED","object":{{"apiVersion":"cert-manager.io/v1","kind":"Certificate","metadata":{{"name":"web-{n}","namespace":"team-{}","uid":"{cert}","resourceVersion":"{n}","creationTimestamp":"{at}"}},"spec":{{"secretName":"web-{n}","issuerRef":{{"name":"ca"}}}}}}}}"#, n % 20)));
    }
    for i in 0..TRANSITIONS {
        let (n, at) = (i % CHALLENGES, t(i + 1, TRANSITIONS + 1));
        let state = if (i / CHALLENGES).is_multiple_of(2) { "pending" } else { "processing" };
        out.push((at.clone(), format!(r#"{{"t":"{at}","op":"MODIFIED","object":{{"apiVersion":"acme.cert-manager.io/v1","kind":"Challenge","metadata":{{"name":"web-{n}-1-1","namespace":"team-{}","uid":"{}","resourceVersion":"{}","creationTimestamp":"{at}"}},"spec":{{"dnsName":"web-{n}.example.com","type":"HTTP-01"}},"status":{{"processing":true,"state":"{state}"}}}}}}"#, n % 20, uid(4, n), 1_000 + i)));
    }
    for i in 0..EVENTS {
        let (n, at) = (i % CHALLENGES, t(i + 1, EVENTS + 1));
        out.push((at.clone(), format!(r#"{{"t":"{at}","op":"ADDED","object":{{"apiVersion":"v1","kind":"Event","metadata":{{"name":"e{i}","namespace":"team-{}","uid":"{}","resourceVersion":"{}"}},"involvedObject":{{"apiVersion":"acme.cert-manager.io/v1","kind":"Challenge","name":"web-{n}-1-1","namespace":"team-{}","uid":"{}"}},"reason":"PresentError","message":"Error presenting challenge {i}: no answer","lastTimestamp":"{at}","type":"Warning"}}}}"#, n % 20, uid(9, i), 100_000 + i, n % 20, uid(4, n))));
    }
    for i in 0..LINES {
        let (n, at) = (i % CHALLENGES, t(i + 1, LINES + 1));
        let line = format!(
            r#"E1122 16:02:32.583880 7904 sync.go:212] \"propagation check failed\" logger=\"cert-manager.controller\" resource_name=\"web-{n}-1-1\" resource_namespace=\"team-{}\" resource_kind=\"Challenge\" err=\"no answer\""#,
            n % 20
        );
        out.push((at.clone(), format!(r#"{{"t":"{at}","op":"LOG","source":{{"namespace":"cert-manager","pod":"cm-0","container":"controller"}},"line":"{line}"}}"#)));
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out.into_iter().map(|(_, line)| line).collect()
}

fn main() {
    let begin: DateTime<Utc> = DateTime::from_timestamp(1_795_363_200, 0).unwrap_or_default();
    let mut player = Player::default();
    let mut tape = Tape::default();
    for line in frames(begin) {
        player.play(&Frame::parse(&line).unwrap(), &mut |batch| assert!(tape.push(batch)));
    }
    let mut numbers: Vec<u64> = (0..1_000_000).map(|n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    let began = clock();
    numbers.sort_unstable();
    println!("baseline: sorting 1,000,000 numbers takes {:.1} ms", began.elapsed().as_secs_f64() * 1e3);

    let mut app = App::new(200, 60);
    let began = clock();
    let count = tape.len();
    app.update(Message::Recording(Box::new(tape), None, 1.0), begin);
    println!("{count} batches are on the tape after {:.0} ms", began.elapsed().as_secs_f64() * 1e3);

    let look = Look {
        theme: Theme::bundled("dark").unwrap(),
        glyphs: Glyphs::UNICODE,
        offset: FixedOffset::east_opt(0).unwrap(),
    };
    let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 60));
    let (mut dice, mut times) = (Dice(7), Vec::new());
    for _ in 0..200 {
        let at = begin + TimeDelta::milliseconds(dice.below(3_600_000) as i64);
        let began = clock();
        app.seek(at, at);
        let now = app.note_wall(begin);
        app.settle(now, || true);
        view(&app, &look, now, &mut buffer);
        times.push(began.elapsed());
        app.update(Message::Key(Chord::parse("j").unwrap()), now);
    }
    times.sort_unstable();
    let ms = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    println!(
        "a jump to any moment, picture included: p50 {:.1} ms, p99 {:.1} ms, worst {:.1} ms (target 50 ms)",
        ms(0.5),
        ms(0.99),
        ms(1.0)
    );
}
