//! A name server on loopback that answers as it is told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hickory_proto::op::{Edns, Message, MessageType, Metadata, ResponseCode};
use hickory_proto::rr::rdata::opt::EdnsOption;
use hickory_proto::rr::rdata::{A, AAAA, CAA, CNAME, NS, SOA, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};

/// How a question came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Udp,
    Tcp,
}

/// What is sent back: nothing, or some messages, each after a while.
pub(crate) type Sent = Vec<(Duration, Vec<u8>)>;

type Script = dyn Fn(&Message, By) -> Sent + Send + Sync;

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) asked: Arc<AtomicUsize>,
    /// The most questions that were answered at one time.
    pub(crate) busiest: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) async fn on(address: &str, script: impl Fn(&Message, By) -> Sent + Send + Sync + 'static) -> Self {
        // A port that is free over UDP may be taken over TCP, by a test beside this one.
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind(address).await.unwrap();
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
                break (Arc::new(udp), tcp);
            }
        };
        let address = udp.local_addr().unwrap();
        let script: Arc<Script> = Arc::new(script);
        let (asked, busiest) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let busy = Arc::new(AtomicUsize::new(0));
        let (over_udp, count, most) = (Arc::clone(&script), Arc::clone(&asked), Arc::clone(&busiest));
        tokio::spawn(async move {
            let mut bytes = [0; 4096];
            while let Ok((length, from)) = udp.recv_from(&mut bytes).await {
                count.fetch_add(1, Ordering::SeqCst);
                let sent = over_udp(&Message::from_vec(&bytes[..length]).unwrap(), By::Udp);
                let (udp, busy, most) = (Arc::clone(&udp), Arc::clone(&busy), Arc::clone(&most));
                most.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::spawn(async move {
                    for (after, message) in sent {
                        tokio::time::sleep(after).await;
                        let _ = udp.send_to(&message, from).await;
                    }
                    busy.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = tcp.accept().await {
                let (script, count) = (Arc::clone(&script), Arc::clone(&count));
                tokio::spawn(async move {
                    while let Ok(length) = stream.read_u16().await {
                        let mut bytes = vec![0; usize::from(length)];
                        stream.read_exact(&mut bytes).await.unwrap();
                        count.fetch_add(1, Ordering::SeqCst);
                        for (after, message) in script(&Message::from_vec(&bytes).unwrap(), By::Tcp) {
                            tokio::time::sleep(after).await;
                            stream.write_u16(message.len() as u16).await.unwrap();
                            stream.write_all(&message).await.unwrap();
                        }
                    }
                });
            }
        });
        Self { address, asked, busiest }
    }

    pub(crate) async fn start(script: impl Fn(&Message, By) -> Sent + Send + Sync + 'static) -> Self {
        Self::on("127.0.0.1:0", script).await
    }

    /// A server that holds zones: each question is answered by the first that knows it.
    pub(crate) async fn of(zone: Zone) -> Self {
        Self::start(move |question, _| at_once(&zone.answer(question))).await
    }
}

pub(crate) fn at_once(message: &Message) -> Sent {
    vec![(Duration::ZERO, message.to_vec().unwrap())]
}

/// The beginning of an answer.
pub(crate) fn answer(question: &Message, code: ResponseCode) -> Message {
    let mut message = Message::response(question.metadata.id, question.metadata.op_code);
    message.metadata = Metadata::response_from_request(&question.metadata);
    message.metadata.message_type = MessageType::Response;
    message.metadata.response_code = code;
    message.queries.clone_from(&question.queries);
    message
}

/// The same, with the server's own words about its failure.
pub(crate) fn told(mut message: Message, number: u16, text: &str) -> Message {
    let mut edns = Edns::new();
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.extend(text.as_bytes());
    edns.options_mut().insert(EdnsOption::Unknown(15, bytes));
    message.set_edns(edns);
    message
}

pub(crate) fn name(text: &str) -> Name {
    Name::from_ascii(format!("{text}.")).unwrap()
}

pub(crate) fn txt(at: &str, value: &str) -> Record {
    let parts = value.as_bytes().chunks(255).collect();
    Record::from_rdata(name(at), 60, RData::TXT(TXT::from_bytes(parts)))
}

pub(crate) fn alias(at: &str, to: &str) -> Record {
    Record::from_rdata(name(at), 60, RData::CNAME(CNAME(name(to))))
}

pub(crate) fn address(at: &str, to: &str) -> Record {
    let data = match to.parse().unwrap() {
        std::net::IpAddr::V4(v4) => RData::A(A(v4)),
        std::net::IpAddr::V6(v6) => RData::AAAA(AAAA(v6)),
    };
    Record::from_rdata(name(at), 60, data)
}

pub(crate) fn serves(zone: &str, server: &str) -> Record {
    Record::from_rdata(name(zone), 60, RData::NS(NS(name(server))))
}

pub(crate) fn soa(zone: &str, primary: &str, serial: u32) -> Record {
    let data = SOA::new(name(primary), name("hostmaster.test"), serial, 7_200, 900, 1_209_600, 60);
    Record::from_rdata(name(zone), 60, RData::SOA(data))
}

pub(crate) fn caa(at: &str, flags: u8, tag: &str, value: &str) -> Record {
    let mut data = CAA::new_issue(flags & 0x80 != 0, None, Vec::new());
    tag.clone_into(&mut data.tag);
    data.value = value.as_bytes().to_vec();
    Record::from_rdata(name(at), 60, RData::CAA(data))
}

/// Records under one start of authority.
#[derive(Clone)]
pub(crate) struct Zone {
    pub(crate) soa: Record,
    pub(crate) authoritative: bool,
    pub(crate) records: Vec<Record>,
}

impl Zone {
    pub(crate) fn new(zone: &str, records: Vec<Record>) -> Self {
        Self { soa: soa(zone, "ns1.test", 7), authoritative: true, records }
    }

    /// As a resolver answers that learned it from others.
    pub(crate) fn learned(self) -> Self {
        Self { authoritative: false, ..self }
    }

    pub(crate) fn answer(&self, question: &Message) -> Message {
        let query = &question.queries[0];
        let mut message = answer(question, ResponseCode::NoError);
        message.metadata.authoritative = self.authoritative;
        let mut at = query.name().clone();
        for _ in 0..20 {
            let here = self.records.iter().filter(|record| record.name == at);
            let fits: Vec<Record> = here.filter(|record| record.record_type() == query.query_type()).cloned().collect();
            let next =
                self.records.iter().find(|record| record.name == at && record.record_type() == RecordType::CNAME);
            if !fits.is_empty() || query.query_type() == RecordType::CNAME {
                message.answers.extend(fits);
                break;
            }
            let Some(next) = next else { break };
            message.answers.push(next.clone());
            let RData::CNAME(CNAME(to)) = &next.data else { break };
            at = to.clone();
        }
        if query.query_type() == RecordType::SOA && at == self.soa.name {
            message.answers.push(self.soa.clone());
        }
        if message.answers.is_empty() {
            let exists = at == self.soa.name || self.records.iter().any(|record| at.zone_of(&record.name));
            if !exists {
                message.metadata.response_code = ResponseCode::NXDomain;
            }
            message.authorities.push(self.soa.clone());
        }
        message
    }
}
