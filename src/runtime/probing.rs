//! [`Task`]: a probe that is ready to be made: of what, with what reach, for whom.

pub mod book;
pub mod examine;
pub mod object;
pub mod resolvers;

use crate::cluster::{self, Cluster};
use crate::model::id::ObjectKey;
use crate::model::meta::Time;
use crate::probe::answer::Role;
use crate::probe::backing::links;
use crate::probe::caa::{Applicant, judge, notes};
use crate::probe::dns01;
use crate::probe::subject::Subject;
use crate::probe::survey::{self, Reach};
use crate::probe::verdict::{Standing, Verdict};
use crate::probe::{web, web_judge};
use crate::report::probe::{Caa, Findings, Probe};

/// A probe that is ready to be made.
#[derive(Debug, Clone)]
pub struct Task {
    /// What it is about, if it is about an object.
    pub object: Option<String>,
    /// With what it looks.
    pub reach: Reach,
    /// At what.
    pub goal: Goal,
    /// Who is to issue, where it is to be known whether it may.
    pub applicant: Option<Applicant>,
    /// The Challenge whose objects in the cluster stand behind an address, and where they are read.
    pub behind: Option<(Cluster, ObjectKey)>,
}

/// At what a probe looks.
#[derive(Debug, Clone)]
pub enum Goal {
    /// Name servers.
    Dns01(Box<dns01::Plan>),
    /// Addresses.
    Http01(Box<web::Plan>),
    /// CAA records.
    Caa(Subject, Vec<std::net::SocketAddr>, Applicant),
    /// TLS.
    Served(Box<survey::served::Plan>),
    /// Everything, before any Order exists.
    Preflight(Box<survey::preflight::Wanted>),
}

impl Task {
    /// Looks once.
    pub async fn look(&self, now: Time) -> Probe {
        let findings = match &self.goal {
            Goal::Dns01(plan) => {
                let mut seen = survey::dns01::look(&self.reach, plan, |_| ()).await;
                heed(self.permission().await, &mut seen.verdict, &mut seen.notes);
                seen.notes.extend(self.unasked(plan).map(str::to_owned));
                Findings::Dns01(Box::new(seen))
            }
            Goal::Http01(plan) => {
                let mut seen = self.look_at_web(plan, |_| ()).await;
                heed(self.permission().await, &mut seen.verdict, &mut seen.notes);
                Findings::Http01(Box::new(seen))
            }
            Goal::Caa(subject, guides, applicant) => {
                let climb = survey::caa::climb(&self.reach, guides, subject).await;
                Findings::Caa(Box::new(Caa {
                    subject: subject.clone(),
                    applicant: applicant.clone(),
                    verdict: judge(subject, applicant, &climb),
                    notes: notes(applicant, &climb),
                    climb,
                }))
            }
            Goal::Served(plan) => Findings::Served(Box::new(survey::served::look(&self.reach, plan, now).await)),
            Goal::Preflight(wanted) => {
                Findings::Preflight(Box::new(survey::preflight::look(&self.reach, wanted).await))
            }
        };
        Probe { at: now, object: self.object.clone(), findings, took: None }
    }

    /// What each address answers, and what of the cluster stands behind it.
    pub async fn look_at_web(&self, plan: &web::Plan, show: impl FnMut(&web::Web)) -> web::Web {
        let behind = async {
            match &self.behind {
                Some((cluster, challenge)) => Some(cluster::solver::facts(cluster, challenge).await),
                None => None,
            }
        };
        let (mut seen, facts) = tokio::join!(survey::web::look(&self.reach, plan, show), behind);
        let unseen = match facts {
            Some(Ok(facts)) => {
                (seen.backing, seen.entrance) = (links(&facts), facts.entrance());
                None
            }
            Some(Err(why)) => Some(format!("what stands behind it was not read: {why}")),
            None => None,
        };
        web_judge::judge(&mut seen);
        seen.notes.extend(unseen);
        seen
    }

    /// What is not known where nobody named whom to ask: cert-manager asks the resolver of its cluster, and that may have
    /// its own idea of the zone.
    fn unasked(&self, plan: &dns01::Plan) -> Option<&'static str> {
        let decides = |role| matches!(role, Role::Cluster | Role::Given | Role::Configured);
        let known = plan.servers.iter().any(|server| decides(server.role));
        (self.object.is_none() && !known).then_some(
            "the resolver of the cluster was not asked, and cert-manager's own check is made there: \
             `cmtop probe NAMESPACE/NAME` of a Certificate, or `challenge/NAME`, asks it",
        )
    }

    /// Whether the CAA records let the applicant issue; `None` where nobody is to be looked for.
    pub async fn permission(&self) -> Option<Verdict> {
        let applicant = self.applicant.as_ref()?;
        let (subject, guides) = match &self.goal {
            Goal::Dns01(plan) => (&plan.subject, &plan.guides),
            Goal::Http01(plan) => (&plan.subject, &plan.guides),
            Goal::Caa(..) | Goal::Served(_) | Goal::Preflight(_) => return None,
        };
        let climb = survey::caa::climb(&self.reach, guides, subject).await;
        Some(judge(subject, applicant, &climb))
    }
}

/// A proof that is seen everywhere is of no use where the records forbid to issue; what is not seen comes first.
pub fn heed(permission: Option<Verdict>, verdict: &mut Verdict, notes: &mut Vec<String>) {
    let Some(refusal) = permission.filter(|permission| permission.standing == Standing::Trouble) else { return };
    notes.push(format!("{}: {}", refusal.title, refusal.cause));
    if verdict.standing == Standing::Good {
        *verdict = refusal;
    }
}
