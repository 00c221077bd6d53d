//! DNS-01: which name servers the controller asks.

use super::{Case, Sign};
use crate::model::meta::Object as _;
use crate::triage::finding::{Evidence, Finding};

/// The flags and resolvers behind a self check that does not pass.
pub(super) fn enrich(case: &Case, sign: &Sign, finding: &mut Finding) {
    if !sign.is_of("dns01-not-propagated")
        && !sign.is_of("dns01-nameserver-failure")
        && !sign.is_of("dns01-zone-not-found")
    {
        return;
    }
    let own = sign.shown.object;
    if let Some((challenge, _)) = case.challenges().find(|(challenge, _)| challenge.meta.uid == own.meta.uid) {
        let strategy = challenge.settings.get("cnameStrategy").unwrap_or("None: a CNAME is not followed when writing");
        let field = "spec.solver.dns01.cnameStrategy".to_owned();
        finding.evidence.push(Evidence { object: own.key().into(), field, value: strategy.to_owned() });
    }
    let Some(controller) = case.controller() else {
        finding.wants.push("the arguments of the controller: which name servers it asks".to_owned());
        return;
    };
    let mut add = |field: &str, value: String| {
        finding.evidence.push(Evidence { object: controller.key().into(), field: field.to_owned(), value });
    };
    let flags: Vec<&str> = controller.args.iter().map(|arg| &**arg).filter(|arg| arg.starts_with("--dns01-")).collect();
    let unset = "no --dns01-recursive-nameservers: it asks the resolvers of its Pod".to_owned();
    add("args", if flags.is_empty() { unset } else { flags.join(" ") });
    if let Some(policy) = &controller.dns_policy {
        let own = controller.nameservers.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", ");
        add("dnsPolicy", if own.is_empty() { policy.to_string() } else { format!("{policy}, nameservers {own}") });
    }
}
