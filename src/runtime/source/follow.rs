//! [`Follow`]: facts that go on changing, judged as they do: for commands without a screen that wait for something.

use std::time::Duration;

use tokio::time::Instant;

use super::live::Live;
use super::scene::Scene;
use super::tale::Tale;
use crate::cli::{Source, value::At};
use crate::limits;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::recording::frame::Frame;
use crate::recording::player::Player;
use crate::recording::reader::Reader;
use crate::runtime::clock::sleep;
use crate::runtime::failure::Failure;
use crate::runtime::program::Program;
use crate::runtime::source::replay;
use crate::triage::changes::{Change, Verdicts};
use crate::triage::ledger::Ledger;

/// Facts, as they change.
#[derive(Debug)]
pub struct Follow {
    /// What is known.
    pub scene: Scene,
    /// What is to be said of it.
    pub ledger: Ledger,
    verdicts: Verdicts,
    judged: Vec<Id<Certificate>>,
    source: From,
}

#[derive(Debug)]
enum From {
    Cluster(Box<Live>),
    Demo(Box<Tale>),
    File(Box<Tape>),
}

/// How long news are gathered before they are judged: what one step of cert-manager changes arrives over several
/// watches, and half of it is no state that anything was ever in.
const GATHER: Duration = Duration::from_millis(300);

/// A recording that is read on.
#[derive(Debug)]
struct Tape {
    reader: Reader<replay::Input>,
    player: Player,
    next: Option<Frame>,
    until: Option<Time>,
}

/// What came of a turn.
#[derive(Debug)]
pub enum Turn {
    /// Verdicts changed, or none did.
    Changes(Vec<Change>),
    /// The recording, or the time that was given, is at its end.
    End,
}

impl Follow {
    /// Begins with what is known now; a recording begins with its first frame. Nothing of that is a change.
    pub async fn begin(program: &Program) -> Result<Self, Failure> {
        let mut scene = match program.cli.source() {
            Source::Recording(file, at) => {
                let mut reader = replay::open(&file)?;
                let failed = |error| Failure::blind(format!("{}: {error}", file.display()));
                let next = reader.next_frame().map_err(failed)?;
                let until = if let At::Moment(at) = at { Some(at) } else { None };
                let now = next.as_ref().map_or(reader.header().started, |frame| frame.t);
                let scene = Scene::blank(&reader, now);
                let player = Player::of(reader.header());
                let tape = From::File(Box::new(Tape { reader, player, next, until }));
                return Ok(Self::of(scene, tape));
            }
            Source::Demo(_) => {
                let mut model = Model::default();
                let tale = Tale::begin(&mut model)?;
                let scene = Scene::told(model, tale.start(), &tale.name);
                return Ok(Self::of(scene, From::Demo(Box::new(tale))));
            }
            Source::Cluster => Scene::of(program).await?,
        };
        let live = scene.live.take().ok_or_else(|| Failure::blind("the cluster is not watched"))?;
        Ok(Self::of(scene, From::Cluster(Box::new(live))))
    }

    /// Goes on from what is known of a cluster; `None` where nothing more comes.
    pub fn on(mut scene: Scene) -> Option<Self> {
        let live = scene.live.take()?;
        Some(Self::of(scene, From::Cluster(Box::new(live))))
    }

    fn of(scene: Scene, source: From) -> Self {
        let mut follow =
            Self { scene, ledger: Ledger::default(), verdicts: Verdicts::default(), judged: Vec::new(), source };
        follow.judge();
        follow
    }

    /// Brings the verdicts up to date; tells what changed.
    fn judge(&mut self) -> Vec<Change> {
        let (model, now) = (&mut self.scene.model, self.scene.now);
        let changes = model.take_changes();
        self.ledger.note(model, &changes);
        while self.ledger.settle(model, now, limits::SETTLE_STRIDE) {}
        self.judged = self.ledger.take_judged().into_iter().map(|judged| judged.id).collect();
        self.judged.sort_unstable();
        self.judged.dedup();
        self.verdicts.changes(model, &self.ledger, &self.judged, now)
    }

