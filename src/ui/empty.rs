//! What stands in place of rows when there are none: never just nothing.

use super::painter::Painter;
use crate::app::App;
use crate::app::areas::{Area, SMALLEST};
use crate::command::Command;
use crate::model::feed::FeedState;
use crate::model::kind::Kind;
use crate::text::{number, wrap};
use crate::theme::Role;

/// A screen on which nothing useful fits.
pub(super) fn too_small(painter: &mut Painter, area: Area) {
    let text = format!("cmtop needs {}×{}, this is {}×{}", SMALLEST.0, SMALLEST.1, area.width, area.height);
    for (i, line) in wrap(&text, usize::from(area.width.max(1))).iter().take(usize::from(area.height)).enumerate() {
        painter.put(area.x, area.y + i as u16, area.width, line, Role::Text);
    }
}

pub(super) fn paint(painter: &mut Painter, app: &App, area: Area) {
    let (headline, rest, role) = say(painter, app);
    let room = usize::from(area.width.saturating_sub(4));
    let mut y = area.y + u16::from(area.height > 4);
    for line in wrap(&headline, room) {
        painter.put(area.x + 2, y, area.width, &line, role);
        y += 1;
    }
    for paragraph in rest.lines() {
        let lines = if paragraph.starts_with(' ') { vec![paragraph.to_owned()] } else { wrap(paragraph, room) };
        for line in lines {
            if y < area.y + area.height {
                painter.put(area.x + 2, y, area.width.saturating_sub(2), &line, Role::TextDim);
            }
            y += 1;
        }
    }
}

/// What is to be said: a headline, what else, and how loud.
fn say(painter: &Painter, app: &App) -> (String, String, Role) {
    if let (Some(why), None) = (&app.failure, &app.session) {
        let (first, rest) = why.split_once('\n').unwrap_or((why, ""));
        return (first.to_owned(), rest.to_owned(), Role::AlarmAmber);
    }
    if app.session.is_none() {
        return ("Connecting…".to_owned(), String::new(), Role::AlarmBusy);
    }
    if !app.model.certificates.is_empty() {
        let calm = app.selection.only_faults && app.ui.filter.is_empty();
        return if calm {
            ("Nothing needs a person.".to_owned(), "`!` shows all certificates again.".to_owned(), Role::AlarmCalm)
        } else {
            (
                "Nothing matches.".to_owned(),
                "`esc` takes the filter away, `0` shows all namespaces.".to_owned(),
                Role::Text,
            )
        };
    }
    let feeds: Vec<_> = app.model.feeds.iter().filter(|(key, _)| key.kind == Kind::Certificate).collect();
    let rights: Vec<String> = feeds
        .iter()
        .filter_map(|(_, feed)| match &feed.state {
            FeedState::Forbidden { right } => Some(format!("  {right}")),
            _ => None,
        })
        .collect();
    if !rights.is_empty() {
        let rest =
            format!("The right that is missing:\n{}\nName namespaces that you may read with -n.", rights.join("\n"));
        return ("You may not list Certificates here.".to_owned(), rest, Role::AlarmAmber);
    }
    if app.model.feeds.is_absent(Kind::Certificate) {
        return (
            "There is no cert-manager in this cluster.".to_owned(),
            "certificates.cert-manager.io is not served. cmtop waits for it: install cert-manager, and this page fills.".to_owned(),
            Role::AlarmAmber,
        );
    }
    let retrying = feeds.iter().find_map(|(_, feed)| match &feed.state {
        FeedState::Retrying { why, .. } => Some(why.to_string()),
        _ => None,
    });
    if let Some(why) = retrying {
        return ("The cluster does not answer; cmtop keeps trying.".to_owned(), why, Role::AlarmAmber);
    }
    if feeds.is_empty() || feeds.iter().any(|(_, feed)| !feed.complete) {
        let seen: usize =
            feeds.iter().map(|(_, feed)| if let FeedState::Listing { seen, .. } = feed.state { seen } else { 0 }).sum();
        return (format!("Listing certificates… {}", number(seen)), String::new(), Role::AlarmBusy);
    }
    if app.past.head.is_some() {
        let key = |command| app.keymap.key_of(command).unwrap_or_default();
        let (next, end) = (key(Command::NextChange), key(Command::Latest));
        let range = app.past.range().map(|(begin, end)| {
            format!("What is shown begins at {} and ends at {}. ", painter.moment(begin), painter.moment(end))
        });
        let first = app.past.first_certificate().filter(|first| *first > painter.now);
        let jump = match first {
            Some(first) => {
                format!("The first one comes at {}: `{next}` goes there, `{end}` to the end.", painter.moment(first))
            }
            None => format!("`{next}` goes to the next change of a verdict, `{end}` to the end."),
        };
        let headline = format!("At {} there are no certificates.", painter.moment(painter.now));
        return (headline, format!("{}\n{jump}", range.unwrap_or_default()), Role::Text);
    }
    ("There are no certificates.".to_owned(), "They appear here as soon as somebody makes one.".to_owned(), Role::Text)
}
