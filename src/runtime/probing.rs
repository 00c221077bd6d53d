//! `cmtop probe` and `cmtop preflight`.

pub mod book;
pub mod examine;
pub mod object;
pub mod repeat;
pub mod world;

use std::time::Duration;

use chrono::TimeDelta;

use self::world::World;
use super::clock::machine;
use super::failure::{Failure, is_read, print};
use super::interrupt::Interrupt;
use super::program::Program;
use crate::cli::{self, TextFormat, What};
use crate::cluster::{self, Cluster};
use crate::model::id::ObjectKey;
use crate::model::meta::Time;
use crate::probe::answer::Role;
use crate::probe::backing::links;
use crate::probe::book::Track;
use crate::probe::caa::{Applicant, judge, notes};
use crate::probe::dns01;
use crate::probe::schedule::Rhythm;
use crate::probe::subject::Subject;
use crate::probe::survey::{self, Reach};
use crate::probe::verdict::{Standing, Verdict};
use crate::probe::{web, web_judge};
use crate::report::document::Format;
use crate::report::exit::ExitStatus;
use crate::report::probe::{Caa, Findings, Probe, worst};

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

/// `cmtop probe`.
pub async fn probe(program: &Program, wanted: &cli::Probe) -> Result<ExitStatus, Failure> {
    let world = World::of(program).await?;
    let tasks = match &wanted.what {
        What::Challenge(..) | What::Certificate(..) => object::tasks(program, &world, wanted).await?,
        _ => vec![by_name(program, &world, wanted).await?],
    };
    if wanted.watch {
        watch(program, wanted, &tasks, &world).await
    } else {
        once(program, wanted.format, &tasks, &world).await
    }
}

/// `cmtop preflight`.
pub async fn preflight(program: &Program, wanted: &cli::Preflight) -> Result<ExitStatus, Failure> {
    let world = World::of(program).await?;
    let given: Vec<_> = wanted.resolvers.iter().map(|address| address.or_port(53)).collect();
    let guides = if given.is_empty() { world.guides() } else { given };
    let tasks: Vec<Task> = wanted
        .names
        .iter()
        .map(|subject| Task {
            object: None,
            applicant: None,
            behind: None,
            reach: world.reach(),
            goal: Goal::Preflight(Box::new(survey::preflight::Wanted {
                subject: subject.clone(),
                guides: guides.clone(),
                applicant: Some(Applicant {
                    authority: wanted.authority_name.clone(),
                    account: wanted.account.clone(),
                    method: None,
                }),
                solver: wanted.method.clone().map(Ok),
                public: !world.is_demo(),
            })),
        })
        .collect();
    once(program, wanted.format, &tasks, &world).await
}

/// What a person described by a name.
async fn by_name(program: &Program, world: &World, wanted: &cli::Probe) -> Result<Task, Failure> {
    let subject = wanted.name.clone().ok_or_else(|| Failure::usage("a NAME is missing"))?;
    let addresses = |port| wanted.addresses.iter().map(|address| address.or_port(port)).collect::<Vec<_>>();
    let servers = |given: &[cli::probe::Address]| given.iter().map(|address| address.or_port(53)).collect::<Vec<_>>();
    let (authorities, resolvers) = (servers(&wanted.authorities), servers(&wanted.resolvers));
    let guides = if resolvers.is_empty() { world.guides() } else { resolvers.clone() };
    let mut reach = world.reach();
    let goal = match &wanted.what {
        What::Dns01 if authorities.is_empty() && resolvers.is_empty() => {
            let mut servers = world.servers();
            if let Some(cluster) = world.cluster() {
                servers.insert(0, object::of_cluster(cluster, &mut reach).await);
            }
            let (expected, checker) = (wanted.expect.clone(), dns01::Checker::default());
            Goal::Dns01(Box::new(dns01::Plan { subject, expected, servers, guides, checker }))
        }
        What::Dns01 => {
            Goal::Dns01(Box::new(dns01::Plan::given(subject, wanted.expect.clone(), &authorities, &resolvers)))
        }
        What::Http01 => Goal::Http01(Box::new(web::Plan {
            subject,
            token: wanted.token.as_ref().map(|token| token.reveal().to_owned()),
            expected: wanted.expect.clone(),
            addresses: addresses(80),
            guides,
            reason: String::new(),
        })),
        What::Caa => {
            let (account, method) = (wanted.account.clone(), wanted.method.clone());
            Goal::Caa(subject, guides, Applicant { authority: wanted.authority_name.clone(), account, method })
        }
        _ => Goal::Served(Box::new(survey::served::Plan {
            subject,
            expected: match &wanted.secret {
                Some(secret) => Some(object::serial(program, world, secret).await?),
                None => wanted.expect.clone(),
            },
            addresses: addresses(443),
            guides,
        })),
    };
    Ok(Task { object: None, reach, goal, applicant: None, behind: None })
}

