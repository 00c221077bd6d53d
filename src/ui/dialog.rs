//! An action, seen before it is sent.

use super::detail::paint_line;
use super::menu::border;
use super::painter::Painter;
use crate::app::acting::dialog::{Dialog, DialogStage, READ_ONLY};
use crate::app::areas::{Area, Areas};
use crate::text::width;
use crate::theme::Role;

pub(super) fn paint(painter: &mut Painter, dialog: &Dialog, areas: &Areas) {
    let (frame, inner) = dialog.areas(areas);
    border(painter, frame, &format!(" {} ", dialog.title()));
    let lines = dialog.lines(usize::from(inner.width));
    let most = lines.len().saturating_sub(usize::from(inner.height));
    let offset = dialog.offset.min(most);
    for (i, line) in lines.iter().skip(offset).take(usize::from(inner.height)).enumerate() {
        paint_line(painter, line, Area { y: inner.y + i as u16, height: 1, ..inner });
    }
    if most > offset {
        let more = format!(" {} more lines ", most - offset);
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

/// How far it is, and what can be pressed now.
fn keys(painter: &mut Painter, dialog: &Dialog, area: Area) {
    let words = match &dialog.stage {
        DialogStage::Checking => "asking the cluster what it would do …",
        DialogStage::Sending { stopping: true, .. } => "stopping after this one …",
        DialogStage::Sending { .. } => "sending …",
        DialogStage::Failed(_) => "nothing more is sent",
        DialogStage::Checked(_) if dialog.read_only => READ_ONLY,
        DialogStage::Checked(_) if !dialog.is_clear() && dialog.plans.len() == 1 => "it cannot be sent as it is",
        DialogStage::Checked(_) => "",
    };
    painter.put(area.x, area.y, area.width, words, Role::TextDim);
    let keys: Vec<String> = dialog.keys(false).iter().map(|(key, does)| format!("[{key}] {does}")).collect();
    let right = keys.join("   ");
    painter.put_right(area.x, area.y, area.width, &right, Role::Key);
}
