//! The page of feeds: every watch, how it does and since when, how much it knows; then the logs; then what is odd.

use super::line::{Emphasis, Line, Piece, text};
use crate::app::App;
use crate::model::Model;
use crate::model::feed::{Feed, FeedKey, FeedState, Part};
use crate::model::kind::Kind;
use crate::model::meta::{Meta, Object as _};
use crate::text::{count, fit, number, width, wrap};

/// The fewest cells of the names of watches.
const NAMES: usize = 34;

/// Cells that are kept for how a watch does.
const STATE: usize = 22;

/// The page for a width.
pub(in crate::app) fn feed_lines(app: &App, cells: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    // A log that is not followed any more does not do anything.
    let told = |key: &FeedKey| key.part != Part::Logs || app.logs.is_followed_in(&key.namespace);
    let told: Vec<_> = app.model.feeds.iter().filter(|(key, _)| told(key)).collect();
    let (logs, watches): (Vec<_>, Vec<_>) = told.into_iter().partition(|(key, _)| key.part == Part::Logs);
    // Names stand whole: how a watch does begins behind the longest, as far as that leaves it room.
    let longest = watches.iter().chain(&logs).map(|(key, _)| width(&key.to_string())).max().unwrap_or_default();
    let names = longest.clamp(NAMES, cells.saturating_sub(STATE).max(NAMES));
    for (title, feeds) in [("Watches", watches), ("Logs that are followed", logs)] {
        if feeds.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::new());
        }
        let live = feeds.iter().filter(|(_, feed)| feed.state == FeedState::Live).count();
        let of = if live == feeds.len() { String::new() } else { format!(" of {}", number(feeds.len())) };
        let words = format!("  {}{of} live", number(live));
        lines.push(vec![text(Emphasis::Heading, title.to_owned()), text(Emphasis::Dim, words)]);
        feeds.into_iter().for_each(|(key, feed)| watch(app, key, feed, (names, cells), &mut lines));
    }
    let anomalies = &app.model.anomalies;
    if anomalies.total() > 0 {
        let title = format!("{} that are not as the API says", count(anomalies.total(), "object"));
        lines.extend([Vec::new(), vec![text(Emphasis::Heading, title)]]);
        for anomaly in anomalies.kept() {
            let object = anomaly.object.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
            let words = wrap(&format!("{object}{}", anomaly.what), cells.saturating_sub(2));
            lines.extend(words.into_iter().map(|line| vec![text(Emphasis::Plain, format!("  {line}"))]));
        }
    }
    lines
}

/// One watch; below it, why it does not do well.
fn watch(app: &App, key: &FeedKey, feed: &Feed, (names, cells): (usize, usize), lines: &mut Vec<Line>) {
    let mut line = vec![text(Emphasis::Plain, format!("  {:<names$} ", fit(&key.to_string(), names)))];
    match &feed.state {
        FeedState::Connecting => line.push(text(Emphasis::Dim, "connecting".to_owned())),
        FeedState::Live => {
            line.push(text(Emphasis::Good, "live".to_owned()));
            let known = known(&app.model, key).map(number).unwrap_or_default();
            line.push(text(Emphasis::Plain, format!(" {known:>8}")));
        }
        state @ FeedState::Listing { .. } => {
            let progress = state.progress().unwrap_or_default();
            line.push(text(Emphasis::Plain, format!("listing, {progress} so far")));
        }
        FeedState::Retrying { attempt, next, .. } => {
            line.push(text(Emphasis::Bad, format!("cut off, attempt {attempt} ")));
            line.push(Piece::Ahead(*next));
        }
        FeedState::Forbidden { .. } => {
            line.push(text(Emphasis::Bad, "forbidden; the right that is missing:".to_owned()));
        }
        FeedState::Absent => line.push(text(Emphasis::Dim, "not served by this cluster".to_owned())),
    }
    if let (FeedState::Live | FeedState::Retrying { .. }, Some(since)) = (&feed.state, feed.since) {
        line.extend([text(Emphasis::Dim, "  since ".to_owned()), Piece::Clock(since), Piece::Ago(since)]);
    }
    lines.push(line);
    let (FeedState::Forbidden { right: more } | FeedState::Retrying { why: more, .. }) = &feed.state else { return };
    let more = wrap(more, cells.saturating_sub(6)).into_iter();
    lines.extend(more.map(|line| vec![text(Emphasis::Plain, format!("      {line}"))]));
}

/// How many objects are known by a watch; lines, of a log.
fn known(model: &Model, key: &FeedKey) -> Option<usize> {
    let here = |meta: &Meta| key.namespace.is_empty() || meta.namespace == key.namespace;
    let whole = key.namespace.is_empty();
    Some(match (key.kind, key.part) {
        (_, Part::Logs) => return None,
        (Kind::Certificate, _) if whole => model.certificates.len(),
        (Kind::CertificateRequest, _) if whole => model.requests.len(),
        (Kind::Order, _) if whole => model.orders.len(),
        (Kind::Challenge, _) if whole => model.challenges.len(),
        (Kind::Secret, _) if whole => model.secrets.len(),
        (Kind::Certificate, _) => model.certificates.iter().filter(|(_, row)| here(&row.meta)).count(),
        (Kind::CertificateRequest, _) => model.requests.iter().filter(|(_, row)| here(&row.meta)).count(),
        (Kind::Order, _) => model.orders.iter().filter(|(_, row)| here(&row.meta)).count(),
        (Kind::Challenge, _) => model.challenges.iter().filter(|(_, row)| here(&row.meta)).count(),
        (Kind::Secret, _) => model.secrets.iter().filter(|(_, row)| here(&row.meta)).count(),
        (Kind::Event, part) => {
            let of_acme = |kind| matches!(kind, Kind::Order | Kind::Challenge);
            let events = model.events.recent().filter(|event| of_acme(event.subject.kind) == (part == Part::Acme));
            events.filter(|event| whole || event.subject.namespace == key.namespace).count()
        }
        (kind @ (Kind::Issuer | Kind::ClusterIssuer), _) => {
            model.issuers.iter().filter(|(_, row)| row.key().kind == kind && here(&row.meta)).count()
        }
        (kind, Part::Own) => model.controllers.iter().filter(|(_, row)| row.kind == kind && here(&row.meta)).count(),
        (kind, Part::Solvers) => model.solvers.iter().filter(|(_, row)| row.kind == kind && here(&row.meta)).count(),
        _ => return None,
    })
}
