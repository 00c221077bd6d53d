//! A person who may not open a port-forward is told which right is missing, and sees everything else.

use std::convert::Infallible;
use std::sync::Arc;

use cmtop::cluster::guard::Guard;
use cmtop::cluster::{Cluster, Names, Now, forward};
use cmtop::sim::{self, ApiBody, Options, Story};
use http::{HeaderValue, Request, Response};
use serde_json::json;

#[tokio::test]
async fn a_missing_port_forward_is_named() {
    let world = sim::run(&Story::named("busy-night").unwrap(), Options::default()).unwrap();
    let sim = world.cluster();
    let role = |verbs: &[&str], resources: &[&str]| json!({"apiGroups": [""], "resources": resources, "verbs": verbs});
    let group = "rbac.authorization.k8s.io";
    sim.apply(&json!({"apiVersion": format!("{group}/v1"), "kind": "ClusterRole", "metadata": {"name": "reader"},
        "rules": [role(&["get", "list", "watch"], &["pods", "services"])]}))
        .unwrap();
    sim.apply(
        &json!({"apiVersion": format!("{group}/v1"), "kind": "ClusterRoleBinding", "metadata": {"name": "reader"},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "reader"},
        "subjects": [{"kind": "User", "name": "ada"}]}),
    )
    .unwrap();
    let clock = world.clock().clone();
    let now: Now = Arc::new(move || clock.now());
    let as_user = |user: &'static str| {
        let api = sim.service();
        let service = tower::service_fn(move |mut request: Request<_>| {
            request.headers_mut().insert("impersonate-user", HeaderValue::from_static(user));
            let answer = tower::Service::call(&mut api.clone(), request);
            async move {
                let answer: Result<Response<ApiBody>, Infallible> = answer.await;
                answer
            }
        });
        Cluster::guarded_in_process(service, Names::default(), Arc::clone(&now), Guard::Open)
    };
    let inside = forward::resolver(&as_user("ada")).await.unwrap();
    let why = inside.open(53).await.err().unwrap();
    assert_eq!(why, "the right that is missing: create pods/portforward in namespace kube-system");
    let why = forward::resolver(&as_user("nobody")).await.err().unwrap();
    assert_eq!(why, "the right that is missing: list pods in namespace kube-system");
}
