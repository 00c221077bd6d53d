//! [`Writer`]: frames into a file.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::frame::{FORMAT, Header, VERSION};
use crate::model::kind::Kind;
use crate::model::logs::Voice;
use crate::model::meta::Time;
use crate::project::TELLING_ENV;

/// Writes a recording line by line, without what must not be kept.
#[derive(Debug)]
pub struct Writer<W> {
    output: W,
    frames: usize,
}

/// A moment, as frames have it.
pub(super) fn moment(t: Time) -> String {
    t.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

impl<W: Write> Writer<W> {
    /// Writes the first line. `namespaces` are those that are watched; none for all.
    pub fn begin(
        mut output: W,
        started: Time,
        cluster: &str,
        kubernetes: &str,
        namespaces: &[String],
    ) -> io::Result<Self> {
        let header = Header {
            format: FORMAT.to_owned(),
            version: VERSION,
            started,
            cluster: cluster.to_owned(),
            kubernetes: kubernetes.to_owned(),
            namespaces: namespaces.to_vec(),
        };
        writeln!(output, "{}", serde_json::to_string(&header)?)?;
        Ok(Self { output, frames: 0 })
    }

    /// How many frames were written.
    pub const fn frames(&self) -> usize {
        self.frames
    }

    /// Writes an object; `op` is `ADDED`, `MODIFIED` or `DELETED`.
    pub fn object(&mut self, t: Time, op: &str, kind: Kind, mut object: Value) -> io::Result<()> {
        redact(kind, &mut object);
        self.line(&json!({"t": moment(t), "op": op, "object": object}))
    }

    /// Writes that the list of a kind is complete.
    pub fn synced(&mut self, t: Time, kind: Kind) -> io::Result<()> {
        self.line(&json!({"t": moment(t), "op": "SYNCED", "resource": resource(kind)}))
    }

    /// Writes that the watch of a kind ended, with the server's status code and words.
    pub fn error(&mut self, t: Time, kind: Kind, code: u16, message: &str) -> io::Result<()> {
        let reason = match code {
            403 => "Forbidden",
            404 => "NotFound",
            410 => "Expired",
            _ => "InternalError",
        };
        let status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "code": code, "reason": reason, "message": message
        });
        self.line(&json!({"t": moment(t), "op": "ERROR", "resource": resource(kind), "object": status}))
    }

    /// Writes a line of a log.
    pub fn log(&mut self, t: Time, voice: &Voice, line: &str) -> io::Result<()> {
        let source = json!({"namespace": voice.namespace.as_str(), "pod": voice.pod.as_str(), "container": voice.container.as_str()});
        self.line(&json!({"t": moment(t), "op": "LOG", "source": source, "line": line}))
    }

    /// Writes out what is buffered.
    pub fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    fn line(&mut self, frame: &Value) -> io::Result<()> {
        self.frames += 1;
        serde_json::to_writer(&mut self.output, frame)?;
        self.output.write_all(b"\n")
    }
}

fn resource(kind: Kind) -> String {
    let row = kind.row();
    if row.group.is_empty() {
        format!("{}.{}", row.plural, row.version)
    } else {
        format!("{}.{}/{}", row.plural, row.group, row.version)
    }
}

/// Takes out of an object what must not be kept: `managedFields`, data of Secrets, the last applied configuration
/// (it can hold a key), and the values of variables that do not explain failures.
pub fn redact(kind: Kind, object: &mut Value) {
    let Some(object) = object.as_object_mut() else { return };
    object.insert("apiVersion".to_owned(), kind.api_version().into());
    object.insert("kind".to_owned(), kind.name().into());
    if let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        meta.remove("managedFields");
        if let Some(annotations) = meta.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        }
    }
    match kind {
        Kind::Secret => ["data", "stringData"].iter().for_each(|field| {
            object.remove(*field);
        }),
        Kind::Pod => object.get_mut("spec").into_iter().for_each(redact_env),
        Kind::Deployment => {
            object
                .get_mut("spec")
                .and_then(|s| s.get_mut("template")?.get_mut("spec"))
                .into_iter()
                .for_each(redact_env);
        }
        _ => {}
    }
}

fn redact_env(pod_spec: &mut Value) {
    let lists = ["containers", "initContainers", "ephemeralContainers"];
    let Some(spec) = pod_spec.as_object_mut() else { return };
    for list in lists {
        let containers = spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
        for var in
            containers.filter_map(|c| c.get_mut("env")?.as_array_mut()).flatten().filter_map(Value::as_object_mut)
        {
            redact_variable(var);
        }
    }
}

fn redact_variable(var: &mut Map<String, Value>) {
    let telling = var.get("name").and_then(Value::as_str).is_some_and(|name| TELLING_ENV.contains(&name));
    if !telling && var.contains_key("value") {
        var.insert("value".to_owned(), "".into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_kept_is_taken_out() {
        let mut secret = json!({
            "metadata": {"name": "a", "managedFields": [1], "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "key", "b": "c"}},
            "data": {"tls.key": "a2V5"}, "stringData": {"tls.key": "key"}
        });
        redact(Kind::Secret, &mut secret);
        let kept = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "annotations": {"b": "c"}}});
        assert_eq!(secret, kept);

        let env =
            json!([{"name": "AWS_REGION", "value": "eu-west-1"}, {"name": "AWS_SECRET_ACCESS_KEY", "value": "s3cr3t"}]);
        let mut deployment =
            json!({"metadata": {"name": "cm"}, "spec": {"template": {"spec": {"containers": [{"env": env}]}}}});
        redact(Kind::Deployment, &mut deployment);
        let text = deployment.to_string();
        assert!(text.contains("eu-west-1") && !text.contains("s3cr3t"), "{text}");
    }
}
