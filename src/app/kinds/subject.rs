//! [`Subject`]: an object of any kind that has a table of its own, and what a column says of it.

use super::facts::Facts;
use super::field::Field;
use super::value::Value;
use crate::model::Model;
use crate::model::certificate::{Certificate, IssuerRef};
use crate::model::challenge::Challenge;
use crate::model::events::Event;
use crate::model::id::{Id, ObjectKey, Uid};
use crate::model::issuer::Issuer;
use crate::model::kind::Kind;
use crate::model::meta::{Labels, Meta, Object as _};
use crate::model::order::Order;
use crate::model::request::CertificateRequest;
use crate::model::secret::Secret;
use crate::query::filter::Sought;
use crate::query::moment::Moments;
use crate::triage::tree::alone;
use crate::triage::tree::{Tone, Word};

/// A row of a table, whatever its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Handle {
    /// A CertificateRequest.
    Request(Id<CertificateRequest>),
    /// An Order.
    Order(Id<Order>),
    /// A Challenge.
    Challenge(Id<Challenge>),
    /// An Issuer or a ClusterIssuer.
    Issuer(Id<Issuer>),
    /// A Secret.
    Secret(Id<Secret>),
    /// An Event.
    Event(Uid),
}

/// The object of a row.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'m> {
    /// A CertificateRequest.
    Request(&'m CertificateRequest),
    /// An Order.
    Order(&'m Order),
    /// A Challenge.
    Challenge(&'m Challenge),
    /// An Issuer or a ClusterIssuer.
    Issuer(Id<Issuer>, &'m Issuer),
    /// A Secret.
    Secret(&'m Secret),
    /// An Event.
    Event(&'m Event),
}

impl Handle {
    /// Its object, unless it is gone.
    pub fn subject(self, model: &Model) -> Option<Subject<'_>> {
        Some(match self {
            Self::Request(id) => Subject::Request(model.requests.get(id)?),
            Self::Order(id) => Subject::Order(model.orders.get(id)?),
            Self::Challenge(id) => Subject::Challenge(model.challenges.get(id)?),
            Self::Issuer(id) => Subject::Issuer(id, model.issuers.get(id)?),
            Self::Secret(id) => Subject::Secret(model.secrets.get(id)?),
            Self::Event(uid) => Subject::Event(model.events.get(uid)?),
        })
    }
}

impl<'m> Subject<'m> {
    pub(super) const fn meta(&self) -> Option<&'m Meta> {
        Some(match self {
            Self::Request(row) => &row.meta,
            Self::Order(row) => &row.meta,
            Self::Challenge(row) => &row.meta,
            Self::Issuer(_, row) => &row.meta,
            Self::Secret(row) => &row.meta,
            Self::Event(_) => return None,
        })
    }

    /// Its labels.
    pub fn labels(&self) -> Option<&'m Labels> {
        self.meta().map(|meta| &meta.labels)
    }

    /// Its identity.
    pub fn uid(&self) -> Option<Uid> {
        match self {
            Self::Event(row) => Some(row.uid),
            other => other.meta().map(|meta| meta.uid),
        }
    }

    /// How people name it; an Event is about another object, and that is meant.
    pub fn key(&self) -> ObjectKey {
        match self {
            Self::Request(row) => row.key(),
            Self::Order(row) => row.key(),
            Self::Challenge(row) => row.key(),
            Self::Issuer(_, row) => row.key(),
            Self::Secret(row) => row.key(),
            Self::Event(row) => row.subject.clone(),
        }
    }

    pub(super) fn place(&self) -> (&'m str, &'m str) {
        match (self, self.meta()) {
            (Self::Event(row), _) => (&row.subject.namespace, &row.subject.name),
            (_, Some(meta)) => (&meta.namespace, &meta.name),
            (_, None) => ("", ""),
        }
    }

    /// Whose tree it is in.
    pub fn root(&self, model: &'m Model) -> Option<Id<Certificate>> {
        match self {
            Self::Request(row) => model.root_of_request(row),
            Self::Order(row) => model.root_of_order(row),
            Self::Challenge(row) => model.root_of_challenge(row),
            Self::Issuer(..) => None,
            Self::Secret(row) => model
                .certificates_of_secret(&row.meta.namespace, &row.meta.name)
                .next()
                .or_else(|| model.certificates.by_uid(row.meta.owner?)),
            Self::Event(row) => model.root_of_uid(row.subject_uid?),
        }
    }

    fn certificate(&self, model: &'m Model) -> Option<&'m Certificate> {
        model.certificates.get(self.root(model)?)
    }

    const fn issuer(&self) -> Option<&'m IssuerRef> {
        match self {
            Self::Request(row) => Some(&row.issuer),
            Self::Order(row) => Some(&row.issuer),
            Self::Challenge(row) => Some(&row.issuer),
            Self::Issuer(..) | Self::Secret(_) | Self::Event(_) => None,
        }
    }

    /// How it does, and why.
    pub fn word(&self, model: &Model) -> Word {
        match self {
            Self::Request(row) => alone::of_request(model, row),
            Self::Order(row) => alone::of_order(model, row),
            Self::Challenge(row) => alone::of_challenge(model, row),
            Self::Issuer(_, row) => alone::of_issuer(row),
            Self::Secret(row) => alone::of_secret(model, row),
            Self::Event(row) => {
                let (state, tone) = self.state(model);
                Word { state, tone, reason: row.message.as_str().to_owned().into(), since: None }
            }
        }
    }

    /// How it does, for every row of a table.
    pub fn state(&self, model: &Model) -> (&'static str, Tone) {
        match self {
            Self::Challenge(row) => alone::state_of_challenge(model, row),
            Self::Event(row) if row.warning => ("warning", Tone::Bad),
            Self::Event(_) => ("normal", Tone::Absent),
            Self::Request(_) | Self::Order(_) | Self::Issuer(..) | Self::Secret(_) => {
                let word = self.word(model);
                (word.state, word.tone)
            }
        }
    }

    /// What a column says of it.
    pub fn value(&self, field: &Field, model: &'m Model, facts: &Facts) -> Value<'m> {
        let (namespace, name) = self.place();
        let text = |text: &'m str| if text.is_empty() { Value::None } else { Value::Text(text.into()) };
        match (field, self) {
            (Field::State, _) => {
                let (state, tone) = self.state(model);
                Value::State(state, tone)
            }
            (Field::Place, Self::Challenge(row)) => facts.place(row),
            (Field::Namespace, _) => text(namespace),
            (Field::Name, _) => text(name),
            (Field::Certificate, Self::Secret(Secret { certificate_name: Some(name), .. })) => text(name),
            (Field::Certificate, _) => self.certificate(model).map_or(Value::None, |row| text(&row.meta.name)),
            (Field::Revision, Self::Request(row)) => {
                row.revision.map_or(Value::None, |revision| Value::Number(revision as usize))
            }
            (Field::Issuer, Self::Secret(row)) => text(row.issuer_name.as_deref().unwrap_or_default()),
            (Field::Issuer, _) => self.issuer().map_or(Value::None, |issuer| text(&issuer.name)),
            (Field::Names, Self::Order(row)) => Value::Number(usize::from(row.authorizations.total)),
            (Field::Domain, Self::Challenge(row)) if row.wildcard => Value::Text(format!("*.{}", row.dns_name).into()),
            (Field::Domain, Self::Challenge(row)) => text(&row.dns_name),
            (Field::Type, Self::Challenge(row)) => text(row.challenge_type.as_str()),
            (Field::Type, Self::Issuer(_, row)) => text(row.issuer_type.as_str()),
            (Field::Solver, Self::Challenge(row)) => text(&row.solver),
            (Field::Solver, Self::Issuer(_, row)) => {
                let mut solvers: Vec<&str> = row.solvers.iter().map(|solver| solver.as_str()).collect();
                solvers.dedup();
                if solvers.is_empty() { Value::None } else { Value::Text(solvers.join(", ").into()) }
            }
            (Field::Certificates, Self::Issuer(id, _)) => Value::Number(facts.issued(*id).certificates),
            (Field::Troubles, Self::Issuer(id, _)) => Value::Number(facts.issued(*id).troubles),
            (Field::Why, _) => Value::Text(self.word(model).reason),
            (Field::Age, _) => self.meta().and_then(|meta| meta.created).map_or(Value::None, Value::Ago),
            (Field::Expires, Self::Secret(row)) if row.next_private_key => Value::None,
            (Field::Expires, _) => {
                self.certificate(model).and_then(|row| row.not_after).map_or(Value::None, Value::Ends)
            }
            (Field::Last, Self::Event(row)) => Value::Ago(row.last),
            (Field::Count, Self::Event(row)) => Value::Number(row.count as usize),
            (Field::Object, Self::Event(row)) => {
                Value::Text(format!("{} {}", row.subject.kind, row.subject.name).into())
            }
            (Field::Reason, Self::Event(row)) => text(&row.reason),
            (Field::Tag(tag), _) => text(self.meta().and_then(|meta| tag.of(&meta.labels)).unwrap_or_default()),
            _ => Value::None,
        }
    }

    /// When it was made, and when what it is for ends; an Event is as old as its last time.
    pub(super) fn moments(&self, model: &Model) -> Moments {
        let made = match self {
            Self::Event(row) => Some(row.last),
            _ => self.meta().and_then(|meta| meta.created),
        };
        let expires = match self {
            Self::Secret(row) if row.next_private_key => None,
            _ => self.certificate(model).and_then(|row| row.not_after),
        };
        Moments { made, expires, next: None }
    }

    /// What a filter looks at.
    pub(super) fn sought(&self, model: &'m Model, state: &'static str) -> Sought<'m> {
        let (namespace, name) = self.place();
        let certificate = self.certificate(model).map_or("", |row| &*row.meta.name);
        let issuer = self.issuer().map_or("", |issuer| issuer.name.as_str());
        let labels = self.labels();
        let moments = self.moments(model);
        let base = Sought { state, namespace, name, issuer, certificate, labels, moments, ..Sought::default() };
        match self {
            Self::Request(row) => {
                Sought { reason: row.ready.as_ref().map_or("", |ready| ready.message.as_str()), ..base }
            }
            Self::Order(row) => Sought { reason: row.reason.as_str(), ..base },
            Self::Challenge(row) => Sought { reason: row.reason.as_str(), subject: &row.dns_name, ..base },
            Self::Issuer(_, row) => Sought {
                reason: row.ready.as_ref().map_or("", |ready| ready.message.as_str()),
                subject: &row.backend,
                ..base
            },
            Self::Secret(row) => Sought {
                certificate: row.certificate_name.as_deref().unwrap_or(certificate),
                issuer: row.issuer_name.as_deref().unwrap_or_default(),
                ..base
            },
            Self::Event(row) => {
                Sought { reason: row.message.as_str(), subject: &row.reason, issuer: &row.component, ..base }
            }
        }
    }

    /// Whether the table of a kind shows it: other people's Secrets are nobody's business here.
    pub(super) fn belongs(&self, kind: Kind, model: &Model) -> bool {
        match self {
            Self::Issuer(_, row) => row.cluster == (kind == Kind::ClusterIssuer),
            Self::Secret(row) => {
                row.certificate_name.is_some()
                    || row.next_private_key
                    || model.certificates_of_secret(&row.meta.namespace, &row.meta.name).next().is_some()
            }
            _ => true,
        }
    }
}
