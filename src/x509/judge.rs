//! [`Check`]: what is to be said of what was read, one sentence each, the gravest mark deciding how a command ends.

use super::block::Block;
use super::bundle::Bundle;
use super::chain::{Chain, End, Role};
use super::check::{Check, Mark};
use super::closed::Closed;
use super::material::Material;
use super::request::Request;
use super::spec::names;
use crate::limits;
use crate::model::meta::Time;
use crate::text::{count, span};

/// What was left out as there are limits to what cmtop looks at: no fault of the file.
fn limit(of: &str, bundle: &Bundle) -> Option<Check> {
    let words = || {
        let (more, most) = (count(bundle.left_out, "more block"), count(limits::X509_BLOCKS, "block"));
        format!("{of}{more} not looked at: cmtop looks at the first {most} of a file")
    };
    (bundle.left_out > 0).then(|| Check::new("left-out", Mark::Note, words()))
}

/// Everything that is to be said, the order of the chain first.
pub fn judge(material: &Material, now: Time) -> Vec<Check> {
    let mut checks = Vec::new();
    let (bundle, given) = (&material.bundle, &material.authority.blocks);
    checks.extend(bundle.faults.iter().map(|fault| Check::new("unreadable", Mark::Bad, fault.clone())));
    checks.extend(
        material
            .authority
            .faults
            .iter()
            .map(|fault| Check::new("unreadable", Mark::Warning, format!("ca.crt: {fault}"))),
    );
    checks.extend([("", bundle), ("ca.crt: ", &material.authority)].into_iter().filter_map(|(of, it)| limit(of, it)));
    // Beside a certificate it is worth knowing; alone it is what could not be looked at.
    let mark = if material.has_something() { Mark::Note } else { Mark::Blind };
    checks.extend(bundle.closed.iter().map(|it| closed(it, material.file.as_deref(), mark)));
    checks.extend(material.left_out.iter().map(|what| Check::new("left-out", Mark::Note, what.clone())));
    if bundle.keys > 0 {
        let words = format!("{} skipped: it is never read", count(bundle.keys, "private key block"));
        checks.push(Check::new("private-key", mark, words));
    }
    let shut = !bundle.closed.is_empty() || bundle.keys > 0;
    let chain = Chain::of(&bundle.blocks, given);
    let leaf = chain.as_ref().and_then(|chain| bundle.blocks.get(*chain.path.first()?));
    if let (Some(chain), Some(leaf)) = (&chain, leaf) {
        checks.extend(validity(chain, &bundle.blocks, now));
        checks.extend(order(chain, &bundle.blocks));
        checks.push(end(chain, leaf, material));
        if let Some((_, wanted)) = &material.wanted {
            checks.extend(wanted.compare(leaf));
        }
        checks.extend(key_pair(material, leaf));
    } else if bundle.faults.is_empty() && bundle.requests.is_empty() && !(shut && material.entries.is_empty()) {
        let mark = if material.unseen.is_empty() && !material.entries.is_empty() { Mark::Bad } else { Mark::Blind };
        let words = match (mark, &material.request) {
            (Mark::Bad, _) => "there is no certificate in the Secret: it has no tls.crt, or an empty one",
            (_, Some(_)) => {
                "there is no certificate to look at: the request was not answered yet, or its answer is gone"
            }
            (_, None) => "there is no certificate to look at",
        };
        checks.push(Check::new("certificate", mark, words.to_owned()));
    }
    if let (Some((_, wanted)), Some((who, Ok(request)))) = (&material.wanted, &material.request)
        && leaf.is_none()
    {
        checks.push(names(wanted, &request.names, &format!("the request in {who}")));
    }
    checks.extend(bundle.requests.iter().flat_map(asked));
    checks.extend(request(material));
    checks.extend(label(material));
    checks.extend(status(material, leaf));
    checks.extend(reason(material));
    checks.extend(keystores(material));
    checks.extend(material.revocation.as_ref().map(|revocation| revocation.check(now)));
    checks.extend(material.unseen.iter().map(|what| Check::new("unseen", Mark::Blind, what.clone())));
    checks
}

