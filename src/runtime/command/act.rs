//! The commands that change something: `renew`, `retry`, `delete`, `release`, `approve`, `deny`.

mod ask;
mod follow;
mod place;

use crate::action::Action;
use crate::action::plan::{Plan, Words, plan};
use crate::action::report::{Check, Outcome, Report, Sent};
use crate::cli::{ActionFormat, Command, Conduct};
use crate::limits;
use crate::model::Model;
use crate::model::id::ObjectKey;
use crate::model::meta::Object as _;
use crate::query::pick::Pick;
use crate::query::target::Target;
use crate::report::action as paper;
use crate::report::exit::ExitStatus;

use self::follow::{End, Followed};
use self::place::Place;
use crate::runtime::failure::Failure;
use crate::runtime::print::print;
use crate::runtime::program::Program;
use crate::runtime::signals::Interrupt;

/// What is asked for, whatever the command.
struct Wanted<'c> {
    action: Action,
    /// Objects by name; empty for all that are selected.
    targets: Vec<Target>,
    words: Words,
    conduct: &'c Conduct,
}

impl<'c> Wanted<'c> {
    fn of(command: &'c Command) -> Option<Self> {
        let (action, targets, words, conduct) = match command {
            Command::Renew(wanted) | Command::Retry(wanted) => {
                let action = if matches!(command, Command::Renew(_)) { Action::Renew } else { Action::Retry };
                let target = |name: &crate::query::name::Name| Target {
                    kind: None,
                    namespace: name.namespace.clone(),
                    name: name.name.clone(),
                };
                (action, wanted.names.iter().map(target).collect(), Words::default(), &wanted.conduct)
            }
            Command::Delete(wanted) => (Action::Delete, wanted.objects.clone(), Words::default(), &wanted.conduct),
            Command::Release(wanted) => (Action::Release, wanted.objects.clone(), Words::default(), &wanted.conduct),
            Command::Approve(wanted) | Command::Deny(wanted) => {
                let action = if matches!(command, Command::Approve(_)) { Action::Approve } else { Action::Deny };
                let words = Words { reason: wanted.reason.clone(), message: wanted.message.clone() };
                (action, wanted.names.clone(), words, &wanted.conduct)
            }
            _ => return None,
        };
        Some(Self { action, targets, words, conduct })
    }
}

/// Does what the command line says.
pub async fn act(program: &Program) -> Result<ExitStatus, Failure> {
    let Some(wanted) = program.cli.command.as_ref().and_then(Wanted::of) else { return Ok(ExitStatus::Good) };
    ask::refuse_silence(wanted.conduct)?;
    let mut place = Place::open(program, &wanted.targets).await?;
    let objects = chosen(program, &wanted, &place)?;
    if objects.is_empty() {
        ask::say("no Certificate is selected\n");
        return Ok(ExitStatus::Good);
    }
    let now = place.live.clock.now();
    let mut refused = Vec::new();
    let mut plans = Vec::new();
    for object in objects {
        match plan(&place.model, wanted.action, &object, &wanted.words, now) {
            Ok(plan) => plans.push(plan),
            Err(message) => refused.push(Report {
                at: now,
                action: wanted.action,
                object,
                requests: Vec::new(),
                outcome: Outcome::Refused,
                message,
            }),
        }
    }
    if let [only] = plans.as_mut_slice() {
        *only = only.clone().alone(&place.model, now);
    }
    let format = wanted.conduct.output;
    let mut worst = ExitStatus::Good;
    for report in &refused {
        tell(report, format)?;
        worst = ExitStatus::Trouble;
    }
    if wanted.conduct.dry_run {
        return Ok(if dry_run(&place, &plans, format).await? { worst } else { ExitStatus::Trouble });
    }
    let Some(plans) = agreed(&place, plans, wanted.conduct).await? else {
        ask::say("nothing was done\n");
        return Ok(ExitStatus::Trouble);
    };
    let done = perform(program, &mut place, &plans, wanted.conduct).await?;
    Ok(if done == ExitStatus::Good { worst } else { done })
}

/// The objects that are meant.
fn chosen(program: &Program, wanted: &Wanted, place: &Place) -> Result<Vec<ObjectKey>, Failure> {
    let namespaces = &program.settings.namespaces.value;
    if wanted.targets.is_empty() {
        let pick = Pick {
            namespaces: namespaces.clone(),
            selector: program.cli.scope.selector.clone().unwrap_or_default(),
            ..Pick::default()
        };
        let ids = pick.choose(&place.model).unwrap_or_default();
        return Ok(ids.iter().filter_map(|id| place.model.certificates.get(*id)).map(|row| row.key()).collect());
    }
    let places: Vec<&str> = match namespaces.as_slice() {
        [] => place.home.as_deref().into_iter().collect(),
        namespaces => namespaces.iter().map(String::as_str).collect(),
    };
    let mut found: Vec<ObjectKey> = Vec::new();
    for target in &wanted.targets {
        let keys = target.find(&place.model, &places);
        match keys.as_slice() {
            [] => return Err(missing(&place.model, target, &places)),
            [_, _, ..] if places.is_empty() => {
                let names: Vec<String> = keys.iter().map(ToString::to_string).collect();
                return Err(Failure::usage(format!("`{target}` is ambiguous: name one of {}", names.join(", "))));
            }
            keys => found.extend(keys.iter().filter(|key| !found.contains(key)).cloned().collect::<Vec<_>>()),
        }
    }
    Ok(found)
}

