//! Solver objects and cert-manager's own workloads.

use super::Project;
use super::Projector;
use super::cleaned;
use super::pick;
use super::row_batch::RowBatch;
use crate::limits;
use crate::model::condition::Status;
use crate::model::controller::{Component, Controller, ControllerStatus};
use crate::model::delta::Delta;
use crate::model::id::Uid;
use crate::model::kind::Kind;
use crate::model::meta::Meta;
use crate::model::solver::{Solver, SolverStatus};
use crate::model::symbol::Symbol;
use crate::wire::kinds as wire;
use crate::wire::workloads as work;

/// The label on every object that answers an HTTP-01 challenge.
const SOLVER: &str = "acme.cert-manager.io/http01-solver";

/// Variables whose values explain failures. All others are kept by name only: they may hold secrets.
pub const TELLING_ENV: &[&str] = &[
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ROLE_ARN",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

macro_rules! solver_object {
    ($wire:ty, $kind:expr, |$projector:ident, $object:ident| $status:expr) => {
        impl Project for $wire {
            fn metadata(&self) -> Option<&wire::Meta> {
                self.metadata.as_ref()
            }

            fn upsert(self, $projector: &mut Projector, into: &mut RowBatch) {
                let mut $object = self;
                let (status, class): (Option<SolverStatus>, Option<Symbol>) = $status;
                let Some(meta) = $projector.meta($kind, $object.metadata.take(), &$object.odd) else { return };
                into.put(match meta.labels.get(SOLVER) {
                    Some(_) => Delta::Upsert(Solver { meta, kind: $kind, status, class }),
                    // It may have been one before its labels changed.
                    None => Delta::Remove(meta.uid),
                });
            }

            fn remove(uid: Uid, into: &mut RowBatch) {
                into.put(Delta::<Solver>::Remove(uid));
            }
        }
    };
}

solver_object!(work::Service, Kind::Service, |projector, object| {
    let _ = (&projector, &object);
    (None, None)
});

solver_object!(work::Ingress, Kind::Ingress, |projector, object| {
    let class = object.spec.as_ref().and_then(|spec| projector.opt_word(spec.class.as_deref()));
    let status = object.status.as_ref().and_then(|status| status.load_balancer.as_ref()).map(|balancer| {
        let addresses = balancer.ingress.as_deref().unwrap_or_default();
        let address = addresses.iter().find_map(|a| a.ip.as_deref().or(a.hostname.as_deref()));
        SolverStatus { serves: address.is_some(), word: projector.word(address.unwrap_or("no address")) }
    });
    (status, class)
});

solver_object!(work::HttpRoute, Kind::HttpRoute, |projector, object| {
    let parent = object.spec.as_ref().and_then(|spec| spec.parents.as_ref()?.first()?.name.clone());
    let class = projector.opt_word(parent.as_deref());
    let parents = object.status.take().and_then(|status| status.parents);
    let status = parents.map(|parents| {
        let accepted = parents.into_iter().any(|parent| {
            let [accepted] = pick(parent.conditions, [wire::ConditionType::Accepted]);
            accepted.is_some_and(|c| c.status == Some(Status::True))
        });
        SolverStatus { serves: accepted, word: projector.word(if accepted { "accepted" } else { "not accepted" }) }
    });
    (status, class)
});

impl Project for work::Pod {
    fn metadata(&self) -> Option<&wire::Meta> {
        self.metadata.as_ref()
    }

    fn upsert(self, projector: &mut Projector, into: &mut RowBatch) {
        let Some(meta) = projector.meta(Kind::Pod, self.metadata, &self.odd) else { return };
        let status = self.status.filter(|status| status.phase.is_some());
        let uid = meta.uid;
        // Labels change: what it is now, it may not have been before.
        if meta.labels.get(SOLVER).is_some() {
            let status = status.map(|status| projector.solver_pod(&status));
            into.put(Delta::<Controller>::Remove(uid));
            into.put(Delta::Upsert(Solver { meta, kind: Kind::Pod, status, class: None }));
        } else if let Some(component) = component(&meta) {
            let status = status.map(|status| projector.own_pod(&status));
            let row = projector.controller(meta, Kind::Pod, component, self.spec, status);
            into.put(Delta::<Solver>::Remove(uid));
            into.put(Delta::Upsert(row));
        } else {
            Self::remove(uid, into);
        }
    }

    fn remove(uid: Uid, into: &mut RowBatch) {
        into.put(Delta::<Solver>::Remove(uid));
        into.put(Delta::<Controller>::Remove(uid));
    }
}

impl Project for work::Deployment {
    fn metadata(&self) -> Option<&wire::Meta> {
        self.metadata.as_ref()
    }

    fn upsert(self, projector: &mut Projector, into: &mut RowBatch) {
        let Some(meta) = projector.meta(Kind::Deployment, self.metadata, &self.odd) else { return };
        let Some(component) = component(&meta) else { return Self::remove(meta.uid, into) };
        let spec = self.spec.unwrap_or_default();
        let wanted = spec.replicas.and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
        let status = self.status.map(|status| ControllerStatus {
            ready: status.ready.and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
            wanted,
            trouble: None,
        });
        let row = projector.controller(meta, Kind::Deployment, component, spec.template.and_then(|t| t.spec), status);
        into.put(Delta::Upsert(row));
    }

    fn remove(uid: Uid, into: &mut RowBatch) {
        into.put(Delta::<Controller>::Remove(uid));
    }
}

/// Which part of cert-manager a workload is, by the labels of its chart.
fn component(meta: &Meta) -> Option<Component> {
    let name = meta.labels.get("app.kubernetes.io/name").or_else(|| meta.labels.get("app"))?;
    if !matches!(name, "cert-manager" | "webhook" | "cainjector") {
        return None;
    }
    Some(match meta.labels.get("app.kubernetes.io/component").unwrap_or(name) {
        "controller" | "cert-manager" => Component::Controller,
        "webhook" => Component::Webhook,
        "cainjector" => Component::CaInjector,
        _ => Component::Other,
    })
}

fn waiting(status: &work::PodStatus) -> Option<&str> {
    let containers = status.containers.as_deref().unwrap_or_default();
    containers.iter().find_map(|container| {
        let state = container.state.as_ref()?;
        state.waiting.as_ref().or(state.terminated.as_ref())?.reason.as_deref()
    })
}

impl Projector {
    fn solver_pod(&mut self, status: &work::PodStatus) -> SolverStatus {
        let phase = status.phase.as_deref().unwrap_or_default();
        let containers = status.containers.as_deref().unwrap_or_default();
        let serves = phase == "Running" && containers.iter().all(|c| c.ready == Some(true));
        let word = waiting(status).or(status.reason.as_deref()).unwrap_or(phase);
        SolverStatus { serves, word: self.word(word) }
    }

    fn own_pod(&mut self, status: &work::PodStatus) -> ControllerStatus {
        let containers = status.containers.as_deref().unwrap_or_default();
        let ready = containers.iter().filter(|c| c.ready == Some(true)).count();
        ControllerStatus {
            ready: ready as u32,
            wanted: containers.len().max(1) as u32,
            trouble: self.opt_word(waiting(status)),
        }
    }

    fn controller(
        &mut self,
        meta: Meta,
        kind: Kind,
        component: Component,
        spec: Option<work::PodSpec>,
        status: Option<ControllerStatus>,
    ) -> Controller {
        let spec = spec.unwrap_or_default();
        let container = spec.containers.unwrap_or_default().into_iter().next().unwrap_or_default();
        let tag = container.image.as_deref().and_then(|image| image.rsplit_once(':')).map(|(_, tag)| tag.to_owned());
        let label = meta.labels.get("app.kubernetes.io/version").map(str::to_owned);
        let env = container.env.unwrap_or_default().into_iter().take(limits::CHILDREN).filter_map(|var| {
            let name = var.name?;
            let value = TELLING_ENV.contains(&&*name).then_some(var.value).flatten();
            Some((self.word(&name), self.opt_word(value.as_deref())))
        });
        let env = env.collect();
        Controller {
            kind,
            component,
            // The image is what runs; the label is what the chart says.
            version: self.opt_word(tag.filter(|tag| tag.starts_with('v')).or(label).as_deref()),
            args: container
                .args
                .unwrap_or_default()
                .into_iter()
                .take(limits::CHILDREN)
                .map(|arg| cleaned(arg, limits::MESSAGE))
                .collect(),
            env,
            dns_policy: self.opt_word(spec.dns_policy.as_deref()),
            nameservers: spec
                .dns_config
                .and_then(|d| d.nameservers)
                .unwrap_or_default()
                .iter()
                .take(limits::CHILDREN)
                .map(|n| self.word(n))
                .collect(),
            status,
            meta,
        }
    }
}
