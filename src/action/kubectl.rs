//! The same write in kubectl: for who would rather do it by hand, or wants to know what cmtop does.

use chrono::SubsecRound as _;
use serde_json::{Value, json};

use super::body::{self, condition, position};
use super::step::{Step, Write};
use crate::model::meta::Time;

/// The command that writes the same.
pub fn command(step: &Step, fresh: &Value, now: Time) -> String {
    let kind = step.object.kind.name().to_ascii_lowercase();
    let namespace =
        if step.object.namespace.is_empty() { String::new() } else { format!(" -n {}", step.object.namespace) };
    let object = format!("{kind}{namespace} {}", step.object.name);
    match &step.write {
        Write::Issue | Write::Decide(_) => {
            let patch = status_patch(step, fresh, now).to_string();
            format!("kubectl patch {object} --subresource=status --type=json -p {}", quoted(&patch))
        }
        Write::Delete => format!("kubectl delete {object}"),
        Write::Release => {
            let patch = body::body(step, fresh, now).map(|body| body.document.to_string()).unwrap_or_default();
            format!("kubectl patch {object} --type=json -p {}", quoted(&patch))
        }
        Write::Replace(_) => format!("kubectl edit {object}"),
    }
}

/// A condition put into the list at its place, provided that the object is still the same.
fn status_patch(step: &Step, fresh: &Value, now: Time) -> Value {
    let Some((kind, value)) = condition(&step.write, fresh, now.trunc_subsecs(0)) else { return Value::Null };
    let same =
        json!({"op": "test", "path": "/metadata/resourceVersion", "value": fresh["metadata"]["resourceVersion"]});
    let write = match position(fresh, kind) {
        Some(place) => json!({"op": "replace", "path": format!("/status/conditions/{place}"), "value": value}),
        None if fresh["status"]["conditions"].is_array() => {
            json!({"op": "add", "path": "/status/conditions/-", "value": value})
        }
        None if fresh["status"].is_object() => json!({"op": "add", "path": "/status/conditions", "value": [value]}),
        None => json!({"op": "add", "path": "/status", "value": {"conditions": [value]}}),
    };
    json!([same, write])
}

/// A word of a shell that holds anything.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::step::Decision;
    use crate::model::id::ObjectKey;
    use crate::model::kind::Kind;
    use crate::model::symbol::Symbol;

    #[test]
    fn what_a_person_said_cannot_leave_its_quotes() {
        let object = ObjectKey { kind: Kind::CertificateRequest, namespace: Symbol::from("a"), name: Box::from("b") };
        let message = "it's $(no)".to_owned();
        let decision = Decision { approve: false, reason: "R".into(), message, signer: String::new() };
        let step = Step::new(object, Write::Decide(decision), None);
        let text = command(&step, &json!({"metadata": {"resourceVersion": "1"}}), Time::UNIX_EPOCH);
        assert!(text.starts_with("kubectl patch certificaterequest -n a b --subresource=status --type=json -p '["));
        assert!(text.contains(r"it'\''s $(no)"), "{text}");
        assert!(text.contains(r#""path":"/status""#), "{text}");
    }
}
