//! Names for completions, from the source that the command line names.
//!
//! A cluster that does not answer within 0.9 s has none: a shell that waits is worse than one that knows no names. What is
//! on this machine answers for sure, and gets the time that a slow one takes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::cli;
use crate::cli::complete::{NAMES, Names, Wanted};
use crate::cluster::connect;
use crate::cluster::kubeconfig;
use crate::config::environment::Environment;
use crate::limits;
use crate::model::kind::Kind;
use crate::runtime::program::Program;
use crate::runtime::source::scene::Scene;
use crate::text::clean;

/// How long a shell waits for names of a cluster.
const PATIENCE: Duration = Duration::from_millis(900);

/// How long it waits for those of a recording or of the demo.
const READING: Duration = Duration::from_secs(4);

/// Who knows the names of this environment.
pub fn known(environment: Environment) -> Names {
    Arc::new(move |wanted, cli| {
        let Ok(program) = Program::of(cli, environment.clone()) else { return Vec::new() };
        match wanted {
            Wanted::Contexts => contexts(&program),
            Wanted::Certificates | Wanted::Namespaces => names(program, wanted),
        }
    })
}

fn contexts(program: &Program) -> Vec<String> {
    let found = kubeconfig::find(&program.options()).unwrap_or_default();
    found.config.contexts.into_iter().map(|context| clean(&context.name, limits::NAME).into_owned()).collect()
}

/// Names of the source, as far as it tells them in time.
fn names(program: Program, wanted: Wanted) -> Vec<String> {
    let (tell, told) = std::sync::mpsc::channel();
    let patience = if program.cli.source() == cli::Source::Cluster { PATIENCE } else { READING };
    // A name that is looked up, or a program that signs in, may hold a thread for longer than a person waits.
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        let found = runtime.block_on(async { tokio::time::timeout(patience, found(&program, wanted)).await });
        let _ = tell.send(found.unwrap_or_default());
        runtime.shutdown_background();
    });
    told.recv_timeout(patience).unwrap_or_default()
}

async fn found(program: &Program, wanted: Wanted) -> Vec<String> {
    let keys: Vec<(String, String)> = if program.cli.source() == cli::Source::Cluster {
        let Ok(cluster) = connect(program.options(), crate::runtime::clock::Clock::wall().reader()).await else {
            return Vec::new();
        };
        let namespaces = &program.settings.namespaces.value;
        let only = if let [only] = namespaces.as_slice() { Some(only.as_str()) } else { None };
        match wanted {
            Wanted::Namespaces => cluster.names_of(Kind::Namespace, None, NAMES).await,
            _ => cluster.names_of(Kind::Certificate, only, NAMES).await,
        }
    } else {
        let Ok(scene) = Scene::of(program).await else { return Vec::new() };
        let certificates = scene.model.certificates.iter().map(|(_, row)| &row.meta);
        match wanted {
            Wanted::Namespaces => {
                scene.model.namespaces().iter().map(|name| (String::new(), name.to_string())).collect()
            }
            _ => certificates.map(|meta| (meta.namespace.to_string(), meta.name.to_string())).collect(),
        }
    };
    let bare = !program.settings.namespaces.value.is_empty() && wanted == Wanted::Certificates;
    let whole = |(namespace, name): (String, String)| {
        if namespace.is_empty() || bare { name } else { format!("{namespace}/{name}") }
    };
    keys.into_iter().map(whole).collect::<BTreeSet<_>>().into_iter().collect()
}
