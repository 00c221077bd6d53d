//! [`Step`]: one write of an action: what it is, to which object, and under which conditions it may be sent.

use super::right::{CERT_MANAGER, Right, SIGNERS};
use crate::model::id::{ObjectKey, Uid};
use crate::model::meta::{Time, Version};

/// Which object, in which state, a person was looking at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The object: one that was deleted and made again under the same name is another one.
    pub uid: Uid,
    /// Its state; `None` where nobody looked at the state, as in a script or in a step that follows another.
    pub version: Option<Version>,
}

/// What a step writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// `Issuing=True` on the status of a Certificate.
    Issue,
    /// `Approved` or `Denied` on the status of a CertificateRequest.
    Decide(Decision),
    /// The object goes.
    Delete,
    /// The ACME finalizers of a Challenge go, and no other.
    Release,
    /// The object as a person left it in the editor.
    Replace(Edited),
}

/// An object in an editor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edited {
    /// As it went in, in YAML.
    pub base: String,
    /// As it came out; empty before it did.
    pub text: String,
}

/// What is decided about a request, in the words that will stand in its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Approved, or denied.
    pub approve: bool,
    /// One word for machines.
    pub reason: String,
    /// One sentence for people.
    pub message: String,
    /// `clusterissuers.cert-manager.io/letsencrypt`: for which issuer one has to be allowed to decide.
    pub signer: String,
}

/// One write of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// To which object.
    pub object: ObjectKey,
    /// What is written.
    pub write: Write,
    /// What was looked at.
    pub seen: Option<Seen>,
    /// Not before this moment: cert-manager tells two attempts apart by the second.
    pub not_before: Option<Time>,
    /// Whether it is well when there is nothing left to do, because cert-manager did it by itself after the step before.
    pub may_be_done: bool,
}

/// How a request is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The whole object.
    Put,
    /// A JSON patch.
    Patch,
    /// It goes.
    Delete,
}

impl Method {
    /// As HTTP has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// As RBAC has it.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Put => "update",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }
}

impl Write {
    /// How it is written.
    pub const fn method(&self) -> Method {
        match self {
            Self::Issue | Self::Decide(_) | Self::Replace(_) => Method::Put,
            Self::Release => Method::Patch,
            Self::Delete => Method::Delete,
        }
    }

    /// Which half of the object is written: `status`, or empty for all but it.
    pub const fn subresource(&self) -> &'static str {
        match self {
            Self::Issue | Self::Decide(_) => "status",
            Self::Delete | Self::Release | Self::Replace(_) => "",
        }
    }
}

impl Step {
    /// A step that waits for nothing.
    pub const fn new(object: ObjectKey, write: Write, seen: Option<Seen>) -> Self {
        Self { object, write, seen, not_before: None, may_be_done: false }
    }

    /// The path that is written to.
    pub fn path(&self) -> String {
        let (path, sub) = (self.object.path(), self.write.subresource());
        if sub.is_empty() { path } else { format!("{path}/{sub}") }
    }

    /// `PUT /apis/cert-manager.io/v1/namespaces/shop/certificates/www/status`
    pub fn request(&self) -> String {
        format!("{} {}", self.write.method().as_str(), self.path())
    }

    /// The rights that it needs.
    pub fn rights(&self) -> Vec<Right> {
        let mut rights = vec![
            Right::over("get", &self.object, ""),
            Right::over(self.write.method().verb(), &self.object, self.write.subresource()),
        ];
        if let Write::Decide(decision) = &self.write {
            rights.push(Right {
                verb: "approve",
                group: CERT_MANAGER,
                resource: SIGNERS.to_owned(),
                namespace: String::new(),
                name: decision.signer.clone(),
            });
        }
        rights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kind::Kind;
    use crate::model::symbol::Symbol;

    #[test]
    fn requests_go_where_the_api_has_them() {
        let key = |kind, namespace: &str, name: &str| ObjectKey {
            kind,
            namespace: Symbol::from(namespace),
            name: Box::from(name),
        };
        let table = [
            (
                Step::new(key(Kind::Certificate, "shop", "www"), Write::Issue, None),
                "PUT /apis/cert-manager.io/v1/namespaces/shop/certificates/www/status",
            ),
            (
                Step::new(key(Kind::Challenge, "edge", "edge-1-2-3"), Write::Release, None),
                "PATCH /apis/acme.cert-manager.io/v1/namespaces/edge/challenges/edge-1-2-3",
            ),
            (
                Step::new(key(Kind::ClusterIssuer, "", "le"), Write::Replace(Edited::default()), None),
                "PUT /apis/cert-manager.io/v1/clusterissuers/le",
            ),
        ];
        for (step, expected) in table {
            assert_eq!(step.request(), expected);
        }
    }
}
