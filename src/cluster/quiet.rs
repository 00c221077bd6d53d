//! [`Heard`]: the body of an answer, counted and cut off when it falls silent.
//!
//! A connection whose other end is gone (a laptop that slept, a load balancer that forgot) looks like one on which
//! nothing happens. API servers send a bookmark about once a minute, so real silence is shorter.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep};
use tower::BoxError;

use super::traffic::Traffic;

pin_project! {
    /// A body that is listened to.
    pub(super) struct Heard<B> {
        #[pin]
        body: B,
        #[pin]
        silence: Option<Sleep>,
        patience: Duration,
        traffic: Arc<Traffic>,
    }
}

impl<B> Heard<B> {
    /// Listens; without `patience` for ever.
    pub(super) fn new(body: B, patience: Option<Duration>, traffic: Arc<Traffic>) -> Self {
        let silence = patience.map(tokio::time::sleep);
        Self { body, silence, patience: patience.unwrap_or_default(), traffic }
    }
}

impl<B> Body for Heard<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let mut this = self.project();
        if let Poll::Ready(frame) = this.body.poll_frame(cx) {
            if let Some(silence) = this.silence.as_mut().as_pin_mut() {
                silence.reset(Instant::now() + *this.patience);
            }
            if let Some(Ok(frame)) = &frame
                && let Some(data) = frame.data_ref()
            {
                this.traffic.read(data.remaining());
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        match this.silence.as_mut().as_pin_mut() {
            None => Poll::Pending,
            Some(silence) => {
                ready!(silence.poll(cx));
                // For kube's watcher an unexpected end is a watch to be resumed where it was, not an error.
                let silent = io::Error::new(io::ErrorKind::UnexpectedEof, "nothing was heard for too long");
                Poll::Ready(Some(Err(silent.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
