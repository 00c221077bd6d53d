//! The story of a Certificate: one attempt as bars over time, and everything that happened below it.

use chrono::TimeDelta;

use super::logs::in_full;
use super::painter::Painter;
use super::role;
use super::table::select;
use crate::app::App;
use crate::app::areas::Area;
use crate::app::page::timeline::{BarRow, rows, words};
use crate::model::meta::Time;
use crate::text::{middle, number, span, width};
use crate::theme::Role;
use crate::triage::timeline::{Attempt, Entry, Origin, Outcome, Span, Until};

/// Cells of the labels before the bars.
const LABEL: u16 = 19;

/// The first line: whose story, which attempt, why it began, how long it took.
pub(super) fn title(painter: &mut Painter, app: &App, area: Area) {
    let Some(timeline) = &app.timeline.timeline else { return };
    let key = &timeline.certificate;
    let mut x = painter.put(area.x + 1, area.y, area.width, &format!("{}/{}", key.namespace, key.name), Role::Title);
    let mut say = |painter: &mut Painter, text: &str, role: Role| {
        x = painter.put(x, area.y, area.width.saturating_sub(x), text, role);
    };
    let Some(attempt) = app.timeline.attempt() else {
        return say(painter, " · nothing is known of any attempt", Role::TextDim);
    };
    let revision = attempt.revision.map(|revision| format!(", revision {revision}")).unwrap_or_default();
    say(painter, &format!(" · attempt {} of {}{revision}", attempt.number, app.timeline.attempts()), Role::Text);
    // When it ended is what one asks first of something that is over.
    let end = attempt.begin.at.checked_add_signed(attempt.length(painter.now)).unwrap_or(painter.now);
    let ended = painter.moment(end);
    let (took, role) = match attempt.outcome {
        Outcome::Running => (format!(" · for {} now", painter.ago(attempt.begin.at)), Role::ToneBusy),
        Outcome::Issued => (format!(" · issued {ended}, took {}", exact(attempt.length(painter.now))), Role::ToneGood),
        Outcome::Failed => (format!(" · failed {ended}, after {}", exact(attempt.length(painter.now))), Role::ToneBad),
        Outcome::Dropped => {
            (format!(" · given up {ended}, after {}", exact(attempt.length(painter.now))), Role::ToneWaiting)
        }
    };
    say(painter, &took, role);
    if let Some(whole) = app.timeline.usual.whole {
        let text = format!(
            " · usually {}, at most {} ({} known)",
            exact(whole.median),
            exact(whole.longest),
            number(whole.count)
        );
        say(painter, &text, Role::TextDim);
    }
    let began = painter.moment(attempt.begin.at);
    let because = if attempt.reason.is_empty() { String::new() } else { format!(": {}", attempt.reason) };
    say(painter, &format!(" · began {began}{because}"), Role::TextDim);
}

/// The page.
pub(super) fn paint(painter: &mut Painter, app: &App, area: Area) {
    let (above, below) = app.timeline_areas(area);
    bars(painter, app, above);
    if below.height > 0 {
        let rule = Area { y: below.y.saturating_sub(1), height: 1, ..below };
        painter.rule(rule, Role::Rule);
        let which = app.timeline.origin.map_or("all sources", Origin::as_str);
        let dropped = app.timeline.timeline.as_ref().map_or(0, |timeline| timeline.dropped);
        let dropped = if dropped > 0 {
            format!(" · {} older ones of the cluster dropped", number(dropped))
        } else {
            String::new()
        };
        let text = format!(" What happened {} · {which}{dropped} ", number(app.timeline.len()));
        painter.put(rule.x + 1, rule.y, rule.width, &text, Role::Title);
    }
    let (lines, full) = app.entry_areas(area);
    let window = app.timeline.view.range(app.timeline.len());
    for (i, row) in window.enumerate() {
        let y = lines.y + i as u16;
        if row == app.timeline.view.cursor {
            select(painter, lines, y, true);
        }
        if let Some(one) = app.timeline.entry(row) {
            entry(painter, one, Area { y, height: 1, ..lines });
        }
    }
    if let Some(one) = app.timeline.entry(app.timeline.view.cursor) {
        let known = if one.seen { "seen" } else { "by a stamp" };
        let source = if one.told_by() == "stamp" { String::new() } else { format!(" · {}", one.told_by()) };
        let heading = format!("{} {known}{source} · {}", painter.stamp(one.at), one.object);
        in_full(painter, full, &heading, &words(one));
    }
}

