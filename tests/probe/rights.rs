//! A person who may not open a port-forward is told which right is missing, and sees everything else.

use std::convert::Infallible;
use std::sync::Arc;

use cmtop::cluster::guard::Guard;
use cmtop::cluster::{Cluster, Names, Now, forward, solver};
use cmtop::model::id::ObjectKey;
use cmtop::model::kind::Kind;
use cmtop::probe::backing::links;
use cmtop::probe::mark::Mark;
use cmtop::sim::{self, ApiBody, Options, Story, World};
use http::{HeaderValue, Request, Response};
use serde_json::json;

/// The simulated cluster as somebody sees it who has these rights: groups, resources.
fn as_user(world: &World, user: &'static str, rights: &[(&str, &[&str])]) -> Cluster {
    let (sim, group) = (world.cluster(), "rbac.authorization.k8s.io");
    let rules: Vec<_> = rights
        .iter()
        .map(|(group, resources)| json!({"apiGroups": [group], "resources": resources, "verbs": ["get", "list", "watch"]}))
        .collect();
    sim.apply(&json!({"apiVersion": format!("{group}/v1"), "kind": "ClusterRole", "metadata": {"name": user}, "rules": rules}))
        .unwrap();
    sim.apply(&json!({"apiVersion": format!("{group}/v1"), "kind": "ClusterRoleBinding", "metadata": {"name": user},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": user},
        "subjects": [{"kind": "User", "name": user}]}))
        .unwrap();
    let clock = world.clock().clone();
    let now: Now = Arc::new(move || clock.now());
    let api = sim.service();
    let service = tower::service_fn(move |mut request: Request<_>| {
        request.headers_mut().insert("impersonate-user", HeaderValue::from_static(user));
        let answer = tower::Service::call(&mut api.clone(), request);
        async move {
            let answer: Result<Response<ApiBody>, Infallible> = answer.await;
            answer
        }
    });
    Cluster::guarded_in_process(service, Names::default(), now, Guard::Open)
}

#[tokio::test]
async fn a_missing_port_forward_is_named() {
    let world = sim::run(&Story::named("busy-night").unwrap(), Options::default()).unwrap();
    let ada = as_user(&world, "ada", &[("", &["pods", "services"])]);
    let inside = forward::resolver(&ada).await.unwrap();
    let why = inside.open(53).await.err().unwrap();
    assert_eq!(why, "the right that is missing: create pods/portforward in namespace kube-system");
    let why = forward::resolver(&as_user(&world, "nobody", &[])).await.err().unwrap();
    assert_eq!(why, "the right that is missing: list pods in namespace kube-system");
}

/// What may not be read is open, and names the right; the rest is read.
#[tokio::test]
async fn what_stands_behind_a_challenge_is_read_as_far_as_one_may() {
    let world = sim::run(&Story::named("busy-night").unwrap(), Options::default()).unwrap();
    let challenges = world.cluster().objects("challenges");
    let stuck = challenges.iter().find(|one| one["spec"]["dnsName"] == "blog.example").unwrap();
    let name = stuck["metadata"]["name"].as_str().unwrap();
    let challenge = ObjectKey { kind: Kind::Challenge, namespace: "blog".into(), name: name.into() };
    let acme: (&str, &[&str]) = ("acme.cert-manager.io", &["challenges"]);
    let ada = as_user(&world, "ada", &[acme, ("", &["pods", "services"])]);
    let told = links(&solver::facts(&ada, &challenge).await.unwrap());
    let told: Vec<(&str, &str)> = told.iter().map(|link| (link.mark.as_str(), link.words.as_str())).collect();
    assert_eq!(
        told,
        [
            ("open", "the right that is missing: list ingresses in namespace blog"),
            ("open", "the right that is missing: get endpoints in namespace blog"),
            ("good", "it runs and is ready"),
        ]
    );
    let why = solver::facts(&as_user(&world, "nobody", &[]), &challenge).await.unwrap_err();
    assert_eq!(why, "the right that is missing: get challenges in namespace blog");
    let bea = as_user(&world, "bea", &[acme, ("", &["*"]), ("networking.k8s.io", &["ingresses"])]);
    let told = links(&solver::facts(&bea, &challenge).await.unwrap());
    assert_eq!((told[0].mark, told[0].words.as_str()), (Mark::Open, "the right that is missing: list ingressclasses"));
    assert!(told[1..].iter().all(|link| link.mark == Mark::Good), "{told:?}");
}
