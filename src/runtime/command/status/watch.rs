//! `cmtop status --watch`: the report again, whenever it says something else: because something changed, or time passed.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use super::{chosen, tell};
use crate::cli;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::query::pick::Pick;
use crate::report::Origin;
use crate::report::exit::ExitStatus;
use crate::report::status::{Order, Status};
use crate::runtime::failure::{Failure, is_read};
use crate::runtime::interrupt::Interrupt;
use crate::runtime::program::Program;
use crate::runtime::source::follow::{Follow, Turn};

/// Tells the report, which was told once, again and again until somebody ends it.
pub(in crate::runtime) async fn watch(
    program: &Program,
    wanted: &cli::Status,
    mut follow: Follow,
    pick: &Pick,
) -> Result<ExitStatus, Failure> {
    let mut interrupt = Interrupt::heard()?;
    let mut told = Told::default();
    told.differs(&follow.scene.model, &chosen(wanted, &follow.scene, pick)?, None, follow.scene.now);
    loop {
        let turn = tokio::select! {
            turn = follow.turn(None) => turn?,
            () = interrupt.came() => return Ok(ExitStatus::Interrupted),
        };
        let Turn::Changes(_) = turn else { return Ok(ExitStatus::Good) };
        let chosen = chosen(wanted, &follow.scene, pick)?;
        if told.differs(&follow.scene.model, &chosen, Some(follow.judged()), follow.scene.now) {
            if !is_read("\n")? {
                return Ok(ExitStatus::Good);
            }
            tell(program, wanted, &follow.scene, &chosen)?;
        }
    }
}

/// What was told of each Certificate, as a number that another text would not have.
#[derive(Debug, Default)]
pub struct Told(HashMap<Id<Certificate>, u64>);

impl Told {
    /// Whether those that were chosen would be told differently, where only those that were `judged` anew can be; where
    /// nobody knows which, all of them.
    pub fn differs(
        &mut self,
        model: &Model,
        chosen: &[Id<Certificate>],
        judged: Option<&[Id<Certificate>]>,
        now: Time,
    ) -> bool {
        let is_new = |told: &Self, id: &Id<Certificate>| {
            !told.0.contains_key(id) || judged.is_none_or(|judged| judged.binary_search(id).is_ok())
        };
        let anew: Vec<_> = chosen.iter().copied().filter(|id| is_new(self, id)).collect();
        let mut differs = false;
        for id in anew {
            let facts = Status::of(model, &[id], Order::AsNamed, Origin::default(), now).facts().unwrap_or_default();
            let facts = BuildHasherDefault::<DefaultHasher>::default().hash_one(facts);
            differs |= self.0.insert(id, facts) != Some(facts);
        }
        if self.0.len() > chosen.len() {
            let left: std::collections::HashSet<_> = chosen.iter().collect();
            self.0.retain(|id, _| left.contains(id));
            differs = true;
        }
        differs
    }
}
