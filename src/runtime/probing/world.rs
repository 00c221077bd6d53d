//! [`World`]: whom probes ask when nobody is named: the Internet, or the demo's own servers.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::cli::{self, Source, value::At};
use crate::cluster::{Cluster, Names};
use crate::model::meta::Time;
use crate::probe::answer::{Role, Server};
use crate::probe::dns;
use crate::probe::helm::PUBLIC_RESOLVERS;
use crate::probe::survey::Means;
use crate::runtime::clock::{Clock, machine};
use crate::runtime::demo::Demo;
use crate::runtime::program::{Failure, Program};
use crate::runtime::{live, screens};
use crate::sim::Internet;

/// The names of the public resolvers, in their order.
const NAMES: [&str; 3] = ["Cloudflare", "Google", "Quad9"];

/// How long the demo goes on before it is looked at, unless a moment was named.
const DEMO: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// Whom probes ask when nobody is named.
#[derive(Debug, Clone)]
pub struct World {
    net: dns::Net,
    public: Vec<(SocketAddr, &'static str)>,
    system: Vec<SocketAddr>,
    /// The demo's servers, and what time it is there.
    demo: Option<(Arc<Internet>, Clock)>,
    /// The demo's cluster, for a command that looks once.
    cluster: Option<Cluster>,
}

impl World {
    /// The one that a command line means.
    pub async fn of(program: &Program) -> Result<Self, Failure> {
        match program.cli.source() {
            Source::Demo(at) => Self::still(at).await,
            Source::Cluster | Source::Recording(..) => Ok(Self::internet()),
        }
    }

    /// The Internet.
    pub fn internet() -> Self {
        let public = PUBLIC_RESOLVERS.iter().zip(NAMES);
        Self {
            net: dns::Net::default(),
            public: public.map(|(ip, name)| (SocketAddr::new(*ip, 53), name)).collect(),
            system: dns::of_this_machine(),
            demo: None,
            cluster: None,
        }
    }

    /// The demo's own: nothing of it leaves this machine.
    pub fn of_demo(internet: Internet, clock: Clock) -> Self {
        Self {
            net: dns::Net::elsewhere(internet.ways.clone()),
            public: internet.public.iter().map(|address| (*address, "")).collect(),
            system: internet.system.clone(),
            demo: Some((Arc::new(internet), clock)),
            cluster: None,
        }
    }

    /// A demo without servers: everybody is out of reach.
    pub fn nowhere(clock: Clock) -> Self {
        Self::of_demo(Internet::default(), clock)
    }

    /// The demo at a moment.
    async fn still(at: At) -> Result<Self, Failure> {
        let (_, story, options) = screens::story(&cli::Demo::default())?;
        let mut world = Demo::begin(&story, options).map_err(Failure::usage)?.into_world();
        let start = world.clock().start();
        let now = match at {
            At::End => start + DEMO,
            At::Moment(moment) if moment < start => {
                return Err(Failure::usage(format!("--at lies before the beginning of the demo, {start}")));
            }
            At::Moment(moment) => moment,
        };
        world.work_until(now);
        let clock = Clock::fixed(now);
        let internet = crate::sim::internet(world.cluster()).await;
        let internet = internet.map_err(|error| Failure::blind(format!("the demo's servers: {error}")))?;
        let cluster = Cluster::in_process(world.cluster().service(), Names::default(), live::now(&clock));
        Ok(Self { cluster: Some(cluster), ..Self::of_demo(internet, clock) })
    }

    /// The demo's cluster.
    pub const fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref()
    }

    /// Whether it is the demo's.
    pub const fn is_demo(&self) -> bool {
        self.demo.is_some()
    }

    /// What time it is there.
    pub fn now(&self) -> Time {
        self.demo.as_ref().map_or_else(machine, |(_, clock)| clock.now())
    }

    /// With what probes look.
    pub fn means(&self) -> Means {
        Means { net: self.net.clone(), ..Means::default() }
    }

    /// Resolvers by which zones and addresses are found.
    pub fn guides(&self) -> Vec<SocketAddr> {
        self.public.iter().map(|(address, _)| address).take(2).chain(&self.system).copied().collect()
    }

    /// Resolvers that are shown in the matrix.
    pub fn servers(&self) -> Vec<Server> {
        let public = self.public.iter().map(|(address, name)| Server::new(*address, Role::Public).named(*name));
        public.chain(self.system.iter().map(|address| Server::new(*address, Role::System))).collect()
    }
}
