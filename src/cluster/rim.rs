//! [`Rim`]: what every request and every answer passes, below kube's client.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::header::{AUTHORIZATION, DATE, RETRY_AFTER};
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use tokio::sync::Mutex as TurnLock;
use tokio::time::Instant;
use tower::{BoxError, Layer, Service, ServiceExt as _};

use super::clock::{ClockOffset, Now};
use super::guard::Guard;
use super::pace::{self, Pace};
use super::quiet::Heard;
use super::token::TokenFile;
use super::traffic::Traffic;
use crate::limits;

/// Puts a [`Rim`] around a service.
pub(super) struct RimLayer {
    pub(super) now: Now,
    pub(super) traffic: Arc<Traffic>,
    pub(super) clock: Arc<ClockOffset>,
    pub(super) terms: Terms,
}

/// What holds for every request.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    /// How long an answer may take to begin.
    pub(super) answer_within: Duration,
    /// What may pass.
    pub(super) guard: Guard,
    /// What signs it, where that stands in a file.
    pub(super) token: Option<Arc<TokenFile>>,
}

impl<S> Layer<S> for RimLayer {
    type Service = Rim<S>;

    fn layer(&self, inner: S) -> Rim<S> {
        let notes = Notes {
            now: Arc::clone(&self.now),
            traffic: Arc::clone(&self.traffic),
            clock: Arc::clone(&self.clock),
            pace: Arc::default(),
        };
        Rim { inner: Arc::new(TurnLock::new(inner)), notes, terms: self.terms.clone() }
    }
}

/// A service whose requests are paced and counted, and whose answers may not fall silent.
pub(super) struct Rim<S> {
    /// Shared, so that nothing of a request happens before its turn: some services begin to work when they are called.
    inner: Arc<TurnLock<S>>,
    notes: Notes,
    terms: Terms,
}

#[derive(Clone)]
struct Notes {
    now: Now,
    traffic: Arc<Traffic>,
    clock: Arc<ClockOffset>,
    pace: Arc<Mutex<Pace>>,
}

impl<S, Q, B> Service<Request<Q>> for Rim<S>
where
    S: Service<Request<Q>, Response = Response<B>> + Send + 'static,
    Q: Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<Heard<B>>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Q>) -> Self::Future {
        if let Err(held) = self.terms.guard.admit(request.method(), request.uri().path()) {
            return async move { Err(held.into()) }.boxed();
        }
        let (notes, uri, within) = (self.notes.clone(), request.uri().clone(), self.terms.answer_within);
        let token = self.terms.token.clone();
        let turn = notes.pace(|pace, now| pace.turn(&uri, now));
        let inner = Arc::clone(&self.inner);
        async move {
            tokio::time::sleep_until(turn).await;
            notes.traffic.request();
            if let Some(token) = &token {
                request.headers_mut().insert(AUTHORIZATION, token.header(Instant::now()));
            }
            let call = inner.lock().await.ready().await.map_err(Into::into)?.call(request);
            let answer = tokio::time::timeout(within, call)
                .await
                .map_err(|_| format!("no answer within {} s", within.as_secs()))?
                .map_err(Into::into)?;
            notes.answered(&uri, answer.status(), answer.headers());
            if let (Some(token), StatusCode::UNAUTHORIZED) = (&token, answer.status()) {
                token.refused();
            }
            // A log that is followed may be silent for days.
            let follows = !pace::is_watch(&uri) && uri.query().is_some_and(|query| query.contains("follow=true"));
            let patience = (!follows).then_some(limits::SILENCE);
            Ok(answer.map(|body| Heard::new(body, patience, Arc::clone(&notes.traffic))))
        }
        .boxed()
    }
}

impl Notes {
    fn pace<T>(&self, ask: impl FnOnce(&mut Pace, Instant) -> T) -> T {
        ask(&mut self.pace.lock().unwrap_or_else(PoisonError::into_inner), Instant::now())
    }

    fn answered(&self, uri: &Uri, status: StatusCode, headers: &HeaderMap) {
        if let Some(date) = headers.get(DATE).and_then(|date| date.to_str().ok()) {
            self.clock.note(date, (self.now)());
        }
        if !status.is_success() {
            self.pace(|pace, _| pace.refused(uri));
        }
        if let Some(wait) = retry_after(status, headers) {
            self.pace(|pace, now| pace.spare(uri.path(), wait, now));
        }
    }
}

/// How long the server asks to be left alone.
pub(crate) fn retry_after(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    if !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        return None;
    }
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(limits::RETRY_AFTER))
}
