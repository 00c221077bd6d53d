//! What a request carries: made from the object as it was read a moment ago, never from memory.
//!
//! cert-manager's own tools write the same: `Issuing=True` with `ManuallyTriggered`, `Approved` with its reason. No mark
//! of cmtop stays on an object.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::difference::{LAST_APPLIED, yaml};
use super::merge::merge;
use super::step::{Decision, Edited, Method, Seen, Step, Write};
use crate::limits;
use crate::model::challenge::FINALIZERS;
use crate::model::id::Uid;
use crate::model::meta::{Time, Version};
use crate::text::clean;

/// A write, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The media type.
    pub content_type: &'static str,
    /// The document.
    pub document: Value,
}

/// Why a write must not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// It is done already.
    Already(String),
    /// It is another object by now, of the same name.
    Recreated,
    /// It is not in the state that was looked at.
    Changed,
    /// Something speaks against it.
    Unfit(String),
}

impl Objection {
    /// In a sentence.
    pub fn text(&self) -> String {
        match self {
            Self::Already(why) | Self::Unfit(why) => why.clone(),
            Self::Recreated => "it was deleted and made again under the same name: this is another object".to_owned(),
            Self::Changed => "it changed since you looked at it".to_owned(),
        }
    }
}

/// Which object in which state a document is.
pub fn seen(fresh: &Value) -> Option<Seen> {
    let metadata = &fresh["metadata"];
    let uid = Uid::parse(metadata["uid"].as_str()?)?;
    Some(Seen { uid, version: metadata["resourceVersion"].as_str().map(Version::parse) })
}

/// The body of a step, for the object as it is now; or why it must not be sent.
pub fn body(step: &Step, fresh: &Value, now: Time) -> Result<Body, Objection> {
    agrees(step, fresh)?;
    let put = |document| Ok(Body { content_type: "application/json", document });
    match &step.write {
        Write::Issue => put(issue(fresh, now)?),
        Write::Decide(decision) => put(decide(fresh, decision, now)?),
        Write::Delete => put(delete(fresh)?),
        Write::Release => Ok(Body { content_type: "application/json-patch+json", document: release(fresh)? }),
        Write::Replace(edited) => put(replace(fresh, edited)?),
    }
}

/// The same write, only tried: the server answers as if it did it.
pub fn tried(method: Method, body: &Body) -> (Body, &'static str) {
    let mut body = body.clone();
    if method == Method::Delete {
        body.document["dryRun"] = json!(["All"]);
        (body, "")
    } else {
        (body, "?dryRun=All")
    }
}

fn agrees(step: &Step, fresh: &Value) -> Result<(), Objection> {
    let Some(found) = seen(fresh) else {
        return Err(Objection::Unfit("the server sent an object without a uid".to_owned()));
    };
    let Some(wanted) = step.seen else { return Ok(()) };
    if wanted.uid != found.uid {
        return Err(Objection::Recreated);
    }
    match (wanted.version, found.version) {
        (Some(wanted), Some(found)) if !wanted.is_same_as(found) => Err(Objection::Changed),
        _ => Ok(()),
    }
}

/// Seconds, as the API writes moments.
fn stamp(now: Time) -> String {
    now.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The status of a condition in a document.
pub fn status<'v>(object: &'v Value, kind: &str) -> &'v str {
    let conditions = object["status"]["conditions"].as_array();
    let found = conditions.into_iter().flatten().find(|condition| condition["type"] == kind);
    found.and_then(|condition| condition["status"].as_str()).unwrap_or_default()
}

/// The place of a condition in the list of a document.
pub fn position(object: &Value, kind: &str) -> Option<usize> {
    object["status"]["conditions"].as_array()?.iter().position(|condition| condition["type"] == kind)
}

/// The condition that a step writes, and its type.
pub fn condition(write: &Write, fresh: &Value, now: Time) -> Option<(&'static str, Value)> {
    match write {
        Write::Issue => {
            let mut condition = json!({
                "type": "Issuing", "status": "True", "reason": "ManuallyTriggered",
                "message": "Certificate re-issuance manually triggered", "lastTransitionTime": stamp(now),
            });
            if let Some(generation) = fresh["metadata"]["generation"].as_u64() {
                condition["observedGeneration"] = json!(generation);
            }
            Some(("Issuing", condition))
        }
        Write::Decide(Decision { approve, reason, message, .. }) => {
            let kind = if *approve { "Approved" } else { "Denied" };
            let condition = json!({
                "type": kind, "status": "True", "reason": reason, "message": message, "lastTransitionTime": stamp(now),
            });
            Some((kind, condition))
        }
        Write::Delete | Write::Release | Write::Replace(_) => None,
    }
}

fn with_condition(fresh: &Value, write: &Write, now: Time) -> Value {
    let mut object = fresh.clone();
    let Some((kind, condition)) = condition(write, fresh, now) else { return object };
    if !object["status"]["conditions"].is_array() {
        object["status"]["conditions"] = json!([]);
    }
    let at = position(&object, kind);
    if let Some(list) = object["status"]["conditions"].as_array_mut() {
        match at.and_then(|at| list.get_mut(at)) {
            Some(place) => *place = condition,
            None => list.push(condition),
        }
    }
    object
}

