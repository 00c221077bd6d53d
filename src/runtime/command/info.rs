//! `cmtop info`: what cmtop runs with here. The terminal, the settings, the cluster that would be looked at, and what may
//! be done there.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use futures::{StreamExt as _, stream};

use crate::action::rbac;
use crate::cli;
use crate::cluster::{Cluster, connect, kubeconfig};
use crate::limits;
use crate::report::exit::ExitStatus;
use crate::report::installation::{Context, Installation, Place, Right, Terminal};
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::runtime::print::{print, told};
use crate::runtime::program::Program;
use crate::watch::discover::choose;

/// How long the cluster has to answer all that it is asked.
const PATIENCE: Duration = Duration::from_secs(5);

/// `cmtop info`.
pub async fn info(program: &Program, wanted: &cli::Output) -> Result<ExitStatus, Failure> {
    let settings = &program.settings;
    let mut paths: Vec<Place> = program.config.iter().map(|setting| place("config file", &setting.value)).collect();
    let own = crate::config::paths::signature_directory(&program.environment);
    paths.extend(own.map(|directory| place("findings of your own", &directory)));
    let themes = crate::config::paths::theme_directory(&program.environment);
    paths.extend(themes.map(|directory| place("themes of your own", &directory)));
    let (wardrobe, fault) = match program.look() {
        Ok((_, wardrobe)) => (Some(wardrobe), None),
        Err(failure) => (None, Some(failure.what)),
    };
    paths.extend(wardrobe.iter().filter_map(|wardrobe| wardrobe.file()).map(|file| place("theme", file)));
    let faults = fault.into_iter().chain(program.kept.fault.clone()).collect();
    paths.extend(program.kept.file.iter().map(|file| place("theme and views as you left them", file)));
    paths.push(place("saved screens", &settings.screen_directory.value));
    paths.extend(settings.log_file.value.iter().map(|file| place("log", file)));
    let found = kubeconfig::find(&program.options());
    let looked = found.as_ref().map(|found| found.looked.clone()).unwrap_or_default();
    let looked = looked.into_iter().map(|looked| Place {
        purpose: "looked at".to_owned(),
        exists: !matches!(looked.found.as_str(), "not there" | "not set"),
        path: looked.place,
    });
    let connected = connect(program.options(), Clock::wall().reader()).await;
    let (context, rights) = match &connected {
        Ok(cluster) => ask(program, cluster).await,
        Err(_) => (None, Vec::new()),
    };
    let clipboard = program.clipboard();
    let installation = Installation {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        paths,
        settings: settings.choices(),
        faults,
        terminal: Terminal {
            term: program.environment.get("TERM").map(str::to_owned),
            colorterm: program.environment.get("COLORTERM").map(str::to_owned),
            size: crate::runtime::terminal::size_of_output(),
            unicode: program.environment.speaks_unicode(),
            colors: program.depth().as_str().to_owned(),
            clipboard: clipboard.first().to_owned(),
            clipboard_why: clipboard.why,
        },
        kubeconfig: looked.collect(),
        context,
        rights,
    };
    let text =
        told(wanted.format.document(), || installation.text(&program.style()), |format| installation.document(format))?;
    print(&text).map(|()| ExitStatus::Good)
}

fn place(purpose: &str, path: &Path) -> Place {
    Place { purpose: purpose.to_owned(), path: path.display().to_string(), exists: path.exists() }
}

/// Whether the cluster answers, and what we may do there. Where it does not answer, it is not asked for rights one by one.
async fn ask(program: &Program, cluster: &Cluster) -> (Option<Context>, Vec<Right>) {
    let answer = tokio::time::timeout(PATIENCE, cluster.kubernetes()).await;
    let answer = answer.unwrap_or_else(|_| Err(format!("does not answer within {} s", PATIENCE.as_secs())));
    let context = Context {
        name: cluster.names.context.clone().unwrap_or_default(),
        cluster: cluster.names.cluster.clone(),
        server: cluster.names.server.clone(),
        user: cluster.names.user.clone(),
        namespace: cluster.names.default_namespace.clone(),
        kubernetes: answer.as_ref().ok().cloned(),
        silent: answer.as_ref().err().cloned(),
    };
    let rights = if answer.is_ok() { rights(program, cluster).await } else { Vec::new() };
    (Some(context), rights)
}

/// The rights that the scope of this command line would need.
async fn rights(program: &Program, cluster: &Cluster) -> Vec<Right> {
    let mut namespaces = choose(cluster, program.wish()).await.scope.namespaces;
    if namespaces.is_empty() {
        namespaces.push(String::new());
    }
    let mut wanted: Vec<_> = namespaces.iter().flat_map(|namespace| rbac::wanted(namespace)).collect();
    let mut seen = HashSet::new();
    wanted.retain(|right| seen.insert(right.clone()));
    let asked = stream::iter(wanted).map(|right| async move {
        let allowed = tokio::time::timeout(PATIENCE, cluster.has(&right)).await;
        Right { what: right.to_string(), allowed: allowed.ok().and_then(Result::ok) }
    });
    asked.buffered(limits::LOOKS_AT_ONCE).collect().await
}
