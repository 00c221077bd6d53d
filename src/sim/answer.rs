//! Answers as they go over the wire.

use std::io::{self, Write as _};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use serde_json::Value;

use super::fault::Effect;
use super::refusal::Refusal;
use super::tamper::{Step, Tamper};

/// The body of an answer: it may break like a real connection.
pub type ApiBody = UnsyncBoxBody<Bytes, io::Error>;

/// Answers smaller than this are not worth compressing; the real server draws the line here too.
const GZIP_FROM: usize = 128 * 1024;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer before its last touches.
pub(super) enum Answer {
    Whole {
        code: u16,
        kind: HeaderValue,
        bytes: Vec<u8>,
    },
    Stream {
        kind: HeaderValue,
        body: ApiBody,
    },
    /// The connection is used for something else from here on.
    Upgraded(HeaderMap),
}

pub(super) type Answered = Result<Answer, Refusal>;

pub(super) fn document(code: u16, value: &Value) -> Answer {
    json_bytes(code, value.to_string().into_bytes())
}

pub(super) fn json_bytes(code: u16, bytes: Vec<u8>) -> Answer {
    Answer::Whole { code, kind: JSON, bytes }
}

pub(super) fn plain(code: u16, text: &str) -> Answer {
    Answer::Whole { code, kind: HeaderValue::from_static("text/plain; charset=utf-8"), bytes: text.as_bytes().to_vec() }
}

pub(super) fn page_not_found() -> Answer {
    plain(404, "404 page not found\n")
}

/// Makes the response: refusals become documents, large answers are compressed, faults strike.
pub(super) fn finish(answered: Answered, gzip: bool, effects: &[Effect]) -> Response<ApiBody> {
    let retry_after = answered.as_ref().err().and_then(|refusal| refusal.retry_after);
    let answer = answered.unwrap_or_else(|refusal| document(refusal.code, &refusal.status()));
    let mut response = match answer {
        Answer::Upgraded(headers) => return upgraded(headers),
        Answer::Stream { kind, body } => with_type(200, kind, body),
        Answer::Whole { code, kind, bytes } => whole(code, kind, bytes, gzip, effects),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn whole(code: u16, kind: HeaderValue, bytes: Vec<u8>, gzip: bool, effects: &[Effect]) -> Response<ApiBody> {
    if let Some(mut tamper) = Tamper::new(effects) {
        let mut frames = Vec::new();
        let mut hangs = false;
        for step in tamper.pass(vec![bytes]) {
            match step {
                Step::Send(bytes) => frames.push(Ok(Frame::data(bytes))),
                Step::Break => frames.push(Err(io::Error::from(io::ErrorKind::ConnectionReset))),
                Step::Hang => hangs = true,
                Step::End => {}
            }
        }
        let tail =
            stream::once(
                async move { if hangs { std::future::pending().await } else { Ok(Frame::data(Bytes::new())) } },
            );
        return with_type(
            code,
            kind,
            StreamBody::new(stream::StreamExt::chain(stream::iter(frames), tail)).boxed_unsync(),
        );
    }
    let packed = if gzip && bytes.len() >= GZIP_FROM { pack(&bytes).ok() } else { None };
    let is_packed = packed.is_some();
    let body = Full::new(Bytes::from(packed.unwrap_or(bytes))).map_err(|never| match never {}).boxed_unsync();
    let mut response = with_type(code, kind, body);
    if is_packed {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn upgraded(headers: HeaderMap) -> Response<ApiBody> {
    let mut response = Response::new(Full::default().map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *response.headers_mut() = headers;
    response
}

fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn with_type(code: u16, kind: HeaderValue, body: ApiBody) -> Response<ApiBody> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// Sets the `Date` header from the cluster's clock, some seconds off if so wanted.
pub(super) fn date(response: &mut Response<ApiBody>, now: DateTime<Utc>, offset: i64) {
    let shown = now + TimeDelta::try_seconds(offset).unwrap_or_default();
    if let Ok(value) = HeaderValue::from_str(&shown.format("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
        response.headers_mut().insert(DATE, value);
    }
}
