//! [`Recorder`]: a recording that is begun and ended from the dashboard, in the form of `cmtop record`.
//!
//! It watches for itself: what the dashboard keeps of an object is less than what a recording holds.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use tokio::sync::mpsc::Sender;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::app::message::{Message, RecorderNews};
use crate::cluster::Cluster;
use crate::limits;
use crate::recording::writer::Writer;
use crate::runtime::clock::Clock;
use crate::text::count;
use crate::watch::Scope;

/// Records one cluster, when it is asked to.
#[derive(Debug)]
pub struct Recorder {
    cluster: Cluster,
    scope: Scope,
    clock: Clock,
    directory: PathBuf,
    out: Sender<Message>,
    tasks: JoinSet<()>,
    end: Option<oneshot::Sender<()>>,
}

impl Recorder {
    /// Records nothing yet; recordings go into a directory, which is made when it is needed.
    pub fn new(cluster: Cluster, scope: Scope, clock: Clock, directory: PathBuf, out: Sender<Message>) -> Self {
        Self { cluster, scope, clock, directory, out, tasks: JoinSet::new(), end: None }
    }

    /// Begins a recording, or ends the one that runs. It answers by messages.
    pub fn turn(&mut self) {
        while self.tasks.try_join_next().is_some() {}
        if self.end.take_if(|end| !end.is_closed()).is_some_and(|end| end.send(()).is_ok()) {
            return;
        }
        let (end, ended) = oneshot::channel();
        self.end = Some(end);
        let (cluster, scope, clock) = (self.cluster.clone(), self.scope.clone(), self.clock.clone());
        let (directory, out) = (self.directory.clone(), self.out.clone());
        self.tasks.spawn(async move {
            let told = match write(&cluster, &scope, &clock, &directory, &out, ended).await {
                Ok((frames, file)) => Ok(format!("{} written into {}", count(frames, "frame"), file.display())),
                Err(error) => Err(format!("it cannot be recorded in {}: {error}", directory.display())),
            };
            let _ = out.send(Message::Recorder(RecorderNews::Ended(told))).await;
        });
    }

    /// Ends the recording that runs, and waits until its end is written, but not longer than [`limits::LAST_WORK`].
    pub async fn finish(mut self) {
        if let Some(end) = self.end.take() {
            let _ = end.send(());
        }
        let _ = timeout(limits::LAST_WORK, async { while self.tasks.join_next().await.is_some() {} }).await;
    }
}

async fn write(
    cluster: &Cluster,
    scope: &Scope,
    clock: &Clock,
    directory: &Path,
    out: &Sender<Message>,
    ended: oneshot::Receiver<()>,
) -> io::Result<(usize, PathBuf)> {
    let kubernetes = cluster.kubernetes().await.unwrap_or_default();
    fs::create_dir_all(directory)?;
    let begun = clock.now();
    let file = directory.join(format!("cmtop-{}.jsonl", begun.format("%Y%m%d-%H%M%S")));
    // A recording is evidence: an older one is never overwritten.
    let output = OpenOptions::new().write(true).create_new(true).open(&file)?;
    let name = cluster.names.context.as_deref().unwrap_or(&cluster.names.cluster);
    let writer = Writer::begin(BufWriter::new(output), begun, name, &kubernetes, &scope.namespaces)?;
    let _ = out.send(Message::Recorder(RecorderNews::Began(file.display().to_string()))).await;
    let until = async {
        let _ = ended.await;
    };
    let frames =
        crate::watch::record::record(cluster, scope, &clock.reader(), (writer, begun), until, |_, _| ()).await?;
    Ok((frames, file))
}
