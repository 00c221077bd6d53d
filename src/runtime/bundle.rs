//! `cmtop bundle`: a directory with everything that a ticket needs.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::clock::Clock;
use super::program::{Failure, Program, print};
use super::{live, replay};
use crate::cli::{self, Source, value::At};
use crate::cluster::{Cluster, connect};
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::query::pick::Pick;
use crate::recording::concern::Concern;
use crate::recording::excerpt::Excerpt;
use crate::recording::reader::Reader;
use crate::recording::redact::Redactor;
use crate::recording::writer::Writer;
use crate::report::Origin;
use crate::report::bundle::Bundle;
use crate::report::exit::ExitStatus;
use crate::report::moment::Zone;
use crate::watch::Scope;
use crate::watch::discover::choose;

/// How long nothing has to arrive until nothing more is waited for, where some list never ends.
const QUIET: Duration = Duration::from_millis(1_500);

/// How long a cluster is listened to at most.
const PATIENCE: Duration = Duration::from_mins(1);

/// Writes a bundle.
pub async fn bundle(program: &Program, wanted: &cli::Bundle) -> Result<ExitStatus, Failure> {
    let (text, at, home, zone) = match program.cli.source() {
        Source::Recording(file, at) => {
            let failed = |error: io::Error| Failure::blind(format!("{}: {error}", file.display()));
            (fs::read(&file).map_err(failed)?, at, None, program.zone())
        }
        Source::Demo(at) => {
            let still = super::demo::Demo::still(at)?;
            (record(&still.cluster, &Scope::default(), &still.clock).await?, At::End, None, program.zone())
        }
        Source::Cluster => {
            let clock = Clock::wall();
            let cluster = connect(program.options(), live::now(&clock)).await.map_err(Failure::blind)?;
            let choice = choose(&cluster, program.wish()).await;
            let home = (!program.cli.scope.all_namespaces).then(|| cluster.names.default_namespace.clone());
            (record(&cluster, &choice.scope, &clock).await?, At::End, home, program.zone())
        }
    };
    let pick = Pick {
        names: wanted.names.clone(),
        namespaces: program.settings.namespaces.value.clone(),
        home,
        selector: program.cli.scope.selector.clone().unwrap_or_default(),
    };
    let told = write(&text, at, &pick, wanted, zone)?;
    print(&told).map(|()| ExitStatus::Good)
}

/// What the watches of a cluster deliver until everything is listed, as a recording.
pub async fn record(cluster: &Cluster, scope: &Scope, clock: &Clock) -> Result<Vec<u8>, Failure> {
    let kubernetes = cluster.kubernetes().await.unwrap_or_default();
    let name = cluster.names.context.as_deref().unwrap_or(&cluster.names.cluster);
    let buffer = Shared::default();
    let writer = Writer::begin(buffer.clone(), clock.now(), name, &kubernetes, &scope.namespaces);
    let writer = writer.map_err(Failure::blind)?;
    let begun = Instant::now();
    let last = Arc::new(Mutex::new(None));
    let heard = Arc::clone(&last);
    let whole = Arc::new(AtomicBool::new(false));
    let listed = Arc::clone(&whole);
    let progress = move |_, complete| {
        *heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        listed.store(complete, Ordering::Relaxed);
    };
    let until = async {
        while begun.elapsed() < PATIENCE {
            tokio::time::sleep(QUIET / 4).await;
            let last = *last.lock().unwrap_or_else(PoisonError::into_inner);
            if whole.load(Ordering::Relaxed) || last.is_some_and(|last| last.elapsed() >= QUIET) {
                return;
            }
        }
    };
    let now = live::now(clock);
    crate::watch::record::record(cluster, scope, &now, writer, until, progress).await.map_err(Failure::blind)?;
    let recorded = std::mem::take(&mut *buffer.0.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(recorded)
}

/// A buffer that the recorder writes and we read.
#[derive(Debug, Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Makes the bundle of a recording, at a moment; says where it is and what was taken out.
pub fn write(recording: &[u8], at: At, pick: &Pick, wanted: &cli::Bundle, zone: Zone) -> Result<String, Failure> {
    let mut reader = Reader::open(BufReader::new(recording)).map_err(Failure::blind)?;
    let at = if let At::Moment(at) = at { Some(at) } else { None };
    let still = replay::still(&mut reader, at).map_err(Failure::blind)?;
    let still = still.map_err(|first| Failure::usage(format!("--at lies before the first frame, at {first}")))?;
    if let Some(why) = super::gather::blindness(&still.model) {
        return Err(Failure::blind(why));
    }
    let chosen = pick.choose(&still.model);
    let chosen = chosen.map_err(|error| Failure { status: (&error).into(), what: error.to_string() })?;
    let header = reader.header();
    let cluster =
        Origin { context: header.cluster.clone(), server: String::new(), kubernetes: header.kubernetes.clone() };
    let concern = (!pick.names.is_empty()).then(|| concern(&still.model, &chosen));
    let facts = Facts { model: &still.model, chosen: &chosen, now: still.now, began: still.began, cluster };
    let place = Place { out: &wanted.out, last: wanted.last, zone };
    put_all(recording, at, &facts, concern.as_ref(), &place)
}

/// What a bundle tells of.
struct Facts<'m> {
    model: &'m Model,
    chosen: &'m [Id<Certificate>],
    now: Time,
    began: Time,
    cluster: Origin,
}

