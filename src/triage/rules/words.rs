//! [`Words`]: what the placeholders of a row stand for.

use super::{Case, Sign};
use crate::model::Model;
use crate::model::challenge::{Challenge, FINALIZERS};
use crate::model::kind::Kind;
use crate::model::meta::Object as _;
use crate::text::shell_word;
use crate::triage::signature::fill::Word;

/// The real names, for one sign.
pub(super) struct Words<'c, 'm> {
    model: &'c Model,
    case: Option<&'c Case<'m>>,
    sign: &'c Sign<'m>,
    captures: Vec<(String, String)>,
}

impl<'c, 'm> Words<'c, 'm> {
    pub(super) fn of(model: &'c Model, case: Option<&'c Case<'m>>, sign: &'c Sign<'m>) -> Self {
        Self { model, case, sign, captures: sign.row.captures(&sign.shown.value) }
    }

    /// The word for a placeholder: what the rule said, else what the pattern caught, else a name of the chain.
    pub(super) fn get(&self, name: &str) -> Option<Word> {
        let fact = self.sign.shown.facts.iter().find(|(known, _)| *known == name).map(|(_, word)| word.clone());
        let caught = || self.captures.iter().find(|(known, _)| known == name).map(|(_, word)| word.clone());
        let word = fact
            .or_else(caught)
            .or_else(|| self.of_controller(name))
            .or_else(|| self.of_object(name))
            .or_else(|| self.of_chain(name));
        let word = word.filter(|word| !word.is_empty())?;
        Some(if name == "issuerArguments" { Word::Arguments(word) } else { Word::Plain(word) })
    }

    fn of_controller(&self, name: &str) -> Option<String> {
        let controller = self.model.controller();
        Some(match name {
            "controllerNamespace" => controller.map_or("cert-manager", |c| &c.meta.namespace).to_owned(),
            "controller" => {
                let deployment = controller.filter(|c| c.kind == Kind::Deployment);
                deployment.map_or("cert-manager", |c| &c.meta.name).to_owned()
            }
            "version" => controller?.version.as_ref()?.to_string(),
            _ => return None,
        })
    }

    fn of_object(&self, name: &str) -> Option<String> {
        let own = self.sign.shown.object;
        Some(match name {
            "object" => own.key().to_string(),
            "objectKind" => own.kind.name().to_ascii_lowercase(),
            "objectName" => own.meta.name.to_string(),
            "objectNamespace" => own.meta.namespace.to_string(),
            "challenge" => self.challenge()?.meta.name.to_string(),
            "host" => self.challenge()?.dns_name.to_string(),
            "type" => self.challenge()?.challenge_type.as_str().to_owned(),
            "solver" => self.challenge()?.solver.to_string(),
            "finalizer" => self.finalizer()?.1,
            "finalizerPlace" => self.finalizer()?.0.to_string(),
            // Without a Certificate, the object's own place.
            "namespace" if self.case.is_none() => own.meta.namespace.to_string(),
            _ => return None,
        })
    }

    /// The Challenge that the sign is about, else the first of the attempt.
    fn challenge(&self) -> Option<&Challenge> {
        let own = self.sign.shown.object;
        if own.kind == Kind::Challenge {
            return self.model.challenges.get(self.model.challenges.by_uid(own.meta.uid)?);
        }
        self.case?.challenges().map(|(challenge, _)| challenge).next()
    }

    /// The finalizer of cert-manager that holds the Challenge, and where it stands among the others.
    fn finalizer(&self) -> Option<(usize, String)> {
        let mut held = self.challenge()?.finalizers.iter().enumerate();
        let ours = held.rfind(|(_, name)| FINALIZERS.contains(&name.as_str()));
        ours.map(|(place, name)| (place, name.to_string()))
    }

    fn of_chain(&self, name: &str) -> Option<String> {
        let case = self.case?;
        let certificate = case.certificate();
        let issuer = &certificate.issuer;
        let cluster = &*issuer.kind == "ClusterIssuer";
        Some(match name {
            "name" => certificate.meta.name.to_string(),
            "secret" => certificate.secret_name.to_string(),
            "names" => certificate.dns_names.iter().take(3).collect::<Vec<_>>().join(", "),
            "issuer" => issuer.name.to_string(),
            "issuerKind" => issuer.kind.to_string(),
            "issuerGroup" => issuer.group.to_string(),
            "issuerArguments" => {
                let kind = issuer.kind.to_ascii_lowercase();
                let own =
                    if cluster { String::new() } else { format!(" -n {}", shell_word(&certificate.meta.namespace)) };
                format!("{} {}{own}", shell_word(&kind), shell_word(&issuer.name))
            }
            "issuerSecretNamespace" if cluster => case.model.cluster_resource_namespace(),
            "namespace" | "issuerSecretNamespace" => certificate.meta.namespace.to_string(),
            "backend" => case.issuer()?.backend.to_string(),
            "request" => case.attempt()?.request.key().name.to_string(),
            "order" => case.attempt()?.order()?.meta.name.to_string(),
            "waitsFor" => case.stage.as_ref()?.waits_for.to_owned(),
            "phase" => case.stage.as_ref()?.phase.to_string(),
            _ => return None,
        })
    }
}
