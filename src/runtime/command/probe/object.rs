//! Probes of an object that a person named: a Challenge, a Certificate, a Secret.

use crate::cli::{self, Source, What};
use crate::cluster::{Cluster, connect, forward};
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::challenge::Challenge;
use crate::model::id::Id;
use crate::model::meta::Object as _;
use crate::probe::target::Target;
use crate::query::name::Name;
use crate::query::pick::Pick;
use crate::query::target;
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::runtime::probing::object::{open_of, task, wanted};
use crate::runtime::probing::resolvers::Resolvers;
use crate::runtime::probing::{Goal, Task};
use crate::runtime::program::Program;
use crate::runtime::source::live::Live;
use crate::runtime::source::{replay, scene};
use crate::triage::application::application;

/// The serial number of the certificate in a Secret.
pub(super) async fn serial(
    program: &Program,
    resolvers: &Resolvers,
    secret: &target::Target,
) -> Result<String, Failure> {
    let cluster = match program.cli.source() {
        Source::Recording(..) => return Err(Failure::usage("--secret needs a cluster: a recording holds no Secrets")),
        Source::Demo(_) => resolvers.cluster().cloned().ok_or_else(|| Failure::blind("the demo has no cluster"))?,
        Source::Cluster => connect(program.options(), Clock::wall().reader()).await.map_err(Failure::blind)?,
    };
    let home = program.settings.namespaces.value.first().unwrap_or(&cluster.names.default_namespace);
    let (namespace, name) = (secret.namespace.as_ref().unwrap_or(home), &secret.name);
    let failed = |why: String| Failure::blind(format!("Secret {namespace}/{name}: {why}"));
    let pem = forward::certificate(&cluster, namespace, name).await.map_err(failed)?;
    crate::probe::tls::serial_of_pem(&pem).ok_or_else(|| failed("its tls.crt is no certificate".to_owned()))
}

/// What a person named.
pub(super) async fn tasks(program: &Program, resolvers: &Resolvers, wanted: &cli::Probe) -> Result<Vec<Task>, Failure> {
    let (model, cluster) = look(program, resolvers).await?;
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
                return preflights(&model, resolvers, id);
            }
            open
        }
        _ => Vec::new(),
    };
    let mut tasks = Vec::new();
    for challenge in challenges {
        let target = Target::of(&model, challenge);
        let target = target.map_err(|error| Failure::blind(format!("{}: {error}", challenge.key())))?;
        tasks.push(task(resolvers, cluster.as_ref(), &target).await);
    }
    Ok(tasks)
}

/// What would go wrong with the names of a Certificate that has no open Challenge.
fn preflights(model: &Model, resolvers: &Resolvers, id: Id<Certificate>) -> Result<Vec<Task>, Failure> {
    let Some(certificate) = model.certificates.get(id) else { return Ok(Vec::new()) };
    let application = application(model, certificate).map_err(|why| {
        Failure::absent(format!("Certificate `{}` has no open Challenge, and {why}", certificate.meta.name))
    })?;
    let task = |wanted| Task {
        object: Some(application.object.to_string()),
        reach: resolvers.reach(),
        goal: Goal::Preflight(Box::new(wanted)),
        applicant: None,
        behind: None,
    };
    Ok(wanted(resolvers, &application).into_iter().map(task).collect())
}

fn challenge<'m>(model: &'m Model, places: &[String], name: &str) -> Result<Vec<&'m Challenge>, Failure> {
    let fits = |challenge: &&Challenge| *challenge.meta.name == *name && is_in(places, &challenge.meta.namespace);
    let found: Vec<&Challenge> = model.challenges.iter().map(|(_, challenge)| challenge).filter(fits).collect();
    match found.len() {
        0 => Err(Failure::absent(format!("there is no Challenge `{name}`"))),
        1 => Ok(found),
        _ => Err(Failure::usage(format!("`{name}` is in several namespaces: name one with -n"))),
    }
}

fn is_in(places: &[String], namespace: &str) -> bool {
    places.is_empty() || places.iter().any(|place| place == namespace)
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

async fn look(program: &Program, resolvers: &Resolvers) -> Result<(Model, Option<Cluster>), Failure> {
    match program.cli.source() {
        Source::Recording(file, at) => {
            let mut reader = replay::open(&file)?;
            Ok((scene::still(&mut reader, &file, at)?.model, None))
        }
        Source::Demo(_) => {
            let cluster = resolvers.cluster().ok_or_else(|| Failure::blind("the demo has no cluster"))?;
            let clock = Clock::fixed(resolvers.now());
            let (_, model) = Live::begin(cluster.clone(), program.wish(), clock).await?;
            Ok((model, Some(cluster.clone())))
        }
        Source::Cluster => {
            let clock = Clock::wall();
            let cluster = connect(program.options(), clock.reader()).await.map_err(Failure::blind)?;
            let (_, model) = Live::begin(cluster.clone(), program.wish(), clock).await?;
            Ok((model, Some(cluster)))
        }
    }
}
