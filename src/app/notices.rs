//! Notices: what rings when a verdict changes, by the rules of the config file. Without a rule nothing does.
//!
//! **Invariant:** the rate is bounded, whatever happens in the cluster: what comes too fast is told together.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::App;
use super::effect::{Desktop, Effect};
use super::toast::Tone;
use crate::limits;
use crate::model::meta::Time;
use crate::text::{clean, count};
use crate::triage::changes::Change;
use crate::triage::verdict::Verdict;

/// How far apart two notices of one rule are at least.
const APART: TimeDelta = TimeDelta::seconds(10);

/// In which time commands are counted.
const WINDOW: TimeDelta = TimeDelta::minutes(1);

/// When somebody is told, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// The verdicts that are told; empty for all that need a person.
    pub verdicts: Vec<Verdict>,
    /// In which namespaces; empty for all.
    pub namespaces: Vec<String>,
    /// Whether the terminal rings its bell.
    pub bell: bool,
    /// Whether the desktop is told, and in which words of the terminal.
    pub desktop: Option<Desktop>,
    /// A program and its arguments; empty for none.
    pub command: Vec<String>,
}

impl Rule {
    fn wants(&self, change: &Change) -> bool {
        let Some(to) = change.to else { return false };
        let named = if self.verdicts.is_empty() { to.needs_a_person() } else { self.verdicts.contains(&to) };
        let namespace = &change.certificate.namespace;
        named && (self.namespaces.is_empty() || self.namespaces.iter().any(|known| **known == **namespace))
    }
}

/// A rule, and what it still has to tell.
#[derive(Debug)]
struct Bell {
    rule: Rule,
    waiting: Vec<Change>,
    more: usize,
    last: Option<Time>,
    /// What its program was not run for yet, the oldest first, and how much of that did not fit.
    unrun: VecDeque<Change>,
    unfit: usize,
}

impl Bell {
    /// Lets what is told wait for the program, too.
    fn queue(&mut self, told: Vec<Change>, more: usize) {
        let room = limits::NOTICES.saturating_sub(self.unrun.len());
        self.unfit += more + told.len().saturating_sub(room);
        self.unrun.extend(told.into_iter().take(room));
    }

    /// The next run of the program. It is told how many more there are behind it, so that none is unseen.
    fn run(&mut self) -> Option<Effect> {
        let change = self.unrun.pop_front()?;
        let more = self.unrun.len() + self.unfit;
        if self.unrun.is_empty() {
            self.unfit = 0;
        }
        Some(Effect::Command(self.rule.command.clone(), fields(&change, more)))
    }
}

/// What rings.
#[derive(Debug, Default)]
pub struct Notices {
    bells: Vec<Bell>,
    /// When commands were run lately.
    ran: VecDeque<Time>,
    /// Whether it was said that programs wait.
    said: bool,
}

impl Notices {
    /// With these rules.
    pub fn of(rules: Vec<Rule>) -> Self {
        let bell = |rule| Bell { rule, waiting: Vec::new(), more: 0, last: None, unrun: VecDeque::new(), unfit: 0 };
        Self { bells: rules.into_iter().map(bell).collect(), ..Self::default() }
    }

    pub(super) fn hear(&mut self, change: &Change) {
        for bell in self.bells.iter_mut().filter(|bell| bell.rule.wants(change)) {
            if bell.waiting.len() < limits::NOTICES {
                bell.waiting.push(change.clone());
            } else {
                bell.more += 1;
            }
        }
    }

    /// When the next one may be told, or the next program run.
    fn due(&self) -> Option<Time> {
        let waiting = self.bells.iter().filter(|bell| !bell.waiting.is_empty());
        let told = waiting.map(|bell| bell.last.map_or(Time::MIN_UTC, |last| last + APART)).min();
        let full = self.ran.len() >= limits::COMMANDS_A_MINUTE;
        let room = self.ran.front().filter(|_| full).map_or(Time::MIN_UTC, |first| *first + WINDOW);
        let run = (self.unrun() > 0).then_some(room);
        [told, run].into_iter().flatten().min()
    }

    /// Changes for which no program was run yet.
    fn unrun(&self) -> usize {
        self.bells.iter().map(|bell| bell.unrun.len() + bell.unfit).sum()
    }

