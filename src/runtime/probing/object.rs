//! Probes of a Challenge: its name, its key, and the cluster from inside.

use std::net::SocketAddr;

use tokio::sync::mpsc;

use super::world::World;
use super::{Goal, Task};
use crate::cli::{self, Source, What};
use crate::cluster::forward::{self, Inside};
use crate::cluster::{Cluster, connect};
use crate::limits;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::challenge::{Challenge, ChallengeType};
use crate::model::id::Id;
use crate::model::meta::Object as _;
use crate::probe::answer::{Role, Server};
use crate::probe::dns::stream::Tunnel;
use crate::probe::dns01::Plan;
use crate::probe::preflight::{Application, Sought};
use crate::probe::question::Silence;
use crate::probe::survey::Reach;
use crate::probe::survey::preflight::Wanted;
use crate::probe::target::Target;
use crate::probe::web;
use crate::query::name::Name;
use crate::query::pick::Pick;
use crate::report::exit::ExitStatus;
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::runtime::program::Program;
use crate::runtime::source::gather::{blindness, gather};
use crate::runtime::source::live;
use crate::runtime::source::replay;
use crate::runtime::source::scene;
use crate::triage::application::application;
use crate::watch::discover::choose;
use crate::watch::spawn;

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

/// The serial number of the certificate in a Secret.
pub async fn serial(program: &Program, world: &World, secret: &str) -> Result<String, Failure> {
    let cluster = match program.cli.source() {
        Source::Recording(..) => return Err(Failure::usage("--secret needs a cluster: a recording holds no Secrets")),
        Source::Demo(_) => world.cluster().cloned().ok_or_else(|| Failure::blind("the demo has no cluster"))?,
        Source::Cluster => connect(program.options(), live::now(&Clock::wall())).await.map_err(Failure::blind)?,
    };
    let home = program.settings.namespaces.value.first().unwrap_or(&cluster.names.default_namespace);
    let (namespace, name) = secret.split_once('/').unwrap_or((home, secret));
    let failed = |why: String| Failure::blind(format!("Secret {namespace}/{name}: {why}"));
    let pem = forward::certificate(&cluster, namespace, name).await.map_err(failed)?;
    crate::probe::tls::serial_of_pem(&pem).ok_or_else(|| failed("its tls.crt is no certificate".to_owned()))
}

/// What a person named.
pub async fn tasks(program: &Program, world: &World, wanted: &cli::Probe) -> Result<Vec<Task>, Failure> {
    let (model, cluster) = look(program, world).await?;
    let named = &program.settings.namespaces.value;
    let home = cluster.as_ref().map(|cluster| cluster.names.default_namespace.clone()).filter(|name| !name.is_empty());
    let all = program.cli.scope.all_namespaces;
    let places = |namespace: &Option<String>| -> Vec<String> {
        match namespace {
            Some(namespace) => vec![namespace.clone()],
            None if !named.is_empty() => named.clone(),
            None if all => Vec::new(),
            None => home.iter().cloned().collect(),
        }
    };
    let challenges = match &wanted.what {
        What::Challenge(namespace, name) => challenge(&model, &places(namespace), name)?,
        What::Certificate(namespace, name) => {
            let id = certificate(&model, &places(namespace), name)?;
            let open = open_of(&model, id);
            if open.is_empty() {
                return preflights(&model, world, id);
            }
            open
        }
        _ => Vec::new(),
    };
    let mut tasks = Vec::new();
    for challenge in challenges {
        let target = Target::of(&model, challenge);
        let target = target.map_err(|error| Failure::blind(format!("{}: {error}", challenge.key())))?;
        tasks.push(task(world, cluster.as_ref(), &target).await);
    }
    Ok(tasks)
}

/// What would go wrong with the names of a Certificate that has no open Challenge.
fn preflights(model: &Model, world: &World, id: Id<Certificate>) -> Result<Vec<Task>, Failure> {
    let Some(certificate) = model.certificates.get(id) else { return Ok(Vec::new()) };
    let application = application(model, certificate)
        .map_err(|why| missing(&format!("Certificate `{}` has no open Challenge, and {why}", certificate.meta.name)))?;
    let task = |wanted| Task {
        object: Some(application.object.to_string()),
        reach: world.reach(),
        goal: Goal::Preflight(Box::new(wanted)),
        applicant: None,
        behind: None,
    };
    Ok(wanted(world, &application).into_iter().map(task).collect())
}

