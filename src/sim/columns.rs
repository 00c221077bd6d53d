//! The columns of `kubectl get`, and how a cell is read from an object.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// One column of a Table answer.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    /// `string`, `integer` or `date`.
    pub(crate) kind: &'static str,
    /// 0 is always printed, 1 only with `-o wide`.
    pub(crate) priority: u8,
    pub(crate) cell: Cell,
}

/// Where a cell comes from.
#[derive(Debug)]
pub(crate) enum Cell {
    /// The object's name.
    Name,
    /// How long ago the object was made.
    Age,
    /// A `JSONPath` of the dialect that custom resources use.
    Path(&'static str),
    /// How long ago the moment at a `JSONPath` was.
    Since(&'static str),
    /// Something that takes more than a path.
    With(fn(&Value) -> Value),
}

const fn name(format: &'static str) -> Column {
    Column { name: format, kind: "string", priority: 0, cell: Cell::Name }
}

const fn path(name: &'static str, priority: u8, path: &'static str) -> Column {
    Column { name, kind: "string", priority, cell: Cell::Path(path) }
}

const fn with(name: &'static str, kind: &'static str, make: fn(&Value) -> Value) -> Column {
    Column { name, kind, priority: 0, cell: Cell::With(make) }
}

const NAME: Column = name("Name");
const AGE: Column = Column { name: "Age", kind: "date", priority: 0, cell: Cell::Age };
const READY: &str = r#".status.conditions[?(@.type == "Ready")].status"#;
const READY_MESSAGE: &str = r#".status.conditions[?(@.type == "Ready")].message"#;
const ISSUER_NAME: &str = ".spec.issuerRef.name";

pub(super) const PLAIN: &[Column] = &[NAME, AGE];
pub(super) const CERTIFICATE: &[Column] = &[
    NAME,
    path("Ready", 0, READY),
    path("Secret", 0, ".spec.secretName"),
    path("Issuer", 1, ISSUER_NAME),
    path("Status", 1, READY_MESSAGE),
    AGE,
];
pub(super) const REQUEST: &[Column] = &[
    NAME,
    path("Approved", 0, r#".status.conditions[?(@.type == "Approved")].status"#),
    path("Denied", 0, r#".status.conditions[?(@.type == "Denied")].status"#),
    path("Ready", 0, READY),
    path("Issuer", 0, ISSUER_NAME),
    path("Requester", 0, ".spec.username"),
    path("Status", 1, READY_MESSAGE),
    AGE,
];
pub(super) const ORDER: &[Column] = &[
    NAME,
    path("State", 0, ".status.state"),
    path("Issuer", 1, ISSUER_NAME),
    path("Reason", 1, ".status.reason"),
    AGE,
];
pub(super) const CHALLENGE: &[Column] = &[
    NAME,
    path("State", 0, ".status.state"),
    path("Domain", 0, ".spec.dnsName"),
    path("Reason", 1, ".status.reason"),
    AGE,
];
pub(super) const ISSUER: &[Column] = &[NAME, path("Ready", 0, READY), path("Status", 1, READY_MESSAGE), AGE];
pub(super) const NAMESPACE: &[Column] = &[NAME, path("Status", 0, ".status.phase"), AGE];
pub(super) const SECRET: &[Column] = &[
    NAME,
    path("Type", 0, ".type"),
    with("Data", "integer", |secret| json!(secret["data"].as_object().map_or(0, serde_json::Map::len))),
    AGE,
];
pub(super) const SERVICE: &[Column] = &[
    NAME,
    path("Type", 0, ".spec.type"),
    path("Cluster-IP", 0, ".spec.clusterIP"),
    with("Port(s)", "string", |service| {
        let ports = service["spec"]["ports"].as_array().into_iter().flatten();
        json!(ports.map(|port| format!("{}/TCP", port["port"])).collect::<Vec<_>>().join(","))
    }),
    AGE,
];
pub(super) const INGRESS: &[Column] = &[
    NAME,
    path("Class", 0, ".spec.ingressClassName"),
    path("Hosts", 0, ".spec.rules[*].host"),
    path("Address", 0, ".status.loadBalancer.ingress[*].ip"),
    AGE,
];
pub(super) const DEPLOYMENT: &[Column] = &[
    NAME,
    with("Ready", "string", |deployment| {
        let count = |field: &Value| field.as_u64().unwrap_or_default();
        let (ready, wanted) = (count(&deployment["status"]["readyReplicas"]), count(&deployment["spec"]["replicas"]));
        json!(format!("{ready}/{wanted}"))
    }),
    with("Up-to-date", "integer", |it| json!(it["status"]["updatedReplicas"].as_u64().unwrap_or_default())),
    with("Available", "integer", |it| json!(it["status"]["availableReplicas"].as_u64().unwrap_or_default())),
    AGE,
];
pub(super) const POD: &[Column] = &[
    NAME,
    with("Ready", "string", |pod| {
        let wanted = pod["spec"]["containers"].as_array().map_or(0, Vec::len);
        let containers = pod["status"]["containerStatuses"].as_array();
        let ready = containers.into_iter().flatten().filter(|container| container["ready"] == true).count();
        json!(format!("{ready}/{wanted}"))
    }),
    with("Status", "string", |pod| {
        let waiting = &pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"];
        if waiting.is_string() { waiting.clone() } else { pod["status"]["phase"].clone() }
    }),
    with("Restarts", "string", |pod| {
        json!(pod["status"]["containerStatuses"][0]["restartCount"].as_u64().unwrap_or_default().to_string())
    }),
    AGE,
];
pub(super) const EVENT: &[Column] = &[
    Column { name: "Last Seen", kind: "string", priority: 0, cell: Cell::Since(".lastTimestamp") },
    path("Type", 0, ".type"),
    path("Reason", 0, ".reason"),
    with("Object", "string", |event| {
        let about = &event["involvedObject"];
        let kind = about["kind"].as_str().unwrap_or_default().to_ascii_lowercase();
        json!(format!("{kind}/{}", about["name"].as_str().unwrap_or_default()))
    }),
    path("Message", 0, ".message"),
];
pub(super) const EVENT_FIELDS: &[&str] = &[
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
];

impl Column {
    /// The cell of this column for an object.
    pub(super) fn read(&self, object: &Value, now: DateTime<Utc>) -> Value {
        match self.cell {
            Cell::Name => object["metadata"]["name"].clone(),
            Cell::Age => since(object["metadata"]["creationTimestamp"].as_str(), now),
            Cell::Path(path) => join(&follow(object, path)),
            Cell::Since(path) => since(follow(object, path).first().and_then(|moment| moment.as_str()), now),
            Cell::With(make) => make(object),
        }
    }
}

fn since(moment: Option<&str>, now: DateTime<Utc>) -> Value {
    let moment = moment.and_then(|text| text.parse::<DateTime<Utc>>().ok());
    json!(moment.map_or_else(|| "<unknown>".to_owned(), |moment| age((now - moment).num_seconds())))
}

fn join(found: &[&Value]) -> Value {
    match found {
        [] => Value::Null,
        [one] => (*one).clone(),
        many => json!(many.iter().filter_map(|value| value.as_str()).collect::<Vec<_>>().join(",")),
    }
}

/// An age the way kubectl writes it: two units while the first is small.
fn age(seconds: i64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let two = |high: i64, high_unit: &str, low: i64, low_unit: &str| match low {
        0 => format!("{high}{high_unit}"),
        low => format!("{high}{high_unit}{low}{low_unit}"),
    };
    match seconds {
        ..0 => "<invalid>".to_owned(),
        0..120 => format!("{seconds}s"),
        120..600 => two(minutes, "m", seconds % 60, "s"),
        600..10_800 => format!("{minutes}m"),
        10_800..28_800 => two(hours, "h", minutes % 60, "m"),
        28_800..172_800 => format!("{hours}h"),
        172_800..691_200 => two(days, "d", hours % 24, "h"),
        691_200..63_072_000 => format!("{days}d"),
        _ => two(days / 365, "y", days % 365, "d"),
    }
}

/// What a `JSONPath` finds: `.a.b`, `[*]` and `[?(@.key == "value")]`, which is all that printer columns use.
fn follow<'a>(object: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![object];
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(filter) = rest.strip_prefix("[?(@.") {
            let Some((test, tail)) = filter.split_once(")]") else { return Vec::new() };
            let Some((key, value)) = test.split_once(" == ") else { return Vec::new() };
            let wanted = value.trim_matches('"');
            found = items(found).filter(|item| item[key] == wanted).collect();
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix("[*]") {
            found = items(found).collect();
            rest = tail;
        } else {
            let step = rest.trim_start_matches('.');
            let (key, tail) = step.split_at(step.find(['.', '[']).unwrap_or(step.len()));
            found = found.into_iter().filter_map(|value| value.get(key)).collect();
            rest = tail;
        }
    }
    found
}

fn items(found: Vec<&Value>) -> impl Iterator<Item = &Value> {
    found.into_iter().filter_map(Value::as_array).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_read_like_kubectl() {
        for (seconds, text) in
            [(5, "5s"), (119, "119s"), (125, "2m5s"), (600, "10m"), (11_000, "3h3m"), (90_000, "25h")]
        {
            assert_eq!(age(seconds), text);
        }
    }

    #[test]
    fn paths_find_conditions() {
        let object =
            json!({"status": {"conditions": [{"type": "A", "status": "x"}, {"type": "Ready", "status": "True"}]}});
        assert_eq!(follow(&object, READY), [&json!("True")]);
        assert!(follow(&object, ".spec.nothing").is_empty());
    }
}
