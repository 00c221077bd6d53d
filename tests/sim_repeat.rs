//! The same story, seed and speed give the same recording, but for the bytes of certificates and keys.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cmtop::cluster::{Cluster, Names, Now};
use cmtop::recording::writer::Writer;
use cmtop::sim::{self, Options, Story};
use cmtop::watch::Scope;
use cmtop::watch::record::record;
use regex::Regex;

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The lines of a recording. Which of several feeds is first in the same millisecond is up to the machine: what is
/// recorded in one moment has no order here, and each object still has its own by the version.
fn told(seed: u64) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let options = Options { certificates: 50, seed, ..Options::default() };
        let world = sim::run(&Story::named("busy-night").unwrap(), options).unwrap();
        let clock = world.clock().clone();
        let now: Now = Arc::new(move || clock.now());
        let cluster = Cluster::in_process(world.cluster().service(), Names::default(), Arc::clone(&now));
        tokio::spawn(world.drive());
        let file = Shared::default();
        let writer = Writer::begin(file.clone(), now(), "test", "v1.36.0", &[]).unwrap();
        let while_it_goes_on = tokio::time::sleep(Duration::from_mins(3));
        record(&cluster, &Scope::default(), &now, writer, while_it_goes_on, |_| {}).await.unwrap();
        let text = String::from_utf8(file.0.lock().unwrap().clone()).unwrap();
        let bytes = Regex::new("\"[A-Za-z0-9+/=]{120,}\"").unwrap();
        let mut lines: Vec<String> =
            text.lines().map(|line| bytes.replace_all(line, "\"bytes\"").into_owned()).collect();
        lines.sort();
        lines
    })
}

#[test]
fn a_recording_repeats_itself() {
    let (one, two) = (told(3), told(3));
    assert!(one.len() > 500, "{}", one.len());
    let different = one.iter().zip(&two).find(|(one, two)| one != two);
    assert!(different.is_none() && one.len() == two.len(), "{different:#?}");
    assert_ne!(one, told(4));
}
