//! The first lines: who and where we are, how the feeds do, what needs a person, how much time there is.

use super::painter::Painter;
use super::role;
use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::app::headline::{What, clock_step};
use crate::text::width;
use crate::theme::Role;
use crate::triage::tree::Tone;
use crate::triage::verdict::Verdict;

pub(super) fn paint(painter: &mut Painter, app: &App, areas: &Areas) {
    if areas.header.height == 0 {
        return;
    }
    first(painter, app, areas.header);
    second(painter, app, areas.summary);
    painter.rule(areas.rules[0], Role::Rule);
    super::banner::paint(painter, app, areas.rules[0]);
}

/// Who and where we are, how cert-manager and the feeds do, what time it is.
fn first(painter: &mut Painter, app: &App, area: Area) {
    let step = clock_step(app);
    let ms = painter.now.timestamp_millis();
    if let Some(next) = chrono::DateTime::from_timestamp_millis(ms - ms.rem_euclid(step) + step) {
        painter.changes_at(next);
    }
    for piece in app.headline() {
        let role = match piece.what {
            What::Product => Role::Accent,
            What::Source => Role::TextStrong,
            What::Aside | What::Manager { well: true } | What::Clock => Role::TextDim,
            What::Namespaces => Role::Text,
            What::Past => Role::AlarmAmber,
            What::Kind => Role::AlarmBusy,
            What::Recorder | What::Manager { well: false } => Role::AlarmRed,
            What::Feeds(Tone::Good) => Role::FeedLive,
            What::Feeds(Tone::Busy) => Role::FeedListing,
            What::Feeds(Tone::Bad) => Role::FeedTrouble,
            What::Feeds(_) => Role::TextDim,
        };
        let clock;
        let text = match piece.what {
            What::Clock => {
                clock = painter.clock(painter.now);
                clock.as_str()
            }
            What::Feeds(_) if piece.text.is_empty() => painter.glyphs().bad,
            _ => piece.text.as_str(),
        };
        if let (What::Feeds(_), Some(rest)) = (piece.what, text.strip_prefix("feeds ")) {
            let after = painter.put(piece.x, area.y, piece.cells, "feeds ", Role::TextDim);
            painter.put(after, area.y, piece.cells - 6, rest, role);
        } else {
            // A clock without seconds is cut, not shortened.
            let text =
                if piece.what == What::Clock { text.get(..usize::from(piece.cells)).unwrap_or(text) } else { text };
            painter.put(piece.x, area.y, piece.cells, text, role);
        }
    }
}

/// The tallies; at the right, what comes next.
fn second(painter: &mut Painter, app: &App, area: Area) {
    let (tallies, more) = app.tallies();
    let mut x = area.x + 1;
    for tally in &tallies {
        let role = match tally.verdict {
            None => Role::Text,
            Some(Verdict::Ok) => Role::TextDim,
            Some(verdict) => role::of_alarm(verdict.alarm()),
        };
        x = painter.put(tally.x, area.y, area.width, &tally.text, role) + 2;
    }
    if more {
        painter.put(area.x + area.width - 1, area.y, 1, "…", Role::TextDim);
        return;
    }
    if app.ledger.tally().total() == 0 {
        return;
    }
    let Some((at, certificate)) = app.next_renewal(painter.now) else { return };
    painter.changes_at(at);
    let text = format!("next renewal {}  {}/{}", painter.ahead(at), certificate.meta.namespace, certificate.meta.name);
    let used = width(&text) as u16;
    if x + used + 2 < area.width {
        painter.put_right(area.x, area.y, area.width - 1, &text, Role::TextDim);
    }
}
