//! stub
use crate::model::Model;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey, Uid};
use crate::model::meta::Time;
/// Tone
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// a
    Good,
    /// a
    Busy,
    /// a
    Waiting,
    /// a
    Bad,
    /// a
    Absent,
    /// a
    Unseen,
}
/// Node
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// a
    pub object: ObjectKey,
    /// a
    pub uid: Option<Uid>,
    /// a
    pub state: String,
    /// a
    pub tone: Tone,
    /// a
    pub reason: String,
    /// a
    pub since: Option<Time>,
    /// a
    pub revision: Option<u32>,
    /// a
    pub current: bool,
    /// a
    pub children: Vec<Node>,
}
/// tree
pub fn tree(_: &Model, _: Id<Certificate>, _: Time) -> Option<Node> {
    None
}
