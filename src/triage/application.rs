//! What a Certificate asks for, before there is a Challenge: by which solver of its Issuer each name would be proven.

use crate::limits;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::issuer::IssuerType;
use crate::model::meta::{Labels, Object as _};
use crate::probe::caa::Applicant;
use crate::probe::preflight::{Application, Sought};
use crate::probe::target::authority_of;
use crate::triage::solver::{pick, unfit};

/// The names of a Certificate, with their solvers; or why nothing is to be proven.
pub fn application(model: &Model, certificate: &Certificate) -> Result<Application, String> {
    let named = &certificate.issuer;
    let issuer = model.issuer(named, &certificate.meta.namespace);
    let issuer = issuer.ok_or_else(|| format!("its issuer {} is not known", named.name))?;
    if issuer.issuer_type != IssuerType::Acme {
        return Err(format!("its {} issuer {} wants no proof", issuer.issuer_type.as_str(), named.name));
    }
    let names: Vec<Sought> = certificate
        .dns_names
        .iter()
        .take(limits::PREFLIGHT_NAMES)
        .filter_map(|name| {
            let solver = match pick(&issuer.solver_configs, name, &certificate.meta.labels)
                .and_then(|i| issuer.solver_configs.get(i))
            {
                Some(solver) => Ok(if solver.dns01 { "dns-01" } else { "http-01" }),
                None => Err(why_none(issuer, name, &certificate.meta.labels)),
            };
            Some(Sought { subject: name.parse().ok()?, solver })
        })
        .collect();
    if names.is_empty() {
        return Err("it has no DNS name".to_owned());
    }
    let authority = authority_of(issuer);
    Ok(Application {
        object: certificate.key(),
        names,
        left_out: certificate.dns_names.len().saturating_sub(limits::PREFLIGHT_NAMES),
        public: authority.is_some(),
        applicant: authority.map(|authority| Applicant {
            authority: authority.to_owned(),
            account: (!issuer.account.is_empty()).then(|| issuer.account.to_string()),
            method: None,
        }),
    })
}

fn why_none(issuer: &crate::model::issuer::Issuer, name: &str, labels: &Labels) -> String {
    let reasons: Vec<String> = issuer
        .solver_configs
        .iter()
        .zip(1..)
        .filter_map(|(solver, number): (_, usize)| Some(format!("solver {number}: {}", unfit(solver, name, labels)?)))
        .take(3)
        .collect();
    if reasons.is_empty() { "the issuer has no solvers".to_owned() } else { reasons.join("; ") }
}
