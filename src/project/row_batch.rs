//! [`RowBatch`]: rows of several kinds, in the order in which they came.

use crate::model::certificate::Certificate;
use crate::model::challenge::Challenge;
use crate::model::controller::Controller;
use crate::model::delta::{Delta, NamespaceName, Objects};
use crate::model::events::Event;
use crate::model::issuer::Issuer;
use crate::model::order::Order;
use crate::model::request::CertificateRequest;
use crate::model::secret::Secret;
use crate::model::solver::Solver;

/// Changes that wait to be sent.
#[derive(Debug, Default)]
pub struct RowBatch {
    parts: Vec<Objects>,
    len: usize,
}

/// A row that [`Objects`] can carry.
pub trait Carried: Sized {
    /// The list of such rows, when that is what these are.
    fn list(objects: &mut Objects) -> Option<&mut Vec<Delta<Self>>>;

    /// A new list.
    fn carry(list: Vec<Delta<Self>>) -> Objects;
}

impl RowBatch {
    /// Adds a change.
    pub fn put<T: Carried>(&mut self, delta: Delta<T>) {
        self.len += 1;
        match self.parts.last_mut().and_then(T::list) {
            Some(list) => list.push(delta),
            None => self.parts.push(T::carry(vec![delta])),
        }
    }

    /// How many changes there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes everything out.
    pub fn take(&mut self) -> Vec<Objects> {
        self.len = 0;
        std::mem::take(&mut self.parts)
    }
}

macro_rules! carried {
    ($($row:ty => $variant:ident),* $(,)?) => {
        $(impl Carried for $row {
            fn list(objects: &mut Objects) -> Option<&mut Vec<Delta<Self>>> {
                match objects {
                    Objects::$variant(list) => Some(list),
                    _ => None,
                }
            }

            fn carry(list: Vec<Delta<Self>>) -> Objects {
                Objects::$variant(list)
            }
        })*
    };
}

carried! {
    Certificate => Certificates,
    CertificateRequest => Requests,
    Order => Orders,
    Challenge => Challenges,
    Issuer => Issuers,
    Secret => Secrets,
    Solver => Solvers,
    Controller => Controllers,
    Event => Events,
    NamespaceName => Namespaces,
}
