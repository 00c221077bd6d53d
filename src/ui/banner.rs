//! The line below the header: what has to be known before anything below it is believed.

use super::painter::Painter;
use super::role;
use crate::app::App;
use crate::app::areas::Area;
use crate::command::Command;
use crate::model::meta::Time;
use crate::text::width;
use crate::theme::Role;

/// That nothing is heard of the cluster; else what of cert-manager is down.
pub(super) fn paint(painter: &mut Painter, app: &App, area: Area) {
    let words = match app.model.feeds.deaf_since() {
        Some(since) => Some((deaf(painter, app, since, area.width.saturating_sub(2)), Role::AlarmRed)),
        None => down(painter, app),
    };
    let Some((words, role)) = words else { return };
    painter.put(area.x + 1, area.y, area.width.saturating_sub(2), &words, role);
}

/// All watches are cut off: what is shown was true once, and nobody knows what is.
fn deaf(painter: &mut Painter, app: &App, since: Time, room: u16) -> String {
    let (bad, stamp, ago) = (painter.glyphs().bad, painter.clock(since), painter.ago(since));
    let again = app.model.feeds.next_attempt().filter(|next| *next > painter.now);
    let again = again.map(|next| format!(", tried again {}", painter.ahead(next)));
    let keys = app.keymap.key_of(Command::Feeds).map(|key| format!("  {key} says why")).unwrap_or_default();
    let again = again.unwrap_or_default();
    let whole = format!(" {bad} nothing heard since {stamp} ({ago}): all below is as of then{again}{keys} ");
    // What comes next, and the key, go before what the moment says already.
    if width(&whole) <= usize::from(room) {
        whole
    } else {
        format!(" {bad} nothing heard since {stamp} ({ago}){again}{keys} ")
    }
}

/// What is down: nothing moves until it is up again.
fn down(painter: &Painter, app: &App) -> Option<(String, Role)> {
    let outage = app.outage.as_ref()?;
    let (sign, role) = role::of_finding(painter, outage);
    if outage.family != "controller-down" {
        return Some((format!(" {sign} {} ", outage.title), role));
    }
    let keys = app.keymap.key_of(Command::Causes).map(|key| format!("  {key} says what mends it"));
    Some((format!(" {sign} {}: nothing below will move{} ", outage.title, keys.unwrap_or_default()), role))
}
