//! [`World`]: where a row is looked up.

use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::Id;
use crate::triage::ledger::Ledger;
use crate::triage::row::Row;

/// The model and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The model.
    pub model: &'a Model,
    /// The diagnoses.
    pub ledger: &'a Ledger,
}

impl<'a> World<'a> {
    /// What a row is sorted and filtered by.
    pub fn row(&self, id: Id<Certificate>) -> Option<Row<'a>> {
        let ledger = self.ledger;
        Some(Row { certificate: self.model.certificates.get(id)?, diagnosis: ledger.get(id) })
    }
}
