//! Route 53: the release, the region and the credentials behind an error of AWS.

use super::{Case, Sign};
use crate::model::meta::Object as _;
use crate::triage::finding::{Confidence, Evidence, Finding};

/// Variables of the controller that decide about regions and credentials.
const TELLING: &[&str] = &["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"];

pub(super) fn enrich(case: &Case, sign: &Sign, finding: &mut Finding) {
    if !sign.row.solvers.iter().any(|solver| &**solver == "route53") {
        return;
    }
    solver(case, sign, finding);
    let Some(controller) = case.controller() else {
        finding.wants.push("the Deployment of the controller: its version and its environment".to_owned());
        return;
    };
    let mut add = |field: &str, value: String| {
        finding.evidence.push(Evidence { object: controller.key().into(), field: field.to_owned(), value });
    };
    if let Some(version) = &controller.version {
        add("version", version.to_string());
    }
    for name in TELLING {
        let value = controller.env.iter().find(|(known, _)| &**known == *name).map(|(_, value)| value);
        match value {
            Some(value) => add("env", format!("{name}={}", value.as_deref().unwrap_or("(from elsewhere)"))),
            None if *name == "AWS_REGION" => add("env", "AWS_REGION is not set".to_owned()),
            None => {}
        }
    }
    let bare = !controller.env.iter().any(|(name, _)| matches!(&**name, "AWS_REGION" | "AWS_DEFAULT_REGION"));
    if sign.is("route53-missing-region") && bare {
        finding.confidence = Confidence::High;
    }
}

/// The settings of the solver, and whether it may use the credentials of the controller.
fn solver(case: &Case, sign: &Sign, finding: &mut Finding) {
    let own = sign.shown.object;
    let Some((challenge, _)) = case.challenges().find(|(challenge, _)| challenge.meta.uid == own.meta.uid) else {
        return;
    };
    let settings: Vec<String> = challenge.settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let said = if settings.is_empty() {
        "nothing is set: it uses ambient credentials".to_owned()
    } else {
        settings.join(", ")
    };
    let mut add = |field: &str, value: String| {
        finding.evidence.push(Evidence { object: own.key().into(), field: field.to_owned(), value });
    };
    add("spec.solver.dns01.route53", said);
    let keys = ["accessKeyID", "serviceAccountRef"].iter().any(|name| challenge.settings.get(name).is_some());
    if !keys && &*case.certificate().issuer.kind != "ClusterIssuer" {
        let flag =
            case.controller().and_then(|c| c.args.iter().find(|arg| arg.starts_with("--issuer-ambient-credentials")));
        let flag = flag.map_or("--issuer-ambient-credentials is not given", |flag| &**flag);
        add("spec.issuerRef", format!("an Issuer may use ambient credentials only when allowed; {flag}"));
    }
    if challenge.settings.get("region").is_some() && sign.is("route53-missing-region") {
        add("spec.solver.dns01.route53", "region is set, and yet it is missing: an old release forgets it".to_owned());
    }
}
