//! Notices, above the last line at the right.

use super::painter::Painter;
use crate::app::App;
use crate::app::areas::Areas;
use crate::app::toast::Tone;
use crate::text::{width, wrap};
use crate::theme::Role;

/// Lines of the longest notice.
const LINES: usize = 6;

pub(super) fn paint(painter: &mut Painter, app: &App, areas: &Areas) {
    let now = painter.now;
    let toasts: Vec<_> = app.toasts.at(now).collect();
    let room = areas.footer.width.saturating_sub(4);
    let mut below = areas.footer.y;
    for toast in toasts.iter().rev() {
        painter.changes_at(toast.until);
        let role = match toast.tone {
            Tone::Good => Role::ToastGood,
            Tone::Neutral => Role::ToastNeutral,
            Tone::Bad => Role::ToastBad,
        };
        let lines = wrap(&toast.text, usize::from(room));
        let cells = lines.iter().map(|line| width(line)).max().unwrap_or(0) as u16 + 2;
        let x = areas.footer.width - cells - 1;
        for line in lines.iter().take(LINES).rev() {
            let Some(y) = below.checked_sub(1) else { return };
            below = y;
            let left = usize::from(cells).saturating_sub(width(line) + 1);
            painter.put(x, y, cells, &format!(" {line}{:left$}", ""), role);
        }
    }
}
