//! Lists of revoked certificates: fetched from loopback, and only when a person asks.

use cmtop::probe::http::download::download;
use cmtop::x509::bundle::Bundle;
use cmtop::x509::check::Mark;
use cmtop::x509::revocation::{Listed, Revocation};
use rcgen::{CertificateRevocationListParams, KeyIdMethod, RevokedCertParams, SerialNumber};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::maker::{Made, now, params};

fn list(root: &Made, revoked: &[u64]) -> Vec<u8> {
    let moment =
        |days| time::OffsetDateTime::from_unix_timestamp(now().timestamp()).unwrap() + time::Duration::days(days);
    let one = |serial: &u64| RevokedCertParams {
        serial_number: SerialNumber::from(*serial),
        revocation_time: moment(-2),
        reason_code: None,
        invalidity_date: None,
    };
    let params = CertificateRevocationListParams {
        this_update: moment(-1),
        next_update: moment(6),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: revoked.iter().map(one).collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(&root.issuer()).unwrap().der().to_vec()
}

fn mark(root: &Made, leaf: &Made, list: &[u8]) -> Mark {
    let block = |made: &Made| Bundle::of(made.pem.as_bytes()).blocks.remove(0);
    let outcome = Listed::of(list, &block(leaf), Some(&block(root)));
    Revocation { url: "http://x".to_owned(), outcome }.check(now()).mark
}

#[test]
fn a_list_is_believed_where_the_issuer_signed_it() {
    let root = Made::root("Test Root");
    let mut asked = params("", &["a.example"], false, 60);
    asked.serial_number = Some(SerialNumber::from(4_711));
    let leaf = root.sign(asked);
    assert_eq!(mark(&root, &leaf, &list(&root, &[1, 2])), Mark::Good);
    assert_eq!(mark(&root, &leaf, &list(&root, &[1, 4_711])), Mark::Bad);
    assert_eq!(mark(&root, &leaf, &list(&Made::root("Test Root"), &[4_711])), Mark::Warning);
    assert_eq!(mark(&root, &leaf, &list(&Made::root("Other"), &[4_711])), Mark::Blind);
    assert_eq!(mark(&root, &leaf, b"hello"), Mark::Blind);
}

#[tokio::test]
async fn a_list_is_fetched_and_bounded() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/list.crl", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 1_024];
            let read = stream.read(&mut asked).await.unwrap();
            assert!(asked[..read].starts_with(b"GET /list.crl HTTP/1.1\r\n"));
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";
            stream.write_all(answer).await.unwrap();
        }
    });
    assert_eq!(download(&url, 100).await.unwrap(), b"hello");
    assert!(download(&url, 3).await.is_err());
    server.await.unwrap();
    for odd in ["https://127.0.0.1/x", "ldap://127.0.0.1/x", "x", ""] {
        assert!(download(odd, 100).await.is_err(), "{odd}");
    }
}
