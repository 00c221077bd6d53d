//! The rights of cmtop as YAML that can be applied: `docs/install/rbac`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::right::{Right, SIGNERS};
use super::{ACTIONS, Action};

/// What the dashboard watches and reads: groups, their resources.
const READS: &[(&str, &[&str])] = &[
    ("cert-manager.io", &["certificates", "certificaterequests", "issuers", "clusterissuers"]),
    ("acme.cert-manager.io", &["orders", "challenges"]),
    // Secrets are watched as metadata: no data is ever asked for. Without this right the dashboard says what it misses.
    ("", &["secrets", "events", "pods", "services", "namespaces"]),
    ("networking.k8s.io", &["ingresses", "ingressclasses"]),
    ("discovery.k8s.io", &["endpointslices"]),
    ("gateway.networking.k8s.io", &["httproutes"]),
    ("apps", &["deployments"]),
];

/// What is looked up when a person asks what stands around cert-manager, and is never watched.
const LOOKS: &[(&str, &[&str])] = &[
    ("", &["serviceaccounts"]),
    ("coordination.k8s.io", &["leases"]),
    ("networking.k8s.io", &["ingressclasses"]),
    ("gateway.networking.k8s.io", &["gateways"]),
    ("apiextensions.k8s.io", &["customresourcedefinitions"]),
    ("admissionregistration.k8s.io", &["validatingwebhookconfigurations", "mutatingwebhookconfigurations"]),
];

/// What is read when a person asks for it, one at a time.
const FOLLOWED: &[(&str, &[&str])] = &[("", &["pods/log"])];

/// Resources that live in no namespace.
const CLUSTER_WIDE: &[&str] = &[
    "clusterissuers",
    "customresourcedefinitions",
    "ingressclasses",
    "mutatingwebhookconfigurations",
    "namespaces",
    "validatingwebhookconfigurations",
];

/// Everything that a role for acting grants, to be asked for in a namespace (in the whole cluster when it is empty). What
/// is watched is listed; what is read by name alone counts with it.
pub fn wanted(namespace: &str) -> Vec<Right> {
    let mut wanted = Vec::new();
    let rules = written().into_iter().filter(|rule| !rule.names);
    for rule in rules {
        let verbs: &[&'static str] =
            if rule.verbs.len() > 1 { rule.verbs.get(1..).unwrap_or_default() } else { &rule.verbs };
        for resource in &rule.resources {
            let wide = CLUSTER_WIDE.contains(resource);
            wanted.extend(verbs.iter().map(|verb| Right {
                verb,
                group: rule.group,
                resource: (*resource).to_owned(),
                namespace: if wide { String::new() } else { namespace.to_owned() },
                name: String::new(),
            }));
        }
    }
    let mut seen = BTreeSet::new();
    wanted.retain(|right| seen.insert(right.clone()));
    wanted
}

/// The role of whoever looks.
pub fn viewer() -> String {
    role(
        "cmtop-viewer",
        "What cmtop reads. Bind it with a ClusterRoleBinding, or with a RoleBinding for one namespace.",
        reads(),
    )
}

/// The role of whoever also acts: the same, and what each action writes.
pub fn operator() -> String {
    role("cmtop-operator", "What cmtop reads, and what its actions write.", written())
}

fn written() -> Vec<Rule> {
    let mut rules = reads();
    for row in ACTIONS {
        for right in row.rights.iter().filter(|right| right.verb != "get") {
            let rule = Rule {
                group: right.group,
                resources: vec![right.resource],
                verbs: vec![right.verb],
                names: right.resource == SIGNERS,
                why: vec![row.action],
            };
            match rules.iter_mut().find(|known| known.is_like(&rule)) {
                Some(known) => known.why.push(row.action),
                None => rules.push(rule),
            }
        }
    }
    rules
}

struct Rule {
    group: &'static str,
    resources: Vec<&'static str>,
    verbs: Vec<&'static str>,
    /// For all issuers of cert-manager, by name: cert-manager's webhook looks for these names.
    names: bool,
    why: Vec<Action>,
}

impl Rule {
    fn is_like(&self, other: &Self) -> bool {
        (self.group, &self.resources, &self.verbs) == (other.group, &other.resources, &other.verbs)
    }
}

fn reads() -> Vec<Rule> {
    let rules = |rows: &'static [(&'static str, &'static [&'static str])], verbs: &[&'static str]| {
        let verbs = verbs.to_vec();
        rows.iter().map(move |(group, resources)| Rule {
            group,
            resources: resources.to_vec(),
            verbs: verbs.clone(),
            names: false,
            why: Vec::new(),
        })
    };
    let looked = rules(READS, &["get", "list", "watch"]).chain(rules(LOOKS, &["get", "list"]));
    looked.chain(rules(FOLLOWED, &["get"])).collect()
}

fn role(name: &str, intro: &str, rules: Vec<Rule>) -> String {
    let mut out = format!(
        "# {intro}\n# Made from the table of actions: `UPDATE=1 cargo test --test docs` writes it again.\n\
         apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: {name}\nrules:\n"
    );
    let list = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    let mut told: BTreeSet<Vec<Action>> = BTreeSet::new();
    for rule in rules {
        if !rule.why.is_empty() && told.insert(rule.why.clone()) {
            let why: Vec<&str> = rule.why.iter().map(|action| action.name()).collect();
            let _ = writeln!(out, "  # {}", why.join(", "));
        }
        let _ = writeln!(out, "  - apiGroups: [{}]", list(&[rule.group]));
        let _ = writeln!(out, "    resources: [{}]", list(&rule.resources));
        if rule.names {
            let _ = writeln!(
                out,
                "    resourceNames: [\"issuers.cert-manager.io/*\", \"clusterissuers.cert-manager.io/*\"]"
            );
        }
        let _ = writeln!(out, "    verbs: [{}]", list(&rule.verbs));
    }
    out
}
