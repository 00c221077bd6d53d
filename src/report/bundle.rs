//! [`Bundle`]: everything that a ticket needs: one Markdown page and one JSON document (`cmtop.bundle/v1`).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::document::{Format, WriteError};
use super::finding::FindingPart;
use super::probe::Probe;
use super::status::{Detail, Order, Status};
use super::timeline::Story;
use super::{Origin, Style};
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::triage::finding::Finding;
use crate::triage::findings;
use crate::triage::timeline::timeline;

/// What is bundled.
#[derive(Debug)]
pub struct Bundle<'m> {
    /// The facts.
    pub model: &'m Model,
    /// Which Certificates.
    pub chosen: &'m [Id<Certificate>],
    /// The clock of the facts.
    pub now: Time,
    /// Where they come from.
    pub cluster: Origin,
    /// How many values of each sort were taken out.
    pub redacted: BTreeMap<&'static str, usize>,
    /// Whether the recording beside it is about their namespaces and ClusterIssuers alone.
    pub narrowed: bool,
    /// What probes saw.
    pub probes: &'m [Probe],
    /// From when on the recording beside it goes.
    pub from: Time,
}

impl Bundle<'_> {
    fn status(&self) -> Status<'_> {
        Status::of(self.model, self.chosen, Order::AsNamed, self.cluster.clone(), self.now)
    }

    fn stories(&self) -> impl Iterator<Item = (Id<Certificate>, Story)> + '_ {
        self.chosen.iter().filter_map(|id| {
            let timeline = timeline(self.model, *id)?;
            Some((*id, Story { at: self.now, cluster: self.cluster.clone(), timeline }))
        })
    }

    /// For programs.
    pub fn document(&self) -> Result<String, WriteError> {
        let value = |text: String| -> Result<Value, WriteError> { Ok(serde_json::from_str(&text)?) };
        let mut timelines = Vec::new();
        let mut told = Vec::new();
        for (id, story) in self.stories() {
            let certificate = story.timeline.certificate.to_string();
            timelines.push(value(story.document(Format::Json)?)?);
            for finding in findings(self.model, id, self.now) {
                told.push(json!({"certificate": certificate, "finding": FindingPart::from(&finding)}));
            }
        }
        let probes: Vec<Value> =
            self.probes.iter().map(|probe| value(probe.document(Format::Json)?)).collect::<Result<_, _>>()?;
        let document = json!({
            "schema": "cmtop.bundle/v1",
            "at": self.now,
            "cmtop": env!("CARGO_PKG_VERSION"),
            "status": value(self.status().document(Format::Json)?)?,
            "timelines": timelines,
            "findings": told,
            "probes": probes,
            "recording": {"file": "recording.jsonl", "from": self.from},
            "redacted": self.redacted,
        });
        super::document::write(&document, Format::Json)
    }

    /// For people: what goes into the ticket.
    pub fn markdown(&self, zone: super::moment::Zone) -> String {
        let style = Style { zone, ..Style::default() };
        let status = self.status();
        let version = self.model.controller().and_then(|controller| controller.version.clone());
        let unknown = |text: &str| if text.is_empty() { "unknown".to_owned() } else { text.to_owned() };
        let mut out = format!(
            "# cmtop bundle, {}\n\n| | |\n|---|---|\n| cluster | {} |\n| Kubernetes | {} |\n| cert-manager | {} |\n| cmtop | {} |\n",
            zone.tell(self.now),
            unknown(&self.cluster.context),
            unknown(&self.cluster.kubernetes),
            version.as_ref().map_or("unknown", |version| version),
            env!("CARGO_PKG_VERSION"),
        );
        let _ = write!(out, "\n```text\n{}```\n", status.text(Detail::Table, &style));
        for (id, story) in self.stories() {
            let key = &story.timeline.certificate;
            let _ = write!(out, "\n## {}/{}\n\n", key.namespace, key.name);
            let found = findings(self.model, id, self.now);
            if found.is_empty() {
                out.push_str("Nothing is wrong that cmtop knows of.\n");
            }
            found.iter().for_each(|finding| tell(&mut out, finding));
            let one = [id];
            let tree = Status::of(self.model, &one, Order::AsNamed, self.cluster.clone(), self.now);
            let _ = write!(out, "\n### Tree\n\n```text\n{}```\n", tree.text(Detail::Tree, &style));
            let _ = write!(out, "\n### Timeline\n\n```text\n{}```\n", story.text(&style));
        }
        let mut probes = String::new();
        for probe in self.probes {
            let _ = write!(probes, "At {}:\n\n```text\n{}```\n\n", zone.tell(probe.at), probe.text(&style));
        }
        if probes.is_empty() {
            probes.push_str("No probe was run: `cmtop probe` asks name servers and hosts.\n\n");
        }
        let narrowed = if self.narrowed {
            "It holds what concerns these certificates: their namespaces, their ClusterIssuers, cert-manager itself. "
        } else {
            ""
        };
        let _ = write!(
            out,
            "\n## Probes\n\n{probes}## Recording\n\n`recording.jsonl` goes from {} on. {narrowed}",
            zone.tell(self.from)
        );
        out.push_str("`cmtop replay recording.jsonl` shows it.\n\n## What was taken out\n\n");
        out.push_str("The data of Secrets, and wherever they stood:\n\n");
        for (sort, count) in &self.redacted {
            let _ = writeln!(out, "- {}", crate::text::count(*count, sort));
        }
        out.push_str("\nEach stands as `redacted-SORT-HASH`: equal hashes mean equal values.\n");
        out
    }
}

fn tell(out: &mut String, finding: &Finding) {
    let _ =
        write!(out, "### {}\n\n`{}`, {}. {}\n\n", finding.title, finding.id, finding.severity.as_str(), finding.cause);
    if !finding.evidence.is_empty() {
        out.push_str("Seen:\n\n");
    }
    for evidence in &finding.evidence {
        let _ = writeln!(out, "- {} `{}`: {}", evidence.object, evidence.field, evidence.value);
    }
    if !finding.remedies.is_empty() {
        out.push_str("\nWhat mends it:\n\n");
    }
    for (i, remedy) in finding.remedies.iter().enumerate() {
        let command = remedy.command.as_ref().map(|command| format!(": `{command}`")).unwrap_or_default();
        let _ = writeln!(out, "{}. {}{command}", i + 1, remedy.text);
    }
    out.push('\n');
}
