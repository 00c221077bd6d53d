//! Looks for what stands around cert-manager: a few reads, once, when somebody asks. Nothing is watched.

use std::collections::BTreeMap;
use std::fmt::Debug;

use futures::stream::{self, StreamExt as _};
use k8s_openapi::api::admissionregistration::v1::{
    MutatingWebhookConfiguration, ValidatingWebhookConfiguration, WebhookClientConfig,
};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{Pod, ServiceAccount};
use k8s_openapi::api::networking::v1::{Ingress, IngressClass};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::ResourceExt as _;
use kube::api::{Api, ApiResource, DynamicObject, GroupVersionKind, ListParams, PartialObjectMeta};
use serde::de::DeserializeOwned;

use super::Cluster;
use crate::limits;
use crate::model::kind::Kind;
use crate::model::meta::Time;
use crate::model::surroundings::{
    Account, Class, Definition, Hook, Lease as Leadership, Look, Sought, Surroundings, User,
};
use crate::model::symbol::Symbol;
use crate::text::clean;

/// Who elects the leader of the controllers.
const LEASE: &str = "cert-manager-controller";

/// The annotation of an IngressClass that is meant where none is named.
const DEFAULT_CLASS: &str = "ingressclass.kubernetes.io/is-default-class";

/// Annotations that give a ServiceAccount an identity at a cloud provider.
const IDENTITIES: [&str; 4] = [
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
    "azure.workload.identity/client-id",
    "azure.workload.identity/tenant-id",
];

