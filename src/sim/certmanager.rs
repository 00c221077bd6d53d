//! The simulated cert-manager: one file a controller, each a function from what is there to one step forward.

mod approver;
mod challenges;
mod issuers;
mod issuing;
mod keys;
mod orders;
mod policies;
mod readiness;
mod requests;
mod revisions;
mod scheduler;
mod signers;
mod solvers;
mod trigger;

use super::agenda::Controller;
use super::desk::{Desk, Outcome};

pub(crate) use scheduler::next_pass;

/// Lets a controller look at one object.
pub(crate) fn reconcile(desk: &mut Desk, controller: Controller, key: &str) -> Outcome {
    match controller {
        Controller::Issuers => issuers::reconcile(desk, key),
        Controller::Trigger => trigger::reconcile(desk, key),
        Controller::Readiness => readiness::reconcile(desk, key),
        Controller::Keys => keys::reconcile(desk, key),
        Controller::Requests => requests::reconcile(desk, key),
        Controller::Approver => approver::reconcile(desk, key),
        Controller::Signers => signers::reconcile(desk, key),
        Controller::Orders => orders::reconcile(desk, key),
        Controller::Scheduler => scheduler::reconcile(desk),
        Controller::Challenges => challenges::reconcile(desk, key),
        Controller::Issuing => issuing::reconcile(desk, key),
        Controller::Revisions => revisions::reconcile(desk, key),
        Controller::Story | Controller::Nodes => Outcome::Done,
    }
}

/// The first and the longest pause of a controller's retries, in seconds.
pub(crate) fn retry_pauses(controller: Controller) -> (u32, u32) {
    match controller {
        Controller::Orders | Controller::Challenges => (5, 30 * 60),
        Controller::Issuers | Controller::Approver | Controller::Signers => (5, 5 * 60),
        _ => (1, 30),
    }
}
