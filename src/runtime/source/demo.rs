//! The simulated cluster as a source: the real client and the real watches, on an API server in this process.

use tokio::sync::mpsc;

use super::live::{self, Outlet, Request};
use crate::app::message::{Session, SourceKind};
use crate::cli::{self, value::At};
use crate::cluster::guard::Guard;
use crate::cluster::{Cluster, Names};
use crate::limits;
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::runtime::probing::world::World as Outside;
use crate::sim::{self, Options, Story, StoryError, World};
use crate::watch::discover::Wish;

/// The story that is told when none is named.
pub const DEFAULT_STORY: &str = "busy-night";

/// How long the demo goes on before it is looked at, unless a moment was named.
pub const BRIEF: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// A story whose clock runs. Its world is made when it is asked for: months of history take longer than a screen may
/// take to open.
#[derive(Debug)]
pub struct Demo {
    story: Story,
    options: Options,
    time: sim::Clock,
}

impl Demo {
    /// Begins a story of its own file's text, a named one, or the default.
    pub fn begin(story: Story, options: Options) -> Self {
        let time = story.clock(options.speed);
        Self { story, options, time }
    }

    /// The demo as it is at a moment, where it stands still.
    pub fn still(at: At) -> Result<Still, Failure> {
        let (name, story, options) = story(&cli::Demo::default())?;
        let mut world = Self::begin(story, options).world().map_err(Failure::usage)?;
        let start = world.clock().start();
        let now = match at {
            At::End => start + BRIEF,
            At::Moment(moment) if moment < start => {
                return Err(Failure::usage(format!("--at lies before the beginning of the demo, {start}")));
            }
            At::Moment(moment) if moment > start + limits::DEMO_SPAN => {
                let last = start + limits::DEMO_SPAN;
                return Err(Failure::usage(format!("--at lies after the end of the demo, which is told until {last}")));
            }
            At::Moment(moment) => moment,
        };
        world.work_until(now);
        let clock = Clock::fixed(now);
        let names = Names { context: Some(name.clone()), cluster: name, ..Names::default() };
        let cluster = Cluster::in_process(world.cluster().service(), names, live::now(&clock));
        Ok(Still { cluster, clock, world })
    }

    /// The clock of the story.
    pub fn clock(&self) -> Clock {
        Clock::story(self.time.clone(), self.options.speed)
    }

    /// The world that the story moves: everything before its first second happens now.
    pub fn world(self) -> Result<World, StoryError> {
        sim::begin_by(self.time, &self.story, self.options)
    }

    /// Tells the story, and watches it as any cluster is watched, until the outlet closes. The world is made beside
    /// whatever else goes on.
    pub async fn run(self, name: String, wish: Wish, read_only: bool, out: Outlet, requests: mpsc::Receiver<Request>) {
        let names = Names {
            context: Some(name.clone()),
            cluster: name,
            user: "you".to_owned(),
            default_namespace: "default".to_owned(),
            ..Names::default()
        };
        let clock = self.clock();
        let made = tokio::task::spawn_blocking(|| self.world().map_err(|error| error.to_string()));
        let world = match out.unless_closed(made).await {
            Some(Ok(Ok(world))) => world,
            Some(Ok(Err(why))) => return out.fail(why).await,
            Some(Err(error)) => return out.fail(error.to_string()).await,
            None => return,
        };
        let (service, guard) = (world.cluster().service(), Guard::of(read_only));
        let cluster = Cluster::guarded_in_process(service, names, live::now(&clock), guard);
        let outside = match sim::internet(world.cluster()).await {
            Ok(internet) => Outside::of_demo(internet, clock.clone()),
            Err(error) => {
                tracing::warn!("the demo has no servers: {error}");
                Outside::nowhere(clock.clone())
            }
        };
        let telling = tokio::spawn(world.drive());
        let session = Session { source: SourceKind::Demo, read_only, ..Session::default() };
        live::watch(cluster, wish, session, clock, out, requests, outside).await;
        telling.abort();
    }
}

/// The demo at a moment.
#[derive(Debug)]
pub struct Still {
    /// Its cluster.
    pub cluster: Cluster,
    /// Its clock, which stands.
    pub clock: Clock,
    world: World,
}

impl Still {
    /// Whom probes ask there.
    pub async fn outside(self) -> Result<Outside, Failure> {
        let internet = sim::internet(self.world.cluster()).await;
        let internet = internet.map_err(|error| Failure::blind(format!("the demo's servers: {error}")))?;
        Ok(Outside::of_demo(internet, self.clock).with(self.cluster))
    }
}

/// The story that is asked for: a named one, or a file.
pub fn story(wanted: &cli::Demo) -> Result<(String, Story, Options), Failure> {
    let name = wanted.story.as_deref().unwrap_or(DEFAULT_STORY);
    let story = if name.contains(['/', '.']) {
        let text =
            std::fs::read_to_string(name).map_err(|error| Failure::usage(format!("cannot read {name}: {error}")))?;
        Story::parse(&text)
    } else {
        Story::named(name)
    };
    let story = story.map_err(|error| Failure::usage(format!("story {name}: {error}")))?;
    let options = Options {
        certificates: wanted.certificates.unwrap_or(0),
        seed: wanted.seed.unwrap_or(0),
        speed: wanted.speed.unwrap_or(1.0),
    };
    Ok((name.to_owned(), story, options))
}
