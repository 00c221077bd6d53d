//! The files of a bundle.

use std::fs;
use std::io::{self, BufRead as _, Write as _};
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::recording::concern::Concern;
use crate::recording::excerpt::Excerpt;
use crate::recording::redact::Redactor;
use crate::report::Origin;
use crate::report::bundle::Bundle;
use crate::report::moment::Zone;
use crate::report::probe::{Findings, Probe};
use crate::runtime::failure::Failure;

/// What a bundle tells of.
pub struct Facts<'m> {
    /// What is known.
    pub model: &'m Model,
    /// The Certificates that it is about.
    pub chosen: &'m [Id<Certificate>],
    /// The moment of which it tells.
    pub now: Time,
    /// From when on the recording is whole.
    pub began: Time,
    /// Where it was seen.
    pub cluster: Origin,
    /// What probes saw of them.
    pub probes: Vec<Probe>,
}

/// Where a bundle goes, and in which form.
pub struct Place<'p> {
    /// The directory.
    pub out: &'p Path,
    /// How much of a recording goes with it.
    pub last: Duration,
    /// How moments are told.
    pub zone: Zone,
}

/// What concerns some Certificates.
pub fn concern(model: &Model, chosen: &[Id<Certificate>]) -> Concern {
    let mut concern = Concern::default();
    for row in chosen.iter().filter_map(|id| model.certificates.get(*id)) {
        concern.namespaces.insert(row.meta.namespace.to_string());
        if row.issuer.known_kind() == Some(Kind::ClusterIssuer) {
            concern.cluster_issuers.insert(row.issuer.name.to_string());
        }
    }
    concern
}

/// Writes the files; says where they are and what was taken out.
pub fn put_all(
    recording: &[u8],
    at: Option<Time>,
    facts: &Facts,
    concern: Option<&Concern>,
    place: &Place,
) -> Result<String, Failure> {
    let since = super::before(facts.now, place.last);
    let from = since.max(facts.began);
    let (redactor, excerpt) = excerpt(recording, (from, since), at, concern)?;
    let redacted = redactor.sorts();
    let Facts { model, chosen, now, cluster, probes, .. } = facts;
    let probes: Vec<Probe> = probes.iter().map(|probe| without_proof(probe, &redactor)).collect();
    let bundle = Bundle {
        model,
        chosen,
        now: *now,
        cluster: cluster.clone(),
        redacted: redacted.clone(),
        from,
        probes: &probes,
        narrowed: concern.is_some(),
    };
    let failed = |error: io::Error| Failure::blind(format!("{} cannot be written: {error}", place.out.display()));
    is_free(place.out)?;
    fs::create_dir_all(place.out).map_err(failed)?;
    let document = bundle.document().map_err(Failure::blind)?;
    put(place.out, "ticket.md", &redactor.text(&bundle.markdown(place.zone))).map_err(failed)?;
    put(place.out, "report.json", &redactor.text(&document)).map_err(failed)?;
    let mut lines = String::new();
    for line in excerpt.lines(&redactor) {
        lines += &line;
        lines.push('\n');
    }
    put(place.out, "recording.jsonl", &lines).map_err(failed)?;
    let sorts: Vec<String> = redacted.iter().map(|(sort, count)| crate::text::count(*count, sort)).collect();
    let taken = if sorts.is_empty() { "nothing".to_owned() } else { sorts.join(", ") };
    Ok(format!(
        "{}: ticket.md, report.json, recording.jsonl (with what belongs to its namespace); about {}; taken out: the data of Secrets, {taken}\n",
        place.out.display(),
        crate::text::count(chosen.len(), "certificate")
    ))
}

/// What must not leave, learned from the whole recording; and its last part.
fn excerpt(
    recording: &[u8],
    (from, logs_from): (Time, Time),
    until: Option<Time>,
    concern: Option<&Concern>,
) -> Result<(Redactor, Excerpt), Failure> {
    let mut redactor = Redactor::default();
    let mut lines = recording.lines();
    let parse = |line: io::Result<String>| line.ok().and_then(|line| serde_json::from_str::<Value>(&line).ok());
    let header = lines.next().and_then(parse).ok_or_else(|| Failure::blind("the recording is empty"))?;
    let mut excerpt = Excerpt::new(header, from).with_logs_from(logs_from);
    if let Some(concern) = concern {
        excerpt = excerpt.of_namespaces(concern.namespaces.iter().cloned());
    }
    for frame in lines.filter_map(parse) {
        let object = frame.get("object").filter(|object| object.is_object());
        object.into_iter().for_each(|object| redactor.learn(object));
        let t = frame.get("t").and_then(Value::as_str).and_then(|t| t.parse::<Time>().ok());
        if until.is_none_or(|until| t.is_none_or(|t| t <= until)) && concern.is_none_or(|concern| concern.keeps(&frame))
        {
            excerpt.add(frame);
        }
    }
    Ok((redactor, excerpt))
}

/// A probe that does not show what should be found, not even a part of it.
fn without_proof(probe: &Probe, redactor: &Redactor) -> Probe {
    let mut probe = probe.clone();
    let hide = |text: &mut Option<String>| *text = text.take().map(|text| redactor.text(&text));
    match &mut probe.findings {
        Findings::Dns01(it) => hide(&mut it.expected),
        Findings::Http01(it) => {
            hide(&mut it.expected);
            it.path = redactor.text(&it.path);
        }
        Findings::Caa(_) | Findings::Served(_) | Findings::Preflight(_) => {}
    }
    probe
}

/// The files of a bundle.
const FILES: [&str; 3] = ["ticket.md", "report.json", "recording.jsonl"];

/// Whether a bundle can go into a directory: it is evidence, and an older one is never overwritten.
pub fn is_free(directory: &Path) -> Result<(), Failure> {
    let out = directory.display();
    if directory.exists() && !directory.is_dir() {
        return Err(Failure::usage(format!("{out} is a file: a bundle goes into a directory, so name another one")));
    }
    match FILES.into_iter().find(|name| directory.join(name).exists()) {
        Some(name) => Err(Failure::usage(format!(
            "{out} has a {name}, and a bundle is never written over another one: name another directory, or move it away"
        ))),
        None => Ok(()),
    }
}

fn put(directory: &Path, name: &str, content: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(directory.join(name))?;
    file.write_all(content.as_bytes())
}
