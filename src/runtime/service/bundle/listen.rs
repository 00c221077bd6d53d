//! What a cluster says now, as a recording.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::cluster::Cluster;
use crate::model::meta::Time;
use crate::recording::writer::Writer;
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::watch::Scope;

/// How long nothing has to arrive until nothing more is waited for.
const QUIET: Duration = Duration::from_millis(1_500);

/// How long logs are waited for when everything is listed.
const LOGS: Duration = Duration::from_secs(3);

/// How long a cluster is listened to at most.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the watches of a cluster deliver until everything is listed, as a recording; and what the logs say of the time
/// since a moment.
pub async fn record(cluster: &Cluster, scope: &Scope, clock: &Clock, logs_from: Time) -> Result<Vec<u8>, Failure> {
    let kubernetes = cluster.kubernetes().await.unwrap_or_default();
    let name = cluster.names.context.as_deref().unwrap_or(&cluster.names.cluster);
    let buffer = Shared::default();
    let writer = Writer::begin(buffer.clone(), clock.now(), name, &kubernetes, &scope.namespaces);
    let writer = writer.map_err(Failure::blind)?;
    let begun = Instant::now();
    let last = Arc::new(Mutex::new(None::<Instant>));
    let heard = Arc::clone(&last);
    let whole = Arc::new(AtomicBool::new(false));
    let listed = Arc::clone(&whole);
    let progress = move |_, complete| {
        *heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        listed.store(complete, Ordering::Relaxed);
    };
    let until = async {
        let mut listed = None;
        while begun.elapsed() < PATIENCE {
            tokio::time::sleep(QUIET / 4).await;
            if whole.load(Ordering::Relaxed) {
                listed.get_or_insert_with(Instant::now);
            }
            // Logs come after the lists; a busy controller never falls silent.
            let last = *last.lock().unwrap_or_else(PoisonError::into_inner);
            let quiet = last.is_some_and(|last| last.elapsed() >= QUIET);
            if quiet || listed.is_some_and(|listed| listed.elapsed() >= LOGS) {
                return;
            }
        }
    };
    let now = clock.reader();
    crate::watch::record::record(cluster, scope, &now, (writer, logs_from), until, progress)
        .await
        .map_err(Failure::blind)?;
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