    fn ring(&mut self, now: Time) -> Vec<Effect> {
        let mut effects = Vec::new();
        for bell in &mut self.bells {
            if bell.waiting.is_empty() || bell.last.is_some_and(|last| now - last < APART) {
                continue;
            }
            bell.last = Some(now);
            let (told, more) = (std::mem::take(&mut bell.waiting), std::mem::take(&mut bell.more));
            if bell.rule.bell {
                effects.push(Effect::Ring);
            }
            if let (Some(desktop), Some(first)) = (bell.rule.desktop, told.first()) {
                let others = told.len() - 1 + more;
                let others = if others > 0 { format!(", and {}", count(others, "more change")) } else { String::new() };
                effects.push(Effect::TellDesktop(desktop, format!("{}{others}", sentence(first))));
            }
            if !bell.rule.command.is_empty() {
                bell.queue(told, more);
            }
        }
        self.run_commands(now, &mut effects);
        effects
    }

    /// Runs what may be run now, one of each rule after the other, so that none waits for the storm of another.
    fn run_commands(&mut self, now: Time, effects: &mut Vec<Effect>) {
        while self.ran.front().is_some_and(|at| now - *at >= WINDOW) {
            self.ran.pop_front();
        }
        loop {
            let before = effects.len();
            for bell in &mut self.bells {
                if self.ran.len() >= limits::COMMANDS_A_MINUTE {
                    return;
                }
                if let Some(effect) = bell.run() {
                    self.ran.push_back(now);
                    effects.push(effect);
                }
            }
            if effects.len() == before {
                return;
            }
        }
    }

    /// How many changes wait for their program, where that is to be said: once, until all are done.
    fn overflow(&mut self) -> Option<usize> {
        let waiting = self.unrun();
        let said = std::mem::replace(&mut self.said, waiting > 0);
        Some(waiting).filter(|waiting| *waiting > 0 && !said)
    }
}

fn wait(changes: usize) -> String {
    format!("{} wait{}", count(changes, "change"), if changes == 1 { "s" } else { "" })
}

/// A change in a sentence.
fn sentence(change: &Change) -> String {
    let (key, word) = (&change.certificate, |verdict: Option<Verdict>| verdict.map_or("gone", Verdict::as_str));
    let why = change.finding.map(|finding| format!(" ({finding})")).unwrap_or_default();
    let is = change.to.map_or("is gone", Verdict::told);
    let text = format!("{}/{} {is}, was {}{why}", key.namespace, key.name, word(change.from));
    clean(&text, limits::NAME * 3).into_owned()
}

