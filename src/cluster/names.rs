//! The names of objects, and nothing else of them: for completions.

use http::Request;
use serde::Deserialize;

use super::Cluster;
use crate::limits;
use crate::model::kind::Kind;
use crate::text::clean;

/// Has the server leave out everything but the metadata, where it can.
const METADATA: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";

#[derive(Deserialize)]
struct List {
    #[serde(default)]
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    metadata: Named,
}

#[derive(Default, Deserialize)]
struct Named {
    #[serde(default)]
    namespace: String,
    #[serde(default)]
    name: String,
}

impl Cluster {
    /// Namespaces and names of at most so many objects; none where the server does not tell.
    pub async fn names_of(&self, kind: Kind, namespace: Option<&str>, most: usize) -> Vec<(String, String)> {
        let row = kind.row();
        let group = if row.group.is_empty() { "api".to_owned() } else { format!("apis/{}", row.group) };
        let place = namespace.map(|namespace| format!("namespaces/{namespace}/")).unwrap_or_default();
        let path = format!("/{group}/{}/{place}{}?limit={most}", row.version, row.plural);
        let Ok(request) = Request::get(path).header(http::header::ACCEPT, METADATA).body(Vec::new()) else {
            return Vec::new();
        };
        let list: Result<List, kube::Error> = self.client.request(request).await;
        let safe = |text: String| clean(&text, limits::NAME).into_owned();
        let items = list.map(|list| list.items).unwrap_or_default().into_iter();
        items.map(|item| (safe(item.metadata.namespace), safe(item.metadata.name))).collect()
    }
}
