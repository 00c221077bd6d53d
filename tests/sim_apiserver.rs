//! What a real API server answered, replayed against the simulated one: the same requests on the same objects.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use bytes::Bytes;
use cmtop::sim::{Clock, Cluster};
use http::Request;
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// Differences that stay, and why. A path ends where the difference begins.
const ACCEPTED: &[(&str, &str, &str)] = &[
    (
        "discovery-apis.http",
        "groups",
        "the recorded server has groups of its own, and lists its groups in its own order",
    ),
    ("discovery-core-v1.http", "apiVersion", "the real server leaves it out of this one document; clients take both"),
    ("discovery-core-v1.http", "resources", "not the same kinds are served; those that both serve are compared below"),
    ("discovery-", "storageVersionHash", "a hash of how objects are stored, which nobody but a migrator reads"),
    ("version.http", "gitVersion", "the version of the program itself"),
    ("version.http", "gitCommit", "the version of the program itself"),
    ("version.http", "goVersion", "the version of the program itself"),
    ("version.http", "compiler", "the version of the program itself"),
    ("version.http", "platform", "the version of the program itself"),
    ("ssrr.http", "status.resourceRules", "the recorded server repeats the rules of two layers of authorizers"),
    ("ssrr.http", "status.nonResourceRules", "URLs that are no resources have no rules here"),
    ("list-bad-continue.http", "message", "the tail of the sentence is the text of Go's JSON parser"),
    ("watch-too-old.http", "message", "the oldest version that the log still has is another one"),
    ("list-table.http", "description", "descriptions of built-in columns are left out: no client prints them"),
    ("list-table.http", "rows", "ages depend on the clock; the other cells are compared below"),
    ("list-rv-0.http", "", "the recording is cut short; the pages are compared whole"),
    ("list-page-", "metadata.remainingItemCount", "three objects are lost where the recording is cut short"),
    ("get", "metadata.managedFields", "the recorder asked for objects without it"),
    ("", "metadata.resourceVersion", "the version of the whole cluster is another one"),
    ("", "object.metadata.resourceVersion", "the version of a bookmark is another one"),
    ("", "metadata.continue", "a token holds that version"),
];

struct Exchange {
    file: String,
    method: String,
    uri: String,
    headers: Vec<(String, String)>,
    body: String,
    status: u16,
    content_type: String,
    answer: String,
}

fn exchanges() -> Vec<Exchange> {
    let mut files: Vec<_> = fs::read_dir("tests/apiserver").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| read(path.file_name().unwrap().to_str().unwrap())).collect()
}

fn read(file: &str) -> Exchange {
    let text = fs::read_to_string(format!("tests/apiserver/{file}")).unwrap();
    let (head, mut rest) = text.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let (method, uri) = lines.next().unwrap().split_once(' ').unwrap();
    let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    let headers = lines.map(pair).collect();
    let mut body = String::new();
    if rest.starts_with(['{', '[']) {
        let (sent, tail) = rest.split_once("\n\n").unwrap();
        (body, rest) = (sent.to_owned(), tail);
    }
    let (answer_head, answer) = rest.split_once("\n\n").unwrap_or((rest, ""));
    let mut lines = answer_head.lines();
    let status = lines.next().unwrap().split(' ').next().unwrap().parse().unwrap();
    let answered: BTreeMap<_, _> = lines.map(pair).collect();
    Exchange {
        file: file.to_owned(),
        method: method.to_owned(),
        uri: uri.to_owned(),
        headers,
        body,
        status,
        content_type: answered["Content-Type"].clone(),
        answer: answer.to_owned(),
    }
}

/// The objects that the recorded requests were about, taken from the recorded answers.
fn cluster() -> Cluster {
    let cluster = Cluster::new(Clock::starting_at("2026-11-22T16:27:00Z".parse().unwrap(), 1.0));
    let items =
        |file: &str| serde_json::from_str::<Value>(&read(file).answer).unwrap()["items"].as_array().unwrap().clone();
    for mut certificate in whole_items(&read("list-rv-0.http").answer) {
        // The other answers were cleaned of what the recorded server adds to annotations; this one was not.
        certificate["metadata"]["annotations"] = json!({});
        cluster.plant(&certificate).unwrap();
    }
    for file in ["list-page-1.http", "list-page-2.http", "list-namespace.http", "get-challenge-stuck.http"] {
        for object in items(file) {
            cluster.plant(&object).unwrap();
        }
    }
    for mut event in items("list-field-selector.http") {
        event["apiVersion"] = json!("v1");
        event["kind"] = json!("Event");
        cluster.plant(&event).unwrap();
    }
    for mut secret in items("list-metadata-only.http") {
        secret["apiVersion"] = json!("v1");
        secret["kind"] = json!("Secret");
        cluster.plant(&secret).unwrap();
    }
    let mut challenge: Value = serde_json::from_str(&read("patch-json-remove-finalizer-dry-run.http").answer).unwrap();
    challenge["metadata"]["finalizers"] = json!(["acme.cert-manager.io/finalizer"]);
    cluster.plant(&challenge).unwrap();
    cluster
}

