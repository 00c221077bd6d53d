//! The first line of the header: its words, and where they stand: what is painted there can be clicked.

use super::App;
use super::effect::Effect;
use super::message::SourceKind;
use crate::command::Command;
use crate::model::controller::{Component, Controller};
use crate::model::feed::{Feed, FeedKey, FeedState, Part};
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::text::width;
use crate::triage::tree::Tone;

/// What a piece of the line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The program.
    Product,
    /// The context, or the recording.
    Source,
    /// What kind of source it is, and whether it may be changed.
    Kind,
    /// That a moment before now is shown.
    Past,
    /// That a recording is being written.
    Recorder,
    /// The namespaces that are shown.
    Namespaces,
    /// What else is known of the place.
    Aside,
    /// cert-manager.
    Manager {
        /// Whether it runs.
        well: bool,
    },
    /// How the feeds do; no words where there is only room for a sign.
    Feeds(Tone),
    /// The time of day.
    Clock,
}

/// A piece of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The column where it begins.
    pub x: u16,
    /// Cells that it may take.
    pub cells: u16,
    /// What it says. The time of day is the painter's to say.
    pub text: String,
    /// What it is about.
    pub what: What,
}

impl App {
    /// The pieces that there is room for. Those at the right come first, the most important of them outermost.
    pub fn headline(&self) -> Vec<Piece> {
        let area = self.ui.areas().header;
        if area.height == 0 {
            return Vec::new();
        }
        let mut pieces = Vec::new();
        let mut put = |x: u16, cells: u16, text: String, what: What| pieces.push(Piece { x, cells, text, what });
        let mut right = area.x + area.width - 1;
        let clock = if clock_step(self) == 1_000 { 8 } else { 5 };
        put(right - clock, clock, String::new(), What::Clock);
        right -= clock + 2;

        put(area.x + 1, 8, "cmtop".to_owned(), What::Product);
        let mut x = area.x + 8;
        let (feeds, tone) = feeds(self);
        let wanted = (width(&feeds) + 8) as u16;
        if right > x + wanted + 20 {
            right -= wanted;
            put(right, wanted, format!("feeds {feeds}"), What::Feeds(tone));
            right -= 2;
        } else if tone != Tone::Good {
            put(right - 1, 1, String::new(), What::Feeds(tone));
            right -= 3;
        }
        let (manager, well) = manager(self);
        let wanted = (width(&manager) + 1) as u16;
        if right > x + wanted + 30 {
            right -= wanted;
            put(right, wanted, manager, What::Manager { well });
            right -= 2;
        }
        for (text, what) in place(self) {
            if right > x + 3 {
                let cells = (width(&text) as u16).min(right - x);
                put(x, cells, text, what);
                x += cells + 2;
            }
        }
        pieces
    }

    /// A click on a piece of the line leads to where one can do something about it.
    pub(super) fn click_headline(&mut self, x: u16, now: Time) -> Vec<Effect> {
        let piece = self.headline().into_iter().find(|piece| (piece.x..piece.x + piece.cells).contains(&x));
        let command = match piece.map(|piece| piece.what) {
            Some(What::Namespaces) => Command::Namespaces,
            Some(What::Source) => Command::Contexts,
            Some(What::Past) => Command::LookBack,
            Some(What::Recorder) => Command::Record,
            Some(What::Feeds(_)) => Command::Feeds,
            Some(What::Manager { .. }) => Command::Causes,
            _ => return Vec::new(),
        };
        self.run(command, now)
    }
}

/// After how many milliseconds the time of day reads differently: a minute, so that a calm screen is painted once a minute;
/// a second in a replay.
pub fn clock_step(app: &App) -> i64 {
    let replay = app.session.as_ref().is_some_and(|session| session.source != SourceKind::Cluster);
    if replay && !app.ended { 1_000 } else { 60_000 }
}

