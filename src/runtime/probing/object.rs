//! Probes of a Challenge: its name, its key, and the cluster from inside.

use std::net::SocketAddr;

use super::resolvers::Resolvers;
use super::{Goal, Task};
use crate::cluster::Cluster;
use crate::cluster::forward::{self, Inside};
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::challenge::{Challenge, ChallengeType};
use crate::model::id::Id;
use crate::probe::answer::{Role, Server};
use crate::probe::dns::stream::Tunnel;
use crate::probe::dns01::Plan;
use crate::probe::preflight::{Application, Sought};
use crate::probe::question::Silence;
use crate::probe::survey::Reach;
use crate::probe::survey::preflight::Wanted;
use crate::probe::target::Target;
use crate::probe::web;

/// A way into a Pod, as probes take it.
pub fn tunnel(inside: Inside) -> Tunnel {
    Tunnel::new(move |port| {
        let inside = inside.clone();
        Box::pin(async move {
            let stream = inside.open(port).await.map_err(Silence::Failed)?;
            Ok(Box::new(stream) as Box<_>)
        })
    })
}

/// The open Challenges of a Certificate.
pub fn open_of(model: &Model, id: Id<Certificate>) -> Vec<&Challenge> {
    let lineage = model.lineage(id);
    let next = lineage.as_ref().and_then(|lineage| lineage.next());
    let challenges = next.into_iter().flat_map(|attempt| &attempt.challenges).map(|(challenge, _)| *challenge);
    challenges.filter(|challenge| !challenge.state.is_final()).collect()
}

/// A probe of a Challenge.
pub async fn task(resolvers: &Resolvers, cluster: Option<&Cluster>, target: &Target) -> Task {
    let mut reach = resolvers.reach();
    let (subject, expected) = (target.subject.clone(), target.expected.clone());
    let goal = match target.way {
        ChallengeType::Dns01 => {
            let mut servers: Vec<Server> =
                target.configured.iter().map(|address| Server::new(*address, Role::Configured)).collect();
            servers.extend(resolvers.servers());
            if let Some(cluster) = cluster {
                servers.insert(0, of_cluster(cluster, &mut reach).await);
            }
            let (guides, checker) = (resolvers.guides(), target.checker.clone());
            Goal::Dns01(Box::new(Plan { subject, expected, servers, guides, checker }))
        }
        ChallengeType::Http01 => {
            if let (Some(cluster), Some(pod)) = (cluster, &target.pod) {
                let inside = Inside::solver(cluster, &target.object.namespace, pod);
                reach.solver = Some((pod.clone(), tunnel(inside)));
            }
            if let Some(cluster) = cluster {
                of_cluster(cluster, &mut reach).await;
            }
            let (token, guides, reason) = (target.token.clone(), resolvers.guides(), target.reason.clone());
            Goal::Http01(Box::new(web::Plan { subject, token, expected, addresses: Vec::new(), guides, reason }))
        }
    };
    let behind = cluster.map(|cluster| (cluster.clone(), target.object.clone()));
    Task { object: Some(target.object.to_string()), reach, goal, applicant: target.applicant.clone(), behind }
}

/// The cluster's own resolver; where it cannot be asked, its row says why.
pub async fn of_cluster(cluster: &Cluster, reach: &mut Reach) -> Server {
    let (address, name, way) = match forward::resolver(cluster).await {
        Ok(inside) => (inside.address, inside.pod.clone(), tunnel(inside)),
        Err(why) => {
            let closed = Tunnel::new(move |_| {
                let why = why.clone();
                Box::pin(async move { Err(Silence::Failed(why)) })
            });
            (SocketAddr::from(([0, 0, 0, 0], 53)), String::new(), closed)
        }
    };
    reach.resolver = Some(way);
    Server { inside: true, ..Server::new(address, Role::Cluster).named(name) }
}

/// What is to be found out of each name of a Certificate.
pub fn wanted(resolvers: &Resolvers, application: &Application) -> Vec<Wanted> {
    let applicant = application.applicant.clone();
    let of = |name: &Sought| Wanted {
        subject: name.subject.clone(),
        guides: resolvers.guides(),
        applicant: applicant.clone(),
        solver: Some(name.solver.clone().map(str::to_owned)),
        public: application.public && !resolvers.is_demo(),
    };
    application.names.iter().map(of).collect()
}
