//! [`pick`]: which solver of an issuer is for a name, as cert-manager chooses it.

use std::cmp::Reverse;

use crate::model::meta::Labels;
use crate::model::solver_config::SolverConfig;

/// The number of the solver that is chosen for a name; `None` when none fits. A wildcard begins with `*.`.
///
/// All parts of a selector must fit. Of several solvers, a named one comes before the longest zone, that before the
/// number of labels, and that before the order of the list.
pub fn pick(solvers: &[SolverConfig], name: &str, labels: &Labels) -> Option<usize> {
    let wildcard = name.starts_with("*.");
    let fitting = solvers.iter().enumerate().filter(|(_, solver)| solver.dns01 || !wildcard);
    let ranked = fitting.filter_map(|(number, solver)| Some((rank(solver, name, labels)?, number)));
    ranked.min_by_key(|(rank, number)| (Reverse(*rank), *number)).map(|(_, number)| number)
}

/// How well a solver fits; `None` when it does not.
fn rank(solver: &SolverConfig, name: &str, labels: &Labels) -> Option<(bool, usize, usize)> {
    let named = solver.names.iter().any(|known| known == name);
    let bare = name.trim_start_matches("*.");
    let inside = |zone: &&str| bare == *zone || bare.strip_suffix(*zone).is_some_and(|head| head.ends_with('.'));
    let zone = solver.zones.iter().filter(inside).map(str::len).max();
    let wanted = solver.labels.iter().count();
    let fits = (named || solver.names.is_empty())
        && (zone.is_some() || solver.zones.is_empty())
        && solver.labels.iter().all(|(key, value)| labels.get(key) == Some(value));
    fits.then_some((named, zone.unwrap_or(0), wanted))
}

/// Why a solver is not for a name, in words.
pub fn unfit(solver: &SolverConfig, name: &str, labels: &Labels) -> Option<String> {
    if name.starts_with("*.") && !solver.dns01 {
        return Some("HTTP-01 proves no wildcards".to_owned());
    }
    if rank(solver, name, labels).is_some() {
        return None;
    }
    let list = |names: &crate::model::certificate::Names| names.iter().collect::<Vec<_>>().join(", ");
    let parts = [
        (!solver.names.is_empty()).then(|| format!("names {}", list(&solver.names))),
        (!solver.zones.is_empty()).then(|| format!("zones {}", list(&solver.zones))),
        (solver.labels.iter().count() > 0).then(|| {
            format!("labels {}", solver.labels.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(", "))
        }),
    ];
    Some(format!("is only for {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::model::certificate::Names;

    fn solver(dns01: bool, names: &str, zones: &str, labels: &str) -> SolverConfig {
        let list = |text: &str| Names::of(text.replace(' ', "\n"));
        SolverConfig {
            dns01,
            names: list(names),
            zones: list(zones),
            labels: Labels::of(Some(labels.into())),
            ..SolverConfig::default()
        }
    }

    #[test]
    fn the_narrowest_solver_wins() {
        let solvers = [
            solver(false, "", "", ""),
            solver(true, "", "a.test", ""),
            solver(true, "", "b.a.test", ""),
            solver(true, "x.b.a.test", "", ""),
            solver(true, "", "", "team=web"),
        ];
        let web = Labels::of(Some("team=web".into()));
        let table = [
            ("other.test", &Labels::default(), Some(0)),
            ("y.a.test", &Labels::default(), Some(1)),
            ("y.b.a.test", &Labels::default(), Some(2)),
            ("x.b.a.test", &web, Some(3)),
            ("other.test", &web, Some(4)),
            ("*.a.test", &Labels::default(), Some(1)),
            ("*.other.test", &Labels::default(), None),
            ("nota.test", &Labels::default(), Some(0)),
        ];
        for (name, labels, number) in table {
            assert_eq!(pick(&solvers, name, labels), number, "{name}");
        }
        assert!(unfit(&solvers[1], "other.test", &web).unwrap().contains("zones a.test"));
    }
}
