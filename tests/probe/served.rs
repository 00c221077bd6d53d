//! What is served over TLS: real handshakes on loopback, each address with a certificate of its own.

use std::net::SocketAddr;
use std::sync::Arc;

use cmtop::cluster::{Cluster, Names, Now, forward};
use cmtop::probe::served::{Found, Served};
use cmtop::probe::survey::Reach;
use cmtop::probe::survey::served::{Plan, look};
use cmtop::probe::tls::serial_of_pem;
use cmtop::probe::verdict::Standing;
use cmtop::sim::{self, Options, Story};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SerialNumber, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What one address serves.
struct Bundle {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

/// A certificate of a small authority, and the authority's behind it.
fn bundle(serial: u64, name: &str, last_year: i32) -> Bundle {
    let mut root = CertificateParams::default();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.distinguished_name.push(DnType::CommonName, "A small authority");
    let root = CertifiedIssuer::self_signed(root, KeyPair::generate().unwrap()).unwrap();
    let mut leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
    leaf.serial_number = Some(SerialNumber::from(serial));
    (leaf.not_before, leaf.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(last_year, 1, 1));
    let key = KeyPair::generate().unwrap();
    let leaf = leaf.signed_by(&key, &root).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    Bundle { chain: vec![leaf.der().clone(), root.der().clone()], key }
}

async fn serve(at: &str, bundle: Bundle) -> SocketAddr {
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(bundle.chain, bundle.key)
        .unwrap();
    let listener = TcpListener::bind((at, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move { acceptor.accept(stream).await.is_ok() });
        }
    });
    address
}

async fn seen(name: &str, expected: Option<&str>, addresses: &[SocketAddr]) -> Served {
    let plan = Plan {
        subject: name.parse().unwrap(),
        expected: expected.map(str::to_owned),
        addresses: addresses.to_vec(),
        guides: Vec::new(),
    };
    look(&Reach::default(), &plan, "2026-11-22T22:00:00Z".parse().unwrap()).await
}

#[tokio::test]
async fn an_address_that_did_not_reload_is_named() {
    let new = serve("127.0.0.1", bundle(0xbeef, "shop.io", 2100)).await;
    let old = serve("127.0.0.2", bundle(0xdead, "shop.io", 2100)).await;
    let good = seen("shop.io", Some("BE:EF"), &[new]).await;
    assert_eq!((good.verdict.standing, good.doors[0].found), (Standing::Good, Found::Match), "{good:?}");
    assert_eq!(good.doors[0].leaf.as_ref().unwrap().chain, 2);
    assert!(good.doors[0].distrust.as_deref().unwrap().contains("root is unknown"), "{good:?}");
    let both = seen("shop.io", Some("BE:EF"), &[new, old]).await;
    assert_eq!(both.doors.iter().map(|door| door.found).collect::<Vec<_>>(), [Found::Match, Found::Mismatch]);
    assert!(both.verdict.title.contains("renewed, not reloaded: 1 of 2 addresses"), "{:?}", both.verdict);
    assert!(both.verdict.cause.contains("127.0.0.2"), "{:?}", both.verdict);
    let unnamed = seen("shop.io", None, &[new, old]).await;
    assert!(unnamed.verdict.title.contains("2 different certificates"), "{:?}", unnamed.verdict);
}

#[tokio::test]
async fn what_has_ended_and_what_is_for_other_names_is_told() {
    let ended = serve("127.0.0.1", bundle(1, "shop.io", 2021)).await;
    assert_eq!(seen("shop.io", None, &[ended]).await.verdict.family, Some("certificate-expired"));
    let other = serve("127.0.0.1", bundle(2, "ingress.local", 2100)).await;
    let verdict = seen("shop.io", None, &[other]).await.verdict;
    assert!(verdict.cause.contains("ingress.local"), "{verdict:?}");
    let wild = serve("127.0.0.1", bundle(3, "*.shop.io", 2100)).await;
    assert_eq!(seen("*.shop.io", None, &[wild]).await.verdict.standing, Standing::Good);
}

#[tokio::test]
async fn a_bundle_in_the_wrong_order_is_told() {
    let mut first = bundle(1, "shop.io", 2100);
    let second = bundle(2, "shop.io", 2100);
    // A root that signed nothing, then the leaf's own: names alone decide, as in the clients that give up.
    first.chain.push(second.chain[0].clone());
    let at = serve("127.0.0.1", first).await;
    let seen = seen("shop.io", None, &[at]).await;
    assert!(seen.notes[0].contains("wrong order"), "{:?}", seen.notes);
}

#[tokio::test]
async fn who_does_not_speak_tls_is_told_from_who_does_not_listen() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = silent.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = silent.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let seen = seen("shop.io", None, &[plain, closed]).await;
    assert_eq!(seen.doors.iter().map(|door| door.found).collect::<Vec<_>>(), [Found::Error, Found::Refused]);
    assert_eq!(seen.verdict.standing, Standing::Blind);
}

/// The serial number comes from the Secret's certificate alone.
#[tokio::test]
async fn of_a_secret_only_the_certificate_is_read() {
    let world = sim::run(&Story::named("busy-night").unwrap(), Options::default()).unwrap();
    let clock = world.clock().clone();
    let now: Now = Arc::new(move || clock.now());
    let cluster = Cluster::in_process(world.cluster().service(), Names::default(), now);
    let secrets = world.cluster().objects("secrets");
    let secret = secrets.iter().find(|it| it["type"] == "kubernetes.io/tls" && it["data"]["tls.crt"] != "").unwrap();
    let text = |field: &str| secret["metadata"][field].as_str().unwrap().to_owned();
    let pem = forward::certificate(&cluster, &text("namespace"), &text("name")).await.unwrap();
    assert!(serial_of_pem(&pem).is_some());
    assert!(!String::from_utf8_lossy(&pem).contains("PRIVATE KEY"));
}
