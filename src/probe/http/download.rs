//! A file from a URL, whole: a list of revoked certificates. Only what a person asked for is fetched.

use http::header::{CONNECTION, HOST, USER_AGENT};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::{PATIENCE, Url};
use crate::limits;
use crate::text::clean;

/// Fetches what a plain `http` URL leads to, at most `most` bytes; or why not.
pub async fn download(url: &str, most: usize) -> Result<Vec<u8>, String> {
    let nowhere = Url { tls: false, host: String::new(), port: None, path: "/".to_owned() };
    let url = nowhere.join(url)?;
    if url.tls || url.host.is_empty() {
        return Err(format!("only http is fetched, as such lists are signed themselves: {url}"));
    }
    let fetched = async { exchange(&url, most).await.map_err(|error| clean(&error, limits::MESSAGE).into_owned()) };
    // A large list takes longer than one answer of a solver.
    timeout(PATIENCE * 3, fetched).await.unwrap_or_else(|_| Err(format!("{url} did not answer in time")))
}

async fn exchange(url: &Url, most: usize) -> Result<Vec<u8>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{url}: {error}");
    let mut addresses =
        lookup_host((url.host.as_str(), url.port.unwrap_or(80))).await.map_err(|error| failed(&error))?;
    let address = addresses.next().ok_or_else(|| failed(&"it has no address"))?;
    let stream = TcpStream::connect(address).await.map_err(|error| failed(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    let request = Request::get(&url.path)
        .header(HOST, url.authority())
        .header(USER_AGENT, concat!("cmtop/", env!("CARGO_PKG_VERSION")))
        .header(CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|error| failed(&error))?;
    let answered = async {
        let response = sender.send_request(request).await.map_err(|error| failed(&error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(failed(&format!("it answers {}", status.as_u16())));
        }
        let body = Limited::new(response.into_body(), most).collect().await.map_err(|error| failed(&error))?;
        Ok(body.to_bytes().to_vec())
    };
    let answered = std::pin::pin!(answered);
    match futures::future::select(answered, std::pin::pin!(connection)).await {
        futures::future::Either::Left((answered, _)) => answered,
        futures::future::Either::Right((_, answered)) => answered.await,
    }
}