/// Where a bundle goes, and in which form.
struct Place<'p> {
    out: &'p Path,
    last: Duration,
    zone: Zone,
}

/// What the dashboard asks for: the story of one Certificate, as it was watched.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What is known.
    pub model: Arc<Model>,
    /// Whose bundle.
    pub certificate: Id<Certificate>,
    /// Where bundles go.
    pub directory: PathBuf,
    /// How moments are told.
    pub zone: Zone,
}

/// How much of a recording goes with a bundle of the dashboard.
const LAST: Duration = Duration::from_mins(15);

/// Writes a bundle of what the dashboard knows; the recording in it is what the cluster says now.
pub async fn of_dashboard(cluster: &Cluster, scope: &Scope, clock: &Clock, wish: Wish) -> Result<String, String> {
    let recording = record(cluster, scope, clock).await.map_err(|failure| failure.what)?;
    let kubernetes = cluster.kubernetes().await.unwrap_or_default();
    let context = cluster.names.context.clone().unwrap_or_else(|| cluster.names.cluster.clone());
    let now = clock.now();
    let written = tokio::task::spawn_blocking(move || {
        let key = wish.model.certificate_key(wish.certificate).ok_or("the Certificate is gone")?;
        let name = format!("{}-{}-{}", key.namespace, key.name, now.format("%Y%m%d-%H%M%S"));
        let chosen = [wish.certificate];
        let cluster = Origin { context, server: String::new(), kubernetes };
        let facts = Facts { model: &wish.model, chosen: &chosen, now, began: now, cluster };
        let place = Place { out: &wish.directory.join(name), last: LAST, zone: wish.zone };
        let concern = concern(&wish.model, &chosen);
        put_all(&recording, None, &facts, Some(&concern), &place).map_err(|failure| failure.what)
    });
    let told = written.await.map_err(|error| error.to_string())??;
    Ok(told.trim_end().to_owned())
}

/// What concerns some Certificates.
fn concern(model: &Model, chosen: &[Id<Certificate>]) -> Concern {
    let mut concern = Concern::default();
    for row in chosen.iter().filter_map(|id| model.certificates.get(*id)) {
        concern.namespaces.insert(row.meta.namespace.to_string());
        if row.issuer.known_kind() == Some(Kind::ClusterIssuer) {
            concern.cluster_issuers.insert(row.issuer.name.to_string());
        }
    }
    concern
}

fn put_all(
    recording: &[u8],
    at: Option<Time>,
    facts: &Facts,
    concern: Option<&Concern>,
    place: &Place,
) -> Result<String, Failure> {
    let from = chrono::TimeDelta::from_std(place.last).ok().and_then(|last| facts.now.checked_sub_signed(last));
    let from = from.unwrap_or(facts.began).max(facts.began);
    let (redactor, excerpt) = excerpt(recording, from, at, concern)?;
    let redacted = redactor.sorts();
    let Facts { model, chosen, now, cluster, .. } = facts;
    let bundle = Bundle {
        model,
        chosen,
        now: *now,
        cluster: cluster.clone(),
        redacted: redacted.clone(),
        from,
        narrowed: concern.is_some(),
    };
    let failed = |error: io::Error| Failure::blind(format!("{}: {error}", place.out.display()));
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
        "{}: ticket.md, report.json, recording.jsonl ({}); taken out: the data of Secrets, {taken}\n",
        place.out.display(),
        crate::text::count(chosen.len(), "certificate")
    ))
}

/// What must not leave, learned from the whole recording; and its last part.
fn excerpt(
    recording: &[u8],
    from: Time,
    until: Option<Time>,
    concern: Option<&Concern>,
) -> Result<(Redactor, Excerpt), Failure> {
    let mut redactor = Redactor::default();
    let mut lines = recording.lines();
    let parse = |line: io::Result<String>| line.ok().and_then(|line| serde_json::from_str::<Value>(&line).ok());
    let header = lines.next().and_then(parse).ok_or_else(|| Failure::blind("the recording is empty"))?;
    let mut excerpt = Excerpt::new(header, from);
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

/// A bundle is evidence: an older one is never overwritten.
fn put(directory: &Path, name: &str, content: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(directory.join(name))?;
    file.write_all(content.as_bytes())
}
