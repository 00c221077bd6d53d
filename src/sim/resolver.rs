//! Name servers: zones with their servers, an address for every name, and the TXT records of DNS-01 challenges, as the
//! cluster's resolver, the world's resolvers and the authorities each see them.
//!
//! A zone is the last two labels of a name. In the cluster, a zone that is split has servers of its own, and none of the
//! records that solvers make.

use chrono::{DateTime, Utc};
use hickory_proto::op::{Message, MessageType, Metadata, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{A, NS, SOA, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};

use super::outside::{CHALLENGE, Outside, View};

/// Seconds for which an answer may be kept.
const TTL: u32 = 60;

/// The address of the simulated load balancer.
pub(super) const ADDRESS: A = A::new(203, 0, 113, 10);

/// The second address of a name that is stale.
pub(super) const SECOND: A = A::new(203, 0, 113, 12);

/// An address at which nobody listens.
pub(super) const CLOSED: A = A::new(203, 0, 113, 11);

/// The authorities of every zone.
pub(super) const AUTHORITIES: [(&str, A); 2] =
    [("ns1.dns.example", A::new(203, 0, 113, 53)), ("ns2.dns.example", A::new(203, 0, 113, 54))];

/// Answers a message as it is seen from somewhere; `None` when it is no question.
pub(super) fn answer(outside: &Outside, view: View, now: DateTime<Utc>, question: &[u8]) -> Option<Vec<u8>> {
    let question = Message::from_vec(question).ok()?;
    if question.metadata.message_type != MessageType::Query {
        return None;
    }
    let mut message = Message::new(question.metadata.id, MessageType::Response, OpCode::Query);
    message.metadata = Metadata::response_from_request(&question.metadata);
    message.metadata.recursion_available = !matches!(view, View::Authority(_));
    message.queries.clone_from(&question.queries);
    if question.metadata.op_code != OpCode::Query {
        message.metadata.response_code = ResponseCode::NotImp;
    } else if let Some(query) = question.queries.first() {
        let asked = Asked { outside, view, name: query.name(), plain: plain(query.name()) };
        message.metadata.authoritative = asked.is_own();
        match asked.records(query.query_type(), now) {
            Some(records) => message.answers = records,
            None => message.metadata.response_code = ResponseCode::NXDomain,
        }
        if message.answers.is_empty() {
            message.authorities.extend(asked.soa());
        }
    }
    message.to_vec().ok()
}

/// A name without the final dot, as the rest of the world writes it.
fn plain(name: &Name) -> String {
    name.to_lowercase().to_ascii().trim_end_matches('.').to_owned()
}

struct Asked<'a> {
    outside: &'a Outside,
    view: View,
    name: &'a Name,
    plain: String,
}

