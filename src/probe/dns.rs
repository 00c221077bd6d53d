//! Questions on the wire: over UDP, over TCP where that is needed, and over a stream from inside the cluster.
//!
//! **Invariant:** one question is in flight per server and name, and no more than the budget at all: five hundred probes
//! wait for each other, they do not flood.

pub mod message;
pub mod stream;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use hickory_proto::op::{DnsRequest, DnsRequestOptions};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::udp::UdpClientStream;
use hickory_resolver::net::xfer::DnsRequestSender as _;
use rustc_hash::FxBuildHasher;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use self::message::{query, reply};
use self::stream::Tunnel;
use super::judge::NO_ROUTE;
use super::question::{Code, Question, Reply, Silence};
use crate::limits;

/// How long an answer over UDP may take; a lost packet is sent again within it.
const UDP: Duration = Duration::from_millis(2_500);

/// Before a packet counts as lost, in milliseconds.
const LOST: u64 = 800;

/// How often a packet is sent at most.
const PACKETS: u8 = 3;

/// How long an answer over TCP may take, with connecting.
const TCP: Duration = Duration::from_millis(2_500);

/// What fits into a packet that nobody has to cut (DNS flag day 2020).
const PAYLOAD: u16 = 1_232;

/// The way to the world: with a budget, and perhaps with detours.
#[derive(Debug, Clone)]
pub struct Net(Arc<Inner>);

/// A question's turn at a server, by server and name.
type Turns = HashMap<(SocketAddr, String), Arc<tokio::sync::Mutex<()>>, FxBuildHasher>;

#[derive(Debug)]
struct Inner {
    budget: Semaphore,
    turns: Mutex<Turns>,
    /// Where each address really is; what is not listed cannot be reached.
    detours: Option<HashMap<SocketAddr, SocketAddr>>,
}

impl Default for Net {
    fn default() -> Self {
        Self::of(None)
    }
}

impl Net {
    fn of(detours: Option<HashMap<SocketAddr, SocketAddr>>) -> Self {
        let budget = Semaphore::new(limits::PROBE_QUESTIONS);
        Self(Arc::new(Inner { budget, turns: Mutex::default(), detours }))
    }

    /// A world of its own, of which each address is somewhere else: what is not listed does not exist.
    pub fn elsewhere(detours: impl IntoIterator<Item = (SocketAddr, SocketAddr)>) -> Self {
        Self::of(Some(detours.into_iter().collect()))
    }

    /// Where an address really is.
    pub fn way(&self, to: SocketAddr) -> Option<SocketAddr> {
        match &self.0.detours {
            None => Some(to),
            Some(detours) => detours.get(&to).copied(),
        }
    }

    /// Asks a server.
    pub async fn ask(&self, server: SocketAddr, question: &Question) -> Result<Reply, Silence> {
        let Some(way) = self.way(server) else { return Err(Silence::Failed(NO_ROUTE.to_owned())) };
        let turn = self.turn(server, &question.name);
        let _mine = turn.lock.lock().await;
        let _permit = self.0.budget.acquire().await;
        ask(way, question).await
    }

    /// Asks the cluster's resolver, from inside.
    pub async fn ask_inside(&self, tunnel: &Tunnel, server: SocketAddr, question: &Question) -> Result<Reply, Silence> {
        let turn = self.turn(server, &question.name);
        let _mine = turn.lock.lock().await;
        let _permit = self.0.budget.acquire().await;
        // A port-forward takes a while: the API server, the kubelet and the Pod are on the way.
        let asked = timeout(2 * TCP, async { stream::ask(tunnel.open(53).await?, question).await });
        asked.await.unwrap_or(Err(Silence::Timeout))
    }

    fn turn(&self, server: SocketAddr, name: &str) -> Turn<'_> {
        let key = (server, name.to_owned());
        let mut turns = self.0.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let lock = Arc::clone(turns.entry(key.clone()).or_default());
        Turn { turns: &self.0.turns, key, lock }
    }
}

/// A question's turn at a server. Whoever is last takes it away.
struct Turn<'n> {
    turns: &'n Mutex<Turns>,
    key: (SocketAddr, String),
    lock: Arc<tokio::sync::Mutex<()>>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // One is held here, one by the table.
        if Arc::strong_count(&self.lock) <= 2 {
            turns.remove(&self.key);
        }
    }
}

