//! Which object an action is about, when a person points at another one of the same Certificate.

use super::Action;
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey, Uid};
use crate::model::kind::Kind;
use crate::model::lineage::{Attempt, Role};
use crate::model::meta::{Meta, Object as _, Version};

/// What every object of cert-manager has, for one that is known.
pub fn meta<'m>(model: &'m Model, key: &ObjectKey) -> Option<&'m Meta> {
    let (namespace, name) = (key.namespace.as_str(), &*key.name);
    match key.kind {
        Kind::Certificate => model.certificates.get(model.certificates.by_name(namespace, name)?).map(|row| &row.meta),
        Kind::CertificateRequest => model.requests.get(model.requests.by_name(namespace, name)?).map(|row| &row.meta),
        Kind::Order => model.orders.get(model.orders.by_name(namespace, name)?).map(|row| &row.meta),
        Kind::Challenge => model.challenges.get(model.challenges.by_name(namespace, name)?).map(|row| &row.meta),
        Kind::Issuer | Kind::ClusterIssuer => {
            model.issuers.get(model.issuers.by_name(namespace, name)?).map(|row| &row.meta)
        }
        _ => None,
    }
}

/// Its uid and its version.
pub fn state(model: &Model, key: &ObjectKey) -> Option<(Uid, Version)> {
    meta(model, key).map(|meta| (meta.uid, meta.version))
}

/// The Certificate that an object belongs to.
pub fn certificate(model: &Model, key: &ObjectKey) -> Option<Id<Certificate>> {
    if key.kind == Kind::Certificate {
        return model.certificates.by_name(&key.namespace, &key.name);
    }
    let mut owner = meta(model, key)?.owner;
    // Challenge, Order, CertificateRequest, Certificate.
    for _ in 0..3 {
        let uid = owner?;
        if let Some(id) = model.certificates.by_uid(uid) {
            return Some(id);
        }
        let request = model.requests.by_uid(uid).and_then(|id| model.requests.get(id)).map(|row| &row.meta);
        let order = model.orders.by_uid(uid).and_then(|id| model.orders.get(id)).map(|row| &row.meta);
        owner = request.or(order)?.owner;
    }
    None
}

/// The object that an action is done to, when a person points at `selected`; or why there is none.
pub fn target(model: &Model, action: Action, selected: &ObjectKey) -> Result<ObjectKey, String> {
    if action.suits(selected.kind) {
        return Ok(selected.clone());
    }
    let id = certificate(model, selected).ok_or_else(|| format!("{selected} belongs to no Certificate"))?;
    let row = model.certificates.get(id).ok_or_else(|| format!("{selected} belongs to no Certificate"))?;
    let attempts = model.attempts(row);
    let next = attempts.iter().find(|attempt| attempt.role == Role::Next);
    let found = match action {
        Action::Renew | Action::Retry | Action::Edit => return Ok(row.key()),
        Action::Delete => next.and_then(stuck).ok_or("nothing below it is in flight: there is nothing to delete"),
        Action::Release => attempts
            .iter()
            .flat_map(|attempt| &attempt.challenges)
            .map(|(challenge, _)| *challenge)
            .find(|challenge| challenge.meta.deleted.is_some())
            .map(crate::model::meta::Object::key)
            .ok_or("none of its Challenges is being deleted: there is nothing to release"),
        Action::Approve | Action::Deny => next
            .filter(|attempt| attempt.request.approval().is_none() && !attempt.request.is_over())
            .map(|attempt| attempt.request.key())
            .ok_or("no request of it waits for approval"),
    };
    found.map_err(|why| format!("{}/{}: {why}", row.meta.namespace, row.meta.name))
}

/// The deepest object of an attempt that is not done: what is stuck, if something is.
fn stuck(attempt: &Attempt) -> Option<ObjectKey> {
    let open = attempt.challenges.iter().map(|(challenge, _)| *challenge).find(|challenge| !challenge.state.is_final());
    let order = attempt.order().filter(|order| !order.state.is_final());
    open.map(crate::model::meta::Object::key)
        .or_else(|| order.map(crate::model::meta::Object::key))
        .or_else(|| (!attempt.request.is_ready()).then(|| attempt.request.key()))
}
