//! [`Case`]: one Certificate under examination.

use super::signs::Thing;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::challenge::Challenge;
use crate::model::controller::Controller;
use crate::model::id::ObjectKey;
use crate::model::issuer::{Issuer, IssuerType};
use crate::model::kind::Kind;
use crate::model::lineage::{Attempt, Lineage, Step};
use crate::model::meta::Time;
use crate::model::solver::Solver;
use crate::triage::signature::Context;
use crate::triage::stage::{Phase, Stage};

/// What a Certificate is up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::triage) enum Situation {
    /// An issuance is in flight.
    InFlight,
    /// The last one failed.
    Failed,
    /// Not ready, and nothing is in flight.
    Idle,
    /// There is a certificate, and nothing is to be done now.
    Calm,
}

/// A Certificate, its chain, and the clock.
pub(in crate::triage) struct Case<'m> {
    /// Everything.
    pub(in crate::triage) model: &'m Model,
    /// The chain.
    pub(in crate::triage) lineage: Lineage<'m>,
    /// Where the issuance in flight stands.
    pub(in crate::triage) stage: Option<Stage>,
    /// What it is up to.
    pub(in crate::triage) situation: Situation,
    /// The clock.
    pub(in crate::triage) now: Time,
}

impl<'m> Case<'m> {
    pub(in crate::triage) fn new(model: &'m Model, lineage: Lineage<'m>, now: Time) -> Self {
        let certificate = lineage.certificate;
        let (situation, stage) = if crate::triage::in_flight(&lineage) {
            (Situation::InFlight, crate::triage::issuance::stage(model, &lineage))
        } else if certificate.last_failure().is_some() {
            (Situation::Failed, None)
        } else if certificate.is_ready() {
            (Situation::Calm, None)
        } else {
            (Situation::Idle, None)
        };
        Self { model, lineage, stage, situation, now }
    }

    pub(in crate::triage) const fn certificate(&self) -> &'m Certificate {
        self.lineage.certificate
    }

    /// Whether it is the controller's turn: not while another program is to sign or approve, nor before the next attempt.
    pub(super) fn waits_on_controller(&self) -> bool {
        let external = self.certificate().issuer.known_kind().is_none();
        let elsewhere = |stage: &Stage| stage.phase == Phase::Signing && external;
        self.situation == Situation::InFlight && !self.stage.as_ref().is_some_and(elsewhere)
    }

    /// The attempt in question: the one in flight, or the one that failed.
    pub(super) fn attempt(&self) -> Option<&Attempt<'m>> {
        match self.situation {
            Situation::InFlight => crate::triage::live_request(&self.lineage),
            Situation::Failed => self.lineage.next(),
            Situation::Idle | Situation::Calm => None,
        }
    }

    /// Its Challenges, each with its solver objects.
    pub(in crate::triage) fn challenges(&self) -> impl Iterator<Item = (&'m Challenge, &[&'m Solver])> {
        self.attempt().into_iter().flat_map(|attempt| &attempt.challenges).map(|(c, solvers)| (*c, solvers.as_slice()))
    }

    pub(super) fn issuer(&self) -> Option<&'m Issuer> {
        self.lineage.issuer.row()
    }

    pub(super) fn issuer_is_absent(&self) -> bool {
        self.lineage.issuer == Step::Absent
    }

    pub(super) fn controller(&self) -> Option<&'m Controller> {
        self.model.controller()
    }

    /// The object of the chain that has a name.
    pub(super) fn thing(&self, key: &ObjectKey) -> Thing<'m> {
        let own = |thing: Thing<'m>| (thing.kind == key.kind && *thing.meta.name == *key.name).then_some(thing);
        let attempt = self.attempt();
        let request = attempt.and_then(|attempt| own(Thing::of(attempt.request)));
        let order = || attempt?.orders.iter().find_map(|order| own(Thing::of(*order)));
        let challenge = || self.challenges().find_map(|(challenge, _)| own(Thing::of(challenge)));
        request.or_else(order).or_else(challenge).unwrap_or_else(|| Thing::of(self.certificate()))
    }

    /// What a text of this chain is read as.
    pub(super) fn context(&self) -> Context<'static> {
        let issuer = self.issuer().map(|issuer| match issuer.issuer_type {
            IssuerType::Acme => "acme",
            IssuerType::Ca => "ca",
            IssuerType::SelfSigned => "selfsigned",
            IssuerType::Vault => "vault",
            IssuerType::Venafi => "venafi",
            IssuerType::Unknown => "unknown",
        });
        Context { solver: None, issuer }
    }

    /// Whether "there is none" can be said of a kind beside this Certificate.
    pub(super) fn sees(&self, kind: Kind) -> bool {
        self.model.feeds.sees(kind, &self.certificate().meta.namespace)
    }
}
