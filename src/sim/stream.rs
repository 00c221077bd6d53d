//! Answers that go on: a watch, and the log of a Pod that is followed.

use std::collections::VecDeque;
use std::io;

use bytes::Bytes;
use futures::stream;
use http::header::HeaderValue;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};

use super::answer::Answer;
use super::cluster::Cluster;
use super::fault::Effect;
use super::logs::Reading;
use super::tamper::{Step, Tamper};
use super::watching::Watching;

/// A watch, as a stream of lines.
pub(super) fn watch(watching: Watching, effects: &[Effect]) -> Answer {
    let wire = Wire { watching, tamper: Tamper::new(effects), steps: VecDeque::new() };
    let frames = stream::unfold(Some(wire), |wire| async move {
        let mut wire = wire?;
        match wire.step().await {
            Step::Send(bytes) => Some((Ok(Frame::data(bytes)), Some(wire))),
            Step::Break => Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None)),
            Step::Hang => std::future::pending().await,
            Step::End => None,
        }
    });
    Answer::Stream { kind: HeaderValue::from_static("application/json"), body: StreamBody::new(frames).boxed_unsync() }
}

struct Wire {
    watching: Watching,
    tamper: Option<Tamper>,
    steps: VecDeque<Step>,
}

impl Wire {
    async fn step(&mut self) -> Step {
        loop {
            if let Some(step) = self.steps.pop_front() {
                return step;
            }
            if let Some(tamper) = &mut self.tamper {
                // Silence and an end at once do not wait for a first event.
                self.steps.extend(tamper.pass(Vec::new()));
                if let Some(step) = self.steps.pop_front() {
                    return step;
                }
            }
            let Some(lines) = self.watching.next().await else { return Step::End };
            match &mut self.tamper {
                Some(tamper) => self.steps.extend(tamper.pass(lines)),
                None => return Step::Send(lines.concat().into()),
            }
        }
    }
}

/// The log of a Pod: what is there, and with `follow` what is printed from now on.
pub(super) fn log(cluster: Cluster, pod: String, reading: Reading) -> Answer {
    let grown = cluster.logs().growth();
    let (text, next) = cluster.logs().start(&pod, &reading);
    let follow = reading.follow;
    let first = stream::once(async move { Ok(Frame::data(Bytes::from(text))) });
    let rest =
        stream::unfold((cluster, pod, reading, grown, next), |(cluster, pod, reading, mut grown, from)| async move {
            loop {
                grown.changed().await.ok()?;
                let (text, next) = cluster.logs().more(&pod, from, &reading);
                if next > from {
                    return Some((Ok(Frame::data(Bytes::from(text))), (cluster, pod, reading, grown, next)));
                }
            }
        });
    let kind = HeaderValue::from_static("text/plain");
    let body = if follow {
        StreamBody::new(stream::StreamExt::chain(first, rest)).boxed_unsync()
    } else {
        StreamBody::new(first).boxed_unsync()
    };
    Answer::Stream { kind, body }
}
