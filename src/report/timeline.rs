//! [`Story`]: how a Certificate was issued, stage by stage, and everything that happened (`cmtop.timeline/v1`).

use serde::Serialize;

use super::document::{Format, WriteError, write};
use super::sheet::{Rule, Sheet};
use super::{Origin, Style};
use crate::model::history::Moment;
use crate::model::meta::Time;
use crate::text::{fit, span};
use crate::triage::timeline::{Attempt, Entry, Span, Timeline};

/// The report of `cmtop timeline`.
#[derive(Debug)]
pub struct Story {
    /// The moment at which it is told.
    pub at: Time,
    /// Where the facts come from.
    pub cluster: Origin,
    /// What is told.
    pub timeline: Timeline,
}

#[derive(Serialize)]
struct Document<'s> {
    schema: &'static str,
    at: Time,
    certificate: String,
    stages: Vec<StagePart<'s>>,
    entries: Vec<EntryPart<'s>>,
    dropped: usize,
}

#[derive(Serialize)]
struct StagePart<'s> {
    attempt: usize,
    revision: Option<u32>,
    phase: &'static str,
    object: String,
    #[serde(serialize_with = "super::document::or_null")]
    name: &'s str,
    begin: Time,
    end: Option<Time>,
    seconds: f64,
    seen: bool,
}

#[derive(Serialize)]
struct EntryPart<'s> {
    t: Time,
    source: &'static str,
    object: String,
    what: &'s str,
    from: Option<&'s str>,
    to: Option<&'s str>,
    seen: bool,
    count: u32,
}

impl Story {
    /// For programs.
    pub fn document(&self, format: Format) -> Result<String, WriteError> {
        let stage = |attempt: &Attempt, stage: &Span| StagePart {
            attempt: attempt.number,
            revision: attempt.revision,
            phase: stage.phase.as_str(),
            object: stage.object.to_string(),
            name: "",
            begin: stage.begin.at,
            end: stage.end.map(|end| end.at),
            seconds: stage.length(self.at).as_seconds_f64(),
            seen: stage.is_seen(),
        };
        let attempts = self.timeline.attempts.iter();
        let document = Document {
            schema: "cmtop.timeline/v1",
            at: self.at,
            certificate: self.timeline.certificate.to_string(),
            stages: attempts
                .flat_map(|attempt| {
                    let spans = attempt.stages.iter();
                    spans.map(move |span| StagePart { name: &span.proves, ..stage(attempt, span) })
                })
                .collect(),
            entries: self.timeline.entries.iter().map(EntryPart::from).collect(),
            dropped: self.timeline.dropped,
        };
        write(&document, format)
    }

    /// For people.
    pub fn text(&self, style: &Style) -> String {
        let mut lines = Vec::new();
        let key = &self.timeline.certificate;
        if !style.bare {
            lines.push(format!("{}/{} · at {}", key.namespace, key.name, style.zone.tell(self.at)));
        }
        for attempt in &self.timeline.attempts {
            lines.push(String::new());
            lines.push(self.headline(attempt, style));
            lines.extend(self.bars(attempt, style));
        }
        if !self.timeline.entries.is_empty() {
            lines.push(String::new());
            let mut sheet = Sheet::new(&[
                ("TIME", Rule::Left(32)),
                ("SOURCE", Rule::Left(9)),
                ("OBJECT", Rule::Left(60)),
                ("WHAT", Rule::Left(0)),
            ]);
            self.timeline.entries.iter().for_each(|entry| sheet.push(row(entry, style)));
            lines.extend(sheet.lines(style.bare, None));
        }
        if self.timeline.dropped > 0 {
            lines.push(format!(
                "{} older entries of the cluster were dropped",
                crate::text::number(self.timeline.dropped)
            ));
        }
        let cut = |line: &str| style.width.map_or_else(|| line.to_owned(), |cells| fit(line, cells).into_owned());
        lines.iter().map(|line| cut(&style.plain(line)) + "\n").collect()
    }