fn issue(fresh: &Value, now: Time) -> Result<Value, Objection> {
    if status(fresh, "Issuing") == "True" {
        return Err(Objection::Already("an issuance is in flight already: retry begins it again".to_owned()));
    }
    if !fresh["metadata"]["deletionTimestamp"].is_null() {
        return Err(Objection::Unfit("it is being deleted".to_owned()));
    }
    Ok(with_condition(fresh, &Write::Issue, now))
}

fn decide(fresh: &Value, decision: &Decision, now: Time) -> Result<Value, Objection> {
    for (kind, word, same) in [("Approved", "approved", decision.approve), ("Denied", "denied", !decision.approve)] {
        if status(fresh, kind) == "True" {
            let text = format!("it is {word} already, and that cannot be changed");
            return Err(if same { Objection::Already(text) } else { Objection::Unfit(text) });
        }
    }
    Ok(with_condition(fresh, &Write::Decide(decision.clone()), now))
}

fn delete(fresh: &Value) -> Result<Value, Objection> {
    if let Some(since) = fresh["metadata"]["deletionTimestamp"].as_str() {
        let held: Vec<&str> = finalizers(fresh).collect();
        let text = format!(
            "it is being deleted since {}, and waits for its finalizers: {}",
            clean(since, limits::NAME),
            clean(&held.join(", "), limits::MESSAGE)
        );
        return Err(Objection::Already(text));
    }
    Ok(json!({
        "apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background",
        "preconditions": {"uid": fresh["metadata"]["uid"], "resourceVersion": fresh["metadata"]["resourceVersion"]},
    }))
}

