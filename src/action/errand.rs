//! [`Errand`]: what the screen asks of the source about actions; [`ActionNews`]: what comes back.

use std::collections::BTreeMap;

use super::Action;
use super::plan::Plan;
use super::report::{Check, Report};

/// What is asked for. A ticket is the number of the dialog that asks: an answer to a dialog that is closed is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Which actions are allowed in a namespace; in the whole cluster when it is empty.
    Rights(String),
    /// Look at what a plan would do, and send nothing.
    Check(u64, Box<Plan>),
    /// Do plans, one after the other; the check of a plan that a person looked at comes with it.
    Perform(u64, Vec<Plan>),
    /// Stop after the one that is being done.
    Stop(u64),
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionNews {
    /// Of each action that is not allowed in a namespace, the right that is missing.
    Rights(String, BTreeMap<Action, String>),
    /// What is known of each step of a plan before it is sent.
    Checked(u64, Vec<Check>),
    /// One plan was done, or not.
    Reported(u64, Report),
    /// All plans of a ticket are through.
    Ended(u64),
}
