//! The screen: [`view`] paints an [`App`] into a buffer and says until when the picture holds.
//!
//! ```text
//! header    cmtop  prod-eu  admin   ns all          cert-manager v1.21.1   feeds ● 12 live   22:14
//! summary   2 expired  2 stuck  40 ok                           next renewal in 4m12s  shop/www
//! table     VERDICT  NAMESPACE  NAME  ISSUER  WHY  EXPIRES  NEXT
//! tree      Certificate → CertificateRequest → Order → Challenge   │ detail   the selected node in words
//! events    22:14:01 edge/edge Challenge presented false → true
//! footer    enter open  / filter  n namespace  ? help
//! ```
//!
//! **Invariant:** `view` takes `&App`. Painting twice gives the same picture, and the picture is the same at every
//! moment before the one it returns.

mod banner;
mod causes;
mod detail;
mod dialog;
mod empty;
mod events;
mod footer;
mod header;
mod horizon;
mod kinds;
mod logs;
mod menu;
mod painter;
mod past;
pub mod picture;
mod role;
mod table;
mod timeline;
mod tree;

use chrono::FixedOffset;
use ratatui::buffer::Buffer;

use self::painter::Painter;
use crate::app::App;
use crate::app::areas::{Area, Areas};
use crate::app::screen::{Body, Mode, Pane};
use crate::model::meta::Time;
use crate::theme::glyphs::Glyphs;
use crate::theme::{Role, Theme};

/// How to paint: what does not belong to the state of the program.
#[derive(Debug, Clone)]
pub struct Look {
    /// The colours.
    pub theme: Theme,
    /// The signs.
    pub glyphs: Glyphs,
    /// The offset of local time; zero for UTC.
    pub offset: FixedOffset,
}

/// Paints the program. Returns until when the picture stays as it is without news.
pub fn view(app: &App, look: &Look, now: Time, buffer: &mut Buffer) -> Option<Time> {
    let areas = app.ui.areas();
    let mut painter = Painter::new(buffer, look, (now, app.wall(now)));
    if areas.too_small {
        empty::too_small(&mut painter, areas.main);
        return painter.until();
    }
    header::paint(&mut painter, app, &areas);
    footer::paint(&mut painter, app, &areas);
    match app.ui.screen().body() {
        Body::Home => home(&mut painter, app, &areas),
        Body::Tree => {
            tree::title(&mut painter, app, areas.title, true);
            tree::paint(&mut painter, app, areas.main, true);
        }
        Body::Timeline => {
            timeline::title(&mut painter, app, areas.title);
            timeline::paint(&mut painter, app, areas.main);
        }
        Body::Logs => {
            logs::title(&mut painter, app, areas.title);
            logs::paint(&mut painter, app, areas.main);
        }
        Body::Horizon => {
            horizon::title(&mut painter, app, areas.title);
            horizon::paint(&mut painter, app, areas.main);
        }
        Body::Rows(_) => kinds::paint(&mut painter, app, &areas),
        Body::Causes => causes::paint(&mut painter, app, &areas),
        Body::Probe | Body::Text => {
            detail::title(&mut painter, app, areas.title);
            detail::paint(&mut painter, app, areas.main);
        }
    }
    if let Mode::Namespaces(_) = &app.ui.mode {
        menu::paint(&mut painter, app);
    }
    if let Mode::Contexts { names, .. } = &app.ui.mode {
        menu::contexts(&mut painter, app, names);
    }
    if let Mode::Remedies(_) = &app.ui.mode {
        menu::remedies(&mut painter, app);
    }
    if let Mode::Action(dialog) = &app.ui.mode {
        dialog::paint(&mut painter, dialog, &areas);
    }
    past::paint(&mut painter, app);
    menu::sequence(&mut painter, app, &areas);
    painter.until()
}

fn home(painter: &mut Painter, app: &App, areas: &Areas) {
    table::paint(painter, app, areas);
    if areas.tree.height > 0 {
        let focus = |pane: Pane| if app.ui.pane == pane { Role::RuleFocus } else { Role::Rule };
        painter.rule(areas.rules[1], Role::Rule);
        // The title ends where its pane does.
        let above = Area { width: areas.tree.width, ..areas.rules[1] };
        tree::title(painter, app, above, app.ui.pane == Pane::Tree);
        tree::paint(painter, app, areas.tree, app.ui.pane == Pane::Tree);
        if areas.detail.height > 0 {
            painter.bar(areas.divider, areas.rules[1].y, focus(Pane::Detail));
            detail::heading(painter, app, areas);
            detail::paint(painter, app, areas.detail);
        }
    }
    if areas.events.height > 0 {
        painter.rule(areas.rules[2], Role::Rule);
        if areas.divider.height > 0 {
            painter.joint(areas.divider.x, areas.rules[2].y);
        }
        events::paint(painter, app, areas.events);
    }
}
