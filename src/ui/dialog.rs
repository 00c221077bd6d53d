//! An action, seen before it is sent.

use super::detail::paint_line;
use super::menu::border;
use super::painter::Painter;
use crate::app::areas::{Area, Areas};
use crate::app::dialog::{Dialog, DialogStage, READ_ONLY};
use crate::text::width;
use crate::theme::Role;

/// Columns of a dialog where there is room.
const WIDE: u16 = 100;

pub(super) fn paint(painter: &mut Painter, dialog: &Dialog, areas: &Areas) {
    let screen = areas.footer.width;
    let wide = WIDE.min(screen.saturating_sub(2));
    let lines = dialog.lines(usize::from(wide.saturating_sub(4)));
    let prompt = u16::from(dialog.prompt.is_some()) * 2;
    let height = (lines.len() as u16 + 4 + prompt).min(areas.footer.y.saturating_sub(1));
    let frame = Area { x: (screen - wide) / 2, y: areas.footer.y.saturating_sub(height) / 2, width: wide, height };
    painter.clear(frame);
    border(painter, frame, &format!(" {} ", dialog.title()));
    let inner = Area { x: frame.x + 2, y: frame.y + 1, width: wide - 4, height: height.saturating_sub(3 + prompt) };
    let most = lines.len().saturating_sub(usize::from(inner.height));
    let offset = dialog.offset.min(most);
    for (i, line) in lines.iter().skip(offset).take(usize::from(inner.height)).enumerate() {
        paint_line(painter, line, Area { y: inner.y + i as u16, height: 1, ..inner });
    }
    if most > 0 {
        let more = format!(" {} more lines: j k ", most - offset);
        painter.put_right(frame.x, frame.y, frame.width - 2, &more, Role::TextDim);
    }
    let last = frame.y + frame.height.saturating_sub(2);
    if let Some(prompt) = &dialog.prompt {
        let y = last.saturating_sub(1);
        let label = if dialog.plans.len() > 1 {
            format!("Type {} to do them all: ", dialog.plans.len())
        } else {
            "Why (may stay empty): ".to_owned()
        };
        let x = painter.put(inner.x, y, inner.width, &label, Role::Accent);
        painter.put(x, y, inner.width.saturating_sub(x - inner.x), prompt.text(), Role::Prompt);
        let cursor = x + width(prompt.before_cursor()) as u16;
        if cursor < frame.x + frame.width - 1 {
            painter.underlay(Area { x: cursor, y, width: 1, height: 1 }, Role::ToastNeutral);
        }
    }
    keys(painter, dialog, Area { y: last, height: 1, ..inner });
}

/// What can be pressed now.
fn keys(painter: &mut Painter, dialog: &Dialog, area: Area) {
    let action = dialog.action().map(crate::action::Action::name).unwrap_or_default();
    let edits = dialog.plans.iter().any(|plan| plan.action == crate::action::Action::Edit);
    let (words, role) = match &dialog.stage {
        DialogStage::Checking => ("asking the cluster what it would do …", Role::TextDim),
        DialogStage::Sending { stopping: true, .. } => ("stopping after this one …", Role::TextDim),
        DialogStage::Sending { .. } if dialog.plans.len() > 1 => {
            ("sending …   esc stops after this one", Role::TextDim)
        }
        DialogStage::Sending { .. } => ("sending …", Role::TextDim),
        DialogStage::Failed(_) => ("nothing more is sent", Role::TextDim),
        DialogStage::Checked(_) if dialog.read_only => (READ_ONLY, Role::TextDim),
        DialogStage::Checked(_) if !dialog.is_clear() && dialog.plans.len() == 1 => {
            ("it cannot be sent as it is", Role::TextDim)
        }
        DialogStage::Checked(_) => ("", Role::TextDim),
    };
    painter.put(area.x, area.y, area.width, words, role);
    let ready = dialog.is_clear();
    let mut right = String::new();
    if dialog.kubectl().is_some() && dialog.prompt.is_none() {
        right.push_str("[c] copy kubectl   ");
    }
    let accept = format!("[enter] {}   ", if edits { "edit, or save what was edited" } else { action });
    if ready {
        right.push_str(&accept);
    }
    right.push_str("[esc] no");
    painter.put_right(area.x, area.y, area.width, &right, Role::Key);
    if dialog.read_only && matches!(dialog.stage, DialogStage::Checked(_)) {
        // What would be pressed elsewhere is to be seen, and is no key here.
        let left = area.width.saturating_sub(width(&right) as u16 + 1);
        painter.put_right(area.x, area.y, left, &accept, Role::TextDim);
    }
}
