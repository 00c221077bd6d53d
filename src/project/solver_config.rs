//! Solvers: for which names they are, and the settings that explain their failures.

use super::Projector;
use super::names;
use crate::limits;
use crate::model::meta::Labels;
use crate::model::solver_config::{Settings, SolverConfig};
use crate::wire::kinds as wire;

/// What stands for a credential that is there.
const GIVEN: &str = "given";

impl Projector {
    /// The solvers of an issuer.
    pub(super) fn solver_configs(&mut self, solvers: &[wire::Solver]) -> Box<[SolverConfig]> {
        solvers.iter().take(limits::CHILDREN).map(|solver| self.solver_config(solver)).collect()
    }

    fn solver_config(&mut self, solver: &wire::Solver) -> SolverConfig {
        let selector = solver.selector.clone().unwrap_or_default();
        let labels = selector.match_labels.filter(|labels| !labels.0.is_empty());
        SolverConfig {
            dns01: solver.dns01.is_some(),
            names: names(selector.dns_names),
            zones: names(selector.dns_zones),
            labels: Labels::of(labels.map(|labels| self.labels(&labels.0))),
            settings: self.settings(solver),
        }
    }

    /// What is set of a solver.
    pub(super) fn settings(&mut self, solver: &wire::Solver) -> Settings {
        let dns = solver.dns01.as_ref();
        let route53 = dns.and_then(|dns| dns.route53.as_ref());
        let ingress = solver.http01.as_ref().and_then(|http| http.ingress.as_ref());
        let account = route53.and_then(|r| r.auth.as_ref()?.kubernetes.as_ref()?.account.as_ref()?.name.as_deref());
        let key = route53.filter(|r| r.key.as_deref().is_some_and(|key| !key.is_empty()) || r.key_ref.is_some());
        let pairs = [
            ("cnameStrategy", dns.and_then(|dns| dns.cname_strategy.as_deref())),
            ("region", route53.and_then(|r| r.region.as_deref())),
            ("role", route53.and_then(|r| r.role.as_deref())),
            ("hostedZoneID", route53.and_then(|r| r.zone.as_deref())),
            ("accessKeyID", key.map(|_| GIVEN)),
            ("secretAccessKey", route53.and_then(|r| r.secret_ref).map(|_| GIVEN)),
            ("serviceAccountRef", account),
            ("ingressClassName", ingress.and_then(|i| i.class_name.as_deref())),
            ("class", ingress.and_then(|i| i.class.as_deref())),
            ("name", ingress.and_then(|i| i.name.as_deref())),
        ];
        Settings::of(pairs.into_iter().filter_map(|(name, value)| Some((name, self.opt_word(value)?))))
    }
}
