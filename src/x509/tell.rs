//! [`tell`]: what was read, as headed facts that a page and a report can both print.

use super::block::{Block, San};
use super::chain::{Chain, Role};
use super::check::Check;
use super::material::Material;
use super::request::Request;
use crate::model::meta::Time;
use crate::text::count;

/// Names of one block that are told in text; a document has all of them.
const NAMES: usize = 20;

/// What a fact says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A moment.
    Moment(Time),
    /// What a check found.
    Check(Check),
}

/// A fact under its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The label.
    pub label: &'static str,
    /// What it says.
    pub value: Value,
}

/// Facts under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The heading.
    pub title: String,
    /// The facts.
    pub facts: Vec<Fact>,
}

impl Part {
    fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), facts: Vec::new() }
    }

    fn say(&mut self, label: &'static str, words: impl Into<String>) {
        let words = words.into();
        if !words.is_empty() {
            self.facts.push(Fact { label, value: Value::Text(words) });
        }
    }

    fn at(&mut self, label: &'static str, moment: Time) {
        self.facts.push(Fact { label, value: Value::Moment(moment) });
    }
}

/// What was read and what follows, in the order in which people ask.
pub fn tell(material: &Material, checks: &[Check]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut verdict = Part::new("What follows");
    verdict.facts =
        checks.iter().map(|check| Fact { label: check.mark.as_str(), value: Value::Check(check.clone()) }).collect();
    parts.extend((!verdict.facts.is_empty()).then_some(verdict));
    let blocks = &material.bundle.blocks;
    let chain = Chain::of(blocks, &material.authority.blocks);
    for (place, block) in blocks.iter().enumerate() {
        let role = chain.as_ref().map_or(Role::Unrelated, |chain| chain.role(place, blocks));
        let title = format!("Block {} of {} · {} · {}", place + 1, blocks.len(), role.as_str(), block.called());
        parts.push(of_block(title, block));
    }
    for (place, block) in material.authority.blocks.iter().enumerate() {
        if blocks.iter().any(|known| known.sha256 == block.sha256) {
            parts.push(Part::new(format!("ca.crt · {} · the same as a block above", block.called())));
            continue;
        }
        let role = if block.is_self_signed() { "root" } else { "no root: signed by another" };
        let all = material.authority.blocks.len();
        let number = if all > 1 { format!(" {} of {all}", place + 1) } else { String::new() };
        parts.push(of_block(format!("ca.crt{number} · {role} · {}", block.called()), block));
    }
    for request in &material.bundle.requests {
        parts.push(of_request("Request".to_owned(), request));
    }
    if let Some((who, Ok(request))) = &material.request {
        parts.push(of_request(format!("Request · {who}"), request));
    }
    if !material.entries.is_empty() {
        let mut part = Part::new("Secret · names only; of the values, tls.crt and ca.crt alone were read");
        for entry in &material.entries {
            part.say("", format!("{}  {}", entry.name, count(entry.bytes, "byte")));
        }
        parts.push(part);
    }
    parts
}

fn of_block(title: String, block: &Block) -> Part {
    let mut part = Part::new(title);
    let or_none = |text: &str| if text.is_empty() { "(empty)".to_owned() } else { text.to_owned() };
    part.say("subject", or_none(&block.subject));
    part.say("issuer", or_none(&block.issuer));
    part.say("names", names(&block.names));
    part.at("valid from", block.not_before);
    part.at("valid until", block.not_after);
    part.say("serial", block.serial.clone());
    part.say("key", format!("{} · signed by {}", block.key.words(), block.signature));
    if block.is_ca {
        let below = block.path_length.map(|most| format!(", with {most} below it at most")).unwrap_or_default();
        part.say("authority", format!("may sign others{below}"));
    }
    part.say("usages", block.usages.join(", "));
    part.say("extended", block.extended.join(", "));
    let scts: Vec<String> = block
        .scts
        .iter()
        .map(|sct| match sct.at {
            Some(at) => format!("log {} at {}", sct.log, at.format("%F %R UTC")),
            None => format!("log {}", sct.log),
        })
        .collect();
    part.say("SCTs", scts.join(", "));
    part.say("issuer at", block.issuer_urls.join(", "));
    part.say("OCSP", block.ocsp.join(", "));
    part.say("CRL", block.crls.join(", "));
    part.say("own key id", block.subject_key.clone().unwrap_or_default());
    part.say("issuer key id", block.authority_key.clone().unwrap_or_default());
    part.say("SHA-256", block.sha256.clone());
    part.say("SHA-1", block.sha1.clone());
    part.say("unreadable", block.odd.join(", "));
    part
}

fn of_request(title: String, request: &Request) -> Part {
    let mut part = Part::new(title);
    part.say("subject", if request.subject.is_empty() { "(empty)" } else { &request.subject });
    part.say("names", names(&request.names));
    part.say("key", request.key.words());
    part.say("usages", request.usages.join(", "));
    let signed = match request.signed {
        Some(true) => "with the key that it names",
        Some(false) => "not with the key that it names",
        None => "by an algorithm that cannot be checked here",
    };
    part.say("signed", signed);
    part
}

fn names(names: &[San]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(NAMES)
        .map(|name| if name.kind == "DNS" { name.value.clone() } else { format!("{} {}", name.kind, name.value) })
        .collect();
    let more = names.len().saturating_sub(NAMES);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