fn challenge<'m>(model: &'m Model, places: &[String], name: &str) -> Result<Vec<&'m Challenge>, Failure> {
    let fits = |challenge: &&Challenge| *challenge.meta.name == *name && is_in(places, &challenge.meta.namespace);
    let found: Vec<&Challenge> = model.challenges.iter().map(|(_, challenge)| challenge).filter(fits).collect();
    match found.len() {
        0 => Err(missing(&format!("there is no Challenge `{name}`"))),
        1 => Ok(found),
        _ => Err(Failure::usage(format!("`{name}` is in several namespaces: name one with -n"))),
    }
}

fn is_in(places: &[String], namespace: &str) -> bool {
    places.is_empty() || places.iter().any(|place| place == namespace)
}

fn missing(what: &str) -> Failure {
    Failure { status: ExitStatus::Missing, what: what.to_owned() }
}

fn certificate(model: &Model, places: &[String], name: &str) -> Result<Id<Certificate>, Failure> {
    let names = vec![Name { namespace: None, name: name.to_owned() }];
    let pick = Pick { names, namespaces: places.to_vec(), ..Pick::default() };
    let found = pick.choose(model).map_err(Failure::missing)?;
    match found.as_slice() {
        [only] => Ok(*only),
        _ => Err(Failure::usage(format!("`{name}` is in several namespaces: name one with -n"))),
    }
}

/// The open Challenges of a Certificate.
pub fn open_of(model: &Model, id: Id<Certificate>) -> Vec<&Challenge> {
    let lineage = model.lineage(id);
    let next = lineage.as_ref().and_then(|lineage| lineage.next());
    let challenges = next.into_iter().flat_map(|attempt| &attempt.challenges).map(|(challenge, _)| *challenge);
    challenges.filter(|challenge| !challenge.state.is_final()).collect()
}

async fn look(program: &Program, world: &World) -> Result<(Model, Option<Cluster>), Failure> {
    match program.cli.source() {
        Source::Recording(file, at) => {
            let mut reader = replay::open(&file)?;
            Ok((scene::still(&mut reader, &file, at)?.model, None))
        }
        Source::Demo(_) => {
            let cluster = world.cluster().ok_or_else(|| Failure::blind("the demo has no cluster"))?;
            let model = read(program, cluster, &Clock::fixed(world.now())).await?;
            Ok((model, Some(cluster.clone())))
        }
        Source::Cluster => {
            let clock = Clock::wall();
            let cluster = connect(program.options(), live::now(&clock)).await.map_err(Failure::blind)?;
            let model = read(program, &cluster, &clock).await?;
            Ok((model, Some(cluster)))
        }
    }
}

/// What a cluster is like now.
pub async fn read(program: &Program, cluster: &Cluster, clock: &Clock) -> Result<Model, Failure> {
    let choice = choose(cluster, program.wish()).await;
    let (out, mut batches) = mpsc::channel(limits::QUEUE);
    let watches = spawn(cluster, &choice.scope, &live::now(clock), &out);
    let mut model = Model::default();
    gather(&mut model, &mut batches, watches.len()).await;
    blindness(&model).map_or(Ok(model), |why| Err(Failure::blind(why)))
}

/// A probe of a Challenge.
pub async fn task(world: &World, cluster: Option<&Cluster>, target: &Target) -> Task {
    let mut reach = world.reach();
    let (subject, expected) = (target.subject.clone(), target.expected.clone());
    let goal = match target.way {
        ChallengeType::Dns01 => {
            let mut servers: Vec<Server> =
                target.configured.iter().map(|address| Server::new(*address, Role::Configured)).collect();
            servers.extend(world.servers());
            if let Some(cluster) = cluster {
                servers.insert(0, of_cluster(cluster, &mut reach).await);
            }
            let (guides, checker) = (world.guides(), target.checker.clone());
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
            let (token, guides, reason) = (target.token.clone(), world.guides(), target.reason.clone());
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
pub fn wanted(world: &World, application: &Application) -> Vec<Wanted> {
    let applicant = application.applicant.clone();
    let of = |name: &Sought| Wanted {
        subject: name.subject.clone(),
        guides: world.guides(),
        applicant: applicant.clone(),
        solver: Some(name.solver.clone().map(str::to_owned)),
        public: application.public && !world.is_demo(),
    };
    application.names.iter().map(of).collect()
}
