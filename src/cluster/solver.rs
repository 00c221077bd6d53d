//! What stands behind an HTTP-01 challenge, read on demand: one namespace, nothing watched.

use k8s_openapi::api::core::v1::{Endpoints, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::{Ingress, IngressClass};
use kube::api::{Api, DynamicObject, ListParams};
use kube::core::{ApiResource, GroupVersionKind};
use kube::{Resource, ResourceExt as _};
use serde_json::Value;

use super::Cluster;
use super::forward::words;
use crate::limits;
use crate::model::id::ObjectKey;
use crate::probe::backing::{self, Entry, Facts, Parent, Route, Seen};
use crate::text::clean;

/// What every object of a solver bears.
const SOLVER: &str = "acme.cert-manager.io/http01-solver=true";

/// The class of an Ingress, before there was a field for it.
const OLD_CLASS: &str = "kubernetes.io/ingress.class";

/// Reads what stands behind a Challenge; or why the Challenge itself cannot be read.
pub async fn facts(cluster: &Cluster, challenge: &ObjectKey) -> Seen<Facts> {
    let namespace = challenge.namespace.to_string();
    let read: Api<DynamicObject> = dynamic(cluster, &namespace, "acme.cert-manager.io", "Challenge", "challenges");
    let object = read.get(&challenge.name).await.map_err(|error| words(&error, "get challenges", &namespace))?;
    let (uid, solver) = (object.uid().unwrap_or_default(), &object.data["spec"]["solver"]["http01"]);
    let entry = match solver["ingress"]["name"].as_str() {
        _ if solver["gatewayHTTPRoute"].is_object() => Entry::Route,
        Some(name) if !name.is_empty() => Entry::Edited(name_of(name)),
        _ => Entry::Ingress,
    };
    let (pods, services, ingresses, classes, routes) = tokio::join!(
        owned::<Pod>(cluster, &namespace, &uid, "list pods"),
        services(cluster, &namespace, &uid),
        ingresses(cluster, &namespace, &uid, &entry),
        classes(cluster),
        routes(cluster, &namespace, &uid, &entry),
    );
    let pods = pods.map(|pods| pods.iter().map(pod).collect());
    Ok(Facts { namespace, entry, ingresses, classes, routes, services, pods })
}

fn name_of(text: &str) -> String {
    clean(text, limits::NAME).into_owned()
}

fn dynamic(cluster: &Cluster, namespace: &str, group: &str, kind: &str, plural: &str) -> Api<DynamicObject> {
    let resource = ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(group, "v1", kind), plural);
    Api::namespaced_with(cluster.client.clone(), namespace, &resource)
}

fn wanted() -> ListParams {
    ListParams::default().limit(limits::SOLVER_OBJECTS)
}

fn is_owned<K: kube::ResourceExt>(object: &K, uid: &str) -> bool {
    object.owner_references().iter().any(|owner| owner.uid == uid)
}

/// The objects of a solver that belong to a Challenge.
async fn owned<K>(cluster: &Cluster, namespace: &str, uid: &str, right: &str) -> Seen<Vec<K>>
where
    K: Resource<DynamicType = (), Scope = k8s_openapi::NamespaceResourceScope>,
    K: Clone + std::fmt::Debug + serde::de::DeserializeOwned,
{
    let objects: Api<K> = Api::namespaced(cluster.client.clone(), namespace);
    let found = objects.list(&wanted().labels(SOLVER)).await.map_err(|error| words(&error, right, namespace))?;
    Ok(found.items.into_iter().filter(|object| is_owned(object, uid)).collect())
}

fn pod(pod: &Pod) -> backing::Pod {
    let status = pod.status.as_ref();
    let phase = status.and_then(|status| status.phase.as_deref()).unwrap_or("without a status");
    let containers = status.and_then(|status| status.container_statuses.as_deref()).unwrap_or_default();
    let waiting = containers.iter().find_map(|container| {
        let state = container.state.as_ref()?;
        let waits = state.waiting.as_ref().and_then(|waiting| waiting.reason.as_deref());
        waits.or_else(|| state.terminated.as_ref().and_then(|ended| ended.reason.as_deref()))
    });
    let ready = phase == "Running" && !containers.is_empty() && containers.iter().all(|container| container.ready);
    let word = waiting.unwrap_or(if phase == "Running" && !ready { "it is not ready" } else { phase });
    backing::Pod { name: name_of(&pod.name_any()), word: name_of(word), ready }
}

async fn services(cluster: &Cluster, namespace: &str, uid: &str) -> Seen<Vec<backing::Service>> {
    let mut services = Vec::new();
    // More than one is a finding of its own; the first is the one that is asked.
    for service in owned::<Service>(cluster, namespace, uid, "list services").await?.iter().take(2) {
        let name = name_of(&service.name_any());
        let endpoints = endpoints(cluster, namespace, &name).await;
        services.push(backing::Service { name, endpoints });
    }
    Ok(services)
}

