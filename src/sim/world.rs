//! A story at work: a cluster, and the controllers that move it.

mod scenes;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::agenda::{Agenda, Controller, Task};
use super::certmanager;
use super::clock::Clock;
use super::cluster::Cluster;
use super::conditions::moment;
use super::desk::{Desk, Outcome};
use super::filler::Filler;
use super::nodes;
use super::object::meta;
use super::reference::key_of;
use super::scheduling::{self, delay};
use super::store::{Change, Event, Store};
use super::story::{Options, Scene, Story, StoryError};
use super::x509::{Authority, Terms};

/// How long the API server keeps Events.
const EVENT_LIFE: TimeDelta = TimeDelta::hours(1);

/// A story that has begun: its history has happened, its first second is now.
#[derive(Debug)]
pub struct World {
    clock: Clock,
    desk: Desk,
    pub(super) agenda: Agenda,
    /// How often a task has failed in a row.
    failures: HashMap<Task, u32>,
    /// Work that came up while the controller was down.
    parked: BTreeSet<Task>,
    scenes: Vec<Option<Scene>>,
    /// The version of the store up to which changes were noticed.
    seen: u64,
    /// Which Certificates want a Secret.
    by_secret: HashMap<String, BTreeSet<String>>,
    /// The fleet, until it is planted.
    filler: Option<Filler>,
}

/// Begins a story: everything before its start happens at once.
pub fn run(story: &Story, options: Options) -> Result<World, StoryError> {
    let mut world = begin(story, options)?;
    world.fill();
    Ok(world)
}

/// The same, but the certificates of `options` are added only when the world is moved: whoever looks before sees the
/// story alone, and is sent to list again.
pub fn begin(story: &Story, options: Options) -> Result<World, StoryError> {
    begin_by(story.clock(options.speed), story, options)
}

/// The same, by a clock of the story that runs already.
pub fn begin_by(clock: Clock, story: &Story, options: Options) -> Result<World, StoryError> {
    let scenes = story.scenes()?;
    let cluster = Cluster::seeded(clock.clone(), options.seed);
    let dawn = scenes.first().map_or(story.start, |scene| scene.at);
    let mut desk = Desk::new(cluster.clone(), dawn, options.seed);
    let terms = Terms { not_before: dawn - TimeDelta::days(365), not_after: dawn + TimeDelta::days(3650), is_ca: true };
    desk.acme = Authority::new("Simulated ACME Intermediate R3", terms).ok();
    let mut agenda = Agenda::default();
    for (number, scene) in scenes.iter().enumerate() {
        agenda.add(Controller::Story, &number.to_string(), scene.at);
    }
    agenda.add(Controller::Nodes, "Lease/kube-system", story.start);
    let mut world = World {
        clock,
        desk,
        agenda,
        failures: HashMap::new(),
        parked: BTreeSet::new(),
        scenes: scenes.into_iter().map(Some).collect(),
        seen: cluster.read(Store::version),
        by_secret: HashMap::new(),
        filler: None,
    };
    world.work_until(story.start);
    world.forget_old_events();
    world.filler = (options.certificates > 0).then(|| Filler::new(&cluster, story.start, options));
    cluster.compact();
    world.seen = cluster.read(Store::version);
    Ok(world)
}

impl World {
    /// The cluster of the story.
    pub fn cluster(&self) -> &Cluster {
        &self.desk.cluster
    }

    /// The clock of the story.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Moves the story on, for as long as it is polled: spawn it.
    pub async fn drive(mut self) {
        if let Some(filler) = self.filler.take() {
            let planted = tokio::task::spawn_blocking(|| filler.plant()).await;
            self.planted(planted.unwrap_or_default());
        }
        let mut changed = self.cluster().changes();
        loop {
            changed.borrow_and_update();
            self.work_until(self.clock.now());
            if changed.has_changed().unwrap_or(false) && self.cluster().read(Store::version) > self.seen {
                continue;
            }
            let next = self.agenda.next();
            let clock = self.clock.clone();
            tokio::select! {
                () = async { match next { Some(next) => clock.sleep_until(next).await, None => std::future::pending().await } } => {}
                alive = changed.changed() => if alive.is_err() { return },
            }
        }
    }

