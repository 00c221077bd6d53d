//! Which container of a Pod has something to say.

use serde_json::Value;

use crate::model::logs::{CONTROLLER, SOLVER, Voice};

/// The container whose log tells of issuances: the controller's, or a solver's.
pub(super) fn voice(pod: &Value) -> Option<Voice> {
    let meta = pod.get("metadata")?;
    let text = |field: &str| meta.get(field).and_then(Value::as_str);
    let label = |name: &str| meta.get("labels").and_then(|labels| labels.get(name)?.as_str());
    let container = if label("acme.cert-manager.io/http01-solver") == Some("true") {
        SOLVER
    } else {
        let name = label("app.kubernetes.io/name")?;
        let part = label("app.kubernetes.io/component").unwrap_or(name);
        ((name == "cert-manager") && matches!(part, "controller" | "cert-manager")).then_some(CONTROLLER)?
    };
    Some(Voice { namespace: text("namespace")?.into(), pod: text("name")?.into(), container: container.into() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn controllers_and_solvers_speak() {
        let container = |labels: Value| {
            let pod = json!({"metadata": {"namespace": "a", "name": "b", "labels": labels}});
            voice(&pod).map(|voice| voice.container.to_string())
        };
        let own = |part: &str| json!({"app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": part});
        assert_eq!(container(own("controller")).as_deref(), Some(CONTROLLER));
        assert_eq!(container(own("webhook")), None);
        assert_eq!(container(json!({"app.kubernetes.io/name": "cainjector"})), None);
        assert_eq!(container(json!({"acme.cert-manager.io/http01-solver": "true"})).as_deref(), Some(SOLVER));
        assert_eq!(container(Value::Null), None);
    }
}
