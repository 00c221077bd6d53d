//! `cmtop probe` and `cmtop preflight`.

mod object;

use std::time::Duration;

use chrono::TimeDelta;

use crate::cli::{self, TextFormat, What};
use crate::probe::book::Track;
use crate::probe::caa::Applicant;
use crate::probe::schedule::Rhythm;
use crate::probe::{dns01, survey, web};
use crate::report::document::write;
use crate::report::exit::ExitStatus;
use crate::report::probe::{Findings, Probe, Probes, worst};
use crate::runtime::clock::machine;
use crate::runtime::failure::Failure;
use crate::runtime::print::{is_read, print, told};
use crate::runtime::probing::object::of_cluster;
use crate::runtime::probing::resolvers::Resolvers;
use crate::runtime::probing::{Goal, Task};
use crate::runtime::program::Program;
use crate::runtime::signals::Interrupt;

/// `cmtop probe`.
pub async fn probe(program: &Program, wanted: &cli::Probe) -> Result<ExitStatus, Failure> {
    let resolvers = Resolvers::of(program).await?;
    let tasks = match &wanted.what {
        What::Challenge(..) | What::Certificate(..) => object::tasks(program, &resolvers, wanted).await?,
        _ => vec![by_name(program, &resolvers, wanted).await?],
    };
    let paper = match wanted.what {
        What::Certificate(..) => Paper::Several(wanted.format),
        _ => Paper::One(wanted.format),
    };
    if wanted.watch {
        watch(program, paper, &tasks, &resolvers).await
    } else {
        once(program, paper, &tasks, &resolvers).await
    }
}

/// `cmtop preflight`.
pub async fn preflight(program: &Program, wanted: &cli::Preflight) -> Result<ExitStatus, Failure> {
    let resolvers = Resolvers::of(program).await?;
    let given: Vec<_> = wanted.resolvers.iter().map(|address| address.or_port(53)).collect();
    let guides = if given.is_empty() { resolvers.guides() } else { given };
    let tasks: Vec<Task> = wanted
        .names
        .iter()
        .map(|subject| Task {
            object: None,
            applicant: None,
            behind: None,
            reach: resolvers.reach(),
            goal: Goal::Preflight(Box::new(survey::preflight::Wanted {
                subject: subject.clone(),
                guides: guides.clone(),
                applicant: Some(Applicant {
                    authority: wanted.authority.domain.clone(),
                    account: wanted.authority.account.clone(),
                    method: None,
                }),
                solver: wanted.method.clone().map(Ok),
                public: !resolvers.is_demo(),
            })),
        })
        .collect();
    once(program, Paper::Several(wanted.format), &tasks, &resolvers).await
}

/// What is printed. Where several names may be meant, a document does not look otherwise when there is one.
#[derive(Debug, Clone, Copy)]
enum Paper {
    One(TextFormat),
    Several(TextFormat),
}

impl Paper {
    const fn is_text(self) -> bool {
        matches!(self, Self::One(TextFormat::Text) | Self::Several(TextFormat::Text))
    }

    fn print(self, program: &Program, reports: &[Probe]) -> Result<(), Failure> {
        let (Self::One(format) | Self::Several(format)) = self;
        let style = program.style();
        let words = || reports.iter().map(|report| report.text(&style)).collect::<Vec<_>>().join("\n");
        let text = told(format.document(), words, |format| match (self, reports) {
            (Self::One(_), [report]) => report.document(format),
            _ => write(&Probes::of(reports), format),
        })?;
        print(&text)
    }
}

/// What a person described by a name.
async fn by_name(program: &Program, resolvers: &Resolvers, wanted: &cli::Probe) -> Result<Task, Failure> {
    let subject = wanted.name.clone().ok_or_else(|| Failure::usage("a NAME is missing"))?;
    let addresses = |port| wanted.addresses.iter().map(|address| address.or_port(port)).collect::<Vec<_>>();
    let servers = |given: &[cli::probe::Address]| given.iter().map(|address| address.or_port(53)).collect::<Vec<_>>();
    let (authorities, given) = (servers(&wanted.authorities), servers(&wanted.resolvers));
    let guides = if given.is_empty() { resolvers.guides() } else { given.clone() };
    let mut reach = resolvers.reach();
    let goal = match &wanted.what {
        What::Dns01 if authorities.is_empty() && given.is_empty() => {
            let mut servers = resolvers.servers();
            if let Some(cluster) = resolvers.cluster() {
                servers.insert(0, of_cluster(cluster, &mut reach).await);
            }
            let (expected, checker) = (wanted.expect.clone(), dns01::Checker::default());
            Goal::Dns01(Box::new(dns01::Plan { subject, expected, servers, guides, checker }))
        }
        What::Dns01 => Goal::Dns01(Box::new(dns01::Plan::given(subject, wanted.expect.clone(), &authorities, &given))),
        What::Http01 => Goal::Http01(Box::new(web::Plan {
            subject,
            token: wanted.token.as_ref().map(|token| token.reveal().to_owned()),
            expected: wanted.expect.clone(),
            addresses: addresses(80),
            guides,
            reason: String::new(),
        })),
        What::Caa => {
            let (account, method) = (wanted.authority.account.clone(), wanted.method.clone());
            Goal::Caa(subject, guides, Applicant { authority: wanted.authority.domain.clone(), account, method })
        }
        _ => Goal::Served(Box::new(survey::served::Plan {
            subject,
            expected: match &wanted.secret {
                Some(secret) => Some(object::serial(program, resolvers, secret).await?),
                None => wanted.expect.clone(),
            },
            addresses: addresses(443),
            guides,
        })),
    };
    Ok(Task { object: None, reach, goal, applicant: None, behind: None })
}

async fn once(program: &Program, paper: Paper, tasks: &[Task], resolvers: &Resolvers) -> Result<ExitStatus, Failure> {
    let mut interrupt = Interrupt::heard()?;
    let looks = futures::future::join_all(tasks.iter().map(|task| task.look(resolvers.now())));
    let reports = tokio::select! {
        reports = looks => reports,
        () = interrupt.came() => return Ok(ExitStatus::Interrupted),
    };
    paper.print(program, &reports)?;
    Ok(worst(&reports))
}

/// Looks again until all is well, and tells it when something changed.
async fn watch(program: &Program, paper: Paper, tasks: &[Task], resolvers: &Resolvers) -> Result<ExitStatus, Failure> {
    let mut interrupt = Interrupt::heard()?;
    let mut tracks: Vec<Track> = tasks.iter().map(|_| Track::begin(machine())).collect();
    let (mut rhythm, mut shown) = (Rhythm::default(), Vec::new());
    loop {
        let looks = futures::future::join_all(tasks.iter().map(|task| task.look(resolvers.now())));
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
            if !shown.is_empty() && paper.is_text() && !is_read("\n")? {
                return Ok(ExitStatus::Good);
            }
            paper.print(program, &reports)?;
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
