//! [`Tale`]: the demo as it goes on, step by step by its own clock: who follows it twice is told the same.
//!
//! The watches of a client deliver when they come to it: what is first in the same moment is up to the machine. Here what
//! happens is read from the story itself, as the lines of a recording.

use serde_json::Value;
use serde_json::value::RawValue;

use super::demo::Demo;
use crate::cli;
use crate::model::Model;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::recording::frame::{Content, Frame, Op};
use crate::recording::player::Player;
use crate::runtime::clock::Clock;
use crate::runtime::failure::Failure;
use crate::runtime::source::demo;
use crate::sim::World;
use crate::sim::step::Told;

/// A story that is followed.
#[derive(Debug)]
pub struct Tale {
    world: World,
    player: Player,
    /// The story's clock: it says how long to wait, not what happens.
    pub clock: Clock,
    /// What the story is called.
    pub name: String,
}

impl Tale {
    /// Begins the demo: what is there at its first moment is put into the model.
    pub fn begin(model: &mut Model) -> Result<Self, Failure> {
        let (name, story, options) = demo::story(&cli::Demo::default())?;
        let demo = Demo::begin(story, options);
        let clock = demo.clock();
        let world = demo.world().map_err(Failure::usage)?;
        let start = world.clock().start();
        let mut tale = Self { world, player: Player::default(), clock, name };
        for object in tale.world.objects() {
            tale.play(start, &Told { gone: false, object }, model);
        }
        for kind in Kind::all() {
            let content = Content::Synced(kind.resource().into());
            tale.player.play(&Frame { t: start, content }, &mut |batch| model.apply(batch));
        }
        Ok(tale)
    }

    /// The first moment.
    pub fn start(&self) -> Time {
        self.world.clock().start()
    }

    /// When something happens next.
    pub fn due(&mut self) -> Option<Time> {
        self.world.due()
    }

    /// Tells the model what happens until a moment.
    pub fn advance(&mut self, now: Time, model: &mut Model) {
        for told in self.world.advance(now) {
            self.play(now, &told, model);
        }
    }

    fn play(&mut self, t: Time, told: &Told, model: &mut Model) {
        let Some(raw) = is_watched(&told.object).then(|| RawValue::from_string(told.object.to_string()).ok()).flatten()
        else {
            return;
        };
        let op = if told.gone { Op::Delete } else { Op::Upsert };
        let frame = Frame { t, content: Content::Object(op, raw) };
        self.player.play(&frame, &mut |batch| model.apply(batch));
    }
}

/// Whether the watches of a cluster would deliver it: of other people's workloads they ask for nothing.
fn is_watched(object: &Value) -> bool {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let label = |name: &str| text(&object["metadata"]["labels"][name]);
    let solves = || label("acme.cert-manager.io/http01-solver") == "true";
    let is_own = || matches!(&*label("app.kubernetes.io/name"), "cert-manager" | "webhook" | "cainjector");
    match Kind::of(&text(&object["apiVersion"]), &text(&object["kind"])) {
        Some(Kind::Service | Kind::Ingress | Kind::HttpRoute) => solves(),
        Some(Kind::Pod) => solves() || is_own(),
        Some(Kind::Deployment) => is_own(),
        Some(Kind::Event) => text(&object["involvedObject"]["apiVersion"]).contains("cert-manager.io/"),
        Some(_) => true,
        None => false,
    }
}
