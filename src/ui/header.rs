//! The first lines: who and where we are, how the feeds do, what needs a person, how much time there is.

use super::painter::Painter;
use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::app::message::SourceKind;
use crate::model::controller::{Component, Controller};
use crate::model::feed::{Feed, FeedKey, FeedState, Part};
use crate::model::kind::Kind;
use crate::text::{number, width};
use crate::theme::Role;
use crate::triage::verdict::{Alarm, Verdict};

/// The colour of an alarm.
pub(super) const fn role(alarm: Alarm) -> Role {
    match alarm {
        Alarm::Red => Role::AlarmRed,
        Alarm::Amber => Role::AlarmAmber,
        Alarm::Busy => Role::AlarmBusy,
        Alarm::Grey => Role::AlarmGrey,
        Alarm::Calm => Role::AlarmCalm,
    }
}

pub(super) fn paint(painter: &mut Painter, app: &App, areas: &Areas) {
    if areas.header.height == 0 {
        return;
    }
    first(painter, app, areas.header);
    second(painter, app, areas.summary);
    painter.rule(areas.rules[0], Role::Rule);
    super::banner::paint(painter, app, areas.rules[0]);
}

/// Pieces from the right: the most important are the outermost.
fn first(painter: &mut Painter, app: &App, area: Area) {
    let clock = clock(painter, app);
    let feeds = feeds(app);
    let manager = manager(app);
    let mut right = area.x + area.width - 1;
    let used = width(&clock) as u16;
    painter.put(right - used, area.y, used, &clock, Role::TextDim);
    right -= used + 2;

    let mut x = painter.put(area.x + 1, area.y, 8, "cmtop", Role::Accent) + 2;
    let wanted = (width(&feeds.0) + 8) as u16;
    if right > x + wanted + 20 {
        right -= wanted;
        let after = painter.put(right, area.y, 6, "feeds ", Role::TextDim);
        painter.put(after, area.y, wanted, &feeds.0, feeds.1);
        right -= 2;
    } else if feeds.1 != Role::FeedLive {
        let short = painter.glyphs().bad;
        painter.put(right - 1, area.y, 1, short, feeds.1);
        right -= 3;
    }
    let wanted = (width(&manager.0) + 1) as u16;
    if right > x + wanted + 30 {
        right -= wanted;
        painter.put(right, area.y, wanted, &manager.0, manager.1);
        right -= 2;
    }
    for (text, role) in place(app) {
        if right > x + 3 {
            x = painter.put(x, area.y, right - x, &text, role) + 2;
        }
    }
}

/// Where we are, in the order of importance.
fn place(app: &App) -> Vec<(String, Role)> {
    let Some(session) = &app.session else {
        let text = if app.failure.is_some() { "not connected" } else { "connecting…" };
        return vec![(text.to_owned(), Role::TextDim)];
    };
    let chosen = &app.selection.namespaces;
    let namespaces = if !chosen.is_empty() {
        chosen.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(",")
    } else if session.namespaces.is_empty() {
        "all".to_owned()
    } else {
        session.namespaces.join(",")
    };
    let mut pieces = vec![(session.context.clone(), Role::TextStrong)];
    match session.source {
        SourceKind::Cluster => {}
        SourceKind::Recording => pieces.push(("recording".to_owned(), Role::AlarmBusy)),
        SourceKind::Demo => pieces.push(("simulated".to_owned(), Role::AlarmBusy)),
    }
    if app.looks_back() {
        pieces.push(("the past".to_owned(), Role::AlarmAmber));
    }
    if app.recorder.is_some() {
        pieces.push(("writing a recording".to_owned(), Role::AlarmRed));
    }
    if session.read_only {
        pieces.push(("read-only".to_owned(), Role::AlarmBusy));
    }
    pieces.push((format!("ns {namespaces}"), Role::Text));
    if !session.cluster.is_empty() && session.cluster != session.context {
        pieces.push((session.cluster.clone(), Role::TextDim));
    }
    if !session.user.is_empty() && session.user != session.context {
        pieces.push((session.user.clone(), Role::TextDim));
    }
    if let Some(selector) = &session.selector {
        pieces.push((format!("-l {selector}"), Role::TextDim));
    }
    pieces
}

