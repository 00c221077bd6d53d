//! Small questions to resolvers: addresses, zones, servers.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use crate::limits;
use crate::probe::dns::Net;
use crate::probe::dns::stream::Tunnel;
use crate::probe::dns01::Zone;
use crate::probe::question::{Code, Data, Question, RecordKind, Reply, Silence, Soa};
use crate::probe::subject::{is_within, upwards};

/// Before the next resolver is asked too.
const HESITATION: Duration = Duration::from_millis(700);

/// The first answer that says anything. The second resolver is asked when the first hesitates: whoever sits behind a
/// firewall does not wait for each that cannot be reached.
pub async fn resolve(net: &Net, guides: &[SocketAddr], name: &str, kind: RecordKind) -> Result<Reply, Silence> {
    let mut last = Err(Silence::Failed("no resolver is known".to_owned()));
    let mut waiting: FuturesUnordered<_> = (0..)
        .zip(guides.iter().take(3))
        .map(|(place, guide)| async move {
            tokio::time::sleep(HESITATION * place).await;
            net.ask(*guide, &Question::to_resolver(name, kind)).await
        })
        .collect();
    while let Some(answer) = waiting.next().await {
        if matches!(&answer, Ok(reply) if matches!(reply.code, Code::NoError | Code::NxDomain)) {
            return answer;
        }
        // A resolver that fails says more than one that is silent.
        if answer.is_ok() || last.is_err() {
            last = answer;
        }
    }
    last
}

/// The addresses of a name, IPv4 first; or why there are none.
pub async fn addresses(net: &Net, guides: &[SocketAddr], name: &str) -> Result<Vec<IpAddr>, String> {
    if let Ok(address) = name.parse() {
        return Ok(vec![address]);
    }
    let (four, six) =
        tokio::join!(resolve(net, guides, name, RecordKind::A), resolve(net, guides, name, RecordKind::Aaaa));
    let mut found: Vec<IpAddr> = [&four, &six].into_iter().flatten().flat_map(Reply::addresses).collect();
    found.dedup();
    found.truncate(limits::PROBE_SERVERS);
    if !found.is_empty() {
        return Ok(found);
    }
    Err(match four {
        Ok(reply) if reply.code == Code::NxDomain => "no such host".to_owned(),
        Ok(reply) if reply.code != Code::NoError => reply.told.unwrap_or_else(|| reply.code.word()),
        Ok(_) => "it has neither A nor AAAA records".to_owned(),
        Err(Silence::Timeout) => "no resolver answers".to_owned(),
        Err(Silence::Failed(why)) => why,
    })
}

/// The addresses of a name as the cluster's own resolver tells them; or why there are none.
pub async fn addresses_inside(net: &Net, tunnel: &Tunnel, name: &str) -> Result<Vec<IpAddr>, String> {
    let resolver = SocketAddr::from(([0, 0, 0, 0], 53));
    let mut found = Vec::new();
    // One question at a time: each opens a port-forward.
    for kind in [RecordKind::A, RecordKind::Aaaa] {
        match net.ask_inside(tunnel, resolver, &Question::to_resolver(name, kind)).await {
            Ok(reply) => found.extend(reply.addresses()),
            Err(Silence::Timeout) => return Err("no answer in time".to_owned()),
            Err(Silence::Failed(why)) => return Err(why),
        }
    }
    found.truncate(limits::PROBE_SERVERS);
    Ok(found)
}

/// The start of authority at or above a name.
pub async fn start_of_authority(net: &Net, guides: &[SocketAddr], name: &str) -> Option<Soa> {
    for name in upwards(name) {
        // Resolvers that are silent about one name are silent about the others.
        let reply = resolve(net, guides, name, RecordKind::Soa).await.ok()?;
        let own = reply.of(name).find_map(|record| match &record.data {
            Data::Authority(soa) => Some(soa.clone()),
            _ => None,
        });
        let above = reply.soa.clone().filter(|soa| is_within(name, &soa.zone));
        if let Some(soa) = own.or(above) {
            return Some(soa);
        }
    }
    None
}

/// The zone of a name, and its servers as its parent and as it itself names them.
pub async fn zone(net: &Net, guides: &[SocketAddr], name: &str) -> Option<Zone> {
    let soa = start_of_authority(net, guides, name).await?;
    // The zone of an ending is nobody's own: the name is not delegated.
    if !soa.zone.contains('.') {
        return None;
    }
    let servers = resolve(net, guides, &soa.zone, RecordKind::Ns).await;
    let by_itself = servers.map(|reply| reply.servers(&soa.zone)).unwrap_or_default();
    let by_parent = by_parent(net, guides, &soa.zone).await.unwrap_or_default();
    Some(Zone { name: soa.zone.clone(), soa: None, by_parent, by_itself })
}

/// What a server of the parent says about a zone's servers.
async fn by_parent(net: &Net, guides: &[SocketAddr], zone: &str) -> Option<Vec<String>> {
    let above = upwards(zone).nth(1)?;
    let parent = start_of_authority(net, guides, above).await?;
    let servers = resolve(net, guides, &parent.zone, RecordKind::Ns).await.ok()?.servers(&parent.zone);
    for server in servers.iter().take(2) {
        let Ok(addresses) = addresses(net, guides, server).await else { continue };
        for address in addresses.into_iter().filter(IpAddr::is_ipv4).take(1) {
            let question = Question::to_authority(zone, RecordKind::Ns);
            if let Ok(reply) = net.ask(SocketAddr::new(address, 53), &question).await {
                let named = reply.servers(zone);
                if !named.is_empty() {
                    return Some(named);
                }
            }
        }
    }
    None
}
