//! `cmtop.probe/v1`, field by field.

use std::net::IpAddr;

use serde::Serialize;
use serde::ser::Serializer;

use super::{Caa, Findings, Probe};
use crate::model::meta::Time;
use crate::probe::answer::{Outcome, Row};
use crate::probe::caa::Climb;
use crate::probe::dns01::{Dns01, Zone};
use crate::probe::preflight::Preflight;
use crate::probe::served::{Door, Served};
use crate::probe::verdict::Verdict;
use crate::probe::web::{Visit, Web};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Common<'r> {
    schema: &'static str,
    probe: &'static str,
    at: Time,
    object: Option<&'r str>,
    name: String,
    #[serde(flatten)]
    part: Part<'r>,
    notes: &'r [String],
    verdict: &'r str,
    cause: Option<&'r str>,
    finding: Option<&'static str>,
    ends_in: Option<u32>,
    remedies: Vec<RemedyPart<'r>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Part<'r> {
    Dns01(Dns01Part<'r>),
    Web(WebPart<'r>),
    Caa(CaaPart<'r>),
    Served(ServedPart<'r>),
    Preflight(PreflightPart<'r>),
}

#[derive(Serialize)]
struct RemedyPart<'r> {
    text: &'r str,
    command: Option<&'r str>,
    action: Option<&'r str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dns01Part<'r> {
    record: String,
    cname: &'r [String],
    expected: Option<&'r str>,
    zone: Option<ZonePart<'r>>,
    servers: Vec<ServerPart<'r>>,
    stops_at: Option<String>,
    took_seconds: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ZonePart<'r> {
    name: &'r str,
    serial: Option<u32>,
    parent_servers: &'r [String],
    own_servers: &'r [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServerPart<'r> {
    server: String,
    name: Option<&'r str>,
    role: &'static str,
    result: &'static str,
    values: &'r [String],
    ttl: Option<u32>,
    rtt_ms: Option<f64>,
    error: Option<&'r str>,
    authoritative: bool,
    secure: bool,
    inside: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WebPart<'r> {
    path: &'r str,
    expected: Option<&'r str>,
    addresses: Vec<AddressPart<'r>>,
    inside: Option<&'r [IpAddr]>,
    behind: Vec<LinkPart<'r>>,
}

#[derive(Serialize)]
struct LinkPart<'r> {
    what: &'r str,
    result: &'static str,
    text: &'r str,
    finding: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AddressPart<'r> {
    address: Option<String>,
    pod: Option<&'r str>,
    result: &'static str,
    status: Option<u16>,
    requests: Vec<RequestPart<'r>>,
    server: Option<&'r str>,
    answered_by: Option<&'static str>,
    body: Option<&'r str>,
    rtt_ms: Option<f64>,
    error: Option<&'r str>,
    cert_manager: CheckPart<'r>,
    lets_encrypt: CheckPart<'r>,
}

#[derive(Serialize)]
struct RequestPart<'r> {
    url: &'r str,
    address: Option<String>,
    status: Option<u16>,
    location: Option<&'r str>,
}

#[derive(Serialize)]
struct CheckPart<'r> {
    passes: bool,
    why: Option<&'r str>,
}

#[derive(Serialize)]
struct CaaPart<'r> {
    authority: &'r str,
    account: Option<&'r str>,
    method: Option<&'r str>,
    asked: Vec<&'r str>,
    records: Vec<CaaRecordPart<'r>>,
}

#[derive(Serialize)]
struct CaaRecordPart<'r> {
    name: &'r str,
    flags: u8,
    critical: bool,
    tag: &'r str,
    value: &'r str,
    accounturi: Option<&'r str>,
    validationmethods: Option<&'r str>,
}

#[derive(Serialize)]
struct ServedPart<'r> {
    expected: Option<&'r str>,
    addresses: Vec<DoorPart<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DoorPart<'r> {
    address: String,
    result: &'static str,
    serial: Option<&'r str>,
    issuer: Option<&'r str>,
    names: &'r [String],
    not_before: Option<Time>,
    not_after: Option<Time>,
    chain: Option<usize>,
    trusted: Option<bool>,
    rtt_ms: u64,
    error: Option<&'r str>,
}

