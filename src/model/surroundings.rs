//! [`Surroundings`]: what stands around cert-manager and its certificates, and is looked up when it is asked for.
//!
//! None of it is watched: it is large (every Ingress), or hardly ever changes (a CRD), and no verdict rests on it. It
//! makes a finding surer, and says whom it hurts.

use std::collections::BTreeMap;

use super::Model;
use super::kind::Kind;
use super::meta::Time;
use super::symbol::Symbol;
use crate::limits;

/// What came of looking for something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Look<T> {
    /// Nobody asked, or there was no answer.
    #[default]
    Unasked,
    /// It may not be read: the right that is missing.
    Denied(String),
    /// What was found.
    Seen(T),
}

impl<T> Look<T> {
    /// What was found.
    pub const fn seen(&self) -> Option<&T> {
        match self {
            Self::Seen(found) => Some(found),
            Self::Unasked | Self::Denied(_) => None,
        }
    }
}

/// The Lease of the controller that leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// `kube-system/cert-manager-controller`.
    pub name: String,
    /// Who holds it.
    pub holder: String,
    /// When it was last renewed. A controller renews it every few seconds.
    pub renewed: Option<Time>,
}

/// The ServiceAccount that the controller runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// `cert-manager/cert-manager`.
    pub name: String,
    /// Its annotations that give it an identity at a cloud provider.
    pub identities: Vec<(String, String)>,
}

/// An IngressClass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Who serves it.
    pub controller: String,
    /// Whether it is meant where none is named.
    pub default: bool,
}

/// A CustomResourceDefinition of cert-manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// `certificates.cert-manager.io`.
    pub name: String,
    /// The release that it comes from, by its label.
    pub release: Option<String>,
}

/// A webhook configuration of cert-manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// `ValidatingWebhookConfiguration/cert-manager-webhook`.
    pub name: String,
    /// Whether each of its webhooks has a CA bundle.
    pub has_ca: bool,
}

/// Something that serves with the certificate of a Secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `Ingress/shop/www`.
    pub name: String,
    /// The Secret.
    pub secret: String,
    /// The field that names it.
    pub field: &'static str,
    /// For which hosts, or how.
    pub how: String,
}

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// Where cert-manager runs.
    pub namespace: String,
    /// The Deployment of its controller.
    pub deployment: String,
    /// Where its controllers elect their leader.
    pub lease_namespace: String,
    /// Whether what cert-manager itself rests on is looked for.
    pub own: bool,
    /// Namespaces in which the users of Secrets are looked for.
    pub users_in: Vec<Symbol>,
}

impl Sought {
    /// Where a model says that what cert-manager itself rests on is.
    pub fn of(model: &Model) -> Self {
        let controller = model.controller();
        let deployment = controller.filter(|controller| controller.kind == Kind::Deployment);
        let elected = controller.and_then(|controller| {
            controller.args.iter().find_map(|arg| arg.strip_prefix("--leader-election-namespace="))
        });
        Self {
            namespace: controller.map_or("cert-manager", |controller| controller.meta.namespace.as_str()).to_owned(),
            deployment: deployment.map_or("cert-manager", |deployment| &deployment.meta.name).to_owned(),
            lease_namespace: elected.unwrap_or("kube-system").to_owned(),
            own: true,
            users_in: Vec::new(),
        }
    }
}

/// What was found, each thing when it was last looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// When cert-manager's own were looked for.
    pub at: Option<Time>,
    /// The Lease of the controller.
    pub lease: Look<Option<Lease>>,
    /// The controller's ServiceAccount.
    pub account: Look<Option<Account>>,
    /// The IngressClasses.
    pub classes: Look<Vec<Class>>,
    /// The CRDs of cert-manager.
    pub definitions: Look<Vec<Definition>>,
    /// The webhook configurations of cert-manager.
    pub hooks: Look<Vec<Hook>>,
    /// By namespace, what uses Secrets there.
    pub users: BTreeMap<Symbol, Look<Vec<User>>>,
}

impl Surroundings {
    /// Takes in what was found later. Bounded: of namespaces beyond the limit, the first in the alphabet go.
    pub(super) fn learn(&mut self, later: Self) {
        let mut users = std::mem::take(&mut self.users);
        let known = std::mem::take(self);
        *self = if later.at.is_some() { later } else { Self { users: later.users, ..known } };
        users.append(&mut self.users);
        while users.len() > limits::LOOKED_NAMESPACES {
            users.pop_first();
        }
        self.users = users;
    }

    /// What serves with a Secret, as far as it was looked for.
    pub fn users_of<'s>(&'s self, namespace: &str, secret: &'s str) -> impl Iterator<Item = &'s User> {
        let users = self.users.get(namespace).and_then(Look::seen);
        users.into_iter().flatten().filter(move |user| user.secret == secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_stays_until_it_is_looked_for_again() {
        let user = |name: &str| User {
            name: name.to_owned(),
            secret: "www-tls".to_owned(),
            field: "spec.tls",
            how: String::new(),
        };
        let of = |namespace: &str, users: Vec<User>| BTreeMap::from([(Symbol::from(namespace), Look::Seen(users))]);
        let mut known = Surroundings::default();
        let lease = Look::Seen(None);
        known.learn(Surroundings { at: Some(Time::UNIX_EPOCH), lease: lease.clone(), ..Surroundings::default() });
        known.learn(Surroundings { users: of("shop", vec![user("Ingress/shop/www")]), ..Surroundings::default() });
        known.learn(Surroundings { users: of("blog", Vec::new()), ..Surroundings::default() });
        assert_eq!(known.lease, lease, "it was not looked for again");
        assert_eq!(
            known.users_of("shop", "www-tls").map(|user| user.name.as_str()).collect::<Vec<_>>(),
            ["Ingress/shop/www"]
        );
        assert_eq!(known.users_of("shop", "other").count() + known.users_of("blog", "www-tls").count(), 0);
        known.learn(Surroundings { users: of("shop", Vec::new()), ..Surroundings::default() });
        assert_eq!(known.users_of("shop", "www-tls").count(), 0);
    }
}