/// The items of a list that was cut short when it was recorded.
fn whole_items(text: &str) -> Vec<Value> {
    let mut rest = text.split_once("\"items\":[").unwrap().1;
    let mut items = Vec::new();
    loop {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(item)) = values.next() else { return items };
        items.push(item);
        rest = rest[values.byte_offset()..].trim_start_matches(',');
    }
}

async fn send(cluster: &Cluster, exchange: &Exchange) -> (u16, String, String) {
    let mut request = Request::builder().method(exchange.method.as_str()).uri(&exchange.uri);
    for (name, value) in &exchange.headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(Bytes::from(exchange.body.clone()))).unwrap();
    let response = cluster.service().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, content_type, String::from_utf8(body.to_vec()).unwrap())
}

/// Documents of an answer: one, or one a line.
fn documents(text: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(text).into_iter().map(|value| value.unwrap_or(Value::Null)).collect()
}

fn differences(path: &str, expected: &Value, actual: &Value, found: &mut Vec<(String, String)>) {
    match (expected, actual) {
        (Value::Object(left), Value::Object(right)) => {
            let names: std::collections::BTreeSet<_> = left.keys().chain(right.keys()).collect();
            for name in names {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                differences(
                    &below,
                    left.get(name).unwrap_or(&Value::Null),
                    right.get(name).unwrap_or(&Value::Null),
                    found,
                );
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (number, (left, right)) in left.iter().zip(right).enumerate() {
                differences(&format!("{path}.{number}"), left, right, found);
            }
        }
        _ if expected == actual => {}
        _ => found.push((path.to_owned(), format!("{path}: real {expected}, simulated {actual}"))),
    }
}

fn is_accepted(file: &str, path: &str) -> bool {
    ACCEPTED.iter().any(|(prefix, accepted, _)| {
        let suffix_of_items = path.split('.').next_back() == Some(accepted);
        file.starts_with(prefix) && (path == *accepted || path.starts_with(&format!("{accepted}.")) || suffix_of_items)
    })
}

#[tokio::test(start_paused = true)]
async fn answers_like_the_real_server() {
    let cluster = cluster();
    let mut report = Vec::new();
    for exchange in exchanges() {
        let file = &exchange.file;
        let answer = tokio::time::timeout(Duration::from_mins(1), send(&cluster, &exchange)).await;
        let (status, content_type, body) = answer.unwrap_or_else(|_| panic!("{file}: no answer"));
        if status != exchange.status {
            report.push(format!("{file}: real status {}, simulated {status}: {body}", exchange.status));
        }
        if content_type != exchange.content_type {
            report.push(format!("{file}: real content type {}, simulated {content_type}", exchange.content_type));
        }
        let (expected, actual) = (documents(&exchange.answer), documents(&body));
        let mut found = Vec::new();
        if expected.len() != actual.len() {
            report.push(format!("{file}: real {} documents, simulated {}", expected.len(), actual.len()));
        }
        for (expected, actual) in expected.iter().zip(&actual) {
            let (inner, simulated) = match expected["type"].as_str() {
                Some("ERROR") => (&expected["object"], &actual["object"]),
                _ => (expected, actual),
            };
            differences("", inner, simulated, &mut found);
        }
        report.extend(
            found.into_iter().filter(|(path, _)| !is_accepted(file, path)).map(|(_, text)| format!("{file}: {text}")),
        );
    }
    assert!(report.is_empty(), "{} differences:\n{}", report.len(), report.join("\n"));
}

#[tokio::test]
async fn rows_of_tables_have_the_same_cells() {
    let exchange = read("list-table.http");
    let (_, _, body) = send(&cluster(), &exchange).await;
    let cells = |text: &str| -> Vec<Value> {
        let table: Value = serde_json::from_str(text).unwrap();
        table["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["cells"].as_array().unwrap()[..5].iter().cloned().collect())
            .collect()
    };
    assert_eq!(cells(&body), cells(&exchange.answer));
}

#[tokio::test]
async fn kinds_that_both_serve_are_described_alike() {
    let exchange = read("discovery-core-v1.http");
    let (_, _, body) = send(&cluster(), &exchange).await;
    let rows = |text: &str| -> BTreeMap<String, Value> {
        let document: Value = serde_json::from_str(text).unwrap();
        let rows = document["resources"].as_array().unwrap().clone().into_iter().map(|mut row| {
            row.as_object_mut().unwrap().remove("storageVersionHash");
            // There Pods and Services are plain custom resources, which have neither short names nor categories.
            row.as_object_mut().unwrap().remove("shortNames");
            row.as_object_mut().unwrap().remove("categories");
            let mut verbs: Vec<_> =
                row["verbs"].as_array().unwrap().iter().map(|verb| verb.as_str().unwrap().to_owned()).collect();
            verbs.sort();
            row["verbs"] = json!(verbs);
            (row["name"].as_str().unwrap().to_owned(), row)
        });
        rows.collect()
    };
    let (real, simulated) = (rows(&exchange.answer), rows(&body));
    let shared: Vec<_> = simulated.keys().filter(|name| real.contains_key(*name)).collect();
    assert!(shared.len() >= 8, "{shared:?}");
    for name in shared {
        assert_eq!(simulated[name], real[name]);
    }
}

/// One page of the Certificates, with what is given after the path.
async fn page(cluster: &Cluster, query: &str) -> (u16, Value) {
    let uri = format!("/apis/cert-manager.io/v1/certificates?limit=2{query}");
    let request = Request::builder().uri(uri).body(Full::new(Bytes::new())).unwrap();
    let response = cluster.service().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap())
}

async fn write(cluster: &Cluster, method: &str, path: &str, body: Value) {
    let uri = format!("/apis/cert-manager.io/v1/namespaces/shop/certificates{path}");
    let request = Request::builder().method(method).uri(uri).header("content-type", "application/json");
    let response = cluster.service().oneshot(request.body(Full::new(Bytes::from(body.to_string()))).unwrap()).await;
    let status = response.unwrap().status().as_u16();
    assert!(status < 300, "{method} {path}: {status}");
}

fn certificate(name: &str) -> Value {
    json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"name": name, "namespace": "shop"},
        "spec": {"secretName": name, "dnsNames": ["a.test"], "issuerRef": {"name": "ca"}}})
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn all_pages_of_a_list_show_one_moment_and_a_late_one_can_be_gone_on_with() {
    let cluster = Cluster::new(Clock::starting_at("2026-11-22T16:27:00Z".parse().unwrap(), 1.0));
    cluster.plant(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})).unwrap();
    for name in ["a", "c", "e", "g"] {
        write(&cluster, "POST", "", certificate(name)).await;
    }
    let (_, first) = page(&cluster, "").await;
    assert_eq!(names(&first), ["a", "c"]);
    for name in ["b", "f", "h"] {
        write(&cluster, "POST", "", certificate(name)).await;
    }
    write(&cluster, "DELETE", "/e", json!({})).await;
    let rest = format!("&continue={}", first["metadata"]["continue"].as_str().unwrap());
    let (_, second) = page(&cluster, &rest).await;
    assert_eq!(names(&second), ["e", "g"], "as it was when the list began");
    assert_eq!(second["metadata"]["resourceVersion"], first["metadata"]["resourceVersion"]);
    assert_eq!(second["metadata"]["continue"], json!(""));

    cluster.compact();
    let (status, late) = page(&cluster, &rest).await;
    assert_eq!((status, &late["reason"]), (410, &json!("Expired")));
    let go_on = format!("&continue={}", late["metadata"]["continue"].as_str().unwrap());
    let (status, now) = page(&cluster, &go_on).await;
    assert_eq!((status, names(&now)), (200, vec!["f", "g"]), "as it is now");
    let (_, last) = page(&cluster, &format!("&continue={}", now["metadata"]["continue"].as_str().unwrap())).await;
    assert_eq!(names(&last), ["h"]);
}
