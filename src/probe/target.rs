//! [`Target`]: what a Challenge wants to be seen, and how its cert-manager looks for it.

use std::net::SocketAddr;

use super::caa::Applicant;
use super::dns01::Checker;
use super::helm::Release;
use super::subject::{Subject, SubjectError};
use crate::model::Model;
use crate::model::challenge::{Challenge, ChallengeType};
use crate::model::id::ObjectKey;
use crate::model::issuer::Issuer;
use crate::model::kind::Kind;
use crate::model::meta::Object as _;

/// What a Challenge wants to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The Challenge.
    pub object: ObjectKey,
    /// The name.
    pub subject: Subject,
    /// How it is proven.
    pub way: ChallengeType,
    /// What should be there.
    pub expected: Option<String>,
    /// Under which token.
    pub token: Option<String>,
    /// The servers that cert-manager is told to ask.
    pub configured: Vec<SocketAddr>,
    /// How cert-manager looks.
    pub checker: Checker,
    /// The Pod that answers over HTTP.
    pub pod: Option<String>,
    /// Who is to issue, where its name in CAA records is known: the account is that of the Issuer.
    pub applicant: Option<Applicant>,
    /// What cert-manager's own check said last; empty for nothing.
    pub reason: String,
}

impl Target {
    /// What a Challenge wants to be seen.
    pub fn of(model: &Model, challenge: &Challenge) -> Result<Self, SubjectError> {
        let star = if challenge.wildcard { "*." } else { "" };
        let subject = format!("{star}{}", challenge.dns_name).parse()?;
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let solvers = || model.solvers.owned_by(challenge.meta.uid).map(|(_, solver)| solver);
        let pod = solvers().find(|solver| solver.kind == Kind::Pod && solver.meta.deleted.is_none());
        let (configured, checker) = how_it_looks(model);
        Ok(Self {
            object: challenge.key(),
            subject,
            way: challenge.challenge_type,
            expected: some(&challenge.key),
            token: some(&challenge.token),
            configured,
            checker,
            pod: pod.map(|pod| pod.meta.name.to_string()),
            applicant: applicant(model, challenge),
            reason: challenge.reason.as_str().to_owned(),
        })
    }
}

/// The servers that the controller is told to ask, and how.
fn how_it_looks(model: &Model) -> (Vec<SocketAddr>, Checker) {
    let Some(controller) = model.controller() else { return (Vec::new(), Checker::default()) };
    let flag = |name: &str| controller.args.iter().find_map(|arg| arg.strip_prefix(name)?.strip_prefix('='));
    let given = flag("--dns01-recursive-nameservers").unwrap_or_default();
    // A DNS-over-HTTPS URL is no address: it is left to cert-manager.
    let of_flag = given.split(',').filter_map(|text| text.trim().parse().ok());
    let of_pod = controller.nameservers.iter().filter_map(|text| Some(SocketAddr::new(text.parse().ok()?, 53)));
    let configured: Vec<SocketAddr> = if given.is_empty() { of_pod.collect() } else { of_flag.collect() };
    let only = "--dns01-recursive-nameservers-only";
    let recursive_only = controller.args.iter().any(|arg| &**arg == only) || flag(only) == Some("true");
    let release = Release { name: controller.meta.name.to_string(), namespace: controller.meta.namespace.to_string() };
    (configured, Checker { recursive_only, release })
}

/// What the directories of public authorities hold, and their names in CAA records.
const AUTHORITIES: &[(&str, &str)] = &[
    (".letsencrypt.org/", "letsencrypt.org"),
    (".zerossl.com/", "sectigo.com"),
    (".pki.goog/", "pki.goog"),
    (".buypass.com/", "buypass.com"),
    (".ssl.com/", "ssl.com"),
    (".digicert.com/", "digicert.com"),
];

/// The name of an Issuer's authority in CAA records, where it is a public one.
pub fn authority_of(issuer: &Issuer) -> Option<&'static str> {
    AUTHORITIES.iter().find(|(part, _)| issuer.backend.contains(part)).map(|(_, authority)| *authority)
}

/// Who is to issue. What an authority of one's own thinks of CAA records, nobody knows.
fn applicant(model: &Model, challenge: &Challenge) -> Option<Applicant> {
    let issuer = model.issuer(&challenge.issuer, &challenge.meta.namespace)?;
    let authority = authority_of(issuer)?;
    let method = match challenge.challenge_type {
        ChallengeType::Dns01 => "dns-01",
        ChallengeType::Http01 => "http-01",
    };
    Some(Applicant {
        authority: authority.to_owned(),
        account: (!issuer.account.is_empty()).then(|| issuer.account.to_string()),
        method: Some(method.to_owned()),
    })
}
