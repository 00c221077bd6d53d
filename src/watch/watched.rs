//! [`Watched`]: an object as kube's watcher wants it.

use std::borrow::Cow;
use std::fmt;

use kube::api::ObjectMeta;
use kube::core::{DynamicResourceScope, Resource};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::model::kind::Kind;
use crate::project::Project;

/// Something that arrives in a watch.
pub(super) trait Payload: DeserializeOwned + Clone + fmt::Debug + Send + 'static {
    /// Its `metadata.resourceVersion`.
    fn version(&self) -> Option<&str>;
}

impl<W: Project + Clone + fmt::Debug + Send + 'static> Payload for W {
    fn version(&self) -> Option<&str> {
        self.metadata()?.resource_version.as_deref()
    }
}

/// An object with the one field that the watcher reads. Its kind is known at run time only, so that one wrapper serves
/// all kinds; with `META` the server sends nothing but metadata.
#[derive(Debug, Clone)]
pub(super) struct Watched<P, const META: bool> {
    meta: ObjectMeta,
    pub(super) object: P,
}

impl<'de, P: Payload, const META: bool> Deserialize<'de> for Watched<P, META> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = P::deserialize(deserializer)?;
        let meta = ObjectMeta { resource_version: object.version().map(str::to_owned), ..ObjectMeta::default() };
        Ok(Self { meta, object })
    }
}

impl<P, const META: bool> Resource for Watched<P, META> {
    type DynamicType = Kind;
    type Scope = DynamicResourceScope;

    fn kind(kind: &Kind) -> Cow<'_, str> {
        kind.name().into()
    }

    fn group(kind: &Kind) -> Cow<'_, str> {
        kind.row().group.into()
    }

    fn version(kind: &Kind) -> Cow<'_, str> {
        kind.row().version.into()
    }

    fn plural(kind: &Kind) -> Cow<'_, str> {
        kind.row().plural.into()
    }

    fn metadata_api() -> bool {
        META
    }

    fn meta(&self) -> &ObjectMeta {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.meta
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::kinds::Certificate;
    use kube::core::ObjectList;

    #[test]
    fn an_odd_item_does_not_fail_the_page() {
        let page = r#"{"kind":"CertificateList","apiVersion":"cert-manager.io/v1","metadata":{"resourceVersion":"9"},
            "items":[null,"text",7,[],{"metadata":"?"},{"metadata":{"name":"www","resourceVersion":"8"}}]}"#;
        let list: ObjectList<Watched<Certificate, false>> = serde_json::from_str(page).unwrap();
        let versions: Vec<_> = list.items.iter().map(|item| item.meta().resource_version.as_deref()).collect();
        assert_eq!(versions, [None, None, None, None, None, Some("8")]);
    }

    #[test]
    fn the_path_follows_from_the_kind() {
        type Any = Watched<Certificate, false>;
        assert_eq!(Any::url_path(&Kind::Order, Some("shop")), "/apis/acme.cert-manager.io/v1/namespaces/shop/orders");
        assert_eq!(Any::url_path(&Kind::Secret, None), "/api/v1/secrets");
    }
}