    /// The Certificates that were judged anew in the last turn, in order.
    pub fn judged(&self) -> &[Id<Certificate>] {
        &self.judged
    }

    /// Whether it goes on by itself.
    pub const fn is_live(&self) -> bool {
        matches!(self.source, From::Cluster(_) | From::Demo(_))
    }

    /// The Certificates that were named, as they are judged.
    pub fn verdicts(&self, chosen: &[Id<Certificate>]) -> Vec<Option<crate::triage::Diagnosis>> {
        chosen.iter().map(|id| self.ledger.get(*id).copied()).collect()
    }

    /// Takes over what the clock shows: ages go on where nothing happens.
    pub fn look_at_the_clock(&mut self) {
        let now = match &self.source {
            From::Cluster(live) => live.clock.now(),
            From::Demo(tale) => tale.clock.now(),
            From::File(_) => return,
        };
        self.scene.now = self.scene.now.max(now);
    }

    /// Waits for the next news, or for the moment when a verdict changes by itself; not longer than `until`.
    pub async fn turn(&mut self, until: Option<Instant>) -> Result<Turn, Failure> {
        match &mut self.source {
            From::Cluster(live) => {
                let due = self.ledger.due(self.scene.now).and_then(|due| live.clock.until(due));
                let wake = [due.map(|wait| Instant::now() + wait), until].into_iter().flatten().min();
                let mut batches = Vec::new();
                tokio::select! {
                    count = live.batches.recv_many(&mut batches, limits::BATCHES_A_TURN) => if count == 0 {
                        return Ok(Turn::End);
                    },
                    () = sleep(wake) => {}
                }
                if !batches.is_empty() {
                    tokio::time::sleep(GATHER).await;
                    batches.extend(std::iter::from_fn(|| live.batches.try_recv().ok()).take(limits::QUEUE));
                }
                batches.into_iter().for_each(|batch| self.scene.model.apply(batch));
                self.scene.now = live.clock.now();
                let changes = self.judge();
                let over = until.is_some_and(|until| until <= Instant::now());
                Ok(if over && changes.is_empty() { Turn::End } else { Turn::Changes(changes) })
            }
            From::Demo(tale) => {
                let news = tale.due().map(|due| due + GATHER);
                let next = [news, self.ledger.due(self.scene.now)].into_iter().flatten().min();
                let moment = next.map(|next| next.max(self.scene.now));
                let wake = moment.and_then(|moment| tale.clock.until(moment)).map(|wait| Instant::now() + wait);
                let over = until.is_some_and(|until| wake.is_none_or(|wake| until < wake));
                sleep(if over { until } else { wake }).await;
                let Some(moment) = moment.filter(|_| !over) else { return Ok(Turn::End) };
                tale.advance(moment, &mut self.scene.model);
                self.scene.now = moment;
                Ok(Turn::Changes(self.judge()))
            }
            From::File(tape) => {
                let frame_at = tape.next.as_ref().map(|frame| frame.t);
                let next = match (frame_at, self.ledger.due(self.scene.now), tape.until) {
                    (Some(frame), Some(due), _) => Some(frame.min(due)),
                    (Some(frame), None, _) => Some(frame),
                    // After the last frame time passes only where a later moment was asked for.
                    (None, due, Some(_)) => due,
                    (None, _, None) => None,
                };
                let Some(next) = next.filter(|next| tape.until.is_none_or(|until| *next <= until)) else {
                    return Ok(Turn::End);
                };
                self.scene.now = self.scene.now.max(next);
                let last = tape.until.map_or(next + GATHER, |until| until.min(next + GATHER));
                while frame_at.is_some_and(|at| at <= next)
                    && let Some(frame) = tape.next.take_if(|frame| frame.t <= last)
                {
                    self.scene.now = self.scene.now.max(frame.t);
                    tape.player.play(&frame, &mut |batch| self.scene.model.apply(batch));
                    tape.next = tape.reader.next_frame().map_err(Failure::blind)?;
                }
                Ok(Turn::Changes(self.judge()))
            }
        }
    }
}
