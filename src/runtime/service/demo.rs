//! The simulated cluster as a source: the real client and the real watches, on an API server in this process.

use tokio::sync::mpsc;

use super::live::Service;
use super::request::{Outlet, Request};
use crate::app::message::{Session, SourceKind};
use crate::cluster::guard::Guard;
use crate::cluster::{Cluster, Names};
use crate::runtime::probing::resolvers::Resolvers;
use crate::runtime::source::demo::Demo;
use crate::sim;
use crate::watch::discover::Wish;

/// Tells the story, and watches it as any cluster is watched, until the outlet closes. The world is made beside
/// whatever else goes on.
pub async fn run(
    demo: Demo,
    name: String,
    wish: Wish,
    read_only: bool,
    out: Outlet,
    requests: mpsc::Receiver<Request>,
) {
    let names = Names {
        context: Some(name.clone()),
        cluster: name,
        user: "you".to_owned(),
        default_namespace: "default".to_owned(),
        ..Names::default()
    };
    let clock = demo.clock();
    let made = tokio::task::spawn_blocking(|| demo.world().map_err(|error| error.to_string()));
    let world = match out.unless_closed(made).await {
        Some(Ok(Ok(world))) => world,
        Some(Ok(Err(why))) => return out.fail(why).await,
        Some(Err(error)) => return out.fail(error.to_string()).await,
        None => return,
    };
    let (api, guard) = (world.cluster().service(), Guard::of(read_only));
    let cluster = Cluster::guarded_in_process(api, names, clock.reader(), guard);
    let resolvers = match sim::internet(world.cluster()).await {
        Ok(internet) => Resolvers::of_demo(internet, clock.clone()),
        Err(error) => {
            tracing::warn!("the demo has no servers: {error}");
            Resolvers::nowhere(clock.clone())
        }
    };
    let telling = tokio::spawn(world.drive());
    let session = Session { source: SourceKind::Demo, read_only, ..Session::default() };
    let service = Service { wish, clock, out, requests, resolvers };
    service.watch(cluster, session).await;
    telling.abort();
}
