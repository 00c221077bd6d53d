//! Notices, above the last line at the right.

use super::painter::Painter;
use crate::app::App;
use crate::app::areas::Areas;
use crate::app::toast::Tone;
use crate::text::width;
use crate::theme::Role;

pub(super) fn paint(painter: &mut Painter, app: &App, areas: &Areas) {
    let now = painter.now;
    let toasts: Vec<_> = app.toasts.at(now).collect();
    for (i, toast) in toasts.iter().rev().enumerate() {
        painter.changes_at(toast.until);
        let y = areas.footer.y.saturating_sub(1 + i as u16);
        let text = format!(" {} ", toast.text);
        let used = (width(&text) as u16).min(areas.footer.width - 2);
        let role = match toast.tone {
            Tone::Good => Role::ToastGood,
            Tone::Neutral => Role::ToastNeutral,
            Tone::Bad => Role::ToastBad,
        };
        painter.put(areas.footer.width - used - 1, y, used, &text, role);
    }
}
