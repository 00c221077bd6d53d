//! A file from a URL, whole: a list of revoked certificates. Only what a person asked for is fetched.

use http_body_util::{BodyExt as _, Limited};
use hyper::Response;
use hyper::body::Incoming;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::{PATIENCE, Url, exchange};
use crate::limits;
use crate::text::clean;

/// Fetches what a plain `http` URL leads to, at most `most` bytes; or why not.
pub async fn download(url: &str, most: usize) -> Result<Vec<u8>, String> {
    let nowhere = Url { tls: false, host: String::new(), port: None, path: "/".to_owned() };
    let url = nowhere.join(url)?;
    if url.tls || url.host.is_empty() {
        return Err(format!("only http is fetched, as such lists are signed themselves: {url}"));
    }
    let fetched = async { fetch(&url, most).await.map_err(|error| clean(&error, limits::MESSAGE).into_owned()) };
    // A large list takes longer than one answer of a solver.
    timeout(PATIENCE * 3, fetched).await.unwrap_or_else(|_| Err(format!("{url} did not answer in time")))
}

async fn fetch(url: &Url, most: usize) -> Result<Vec<u8>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{url}: {error}");
    let mut addresses =
        lookup_host((url.host.as_str(), url.port.unwrap_or(80))).await.map_err(|error| failed(&error))?;
    let address = addresses.next().ok_or_else(|| failed(&"it has no address"))?;
    let stream = TcpStream::connect(address).await.map_err(|error| failed(&error))?;
    let read = async |response: Response<Incoming>| {
        let status = response.status();
        if !status.is_success() {
            return Err(failed(&format!("it answers {}", status.as_u16())));
        }
        let body = Limited::new(response.into_body(), most).collect().await.map_err(|error| failed(&error))?;
        Ok(body.to_bytes().to_vec())
    };
    exchange(stream, url, failed, read).await
}
