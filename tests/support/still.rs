//! The demo, standing still.

use chrono::{DateTime, Utc};
use cmtop::model::Model;

/// The demo as it is a minute after its story began.
pub(crate) fn demo() -> (Model, DateTime<Utc>) {
    use cmtop::runtime::source::demo::{Demo, Still};
    use cmtop::runtime::source::gather;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let Still { cluster, clock, .. } = Demo::still(cmtop::cli::value::At::End).unwrap();
        let now = clock.reader();
        let (out, mut batches) = tokio::sync::mpsc::channel(cmtop::limits::QUEUE);
        let watches = cmtop::watch::spawn(&cluster, &cmtop::watch::Scope::default(), &now, &out);
        let mut model = Model::default();
        gather::gather(&mut model, &mut batches, watches.len()).await;
        (model, clock.now())
    })
}