    /// Does everything that is due by a moment, each thing at its own time: what people wrote meanwhile comes first.
    pub fn work_until(&mut self, now: DateTime<Utc>) {
        self.fill();
        let before = self.desk.now;
        self.notice(now.max(before));
        while let Some((at, (controller, key))) = self.agenda.pop(now) {
            self.desk.now = self.desk.now.max(at);
            self.perform(controller, &key);
            self.notice(self.desk.now);
        }
        self.desk.now = self.desk.now.max(now);
    }

    fn fill(&mut self) {
        if let Some(filler) = self.filler.take() {
            self.planted(filler.plant());
        }
    }

    /// What was planted is nothing to be noticed; what of it is renewed soon is.
    fn planted(&mut self, renewals: Vec<(String, DateTime<Utc>)>) {
        self.seen = self.desk.cluster.read(Store::version);
        for (key, renewal) in renewals {
            self.agenda.add(Controller::Trigger, &key, renewal);
        }
    }

    fn perform(&mut self, controller: Controller, key: &str) {
        let outcome = match controller {
            Controller::Story => return self.play(key),
            Controller::Nodes => nodes::reconcile(&mut self.desk, key),
            _ if !self.desk.settings.controller => {
                self.parked.insert((controller, key.into()));
                return;
            }
            _ if self.desk.settings.is_unwatched(key) => Outcome::Done,
            _ => certmanager::reconcile(&mut self.desk, controller, key),
        };
        let task = (controller, Box::from(key));
        match outcome {
            Outcome::Done => drop(self.failures.remove(&task)),
            Outcome::At(moment) => {
                self.failures.remove(&task);
                self.agenda.add(controller, key, moment);
            }
            Outcome::Retry => {
                let failures = self.failures.entry(task).or_default();
                let (first, longest) = certmanager::retry_pauses(controller);
                let pause = (u64::from(first) << (*failures).min(16)).min(u64::from(longest));
                *failures += 1;
                self.agenda.add(controller, key, self.desk.now + TimeDelta::seconds(pause as i64));
            }
        }
    }

    /// Turns the changes since the last look into tasks.
    fn notice(&mut self, now: DateTime<Utc>) {
        let seen = self.seen;
        let (changes, version) = self.desk.cluster.read(|store| {
            let changes: Option<Vec<Change>> = store.changes_after(seen).map(|changes| changes.cloned().collect());
            (changes.unwrap_or_default(), store.version())
        });
        self.seen = version;
        for change in &changes {
            self.index(change);
            for (controller, key) in scheduling::concerned(&self.desk, &self.by_secret, change) {
                let at = match controller {
                    Controller::Scheduler => certmanager::next_pass(now),
                    _ => now + TimeDelta::milliseconds((delay(controller) + self.desk.dice.below(6)) as i64),
                };
                self.agenda.add(controller, &key, at);
            }
        }
    }

    fn index(&mut self, change: &Change) {
        if change.resource.kind != "Certificate" {
            return;
        }
        let secret = |value: &Value| {
            format!("{}/{}", meta(value, "namespace"), value["spec"]["secretName"].as_str().unwrap_or_default())
        };
        if let Some(before) = &change.before {
            let before = before.value();
            self.by_secret.entry(secret(&before)).or_default().remove(&key_of(&before));
        }
        if change.event != Event::Deleted {
            let after = change.object.value();
            self.by_secret.entry(secret(&after)).or_default().insert(key_of(&after));
        }
    }

    fn forget_old_events(&mut self) {
        let now = self.desk.now;
        for event in self.desk.list("Event", None) {
            if moment(&event["lastTimestamp"]).is_some_and(|last| now - last > EVENT_LIFE) {
                self.desk.delete("Event", &key_of(&event));
            }
        }
    }
}
