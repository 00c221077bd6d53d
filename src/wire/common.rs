//! What several kinds share: metadata, conditions, who is to sign.

use std::borrow::Cow;

use super::known::{Annotations, ConditionType, Labels};
use super::lenient::Strings;
use super::shape::shape;
use super::stamp::Stamp;
use crate::model::condition::Status;
use crate::model::id::Uid;

shape! {
    /// `metadata`, without `managedFields`.
    Meta {
        /// Its uid.
        uid: Uid = "uid",
        /// Its name.
        name: Box<str> = "name",
        /// Its namespace.
        namespace: Box<str> = "namespace",
        /// The version that was read.
        resource_version: Box<str> = "resourceVersion",
        /// When it was created.
        created: Stamp = "creationTimestamp",
        /// When its deletion was asked for.
        deleted: Stamp = "deletionTimestamp",
        /// Its owners.
        owners: Vec<Owner> = "ownerReferences",
        /// Its labels.
        labels: Strings<Labels> = "labels",
        /// The annotations that cmtop reads.
        annotations: Strings<Annotations> = "annotations",
        /// What holds it back from deletion.
        finalizers: Vec<Box<str>> = "finalizers",
    }

    /// An owner reference.
    Owner {
        /// The owner's uid.
        uid: Uid = "uid",
        /// Whether it is the controller.
        controller: bool = "controller",
    }

    /// A condition.
    Condition {
        /// Which one.
        kind: ConditionType = "type",
        /// Whether it holds.
        status: Status = "status",
        /// One word.
        reason: Cow<'static, str> = "reason",
        /// One sentence.
        message: Box<str> = "message",
        /// When the status changed last.
        since: Stamp = "lastTransitionTime",
    }

    /// `issuerRef`.
    IssuerRef {
        /// `Issuer` by default.
        kind: Cow<'static, str> = "kind",
        /// Its name.
        name: Box<str> = "name",
        /// `cert-manager.io` by default.
        group: Cow<'static, str> = "group",
    }

    /// `spec` of a CertificateRequest or an Order, without the CSR.
    RequestSpec {
        /// Who is to sign.
        issuer_ref: IssuerRef = "issuerRef",
    }
}