fn finalizers(fresh: &Value) -> impl Iterator<Item = &str> {
    fresh["metadata"]["finalizers"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The patch that takes the ACME finalizers away: each is tested to be where it is removed, the last one first.
fn release(fresh: &Value) -> Result<Value, Objection> {
    if fresh["metadata"]["deletionTimestamp"].is_null() {
        return Err(Objection::Unfit("it is not being deleted: delete it first".to_owned()));
    }
    let mut patch = vec![
        json!({"op": "test", "path": "/metadata/uid", "value": fresh["metadata"]["uid"]}),
        json!({"op": "test", "path": "/metadata/resourceVersion", "value": fresh["metadata"]["resourceVersion"]}),
    ];
    let ours: Vec<(usize, &str)> =
        finalizers(fresh).enumerate().filter(|(_, name)| FINALIZERS.contains(name)).collect();
    if ours.is_empty() {
        return Err(Objection::Already("no ACME finalizer holds it".to_owned()));
    }
    for (place, name) in ours.into_iter().rev() {
        let path = format!("/metadata/finalizers/{place}");
        patch.push(json!({"op": "test", "path": path, "value": name}));
        patch.push(json!({"op": "remove", "path": path}));
    }
    Ok(Value::Array(patch))
}

/// What was edited, put upon the object as it is now; its identity and its version stay those that were read.
fn replace(fresh: &Value, edited: &Edited) -> Result<Value, Objection> {
    let unreadable = |why: String| Objection::Unfit(format!("it is no YAML of an object: {why}"));
    let read = |text: &str| serde_yaml::from_str::<Value>(text).map_err(|error| unreadable(error.to_string()));
    let (base, mine) = (read(&edited.base)?, read(&edited.text)?);
    if !mine["metadata"].is_object() {
        return Err(unreadable("metadata is missing".to_owned()));
    }
    if mine == base {
        return Err(Objection::Already("nothing was changed".to_owned()));
    }
    // What a person never saw (`managedFields`) is neither kept nor taken away by an edit.
    let theirs: Value = read(&yaml(fresh))?;
    let mut edited = merge(&base, &mine, &strip_identity(&base, theirs)).map_err(|fields| {
        Objection::Unfit(format!("somebody else changed the same: {}; edit it again", fields.join(", ")))
    })?;
    for (pointer, what) in [("/kind", "kind"), ("/metadata/name", "name"), ("/metadata/namespace", "namespace")] {
        if edited.pointer(pointer) != fresh.pointer(pointer) {
            return Err(Objection::Unfit(format!("the {what} may not be changed")));
        }
    }
    if let Some(applied) = fresh["metadata"]["annotations"].get(LAST_APPLIED) {
        edited["metadata"]["annotations"][LAST_APPLIED] = applied.clone();
    }
    edited["apiVersion"] = fresh["apiVersion"].clone();
    edited["metadata"]["uid"] = fresh["metadata"]["uid"].clone();
    edited["metadata"]["resourceVersion"] = fresh["metadata"]["resourceVersion"].clone();
    Ok(edited)
}

/// The version changes with every change: on that nobody clashes.
fn strip_identity(base: &Value, mut theirs: Value) -> Value {
    for field in ["resourceVersion", "generation"] {
        if !base["metadata"][field].is_null() {
            theirs["metadata"][field] = base["metadata"][field].clone();
        }
    }
    theirs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::ObjectKey;
    use crate::model::kind::Kind;
    use crate::model::symbol::Symbol;

    fn step(kind: Kind, write: Write) -> Step {
        let object = ObjectKey { kind, namespace: Symbol::from("shop"), name: Box::from("www") };
        Step::new(object, write, None)
    }

    fn now() -> Time {
        "2026-11-23T01:02:03.5Z".parse().unwrap()
    }

    fn object(more: &Value) -> Value {
        let mut object = json!({"metadata": {"name": "www", "uid": "u-1", "resourceVersion": "7", "generation": 3}});
        for (pointer, value) in more.as_object().unwrap() {
            for (name, value) in value.as_object().unwrap() {
                object[pointer][name] = value.clone();
            }
        }
        object
    }

    #[test]
    fn a_renewal_is_the_condition_that_cmctl_writes_and_nothing_else() {
        let fresh = object(&json!({"status": {"revision": 2, "conditions": [
            {"type": "Ready", "status": "True"}, {"type": "Issuing", "status": "False", "reason": "Failed"}
        ]}}));
        let body = body(&step(Kind::Certificate, Write::Issue), &fresh, now()).unwrap();
        let mut expected = fresh.clone();
        expected["status"]["conditions"][1] = json!({
            "type": "Issuing", "status": "True", "reason": "ManuallyTriggered", "observedGeneration": 3,
            "message": "Certificate re-issuance manually triggered", "lastTransitionTime": "2026-11-23T01:02:03Z",
        });
        assert_eq!(body.document, expected);
    }

    #[test]
    fn only_the_finalizers_of_acme_are_released_and_only_while_it_is_being_deleted() {
        let names = json!(["other/finalizer", FINALIZERS[1], FINALIZERS[0]]);
        let fresh = object(&json!({"metadata": {"finalizers": names, "deletionTimestamp": "2026-11-23T01:00:00Z"}}));
        let patch = body(&step(Kind::Challenge, Write::Release), &fresh, now()).unwrap().document;
        let removed: Vec<&Value> =
            patch.as_array().unwrap().iter().filter(|op| op["op"] == "remove").map(|op| &op["path"]).collect();
        assert_eq!(removed, ["/metadata/finalizers/2", "/metadata/finalizers/1"]);
        let alive = object(&json!({"metadata": {"finalizers": names}}));
        assert!(matches!(body(&step(Kind::Challenge, Write::Release), &alive, now()), Err(Objection::Unfit(_))));
    }

    #[test]
    fn what_is_done_or_decided_is_not_written_again() {
        let issuing = object(&json!({"status": {"conditions": [{"type": "Issuing", "status": "True"}]}}));
        assert!(matches!(body(&step(Kind::Certificate, Write::Issue), &issuing, now()), Err(Objection::Already(_))));
        let approved = object(&json!({"status": {"conditions": [{"type": "Approved", "status": "True"}]}}));
        let decide = |approve| {
            Write::Decide(Decision { approve, reason: "R".into(), message: "m".into(), signer: String::new() })
        };
        let of = |approve| body(&step(Kind::CertificateRequest, decide(approve)), &approved, now()).unwrap_err();
        assert!(matches!(of(true), Objection::Already(_)));
        assert!(matches!(of(false), Objection::Unfit(_)));
        let fresh = object(&json!({}));
        let written = body(&step(Kind::CertificateRequest, decide(false)), &fresh, now()).unwrap().document;
        assert_eq!(written["status"]["conditions"][0]["type"], "Denied");
    }

    #[test]
    fn another_object_or_another_state_is_refused() {
        let fresh = object(&json!({}));
        let mut step = step(Kind::Certificate, Write::Issue);
        step.seen = Some(Seen { uid: Uid::parse("u-2").unwrap(), version: None });
        assert_eq!(body(&step, &fresh, now()), Err(Objection::Recreated));
        step.seen = Some(Seen { uid: Uid::parse("u-1").unwrap(), version: Some(Version::parse("6")) });
        assert_eq!(body(&step, &fresh, now()), Err(Objection::Changed));
        step.seen = seen(&fresh);
        assert!(body(&step, &fresh, now()).is_ok());
    }

    #[test]
    fn an_edit_keeps_the_identity_and_the_version_that_were_read() {
        let fresh = object(&json!({"spec": {"secretName": "a"}}));
        let base = yaml(&fresh);
        let edit = |text: &str| {
            let edited = Edited { base: base.clone(), text: text.to_owned() };
            body(&step(Kind::Certificate, Write::Replace(edited)), &fresh, now())
        };
        let done = edit("metadata: {name: www, uid: forged, resourceVersion: '1'}\nspec: {secretName: b}").unwrap();
        assert_eq!(
            (&done.document["metadata"]["uid"], &done.document["spec"]["secretName"]),
            (&json!("u-1"), &json!("b"))
        );
        assert_eq!(done.document["metadata"]["resourceVersion"], "7");
        assert!(edit("metadata: {name: other}").is_err());
        assert!(edit("[").is_err());
        assert!(matches!(edit(&base), Err(Objection::Already(_))));
    }
}