impl Asked<'_> {
    /// The records of a type; `None` when there is no such name.
    fn records(&self, kind: RecordType, now: DateTime<Utc>) -> Option<Vec<Record>> {
        let is_zone = self.zone() == self.plain;
        let challenge = self.plain.starts_with(CHALLENGE);
        let values = self.outside.visible(self.view, &self.plain, now);
        if challenge && values.is_empty() || !challenge && !self.exists() {
            return None;
        }
        let record = |data| Record::from_rdata(self.name.clone(), TTL, data);
        Some(match kind {
            RecordType::TXT => values.into_iter().map(|value| record(RData::TXT(TXT::new(vec![value])))).collect(),
            RecordType::A if !challenge => {
                let second = self.outside.of(&self.plain).stale.then_some(SECOND);
                std::iter::once(self.address()).chain(second).map(|address| record(RData::A(address))).collect()
            }
            RecordType::SOA if is_zone => self.soa().into_iter().collect(),
            RecordType::NS if is_zone => {
                self.servers().into_iter().map(|server| record(RData::NS(NS(server)))).collect()
            }
            _ => Vec::new(),
        })
    }

    /// A name exists unless its story says that nobody finds it.
    fn exists(&self) -> bool {
        let found = self.outside.of(&self.plain).self_check;
        !found.is_some_and(|error| error.contains("no such host"))
    }

    fn address(&self) -> A {
        let server = AUTHORITIES.iter().find(|(name, _)| *name == self.plain).map(|(_, address)| *address);
        let refused = || self.outside.of(&self.plain).self_check.is_some_and(|why| why.contains("connection refused"));
        server.unwrap_or_else(|| if refused() { CLOSED } else { ADDRESS })
    }

    /// Whether the answer is the server's own.
    fn is_own(&self) -> bool {
        matches!(self.view, View::Authority(_)) || self.split()
    }

    fn zone(&self) -> &str {
        let mut dots = self.plain.rmatch_indices('.').map(|(dot, _)| dot + 1);
        dots.nth(1).map_or(&self.plain, |begin| &self.plain[begin..])
    }

    fn split(&self) -> bool {
        self.view == View::Cluster && self.outside.has_split(self.zone())
    }

    fn servers(&self) -> Vec<Name> {
        let names = if self.split() { vec!["ns.corp.internal"] } else { AUTHORITIES.map(|(name, _)| name).to_vec() };
        names.iter().filter_map(|name| Name::from_ascii(format!("{name}.")).ok()).collect()
    }

    fn soa(&self) -> Option<Record> {
        let zone = Name::from_ascii(format!("{}.", self.zone())).ok()?;
        let server = self.servers().into_iter().next()?;
        let soa = SOA::new(server, Name::from_ascii("hostmaster.dns.example.").ok()?, 1, 7_200, 900, 1_209_600, TTL);
        Some(Record::from_rdata(zone, TTL, RData::SOA(soa)))
    }
}

#[cfg(test)]
mod tests {
    use hickory_proto::op::Query;

    use super::*;
    use crate::sim::outside::Behaviour;

    fn ask(outside: &Outside, name: &str, kind: RecordType) -> Message {
        let mut question = Message::query();
        question.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
        let now = "2026-11-23T01:00:00Z".parse().unwrap();
        Message::from_vec(&answer(outside, View::Cluster, now, &question.to_vec().unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn a_split_zone_has_servers_of_its_own_and_no_records() {
        let outside = Outside::default();
        outside.set("app.split.example", Behaviour { split: true, ..Behaviour::default() });
        let made = "2026-11-23T00:00:00Z".parse().unwrap();
        for name in ["_acme-challenge.app.split.example", "_acme-challenge.www.shop.example"] {
            outside.publish(name, "the-key", made);
        }
        let found = ask(&outside, "_ACME-challenge.www.shop.example.", RecordType::TXT);
        assert!(found.answers[0].data.to_string().contains("the-key"), "{found}");
        let hidden = ask(&outside, "_acme-challenge.app.split.example.", RecordType::TXT);
        assert_eq!((hidden.metadata.response_code, hidden.answers.len()), (ResponseCode::NXDomain, 0));
        assert_eq!(hidden.authorities[0].name.to_ascii(), "split.example.");
        let servers = |zone| {
            let found = ask(&outside, zone, RecordType::NS);
            found.answers.iter().map(|record| record.data.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(servers("split.example."), ["ns.corp.internal."]);
        assert_eq!(servers("shop.example.").len(), 2);
        assert_eq!(ask(&outside, "www.shop.example.", RecordType::A).answers.len(), 1);
        assert_eq!(ask(&outside, "www.shop.example.", RecordType::NS).authorities.len(), 1);
    }

    #[test]
    fn what_is_no_question_is_not_answered() {
        let outside = Outside::default();
        let now = "2026-11-23T01:00:00Z".parse().unwrap();
        assert!(answer(&outside, View::Cluster, now, b"GET / HTTP/1.1\r\n\r\n").is_none());
        assert!(answer(&outside, View::Cluster, now, b"").is_none());
    }
}