#[derive(Serialize)]
struct PreflightPart<'r> {
    checks: Vec<PreflightCheck<'r>>,
    records: Vec<CaaRecordPart<'r>>,
    addresses: Vec<AddressPart<'r>>,
    zone: Option<ZonePart<'r>>,
}

#[derive(Serialize)]
struct PreflightCheck<'r> {
    id: &'static str,
    result: &'static str,
    text: &'r str,
}

fn milliseconds(took: std::time::Duration) -> f64 {
    (took.as_secs_f64() * 10_000.0).round() / 10.0
}

fn zone(zone: &Zone) -> Option<ZonePart<'_>> {
    (!zone.name.is_empty()).then(|| ZonePart {
        name: &zone.name,
        serial: zone.soa.as_ref().map(|soa| soa.serial),
        parent_servers: &zone.by_parent,
        own_servers: &zone.by_itself,
    })
}

impl<'r> From<&'r Row> for ServerPart<'r> {
    fn from(row: &'r Row) -> Self {
        Self {
            server: row.server.address.to_string(),
            name: (!row.server.name.is_empty()).then_some(row.server.name.as_str()),
            role: row.server.role.as_str(),
            result: row.outcome.unwrap_or(Outcome::Timeout).as_str(),
            values: &row.values,
            ttl: row.ttl,
            rtt_ms: row.took.map(milliseconds),
            error: row.error.as_deref(),
            authoritative: row.authoritative,
            secure: row.secure,
            inside: row.server.inside,
        }
    }
}

impl<'r> From<&'r Dns01> for Dns01Part<'r> {
    fn from(it: &'r Dns01) -> Self {
        Self {
            record: it.name(),
            cname: &it.chain.aliases,
            expected: it.expected.as_deref(),
            zone: zone(&it.zone),
            servers: it.rows.iter().map(ServerPart::from).collect(),
            stops_at: it.stop.and_then(|i| it.rows.get(i)).map(|row| row.server.address.to_string()),
            took_seconds: None,
        }
    }
}

impl<'r> From<&'r Visit> for AddressPart<'r> {
    fn from(visit: &'r Visit) -> Self {
        let check = |why: &'r Option<String>| CheckPart { passes: why.is_none(), why: why.as_deref() };
        Self {
            address: visit.address.map(|address| address.to_string()),
            pod: visit.pod.as_deref(),
            result: visit.found.map_or("timeout", |found| found.as_str()),
            status: visit.status,
            requests: visit
                .hops
                .iter()
                .map(|hop| RequestPart {
                    url: &hop.url,
                    address: hop.address.map(|address| address.to_string()),
                    status: hop.status,
                    location: hop.location.as_deref(),
                })
                .collect(),
            server: (!visit.server.is_empty()).then_some(visit.server.as_str()),
            answered_by: visit.who,
            body: visit.status.is_some().then_some(visit.body.as_str()),
            rtt_ms: visit.took.map(milliseconds),
            error: visit.error.as_deref(),
            cert_manager: check(&visit.cert_manager),
            lets_encrypt: check(&visit.lets_encrypt),
        }
    }
}

impl<'r> From<&'r Web> for WebPart<'r> {
    fn from(it: &'r Web) -> Self {
        Self {
            path: &it.path,
            expected: it.expected.as_deref(),
            addresses: it.visits.iter().map(AddressPart::from).collect(),
            inside: it.inside.as_ref().and_then(|inside| inside.as_deref().ok()),
            behind: it
                .backing
                .iter()
                .map(|link| LinkPart {
                    what: &link.what,
                    result: link.mark.as_str(),
                    text: &link.words,
                    finding: link.family,
                })
                .collect(),
        }
    }
}