fn missing(model: &Model, target: &Target, places: &[&str]) -> Failure {
    let elsewhere = Target { namespace: None, ..target.clone() }.find(model, &[]);
    let hint = elsewhere.first().map(|key| format!("; there is {key}")).unwrap_or_default();
    let place = match (target.namespace.is_some(), places) {
        (false, [namespace]) => format!(" in namespace {namespace}"),
        _ => String::new(),
    };
    Failure::absent(format!("there is no {target}{place}{hint}"))
}

fn tell(report: &Report, format: ActionFormat) -> Result<(), Failure> {
    print(&match format {
        ActionFormat::Text => paper::text(report),
        ActionFormat::Json => paper::line(report, None),
    })
}

/// What would be done; whether nothing is known to stand in the way.
async fn dry_run(place: &Place, plans: &[Plan], format: ActionFormat) -> Result<bool, Failure> {
    let mut clear = true;
    for plan in plans {
        let checks = place.live.cluster.check(plan, &place.live.clock.reader()).await;
        clear &= checks.iter().all(Check::is_clear);
        match format {
            ActionFormat::Text => print(&ask::preview(plan, &checks))?,
            ActionFormat::Json => print(&paper::line(&tried(plan, &checks, place.live.clock.now()), None))?,
        }
    }
    Ok(clear)
}

/// The outcome of a trial: the requests that would be sent, each with the status that the server gave to its trial.
fn tried(plan: &Plan, checks: &[Check], at: crate::model::meta::Time) -> Report {
    let requests = plan.steps.iter().zip(checks).map(|(step, check)| Sent {
        verb: step.write.method().as_str(),
        path: step.path(),
        status: check.answer,
    });
    let trouble = checks.iter().find(|check| !check.is_clear());
    let (outcome, message) = match trouble {
        None if checks.iter().all(|check| check.trial == Ok(true)) => {
            (Outcome::Done, "dry run: allowed, and the server would do it".to_owned())
        }
        None => (Outcome::Done, "dry run: allowed".to_owned()),
        Some(Check { missing: Some(right), .. }) => (Outcome::Forbidden, format!("the right that is missing: {right}")),
        Some(Check { objection: Some(why), .. }) => (Outcome::Refused, why.clone()),
        Some(check) => (Outcome::Failed, check.trial.clone().err().unwrap_or_default()),
    };
    Report { at, action: plan.action, object: plan.object.clone(), requests: requests.collect(), outcome, message }
}

/// The plans that a person agreed to, bound to what was shown; `None` when the answer was no.
async fn agreed(place: &Place, plans: Vec<Plan>, conduct: &Conduct) -> Result<Option<Vec<Plan>>, Failure> {
    if conduct.yes || plans.is_empty() {
        return Ok(Some(plans.into_iter().map(Plan::in_any_state).collect()));
    }
    if let [only] = plans.as_slice() {
        let checks = place.live.cluster.check(only, &place.live.clock.reader()).await;
        let agreed = ask::yes(&ask::preview(only, &checks), &format!("{} {}?", only.action, only.object))?;
        return Ok(agreed.then(|| vec![only.clone().as_checked(&checks)]));
    }
    let agreed = ask::count(&plans, &place.model, place.live.clock.now())?;
    Ok(agreed.then(|| plans.into_iter().map(Plan::in_any_state).collect()))
}

async fn perform(
    program: &Program,
    place: &mut Place,
    plans: &[Plan],
    conduct: &Conduct,
) -> Result<ExitStatus, Failure> {
    let log =
        crate::runtime::service::action_log::ActionLog { file: program.action_log(), context: place.context.clone() };
    let mut interrupt = Interrupt::heard()?;
    let mut followed = Vec::new();
    let mut status = ExitStatus::Good;
    for (i, plan) in plans.iter().enumerate() {
        if i > 0 {
            tokio::select! {
                biased;
                () = interrupt.came() => return Ok(ExitStatus::Interrupted),
                () = tokio::time::sleep(limits::ACTION_PACE) => {}
            }
        }
        let follows = Followed::before(&place.model, plan, place.live.clock.now());
        let now = place.live.clock.reader();
        let mut doing = std::pin::pin!(place.live.cluster.perform(plan, &now));
        // What was begun is brought to an end: nobody could say otherwise whether it was done.
        let (report, interrupted) = tokio::select! {
            report = &mut doing => (report, false),
            () = interrupt.came() => (doing.await, true),
        };
        log.note(&report);
        if interrupted {
            tell(&report, conduct.output)?;
            return Ok(ExitStatus::Interrupted);
        }
        let done = report.outcome == Outcome::Done;
        if !done {
            status = ExitStatus::Trouble;
        }
        if done && conduct.wait.is_some() {
            followed.push((follows, report));
        } else {
            tell(&report, conduct.output)?;
        }
    }
    let Some(wait) = conduct.wait else { return Ok(status) };
    match follow::to_the_end(place, followed, wait, conduct.output, &mut interrupt).await? {
        End::Well => Ok(status),
        End::Badly => Ok(ExitStatus::Trouble),
        End::Interrupted => Ok(ExitStatus::Interrupted),
    }
}