/// What is not looked into is no fault.
fn closed((number, what): &(Option<usize>, Closed), file: Option<&str>, mark: Mark) -> Check {
    let who = number.map_or_else(|| "it".to_owned(), |number| format!("block {number}"));
    let check = Check::new("closed", mark, format!("{who} is {}", what.words()));
    what.way(number.is_none(), file).map_or(check.clone(), |way| check.mended(way))
}

/// What is to be said of a request that stands alone.
fn asked(request: &Request) -> Vec<Check> {
    let signed = match request.signed {
        Some(true) => (Mark::Good, "it is signed with the key that it names"),
        Some(false) => (Mark::Bad, "it is not signed with the key that it names"),
        None => (Mark::Note, "it is signed by an algorithm that cannot be checked here"),
    };
    let names = match request.names.len() {
        0 => (
            Mark::Warning,
            "it asks for no names: authorities take them from there, and not from the subject".to_owned(),
        ),
        n => (Mark::Good, format!("it asks for {}", count(n, "name"))),
    };
    vec![Check::new("request", signed.0, signed.1.to_owned()), Check::new("names", names.0, names.1)]
}

fn validity(chain: &Chain, blocks: &[Block], now: Time) -> Vec<Check> {
    let mut checks = Vec::new();
    for (step, block) in chain.path.iter().filter_map(|place| blocks.get(*place)).enumerate() {
        let who = if step == 0 { "it".to_owned() } else { format!("{} in its chain", block.called()) };
        let (begins, ends) = (block.not_before, block.not_after);
        let of = ends.format("%F %R UTC");
        if now > ends {
            let words = format!("{who} expired {} ago, at {of}", span(now - ends));
            checks.push(
                Check::new("expired", Mark::Bad, words).mended("issue it again: R in the dashboard, or cmtop renew"),
            );
        } else if now < begins {
            let words = format!(
                "{who} is not valid yet: it begins in {}, at {}",
                span(begins - now),
                begins.format("%F %R UTC")
            );
            checks.push(
                Check::new("not-yet-valid", Mark::Bad, words)
                    .mended("compare the clocks of the authority and of this machine"),
            );
        } else if step == 0 {
            checks.push(Check::new(
                "validity",
                Mark::Good,
                format!("it is valid for {} more, until {of}", span(ends - now)),
            ));
        }
    }
    let ends = |place: &usize| blocks.get(*place).map(|block| block.not_after);
    let own = chain.path.first().and_then(ends);
    let early = chain.path.iter().skip(1).find(|place| ends(place) < own && ends(place).is_some_and(|end| end > now));
    if let Some(block) = early.and_then(|place| blocks.get(*place)) {
        let words = format!("{} above it ends first, at {}", block.called(), block.not_after.format("%F %R UTC"));
        checks.push(Check::new("outlives-issuer", Mark::Warning, words));
    }
    checks
}