/// Over UDP, and over TCP when the answer was cut or nothing came.
async fn ask(server: SocketAddr, question: &Question) -> Result<Reply, Silence> {
    let over_udp = match over_udp(server, question, Manner::default()).await {
        // A server that writes names in its own way cannot be asked with mixed case.
        Err(NetError::QueryCaseMismatch) => {
            let plain = Manner { plain_case: true, ..Manner::default() };
            let answer = over_udp(server, question, plain).await;
            answer.map(|(reply, cut)| (with_oddity(reply, "writes the name in another case"), cut))
        }
        Ok((reply, _)) if matches!(reply.code, Code::Other(1 | 4)) => {
            let plain = Manner { no_edns: true, ..Manner::default() };
            let answer = over_udp(server, question, plain).await;
            answer.map(|(reply, cut)| (with_oddity(reply, "does not speak EDNS"), cut))
        }
        other => other,
    };
    match over_udp {
        Ok((reply, false)) => Ok(reply),
        Ok((cut, true)) => match over_tcp(server, question).await {
            Ok(reply) => Ok(reply),
            Err(_) => Ok(with_oddity(cut, "cuts its answer over UDP, and does not answer over TCP")),
        },
        Err(error) if is_unreachable(&error) => Err(Silence::Failed(NO_ROUTE.to_owned())),
        Err(NetError::Timeout) => match over_tcp(server, question).await {
            Ok(reply) => Ok(with_oddity(reply, "answers over TCP only")),
            Err(_) => Err(Silence::Timeout),
        },
        Err(error) => Err(Silence::Failed(format!("the answer cannot be read: {error}"))),
    }
}

fn with_oddity(mut reply: Reply, oddity: &'static str) -> Reply {
    reply.oddities.push(oddity);
    reply
}

fn is_unreachable(error: &NetError) -> bool {
    use std::io::ErrorKind::{AddrNotAvailable, HostUnreachable, NetworkUnreachable};
    matches!(error, NetError::Io(io) if matches!(io.kind(), NetworkUnreachable | HostUnreachable | AddrNotAvailable))
}

/// How a question is written.
#[derive(Debug, Clone, Copy, Default)]
struct Manner {
    /// Without the mixed case by which an answer proves that it belongs to the question.
    plain_case: bool,
    /// Without extensions.
    no_edns: bool,
}

/// The answer, and whether it was cut.
async fn over_udp(server: SocketAddr, question: &Question, manner: Manner) -> Result<(Reply, bool), NetError> {
    let mut options = DnsRequestOptions::default();
    options.use_edns = !manner.no_edns;
    options.edns_payload_len = PAYLOAD;
    options.recursion_desired = question.recurse;
    options.case_randomization = !manner.plain_case;
    options.retry_interval = Duration::from_millis(LOST);
    let query = query(question).map_err(|error| NetError::Msg(error.to_string()))?;
    let mut request = DnsRequest::from_query(query, options);
    request.metadata.checking_disabled = question.unchecked;
    request.metadata.authentic_data = !question.unchecked;
    let began = Instant::now();
    let mut stream = UdpClientStream::builder(server, TokioRuntimeProvider::default())
        .with_timeout(Some(UDP))
        .with_max_retries(PACKETS)
        .with_retry_interval_floor(LOST)
        .with_os_port_selection(true)
        .build();
    let response = stream.send_message(request).next().await.unwrap_or(Err(NetError::Timeout))?;
    Ok((reply(&response, began.elapsed()), response.metadata.truncation))
}

async fn over_tcp(server: SocketAddr, question: &Question) -> Result<Reply, Silence> {
    let asked = async {
        let connection = tokio::net::TcpStream::connect(server).await;
        let connection = connection.map_err(|error| Silence::Failed(error.to_string()))?;
        stream::ask(connection, question).await
    };
    timeout(TCP, asked).await.unwrap_or(Err(Silence::Timeout))
}

/// The resolvers of this machine.
pub fn of_this_machine() -> Vec<SocketAddr> {
    let Ok((config, _)) = hickory_resolver::system_conf::read_system_conf() else { return Vec::new() };
    let servers = config.name_servers().iter().map(|server| SocketAddr::new(server.ip, 53));
    servers.take(limits::PROBE_SERVERS).collect()
}
