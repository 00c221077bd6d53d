//! [`Request`]: what the dashboard asks of its source while it runs; [`Outlet`]: where the answers go.

use std::path::PathBuf;

use tokio::sync::mpsc;

use super::bundle::BundleRequest;
use crate::action::errand::Errand;
use crate::app::fetch::Fetch;
use crate::app::message::{Message, SourceNews};
use crate::model::Batch;
use crate::model::logs::Voice;
use crate::model::surroundings::Sought;
use crate::probe::preflight::Application;
use crate::probe::target::Target;

/// Where news go.
#[derive(Debug, Clone)]
pub struct Outlet {
    /// News of objects.
    pub batches: mpsc::Sender<Batch>,
    /// News of the source.
    pub messages: mpsc::Sender<Message>,
    /// Where actions are noted.
    pub action_log: Option<PathBuf>,
    /// Where recordings and bundles go.
    pub evidence: PathBuf,
}

impl Outlet {
    /// Says why there is no source.
    pub async fn fail(&self, why: String) {
        let _ = self.messages.send(Message::Source(SourceNews::Failed(why))).await;
    }

    /// Does something, unless nobody takes the news any more before it is done.
    pub async fn unless_closed<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.batches.closed() => None,
        }
    }
}

/// What a source is asked for while it runs.
#[derive(Debug, Clone)]
pub enum Request {
    /// List everything again.
    Resync,
    /// Keep these annotations of objects, and no others.
    Keep(Vec<String>),
    /// Look for what stands around cert-manager.
    LookAround(Sought),
    /// Look at what a Challenge wants to be seen, again and again.
    Probe(Box<Target>),
    /// Look at what a Certificate asks for, before there is a Challenge.
    Preflight(Box<Application>),
    /// Look no more.
    EndProbe,
    /// Read an object.
    Fetch(Box<Fetch>),
    /// Look at an action, or do it.
    Action(Errand),
    /// Follow these logs, and no others.
    Logs(Vec<Voice>),
    /// Begin a recording, or end the one that runs.
    Record,
    /// Write the bundle of a Certificate.
    Bundle(BundleRequest),
}