async fn once(program: &Program, format: TextFormat, tasks: &[Task], world: &World) -> Result<ExitStatus, Failure> {
    let mut interrupt = Interrupt::heard()?;
    let looks = futures::future::join_all(tasks.iter().map(|task| task.look(world.now())));
    let reports = tokio::select! {
        reports = looks => reports,
        () = interrupt.came() => return Ok(ExitStatus::Interrupted),
    };
    tell(program, format, &reports)?;
    Ok(worst(&reports))
}

fn tell(program: &Program, format: TextFormat, reports: &[Probe]) -> Result<(), Failure> {
    let style = program.style(false);
    let texts: Result<Vec<String>, _> = reports
        .iter()
        .map(|report| match format {
            TextFormat::Text => Ok(report.text(&style)),
            TextFormat::Json => report.document(Format::Json),
            TextFormat::Yaml => report.document(Format::Yaml),
        })
        .collect();
    let between = match format {
        TextFormat::Text => "\n",
        TextFormat::Json => "",
        TextFormat::Yaml => "---\n",
    };
    print(&texts.map_err(Failure::blind)?.join(between))
}

/// Looks again until all is well, and tells it when something changed.
async fn watch(program: &Program, wanted: &cli::Probe, tasks: &[Task], world: &World) -> Result<ExitStatus, Failure> {
    let mut interrupt = Interrupt::heard()?;
    let mut tracks: Vec<Track> = tasks.iter().map(|_| Track::begin(machine())).collect();
    let (mut rhythm, mut shown) = (Rhythm::default(), Vec::new());
    loop {
        let looks = futures::future::join_all(tasks.iter().map(|task| task.look(world.now())));
        let mut reports = tokio::select! {
            reports = looks => reports,
            () = interrupt.came() => return Ok(ExitStatus::Interrupted),
        };
        for (report, track) in reports.iter_mut().zip(&mut tracks) {
            if let Findings::Dns01(seen) = &mut report.findings {
                track.note(seen, machine());
                report.took = track.took().map(|took| took.max(TimeDelta::zero()));
            }
        }
        let essence: Vec<_> = reports.iter().map(essence).collect();
        if essence != shown {
            if !shown.is_empty() && wanted.format == TextFormat::Text && !is_read("\n")? {
                return Ok(ExitStatus::Good);
            }
            tell(program, wanted.format, &reports)?;
            shown = essence;
        }
        let status = worst(&reports);
        if status == ExitStatus::Good {
            return Ok(status);
        }
        let pause: Duration = rhythm.next(status != ExitStatus::Blind);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = interrupt.came() => return Ok(ExitStatus::Interrupted),
        }
    }
}

/// What has to differ before it is told again: no times.
fn essence(report: &Probe) -> (Vec<String>, String) {
    let rows = match &report.findings {
        Findings::Dns01(it) => it.rows.iter().map(|row| format!("{:?}{:?}", row.outcome, row.values)).collect(),
        Findings::Http01(it) => {
            it.visits.iter().map(|visit| format!("{:?}{:?}{}", visit.found, visit.status, visit.body)).collect()
        }
        Findings::Served(it) => it.doors.iter().map(|door| format!("{:?}{:?}", door.found, door.leaf)).collect(),
        Findings::Caa(_) | Findings::Preflight(_) => Vec::new(),
    };
    (rows, report.verdict().title.clone())
}
