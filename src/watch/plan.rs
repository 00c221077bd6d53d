//! [`Plan`]: which watches a scope needs.

use std::time::Duration;

use kube::Api;
use kube::core::Resource;
use kube::runtime::watcher;

use super::Scope;
use crate::limits;
use crate::model::feed::{FeedKey, Part};
use crate::model::kind::Kind;
use crate::model::symbol::Symbol;

/// The label of everything that answers an HTTP-01 challenge.
const SOLVERS: &str = "acme.cert-manager.io/http01-solver=true";

/// The labels that cert-manager's chart and manifests put on its workloads.
const OWN: &str = "app.kubernetes.io/name in (cert-manager,webhook,cainjector)";

/// Where cert-manager lives, as far as everyone does as its manual says.
const HOME: &str = "cert-manager";

/// One watch to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) key: FeedKey,
    labels: Option<String>,
    fields: Option<&'static str>,
}

/// How a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// As the first part of the watch, if the server can: two to four times faster.
    Streaming,
    /// In pages, as every server can.
    Pages,
}

/// All watches of a scope.
pub(super) fn plans(scope: &Scope) -> Vec<Plan> {
    let everywhere = [String::new()];
    let namespaces = if scope.namespaces.is_empty() { &everywhere[..] } else { &scope.namespaces };
    let mut plans = Vec::new();
    // What is shown first is asked for first: the connection over which the rights were asked for is open.
    for namespace in namespaces {
        let mut certificates = Plan::of(Kind::Certificate, namespace, Part::Whole);
        certificates.labels.clone_from(&scope.selector);
        plans.push(certificates);
        for kind in [Kind::CertificateRequest, Kind::Order, Kind::Challenge, Kind::Issuer, Kind::Secret] {
            plans.push(Plan::of(kind, namespace, Part::Whole));
        }
        let about = [
            (Part::Issuing, "involvedObject.apiVersion=cert-manager.io/v1"),
            (Part::Acme, "involvedObject.apiVersion=acme.cert-manager.io/v1"),
        ];
        for (part, fields) in about {
            plans.push(Plan { fields: Some(fields), ..Plan::of(Kind::Event, namespace, part) });
        }
        for kind in [Kind::Pod, Kind::Service, Kind::Ingress, Kind::HttpRoute] {
            plans.push(Plan::of(kind, namespace, Part::Solvers).labels(SOLVERS));
        }
    }
    plans.extend([
        Plan::of(Kind::ClusterIssuer, "", Part::Whole),
        Plan::of(Kind::Namespace, "", Part::Whole),
        Plan::of(Kind::Deployment, "", Part::Own).labels(OWN),
        Plan::of(Kind::Pod, "", Part::Own).labels(OWN),
    ]);
    plans
}

impl Plan {
    fn of(kind: Kind, namespace: &str, part: Part) -> Self {
        Self { key: FeedKey { kind, namespace: Symbol::from(namespace), part }, labels: None, fields: None }
    }

    fn labels(mut self, labels: &str) -> Self {
        self.labels = Some(labels.to_owned());
        self
    }

    /// Where to ask.
    pub(super) fn place(&self) -> Option<String> {
        (!self.key.namespace.is_empty()).then(|| self.key.namespace.to_string())
    }

    /// Where else to look when the whole cluster may not be asked: cert-manager has a usual home.
    pub(super) fn elsewhere(&self) -> Option<String> {
        (self.key.part == Part::Own).then(|| HOME.to_owned())
    }

    /// How long a kind that is not served is left alone: one waits for cert-manager to be installed.
    pub(super) const fn absent_for(&self) -> Duration {
        if matches!(self.key.kind, Kind::HttpRoute | Kind::Ingress) { limits::REFUSED } else { limits::ABSENT }
    }

    pub(super) fn api<K: Resource<DynamicType = Kind, Scope = kube::core::DynamicResourceScope>>(
        &self,
        client: kube::Client,
        place: Option<&str>,
    ) -> Api<K> {
        match place {
            Some(namespace) => Api::namespaced_with(client, namespace, &self.key.kind),
            None => Api::all_with(client, &self.key.kind),
        }
    }

    pub(super) fn config(&self, manner: Manner) -> watcher::Config {
        let config = watcher::Config {
            label_selector: self.labels.clone(),
            field_selector: self.fields.map(str::to_owned),
            ..watcher::Config::default().page_size(limits::PAGE)
        };
        match manner {
            Manner::Streaming => config.streaming_lists(),
            Manner::Pages => config,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(namespaces: &[&str]) -> Vec<String> {
        let namespaces = namespaces.iter().map(|n| (*n).to_owned()).collect();
        plans(&Scope { namespaces, selector: None, annotations: Vec::new() })
            .iter()
            .map(|plan| plan.key.to_string())
            .collect()
    }

    #[test]
    fn every_watch_is_there_once() {
        let all = names(&[]);
        assert_eq!(all.len(), 16);
        assert!(all.contains(&"events about acme.cert-manager.io".to_owned()));
        let mut two = names(&["shop", "blog"]);
        assert_eq!(two.len(), 4 + 2 * 12);
        assert!(two.contains(&"orders in blog".to_owned()) && two.contains(&"clusterissuers".to_owned()));
        two.sort();
        two.dedup();
        assert_eq!(two.len(), 4 + 2 * 12);
    }
}