fn order(chain: &Chain, blocks: &[Block]) -> Vec<Check> {
    let mut checks = Vec::new();
    let called = |place: usize| blocks.get(place).map(Block::called).unwrap_or_default();
    if !chain.leaf_first() {
        let place = chain.path.first().copied().unwrap_or_default();
        let words = format!("the first block is {}, not the leaf, which is block {}", called(0), place + 1);
        checks.push(
            Check::new("leaf-first", Mark::Bad, words)
                .mended("put the leaf first: servers present the first block as theirs"),
        );
    } else if !chain.in_order() {
        let right: Vec<String> = chain.path.iter().map(|place| (place + 1).to_string()).collect();
        let words = format!(
            "the blocks are in the wrong order: each must stand before the one that signed it ({})",
            right.join(", ")
        );
        checks.push(
            Check::new("order", Mark::Bad, words)
                .mended("put them into that order: some clients sort them, others give up"),
        );
    } else if blocks.len() > 1 {
        checks.push(Check::new(
            "order",
            Mark::Good,
            "the leaf comes first, each block before the one that signed it".to_owned(),
        ));
    }
    for place in &chain.repeated {
        let words = format!("block {} repeats an earlier one: {}", place + 1, called(*place));
        checks.push(Check::new("repeated", Mark::Warning, words));
    }
    for place in &chain.unrelated {
        let words = format!("block {} is not of this chain: {}", place + 1, called(*place));
        checks.push(Check::new("unrelated", Mark::Warning, words));
    }
    if let Some(place) = chain.unfit {
        let words = format!("block {} signed another, and is no authority: {}", place + 1, called(place));
        checks.push(Check::new("not-an-authority", Mark::Bad, words));
    }
    let root = chain.path.iter().skip(1).find(|place| chain.role(**place, blocks) == Role::Root);
    if let Some(place) = root {
        let words = format!("the root is included (block {}): clients have their own, or do not trust it", place + 1);
        checks.push(Check::new("root-included", Mark::Note, words));
    }
    checks
}

fn end(chain: &Chain, leaf: &Block, material: &Material) -> Check {
    let check = |mark, words: String| Check::new("chain", mark, words);
    let steps = match chain.path.len() {
        0 | 1 => "it".to_owned(),
        n => format!("its chain of {}", count(n, "block")),
    };
    match &chain.end {
        End::Public(root) => check(Mark::Good, format!("{steps} ends at a root that browsers know: {root}")),
        End::Given(root) => {
            let words = format!("{steps} ends at the root in ca.crt: {root}; only clients that were given it trust it");
            check(Mark::Good, words)
        }
        End::GivenIntermediate(last) => {
            let words = format!(
                "{steps} goes on in ca.crt to {last}, which is no root: whoever takes it for one trusts less than it seems"
            );
            check(Mark::Warning, words)
        }
        End::Own(_) if chain.path.len() == 1 && leaf.is_ca => {
            check(Mark::Good, "it is a root of its own: only clients that were given it trust it".to_owned())
        }
        End::Own(_) if chain.path.len() == 1 => {
            check(Mark::Warning, "it is signed with its own key: nobody else vouches for it".to_owned())
        }
        End::Own(root) => {
            let words = format!("{steps} ends at its own root, {root}, which browsers do not know");
            check(Mark::Note, words)
        }
        End::Forged(who) => {
            let words = format!("{who} bears the name of the issuer, and did not sign: another key, the same name");
            check(Mark::Bad, words).mended("put the present certificate of the issuer into the bundle")
        }
        End::Open(who) if chain.path.len() == 1 => {
            let from = leaf.issuer_urls.first().map(|url| format!(" ({url})")).unwrap_or_default();
            let words = format!(
                "the chain ends at once: {who}, which signed it, is neither here nor a known root, so clients cannot verify it"
            );
            check(Mark::Bad, words).mended(format!("add the intermediate certificate{from} after the leaf"))
        }
        End::Open(who) => {
            let beside = if material.authority.blocks.is_empty() { "" } else { " nor the one in ca.crt" };
            let words = format!(
                "{steps} ends at {who}, which is no root that browsers know{beside}: a private or staging authority, or an intermediate is missing"
            );
            check(Mark::Warning, words)
        }
    }
}

/// Whether the key belongs, told without it: by the public key, the request, and cert-manager's own word.
fn key_pair(material: &Material, leaf: &Block) -> Option<Check> {
    let (who, request) = material.request.as_ref()?;
    let request = request.as_ref().ok()?;
    let check = |mark, words| Some(Check::new("key-pair", mark, words));
    if request.key.sha256 == leaf.key.sha256 {
        return check(Mark::Good, format!("it is for the key that signed the request in {who}"));
    }
    let words = format!("it is for another key than the one that signed the request in {who}");
    check(Mark::Bad, words)
}

