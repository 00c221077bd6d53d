//! [`Kept`]: what each kind of row means to the indices, and to the Certificates above it.

use smallvec::{SmallVec, smallvec};

use super::Model;
use super::certificate::Certificate;
use super::challenge::Challenge;
use super::controller::{Component, Controller};
use super::id::Id;
use super::issuer::Issuer;
use super::line::Line;
use super::meta::Object;
use super::order::Order;
use super::request::CertificateRequest;
use super::secret::Secret;
use super::solver::Solver;
use super::table::Table;
use super::transitions::Observed;
use super::witness::Witnessed;

/// The Certificates that a row concerns: almost always one.
pub(super) type Roots = SmallVec<[Id<Certificate>; 2]>;

/// A kind of row that the model keeps in a [`Table`].
pub(super) trait Kept: Object + Observed + Witnessed + Clone {
    fn table(model: &Model) -> &Table<Self>;
    fn table_mut(model: &mut Model) -> &mut Table<Self>;

    fn roots(&self, id: Id<Self>, model: &Model) -> Roots;

    /// Whether a newer form of the row has the same roots, as far as that costs less to tell than to find them twice.
    fn stays(&self, _new: &Self) -> bool {
        false
    }

    /// Keeps the indices and counts beside the table; `old` is the row that was there before.
    fn arrived(_model: &mut Model, _id: Id<Self>, _old: Option<&Self>) {}

    /// The same when a row is gone.
    fn left(&self, _model: &mut Model, _id: Id<Self>) {}
}

impl Model {
    /// The Challenges that prove the same name wait for the one that runs: what it does concerns the Certificates of all.
    pub(super) fn concerned_by(&self, challenge: &Challenge) -> Roots {
        let waiting = self.proofs_of(&challenge.dns_name, challenge.challenge_type).filter(|_| challenge.processing);
        waiting.filter_map(|other| self.root_of_challenge(other)).collect()
    }
}

macro_rules! kept {
    ($row:ty, $table:ident) => {
        fn table(model: &Model) -> &Table<$row> {
            &model.$table
        }
        fn table_mut(model: &mut Model) -> &mut Table<$row> {
            &mut model.$table
        }
    };
}

impl Kept for Certificate {
    kept!(Certificate, certificates);

    /// Itself, and its namesakes: children without an owner reference belong to the youngest of them.
    fn roots(&self, id: Id<Self>, model: &Model) -> Roots {
        let mut roots: Roots = smallvec![id];
        roots.extend(model.certificates.named(&self.meta.namespace, &self.meta.name).filter(|other| *other != id));
        roots
    }

    fn stays(&self, new: &Self) -> bool {
        self.secret_name == new.secret_name
            && self.meta.name == new.meta.name
            && self.meta.namespace == new.meta.namespace
            && self.meta.created == new.meta.created
    }

    /// The others that are stored in the same Secret are concerned: who owns it depends on all of them.
    fn arrived(model: &mut Model, id: Id<Self>, old: Option<&Self>) {
        let Some(row) = model.certificates.get(id) else { return };
        if old.is_some_and(|old| old.stays(row) && old.issuer == row.issuer && old.dns_names == row.dns_names) {
            return;
        }
        let namespace = row.meta.namespace.clone();
        if let Some(old) = old {
            old.left(model, id);
        }
        if let Some(row) = model.certificates.get(id) {
            model.changes.shared.extend(model.links.add(id, row, &model.certificates));
            model.changes.alike.extend(model.links.add_names(id, row));
        }
        match model.certificate_counts.get_mut(&namespace) {
            Some(count) => *count += 1,
            None => drop(model.certificate_counts.insert(namespace, 1)),
        }
    }

    fn left(&self, model: &mut Model, id: Id<Self>) {
        model.changes.shared.extend(model.links.drop(id, self));
        model.changes.alike.extend(model.links.drop_names(id, self));
        if let Some(count) = model.certificate_counts.get_mut(&self.meta.namespace) {
            *count -= 1;
            if *count == 0 {
                model.certificate_counts.remove(&self.meta.namespace);
            }
        }
    }
}

