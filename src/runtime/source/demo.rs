//! [`Demo`]: the simulated cluster: a story whose clock runs, or as it is at one moment.

use crate::cli::{self, value::At};
use crate::cluster::{Cluster, Names};
use crate::limits;
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::sim::{self, Internet, Options, Story, StoryError, World};

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
        let cluster = Cluster::in_process(world.cluster().service(), names, clock.reader());
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
    /// The servers of its Internet.
    pub async fn internet(&self) -> Result<Internet, Failure> {
        let internet = sim::internet(self.world.cluster()).await;
        internet.map_err(|error| Failure::blind(format!("the demo's servers: {error}")))
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
