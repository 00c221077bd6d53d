//! HTTP-01: each address by itself, redirects step by step.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cmtop::probe::dns::Net;
use cmtop::probe::survey::{Reach, web};
use cmtop::probe::verdict::Standing;
use cmtop::probe::web::{Found, Plan, Web};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::server::{Server, Zone, address};

const KEY: &str = "token.key";

/// A web server that answers every request with the same bytes, and counts.
async fn serve(answer: impl Into<String>) -> (SocketAddr, Arc<AtomicUsize>) {
    let (answer, asked) = (answer.into(), Arc::new(AtomicUsize::new(0)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, count) = (listener.local_addr().unwrap(), Arc::clone(&asked));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut bytes = [0; 2048];
                let _ = stream.read(&mut bytes).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (at, asked)
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn plan(addresses: &[SocketAddr], guides: &[SocketAddr]) -> Plan {
    Plan {
        subject: "shop.io".parse().unwrap(),
        token: Some("token".to_owned()),
        expected: Some(KEY.to_owned()),
        addresses: addresses.to_vec(),
        guides: guides.to_vec(),
        reason: String::new(),
    }
}

async fn look(addresses: &[SocketAddr]) -> Web {
    web::look(&Reach::default(), &plan(addresses, &[]), |_| ()).await
}

fn found(web: &Web) -> Vec<Found> {
    web.visits.iter().map(|visit| visit.found.unwrap()).collect()
}

#[tokio::test]
async fn each_address_is_compared_with_the_key() {
    let (good, _) = serve(ok(KEY)).await;
    let (other, _) = serve(ok("<!doctype html>\u{1b}[2J")).await;
    let (missing, _) = serve("HTTP/1.1 404 Not Found\r\nContent-Length: 21\r\n\r\ndefault backend - 404").await;
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let web = look(&[good, other, missing, closed]).await;
    assert_eq!(found(&web), [Found::Match, Found::Mismatch, Found::Status, Found::Refused]);
    assert_eq!(web.visits[0].server, "nginx");
    assert_eq!(web.visits[1].body, "<!doctype html>\u{fffd}[2J");
    assert!(web.visits[2].who.unwrap().contains("default back end"));
    assert_eq!(web.verdict.standing, Standing::Trouble);
    let web = look(&[good]).await;
    assert_eq!((web.verdict.standing, web.verdict.family), (Standing::Good, None));
}

#[tokio::test]
async fn redirects_of_the_name_itself_are_followed_and_drawn() {
    let (end, _) = serve(ok(KEY)).await;
    let (start, _) = serve(redirect(&format!("http://shop.io:{}/elsewhere", end.port()))).await;
    let web = look(&[start]).await;
    assert_eq!(found(&web), [Found::Match]);
    let visit = &web.visits[0];
    assert_eq!((visit.hops.len(), visit.hops[0].status, visit.hops[1].status), (2, Some(302), Some(200)));
    assert!(visit.cert_manager.is_none() && visit.lets_encrypt.as_deref().unwrap().contains("443 only"));
    assert_eq!(web.verdict.family, Some("http01-tls-or-redirect"));
}

#[tokio::test]
async fn circles_of_redirects_end() {
    let (circle, asked) = serve(redirect("/again")).await;
    let web = look(&[circle]).await;
    assert_eq!(found(&web), [Found::Redirect]);
    assert_eq!(asked.load(Ordering::SeqCst), 11);
}

/// Whoever writes a zone must not make this machine ask its neighbours.
#[tokio::test]
async fn a_redirect_to_an_inner_address_is_not_asked() {
    let (inner, asked) = serve(ok(KEY)).await;
    let hidden = Zone::new("evil.io", vec![address("rebind.evil.io", "10.0.0.5")]).learned();
    let resolver = Server::of(hidden).await;
    for to in ["http://10.0.0.5/", "http://rebind.evil.io/", "http://169.254.169.254/latest", "http://[::1]/"] {
        let (start, _) = serve(redirect(to)).await;
        let outer: SocketAddr = "203.0.113.7:80".parse().unwrap();
        let detours = HashMap::from([
            (outer, start),
            ("10.0.0.5:80".parse().unwrap(), inner),
            ("169.254.169.254:80".parse().unwrap(), inner),
            ("[::1]:80".parse().unwrap(), inner),
            (resolver.address, resolver.address),
        ]);
        let reach = Reach { net: Net::elsewhere(detours), ..Reach::default() };
        let web = web::look(&reach, &plan(&[outer], &[resolver.address]), |_| ()).await;
        assert_eq!(found(&web), [Found::Redirect], "{to}");
        assert!(web.visits[0].error.as_deref().unwrap().contains("inner address"), "{:?}", web.visits[0]);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn only_ipv6_is_broken() {
    let (good, _) = serve(ok(KEY)).await;
    let zone =
        Zone::new("shop.io", vec![address("shop.io", "203.0.113.7"), address("shop.io", "2001:db8::7")]).learned();
    let resolver = Server::of(zone).await;
    let (bad, _) = serve("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").await;
    let detours = HashMap::from([
        ("203.0.113.7:80".parse().unwrap(), good),
        ("[2001:db8::7]:80".parse().unwrap(), bad),
        (resolver.address, resolver.address),
    ]);
    let reach = Reach { net: Net::elsewhere(detours), ..Reach::default() };
    let web = web::look(&reach, &plan(&[], &[resolver.address]), |_| ()).await;
    assert_eq!(found(&web), [Found::Match, Found::Status]);
    assert_eq!(web.verdict.family, Some("http01-ipv6-broken"));
}

#[tokio::test]
async fn a_name_without_addresses_is_told() {
    let resolver = Server::of(Zone::new("other.io", Vec::new()).learned()).await;
    let web = web::look(&Reach::default(), &plan(&[], &[resolver.address]), |_| ()).await;
    assert_eq!(web.verdict.family, Some("http01-host-not-found"));
    assert!(web.verdict.cause.contains("no such host"), "{:?}", web.verdict);
}
