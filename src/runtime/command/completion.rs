//! Names for completions, from the source that the command line names.
//!
//! A cluster that does not answer within 0.9 s has none: a shell that waits is worse than one that knows no names. What is
//! on this machine answers for sure, and gets the time that a slow one takes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;

use crate::cli;
use crate::cli::complete::{NAMES, Names, Wanted};
use crate::cluster::connect;
use crate::cluster::kubeconfig;
use crate::config::environment::Environment;
use crate::config::paths;
use crate::limits;
use crate::model::kind::Kind;
use crate::query::target::keys;
use crate::runtime::program::Program;
use crate::runtime::source::scene::Scene;
use crate::runtime::wardrobe::Wardrobe;
use crate::text::clean;

/// How long a shell waits for names of a cluster.
const PATIENCE: Duration = Duration::from_millis(900);

/// How long it waits for those of a recording or of the demo.
const READING: Duration = Duration::from_secs(4);

/// Who knows the names of this environment.
pub fn known(environment: Environment) -> Names {
    Arc::new(move |wanted, cli| {
        let Ok(program) = Program::of(cli, environment.clone()) else { return Vec::new() };
        let config = || kubeconfig::find(&program.options()).unwrap_or_default().config;
        match wanted {
            Wanted::Contexts => safe(config().contexts.into_iter().map(|context| context.name)),
            Wanted::Clusters => safe(config().clusters.into_iter().map(|cluster| cluster.name)),
            Wanted::Users => safe(config().auth_infos.into_iter().map(|user| user.name)),
            Wanted::Themes => {
                let own = paths::theme_directory(&program.environment);
                Wardrobe::new(own, program.depth(), None).names()
            }
            Wanted::Objects(_) | Wanted::Namespaces => names(program, wanted),
        }
    })
}

fn safe(names: impl Iterator<Item = String>) -> Vec<String> {
    names.map(|name| clean(&name, limits::NAME).into_owned()).collect()
}

/// Names of the source, as far as it tells them in time.
fn names(program: Program, wanted: Wanted) -> Vec<String> {
    let (tell, told) = std::sync::mpsc::channel();
    let patience = if program.cli.source() == cli::Source::Cluster { PATIENCE } else { READING };
    // A name that is looked up, or a program that signs in, may hold a thread for longer than a person waits.
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        let found = runtime.block_on(async { tokio::time::timeout(patience, found(&program, &wanted)).await });
        let _ = tell.send(found.unwrap_or_default());
        runtime.shutdown_background();
    });
    told.recv_timeout(patience).unwrap_or_default()
}

async fn found(program: &Program, wanted: &Wanted) -> Vec<String> {
    let namespaces = &program.settings.namespaces.value;
    // Of an object in one of the namespaces that were named, the name alone.
    let whole = |front: &str, namespace: &str, name: &str| {
        let bare = namespace.is_empty() || namespaces.iter().any(|named| named == namespace);
        let told = bare || namespaces.is_empty();
        told.then(|| if bare { format!("{front}{name}") } else { format!("{front}{namespace}/{name}") })
    };
    let mut names = BTreeSet::new();
    if program.cli.source() == cli::Source::Cluster {
        let Ok(cluster) = connect(program.options(), crate::runtime::clock::Clock::wall().reader()).await else {
            return Vec::new();
        };
        let only = if let [only] = namespaces.as_slice() { Some(only.as_str()) } else { None };
        let Wanted::Objects(kinds) = wanted else {
            let found = cluster.names_of(Kind::Namespace, None, NAMES).await;
            return found.into_iter().map(|(_, name)| name).collect();
        };
        let asked = kinds.iter().map(|(front, kind)| {
            let found = cluster.names_of(*kind, only, NAMES);
            async move { (*front, found.await) }
        });
        for (front, found) in join_all(asked).await {
            names.extend(found.iter().filter_map(|(namespace, name)| whole(front, namespace, name)));
        }
    } else {
        let Ok(Scene { model, .. }) = Scene::of(program).await else { return Vec::new() };
        let Wanted::Objects(kinds) = wanted else {
            return model.namespaces().iter().map(ToString::to_string).collect();
        };
        for (front, kind) in kinds {
            names.extend(keys(&model, *kind).iter().filter_map(|key| whole(front, &key.namespace, &key.name)));
        }
    }
    names.into_iter().collect()
}