impl Kept for CertificateRequest {
    kept!(CertificateRequest, requests);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        model.root_of_request(self).into_iter().collect()
    }

    fn stays(&self, new: &Self) -> bool {
        (self.meta.owner, &self.certificate_name, &self.meta.namespace)
            == (new.meta.owner, &new.certificate_name, &new.meta.namespace)
    }

    fn arrived(model: &mut Model, id: Id<Self>, old: Option<&Self>) {
        let Some(row) = model.requests.get(id) else { return };
        if old.is_some_and(|old| old.stays(row)) {
            return;
        }
        if let Some(old) = old {
            old.left(model, id);
        }
        let Some(row) = model.requests.get(id) else { return };
        model.links.adopt(&row.meta.namespace, row.certificate_name.as_ref(), row.meta.owner, row.meta.uid);
    }

    fn left(&self, model: &mut Model, _id: Id<Self>) {
        model.links.disown(&self.meta.namespace, self.certificate_name.as_ref(), self.meta.uid);
    }
}

impl Kept for Order {
    kept!(Order, orders);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        model.root_of_order(self).into_iter().collect()
    }

    fn stays(&self, new: &Self) -> bool {
        (self.meta.owner, &self.certificate_name, &self.meta.namespace)
            == (new.meta.owner, &new.certificate_name, &new.meta.namespace)
    }

    fn arrived(model: &mut Model, id: Id<Self>, old: Option<&Self>) {
        let Some(row) = model.orders.get(id) else { return };
        if old.is_some_and(|old| old.stays(row)) {
            return;
        }
        if let Some(old) = old {
            old.left(model, id);
        }
        let Some(row) = model.orders.get(id) else { return };
        model.links.adopt(&row.meta.namespace, row.certificate_name.as_ref(), row.meta.owner, row.meta.uid);
    }

    fn left(&self, model: &mut Model, _id: Id<Self>) {
        model.links.disown(&self.meta.namespace, self.certificate_name.as_ref(), self.meta.uid);
    }
}

impl Kept for Challenge {
    kept!(Challenge, challenges);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        model.root_of_challenge(self).into_iter().collect()
    }

    fn arrived(model: &mut Model, id: Id<Self>, old: Option<&Self>) {
        let Some(row) = model.challenges.get(id) else { return };
        let stays = |old: &Self| {
            old.challenge_type == row.challenge_type && old.dns_name == row.dns_name && Line::stays(old, row)
        };
        let (stays, concerned) = (old.is_some_and(stays), model.concerned_by(row));
        concerned.into_iter().for_each(|root| model.changes.touch(root));
        if stays {
            return;
        }
        if let Some(old) = old {
            old.left(model, id);
        }
        let Some(row) = model.challenges.get(id) else { return };
        model.links.add_challenge(id, row);
    }

    fn left(&self, model: &mut Model, id: Id<Self>) {
        model.links.drop_challenge(id, self);
        model.concerned_by(self).into_iter().for_each(|root| model.changes.touch(root));
    }
}

impl Kept for Issuer {
    kept!(Issuer, issuers);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        model.certificates_of_issuer(self.kind(), &self.meta.namespace, &self.meta.name).into_iter().collect()
    }
}

impl Kept for Secret {
    kept!(Secret, secrets);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        model.roots_of_secret(self).into_iter().collect()
    }
}

impl Kept for Solver {
    kept!(Solver, solvers);

    fn roots(&self, _id: Id<Self>, model: &Model) -> Roots {
        let challenge = self.meta.owner.and_then(|owner| model.challenges.get(model.challenges.by_uid(owner)?));
        challenge.and_then(|challenge| model.root_of_challenge(challenge)).into_iter().collect()
    }
}

impl Kept for Controller {
    kept!(Controller, controllers);

    fn roots(&self, _id: Id<Self>, _model: &Model) -> Roots {
        Roots::new()
    }

    /// How the controller was started decides when every failed issuance is tried again; while it is down, nothing moves.
    fn arrived(model: &mut Model, id: Id<Self>, old: Option<&Self>) {
        let Some(row) = model.controllers.get(id) else { return };
        let own = |row: &&Self| row.component == Component::Controller;
        let telling = |row: &Self| (row.args.clone(), row.version.clone(), row.status.clone());
        model.changes.everything |= old.filter(own).map(telling) != Some(row).filter(own).map(telling);
    }

    fn left(&self, model: &mut Model, _id: Id<Self>) {
        model.changes.everything |= self.component == Component::Controller;
    }
}
