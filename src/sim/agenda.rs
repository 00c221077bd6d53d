//! What is to be done when: the heart of a deterministic world.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use chrono::{DateTime, Utc};

/// A controller of the simulated cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Controller {
    /// The story itself: the people and the accidents in it.
    Story,
    Issuers,
    Trigger,
    Readiness,
    Keys,
    Requests,
    Approver,
    Signers,
    Orders,
    Scheduler,
    Challenges,
    Issuing,
    Revisions,
    /// The kubelet and the ingress controller, as far as solvers need them.
    Nodes,
}

/// One object that a controller has to look at.
pub(crate) type Task = (Controller, Box<str>);

/// Tasks by the time they are due. A task stands in it once: an earlier date wins over a later one.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Reverse<(DateTime<Utc>, u64, Task)>>,
    due: HashMap<Task, DateTime<Utc>>,
    count: u64,
}

impl Agenda {
    /// Puts a task in, or moves it to an earlier date.
    pub(crate) fn add(&mut self, controller: Controller, key: &str, at: DateTime<Utc>) {
        let task = (controller, key.into());
        if self.due.get(&task).is_some_and(|known| *known <= at) {
            return;
        }
        self.count += 1;
        self.due.insert(task.clone(), at);
        self.heap.push(Reverse((at, self.count, task)));
    }

    /// When the next task is due.
    pub(crate) fn next(&mut self) -> Option<DateTime<Utc>> {
        while let Some(Reverse((at, _, task))) = self.heap.peek() {
            // What was moved to an earlier date, and done there, is left over in the heap.
            if self.due.get(task) == Some(at) {
                return Some(*at);
            }
            self.heap.pop();
        }
        None
    }

    /// Takes the next task out if it is due by `now`.
    pub(crate) fn pop(&mut self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Task)> {
        let at = self.next().filter(|at| *at <= now)?;
        let Reverse((_, _, task)) = self.heap.pop()?;
        self.due.remove(&task);
        Some((at, task))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_task_is_done_once_at_its_earliest_date() {
        let start = DateTime::<Utc>::default();
        let mut agenda = Agenda::default();
        agenda.add(Controller::Orders, "a", start + TimeDelta::seconds(5));
        agenda.add(Controller::Orders, "a", start + TimeDelta::seconds(1));
        agenda.add(Controller::Orders, "a", start + TimeDelta::seconds(9));
        assert_eq!(agenda.next(), Some(start + TimeDelta::seconds(1)));
        assert!(agenda.pop(start).is_none());
        assert!(agenda.pop(start + TimeDelta::seconds(10)).is_some());
        assert!(agenda.next().is_none());
    }
}
