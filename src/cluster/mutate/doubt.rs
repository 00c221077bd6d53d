//! What an object tells about a write that was not answered.

use serde_json::Value;

use crate::action::body::{Body, seen};
use crate::action::report::Outcome;
use crate::action::step::{Step, Write};
use crate::model::challenge::FINALIZERS;

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It arrived.
    Arrived,
    /// The object is as it was.
    Unchanged,
    /// Somebody changed it otherwise.
    Otherwise,
    /// It is gone, and that is not what was asked for.
    Gone,
    /// Nothing could be read.
    Unread,
}

impl Reading {
    pub(super) const fn meaning(self) -> (Outcome, &'static str) {
        match self {
            Self::Arrived => (Outcome::Done, "the object shows that it was done"),
            Self::Unchanged => (Outcome::Failed, "the object is as it was: it did not arrive"),
            Self::Otherwise => {
                (Outcome::Unknown, "the object changed otherwise meanwhile: look at it before you repeat")
            }
            Self::Gone => (Outcome::Conflict, "the object is gone, or another one has its name"),
            Self::Unread => (Outcome::Unknown, "and the object cannot be read: look at it before you repeat"),
        }
    }
}

/// Reads an object (`None`: there is none) after a write whose answer did not come.
pub(super) fn read(step: &Step, before: &Value, body: &Body, after: Option<&Value>) -> Reading {
    let goes = matches!(step.write, Write::Delete | Write::Release);
    let Some(after) = after.filter(|after| after["metadata"]["uid"] == before["metadata"]["uid"]) else {
        return if goes { Reading::Arrived } else { Reading::Gone };
    };
    let arrived = match &step.write {
        Write::Delete => !after["metadata"]["deletionTimestamp"].is_null(),
        Write::Release => {
            let held = after["metadata"]["finalizers"].as_array().into_iter().flatten();
            !held.filter_map(Value::as_str).any(|name| FINALIZERS.contains(&name))
        }
        Write::Issue => {
            let raised = after["status"]["revision"].as_u64() > before["status"]["revision"].as_u64();
            raised || has_condition(body, after, "Issuing")
        }
        Write::Decide(decision) => has_condition(body, after, if decision.approve { "Approved" } else { "Denied" }),
        Write::Replace(_) => after["spec"] == body.document["spec"] && after["spec"] != before["spec"],
    };
    if arrived {
        Reading::Arrived
    } else if seen(after) == seen(before) {
        Reading::Unchanged
    } else {
        Reading::Otherwise
    }
}

/// Whether the very condition that was sent is there.
fn has_condition(body: &Body, after: &Value, kind: &str) -> bool {
    let find = |object: &Value| {
        let mut conditions = object["status"]["conditions"].as_array().into_iter().flatten();
        conditions.find(|condition| condition["type"] == kind).cloned()
    };
    let (sent, found) = (find(&body.document), find(after));
    sent.zip(found).is_some_and(|(sent, found)| {
        ["status", "reason", "message", "lastTransitionTime"].iter().all(|field| sent[field] == found[field])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::ObjectKey;
    use crate::model::kind::Kind;
    use crate::model::symbol::Symbol;
    use serde_json::json;

    #[test]
    fn the_object_tells_what_became_of_a_write() {
        let object = ObjectKey { kind: Kind::Certificate, namespace: Symbol::from("a"), name: Box::from("b") };
        let step = |write| Step::new(object.clone(), write, None);
        let with = |version: &str, more: Value| {
            let mut value = json!({"metadata": {"uid": "u", "resourceVersion": version}});
            json_merge(&mut value, &more);
            value
        };
        let issuing = json!({"status": {"conditions": [{"type": "Issuing", "status": "True", "reason": "r", "message": "m", "lastTransitionTime": "t"}]}});
        let before = with("1", json!({}));
        let body = Body { content_type: "", document: with("1", issuing.clone()) };
        let table = [
            (Write::Issue, Some(with("2", issuing)), Reading::Arrived),
            (Write::Issue, Some(with("1", json!({}))), Reading::Unchanged),
            (Write::Issue, Some(with("3", json!({"status": {"revision": 1}}))), Reading::Arrived),
            (Write::Issue, Some(with("3", json!({}))), Reading::Otherwise),
            (Write::Issue, None, Reading::Gone),
            (Write::Delete, None, Reading::Arrived),
            (Write::Delete, Some(json!({"metadata": {"uid": "other"}})), Reading::Arrived),
            (Write::Delete, Some(with("1", json!({}))), Reading::Unchanged),
        ];
        for (write, after, expected) in table {
            assert_eq!(read(&step(write.clone()), &before, &body, after.as_ref()), expected, "{write:?} {after:?}");
        }
    }

    fn json_merge(into: &mut Value, from: &Value) {
        for (name, value) in from.as_object().unwrap() {
            into[name] = value.clone();
        }
    }
}
