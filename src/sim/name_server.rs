//! A name server on a port of this machine, or on a connection into a Pod.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinSet;

use super::cluster::Cluster;
use super::outside::View;
use super::resolver;

/// Opens one, over UDP and TCP on one port.
pub(super) async fn open(cluster: &Cluster, view: View, servers: &mut JoinSet<()>) -> io::Result<SocketAddr> {
    let (udp, tcp, address) = both().await?;
    let over_udp = cluster.clone();
    servers.spawn(async move {
        let mut bytes = [0; 4_096];
        while let Ok((length, from)) = udp.recv_from(&mut bytes).await {
            if let Some(answer) = answer(&over_udp, view, &bytes[..length]) {
                let _ = udp.send_to(&answer, from).await;
            }
        }
    });
    let over_tcp = cluster.clone();
    servers.spawn(async move {
        while let Ok((stream, _)) = tcp.accept().await {
            let cluster = over_tcp.clone();
            drop(tokio::spawn(async move { over_stream(&cluster, view, stream).await }));
        }
    });
    Ok(address)
}

/// A free port for both.
async fn both() -> io::Result<(UdpSocket, TcpListener, SocketAddr)> {
    let mut last = io::Error::other("no free port");
    for _ in 0..8 {
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = tcp.local_addr()?;
        match UdpSocket::bind(address).await {
            Ok(udp) => return Ok((udp, tcp, address)),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn answer(cluster: &Cluster, view: View, question: &[u8]) -> Option<Vec<u8>> {
    resolver::answer(cluster.outside(), view, cluster.clock().now(), question)
}

/// Answers questions on one connection until the other side ends it. Each message bears its length before it.
pub(super) async fn over_stream(
    cluster: &Cluster,
    view: View,
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
) -> io::Result<()> {
    loop {
        let mut question = vec![0; usize::from(stream.read_u16().await?)];
        stream.read_exact(&mut question).await?;
        let Some(answer) = answer(cluster, view, &question) else { return Ok(()) };
        stream.write_u16(u16::try_from(answer.len()).map_err(io::Error::other)?).await?;
        stream.write_all(&answer).await?;
    }
}
