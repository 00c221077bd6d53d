//! Whether a certificate is what its Certificate asks for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cmtop::wire::inspected::Inspected;
use cmtop::x509::material::Material;
use serde_json::{Value, json};

use super::maker::{Made, chain, checks, marks, params};

fn object(value: &Value) -> Inspected {
    serde_json::from_str(&value.to_string()).unwrap()
}

fn coded(text: &str) -> String {
    STANDARD.encode(text)
}

fn certificate(names: &[&str]) -> Value {
    json!({
        "apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"name": "www", "namespace": "shop"},
        "spec": {"secretName": "www-tls", "dnsNames": names, "privateKey": {"algorithm": "ECDSA"},
            "issuerRef": {"name": "le", "kind": "ClusterIssuer"}},
    })
}

fn secret(leaf: &Made, others: &[&Made], root: &Made) -> Value {
    let chain: String = std::iter::once(&leaf.pem).chain(others.iter().map(|made| &made.pem)).cloned().collect();
    json!({
        "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
        "metadata": {"name": "www-tls", "namespace": "shop", "annotations": {
            "cert-manager.io/certificate-name": "www", "cert-manager.io/issuer-name": "le",
            "cert-manager.io/issuer-kind": "ClusterIssuer", "cert-manager.io/issuer-group": "cert-manager.io",
        }},
        "data": {"tls.crt": coded(&chain), "ca.crt": coded(&root.pem), "tls.key": coded(&leaf.key.serialize_pem())},
    })
}

fn read(certificate: &Value, secret: &Value) -> Material {
    let mut material = Material::default();
    material.secret("Secret/shop/www-tls", &object(secret));
    material.certificate("Certificate/shop/www", &object(certificate));
    material
}

const NAMES: [&str; 2] = ["www.shop.example", "shop.example"];

#[test]
fn what_is_as_asked_is_good() {
    let (root, middle, leaf) = chain();
    let material = read(&certificate(&NAMES), &secret(&leaf, &[&middle], &root));
    let expected =
        ["good validity", "good order", "good chain", "good names", "good duration", "good key", "good issuer"];
    assert_eq!(marks(&material), expected);
}

#[test]
fn the_key_of_a_secret_is_never_kept() {
    let (root, middle, leaf) = chain();
    let material = read(&certificate(&NAMES), &secret(&leaf, &[&middle], &root));
    let held = format!("{material:?} {:?}", object(&secret(&leaf, &[&middle], &root)));
    let key = leaf.key.serialize_pem();
    let body = key.lines().nth(1).unwrap();
    assert!(!held.contains(body) && !held.contains(&coded(&key)[..40]));
    let entry = material.entries.iter().find(|entry| entry.name == "tls.key").unwrap();
    assert_eq!(entry.bytes, key.len());
}

