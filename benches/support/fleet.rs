//! A large fleet, object by object as a real API server writes them: with `managedFields`, CSRs and certificates.

use std::fmt::Write as _;

/// How many of each.
pub(crate) const FLEET: usize = 100_000;

const NAMESPACES: usize = 200;

/// The metadata that all kinds share. `managed` are the fields' owners.
fn metadata(n: usize, kind: u32, name: &str, more: &str, managed: &str) -> String {
    format!(
        r#"{{"annotations":{{{more}}},"creationTimestamp":"2026-11-22T16:02:{:02}Z","generation":1,"managedFields":[{managed}],"name":"{name}","namespace":"team-{:03}","resourceVersion":"{}","uid":"{}"}}"#,
        n % 60,
        n % NAMESPACES,
        1_000_000 + n,
        uid(kind, n),
    )
}

fn uid(kind: u32, n: usize) -> String {
    format!("{kind:08x}-e1ec-4b3b-b47f-{n:012x}")
}

fn owner(kind: u32, name: &str, api: &str, of: &str, n: usize) -> String {
    format!(
        r#""ownerReferences":[{{"apiVersion":"{api}","blockOwnerDeletion":true,"controller":true,"kind":"{of}","name":"{name}","uid":"{}"}}],"#,
        uid(kind, n)
    )
}

fn manager(fields: &str, manager: &str, subresource: &str) -> String {
    format!(
        r#"{{"apiVersion":"cert-manager.io/v1","fieldsType":"FieldsV1","fieldsV1":{{{fields}}},"manager":"{manager}","operation":"Update",{subresource}"time":"2026-11-22T16:02:42Z"}}"#
    )
}

const CONDITION: &str = r#"".":{},"f:lastTransitionTime":{},"f:message":{},"f:observedGeneration":{},"f:reason":{},"f:status":{},"f:type":{}"#;
const STATUS: &str = r#""subresource":"status","#;

fn name(n: usize) -> String {
    format!("web-frontend-{n:06}")
}

