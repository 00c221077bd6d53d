//! One HTTP request to one address, with nothing followed and nothing trusted.

pub mod download;

use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use http::header::{CONNECTION, HOST, LOCATION, SERVER, USER_AGENT};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::dns::stream::{Both, Tunnel};
use super::question::Silence;
use super::tls;
use crate::limits;
use crate::text::clean;

/// How long one request may take: as long as Let's Encrypt waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an HTTP-01 solver listens on.
const SOLVER_PORT: u16 = 8089;

/// A URL, as far as redirects go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// Whether it is `https`.
    pub tls: bool,
    /// The host, without a port.
    pub host: String,
    /// The port, where it is named.
    pub port: Option<u16>,
    /// Path and query.
    pub path: String,
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.path)
    }
}

impl Url {
    fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        match self.port {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    }

    /// Where a `Location` leads from here; or why it is not followed.
    pub fn join(&self, location: &str) -> Result<Self, String> {
        let location = location.split('#').next().unwrap_or_default();
        let uri: http::Uri = if let Some(rest) = location.strip_prefix("//") {
            format!("{}://{rest}", if self.tls { "https" } else { "http" }).parse()
        } else if location.starts_with('/') || location.contains("://") {
            location.parse()
        } else {
            let base = self.path.split('?').next().unwrap_or_default();
            let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{location}").parse()
        }
        .map_err(|_| format!("redirect to `{location}`, which is no URL"))?;
        let path = uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let Some(host) = uri.host() else { return Ok(Self { path, ..self.clone() }) };
        let tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            other => return Err(format!("redirect to the scheme {}", other.unwrap_or("of nobody"))),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_ascii_lowercase();
        Ok(Self { tls, host, port: uri.port_u16(), path })
    }
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The status.
    pub status: u16,
    /// Where it leads.
    pub location: Option<String>,
    /// The `Server` header.
    pub server: String,
    /// The body, or its beginning.
    pub body: String,
}

/// Why nothing came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Miss {
    /// Nobody listens.
    Refused,
    /// Nothing came in time.
    Timeout,
    /// A redirect that is not followed.
    Redirect(String),
    /// Something else, in words.
    Failed(String),
}

/// Asks an address for a URL.
pub async fn get(address: SocketAddr, url: &Url) -> Result<Fetched, Miss> {
    let asked = async {
        let stream = TcpStream::connect(address).await.map_err(|error| match error.kind() {
            ErrorKind::ConnectionRefused => Miss::Refused,
            ErrorKind::TimedOut => Miss::Timeout,
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::AddrNotAvailable => {
                Miss::Failed(super::judge::NO_ROUTE.to_owned())
            }
            _ => failed(&error),
        })?;
        if url.tls {
            let stream = tls::connect(stream, &url.host).await;
            exchange(stream.map_err(|why| Miss::Failed(format!("TLS: {why}")))?, url, failed, read).await
        } else {
            exchange(stream, url, failed, read).await
        }
    };
    timeout(PATIENCE, asked).await.unwrap_or(Err(Miss::Timeout))
}

/// Asks a solver's Pod for a URL, from inside.
pub async fn get_inside(tunnel: &Tunnel, url: &Url) -> Result<Fetched, Miss> {
    let asked = async {
        let stream = tunnel.open(SOLVER_PORT).await.map_err(|silence| match silence {
            Silence::Timeout => Miss::Timeout,
            Silence::Failed(why) => Miss::Failed(why),
        })?;
        exchange(stream, url, failed, read).await
    };
    timeout(PATIENCE, asked).await.unwrap_or(Err(Miss::Timeout))
}

fn failed(error: &dyn fmt::Display) -> Miss {
    Miss::Failed(clean(&error.to_string(), limits::MESSAGE).into_owned())
}

/// Asks over a stream for a URL, and reads the answer; `failed` tells what went wrong on the way.
async fn exchange<T, E, R: Future<Output = Result<T, E>>>(
    stream: impl Both + 'static,
    url: &Url,
    failed: impl Fn(&dyn fmt::Display) -> E,
    read: impl FnOnce(Response<Incoming>) -> R,
) -> Result<T, E> {
    let request = Request::get(&url.path)
        .header(HOST, url.authority())
        .header(USER_AGENT, concat!("cmtop/", env!("CARGO_PKG_VERSION")))
        .header(CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|error| failed(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    let answered = async {
        let response = sender.send_request(request).await.map_err(|error| failed(&error))?;
        read(response).await
    };
    // The connection is driven here and not in a task of its own: it ends with the request.
    let answered = std::pin::pin!(answered);
    match futures::future::select(answered, std::pin::pin!(connection)).await {
        futures::future::Either::Left((answered, _)) => answered,
        futures::future::Either::Right((_, answered)) => answered.await,
    }
}

async fn read(response: Response<Incoming>) -> Result<Fetched, Miss> {
    let (head, mut body) = response.into_parts();
    let header = |name| {
        let value = head.headers.get(name).map(|value: &http::HeaderValue| value.as_bytes());
        value.map(|value| clean(&String::from_utf8_lossy(value), limits::MESSAGE).into_owned())
    };
    let mut bytes: Vec<u8> = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        if let Some(data) = frame.data_ref() {
            let room = limits::PROBE_BODY.saturating_sub(bytes.len());
            bytes.extend(data.iter().take(room));
        }
        if bytes.len() >= limits::PROBE_BODY {
            break;
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    // A line feed at the end is a difference that is told: it must not become a blank.
    let ends = if text.ends_with('\n') { "\n" } else { "" };
    let body = clean(text.trim_end_matches(['\r', '\n']), limits::MESSAGE).into_owned() + ends;
    Ok(Fetched {
        status: head.status.as_u16(),
        location: header(LOCATION),
        server: header(SERVER).unwrap_or_default(),
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_joined_as_browsers_do() {
        let here = Url { tls: false, host: "shop.io".to_owned(), port: None, path: "/a/b?c".to_owned() };
        let table = [
            ("https://shop.io/x", "https://shop.io/x"),
            ("http://Other.io.:8080/y?z=1#f", "http://other.io:8080/y?z=1"),
            ("//other.io/x", "http://other.io/x"),
            ("/x", "http://shop.io/x"),
            ("x", "http://shop.io/a/x"),
            ("http://other.io", "http://other.io/"),
            ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
        ];
        for (location, expected) in table {
            assert_eq!(here.join(location).map(|url| url.to_string()), Ok(expected.to_owned()), "{location}");
        }
        for odd in ["gopher://shop.io/", "file:///etc/passwd", "http://", "javascript://x"] {
            assert!(here.join(odd).is_err(), "{odd}: {:?}", here.join(odd));
        }
    }
}