#[test]
fn every_difference_is_told_in_words() {
    let (root, middle, leaf) = chain();
    let good = secret(&leaf, &[&middle], &root);
    let told = |certificate: &Value, secret: &Value, id: &str| {
        let checks = checks(&read(certificate, secret));
        let check = checks.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("{id}: {checks:?}"));
        format!("{}: {}", check.mark.as_str(), check.words)
    };
    let with = |pointer: &str, value: Value| {
        let mut certificate = certificate(&NAMES);
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        certificate.pointer_mut(parent).unwrap()[key] = value;
        certificate
    };
    let names = told(&certificate(&["www.shop.example", "new.shop.example"]), &good, "names");
    assert_eq!(
        names,
        "wrong: the spec asks for new.shop.example, which the certificate does not have; the certificate has \
         shop.example, which the spec does not ask for"
    );
    let key = told(&with("/spec/privateKey", json!({"algorithm": "RSA", "size": 4096})), &good, "key");
    assert_eq!(key, "wrong: its key is ECDSA 256; the spec asks for RSA 4096");
    let silent = told(&with("/spec/privateKey", Value::Null), &good, "key");
    assert_eq!(silent, "wrong: its key is ECDSA 256; without a word in the spec cert-manager makes RSA 2048");
    let lasts = told(&with("/spec/duration", json!("24h")), &good, "duration");
    assert!(lasts.starts_with("note: it lasts 90d 00h; the spec asks for 1d 00h"), "{lasts}");
    let uses = told(&with("/spec/usages", json!(["signing", "client auth"])), &good, "usages");
    assert_eq!(uses, "warning: the spec asks for client auth; the authority did not grant it");
    let ca = told(&with("/spec/isCA", json!(true)), &good, "usages");
    assert!(ca.starts_with("wrong: the spec asks for an authority"), "{ca}");
    let issuer = told(&with("/spec/issuerRef", json!({"name": "other"})), &good, "issuer");
    assert_eq!(issuer, "wrong: it was issued by ClusterIssuer/le; the spec asks for Issuer/other");
    let jks = told(&with("/spec/keystores", json!({"jks": {"create": true}})), &good, "keystore");
    assert!(jks.starts_with("wrong: the spec asks for a JKS keystore"), "{jks}");
    let mut stored = good.clone();
    stored["data"]["keystore.p12"] = json!("AAAA");
    let asked = with("/spec/keystores", json!({"pkcs12": {"create": true}}));
    let there = told(&asked, &stored, "keystore");
    assert_eq!(there, "good: a PKCS#12 keystore is there (keystore.p12), as the spec asks; it is not opened");
    let left = told(&certificate(&NAMES), &stored, "keystore");
    assert_eq!(left, "note: a PKCS#12 keystore is there (keystore.p12), and the spec asks for none: nobody renews it");
    stored["data"]["keystore.p12"] = json!("");
    assert_eq!(told(&asked, &stored, "keystore"), "wrong: the PKCS#12 keystore keystore.p12 is empty");
    let mut foreign = good.clone();
    foreign["metadata"]["annotations"]["cert-manager.io/certificate-name"] = json!("other");
    assert!(
        told(&certificate(&NAMES), &foreign, "owner").starts_with("wrong: the Secret was issued for Certificate other")
    );
    let mut reason = certificate(&NAMES);
    reason["status"] = json!({"conditions": [{"type": "Issuing", "status": "True", "reason": "InvalidKeyPair", "message": "no match"}]});
    assert_eq!(told(&reason, &good, "cert-manager"), "wrong: cert-manager says InvalidKeyPair: no match");
    let mut late = certificate(&NAMES);
    late["status"] = json!({"notAfter": "2030-01-01T00:00:00Z"});
    assert!(told(&late, &good, "status").starts_with("warning"));
}

#[test]
fn the_request_tells_whether_the_key_belongs() {
    let (root, middle, leaf) = chain();
    let request = |key| {
        let asked = params("", &NAMES, false, 60).serialize_request(key).unwrap().pem().unwrap();
        object(&json!({
            "apiVersion": "cert-manager.io/v1", "kind": "CertificateRequest", "metadata": {"name": "www-1"},
            "spec": {"request": coded(&asked)}, "status": {"certificate": coded(&leaf.pem)},
        }))
    };
    let mut material = read(&certificate(&NAMES), &secret(&leaf, &[&middle], &root));
    material.request("CertificateRequest/shop/www-1", &request(&leaf.key));
    assert!(marks(&material).contains(&"good key-pair".to_owned()), "{:?}", marks(&material));
    material.request("CertificateRequest/shop/www-1", &request(&middle.key));
    assert!(marks(&material).contains(&"wrong key-pair".to_owned()));
    // Without the Secret, what the request got is looked at.
    let mut alone = Material::default();
    alone.request("CertificateRequest/shop/www-1", &request(&leaf.key));
    assert_eq!(
        (alone.bundle.blocks.len(), alone.source.as_str()),
        (1, "status.certificate of CertificateRequest/shop/www-1")
    );
}

#[test]
fn odd_objects_are_no_problem() {
    for odd in [
        json!({"data": 7, "spec": [], "status": "x", "metadata": {"annotations": {"a": 1}}}),
        json!({"data": {"tls.crt": 1, "ca.crt": {}, "x": []}, "spec": {"dnsNames": {}, "duration": 4, "privateKey": "x"}}),
        json!({"data": {"tls.crt": "not base64!"}}),
        json!({}),
    ] {
        let mut material = Material::default();
        material.secret("s", &object(&odd));
        material.certificate("c", &object(&odd));
        material.request("r", &object(&odd));
        checks(&material);
    }
}