/// The endpoints of a Service that are ready, and those that are not. Old clusters, and some rights, have Endpoints only.
async fn endpoints(cluster: &Cluster, namespace: &str, service: &str) -> Seen<(usize, usize)> {
    let slices: Api<EndpointSlice> = Api::namespaced(cluster.client.clone(), namespace);
    let of_service = wanted().labels(&format!("kubernetes.io/service-name={service}"));
    let refused = match slices.list(&of_service).await {
        Ok(found) => {
            let all = found.items.iter().flat_map(|slice| slice.endpoints.iter().flatten());
            let (mut ready, mut unready) = (0, 0);
            for endpoint in all {
                // Unknown counts as ready, by the API's own rule.
                let is = endpoint.conditions.as_ref().and_then(|conditions| conditions.ready).unwrap_or(true);
                *(if is { &mut ready } else { &mut unready }) += endpoint.addresses.len().max(1);
            }
            return Ok((ready, unready));
        }
        Err(kube::Error::Api(status)) if status.code == 404 => None,
        Err(error) => Some(words(&error, "list endpointslices", namespace)),
    };
    let endpoints: Api<Endpoints> = Api::namespaced(cluster.client.clone(), namespace);
    let found = endpoints
        .get_opt(service)
        .await
        .map_err(|error| refused.unwrap_or_else(|| words(&error, "get endpoints", namespace)))?;
    let subsets = found.and_then(|found| found.subsets).unwrap_or_default();
    let count = |of: fn(&k8s_openapi::api::core::v1::EndpointSubset) -> usize| subsets.iter().map(of).sum();
    Ok((
        count(|subset| subset.addresses.as_ref().map_or(0, Vec::len)),
        count(|subset| subset.not_ready_addresses.as_ref().map_or(0, Vec::len)),
    ))
}

async fn ingresses(cluster: &Cluster, namespace: &str, uid: &str, entry: &Entry) -> Seen<Vec<backing::Ingress>> {
    let found: Vec<Ingress> = match entry {
        Entry::Route => return Ok(Vec::new()),
        Entry::Ingress => owned(cluster, namespace, uid, "list ingresses").await?,
        Entry::Edited(name) => {
            let ingresses: Api<Ingress> = Api::namespaced(cluster.client.clone(), namespace);
            let found = ingresses.get_opt(name).await;
            found.map_err(|error| words(&error, "get ingresses", namespace))?.into_iter().collect()
        }
    };
    Ok(found.iter().map(ingress).collect())
}

fn ingress(ingress: &Ingress) -> backing::Ingress {
    let class = ingress.spec.as_ref().and_then(|spec| spec.ingress_class_name.as_deref());
    let annotated = ingress.annotations().get(OLD_CLASS).map(String::as_str).filter(|_| class.is_none());
    let balancer = ingress.status.as_ref().and_then(|status| status.load_balancer.as_ref());
    let addresses = balancer.and_then(|balancer| balancer.ingress.as_deref()).unwrap_or_default();
    let address = addresses.iter().find_map(|address| address.ip.as_deref().or(address.hostname.as_deref()));
    backing::Ingress {
        name: name_of(&ingress.name_any()),
        class: class.or(annotated).map(name_of),
        annotated: annotated.is_some(),
        address: address.map(name_of),
    }
}

async fn classes(cluster: &Cluster) -> Seen<Vec<backing::Class>> {
    let classes: Api<IngressClass> = Api::all(cluster.client.clone());
    let found = classes.list(&wanted()).await.map_err(|error| words(&error, "list ingressclasses", ""))?;
    Ok(found.items.iter().map(super::surroundings::class).collect())
}

async fn routes(cluster: &Cluster, namespace: &str, uid: &str, entry: &Entry) -> Seen<Vec<Route>> {
    if *entry != Entry::Route {
        return Ok(Vec::new());
    }
    let routes = dynamic(cluster, namespace, "gateway.networking.k8s.io", "HTTPRoute", "httproutes");
    let found = routes.list(&wanted().labels(SOLVER)).await;
    let found = found.map_err(|error| words(&error, "list httproutes", namespace))?;
    Ok(found.items.iter().filter(|object| is_owned(*object, uid)).map(route).collect())
}

fn route(object: &DynamicObject) -> Route {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let name = |value: &Value| name_of(value["name"].as_str().unwrap_or_default());
    let parent = |parent: &Value| {
        let conditions = list(&parent["conditions"]);
        let of = |kind: &str| conditions.iter().find(|condition| condition["type"] == kind);
        let against = [of("Accepted"), of("ResolvedRefs")].into_iter().flatten().find(|it| it["status"] != "True");
        let said = against.map(|it| {
            let text = |field: &str| it[field].as_str().unwrap_or_default();
            clean(&format!("{}: {}", text("reason"), text("message")), limits::MESSAGE).into_owned()
        });
        let silent = || of("Accepted").is_none().then(|| "it has not said so yet".to_owned());
        Parent { name: name(&parent["parentRef"]), objection: said.or_else(silent) }
    };
    Route {
        name: name_of(&object.name_any()),
        wants: list(&object.data["spec"]["parentRefs"]).iter().map(name).collect(),
        parents: list(&object.data["status"]["parents"]).iter().map(parent).collect(),
    }
}