    fn headline(&self, attempt: &Attempt, style: &Style) -> String {
        let revision = attempt.revision.map(|revision| format!(", revision {revision}")).unwrap_or_default();
        let because = if attempt.reason.is_empty() { String::new() } else { format!(" · {}", attempt.reason) };
        let length = exact(attempt.length(self.at));
        let ended = attempt.end.map(|end| format!(" {}", moment(end, style))).unwrap_or_default();
        format!(
            "attempt {}{revision} · {}{ended} after {length} · began {}{because}",
            attempt.number,
            attempt.outcome.as_str(),
            moment(attempt.begin, style)
        )
    }

    /// A bar for each stage, as long as its part of the attempt.
    fn bars(&self, attempt: &Attempt, style: &Style) -> Vec<String> {
        const CELLS: usize = 40;
        let whole = attempt.stages.iter().map(|span| span.begin.at + span.length(self.at)).max();
        let whole = whole.map_or(attempt.length(self.at), |end| end - attempt.begin.at);
        let whole = whole.num_milliseconds().max(1) as f64;
        let cell = |length: chrono::TimeDelta| length.num_milliseconds().max(0) as f64 / whole * CELLS as f64;
        let mut sheet = Sheet::new(&[
            ("", Rule::Left(24)),
            ("", Rule::Left(CELLS + 2)),
            ("", Rule::Right),
            ("", Rule::Left(12)),
            ("", Rule::Left(0)),
        ]);
        for stage in &attempt.stages {
            let (from, length) = (cell(stage.begin.at - attempt.begin.at) as usize, stage.length(self.at));
            let from = from.min(CELLS - 1);
            let to = (cell(stage.begin.at - attempt.begin.at + length).ceil() as usize).clamp(from + 1, CELLS);
            let block = if style.ascii { "#" } else { "█" };
            let bar = format!("{}{}", " ".repeat(from), block.repeat(to - from));
            let known = match (stage.end, stage.is_seen()) {
                (None, _) => "goes on",
                (_, true) => "",
                (_, false) => "by stamps",
            };
            let about = if stage.proves.is_empty() { stage.object.to_string() } else { stage.proves.to_string() };
            sheet.push(vec![format!("  {}", stage.phase), bar, exact(length), known.to_owned(), about]);
        }
        sheet.lines(true, None)
    }
}

fn row(entry: &Entry, style: &Style) -> Vec<String> {
    let change = match (&entry.from, &entry.to) {
        (Some(from), Some(to)) => format!(" {from} → {to}"),
        (None, Some(to)) => format!(" {to}"),
        _ => String::new(),
    };
    let times = if entry.count > 1 { format!(" ×{}", entry.count) } else { String::new() };
    let at = moment(Moment { at: entry.at, seen: entry.seen }, style);
    let object = format!("{}/{}", entry.object.kind, entry.object.name);
    vec![at, entry.told_by().to_owned(), object, format!("{}{change}{times}", entry.what)]
}

/// A moment as exactly as it is known: to the millisecond where it was watched, else to the second.
fn moment(moment: Moment, style: &Style) -> String {
    let text = style.zone.tell(moment.at);
    if !moment.seen {
        return text;
    }
    let at = text.char_indices().nth(19).map_or(text.len(), |(i, _)| i);
    let (before, after) = text.split_at(at);
    format!("{before}.{:03}{after}", moment.at.timestamp_subsec_millis())
}

/// A length to the tenth of a second, where that says something.
fn exact(length: chrono::TimeDelta) -> String {
    let seconds = length.as_seconds_f64();
    if seconds < 60.0 { format!("{seconds:.1}s") } else { span(length) }
}

impl<'s> From<&'s Entry> for EntryPart<'s> {
    fn from(entry: &'s Entry) -> Self {
        Self {
            t: entry.at,
            source: entry.origin.as_str(),
            object: entry.object.to_string(),
            what: &entry.what,
            from: entry.from.as_deref(),
            to: entry.to.as_deref(),
            seen: entry.seen,
            count: entry.count,
        }
    }
}