fn records(climb: &Climb) -> Vec<CaaRecordPart<'_>> {
    let (name, records) = climb.governing().unwrap_or_default();
    records
        .iter()
        .map(|caa| CaaRecordPart {
            name,
            flags: caa.flags,
            critical: caa.is_critical(),
            tag: &caa.tag,
            value: &caa.value,
            accounturi: caa.parameter("accounturi"),
            validationmethods: caa.parameter("validationmethods"),
        })
        .collect()
}

impl<'r> From<&'r Caa> for CaaPart<'r> {
    fn from(it: &'r Caa) -> Self {
        Self {
            authority: &it.applicant.authority,
            account: it.applicant.account.as_deref(),
            method: it.applicant.method.as_deref(),
            asked: it.climb.steps.iter().map(|step| step.name.as_str()).collect(),
            records: records(&it.climb),
        }
    }
}

impl<'r> From<&'r Door> for DoorPart<'r> {
    fn from(door: &'r Door) -> Self {
        let leaf = door.leaf.as_ref();
        Self {
            address: door.address.to_string(),
            result: door.found.as_str(),
            serial: leaf.map(|leaf| leaf.serial.as_str()),
            issuer: leaf.map(|leaf| leaf.issuer.as_str()),
            names: leaf.map_or(&[], |leaf| &leaf.names),
            not_before: leaf.map(|leaf| leaf.not_before),
            not_after: leaf.map(|leaf| leaf.not_after),
            chain: leaf.map(|leaf| leaf.chain),
            trusted: leaf.map(|_| door.distrust.is_none()),
            rtt_ms: door.took_ms,
            error: door.error.as_deref().or(door.distrust.as_deref()),
        }
    }
}

impl<'r> From<&'r Served> for ServedPart<'r> {
    fn from(it: &'r Served) -> Self {
        Self { expected: it.expected.as_deref(), addresses: it.doors.iter().map(DoorPart::from).collect() }
    }
}

impl<'r> From<&'r Preflight> for PreflightPart<'r> {
    fn from(it: &'r Preflight) -> Self {
        let check = |check: &'r crate::probe::preflight::Check| PreflightCheck {
            id: check.id,
            result: check.mark.as_str(),
            text: &check.words,
        };
        Self {
            checks: it.checks.iter().map(check).collect(),
            records: records(&it.caa),
            addresses: it.web.iter().flat_map(|web| &web.visits).map(AddressPart::from).collect(),
            zone: zone(&it.zone),
        }
    }
}

impl Serialize for Probe {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let took_seconds = self.took.map(|took| took.num_seconds());
        let (probe, name, notes, part): (_, _, &[String], Part<'_>) = match &self.findings {
            Findings::Dns01(it) => {
                let part = Dns01Part { took_seconds, ..(&**it).into() };
                ("dns01", it.subject.to_string(), &it.notes, Part::Dns01(part))
            }
            Findings::Http01(it) => ("http01", it.subject.to_string(), &it.notes, Part::Web((&**it).into())),
            Findings::Caa(it) => ("caa", it.subject.to_string(), &it.notes, Part::Caa((&**it).into())),
            Findings::Served(it) => ("served", it.subject.to_string(), &it.notes, Part::Served((&**it).into())),
            Findings::Preflight(it) => ("preflight", it.subject.to_string(), &[], Part::Preflight((&**it).into())),
        };
        let verdict: &Verdict = self.verdict();
        let document = Common {
            schema: "cmtop.probe/v1",
            probe,
            at: self.at,
            object: self.object.as_deref(),
            name,
            part,
            notes,
            verdict: &verdict.title,
            cause: (!verdict.cause.is_empty()).then_some(verdict.cause.as_str()),
            finding: verdict.family,
            ends_in: verdict.ends_in,
            remedies: verdict
                .remedies
                .iter()
                .map(|it| RemedyPart { text: &it.text, command: it.command.as_deref(), action: None })
                .collect(),
        };
        document.serialize(serializer)
    }
}
