//! `cmtop status --watch`: the report again, whenever it says something else: because something changed, or time passed.
//! On a terminal it stands in one place, and its ages go on.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::time::Duration;

use tokio::time::Instant;

use super::{Telling, chosen};
use crate::cli;
use crate::limits;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::model::meta::Time;
use crate::query::pick::Pick;
use crate::report::Origin;
use crate::report::exit::ExitStatus;
use crate::report::status::{Order, Status};
use crate::runtime::failure::Failure;
use crate::runtime::print::is_read;
use crate::runtime::program::Program;
use crate::runtime::signals::Interrupt;
use crate::runtime::source::follow::{Follow, Turn};

/// Tells the report, which was told once, again and again until somebody ends it.
pub(super) async fn watch(
    program: &Program,
    wanted: &cli::Status,
    (mut follow, mut telling): (Follow, Telling),
    pick: &Pick,
) -> Result<ExitStatus, Failure> {
    let mut interrupt = Interrupt::heard()?;
    let mut told = Told::default();
    told.differs(&follow.scene.model, &chosen(wanted, &follow.scene, pick)?, None, follow.scene.now);
    let mut count = told.0.len();
    loop {
        let until = telling.is_in_place().then(|| Instant::now() + step(count));
        let turn = tokio::select! {
            turn = follow.turn(until) => turn?,
            () = interrupt.came() => return Ok(ExitStatus::Interrupted),
        };
        let is_older = until.is_some_and(|until| until <= Instant::now());
        if !is_older && !matches!(turn, Turn::Changes(_)) {
            return Ok(ExitStatus::Good);
        }
        if is_older {
            follow.look_at_the_clock();
        }
        let chosen = chosen(wanted, &follow.scene, pick)?;
        count = chosen.len();
        let differs = told.differs(&follow.scene.model, &chosen, Some(follow.judged()), follow.scene.now);
        let is_read = telling.is_in_place() || !differs || is_read("\n")?;
        if (differs || is_older) && (!is_read || telling.tell(program, wanted, &follow.scene, &chosen)?.is_none()) {
            return Ok(ExitStatus::Good);
        }
    }
}

/// How old a report of so many Certificates may become: ages are told to the second, and each is judged again.
fn step(certificates: usize) -> Duration {
    Duration::from_secs(1 + (certificates / limits::STATUS_ROWS_A_SECOND) as u64)
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
