//! [`Resolvers`]: whom probes ask when nobody is named: the Internet, or the demo's own servers.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::cli::Source;
use crate::cluster::Cluster;
use crate::model::meta::Time;
use crate::probe::answer::{Role, Server};
use crate::probe::dns;
use crate::probe::helm::PUBLIC_RESOLVERS;
use crate::probe::survey::Reach;
use crate::runtime::clock::{Clock, machine};
use crate::runtime::failure::Failure;
use crate::runtime::program::Program;
use crate::runtime::source::demo::Demo;
use crate::sim::Internet;

/// The names of the public resolvers, in their order.
const NAMES: [&str; 3] = ["Cloudflare", "Google", "Quad9"];

/// Whom probes ask when nobody is named.
#[derive(Debug, Clone)]
pub struct Resolvers {
    net: dns::Net,
    public: Vec<(SocketAddr, &'static str)>,
    system: Vec<SocketAddr>,
    /// Who is asked for zones and addresses; empty for the public resolvers and that of this machine.
    guides: Vec<SocketAddr>,
    /// The demo's servers, and what time it is there.
    demo: Option<(Arc<Internet>, Clock)>,
    /// The demo's cluster, for a command that looks once.
    cluster: Option<Cluster>,
}

impl Resolvers {
    /// The one that a command line reach.
    pub async fn of(program: &Program) -> Result<Self, Failure> {
        match program.cli.source() {
            Source::Demo(at) => {
                let still = Demo::still(at)?;
                Ok(Self::of_demo(still.internet().await?, still.clock).with(still.cluster))
            }
            Source::Cluster | Source::Recording(..) => Ok(Self::internet(&program.settings.probe_resolvers.value)),
        }
    }

    /// The Internet, by the resolvers of one's own choice; by public ones and that of this machine where there are none.
    pub fn internet(chosen: &[SocketAddr]) -> Self {
        let public = PUBLIC_RESOLVERS.iter().zip(NAMES).map(|(ip, name)| (SocketAddr::new(*ip, 53), name));
        let chosen: Vec<_> = chosen.iter().map(|address| (*address, "")).collect();
        let system = dns::of_this_machine();
        Self {
            net: dns::Net::default(),
            // Whoever names resolvers does not want others to hear of the names.
            guides: chosen.iter().map(|(address, _)| *address).collect(),
            public: if chosen.is_empty() { public.collect() } else { chosen },
            system,
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
            guides: Vec::new(),
            demo: Some((Arc::new(internet), clock)),
            cluster: None,
        }
    }

    /// A demo without servers: everybody is out of reach.
    pub fn nowhere(clock: Clock) -> Self {
        Self::of_demo(Internet::default(), clock)
    }

    /// The same, with the demo's cluster.
    #[must_use]
    pub fn with(self, cluster: Cluster) -> Self {
        Self { cluster: Some(cluster), ..self }
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
    pub fn reach(&self) -> Reach {
        Reach { net: self.net.clone(), ..Reach::default() }
    }

    /// Resolvers by which zones and addresses are found.
    pub fn guides(&self) -> Vec<SocketAddr> {
        if !self.guides.is_empty() {
            return self.guides.clone();
        }
        self.public.iter().map(|(address, _)| address).take(2).chain(&self.system).copied().collect()
    }

    /// Resolvers that are shown in the matrix.
    pub fn servers(&self) -> Vec<Server> {
        let public = self.public.iter().map(|(address, name)| Server::new(*address, Role::Public).named(*name));
        public.chain(self.system.iter().map(|address| Server::new(*address, Role::System))).collect()
    }
}