/// The axis, a row for each stage or Challenge, and what is waited for.
fn bars(painter: &mut Painter, app: &App, area: Area) {
    let Some(attempt) = app.timeline.attempt() else { return };
    let rows = rows(attempt);
    let scale = Scale::of(painter, app, attempt, area);
    let waits = app.timeline.waits.len().min(3) as u16;
    let mut y = area.y;
    let end = area.y + area.height;
    axis(painter, &scale, Area { y, height: 1, ..area });
    y += 1;
    let room = usize::from(end.saturating_sub(y + waits + u16::from(app.timeline_reason())));
    let cut = rows.len() > room;
    for row in rows.iter().take(if cut { room.saturating_sub(1) } else { room }) {
        bar_row(painter, app, &scale, row, Area { y, height: 1, ..area });
        y += 1;
    }
    if cut && room > 0 {
        let more = rows.len() - (room - 1);
        painter.put(area.x + 1, y, area.width, &format!("{} more", number(more)), Role::TextDim);
        y += 1;
    }
    if let Some(first) = app.findings.first().filter(|_| app.timeline_reason() && y < end) {
        painter.put(area.x + 1, y, area.width.saturating_sub(1), &first.title, Role::EventWarning);
        y += 1;
    }
    for wait in app.timeline.waits.iter().take(usize::from(waits)) {
        if y >= end {
            break;
        }
        let when = match wait.until {
            Until::Moment(at) => {
                painter.changes_at(at);
                format!("{} · {}", painter.ahead(at), painter.stamp(at))
            }
            Until::Every(every) => format!("again every {}", span(every)),
        };
        let x = painter.put(area.x + 1, y, area.width, &format!("{} {when}", wait.what), Role::Text);
        painter.put(x + 2, y, area.width.saturating_sub(x + 2), wait.because, Role::TextDim);
        y += 1;
    }
}

/// From moments to columns.
struct Scale {
    from: Time,
    /// The moment that counts as now: whole seconds after the beginning, so that a bar grows once a second.
    now: Time,
    length: TimeDelta,
    x: u16,
    cells: u16,
    usual: Option<Time>,
}

impl Scale {
    fn of(painter: &mut Painter, app: &App, attempt: &Attempt, area: Area) -> Self {
        let from = attempt.begin.at;
        let open = attempt.stages.iter().any(|stage| stage.end.is_none());
        let passed = TimeDelta::seconds((painter.now - from).num_seconds().max(0));
        let now = if open { from + passed } else { painter.now };
        if open {
            painter.changes_at(now + TimeDelta::seconds(1));
        }
        let end = attempt.stages.iter().map(|stage| stage.end.map_or(now, |end| end.at)).max().unwrap_or(now);
        let usual = app.timeline.usual.whole.and_then(|whole| from.checked_add_signed(whole.median));
        let length = (end.max(usual.unwrap_or(end)) - from).max(TimeDelta::milliseconds(100));
        let tail = if area.width >= 100 { 30 } else { 11 };
        let cells = area.width.saturating_sub(LABEL + tail + 2).max(4);
        Self { from, now, length, x: area.x + LABEL + 1, cells, usual }
    }

    fn cell(&self, moment: Time) -> f64 {
        let passed = (moment - self.from).num_milliseconds().max(0) as f64;
        passed / self.length.num_milliseconds() as f64 * f64::from(self.cells)
    }

    /// The first column and the number of columns of a stage.
    fn columns(&self, stage: &Span) -> (u16, u16) {
        let begin = (self.cell(stage.begin.at) as u16).min(self.cells - 1);
        let end = self.cell(stage.end.map_or(self.now, |end| end.at)).ceil() as u16;
        (self.x + begin, end.clamp(begin + 1, self.cells) - begin)
    }
}

/// Moments above the bars, at even distances.
fn axis(painter: &mut Painter, scale: &Scale, area: Area) {
    let ticks = (scale.cells / 14).max(1);
    let step = scale.length / i32::from(ticks);
    for i in 0..=ticks {
        let column = i * scale.cells / ticks;
        let at = scale.from + scale.length * i32::from(i) / i32::from(ticks);
        let text = if i == 0 { painter.clock(at) } else { format!("+{}", tick(at - scale.from, step)) };
        let x = scale.x + column;
        let x = if i == ticks { x.saturating_sub(width(&text) as u16) } else { x };
        painter.put(x, area.y, area.width.saturating_sub(x), &text, Role::TextDim);
    }
}