/// Annotations by which an Ingress or a Gateway asks cert-manager for a Certificate.
const ASKING: [&str; 3] = ["cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "kubernetes.io/tls-acme"];

fn words(text: impl AsRef<str>) -> String {
    clean(text.as_ref(), limits::NAME).into_owned()
}

/// What a read found; where it is refused, the right that is missing.
fn look<T>(answer: kube::Result<T>, right: &str) -> Look<T> {
    match answer {
        Ok(found) => Look::Seen(found),
        Err(kube::Error::Api(status)) if status.code == 403 => Look::Denied(right.to_owned()),
        Err(_) => Look::Unasked,
    }
}

impl<T> Look<T> {
    fn map<U>(self, with: impl FnOnce(T) -> U) -> Look<U> {
        match self {
            Self::Seen(found) => Look::Seen(with(found)),
            Self::Denied(right) => Look::Denied(right),
            Self::Unasked => Look::Unasked,
        }
    }
}

impl Cluster {
    /// Looks for what cert-manager itself rests on, and for what uses the Secrets of some namespaces.
    pub async fn look_around(&self, sought: &Sought, now: Time) -> Surroundings {
        let mut found = Surroundings::default();
        if sought.own {
            let (lease, account, classes, definitions, hooks) = tokio::join!(
                self.lease(&sought.lease_namespace),
                self.account(&sought.namespace, &sought.deployment),
                self.classes(),
                self.definitions(),
                self.hooks()
            );
            found = Surroundings { at: Some(now), lease, account, classes, definitions, hooks, ..found };
        }
        let looks: Vec<_> = sought.users_in.iter().map(|namespace| self.users_in(namespace.clone())).collect();
        found.users = stream::iter(looks).buffer_unordered(limits::LOOKS_AT_ONCE).collect().await;
        found
    }

    async fn users_in(&self, namespace: Symbol) -> (Symbol, Look<Vec<User>>) {
        let users = self.users(&namespace).await;
        (namespace, users)
    }

    /// What uses the Secrets of a namespace: Ingresses, Gateways, Pods.
    async fn users(&self, namespace: &str) -> Look<Vec<User>> {
        let (ingresses, gateways, pods) =
            tokio::join!(self.ingresses(namespace), self.gateways(namespace), self.pods(namespace));
        let mut users = ingresses;
        for more in [gateways, pods] {
            users = match (users, more) {
                (Look::Seen(mut all), Look::Seen(more)) => {
                    all.extend(more);
                    Look::Seen(all)
                }
                // What is seen is told, though there may be more.
                (Look::Seen(all), _) | (_, Look::Seen(all)) => Look::Seen(all),
                (known, _) => known,
            };
        }
        users
    }

    async fn lease(&self, namespace: &str) -> Look<Option<Leadership>> {
        let api: Api<Lease> = Api::namespaced(self.client.clone(), namespace);
        let right = format!("get leases.coordination.k8s.io in namespace {namespace}");
        look(api.get_opt(LEASE).await, &right).map(|lease| {
            let spec = lease?.spec?;
            let renewed = spec.renew_time.and_then(|time| time.0.to_string().parse().ok());
            let name = format!("{}/{LEASE}", words(namespace));
            Some(Leadership { name, holder: words(spec.holder_identity.unwrap_or_default()), renewed })
        })
    }

    async fn account(&self, namespace: &str, deployment: &str) -> Look<Option<Account>> {
        let deployments: Api<Deployment> = Api::namespaced(self.client.clone(), namespace);
        let deployment = deployments.get_opt(deployment).await.ok().flatten();
        let template = deployment.map(|deployment| deployment.spec.template);
        let named = template.and_then(|template| template.spec?.service_account_name);
        let name = named.unwrap_or_else(|| "cert-manager".to_owned());
        let api: Api<ServiceAccount> = Api::namespaced(self.client.clone(), namespace);
        let right = format!("get serviceaccounts in namespace {namespace}");
        look(api.get_metadata_opt(&name).await, &right).map(|account| {
            let annotations = account?.metadata.annotations.unwrap_or_default();
            let identities = annotations.into_iter().filter(|(name, _)| IDENTITIES.contains(&name.as_str()));
            let identities = identities.map(|(name, value)| (words(name), words(value))).collect();
            Some(Account { name: format!("{}/{}", words(namespace), words(name)), identities })
        })
    }

    async fn classes(&self) -> Look<Vec<Class>> {
        let found = some::<IngressClass>(&Api::all(self.client.clone()), "list ingressclasses.networking.k8s.io").await;
        found.map(|classes| classes.iter().map(class).collect())
    }

    async fn definitions(&self) -> Look<Vec<Definition>> {
        let api: Api<CustomResourceDefinition> = Api::all(self.client.clone());
        let mut found = Vec::new();
        for kind in Kind::all().filter(|kind| kind.is_cert_manager()) {
            let name = kind.resource();
            match look(api.get_metadata_opt(&name).await, "get customresourcedefinitions.apiextensions.k8s.io") {
                Look::Seen(Some(definition)) => found.push(Definition { name, release: release(&definition) }),
                // Kinds that are served without a definition have none to look at.
                Look::Seen(None) | Look::Unasked => {}
                Look::Denied(right) => return Look::Denied(right),
            }
        }
        Look::Seen(found)
    }

    async fn hooks(&self) -> Look<Vec<Hook>> {
        let validating: Api<ValidatingWebhookConfiguration> = Api::all(self.client.clone());
        let mutating: Api<MutatingWebhookConfiguration> = Api::all(self.client.clone());
        let right = |kind: &str| format!("list {kind}.admissionregistration.k8s.io");
        let (validating, mutating) = (
            some(&validating, &right("validatingwebhookconfigurations")).await,
            some(&mutating, &right("mutatingwebhookconfigurations")).await,
        );
        let mut hooks = Vec::new();
        match (validating, mutating) {
            (Look::Denied(right), _) | (_, Look::Denied(right)) => return Look::Denied(right),
            (validating, mutating) => {
                hooks.extend(validating.seen().into_iter().flatten().filter_map(|it| {
                    let configs = it.webhooks.iter().flatten().map(|hook| &hook.client_config);
                    hook("ValidatingWebhookConfiguration", &it.metadata, configs)
                }));
                hooks.extend(mutating.seen().into_iter().flatten().filter_map(|it| {
                    let configs = it.webhooks.iter().flatten().map(|hook| &hook.client_config);
                    hook("MutatingWebhookConfiguration", &it.metadata, configs)
                }));
            }
        }
        Look::Seen(hooks)
    }

    async fn ingresses(&self, namespace: &str) -> Look<Vec<User>> {
        let api: Api<Ingress> = Api::namespaced(self.client.clone(), namespace);
        let right = format!("list ingresses.networking.k8s.io in namespace {namespace}");
        some(&api, &right).await.map(|found| {
            let mut users = Vec::new();
            for ingress in found {
                let name = format!("Ingress/{namespace}/{}", words(ingress.metadata.name.unwrap_or_default()));
                let asks = asking(ingress.metadata.annotations.as_ref());
                for tls in ingress.spec.and_then(|spec| spec.tls).unwrap_or_default() {
                    let hosts = words(tls.hosts.unwrap_or_default().join(", "));
                    let Some(secret) = tls.secret_name else { continue };
                    users.push(User {
                        name: name.clone(),
                        secret: words(secret),
                        field: "spec.tls",
                        how: format!("{asks}serves {hosts} with it"),
                    });
                }
            }
            users
        })
    }

    async fn gateways(&self, namespace: &str) -> Look<Vec<User>> {
        let kind = ApiResource::from_gvk(&GroupVersionKind::gvk("gateway.networking.k8s.io", "v1", "Gateway"));
        let api: Api<DynamicObject> = Api::namespaced_with(self.client.clone(), namespace, &kind);
        let right = format!("list gateways.gateway.networking.k8s.io in namespace {namespace}");
        some(&api, &right).await.map(|found| {
            let mut users = Vec::new();
            for gateway in found {
                let name = format!("Gateway/{namespace}/{}", words(gateway.metadata.name.unwrap_or_default()));
                let asks = asking(gateway.metadata.annotations.as_ref());
                for listener in gateway.data.pointer("/spec/listeners").and_then(|l| l.as_array()).into_iter().flatten()
                {
                    let host = listener.get("hostname").and_then(|host| host.as_str()).unwrap_or("every host");
                    let references = listener.pointer("/tls/certificateRefs").and_then(|refs| refs.as_array());
                    let secrets = references.into_iter().flatten().filter_map(|it| it.get("name")?.as_str());
                    users.extend(secrets.map(|secret| User {
                        name: name.clone(),
                        secret: words(secret),
                        field: "spec.listeners",
                        how: format!("{asks}serves {} with it", words(host)),
                    }));
                }
            }
            users
        })
    }

    async fn pods(&self, namespace: &str) -> Look<Vec<User>> {
        let api: Api<Pod> = Api::namespaced(self.client.clone(), namespace);
        let right = format!("list pods in namespace {namespace}");
        some(&api, &right).await.map(|found| {
            let mut users = Vec::new();
            for pod in found {
                let name = format!("Pod/{namespace}/{}", words(pod.metadata.name.unwrap_or_default()));
                for volume in pod.spec.and_then(|spec| spec.volumes).unwrap_or_default() {
                    let projected = volume.projected.and_then(|projected| projected.sources).unwrap_or_default();
                    let projected = projected.into_iter().filter_map(|source| Some(source.secret?.name));
                    let secrets = volume.secret.and_then(|secret| secret.secret_name).into_iter().chain(projected);
                    users.extend(secrets.map(|secret| User {
                        name: name.clone(),
                        secret: words(secret),
                        field: "spec.volumes",
                        how: "mounts it".to_owned(),
                    }));
                }
            }
            users
        })
    }
}

/// A class of Ingresses.
pub(super) fn class(class: &IngressClass) -> Class {
    Class {
        name: words(class.name_any()),
        controller: words(class.spec.as_ref().and_then(|spec| spec.controller.as_deref()).unwrap_or_default()),
        default: class.annotations().get(DEFAULT_CLASS).is_some_and(|value| value == "true"),
    }
}

/// A webhook configuration, if it is cert-manager's.
fn hook<'c>(
    kind: &str,
    metadata: &ObjectMeta,
    mut configs: impl Iterator<Item = &'c WebhookClientConfig>,
) -> Option<Hook> {
    let name = metadata.name.as_deref().filter(|name| name.starts_with("cert-manager"))?;
    let has_ca = configs.all(|config| config.ca_bundle.as_ref().is_some_and(|bundle| !bundle.0.is_empty()));
    Some(Hook { name: format!("{kind}/{}", words(name)), has_ca })
}

/// That an object asks for a Certificate, where it does, as the beginning of a sentence.
fn asking(annotations: Option<&BTreeMap<String, String>>) -> String {
    let asks = annotations.into_iter().flatten().find(|(name, _)| ASKING.contains(&name.as_str()));
    asks.map(|(name, _)| format!("asks for it by {name}, and ")).unwrap_or_default()
}

/// The first page of a list.
async fn some<K: Clone + Debug + DeserializeOwned>(api: &Api<K>, right: &str) -> Look<Vec<K>> {
    look(api.list(&ListParams::default().limit(limits::LOOKED_OBJECTS)).await, right).map(|found| found.items)
}

fn release(definition: &PartialObjectMeta<CustomResourceDefinition>) -> Option<String> {
    definition.metadata.labels.as_ref()?.get("app.kubernetes.io/version").map(words)
}
