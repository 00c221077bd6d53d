//! [`LogSources`]: whose logs go into a recording, and what must not be written of what they say.

use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;

use crate::limits;
use crate::model::kind::Kind;
use crate::model::logs::{CONTROLLER, SOLVER, Voice};
use crate::recording::frame::Op;
use crate::recording::redact::Redactor;

/// What the objects of a recording say about its logs.
#[derive(Default)]
pub(super) struct LogSources {
    controllers: BTreeSet<Voice>,
    solvers: BTreeSet<Voice>,
    /// Whether they are others than a moment ago.
    changed: bool,
    redactor: Redactor,
    /// Challenges that are gone: the log still speaks of them for a while.
    gone: VecDeque<Value>,
}

impl LogSources {
    /// Takes note of an object.
    pub(super) fn meet(&mut self, op: Op, kind: Kind, object: &Value) {
        match kind {
            Kind::Pod => {
                let Some(voice) = voice(object) else { return };
                let voices = if &*voice.container == SOLVER { &mut self.solvers } else { &mut self.controllers };
                self.changed |= if op == Op::Upsert { voices.insert(voice) } else { voices.remove(&voice) };
            }
            Kind::Challenge => {
                self.learn(kind, object);
                if op == Op::Delete {
                    self.gone.push_back(object.clone());
                    let oldest = (self.gone.len() > limits::GONE_CHALLENGES).then(|| self.gone.pop_front());
                    oldest.flatten().into_iter().for_each(|oldest| self.redactor.forget(&named(kind, &oldest)));
                }
            }
            Kind::Issuer | Kind::ClusterIssuer => self.learn(kind, object),
            _ => {}
        }
    }

    fn learn(&mut self, kind: Kind, object: &Value) {
        self.redactor.learn(&named(kind, object));
    }

    /// Whose logs are to be read from now on, where that changed: those of the controllers go first.
    pub(super) fn new_voices(&mut self) -> Option<Vec<Voice>> {
        let all = self.controllers.iter().chain(&self.solvers);
        std::mem::take(&mut self.changed).then(|| all.cloned().collect())
    }

    /// A line of a log, as it may be written.
    pub(super) fn clean(&self, line: &str) -> String {
        self.redactor.text(line)
    }
}

/// Items of a list bear no kind.
fn named(kind: Kind, object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.insert("kind".to_owned(), kind.name().into());
    }
    object
}

/// The container whose log tells of issuances: the controller's, or a solver's.
fn voice(pod: &Value) -> Option<Voice> {
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
    fn what_a_challenge_proves_itself_by_is_not_written() {
        let mut log_sources = LogSources::default();
        let challenge = |n: usize| json!({"spec": {"token": format!("token-{n:05}"), "key": format!("key-{n:05}")}});
        log_sources.meet(Op::Upsert, Kind::Challenge, &challenge(0));
        assert!(!log_sources.clean("GET /.well-known/acme-challenge/token-00000").contains("token-00000"));
        for n in 0..limits::GONE_CHALLENGES + 2 {
            log_sources.meet(Op::Delete, Kind::Challenge, &challenge(n));
        }
        let last = format!("serving token-{:05}", limits::GONE_CHALLENGES + 1);
        assert_ne!(log_sources.clean(&last), last, "it is gone, and the log still speaks of it");
        assert!(log_sources.redactor.values().len() <= 2 * limits::GONE_CHALLENGES, "what is long gone is forgotten");
    }

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