/// What a command is told of a change, by the names of its variables.
fn fields(change: &Change, more: usize) -> Vec<(&'static str, String)> {
    let word = |verdict: Option<Verdict>| verdict.map_or("", Verdict::as_str).to_owned();
    vec![
        ("CMTOP_NAMESPACE", change.certificate.namespace.to_string()),
        ("CMTOP_NAME", change.certificate.name.to_string()),
        ("CMTOP_FROM", word(change.from)),
        ("CMTOP_TO", word(change.to)),
        ("CMTOP_FINDING", change.finding.unwrap_or_default().to_owned()),
        ("CMTOP_AT", change.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        ("CMTOP_TEXT", sentence(change)),
        ("CMTOP_MORE", more.to_string()),
    ]
}

impl App {
    /// What is to be done outside because verdicts changed. Asked for once a frame, after [`App::settle`].
    pub fn ring(&mut self, now: Time) -> Vec<Effect> {
        let effects = self.notices.ring(now);
        if let Some(waiting) = self.notices.overflow() {
            let most = limits::COMMANDS_A_MINUTE;
            let text = format!("notices: {} for a program, which runs {most} times a minute", wait(waiting));
            self.toasts.show(text, Tone::Neutral, now);
        }
        effects
    }

    /// When the next notice is due.
    pub(super) fn notices_due(&self, now: Time) -> Option<Time> {
        self.notices.due().map(|due| due.max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::ObjectKey;
    use crate::model::kind::Kind;

    fn change(namespace: &str, name: &str, to: Verdict) -> Change {
        let certificate = ObjectKey { kind: Kind::Certificate, namespace: namespace.into(), name: name.into() };
        Change { at: Time::UNIX_EPOCH, certificate, from: Some(Verdict::Ok), to: Some(to), finding: Some("x") }
    }

    #[test]
    fn a_rule_tells_what_it_is_about_and_no_more_than_it_may() {
        let rule = Rule {
            namespaces: vec!["shop".to_owned()],
            bell: true,
            desktop: Some(Desktop::Osc9),
            command: vec!["notify".to_owned()],
            ..Rule::default()
        };
        let mut notices = Notices::of(vec![rule]);
        let now = Time::UNIX_EPOCH;
        for (namespace, to) in [("shop", Verdict::Stuck), ("blog", Verdict::Stuck), ("shop", Verdict::Ok)] {
            notices.hear(&change(namespace, "www", to));
        }
        let effects = notices.ring(now);
        assert_eq!(effects[0], Effect::Ring);
        assert_eq!(effects[1], Effect::TellDesktop(Desktop::Osc9, "shop/www is stuck, was ok (x)".to_owned()));
        let Effect::Command(argv, fields) = &effects[2] else { panic!("{effects:?}") };
        assert_eq!(argv, &["notify"]);
        assert!(fields.contains(&("CMTOP_TO", "stuck".to_owned())), "{fields:?}");
        // A storm is told together, and not at once.
        for n in 0..10_000 {
            notices.hear(&change("shop", &n.to_string(), Verdict::Expired));
        }
        assert_eq!(notices.ring(now + TimeDelta::seconds(1)), []);
        assert_eq!(notices.due(), Some(now + APART));
        let storm = notices.ring(now + APART);
        assert_eq!(storm.len(), 2 + limits::COMMANDS_A_MINUTE - 1);
        assert_eq!(
            storm[1],
            Effect::TellDesktop(Desktop::Osc9, "shop/0 is expired, was ok (x), and 9,999 more changes".to_owned())
        );
        // Each program that is run knows how many changes are behind it.
        assert_eq!(names(&storm), (0..11).map(|n| (n.to_string(), 9_999 - n)).collect::<Vec<_>>());
        assert_eq!(notices.overflow(), Some(9_989), "and the person is told");
        assert_eq!(notices.overflow(), None, "once");
        // What did not fit into one minute comes in the next ones, in order; nothing is dropped unseen.
        assert_eq!(notices.due(), Some(now + WINDOW));
        assert_eq!(notices.ring(now + WINDOW - TimeDelta::seconds(1)), []);
        let (mut rest, mut minutes) = (Vec::new(), 0);
        while let Some(due) = notices.due() {
            rest.extend(names(&notices.ring(due)));
            minutes += 1;
        }
        assert_eq!(rest, (11..limits::NOTICES).map(|n| (n.to_string(), 9_999 - n)).collect::<Vec<_>>());
        assert!(minutes > 7, "no more than so many a minute: {minutes}");
        assert_eq!(notices.overflow(), None);
    }

    /// The names and the numbers that programs are told.
    fn names(effects: &[Effect]) -> Vec<(String, usize)> {
        let told =
            effects.iter().filter_map(|effect| if let Effect::Command(_, told) = effect { Some(told) } else { None });
        let of =
            |told: &[(&'static str, String)], name| told.iter().find(|(known, _)| *known == name).unwrap().1.clone();
        told.map(|told| (of(told, "CMTOP_NAME"), of(told, "CMTOP_MORE").parse().unwrap())).collect()
    }

    #[test]
    fn the_storm_of_one_rule_does_not_keep_the_program_of_another_waiting() {
        let rule = |namespace: &str| Rule {
            namespaces: vec![namespace.to_owned()],
            command: vec![namespace.to_owned()],
            ..Rule::default()
        };
        let mut notices = Notices::of(vec![rule("shop"), rule("blog")]);
        (0..1_000).for_each(|n| notices.hear(&change("shop", &n.to_string(), Verdict::Stuck)));
        notices.hear(&change("blog", "www", Verdict::Stuck));
        assert!(names(&notices.ring(Time::UNIX_EPOCH)).contains(&("www".to_owned(), 0)));
    }
}
