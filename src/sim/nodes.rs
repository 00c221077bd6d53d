//! The kubelet and the ingress controller, as far as anybody looks at them: Pods run, Ingresses get an address.

use serde_json::{Value, json};

use super::conditions::{self, Condition, stamp};
use super::desk::{Desk, Outcome};

/// The address of the simulated load balancer, from the range for documentation.
const LOAD_BALANCER: &str = "203.0.113.10";
/// The lease by which the controller shows that it is alive.
const LEASE: &str = "kube-system/cert-manager-controller";
const LEASE_PERIOD: u64 = 10_000;

/// Looks after one object: `Pod/namespace/name`, `Ingress/…` or `Lease/…`.
pub(crate) fn reconcile(desk: &mut Desk, task: &str) -> Outcome {
    let Some((kind, key)) = task.split_once('/') else { return Outcome::Done };
    if kind == "Lease" {
        return renew(desk);
    }
    let Some(mut object) = desk.get(kind, key) else { return Outcome::Done };
    let class = object["spec"]["ingressClassName"].as_str().unwrap_or_default();
    // A class that nobody serves gets no address.
    let served = kind == "Pod" || desk.get("IngressClass", class).is_some();
    if served && object["status"].is_null() {
        let address = json!({"loadBalancer": {"ingress": [{"ip": LOAD_BALANCER}]}});
        object["status"] = if kind == "Pod" { running(desk, &object) } else { address };
        if kind == "Pod" {
            lead_to(desk, &object);
        }
        drop(desk.update_status(object));
    }
    Outcome::Done
}

/// A solver's Pod that runs is what its Service leads to.
fn lead_to(desk: &mut Desk, pod: &Value) {
    let owner = json!({"metadata": pod["metadata"]["ownerReferences"][0]});
    for mut endpoints in desk.owned("Endpoints", &owner) {
        endpoints["subsets"] = json!([{
            "addresses": [{"ip": pod["status"]["podIP"], "targetRef": {"kind": "Pod", "name": pod["metadata"]["name"]}}],
            "ports": [{"name": "http", "port": 8089}],
        }]);
        drop(desk.update(endpoints));
    }
}

fn running(desk: &mut Desk, pod: &Value) -> Value {
    let now = stamp(desk.now);
    let address = format!("10.244.{}.{}", desk.dice.below(8), 2 + desk.dice.below(250));
    let mut shell = json!({"metadata": {}, "status": {}});
    for kind in ["Initialized", "Ready", "ContainersReady", "PodScheduled"] {
        conditions::set(
            &mut shell,
            &Condition { kind, status: "True", reason: "", message: "", observed: false },
            desk.now,
        );
    }
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten().map(|container| {
        json!({
            "name": container["name"], "image": container["image"], "ready": true, "started": true, "restartCount": 0,
            "state": {"running": {"startedAt": now}},
        })
    });
    json!({
        "phase": "Running", "podIP": address, "startTime": now, "conditions": shell["status"]["conditions"],
        "containerStatuses": containers.collect::<Vec<_>>(),
    })
}

fn renew(desk: &mut Desk) -> Outcome {
    if desk.settings.controller
        && let Some(mut lease) = desk.get("Lease", LEASE)
    {
        lease["spec"]["renewTime"] = json!(desk.now.to_rfc3339_opts(chrono::SecondsFormat::Micros, true));
        drop(desk.update(lease));
    }
    Outcome::At(desk.after(LEASE_PERIOD))
}
