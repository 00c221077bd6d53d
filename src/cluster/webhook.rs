//! Whether the webhook of cert-manager answers: nothing of cert-manager can be created or changed while it does not.

use http::Request;
use serde_json::json;

use super::Cluster;
use crate::limits;
use crate::text::clean;

impl Cluster {
    /// Asks as `cmctl check api` does: for a Certificate that is never made (`dryRun=All`). What the API server says of
    /// the webhook, where it does not answer; `None` where it does, or where that cannot be told.
    pub async fn webhook_trouble(&self, namespace: &str) -> Option<String> {
        let body = json!({
            "apiVersion": "cert-manager.io/v1",
            "kind": "Certificate",
            "metadata": {"generateName": "cmtop-check-", "namespace": namespace},
            "spec": {
                "dnsNames": ["cmtop-check.example"],
                "issuerRef": {"name": "cmtop-check"},
                "secretName": "cmtop-check",
            },
        });
        let path = format!("/apis/cert-manager.io/v1/namespaces/{namespace}/certificates?dryRun=All");
        let request = Request::post(path).header(http::header::CONTENT_TYPE, "application/json");
        let request = request.body(body.to_string().into_bytes()).ok()?;
        let answer: Result<serde::de::IgnoredAny, kube::Error> = self.client.request(request).await;
        match answer {
            Err(kube::Error::Api(status)) if status.message.contains("webhook") => {
                Some(clean(&status.message, limits::MESSAGE).into_owned())
            }
            _ => None,
        }
    }
}
