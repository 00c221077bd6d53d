//! [`Chain`]: everything that ever belonged to a Certificate, as far as it is known, also what is gone.

use std::collections::HashSet;

use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::history::{Course, Mark, Moment};
use crate::model::id::{Id, ObjectKey, Uid};
use crate::model::kind::Kind;
use crate::model::lineage::Lineage;
use crate::model::logs::Mention;
use crate::model::meta::Object as _;

/// A Certificate with the courses of all that belonged to it.
#[derive(Debug)]
pub(super) struct Chain<'m> {
    pub(super) certificate: &'m Certificate,
    pub(super) lineage: Lineage<'m>,
    /// The oldest first.
    pub(super) requests: Vec<Course>,
    pub(super) orders: Vec<Course>,
    pub(super) challenges: Vec<Course>,
    /// The name of each object of the chain, the topmost first.
    pub(super) keys: Vec<ObjectKey>,
    /// Every uid of the chain.
    pub(super) family: HashSet<Uid, FxBuildHasher>,
}

impl<'m> Chain<'m> {
    pub(super) fn of(model: &'m Model, id: Id<Certificate>) -> Option<Self> {
        let lineage = model.lineage(id)?;
        let certificate = lineage.certificate;
        let mut chain = Self {
            certificate,
            requests: Vec::new(),
            orders: Vec::new(),
            challenges: Vec::new(),
            keys: Vec::new(),
            family: model.family(&lineage).into_iter().collect(),
            lineage,
        };
        chain.present(model);
        chain.past(model);
        chain.of_events(model);
        for courses in [&mut chain.requests, &mut chain.orders, &mut chain.challenges] {
            courses.sort_by(|a, b| {
                (a.when(Mark::Created), &a.object.name, a.uid).cmp(&(b.when(Mark::Created), &b.object.name, b.uid))
            });
        }
        let mut keys = vec![certificate.key()];
        keys.extend(
            [&chain.requests, &chain.orders, &chain.challenges].into_iter().flatten().map(|c| c.object.clone()),
        );
        let solvers =
            chain.lineage.attempts.iter().flat_map(|attempt| &attempt.challenges).flat_map(|(_, solvers)| solvers);
        keys.extend(solvers.map(|solver| solver.key()));
        // Attempts that failed leave requests of the same name.
        let mut known = HashSet::new();
        keys.retain(|key| known.insert(key.clone()));
        chain.keys = keys;
        Some(chain)
    }

    /// What is there.
    fn present(&mut self, model: &Model) {
        for attempt in &self.lineage.attempts {
            self.requests.extend(Course::of(model, &attempt.request.key(), attempt.request.meta.uid));
            self.orders
                .extend(attempt.orders.iter().filter_map(|order| Course::of(model, &order.key(), order.meta.uid)));
            let challenges = attempt.challenges.iter();
            self.challenges.extend(challenges.filter_map(|(row, _)| Course::of(model, &row.key(), row.meta.uid)));
        }
    }

    /// What was watched and is gone: found by its owner, from the top down.
    fn past(&mut self, model: &Model) {
        let own = &self.certificate.meta;
        let (name, namespace) = (&own.name, &own.namespace);
        for kind in [Kind::CertificateRequest, Kind::Order, Kind::Challenge] {
            let found: Vec<Course> = model
                .history
                .courses()
                .filter(|course| course.object.kind == kind && !self.family.contains(&course.uid))
                .filter(|course| match (course.owner, &course.certificate_name) {
                    (Some(owner), _) => self.family.contains(&owner),
                    (None, Some(named)) => **named == **name && course.object.namespace == *namespace,
                    (None, None) => false,
                })
                .cloned()
                .collect();
            self.family.extend(found.iter().map(|course| course.uid));
            self.list(kind).extend(found);
        }
    }

    fn list(&mut self, kind: Kind) -> &mut Vec<Course> {
        match kind {
            Kind::Order => &mut self.orders,
            Kind::Challenge => &mut self.challenges,
            _ => &mut self.requests,
        }
    }

    /// What only Events still speak of: the Challenges of an Order that was complete before anything was watched. Their
    /// names begin with their Order's.
    fn of_events(&mut self, model: &Model) {
        let about = model.events.recent().filter(|event| {
            event.subject.kind == Kind::Challenge && event.subject.namespace == self.certificate.meta.namespace
        });
        for event in about {
            let Some(uid) = event.subject_uid.filter(|uid| !self.family.contains(uid)) else { continue };
            // The Orders of attempts that failed had the same name.
            let first =
                model.events.about(uid).filter_map(|event| event.notes().next()).map(|(moment, _)| moment.at).min();
            let of = |order: &&Course| {
                is_child(&event.subject, &order.object) && order.when(Mark::Created).map(|created| created.at) <= first
            };
            let Some(order) = self.orders.iter().rfind(of) else { continue };
            self.challenges.push(Course {
                uid,
                object: event.subject.clone(),
                owner: Some(order.uid),
                certificate_name: None,
                revision: order.revision,
                issuer: order.issuer.clone(),
                proves: named_in(event.message.as_str()).into(),
                proofs: None,
                marks: created_by(model, order, &event.subject)
                    .map(|moment| (Mark::Created, moment))
                    .into_iter()
                    .collect::<SmallVec<_>>(),
            });
            self.family.insert(uid);
        }
    }

    /// The Orders of a request.
    pub(super) fn orders_of<'c>(&'c self, request: &'c Course) -> impl Iterator<Item = &'c Course> {
        self.orders.iter().filter(move |order| match order.owner {
            Some(owner) => owner == request.uid,
            None => order.revision.is_some() && order.revision == request.revision,
        })
    }

    /// The Challenges of an Order.
    pub(super) fn challenges_of<'c>(&'c self, order: &'c Course) -> impl Iterator<Item = &'c Course> {
        self.challenges.iter().filter(move |challenge| challenge.owner == Some(order.uid))
    }
}

impl Chain<'_> {
    /// The object of the chain that a line of a log means.
    pub(super) fn named(&self, mention: &Mention) -> Option<&ObjectKey> {
        // Most lines are about other namespaces.
        let here = mention.namespace == self.certificate.meta.namespace;
        self.keys.iter().filter(|_| here).find(|object| mention.means(object))
    }
}

fn is_child(challenge: &ObjectKey, order: &ObjectKey) -> bool {
    let rest = challenge.name.strip_prefix(&*order.name).and_then(|rest| rest.strip_prefix('-'));
    challenge.namespace == order.namespace && rest.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

/// When an Order noted that it made a Challenge.
fn created_by(model: &Model, order: &Course, challenge: &ObjectKey) -> Option<Moment> {
    let notes = model.events.about(order.uid).filter(|event| &*event.reason == "Created");
    notes
        .filter(|event| event.message.as_str().contains(&*challenge.name))
        .filter_map(|event| event.notes().next())
        .map(|(moment, _)| moment)
        .min()
}

/// The name that a note quotes first: `Domain "www.example.com" verified with …`.
fn named_in(message: &str) -> &str {
    let rest = message.strip_prefix("Domain \"").unwrap_or_default();
    rest.split_once('"').map_or("", |(name, _)| name)
}
