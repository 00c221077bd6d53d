//! Ways into Pods that are there already: port-forwards through the API server. Nothing is made, nothing is run.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{Pod, Secret, Service};
use kube::api::{Api, GetParams, ListParams, Resource as _};
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite};

use super::Cluster;
use crate::limits;
use crate::text::clean;

/// Where clusters keep their resolver: namespace and label, the usual first.
const RESOLVERS: [(&str, &str); 4] = [
    ("kube-system", "k8s-app=kube-dns"),
    ("kube-system", "app.kubernetes.io/name=coredns"),
    ("kube-system", "k8s-app=coredns"),
    ("openshift-dns", "dns.operator.openshift.io/daemonset-dns=default"),
];

/// A Pod to whose ports bytes can be sent.
#[derive(Clone)]
pub struct Inside {
    client: kube::Client,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub pod: String,
    /// The address by which the cluster knows it: that of its Service, else its own.
    pub address: SocketAddr,
}

/// Bytes in both directions.
pub trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytes for T {}

impl Inside {
    /// Opens a stream to a port; or why there is none, with the right that is missing.
    pub async fn open(&self, port: u16) -> Result<Pin<Box<dyn Bytes>>, String> {
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), &self.namespace);
        let opened = pods.portforward(&self.pod, &[port]).await;
        let mut forward = opened.map_err(|error| words(&error, "create pods/portforward", &self.namespace))?;
        let stream = forward.take_stream(port).ok_or("the port-forward has no stream")?;
        Ok(Box::pin(stream))
    }

    /// A Pod of a solver.
    pub fn solver(cluster: &Cluster, namespace: &str, pod: &str) -> Self {
        let address = SocketAddr::from(([0, 0, 0, 0], 8089));
        let (namespace, pod) = (namespace.to_owned(), pod.to_owned());
        Self { client: cluster.client.clone(), namespace, pod, address }
    }
}

impl std::fmt::Debug for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inside({}/{})", self.namespace, self.pod)
    }
}

/// What went wrong, in words that name the right that is missing.
pub(super) fn words(error: &kube::Error, right: &str, namespace: &str) -> String {
    match error {
        kube::Error::Api(status) if status.code == 403 && namespace.is_empty() => {
            format!("the right that is missing: {right}")
        }
        kube::Error::Api(status) if status.code == 403 => {
            format!("the right that is missing: {right} in namespace {namespace}")
        }
        kube::Error::UpgradeConnection(_) => {
            // The refusal of an upgrade does not say more than its number.
            let said = error.to_string();
            let refused =
                said.contains("403").then(|| format!("the right that is missing: {right} in namespace {namespace}"));
            refused.unwrap_or_else(|| clean(&said, limits::MESSAGE).into_owned())
        }
        error => super::error::said(error),
    }
}

/// The cluster's own resolver.
pub async fn resolver(cluster: &Cluster) -> Result<Inside, String> {
    let mut missing = None;
    for (namespace, labels) in RESOLVERS {
        let wanted = ListParams::default().labels(labels).limit(20);
        let pods: Api<Pod> = Api::namespaced(cluster.client.clone(), namespace);
        let found = match pods.list(&wanted).await {
            Ok(found) => found,
            Err(error) => {
                missing = missing.or_else(|| Some(words(&error, "list pods", namespace)));
                continue;
            }
        };
        let runs = |pod: &Pod| pod.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Running");
        let Some(pod) = found.items.iter().find(|pod| runs(pod)) else { continue };
        let services: Api<Service> = Api::namespaced(cluster.client.clone(), namespace);
        // Without the right to list Services the Pod's own address stands for it.
        let service = services.list(&wanted).await.ok().and_then(|found| {
            let mut addresses = found.items.into_iter().filter_map(|service| service.spec?.cluster_ip);
            addresses.find_map(|address| address.parse::<IpAddr>().ok())
        });
        let own = pod.status.as_ref().and_then(|status| status.pod_ip.as_deref()?.parse().ok());
        let ip = service.or(own).unwrap_or(IpAddr::from([0, 0, 0, 0]));
        let name = pod.metadata.name.clone().unwrap_or_default();
        return Ok(Inside {
            client: cluster.client.clone(),
            namespace: namespace.to_owned(),
            pod: clean(&name, limits::NAME).into_owned(),
            address: SocketAddr::new(ip, 53),
        });
    }
    Err(missing.unwrap_or_else(|| "no Pod of the cluster's resolver is found".to_owned()))
}

/// What of a Secret may be read: nothing but its certificate. Whatever else it holds is skipped, not decoded.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Public {
    #[serde(rename = "tls.crt")]
    certificate: Option<ByteString>,
}

/// The certificate of a Secret, in PEM. Its key is never decoded.
pub async fn certificate(cluster: &Cluster, namespace: &str, name: &str) -> Result<Vec<u8>, String> {
    /// A Secret without its key.
    #[derive(Debug, Clone, Deserialize)]
    struct Half {
        #[serde(default)]
        data: Option<Public>,
    }
    let path = Secret::url_path(&(), Some(namespace));
    let request = kube::core::Request::new(path).get(name, &GetParams::default());
    let request = request.map_err(|error| clean(&error.to_string(), limits::MESSAGE).into_owned())?;
    let half: Half = cluster.client.request(request).await.map_err(|error| words(&error, "get secrets", namespace))?;
    let certificate = half.data.unwrap_or_default().certificate;
    certificate.map(|bytes| bytes.0).ok_or_else(|| "it has no tls.crt".to_owned())
}
