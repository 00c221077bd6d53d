//! [`Track`]: what repeated looks at one record show: when each server came to see it, and what was before.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;

use chrono::{DateTime, TimeDelta, Utc};
use rustc_hash::FxBuildHasher;

use super::answer::{Outcome, Role, Row};
use super::dns01::Dns01;
use super::judge::{Patience, judge, notes};
use crate::limits;

/// A moment.
type Time = DateTime<Utc>;

/// A cache may be a little late.
const LENIENCY: TimeDelta = TimeDelta::seconds(2);

/// What one server showed over time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// The latest answers, the oldest first.
    pub history: VecDeque<Outcome>,
    /// When the answer changed last; `None` while it is the first.
    pub changed: Option<Time>,
    /// When it first showed what is wanted.
    pub seen: Option<Time>,
    /// Until when "there is none" may be kept at most: said while every authority had the value.
    negative_until: Option<Time>,
}

/// Repeated looks at one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// When the first look began.
    pub began: Time,
    /// How many rounds there were.
    pub rounds: u32,
    /// When everybody first saw the value.
    pub complete: Option<Time>,
    sights: HashMap<(SocketAddr, Role), Sight, FxBuildHasher>,
    /// Since when every authority has the value.
    published: Option<Time>,
}

impl Track {
    /// Nothing was seen yet.
    pub fn begin(now: Time) -> Self {
        Self { began: now, rounds: 0, complete: None, sights: HashMap::default(), published: None }
    }

    /// What a server showed.
    pub fn sight(&self, row: &Row) -> Option<&Sight> {
        self.sights.get(&(row.server.address, row.server.role))
    }

    /// Until when the last of those that keep a "there is none" may keep it at most; `None` where nobody does.
    pub fn negative_until(&self, now: Time) -> Option<Time> {
        self.sights.values().filter_map(|sight| sight.negative_until).filter(|until| *until > now).max()
    }

    /// Takes in a round, and judges it by what was seen before.
    pub fn note(&mut self, report: &mut Dns01, now: Time) {
        self.rounds = self.rounds.saturating_add(1);
        let published = report.of(Role::Authority).next().is_some() && report.of(Role::Authority).all(Row::is_good);
        self.published = if published { self.published.or(Some(now)) } else { None };
        let mut outlived = Vec::new();
        for row in &report.rows {
            let Some(outcome) = row.outcome else { continue };
            let sight = self.sights.entry((row.server.address, row.server.role)).or_default();
            if sight.history.back().is_some_and(|last| *last != outcome) {
                sight.changed = Some(now);
            }
            if sight.history.len() >= limits::PROBE_HISTORY {
                sight.history.pop_front();
            }
            sight.history.push_back(outcome);
            if outcome.is_good() && sight.seen.is_none() {
                sight.seen = Some(now);
            }
            if !outcome.is_negative() || self.published.is_none() {
                sight.negative_until = None;
                continue;
            }
            let until = row.ttl.map(|ttl| now + TimeDelta::seconds(i64::from(ttl.min(86_400))) + LENIENCY);
            sight.negative_until = sight.negative_until.or(until);
            if sight.negative_until.is_some_and(|until| now > until) {
                outlived.push(row.server.address);
            }
        }
        judge(report, Patience { outlived: &outlived });
        report.notes = notes(report);
        let all = report.is_complete() && !report.rows.is_empty() && report.rows.iter().all(Row::is_good);
        if all && self.complete.is_none() {
            self.complete = Some(now);
        }
    }

    /// From the first look until everybody saw it.
    pub fn took(&self) -> Option<TimeDelta> {
        self.complete.map(|at| at - self.began)
    }
}
