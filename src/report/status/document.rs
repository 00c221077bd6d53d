//! `cmtop.status/v1`, field by field.

use serde::Serialize;
use serde::ser::Serializer;

use super::{Card, Status};
use crate::model::meta::Time;
use crate::report::document::or_null;
use crate::report::origin::ClusterPart;
use crate::report::outset::Outset;
use crate::triage::tree::Node;

#[derive(Serialize)]
struct Document<'s> {
    schema: &'static str,
    at: Time,
    cluster: ClusterPart<'s>,
    certificates: Vec<CertificatePart<'s>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificatePart<'s> {
    #[serde(flatten)]
    outset: Outset<'s>,
    tree: NodePart<'s>,
}

#[derive(Serialize)]
struct NodePart<'s> {
    kind: &'s str,
    #[serde(serialize_with = "or_null")]
    namespace: &'s str,
    #[serde(serialize_with = "or_null")]
    name: &'s str,
    state: &'static str,
    #[serde(serialize_with = "or_null")]
    reason: &'s str,
    since: Option<Time>,
    revision: Option<u32>,
    current: bool,
    children: Vec<NodePart<'s>>,
}

impl<'s> From<&'s Card<'_>> for CertificatePart<'s> {
    fn from(card: &'s Card<'_>) -> Self {
        let (certificate, diagnosis) = (card.certificate, &card.diagnosis);
        Self { outset: Outset::of(certificate, diagnosis), tree: (&card.tree).into() }
    }
}

impl<'s> From<&'s Node> for NodePart<'s> {
    fn from(node: &'s Node) -> Self {
        Self {
            kind: node.kind(),
            namespace: &node.object.namespace,
            name: &node.object.name,
            state: node.state,
            reason: &node.reason,
            since: node.since,
            revision: node.revision,
            current: node.current,
            children: node.children.iter().map(Self::from).collect(),
        }
    }
}

impl Serialize for Status<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = Document {
            schema: "cmtop.status/v1",
            at: self.at,
            cluster: self.origin.part(self.cert_manager),
            certificates: self.cards.iter().map(CertificatePart::from).collect(),
        };
        document.serialize(serializer)
    }
}
