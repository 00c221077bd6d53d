//! The simulated cluster as a source: the real client and the real watches, on an API server in this process.

use tokio::sync::mpsc;

use super::clock::Clock;
use super::live::{self, Outlet, Request};
use super::probing::world::World as Outside;
use crate::app::message::{Session, SourceKind};
use crate::cluster::guard::Guard;
use crate::cluster::{Cluster, Names};
use crate::sim::{Options, Story, StoryError, World};
use crate::watch::discover::Wish;

/// The story that is told when none is named.
pub const DEFAULT_STORY: &str = "busy-night";

/// A story that has begun, and its clock.
#[derive(Debug)]
pub struct Demo {
    world: World,
    clock: Clock,
}

impl Demo {
    /// Begins a story of its own file's text, a named one, or the default.
    pub fn begin(story: &Story, options: Options) -> Result<Self, StoryError> {
        let world = crate::sim::begin(story, options)?;
        let clock = Clock::story(world.clock().clone(), options.speed);
        Ok(Self { world, clock })
    }

    /// The clock of the story.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The world that the story moves.
    pub fn into_world(self) -> World {
        self.world
    }

    /// Tells the story, and watches it as any cluster is watched, until the outlet closes.
    pub async fn run(self, name: String, wish: Wish, read_only: bool, out: Outlet, requests: mpsc::Receiver<Request>) {
        let names = Names {
            context: Some(name.clone()),
            cluster: name,
            user: "you".to_owned(),
            default_namespace: "default".to_owned(),
            ..Names::default()
        };
        let (service, guard) = (self.world.cluster().service(), Guard::of(read_only));
        let cluster = Cluster::guarded_in_process(service, names, live::now(&self.clock), guard);
        let outside = match crate::sim::internet(self.world.cluster()).await {
            Ok(internet) => Outside::of_demo(internet, self.clock.clone()),
            Err(error) => {
                tracing::warn!("the demo has no servers: {error}");
                Outside::nowhere(self.clock.clone())
            }
        };
        let telling = tokio::spawn(self.world.drive());
        let session = Session { source: SourceKind::Demo, read_only, ..Session::default() };
        live::watch(cluster, wish, session, self.clock, out, requests, outside).await;
        telling.abort();
    }
}
