//! HTTP-01: the Pods, Services and Ingresses that answer.

use super::signs::{Depth, Shown};
use super::{Case, Sign, Signs};
use crate::model::challenge::ChallengeType;
use crate::model::kind::Kind;
use crate::model::meta::Object as _;
use crate::model::solver::Solver;
use crate::triage::finding::{Evidence, Finding};

pub(super) fn detect<'m>(case: &Case<'m>, signs: &mut Signs<'_, 'm>) {
    let open = case.challenges().filter(|(challenge, _)| {
        challenge.challenge_type == ChallengeType::Http01
            && challenge.processing
            && !challenge.state.is_final()
            && challenge.meta.deleted.is_none()
    });
    for (challenge, solvers) in open {
        let of = |kind| solvers.iter().copied().filter(move |solver: &&Solver| solver.kind == kind);
        for kind in [Kind::Pod, Kind::Service, Kind::Ingress] {
            let count = of(kind).filter(|solver| solver.meta.deleted.is_none()).count();
            if count > 1 {
                let shown = Shown::at(Depth::Challenge, challenge, "solver objects", format!("{count} of kind {kind}"));
                signs.rule("http01-multiple-solvers", shown.fact("count", format!("{count} {kind}s")));
            }
        }
        // cert-manager keeps the one Pod it finds, whatever its phase. A Pod without a status is unseen, not bad.
        for pod in of(Kind::Pod) {
            if let Some(status) = pod.status.as_ref().filter(|status| !status.serves) {
                let shown = Shown::at(Depth::Solver, pod, "status.phase", &*status.word).since(pod.meta.created);
                signs.rule("http01-solver-pod-not-running", shown.fact("word", &*status.word));
            }
        }
        for route in of(Kind::Ingress).chain(of(Kind::HttpRoute)) {
            if let Some(status) = route.status.as_ref().filter(|status| !status.serves) {
                let id =
                    if route.kind == Kind::Ingress { "http01-ingress-not-served" } else { "http01-route-not-accepted" };
                let shown = Shown::at(Depth::Solver, route, "status", &*status.word).since(route.meta.created);
                signs.rule(id, shown.fact("class", route.class.as_deref().unwrap_or("none")));
            }
        }
    }
}

/// The objects that should answer, and what they say of themselves.
pub(super) fn enrich(case: &Case, sign: &Sign, finding: &mut Finding) {
    if sign.shown.depth != Depth::Challenge || !finding.family.starts_with("http01-") {
        return;
    }
    let own = case.challenges().find(|(challenge, _)| challenge.meta.uid == sign.shown.object.meta.uid);
    let Some((_, solvers)) = own else { return };
    for solver in solvers {
        if solver.kind == Kind::Service && solver.status.is_none() {
            // That of a Service inside the cluster stays empty for ever.
            continue;
        }
        let status = solver.status.as_ref().map_or("no status was written", |status| status.word.as_str());
        let class = solver.class.as_ref().map(|class| format!(", class {class}")).unwrap_or_default();
        finding.evidence.push(Evidence {
            object: solver.key().into(),
            field: "status".to_owned(),
            value: format!("{status}{class}"),
        });
    }
}
