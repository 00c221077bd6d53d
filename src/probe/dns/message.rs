//! From hickory's messages to what cmtop keeps: in lower case, harmless, and bounded.

use std::net::IpAddr;
use std::time::Duration;

use hickory_proto::ProtoError;
use hickory_proto::op::{Message, Query, ResponseCode};
use hickory_proto::rr::rdata::opt::{EdnsCode, EdnsOption};
use hickory_proto::rr::{Name, RData, RecordType};

use crate::limits;
use crate::probe::question::{Code, Data, Question, Record, RecordKind, Reply, Soa};
use crate::text::clean;

/// A question as hickory asks it.
pub(super) fn query(question: &Question) -> Result<Query, ProtoError> {
    let name = Name::from_ascii(format!("{}.", question.name))?;
    let kind = match question.kind {
        RecordKind::A => RecordType::A,
        RecordKind::Aaaa => RecordType::AAAA,
        RecordKind::Cname => RecordType::CNAME,
        RecordKind::Ns => RecordType::NS,
        RecordKind::Soa => RecordType::SOA,
        RecordKind::Txt => RecordType::TXT,
        RecordKind::Caa => RecordType::CAA,
    };
    Ok(Query::query(name, kind))
}

/// An answer as the rest of cmtop reads it.
pub(super) fn reply(message: &Message, took: Duration) -> Reply {
    let soa = message.authorities.iter().find_map(|record| match &record.data {
        RData::SOA(_) => match data(&record.data, &record.name, record.ttl) {
            Some(Data::Authority(soa)) => Some(soa),
            _ => None,
        },
        _ => None,
    });
    let referral = message.authorities.iter().filter_map(|record| match &record.data {
        RData::NS(server) => Some((plain(&record.name), plain(&server.0))),
        _ => None,
    });
    let glue = message.additionals.iter().filter_map(|record| Some((plain(&record.name), address(&record.data)?)));
    let records = message.answers.iter().filter_map(|record| {
        let data = data(&record.data, &record.name, record.ttl)?;
        Some(Record { name: plain(&record.name), ttl: record.ttl, data })
    });
    Reply {
        code: code(message.metadata.response_code),
        authoritative: message.metadata.authoritative,
        secure: message.metadata.authentic_data,
        records: records.take(limits::PROBE_RECORDS).collect(),
        referral: if soa.is_none() { referral.take(limits::PROBE_SERVERS).collect() } else { Vec::new() },
        soa,
        glue: glue.take(limits::PROBE_RECORDS).collect(),
        told: told(message),
        took,
        oddities: Vec::new(),
    }
}

fn code(code: ResponseCode) -> Code {
    match code {
        ResponseCode::NoError => Code::NoError,
        ResponseCode::NXDomain => Code::NxDomain,
        ResponseCode::ServFail => Code::ServFail,
        ResponseCode::Refused => Code::Refused,
        other => Code::Other(other.into()),
    }
}

/// A name without the final dot, in lower case.
fn plain(name: &Name) -> String {
    let text = name.to_lowercase().to_ascii();
    clean(text.trim_end_matches('.'), limits::NAME).into_owned()
}

fn address(data: &RData) -> Option<IpAddr> {
    match data {
        RData::A(a) => Some(IpAddr::V4(a.0)),
        RData::AAAA(aaaa) => Some(IpAddr::V6(aaaa.0)),
        _ => None,
    }
}

fn words(bytes: &[u8]) -> String {
    clean(&String::from_utf8_lossy(bytes), limits::MESSAGE).into_owned()
}

fn data(data: &RData, owner: &Name, ttl: u32) -> Option<Data> {
    Some(match data {
        RData::CNAME(target) => Data::Alias(plain(&target.0)),
        RData::NS(server) => Data::Server(plain(&server.0)),
        RData::TXT(txt) => Data::Text(words(&txt.txt_data.concat())),
        RData::CAA(caa) => Data::Issue(caa.flags(), clean(&caa.tag, limits::NAME).into_owned(), words(&caa.value)),
        RData::SOA(soa) => Data::Authority(Soa {
            zone: plain(owner),
            primary: plain(&soa.mname),
            mailbox: plain(&soa.rname),
            serial: soa.serial,
            negative_ttl: ttl.min(soa.minimum),
        }),
        other => Data::Address(address(other)?),
    })
}

/// The option of RFC 8914.
const EXTENDED_ERROR: u16 = 15;

/// What a server says about its failure, in its own words or in those of RFC 8914.
fn told(message: &Message) -> Option<String> {
    let option = message.edns.as_ref()?.option(EdnsCode::Unknown(EXTENDED_ERROR))?;
    let EdnsOption::Unknown(_, bytes) = option else { return None };
    let (number, text) = bytes.split_first_chunk::<2>()?;
    let number = u16::from_be_bytes(*number);
    let name = match number {
        1 => "unsupported DNSKEY algorithm",
        2 => "unsupported DS digest",
        3 => "stale answer",
        4 => "forged answer",
        5 => "DNSSEC indeterminate",
        6 => "DNSSEC bogus",
        7 => "signature expired",
        8 => "signature not yet valid",
        9 => "DNSKEY missing",
        10 => "RRSIGs missing",
        11 => "no zone key bit set",
        12 => "NSEC missing",
        13 => "cached error",
        14 => "not ready",
        15 => "blocked",
        16 => "censored",
        17 => "filtered",
        18 => "prohibited",
        19 => "stale NXDOMAIN",
        20 => "not authoritative",
        21 => "not supported",
        22 => "no reachable authority",
        23 => "network error",
        24 => "invalid data",
        _ => "extended error",
    };
    let text = words(text);
    let gap = if text.is_empty() { "" } else { ": " };
    Some(format!("{name} ({number}){gap}{text}"))
}