fn bar_row(painter: &mut Painter, app: &App, scale: &Scale, row: &BarRow, area: Area) {
    let label = middle(&row.label, usize::from(LABEL) - 1);
    painter.put(area.x + 1, area.y, LABEL, &label, Role::Text);
    if let Some(usual) = scale.usual {
        let x = scale.x + (scale.cell(usual) as u16).min(scale.cells);
        painter.put(x, area.y, 1, painter.glyphs().bar, Role::TextDim);
    }
    for (i, stage) in row.spans.iter().enumerate() {
        let (x, cells) = scale.columns(stage);
        let glyphs = painter.glyphs();
        // Neighbours differ in their sign, and what is only known from stamps is hollow.
        let sign = match (stage.is_seen(), i % 2) {
            (false, _) => glyphs.bar_hollow,
            (true, 0) => glyphs.bar_full,
            (true, _) => glyphs.bar_other,
        };
        painter.put(x, area.y, cells, &sign.repeat(usize::from(cells)), role::of_phase(stage.phase));
        // A name inside a long bar says which stage it is.
        if row.spans.len() > 1 && usize::from(cells) > stage.phase.as_str().len() + 3 {
            painter.put(x + 1, area.y, cells - 2, &format!(" {} ", stage.phase), Role::Text);
        }
    }
    let x = scale.x + scale.cells + 1;
    let room = (area.x + area.width).saturating_sub(x);
    let Some(last) = row.spans.iter().max_by_key(|stage| stage.begin.at) else { return };
    let slowest = row.spans.iter().max_by_key(|stage| stage.length(scale.now)).unwrap_or(last);
    let told = if last.end.is_none() { last } else { slowest };
    let length = told.length(scale.now);
    let usual = app.timeline.usual.stages.get(&told.phase);
    let too_long = usual.is_some_and(|usual| usual.count > 1 && length > usual.longest);
    let mut text = exact(length);
    if row.spans.len() > 1 && room > 20 {
        text = format!("{} {text}", told.phase);
    }
    let known =
        usual.filter(|usual| usual.count > 1 && room > 20).map(|usual| format!(" usually {}", exact(usual.median)));
    let after = painter.put(x, area.y, room, &text, if too_long { Role::AlarmAmber } else { Role::Text });
    let rest = (area.x + area.width).saturating_sub(after);
    let mark = if too_long { " longest yet".to_owned() } else { known.unwrap_or_default() };
    painter.put(after, area.y, rest, &mark, if too_long { Role::AlarmAmber } else { Role::TextDim });
}

/// One entry: when, from where, about what, what.
fn entry(painter: &mut Painter, entry: &Entry, area: Area) {
    let end = area.x + area.width;
    let mut clock = painter.exact_moment(entry.at);
    if !entry.seen {
        // A stamp knows no more than the second.
        clock.truncate(clock.find('.').unwrap_or(clock.len()));
    }
    painter.put(area.x + 1, area.y, 13, &clock, if entry.seen { Role::Text } else { Role::TextDim });
    painter.put(area.x + 15, area.y, 9, entry.told_by(), Role::TextDim);
    let wide = area.width >= 120;
    let object =
        if wide { format!("{} {}", entry.object.kind, entry.object.name) } else { entry.object.kind.to_string() };
    let cells = if wide { 44 } else { 18 };
    painter.put(area.x + 25, area.y, cells, &middle(&object, usize::from(cells)), Role::TextDim);
    let x = area.x + 26 + cells;
    let text = words(entry);
    painter.put(x, area.y, end.saturating_sub(x), &text, if entry.alarm { Role::EventWarning } else { Role::Text });
}

/// A length of time, as exact as it takes to tell it from one that is a step longer.
fn tick(length: TimeDelta, step: TimeDelta) -> String {
    if step < TimeDelta::milliseconds(100) { format!("{}ms", length.num_milliseconds()) } else { exact(length) }
}

/// A length of time, to the tenth of a second where that says something.
fn exact(length: TimeDelta) -> String {
    let seconds = length.as_seconds_f64();
    if seconds < 60.0 { format!("{seconds:.1}s") } else { span(length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ticks_never_say_the_same() {
        for length in [100, 150, 320, 900, 1_000, 5_000, 59_000, 61_000, 600_000, 7_200_000] {
            for ticks in 1..=12 {
                let (whole, step) = (TimeDelta::milliseconds(length), TimeDelta::milliseconds(length) / ticks);
                let said: Vec<String> = (0..=ticks).map(|i| tick(whole * i / ticks, step)).collect();
                let mut told = said.clone();
                told.dedup();
                assert_eq!(said, told, "{length} ms in {ticks} steps");
            }
        }
        assert_eq!(tick(TimeDelta::milliseconds(50), TimeDelta::milliseconds(25)), "50ms");
    }
}
