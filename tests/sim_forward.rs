//! Port-forwards to what listens in the simulated Pods, as kube's client makes them: in this process and over a port.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use cmtop::cluster::{Cluster, Names, Now};
use cmtop::sim::{self, Options, Story, World};
use hickory_proto::op::{Message, Query, ResponseCode};
use hickory_proto::rr::{Name, RecordType};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, ListParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

const CHALLENGES: &str = "
title: Two names that are proven in the DNS, one of them in a split zone, and one on the web
objects:
  - apiVersion: cert-manager.io/v1
    kind: ClusterIssuer
    metadata: {name: letsencrypt-dns}
    spec: {acme: {server: \"https://acme.example/directory\", privateKeySecretRef: {name: dns}, solvers: [{dns01: {route53: {}}}]}}
  - apiVersion: cert-manager.io/v1
    kind: ClusterIssuer
    metadata: {name: letsencrypt}
    spec: {acme: {server: \"https://acme.example/directory\", privateKeySecretRef: {name: web}, solvers: [{http01: {ingress: {ingressClassName: nginx}}}]}}
names:
  app.split.example: {split: true}
  slow.shop.example: {after: 3600}
  web.shop.example: {selfCheck: \"wrong status code '404', expected '200'\"}
  www.shop.example: {selfCheck: the world does not see it yet}
certificates:
  - {name: shop/split, issuer: ClusterIssuer/letsencrypt-dns, dnsNames: [app.split.example], at: -5m}
  - {name: shop/slow, issuer: ClusterIssuer/letsencrypt-dns, dnsNames: [slow.shop.example], at: -5m}
  - {name: shop/www, issuer: ClusterIssuer/letsencrypt-dns, dnsNames: [www.shop.example], at: -5m}
  - {name: shop/web, issuer: ClusterIssuer/letsencrypt, dnsNames: [web.shop.example], at: -5m}
";

fn world() -> World {
    sim::run(&Story::parse(CHALLENGES).unwrap(), Options::default()).unwrap()
}

/// A client of `cmtop simulate`'s port.
async fn over_a_port(world: &World) -> kube::Client {
    let listening = sim::listen(world.cluster(), SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let config = Kubeconfig::from_yaml(&listening.kubeconfig().unwrap()).unwrap();
    tokio::spawn(listening.serve());
    let config = kube::Config::from_custom_kubeconfig(config, &KubeConfigOptions::default()).await.unwrap();
    kube::Client::try_from(config).unwrap()
}

/// The dashboard's own client, with everything that stands around it.
fn in_process(world: &World) -> kube::Client {
    let clock = world.clock().clone();
    let now: Now = Arc::new(move || clock.now());
    Cluster::in_process(world.cluster().service(), Names::default(), now).client
}

async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), name: &str, kind: RecordType) -> Message {
    let mut question = Message::query();
    question.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
    let question = question.to_vec().unwrap();
    stream.write_u16(question.len() as u16).await.unwrap();
    stream.write_all(&question).await.unwrap();
    let mut answer = vec![0; usize::from(stream.read_u16().await.unwrap())];
    stream.read_exact(&mut answer).await.unwrap();
    Message::from_vec(&answer).unwrap()
}

/// Asks the cluster's resolver, the solver's Pod, and a port where nobody listens.
async fn forwards(client: kube::Client, world: &World) {
    let dns = Api::<Pod>::namespaced(client.clone(), "kube-system");
    let pods = dns.list(&ListParams::default().labels("k8s-app=kube-dns")).await.unwrap();
    let mut forward = dns.portforward(pods.items[0].metadata.name.as_deref().unwrap(), &[53]).await.unwrap();
    let mut stream = forward.take_stream(53).unwrap();
    let keys = world.cluster().objects("challenges");
    let key =
        keys.iter().find(|it| it["spec"]["dnsName"] == "www.shop.example").unwrap()["spec"]["key"].as_str().unwrap();
    let found = ask(&mut stream, "_acme-challenge.www.shop.example.", RecordType::TXT).await;
    assert_eq!(found.answers[0].data.to_string().trim_matches('"'), key);
    for hidden in ["_acme-challenge.app.split.example.", "_acme-challenge.slow.shop.example."] {
        let found = ask(&mut stream, hidden, RecordType::TXT).await;
        assert_eq!(found.metadata.response_code, ResponseCode::NXDomain, "{found}");
    }
    let zone = ask(&mut stream, "split.example.", RecordType::NS).await;
    assert_eq!(zone.answers[0].data.to_string(), "ns.corp.internal.");
    drop(stream);
    forward.join().await.unwrap();

    let pods = Api::<Pod>::namespaced(client.clone(), "shop");
    let solvers = pods.list(&ListParams::default().labels("acme.cert-manager.io/http01-solver=true")).await.unwrap();
    let solver = solvers.items[0].metadata.name.clone().unwrap();
    let web = keys.iter().find(|it| it["spec"]["dnsName"] == "web.shop.example").unwrap();
    let (token, key) = (web["spec"]["token"].as_str().unwrap(), web["spec"]["key"].as_str().unwrap());
    let mut forward = pods.portforward(&solver, &[8089, 9]).await.unwrap();
    let mut stream = forward.take_stream(8089).unwrap();
    let request = format!(
        "GET /.well-known/acme-challenge/{token} HTTP/1.1\r\nHost: web.shop.example\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    let mut length = 0;
    while !answer[..length].ends_with(key.as_bytes()) {
        match stream.read(&mut answer[length..]).await.unwrap() {
            0 => break,
            count => length += count,
        }
    }
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(key), "{answer}");
    let why = forward.take_error(9).unwrap().await.unwrap();
    assert!(why.contains("connection refused"), "{why}");

    let missing = pods.portforward("nobody", &[53]).await.err().unwrap();
    assert!(matches!(&missing, kube::Error::Api(status) if status.code == 404), "{missing:?}");
}

#[tokio::test]
async fn ports_are_forwarded_in_process() {
    let world = world();
    tokio::time::timeout(Duration::from_mins(1), forwards(in_process(&world), &world)).await.unwrap();
}

#[tokio::test]
async fn ports_are_forwarded_over_a_port() {
    let world = world();
    tokio::time::timeout(Duration::from_mins(1), forwards(over_a_port(&world).await, &world)).await.unwrap();
}

/// The resolver's view follows the world's clock, and forgets what solvers clean up.
#[tokio::test]
async fn records_arrive_when_they_have_spread() {
    let mut world = world();
    let client = in_process(&world);
    let dns = Api::<Pod>::namespaced(client, "kube-system");
    let pods = dns.list(&ListParams::default().labels("k8s-app=kube-dns")).await.unwrap();
    let mut forward = dns.portforward(pods.items[0].metadata.name.as_deref().unwrap(), &[53]).await.unwrap();
    let mut stream = forward.take_stream(53).unwrap();
    let name = "_acme-challenge.slow.shop.example.";
    assert!(ask(&mut stream, name, RecordType::TXT).await.answers.is_empty());
    // The world's work is an hour ahead; what the resolver shows goes by the clock, and the solver has cleaned up.
    world.work_until(world.clock().start() + TimeDelta::hours(2));
    assert!(ask(&mut stream, name, RecordType::TXT).await.answers.is_empty());
}
