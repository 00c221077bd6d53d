//! Who else writes an object: what a person changes by hand, a tool (Argo CD, Flux, Helm) changes back.

use serde_json::Value;

use crate::limits;
use crate::text::clean;

/// A mark that a tool leaves, and the tool.
const MARKS: &[(&str, &str, &str)] = &[
    ("annotations", "argocd.argoproj.io/tracking-id", "Argo CD"),
    ("labels", "argocd.argoproj.io/instance", "Argo CD"),
    ("labels", "kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("labels", "helm.toolkit.fluxcd.io/name", "Flux"),
    ("annotations", "meta.helm.sh/release-name", "Helm"),
];

/// `Argo CD (shop)`: the tool that keeps an object, with the name of its application or release. An object that another
/// one owns bears copies of its owner's marks, and no tool looks after it.
pub fn keeper(object: &Value) -> Option<String> {
    let metadata = &object["metadata"];
    if metadata["ownerReferences"].as_array().is_some_and(|owners| !owners.is_empty()) {
        return None;
    }
    let found = |(map, name, tool): &(&str, &str, &str)| {
        let value = metadata[map][name].as_str()?;
        // A tracking id is `application:group/kind:namespace/name`.
        let application = value.split(':').next().unwrap_or_default();
        Some(format!("{tool} ({})", clean(application, limits::NAME)))
    };
    MARKS.iter().find_map(found).or_else(|| {
        let helm = metadata["labels"]["app.kubernetes.io/managed-by"] == "Helm";
        helm.then(|| "Helm".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keepers_are_known_by_their_marks() {
        let of = |metadata: Value| keeper(&json!({"metadata": metadata}));
        let argo =
            json!({"annotations": {"argocd.argoproj.io/tracking-id": "shop:cert-manager.io/Certificate:shop/www"}});
        assert_eq!(of(argo).as_deref(), Some("Argo CD (shop)"));
        assert_eq!(of(json!({"labels": {"kustomize.toolkit.fluxcd.io/name": "apps"}})).as_deref(), Some("Flux (apps)"));
        assert_eq!(of(json!({"labels": {"app.kubernetes.io/managed-by": "Helm"}})).as_deref(), Some("Helm"));
        assert_eq!(of(json!({"labels": {"app.kubernetes.io/instance": "x"}})), None);
        let copied =
            json!({"labels": {"argocd.argoproj.io/instance": "x"}, "ownerReferences": [{"kind": "Certificate"}]});
        assert_eq!(of(copied), None);
    }
}
