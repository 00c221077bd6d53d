//! What a person opens is read on demand: from the cluster, or from the recording that is played.

mod versions;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc::{Receiver, Sender};
use tokio::task::JoinHandle;

use super::shelf::Shelf;
use crate::app::fetch::{Fetch, Fetched, Wanted};
use crate::app::message::Message;
use crate::cluster::Cluster;
use crate::cluster::fetch::Refusal;
use crate::runtime::service::material::gather;
use crate::runtime::service::material::revocation;
use crate::runtime::service::request::Request;
use crate::watch::Lately;

/// Reads what is wanted, one thing at a time: who opens another page waits for that one.
#[derive(Debug)]
pub struct Fetching {
    cluster: Cluster,
    /// What the watches delivered lately.
    kept: Lately,
    /// Whether anybody outside of the cluster may be asked.
    outside: bool,
    out: Sender<Message>,
    task: Option<JoinHandle<()>>,
}

impl Fetching {
    /// Begins with nothing to do.
    pub const fn new(cluster: Cluster, kept: Lately, outside: bool, out: Sender<Message>) -> Self {
        Self { cluster, kept, outside, out, task: None }
    }

    /// Begins to read; the answer comes as a message.
    pub fn begin(&mut self, fetch: Fetch) {
        self.end();
        let (shelf, out) = (Shelf::Cluster(Box::new(self.cluster.clone())), self.out.clone());
        let (outside, kept) = (self.outside, Arc::clone(&self.kept));
        self.task = Some(tokio::spawn(async move {
            let fetched = match fetch.wanted {
                Wanted::Versions => versions::kept(kept, fetch).await,
                _ => answer(Ok(shelf), fetch, outside).await,
            };
            let _ = out.send(Message::Fetched(Box::new(fetched))).await;
        }));
    }

    fn end(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.end();
    }
}

/// Answers from a recording, until nobody asks any more. What else a source is asked for, a recording cannot do.
pub async fn replayed(file: PathBuf, mut requests: Receiver<Request>, out: Sender<Message>) {
    while let Some(request) = requests.recv().await {
        let Request::Fetch(fetch) = request else { continue };
        let fetched = match fetch.wanted {
            Wanted::Versions => versions::recorded(&file, *fetch).await,
            _ => {
                let shelf = Shelf::recorded(&file, Some(fetch.at), &fetch.object).await;
                answer(shelf, *fetch, true).await
            }
        };
        if out.send(Message::Fetched(Box::new(fetched))).await.is_err() {
            return;
        }
    }
}

async fn answer(shelf: Result<Shelf, Refusal>, fetch: Fetch, outside: bool) -> Fetched {
    let key = fetch.object;
    match fetch.wanted {
        Wanted::X509 | Wanted::Revocation => {
            let mut read = match shelf {
                Ok(shelf) => gather(&shelf, &key).await,
                Err(why) => Err(why),
            };
            if let (Ok(material), Wanted::Revocation) = (&mut read, fetch.wanted) {
                material.revocation = Some(revocation(material, outside).await);
            }
            Fetched::X509(key, read.map(Box::new).map_err(|why| why.to_string()))
        }
        // Versions are asked for where they were seen; of a shelf there is one.
        Wanted::Yaml | Wanted::Versions => {
            let read = match shelf {
                Ok(shelf) => shelf.masked(&key).await,
                Err(why) => Err(why),
            };
            let yaml = read.map_err(|why| why.to_string());
            let yaml = yaml.and_then(|object| serde_yaml::to_string(&object.0).map_err(|error| error.to_string()));
            Fetched::Yaml(key, yaml)
        }
    }
}
