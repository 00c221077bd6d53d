//! A dashboard without a terminal: messages in, pictures out, and the clock in the hand of the test.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test uses a part of it")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use cmtop::app::App;
use cmtop::app::effect::Effect;
use cmtop::app::message::{Message, Mouse, MouseAction, Session, SourceKind, SourceNews};
use cmtop::keymap::chord::{Chord, Key};
use cmtop::model::meta::Object as _;
use cmtop::model::{Batch, Model};
use cmtop::recording::player::Player;
use cmtop::recording::reader::Reader;
use cmtop::theme::Theme;
use cmtop::theme::glyphs::Glyphs;
use cmtop::triage::diagnose;
use cmtop::triage::timeline::timeline;
use cmtop::ui::{Look, picture, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The recordings beside the tests.
pub fn recordings() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings")
}

type News = (Vec<Batch>, DateTime<Utc>);

/// The news of a recording up to a moment (or its end), and the clock then. It is read once.
pub fn news(file: &str, until: Option<&str>) -> News {
    static READ: LazyLock<Mutex<HashMap<String, News>>> = LazyLock::new(Mutex::default);
    let key = format!("{file} {until:?}");
    READ.lock().unwrap().entry(key).or_insert_with(|| read_news(file, until)).clone()
}

fn read_news(file: &str, until: Option<&str>) -> News {
    let until: Option<DateTime<Utc>> = until.map(|t| t.parse().unwrap());
    let mut reader = Reader::open(BufReader::new(File::open(recordings().join(file)).unwrap())).unwrap();
    let (mut player, mut batches) = (Player::default(), Vec::new());
    while let Some(frame) = reader.next_frame().unwrap() {
        if until.is_none_or(|until| frame.t <= until) {
            player.play(&frame, &mut |batch| batches.push(batch));
        }
    }
    let now = until.or(player.now()).unwrap();
    (batches, now)
}

/// A look for tests: the default theme, UTC.
pub fn look() -> Look {
    Look { theme: Theme::bundled("dark").unwrap(), glyphs: Glyphs::UNICODE, offset: FixedOffset::east_opt(0).unwrap() }
}

/// A dashboard and its clock.
pub struct Harness {
    pub app: App,
    pub now: DateTime<Utc>,
}

impl Harness {
    /// An empty dashboard that is connected.
    pub fn empty(width: u16, height: u16, now: DateTime<Utc>) -> Self {
        let mut harness = Self { app: App::new(width, height), now };
        let session = Session {
            source: SourceKind::Cluster,
            context: "yard".to_owned(),
            cluster: "yard".to_owned(),
            user: "admin".to_owned(),
            ..Session::default()
        };
        harness.send(Message::Source(SourceNews::Session(session)));
        harness
    }

    /// A dashboard that has seen a recording up to a moment.
    pub fn recording(file: &str, until: Option<&str>, width: u16, height: u16) -> Self {
        let (batches, now) = news(file, until);
        let mut harness = Self::empty(width, height, now);
        for batch in batches {
            harness.send(Message::Batch(batch));
        }
        harness.settle();
        // What changed while the recording was poured in is not news to anybody.
        harness.app.ui.flashes.clear();
        harness.app.ui.changed.clear();
        harness
    }

    pub fn send(&mut self, message: Message) -> Vec<Effect> {
        self.app.update(message, self.now)
    }

    pub fn settle(&mut self) {
        self.app.settle(self.now, || true);
    }

    /// Types keys: `j`, `ctrl-d`, `enter` … with spaces between.
    pub fn keys(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for key in keys.split(' ') {
            effects.extend(self.send(Message::Key(Chord::parse(key).unwrap())));
            self.settle();
        }
        effects
    }

    /// Types text, letter by letter.
    pub fn text(&mut self, text: &str) {
        for c in text.chars() {
            self.send(Message::Key(Chord::plain(Key::Char(c))));
            self.settle();
        }
    }

    pub fn mouse(&mut self, x: u16, y: u16, what: MouseAction) {
        self.send(Message::Mouse(Mouse { x, y, what }));
        self.settle();
    }

    pub fn pass(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
        self.settle();
    }

    /// The picture, and until when it holds.
    pub fn picture(&self) -> (Buffer, Option<DateTime<Utc>>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.app.ui.size.0, self.app.ui.size.1));
        let until = view(&self.app, &look(), self.now, &mut buffer);
        let due = [until, self.app.due(self.now), self.app.lapses()].into_iter().flatten().min();
        (buffer, due)
    }

    /// The picture on a terminal without colours that has ASCII only.
    pub fn ascii(&self) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.app.ui.size.0, self.app.ui.size.1));
        let look = Look { theme: Theme::plain(), glyphs: Glyphs::ASCII, ..look() };
        view(&self.app, &look, self.now, &mut buffer);
        picture::text(&buffer)
    }

    pub fn screen(&self) -> String {
        picture::text(&self.picture().0)
    }

    /// The names in the table, from the top.
    pub fn names(&self) -> Vec<String> {
        let rows = self.app.roster.rows().iter();
        rows.map(|id| self.app.model.certificates.get(*id).unwrap().meta.name.to_string()).collect()
    }
}

/// Two grids, one of characters and one of styles: text alone cannot see a lost colour.
pub fn grids(buffer: &Buffer) -> String {
    let mut looks: Vec<String> = Vec::new();
    let mut styles = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let look = format!("{:?} on {:?} {:?}", cell.fg, cell.bg, cell.modifier);
            let letter = looks.iter().position(|known| *known == look).unwrap_or_else(|| {
                looks.push(look);
                looks.len() - 1
            });
            line.push(if letter == 0 { ' ' } else { char::from(b'a' - 1 + letter as u8) });
        }
        let _ = writeln!(styles, "{}", line.trim_end());
    }
    let mut out = picture::text(buffer);
    let _ = write!(out, "\n{styles}\n");
    for (i, look) in looks.iter().enumerate().skip(1) {
        let _ = writeln!(out, "{} {look}", char::from(b'a' - 1 + i as u8));
    }
    out
}

/// Everything that a person could see of a model.
pub fn seen(model: &Model, now: DateTime<Utc>) -> Vec<String> {
    let mut rows: Vec<String> = model
        .certificates
        .iter()
        .map(|(id, row)| format!("{} {row:?} {:?} {:?}", row.key(), diagnose(model, id, now), timeline(model, id)))
        .collect();
    rows.sort();
    rows.extend(model.journal.recent().map(|transition| format!("{transition:?}")));
    rows.extend(model.events.recent().map(|event| format!("{event:?}")));
    rows.extend(model.logs.lines().map(|line| line.text.to_string()));
    rows
}