/// Where we are, in the order of importance.
fn place(app: &App) -> Vec<(String, What)> {
    let Some(session) = &app.session else {
        let text = if app.failure.is_some() { "not connected" } else { "connecting…" };
        return vec![(text.to_owned(), What::Aside)];
    };
    let chosen = &app.selection.namespaces;
    let namespaces = if !chosen.is_empty() {
        chosen.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(",")
    } else if session.namespaces.is_empty() {
        "all".to_owned()
    } else {
        session.namespaces.join(",")
    };
    let mut pieces = vec![(session.context.clone(), What::Source)];
    match session.source {
        SourceKind::Cluster => {}
        SourceKind::Recording => pieces.push(("recording".to_owned(), What::Kind)),
        SourceKind::Demo => pieces.push(("simulated".to_owned(), What::Kind)),
    }
    if app.looks_back() {
        pieces.push(("the past".to_owned(), What::Past));
    }
    if app.recorder.is_some() {
        pieces.push(("writing a recording".to_owned(), What::Recorder));
    }
    if session.read_only {
        pieces.push(("read-only".to_owned(), What::Kind));
    }
    pieces.push((format!("ns {namespaces}"), What::Namespaces));
    if !session.cluster.is_empty() && session.cluster != session.context {
        pieces.push((session.cluster.clone(), What::Aside));
    }
    if !session.user.is_empty() && session.user != session.context {
        pieces.push((session.user.clone(), What::Aside));
    }
    if let Some(selector) = &session.selector {
        pieces.push((format!("-l {selector}"), What::Aside));
    }
    pieces
}

/// cert-manager's version, and how it does as far as anything shows it.
fn manager(app: &App) -> (String, bool) {
    let Some(controller) = app.model.controller() else { return (String::new(), true) };
    let version = controller.version.as_deref().unwrap_or("of unknown version");
    let (state, well) = state(app, controller);
    (format!("cert-manager {version}{state}"), well)
}

fn state(app: &App, controller: &Controller) -> (String, bool) {
    let mut pods =
        app.model.controllers.iter().map(|(_, row)| row).filter(|row| row.component == Component::Controller);
    let trouble = pods.find_map(|row| row.status.as_ref()?.trouble.clone());
    match (&controller.status, trouble) {
        (_, Some(trouble)) => (format!(" {trouble}"), false),
        (Some(status), None) if status.ready == 0 && status.wanted > 0 => (" not ready".to_owned(), false),
        (Some(status), None) if status.wanted == 0 => (" scaled to 0".to_owned(), false),
        (Some(_), None) => (" running".to_owned(), true),
        (None, None) => (String::new(), true),
    }
}

/// Whether a feed that is not served is no trouble: not every cluster has the Gateway API.
fn is_optional(key: &FeedKey) -> bool {
    key.kind == Kind::HttpRoute
}

/// How the feeds do, in a few words.
fn feeds(app: &App) -> (String, Tone) {
    // Logs are an extra: what is missing of them is told where they are read.
    let feeds: Vec<(&FeedKey, &Feed)> = app.model.feeds.iter().filter(|(key, _)| key.part != Part::Logs).collect();
    let live = feeds.iter().filter(|(_, feed)| feed.state == FeedState::Live).count();
    let listing = feeds.iter().find_map(|(key, feed)| Some((key, feed.state.progress()?)));
    let troubled: Vec<&(&FeedKey, &Feed)> = feeds
        .iter()
        .filter(|(key, feed)| match feed.state {
            FeedState::Retrying { .. } | FeedState::Forbidden { .. } => true,
            FeedState::Absent => !is_optional(key),
            _ => false,
        })
        .collect();
    if let Some((key, progress)) = listing {
        return (format!("listing {} {progress}", key.kind.row().plural), Tone::Busy);
    }
    match troubled.as_slice() {
        [] if feeds.is_empty() => ("none yet".to_owned(), Tone::Absent),
        [] => (format!("{live} live"), Tone::Good),
        [(key, feed)] => (format!("{live} live, {} {}", key, word(&feed.state)), Tone::Bad),
        several => (format!("{live} live, {} in trouble", several.len()), Tone::Bad),
    }
}

/// A feed's state in a word.
const fn word(state: &FeedState) -> &'static str {
    match state {
        FeedState::Connecting => "connecting",
        FeedState::Listing { .. } => "listing",
        FeedState::Live => "live",
        FeedState::Retrying { .. } => "cut off",
        FeedState::Forbidden { .. } => "forbidden",
        FeedState::Absent => "not served",
    }
}
