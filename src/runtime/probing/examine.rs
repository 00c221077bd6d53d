//! Probes for `cmtop doctor` and `cmtop bundle`: the open Challenges of what is stuck, so many and no more.

use futures::future::join_all;

use super::object::{open_of, task};
use super::resolvers::Resolvers;
use crate::cluster::Cluster;
use crate::limits;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey};
use crate::model::meta::Object as _;
use crate::probe::target::Target;
use crate::report::doctor::Sighting;
use crate::report::probe::{Findings, Probe};

/// What probes see of the open Challenges of Certificates; and how many Challenges were left out.
pub async fn sightings(
    resolvers: &Resolvers,
    cluster: &Cluster,
    model: &Model,
    stuck: impl Iterator<Item = Id<Certificate>>,
) -> (Vec<Sighting>, usize) {
    let (seen, left_out) = probes(resolvers, cluster, model, stuck).await;
    let sighting = |(certificate, challenge, probe): (Id<Certificate>, ObjectKey, Probe)| {
        let (name, rows) = match &probe.findings {
            Findings::Dns01(it) => (it.name(), it.said()),
            Findings::Http01(it) => (it.subject.name().to_owned(), it.said()),
            Findings::Caa(_) | Findings::Served(_) | Findings::Preflight(_) => return None,
        };
        Some(Sighting { certificate, challenge, verdict: probe.verdict().clone(), name, rows })
    };
    (seen.into_iter().filter_map(sighting).collect(), left_out)
}

/// The probes of the open Challenges of Certificates; and how many Challenges were left out.
pub async fn probes(
    resolvers: &Resolvers,
    cluster: &Cluster,
    model: &Model,
    stuck: impl Iterator<Item = Id<Certificate>>,
) -> (Vec<(Id<Certificate>, ObjectKey, Probe)>, usize) {
    let open = stuck.flat_map(|id| open_of(model, id).into_iter().map(move |challenge| (id, challenge)));
    let mut open: Vec<_> = open.filter(|(_, challenge)| challenge.processing).collect();
    let left_out = open.len().saturating_sub(limits::EXAMINED_PROBES);
    open.truncate(limits::EXAMINED_PROBES);
    let looks = open.into_iter().map(|(certificate, challenge)| async move {
        let target = Target::of(model, challenge).ok()?;
        let probe = task(resolvers, Some(cluster), &target).await.look(resolvers.now()).await;
        Some((certificate, challenge.key(), probe))
    });
    (join_all(looks).await.into_iter().flatten().collect(), left_out)
}
