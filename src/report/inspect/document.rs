//! `cmtop.inspect/v1`, field by field.

use serde::Serialize;

use super::Inspection;
use crate::model::meta::Time;
use crate::report::document::or_null;
use crate::x509::block::{Block, PublicKey, San, Sct};
use crate::x509::chain::{Chain, End, Role};
use crate::x509::check::Check;
use crate::x509::request::Request;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'r> {
    schema: &'static str,
    at: Time,
    object: &'r str,
    #[serde(serialize_with = "or_null")]
    source: &'r str,
    certificate: Option<&'r str>,
    chain: Option<ChainPart<'r>>,
    blocks: Vec<BlockPart<'r>>,
    authority: Vec<BlockPart<'r>>,
    request: Option<RequestPart<'r>>,
    requests: Vec<RequestPart<'r>>,
    secret: Vec<EntryPart<'r>>,
    private_keys_skipped: usize,
    checks: Vec<CheckPart<'r>>,
    unseen: &'r [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChainPart<'r> {
    /// Places of the blocks from the leaf up, from 1.
    path: Vec<usize>,
    ends_at: &'static str,
    name: std::borrow::Cow<'r, str>,
    leaf_first: bool,
    in_order: bool,
    root_included: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BlockPart<'r> {
    role: Option<&'static str>,
    subject: &'r str,
    issuer: &'r str,
    names: Vec<NamePart<'r>>,
    not_before: Time,
    not_after: Time,
    seconds_left: i64,
    serial: &'r str,
    key: KeyPart<'r>,
    signature: &'r str,
    ca: bool,
    path_length: Option<u32>,
    usages: &'r [String],
    extended_usages: &'r [String],
    scts: Vec<SctPart<'r>>,
    issuer_urls: &'r [String],
    ocsp: &'r [String],
    crl: &'r [String],
    sha256: &'r str,
    sha1: &'r str,
    subject_key_id: Option<&'r str>,
    authority_key_id: Option<&'r str>,
}

#[derive(Serialize)]
struct NamePart<'r> {
    kind: &'static str,
    value: &'r str,
}

#[derive(Serialize)]
struct KeyPart<'r> {
    algorithm: &'r str,
    size: usize,
    sha256: &'r str,
}

#[derive(Serialize)]
struct SctPart<'r> {
    log: &'r str,
    at: Option<Time>,
}

#[derive(Serialize)]
struct RequestPart<'r> {
    object: Option<&'r str>,
    subject: &'r str,
    names: Vec<NamePart<'r>>,
    key: KeyPart<'r>,
    usages: &'r [String],
    signed: Option<bool>,
}

#[derive(Serialize)]
struct EntryPart<'r> {
    name: &'r str,
    bytes: usize,
}

#[derive(Serialize)]
struct CheckPart<'r> {
    id: &'static str,
    mark: &'static str,
    words: &'r str,
    mend: Option<&'r str>,
}

impl<'r> Document<'r> {
    pub(super) fn of(inspection: &'r Inspection) -> Self {
        let material = &inspection.material;
        let (blocks, given) = (&material.bundle.blocks, &material.authority.blocks);
        let chain = Chain::of(blocks, given);
        let role = |place| chain.as_ref().map(|chain| chain.role(place, blocks).as_str());
        let parts = blocks.iter().enumerate().map(|(place, block)| part(block, role(place), inspection.at)).collect();
        let request = material.request.as_ref().and_then(|(who, request)| Some((who, request.as_ref().ok()?)));
        Self {
            schema: "cmtop.inspect/v1",
            at: inspection.at,
            object: &material.subject,
            source: &material.source,
            certificate: material.wanted.as_ref().map(|(name, _)| name.as_str()),
            chain: chain.as_ref().map(|chain| ChainPart::of(chain, blocks)),
            blocks: parts,
            authority: given.iter().map(|block| part(block, None, inspection.at)).collect(),
            request: request.map(|(who, request)| asked(Some(who), request)),
            requests: material.bundle.requests.iter().map(|request| asked(None, request)).collect(),
            secret: material.entries.iter().map(|it| EntryPart { name: &it.name, bytes: it.bytes }).collect(),
            private_keys_skipped: material.bundle.keys,
            checks: inspection.checks.iter().map(CheckPart::of).collect(),
            unseen: &material.unseen,
        }
    }
}

impl ChainPart<'_> {
    fn of(chain: &Chain, blocks: &[Block]) -> Self {
        let (ends_at, name) = match &chain.end {
            End::Public(name) => ("public-root", name),
            End::Given(name) => ("given-root", name),
            End::GivenIntermediate(name) => ("given-intermediate", name),
            End::Own(name) => ("own-root", name),
            End::Open(name) => ("nowhere", name),
            End::Forged(name) => ("wrong-signature", name),
        };
        let mut above = chain.path.iter().skip(1);
        Self {
            path: chain.path.iter().map(|place| place + 1).collect(),
            ends_at,
            name: name.clone().into(),
            leaf_first: chain.leaf_first(),
            in_order: chain.in_order(),
            root_included: above.any(|place| chain.role(*place, blocks) == Role::Root),
        }
    }
}

impl<'r> CheckPart<'r> {
    fn of(check: &'r Check) -> Self {
        Self { id: check.id, mark: check.mark.as_str(), words: &check.words, mend: check.mend.as_deref() }
    }
}

fn names(names: &[San]) -> Vec<NamePart<'_>> {
    names.iter().map(|name| NamePart { kind: name.kind, value: &name.value }).collect()
}

fn key(key: &PublicKey) -> KeyPart<'_> {
    KeyPart { algorithm: &key.algorithm, size: key.size, sha256: &key.sha256 }
}

fn asked<'r>(object: Option<&'r str>, request: &'r Request) -> RequestPart<'r> {
    RequestPart {
        object,
        subject: &request.subject,
        names: names(&request.names),
        key: key(&request.key),
        usages: &request.usages,
        signed: request.signed,
    }
}

fn part<'r>(block: &'r Block, role: Option<&'static str>, at: Time) -> BlockPart<'r> {
    let sct = |sct: &'r Sct| SctPart { log: &sct.log, at: sct.at };
    BlockPart {
        role,
        subject: &block.subject,
        issuer: &block.issuer,
        names: names(&block.names),
        not_before: block.not_before,
        not_after: block.not_after,
        seconds_left: (block.not_after - at).num_seconds(),
        serial: &block.serial,
        key: key(&block.key),
        signature: &block.signature,
        ca: block.is_ca,
        path_length: block.path_length,
        usages: &block.usages,
        extended_usages: &block.extended,
        scts: block.scts.iter().map(sct).collect(),
        issuer_urls: &block.issuer_urls,
        ocsp: &block.ocsp,
        crl: &block.crls,
        sha256: &block.sha256,
        sha1: &block.sha1,
        subject_key_id: block.subject_key.as_deref(),
        authority_key_id: block.authority_key.as_deref(),
    }
}
