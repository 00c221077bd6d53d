//! [`BundleRequest`]: the bundle of one Certificate, with what was watched lately.

pub mod listen;
pub mod paper;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;

use self::listen::record;
use self::paper::{Facts, Place, concern, put_all};
use crate::cluster::Cluster;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::report::Origin;
use crate::report::moment::Zone;
use crate::report::probe::Probe;
use crate::runtime::clock::Clock;
use crate::watch::{Lately, Scope};

/// The moment so long before another.
pub fn before(now: Time, last: Duration) -> Time {
    TimeDelta::from_std(last).ok().and_then(|last| now.checked_sub_signed(last)).unwrap_or(Time::MIN_UTC)
}

/// What the dashboard asks for: the story of one Certificate, as it was watched.
#[derive(Debug, Clone)]
pub struct BundleRequest {
    /// What is known.
    pub model: Arc<Model>,
    /// Whose bundle.
    pub certificate: Id<Certificate>,
    /// What probes saw of it.
    pub probes: Vec<Probe>,
    /// Where bundles go.
    pub directory: PathBuf,
    /// How moments are told.
    pub zone: Zone,
}

/// How much of a recording goes with a bundle of the dashboard.
const LAST: Duration = Duration::from_mins(15);

/// Writes a bundle of what the dashboard knows: in its recording are the changes that were kept, and what the cluster says
/// now.
pub async fn write(
    cluster: &Cluster,
    scope: &Scope,
    clock: &Clock,
    kept: Lately,
    wish: BundleRequest,
) -> Result<String, String> {
    let since = before(clock.now(), LAST);
    let present = record(cluster, scope, clock, since).await.map_err(|failure| failure.what)?;
    let kubernetes = cluster.kubernetes().await.unwrap_or_default();
    let context = cluster.names.context.clone().unwrap_or_else(|| cluster.names.cluster.clone());
    let now = clock.now();
    let written = tokio::task::spawn_blocking(move || {
        let key = wish.model.certificate_key(wish.certificate).ok_or("the Certificate is gone")?;
        let name = format!("{}-{}-{}", key.namespace, key.name, now.format("%Y%m%d-%H%M%S"));
        let chosen = [wish.certificate];
        let concern = concern(&wish.model, &chosen);
        let present = String::from_utf8_lossy(&present);
        let woven = {
            let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.woven(&present, |frame| concern.keeps(frame))
        };
        let cluster = Origin { context, server: String::new(), kubernetes };
        let BundleRequest { model, probes, directory, zone, .. } = wish;
        let facts = Facts { model: &model, chosen: &chosen, now, began: woven.whole_from, cluster, probes };
        let place = Place { out: &directory.join(name), last: LAST, zone };
        put_all(woven.text.as_bytes(), None, &facts, Some(&concern), &place).map_err(|failure| failure.what)
    });
    let told = written.await.map_err(|error| error.to_string())??;
    Ok(told.trim_end().to_owned())
}
