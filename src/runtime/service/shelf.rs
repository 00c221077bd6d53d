//! [`Shelf`]: where single objects are read from on demand: a cluster, or a recording as it was at a moment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::cluster::Cluster;
use crate::cluster::fetch::Refusal;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::recording::lookup;
use crate::runtime::source::replay;
use crate::wire::inspected::Inspected;
use crate::wire::masked::Masked;

/// Where single objects are read from.
#[derive(Debug)]
pub enum Shelf {
    /// A cluster, as it is now.
    Cluster(Box<Cluster>),
    /// Frames of a recording.
    Frames(BTreeMap<ObjectKey, Box<RawValue>>),
}

/// What a recording says of a Secret without its data.
pub const NO_DATA: &str = "this recording holds no data of it";

impl Shelf {
    /// What a recording holds of the namespace of an object, until a moment.
    pub async fn recorded(file: &Path, at: Option<Time>, key: &ObjectKey) -> Result<Self, Refusal> {
        let (file, namespace, kind) = (PathBuf::from(file), key.namespace.clone(), key.kind);
        let read = tokio::task::spawn_blocking(move || {
            let mut reader = replay::open(&file).map_err(|failure| failure.what)?;
            let wanted = |key: &ObjectKey| {
                let tied = matches!(key.kind, Kind::Certificate | Kind::CertificateRequest | Kind::Secret);
                key.namespace == namespace && (tied || key.kind == kind)
            };
            lookup::last(&mut reader, at, wanted).map_err(|error| error.to_string())
        });
        let frames = read.await.map_err(|error| Refusal::Failed(error.to_string()))?;
        frames.map(Self::Frames).map_err(Refusal::Failed)
    }

    /// An object.
    pub async fn object(&self, key: &ObjectKey) -> Result<Inspected, Refusal> {
        self.read(key).await
    }

    /// An object whole, without what nobody should see.
    pub async fn masked(&self, key: &ObjectKey) -> Result<Masked, Refusal> {
        self.read(key).await
    }

    async fn read<T: DeserializeOwned>(&self, key: &ObjectKey) -> Result<T, Refusal> {
        match self {
            Self::Cluster(cluster) => cluster.object(key).await,
            Self::Frames(frames) => {
                let raw = frames.get(key).ok_or(Refusal::Missing)?;
                serde_json::from_str(raw.get()).map_err(|error| Refusal::Failed(error.to_string()))
            }
        }
    }

    /// The requests of a namespace.
    pub async fn requests(&self, namespace: &str) -> Result<Vec<Inspected>, Refusal> {
        match self {
            Self::Cluster(cluster) => cluster.requests_in(namespace).await,
            Self::Frames(frames) => {
                let requests = frames.iter().filter(|(key, _)| key.kind == Kind::CertificateRequest);
                Ok(requests.filter_map(|(_, raw)| serde_json::from_str(raw.get()).ok()).collect())
            }
        }
    }

    /// Whether it is a recording.
    pub const fn is_recording(&self) -> bool {
        matches!(self, Self::Frames(_))
    }
}