/// The time of day: to the minute, so that a calm screen is painted once a minute; to the second in a replay.
fn clock(painter: &mut Painter, app: &App) -> String {
    let time = painter.clock(painter.now);
    let replay = app.session.as_ref().is_some_and(|session| session.source != SourceKind::Cluster);
    let step = if replay && !app.ended { 1_000 } else { 60_000 };
    let ms = painter.now.timestamp_millis();
    if let Some(next) = chrono::DateTime::from_timestamp_millis(ms - ms.rem_euclid(step) + step) {
        painter.changes_at(next);
    }
    if step == 1_000 { time } else { time.get(..5).unwrap_or_default().to_owned() }
}

/// cert-manager's version, and how it does as far as anything shows it.
fn manager(app: &App) -> (String, Role) {
    let Some(controller) = app.model.controller() else { return (String::new(), Role::TextDim) };
    let version = controller.version.as_deref().unwrap_or("of unknown version");
    let (state, role) = state(app, controller);
    (format!("cert-manager {version}{state}"), role)
}

fn state(app: &App, controller: &Controller) -> (String, Role) {
    let mut pods =
        app.model.controllers.iter().map(|(_, row)| row).filter(|row| row.component == Component::Controller);
    let trouble = pods.find_map(|row| row.status.as_ref()?.trouble.clone());
    match (&controller.status, trouble) {
        (_, Some(trouble)) => (format!(" {trouble}"), Role::AlarmRed),
        (Some(status), None) if status.ready == 0 && status.wanted > 0 => (" not ready".to_owned(), Role::AlarmRed),
        (Some(status), None) if status.wanted == 0 => (" scaled to 0".to_owned(), Role::AlarmRed),
        (Some(_), None) => (" running".to_owned(), Role::TextDim),
        (None, None) => (String::new(), Role::TextDim),
    }
}

/// Whether a feed that is not served is no trouble: not every cluster has the Gateway API.
fn is_optional(key: &FeedKey) -> bool {
    key.kind == Kind::HttpRoute
}

/// How the feeds do, in a few words.
fn feeds(app: &App) -> (String, Role) {
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
        return (format!("listing {} {progress}", key.kind.row().plural), Role::FeedListing);
    }
    match troubled.as_slice() {
        [] if feeds.is_empty() => ("none yet".to_owned(), Role::TextDim),
        [] => (format!("{live} live"), Role::FeedLive),
        [(key, feed)] => (format!("{live} live, {} {}", key, word(&feed.state)), Role::FeedTrouble),
        several => (format!("{live} live, {} in trouble", several.len()), Role::FeedTrouble),
    }
}

/// A feed's state in a word.
pub(super) const fn word(state: &FeedState) -> &'static str {
    match state {
        FeedState::Connecting => "connecting",
        FeedState::Listing { .. } => "listing",
        FeedState::Live => "live",
        FeedState::Retrying { .. } => "cut off",
        FeedState::Forbidden { .. } => "forbidden",
        FeedState::Absent => "not served",
    }
}

/// The tallies; at the right, what comes next.
fn second(painter: &mut Painter, app: &App, area: Area) {
    let tally = app.ledger.tally();
    let mut x = area.x + 1;
    for verdict in Verdict::ALL {
        let count = tally.of(verdict);
        if count > 0 {
            let text = format!("{} {verdict}", number(count));
            let role = if verdict == Verdict::Ok { Role::TextDim } else { role(verdict.alarm()) };
            if x + width(&text) as u16 > area.x + area.width {
                // Half a number is another number.
                painter.put(x, area.y, area.width.saturating_sub(x), "…", Role::TextDim);
                return;
            }
            x = painter.put(x, area.y, area.width.saturating_sub(x), &text, role) + 2;
        }
    }
    if tally.total() == 0 {
        return;
    }
    if !app.causes.is_empty() {
        let words = crate::text::count(app.causes.len(&app.model), "cause");
        x = painter.put(x + 1, area.y, area.width.saturating_sub(x + 1), &words, Role::Text) + 2;
    }
    let Some((at, id)) = app.ledger.next_renewal(painter.now) else { return };
    let Some(certificate) = app.model.certificates.get(id) else { return };
    painter.changes_at(at);
    let text = format!("next renewal {}  {}/{}", painter.ahead(at), certificate.meta.namespace, certificate.meta.name);
    let used = width(&text) as u16;
    if x + used + 2 < area.width {
        painter.put_right(area.x, area.y, area.width - 1, &text, Role::TextDim);
    }
}
