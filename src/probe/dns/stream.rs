//! DNS over a stream of bytes: TCP, or a port-forward through the API server. Each message bears its length before it.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use hickory_proto::op::{Edns, Message, MessageType};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::Instant;

use super::message::{query, reply};
use crate::probe::question::{Question, Reply, Silence};

/// Bytes in both directions.
pub trait Both: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Both for T {}

/// A stream to a port, or why there is none.
pub type Opened = Result<Box<dyn Both>, Silence>;

/// A way into a Pod.
#[derive(Clone)]
pub struct Tunnel(Arc<dyn Fn(u16) -> BoxFuture<'static, Opened> + Send + Sync>);

impl Tunnel {
    /// From what opens a stream to a port.
    pub fn new(open: impl Fn(u16) -> BoxFuture<'static, Opened> + Send + Sync + 'static) -> Self {
        Self(Arc::new(open))
    }

    /// Opens a stream to a port.
    pub async fn open(&self, port: u16) -> Opened {
        (self.0)(port).await
    }
}

impl fmt::Debug for Tunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tunnel")
    }
}

/// Asks one question.
pub async fn ask(mut stream: impl Both, question: &Question) -> Result<Reply, Silence> {
    let failed = |error: &dyn fmt::Display| Silence::Failed(error.to_string());
    let mut message = Message::query();
    message.metadata.recursion_desired = question.recurse;
    message.metadata.checking_disabled = question.unchecked;
    message.metadata.authentic_data = !question.unchecked;
    message.add_query(query(question).map_err(|error| failed(&error))?);
    message.set_edns(Edns::new());
    let bytes = message.to_vec().map_err(|error| failed(&error))?;
    let length = u16::try_from(bytes.len()).map_err(|error| failed(&error))?;
    let began = Instant::now();
    let mut framed = length.to_be_bytes().to_vec();
    framed.extend(bytes);
    stream.write_all(&framed).await.map_err(|error| failed(&error))?;
    stream.flush().await.map_err(|error| failed(&error))?;
    loop {
        let length = stream.read_u16().await.map_err(|error| failed(&format!("the connection ended: {error}")))?;
        let mut bytes = vec![0; usize::from(length)];
        stream.read_exact(&mut bytes).await.map_err(|error| failed(&format!("the connection ended: {error}")))?;
        let answer = Message::from_vec(&bytes);
        let answer = answer.map_err(|error| failed(&format!("the answer cannot be read: {error}")))?;
        let is_ours = answer.metadata.id == message.metadata.id
            && answer.metadata.message_type == MessageType::Response
            && (answer.queries.is_empty() || answer.queries == message.queries);
        if is_ours {
            return Ok(reply(&answer, began.elapsed()));
        }
    }
}