fn request(material: &Material) -> Option<Check> {
    let (who, request) = material.request.as_ref()?;
    let check = |mark, words| Some(Check::new("request", mark, words));
    match request {
        Err(why) => check(Mark::Note, format!("the request in {who} cannot be looked at: {why}")),
        Ok(request) if request.signed == Some(false) => {
            check(Mark::Bad, format!("the request in {who} is not signed with the key that it names"))
        }
        Ok(_) => None,
    }
}

fn label(material: &Material) -> Vec<Check> {
    let (Some(label), Some((certificate, wanted))) = (&material.label, &material.wanted) else { return Vec::new() };
    let mut checks = Vec::new();
    let name = certificate.rsplit('/').next().unwrap_or_default();
    match &label.certificate {
        Some(other) if other != name => {
            let words =
                format!("the Secret was issued for Certificate {other}, not for {name}: two write to one Secret");
            checks.push(Check::new("owner", Mark::Bad, words).mended("give each Certificate a Secret of its own"));
        }
        None => checks.push(Check::new(
            "owner",
            Mark::Note,
            "the Secret does not say for which Certificate it was issued".to_owned(),
        )),
        Some(_) => {}
    }
    match &label.issuer {
        Some(issuer) if *issuer == wanted.issuer => {
            checks.push(Check::new("issuer", Mark::Good, format!("it was issued by {issuer}, as asked")));
        }
        Some(issuer) => {
            let words = format!("it was issued by {issuer}; the spec asks for {}", wanted.issuer);
            checks.push(
                Check::new("issuer", Mark::Bad, words)
                    .mended("cert-manager issues it again by itself; see why it did not"),
            );
        }
        None => {}
    }
    checks
}

fn status(material: &Material, leaf: Option<&Block>) -> Option<Check> {
    let (told, leaf) = (material.status_end?, leaf?);
    (told != leaf.not_after).then(|| {
        let words = format!(
            "the status of the Certificate tells another end, {}: it was not brought up to date, or is of another certificate",
            told.format("%F %R UTC")
        );
        Check::new("status", Mark::Warning, words)
    })
}

fn reason(material: &Material) -> Option<Check> {
    let (reason, message) = material.reason.as_ref()?;
    Some(Check::new("cert-manager", Mark::Bad, format!("cert-manager says {reason}: {message}")))
}

/// The keystores, by the names in the Secret: they are never opened.
fn keystores(material: &Material) -> Vec<Check> {
    if material.label.is_none() {
        return Vec::new();
    }
    let wanted = material.wanted.as_ref().map(|(_, wanted)| wanted);
    let one = |title: &str, file: &str, asked: Option<bool>| {
        let entry = material.entries.iter().find(|entry| entry.name == file);
        let (mark, words) = match (entry.map(|entry| entry.bytes), asked) {
            (Some(0), _) => (Mark::Bad, format!("the {title} keystore {file} is empty")),
            (Some(_), Some(true)) => {
                (Mark::Good, format!("a {title} keystore is there ({file}), as the spec asks; it is not opened"))
            }
            (Some(_), Some(false)) => (
                Mark::Note,
                format!("a {title} keystore is there ({file}), and the spec asks for none: nobody renews it"),
            ),
            (Some(_), None) => (Mark::Good, format!("a {title} keystore is there ({file}); it is not opened")),
            (None, Some(true)) => {
                let words = format!("the spec asks for a {title} keystore, and the Secret has no {file}");
                let mend = "see whether the Secret with its password exists";
                return Some(Check::new("keystore", Mark::Bad, words).mended(mend));
            }
            (None, _) => return None,
        };
        Some(Check::new("keystore", mark, words))
    };
    let jks = one("JKS", "keystore.jks", wanted.map(|wanted| wanted.jks));
    [jks, one("PKCS#12", "keystore.p12", wanted.map(|wanted| wanted.pkcs12))].into_iter().flatten().collect()
}
