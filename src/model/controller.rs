//! [`Controller`]: cert-manager's own Deployments and Pods.

use super::kind::Kind;
use super::meta::{Meta, Object};
use super::symbol::Symbol;

/// Which part of cert-manager a workload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// `cert-manager-controller`.
    Controller,
    /// `cert-manager-webhook`.
    Webhook,
    /// `cert-manager-cainjector`.
    CaInjector,
    /// Anything else with cert-manager's labels.
    Other,
}

/// A Deployment or Pod of cert-manager.
#[derive(Debug, Clone, PartialEq)]
pub struct Controller {
    /// What every object has.
    pub meta: Meta,
    /// [`Kind::Deployment`] or [`Kind::Pod`].
    pub kind: Kind,
    /// Which part it is.
    pub component: Component,
    /// From its label, else from the tag of its image: `v1.21.1`.
    pub version: Option<Symbol>,
    /// The arguments of its container.
    pub args: Box<[Box<str>]>,
    /// Its environment: names, and the values of the few that explain failures (regions, roles, proxies).
    pub env: Box<[(Symbol, Option<Symbol>)]>,
    /// `dnsPolicy`.
    pub dns_policy: Option<Symbol>,
    /// `dnsConfig.nameservers`.
    pub nameservers: Box<[Symbol]>,
    /// How it does; `None` when no status was ever written: that is unseen, not bad.
    pub status: Option<ControllerStatus>,
}

/// How a workload of cert-manager does.
#[derive(Debug, Clone, PartialEq)]
pub struct ControllerStatus {
    /// Replicas (or containers) that are ready.
    pub ready: u32,
    /// Replicas (or containers) that are wanted.
    pub wanted: u32,
    /// What holds it up: `CrashLoopBackOff`, `ImagePullBackOff`.
    pub trouble: Option<Symbol>,
}

impl Object for Controller {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn kind(&self) -> Kind {
        self.kind
    }
}
