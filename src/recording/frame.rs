//! [`Frame`]: one line of a recording.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::limits;
use crate::model::logs::Voice;
use crate::model::meta::Time;
use crate::model::symbol::Symbol;
use crate::text::clean;
use crate::wire::shape::Key;
use crate::wire::stamp::Stamp;

/// The word in the first line.
pub const FORMAT: &str = "cmtop-recording";

/// The version of the format.
pub const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// When the recording began.
    pub started: Time,
    /// The cluster's name.
    #[serde(default)]
    pub cluster: String,
    /// The version of its API server.
    #[serde(default)]
    pub kubernetes: String,
    /// The namespaces that were watched; empty for all. Elsewhere nothing was seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
}

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// It is there, or is there in another form.
    Upsert,
    /// It is gone.
    Delete,
}

/// One line after the first.
#[derive(Debug, Clone)]
pub struct Frame {
    /// When it arrived.
    pub t: Time,
    /// What it says.
    pub content: Content,
}

/// What a line says.
#[derive(Debug, Clone)]
pub enum Content {
    /// An object.
    Object(Op, Box<RawValue>),
    /// The list of a resource is complete.
    Synced(Box<str>),
    /// The watch of a resource ended.
    Error(Box<str>, WatchError),
    /// A line of a log.
    Log(Voice, Box<str>),
    /// Something of a later version of the format.
    Unknown,
}

/// What ended a watch.
#[derive(Debug, Clone, Default)]
pub struct WatchError {
    /// The status code.
    pub code: u16,
    /// What the server said.
    pub message: String,
}

crate::wire::shape::shape! {
    /// A Kubernetes `Status`.
    Status: whole {
        /// The status code.
        code: i64 = "code",
        /// What the server said.
        message: Box<str> = "message",
    }
}

#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow)]
    t: Option<Key<'l>>,
    #[serde(borrow)]
    op: Option<Key<'l>>,
    #[serde(borrow)]
    object: Option<&'l RawValue>,
    #[serde(borrow)]
    resource: Option<Key<'l>>,
    #[serde(borrow)]
    source: Option<Source<'l>>,
    #[serde(borrow, rename = "line")]
    text: Option<Key<'l>>,
}

#[derive(Deserialize, Default)]
struct Source<'l> {
    #[serde(borrow)]
    namespace: Option<Key<'l>>,
    #[serde(borrow)]
    pod: Option<Key<'l>>,
    #[serde(borrow)]
    container: Option<Key<'l>>,
}

impl Frame {
    /// Reads a line; the error says what it lacks.
    pub fn parse(line: &str) -> Result<Self, String> {
        let line: Line = serde_json::from_str(line).map_err(|error| format!("not a frame: {error}"))?;
        let t = line.t.and_then(|t| Stamp::parse(&t.0)).ok_or("no moment in `t`")?.0;
        let object = || line.object.ok_or("no `object`");
        let resource = || line.resource.as_ref().map(|resource| Box::from(&*resource.0)).ok_or("no `resource`");
        let content = match &*line.op.as_ref().ok_or("no `op`")?.0 {
            "ADDED" | "MODIFIED" => Content::Object(Op::Upsert, object()?.to_owned()),
            "DELETED" => Content::Object(Op::Delete, object()?.to_owned()),
            "SYNCED" => Content::Synced(resource()?),
            "ERROR" => {
                let status: Status = serde_json::from_str(object()?.get()).unwrap_or_default();
                if !status.odd.is_empty() {
                    return Err(format!("no Status in `object`: {}", status.odd.join(", ")));
                }
                let code = status.code.and_then(|code| u16::try_from(code).ok()).unwrap_or_default();
                let error = WatchError { code, message: status.message.map(String::from).unwrap_or_default() };
                Content::Error(resource()?, error)
            }
            "LOG" => {
                // A line of nobody is still a line: more than its words nobody needs.
                let source = line.source.unwrap_or_default();
                let word =
                    |text: Option<Key>| Symbol::from(&*clean(&text.map(|key| key.0).unwrap_or_default(), limits::NAME));
                let (namespace, pod) = (word(source.namespace), word(source.pod));
                let voice = Voice { namespace, pod, container: word(source.container) };
                Content::Log(voice, Box::from(line.text.as_ref().map_or("", |text| &*text.0)))
            }
            _ => Content::Unknown,
        };
        Ok(Self { t, content })
    }
}
