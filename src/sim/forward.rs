//! Port-forwarding: a websocket on which each port of a Pod has a channel for its bytes and one for its error.

use std::time::Duration;

use bytes::{BufMut as _, BytesMut};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt as _, StreamExt as _};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, ReadHalf, WriteHalf};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::answer::{Answer, Answered};
use super::cluster::Cluster;
use super::pod_servers;
use super::refusal::Refusal;
use super::route::{Query, Target};

/// The protocols of channels that clients ask for; the first is what a real server has always known.
const PROTOCOLS: [&str; 2] = ["v4.channel.k8s.io", "v5.channel.k8s.io"];

/// Bytes between a Pod and its channel.
const PIPE: usize = 64 * 1024;

/// Frames that wait to be sent.
const FRAMES: usize = 16;

/// How long a client may take to hear the farewell.
const FAREWELL: Duration = Duration::from_secs(5);

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Opens a port-forward.
pub(super) fn open(
    cluster: &Cluster,
    head: &Parts,
    target: &Target,
    query: &Query,
    upgrade: Option<OnUpgrade>,
) -> Answered {
    let pod = cluster.read(|store| store.get(target.resource, &target.key()).map(|pod| pod.typed(target.resource)));
    let pod = pod.ok_or_else(|| Refusal::not_found(target.resource, &target.name))?;
    if pod["status"]["phase"] != "Running" {
        return Err(Refusal::bad_request(format!("pod {} does not have a host assigned", target.name)));
    }
    let (Some(upgrade), Some(accepted)) = (upgrade, accepted(&head.headers)) else {
        return Err(Refusal::bad_request(
            "unable to upgrade: the simulated cluster forwards ports over websockets only",
        ));
    };
    let ports: Result<Vec<u16>, _> = query.get("ports").split(',').map(str::parse).collect();
    let Ok(ports) = ports else { return Err(Refusal::bad_request("invalid or missing query parameter \"ports\"")) };
    let cluster = cluster.clone();
    tokio::spawn(async move {
        if let Ok(upgraded) = upgrade.await {
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
            carry(socket, &cluster, &pod, &ports).await;
        }
    });
    Ok(Answer::Upgraded(accepted))
}

/// Whether a request wants a websocket.
pub(super) fn is_websocket(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// The headers with which an upgrade is accepted.
fn accepted(headers: &HeaderMap) -> Option<HeaderMap> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let key = text(header::SEC_WEBSOCKET_KEY).filter(|_| is_websocket(headers))?;
    let wanted = text(header::SEC_WEBSOCKET_PROTOCOL)?;
    let protocol = PROTOCOLS.into_iter().find(|known| wanted.split(',').any(|wanted| wanted.trim() == *known))?;
    let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok()?;
    Some(HeaderMap::from_iter([
        (header::CONNECTION, HeaderValue::from_static("Upgrade")),
        (header::UPGRADE, HeaderValue::from_static("websocket")),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
        (header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol)),
    ]))
}

/// Carries bytes between the ports of a Pod and the client, until one of them has enough.
async fn carry(socket: Socket, cluster: &Cluster, pod: &serde_json::Value, ports: &[u16]) {
    let (sink, stream) = socket.split();
    let (out, frames) = mpsc::channel(FRAMES);
    let sending = tokio::spawn(send(sink, frames));
    let (mut writers, mut readers) = (Vec::new(), JoinSet::new());
    for (number, port) in ports.iter().enumerate() {
        let channel = 2 * number as u8;
        for channel in [channel, channel + 1] {
            let _ = out.send(frame(channel, &port.to_le_bytes())).await;
        }
        let (near, far) = tokio::io::duplex(PIPE);
        let (reader, writer) = tokio::io::split(near);
        writers.push(writer);
        match pod_servers::of(cluster, pod, *port) {
            Some(server) => drop(tokio::spawn(server.serve(far))),
            None => {
                let name = pod["metadata"]["name"].as_str().unwrap_or_default();
                let why = format!(
                    "error forwarding port {port} to pod {name}: failed to connect to localhost:{port} inside namespace: dial tcp4 127.0.0.1:{port}: connect: connection refused"
                );
                let _ = out.send(frame(channel + 1, why.as_bytes())).await;
            }
        }
        readers.spawn(from_pod(channel, reader, out.clone()));
    }
    to_pod(stream, writers).await;
    // What closes politely is answered politely: the last frame is sent when nobody has anything to send any more.
    readers.shutdown().await;
    drop(out);
    let _ = tokio::time::timeout(FAREWELL, sending).await;
}

fn frame(channel: u8, bytes: &[u8]) -> Message {
    let mut frame = BytesMut::with_capacity(bytes.len() + 1);
    frame.put_u8(channel);
    frame.put_slice(bytes);
    Message::Binary(frame.freeze())
}

async fn send(mut sink: SplitSink<Socket, Message>, mut frames: mpsc::Receiver<Message>) {
    while let Some(frame) = frames.recv().await {
        if sink.send(frame).await.is_err() {
            return;
        }
    }
    // Every port has ended.
    let _ = sink.close().await;
}

async fn from_pod(channel: u8, mut reader: ReadHalf<DuplexStream>, out: mpsc::Sender<Message>) {
    let mut bytes = vec![0; PIPE / 4];
    while let Ok(count @ 1..) = reader.read(&mut bytes).await {
        if out.send(frame(channel, &bytes[..count])).await.is_err() {
            return;
        }
    }
}

async fn to_pod(mut stream: SplitStream<Socket>, mut writers: Vec<WriteHalf<DuplexStream>>) {
    while let Some(Ok(message)) = stream.next().await {
        match message {
            Message::Binary(frame) => {
                let Some((channel, bytes)) = frame.split_first() else { continue };
                if channel % 2 == 0
                    && let Some(writer) = writers.get_mut(usize::from(channel / 2))
                {
                    // A Pod that does not listen any more says so by itself.
                    let _ = writer.write_all(bytes).await;
                }
            }
            Message::Close(_) => return,
            _ => {}
        }
    }
}