/// A ready Certificate.
pub(crate) fn certificate(n: usize) -> String {
    let name = name(n);
    let managed = [
        manager(
            r#""f:metadata":{"f:annotations":{".":{}}},"f:spec":{".":{},"f:dnsNames":{},"f:issuerRef":{".":{},"f:group":{},"f:kind":{},"f:name":{}},"f:secretName":{}}"#,
            "helm",
            "",
        ),
        manager(
            &format!(
                r#""f:status":{{".":{{}},"f:conditions":{{".":{{}},"k:{{\"type\":\"Ready\"}}":{{{CONDITION}}}}},"f:notAfter":{{}},"f:notBefore":{{}},"f:renewalTime":{{}}}}"#
            ),
            "cert-manager-certificates-readiness",
            STATUS,
        ),
        manager(r#""f:status":{"f:revision":{}}"#, "cert-manager-certificates-issuing", STATUS),
    ]
    .join(",");
    format!(
        r#"{{"apiVersion":"cert-manager.io/v1","kind":"Certificate","metadata":{},"spec":{{"dnsNames":["{name}.shop.example.com"],"issuerRef":{{"group":"cert-manager.io","kind":"ClusterIssuer","name":"letsencrypt"}},"secretName":"{name}-tls"}},"status":{{"conditions":[{{"lastTransitionTime":"2026-11-22T16:03:13Z","message":"Certificate is up to date and has not expired","observedGeneration":1,"reason":"Ready","status":"True","type":"Ready"}}],"notAfter":"2027-02-20T16:03:13Z","notBefore":"2026-11-22T16:03:13Z","renewalTime":"2027-01-21T16:03:13Z","revision":1}}}}"#,
        metadata(n, 1, &name, "", &managed),
    )
}

fn annotations(name: &str) -> String {
    format!(
        r#""cert-manager.io/certificate-name":"{name}","cert-manager.io/certificate-revision":"1","cert-manager.io/private-key-secret-name":"{name}-4jpvw""#
    )
}

/// As much base64 as a CSR or a certificate has.
fn base64(n: usize, length: usize) -> String {
    let mut text = String::with_capacity(length + 8);
    let mut state = n as u64 | 1;
    while text.len() < length {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let _ = write!(text, "{:08X}", state >> 32);
    }
    text
}

/// An approved, signed CertificateRequest.
pub(crate) fn request(n: usize) -> String {
    let name = name(n);
    let managed = [
        manager(
            &format!(
                r#""f:status":{{".":{{}},"f:conditions":{{".":{{}},"k:{{\"type\":\"Approved\"}}":{{{CONDITION}}}}}}}"#
            ),
            "cert-manager-certificaterequests-approver",
            STATUS,
        ),
        manager(
            r#""f:metadata":{"f:annotations":{".":{},"f:cert-manager.io/certificate-name":{},"f:cert-manager.io/certificate-revision":{},"f:cert-manager.io/private-key-secret-name":{}},"f:ownerReferences":{".":{},"k:{\"uid\":\"x\"}":{}}},"f:spec":{".":{},"f:issuerRef":{".":{},"f:group":{},"f:kind":{},"f:name":{}},"f:request":{}}"#,
            "cert-manager-certificates-request-manager",
            "",
        ),
        manager(
            &format!(
                r#""f:status":{{"f:certificate":{{}},"f:conditions":{{"k:{{\"type\":\"Ready\"}}":{{{CONDITION}}}}}}}"#
            ),
            "cert-manager-certificaterequests-issuer-acme",
            STATUS,
        ),
    ]
    .join(",");
    let meta = metadata(n, 2, &format!("{name}-1"), &annotations(&name), &managed);
    let meta = meta.replacen(
        r#""resourceVersion""#,
        &(owner(1, &name, "cert-manager.io/v1", "Certificate", n) + r#""resourceVersion""#),
        1,
    );
    format!(
        r#"{{"apiVersion":"cert-manager.io/v1","kind":"CertificateRequest","metadata":{meta},"spec":{{"issuerRef":{{"group":"cert-manager.io","kind":"ClusterIssuer","name":"letsencrypt"}},"request":"{}"}},"status":{{"certificate":"{}","conditions":[{{"lastTransitionTime":"2026-11-22T16:03:10Z","message":"Certificate request has been approved by cert-manager.io","reason":"cert-manager.io","status":"True","type":"Approved"}},{{"lastTransitionTime":"2026-11-22T16:03:13Z","message":"Certificate fetched from issuer successfully","reason":"Issued","status":"True","type":"Ready"}}]}}}}"#,
        base64(n, 1_260),
        base64(n + 1, 2_100),
    )
}

/// A valid Order.
pub(crate) fn order(n: usize) -> String {
    let name = name(n);
    let meta = metadata(n, 3, &format!("{name}-1-{}", 1_000_000_000 + n), &annotations(&name), "");
    let request = format!("{name}-1");
    let owner = owner(2, &request, "cert-manager.io/v1", "CertificateRequest", n);
    let meta = meta.replacen(r#""resourceVersion""#, &(owner + r#""resourceVersion""#), 1);
    format!(
        r#"{{"apiVersion":"acme.cert-manager.io/v1","kind":"Order","metadata":{meta},"spec":{{"dnsNames":["{name}.shop.example.com"],"issuerRef":{{"group":"cert-manager.io","kind":"ClusterIssuer","name":"letsencrypt"}},"request":"{}"}},"status":{{"authorizations":[{{"challenges":[{{"token":"hHp5KD4YB2mfyvqIrH9","type":"http-01","url":"https://acme.example/chalZ/2IMX"}}],"identifier":"{name}.shop.example.com","initialState":"pending","url":"https://acme.example/authZ/kaVQ","wildcard":false}}],"certificate":"{}","finalizeURL":"https://acme.example/finalize/1","state":"valid","url":"https://acme.example/order/1"}}}}"#,
        base64(n, 1_260),
        base64(n + 1, 2_100),
    )
}
