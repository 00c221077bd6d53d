//! The same story, seed and speed give the same recording and the same pictures, but for the bytes of certificates and
//! keys.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

#[path = "support/shared.rs"]
mod shared;

use std::sync::Arc;
use std::time::Duration;

use chrono::FixedOffset;
use cmtop::app::App;
use cmtop::app::message::{Message, Session, SourceNews};
use cmtop::cluster::{Cluster, Names, Now};
use cmtop::keymap::chord::Chord;
use cmtop::limits;
use cmtop::recording::writer::Writer;
use cmtop::sim::{self, Options, Story};
use cmtop::theme::Theme;
use cmtop::theme::glyphs::Glyphs;
use cmtop::ui::{Look, picture, view};
use cmtop::watch::record::record;
use cmtop::watch::{self, Scope};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use regex::Regex;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// The default story, as it goes on.
fn busy_night(seed: u64) -> (Cluster, Now) {
    let options = Options { certificates: 50, seed, ..Options::default() };
    let world = sim::run(&Story::named("busy-night").unwrap(), options).unwrap();
    let clock = world.clock().clone();
    let now: Now = Arc::new(move || clock.now());
    let cluster = Cluster::in_process(world.cluster().service(), Names::default(), Arc::clone(&now));
    tokio::spawn(world.drive());
    (cluster, now)
}

/// The lines of a recording. Which of several feeds is first in the same millisecond is up to the machine: what is
/// recorded in one moment has no order here, and each object still has its own by the version.
fn told(seed: u64) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let (cluster, now) = busy_night(seed);
        let file = shared::Shared::default();
        let writer = Writer::begin(file.clone(), now(), "test", "v1.36.0", &[]).unwrap();
        let while_it_goes_on = tokio::time::sleep(Duration::from_mins(3));
        record(&cluster, &Scope::default(), &now, (writer, now()), while_it_goes_on, |_, _| {}).await.unwrap();
        let text = String::from_utf8(file.0.lock().unwrap().clone()).unwrap();
        let bytes = Regex::new("\"[A-Za-z0-9+/=]{120,}\"").unwrap();
        let mut lines: Vec<String> =
            text.lines().map(|line| bytes.replace_all(line, "\"bytes\"").into_owned()).collect();
        lines.sort();
        lines
    })
}

#[test]
fn a_recording_repeats_itself() {
    let (one, two) = (told(3), told(3));
    assert!(one.len() > 500, "{}", one.len());
    let different = one.iter().zip(&two).find(|(one, two)| one != two);
    assert!(different.is_none() && one.len() == two.len(), "{different:#?}");
    assert_ne!(one, told(4));
}

/// What a person sees who presses a key now and then: a picture every five seconds of two minutes.
fn painted(seed: u64) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let (cluster, now) = busy_night(seed);
        let (out, mut batches) = mpsc::channel(limits::QUEUE);
        let _watches = watch::spawn(&cluster, &Scope::default(), &now, &out);
        let mut app = App::new(120, 40);
        app.update(Message::Source(SourceNews::Session(Session::default())), now());
        let offset = FixedOffset::east_opt(0).unwrap();
        let look = Look { theme: Theme::bundled("dark").unwrap(), glyphs: Glyphs::UNICODE, offset };
        let mut pictures = Vec::new();
        for key in
            ["j", "j", "enter", "esc", "d", "esc", "E", "esc", "!", "!", "shift-right", "G"].iter().cycle().take(24)
        {
            // Half way between two steps of the world, when everything that happened has arrived.
            let end = Instant::now() + Duration::from_millis(5_003);
            let mut news = Vec::new();
            while let Ok(Some(batch)) = timeout_at(end, batches.recv()).await {
                news.push(batch);
            }
            // Which of several feeds is first in the same moment is up to the machine; each keeps its own order.
            news.sort_by_key(|batch| (batch.at, batch.feed.clone()));
            news.into_iter().for_each(|batch| drop(app.update(Message::Batch(batch), now())));
            app.update(Message::Key(Chord::parse(key).unwrap()), now());
            app.settle(now(), || true);
            let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
            view(&app, &look, now(), &mut buffer);
            pictures.push(picture::ansi(&buffer));
        }
        pictures
    })
}

#[test]
fn pictures_repeat_themselves() {
    let (one, two) = (painted(3), painted(3));
    for (n, (one, two)) in one.iter().zip(&two).enumerate() {
        assert!(one == two, "picture {n} differs:\n{one}\n{two}");
    }
    assert_ne!(one.first(), one.last(), "there is something to see");
    assert_ne!(one, painted(4));
}
