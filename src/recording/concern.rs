//! [`Concern`]: which frames of a recording are about some Certificates and what they stand on.

use std::collections::BTreeSet;

use serde_json::Value;

/// Labels of cert-manager's own workloads.
const OWN: [&str; 3] = ["cert-manager", "webhook", "cainjector"];

/// The namespaces of some Certificates, and the ClusterIssuers that they name. cert-manager itself concerns everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concern {
    /// The namespaces.
    pub namespaces: BTreeSet<String>,
    /// The names of the ClusterIssuers.
    pub cluster_issuers: BTreeSet<String>,
}

impl Concern {
    /// Whether a frame is about them. What a frame says of a whole kind is about everybody.
    pub fn keeps(&self, frame: &Value) -> bool {
        match frame.get("op").and_then(Value::as_str) {
            Some("LOG") => self.keeps_line(frame),
            Some("ADDED" | "MODIFIED" | "DELETED") => {
                frame.get("object").is_some_and(|object| self.keeps_object(object))
            }
            _ => true,
        }
    }

    fn keeps_object(&self, object: &Value) -> bool {
        let text = |place: &str| object.pointer(place).and_then(Value::as_str).unwrap_or_default();
        let (kind, name) = (text("/kind"), text("/metadata/name"));
        let here = self.namespaces.contains(text("/metadata/namespace"));
        match kind {
            "ClusterIssuer" => self.cluster_issuers.contains(name),
            "Namespace" => self.namespaces.contains(name),
            "Event" if text("/involvedObject/kind") == "ClusterIssuer" => {
                self.cluster_issuers.contains(text("/involvedObject/name"))
            }
            "Event" => self.namespaces.contains(text("/involvedObject/namespace")),
            "Pod" | "Deployment" => {
                let label = object.pointer("/metadata/labels").and_then(|l| l.get("app.kubernetes.io/name")?.as_str());
                here || label.is_some_and(|label| OWN.contains(&label))
            }
            _ => here,
        }
    }

    /// A line of a log: of a Pod there, or one that names an object there or a ClusterIssuer of theirs.
    fn keeps_line(&self, frame: &Value) -> bool {
        let source = frame.pointer("/source/namespace").and_then(Value::as_str).unwrap_or_default();
        let line = frame.get("line").and_then(Value::as_str).unwrap_or_default();
        let named = |namespace: &String| {
            line.contains(&format!("\"{namespace}/")) || line.contains(&format!("namespace=\"{namespace}\""))
        };
        self.namespaces.contains(source)
            || self.namespaces.iter().any(named)
            || self.cluster_issuers.iter().any(|name| line.contains(&format!("\"{name}\"")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_about_others_is_left_out() {
        let set = |name: &str| BTreeSet::from([name.to_owned()]);
        let concern = Concern { namespaces: set("shop"), cluster_issuers: set("le") };
        let object = |object: Value| concern.keeps(&json!({"op": "ADDED", "object": object}));
        assert!(object(json!({"kind": "Secret", "metadata": {"namespace": "shop", "name": "a"}})));
        assert!(!object(json!({"kind": "Secret", "metadata": {"namespace": "blog", "name": "a"}})));
        assert!(object(json!({"kind": "ClusterIssuer", "metadata": {"name": "le"}})));
        assert!(!object(json!({"kind": "ClusterIssuer", "metadata": {"name": "other"}})));
        let event = |kind: &str, namespace: &str, name: &str| {
            let involved = json!({"kind": kind, "namespace": namespace, "name": name});
            object(json!({"kind": "Event", "metadata": {"namespace": "default"}, "involvedObject": involved}))
        };
        assert!(event("Order", "shop", "a") && event("ClusterIssuer", "", "le"));
        assert!(!event("Order", "blog", "a") && !event("ClusterIssuer", "", "other"));
        let own = json!({"namespace": "cert-manager", "labels": {"app.kubernetes.io/name": "webhook"}});
        assert!(object(json!({"kind": "Deployment", "metadata": own})));
        let line =
            |line: &str| concern.keeps(&json!({"op": "LOG", "source": {"namespace": "cert-manager"}, "line": line}));
        assert!(line(r#""x" key="shop/www""#) && line(r#""x" resource_namespace="shop""#));
        assert!(!line(r#""x" key="workshop/www""#) && !line(r#""x" key="blog/shop""#));
        assert!(concern.keeps(&json!({"op": "SYNCED", "resource": "secrets.v1"})));
    }
}
