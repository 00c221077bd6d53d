//! From bytes to rows, as a feed does it.

use cmtop::model::delta::Objects;
use cmtop::project::row_batch::RowBatch;
use cmtop::project::{Project, Projector};
use serde::Deserialize;

/// A page of a list.
#[allow(dead_code, reason = "not every benchmark reads pages")]
#[derive(Deserialize)]
struct Page<W> {
    items: Vec<W>,
}

/// One line of a watch.
#[derive(Deserialize)]
#[allow(dead_code, reason = "not every benchmark reads lines")]
struct Line<W> {
    object: W,
}

/// The rows of a page.
#[allow(dead_code, reason = "not every benchmark reads pages")]
pub(crate) fn of_page<W: Project>(projector: &mut Projector, page: &str) -> Vec<Objects> {
    let mut batch = RowBatch::default();
    let page: Page<W> = serde_json::from_str(page).unwrap_or(Page { items: Vec::new() });
    page.items.into_iter().for_each(|object| object.upsert(projector, &mut batch));
    batch.take()
}

/// The row of a watch event.
#[allow(dead_code, reason = "not every benchmark reads lines")]
pub(crate) fn of_line<W: Project>(projector: &mut Projector, line: &str, batch: &mut RowBatch) {
    if let Ok(line) = serde_json::from_str::<Line<W>>(line) {
        line.object.upsert(projector, batch);
    }
}
