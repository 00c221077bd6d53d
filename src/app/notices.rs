//! Notices: what rings when a verdict changes, by the rules of the config file. Without a rule nothing does.
//!
//! **Invariant:** the rate is bounded, whatever happens in the cluster: what comes too fast is told together.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::App;
use super::effect::{Desktop, Effect};
use super::message::SourceKind;
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
}

/// What rings.
#[derive(Debug, Default)]
pub struct Notices {
    bells: Vec<Bell>,
    /// When commands were run lately.
    ran: VecDeque<Time>,
}

impl Notices {
    /// With these rules.
    pub fn of(rules: Vec<Rule>) -> Self {
        let bell = |rule| Bell { rule, waiting: Vec::new(), more: 0, last: None };
        Self { bells: rules.into_iter().map(bell).collect(), ran: VecDeque::new() }
    }

    fn hear(&mut self, change: &Change) {
        for bell in self.bells.iter_mut().filter(|bell| bell.rule.wants(change)) {
            if bell.waiting.len() < limits::NOTICES {
                bell.waiting.push(change.clone());
            } else {
                bell.more += 1;
            }
        }
    }

    /// When the next one may be told.
    fn due(&self) -> Option<Time> {
        let waiting = self.bells.iter().filter(|bell| !bell.waiting.is_empty());
        waiting.map(|bell| bell.last.map_or(Time::MIN_UTC, |last| last + APART)).min()
    }

    fn ring(&mut self, now: Time) -> Vec<Effect> {
        let mut effects = Vec::new();
        while self.ran.front().is_some_and(|at| now - *at > WINDOW) {
            self.ran.pop_front();
        }
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
                for change in told {
                    if self.ran.len() >= limits::COMMANDS_A_MINUTE {
                        break;
                    }
                    self.ran.push_back(now);
                    effects.push(Effect::Command(bell.rule.command.clone(), fields(&change)));
                }
            }
        }
        effects
    }
}

/// A change in a sentence.
fn sentence(change: &Change) -> String {
    let (key, word) = (&change.certificate, |verdict: Option<Verdict>| verdict.map_or("gone", Verdict::as_str));
    let why = change.finding.map(|finding| format!(" ({finding})")).unwrap_or_default();
    let text = format!("{}/{} is {}, was {}{why}", key.namespace, key.name, word(change.to), word(change.from));
    clean(&text, limits::NAME * 3).into_owned()
}

/// What a command is told of a change, by the names of its variables.
fn fields(change: &Change) -> Vec<(&'static str, String)> {
    let word = |verdict: Option<Verdict>| verdict.map_or("", Verdict::as_str).to_owned();
    vec![
        ("CMTOP_NAMESPACE", change.certificate.namespace.to_string()),
        ("CMTOP_NAME", change.certificate.name.to_string()),
        ("CMTOP_FROM", word(change.from)),
        ("CMTOP_TO", word(change.to)),
        ("CMTOP_FINDING", change.finding.unwrap_or_default().to_owned()),
        ("CMTOP_AT", change.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        ("CMTOP_TEXT", sentence(change)),
    ]
}

impl App {
    /// What is to be done outside because verdicts changed. Asked for once a frame, after [`App::settle`].
    pub fn ring(&mut self, now: Time) -> Vec<Effect> {
        let heard = self.past.take_heard();
        if self.session.as_ref().is_some_and(|session| session.source != SourceKind::Recording) {
            heard.iter().for_each(|change| self.notices.hear(change));
        }
        self.notices.ring(now)
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
        assert_eq!(notices.ring(now + APART * 2), []);
    }
}
