//! The families of findings: the closed list that scripts may rely on, by the stage that they are about.

/// Every family, in the order of the lifecycle.
#[rustfmt::skip]
pub const FAMILIES: &[&str] = &[
    // The Certificate.
    "certificate-expired", "ready-but-expired", "certificate-expiring", "renewal-overdue", "issuance-backing-off",
    "renewal-loop", "secret-name-conflict", "secret-mismatch", "duplicate-certificates", "renew-window-too-wide",
    "invalid-spec",
    // The issuer.
    "issuer-not-found", "issuer-not-ready", "issuer-secret-missing", "issuer-wrong-kind-or-group",
    "external-issuer-unhandled", "acme-server-unreachable", "acme-account-registration-failed", "ca-expired",
    "ca-chain-invalid", "vault-unreachable", "vault-denied", "venafi-failed",
    // The CertificateRequest.
    "request-awaiting-approval", "request-denied", "request-invalid", "request-failed",
    // The Order.
    "no-solver-matches", "wildcard-needs-dns01", "acme-rate-limited", "acme-rejected-identifier", "acme-unauthorized",
    "acme-caa-forbids", "acme-dns-problem", "acme-connection", "acme-server-error", "acme-client-error",
    "order-errored", "order-invalid",
    // Any Challenge.
    "challenge-queued", "challenge-waiting-for-twin", "challenge-finalizer-stuck", "challenge-cleanup-failing",
    "solver-credentials-missing",
    // HTTP-01.
    "http01-host-not-found", "http01-connection-refused", "http01-timeout", "http01-wrong-status", "http01-wrong-body",
    "http01-tls-or-redirect", "http01-ipv6-broken", "http01-multiple-solvers", "http01-solver-pod-not-running",
    "http01-ingress-not-served",
    // DNS-01.
    "dns01-not-propagated", "dns01-split-horizon", "dns01-zone-not-found", "dns01-nameserver-failure",
    "dns01-doubled-label", "dns01-stale-record", "dns01-provider-denied", "dns01-provider-throttled",
    "dns01-provider-unreachable", "dns01-webhook-missing", "dns01-webhook-denied", "dns01-cname-not-followed",
    // Route 53.
    "route53-missing-region", "route53-no-credentials", "route53-ambient-disabled", "route53-assume-role-denied",
    "route53-access-denied", "route53-zone-not-found",
    // What asks for Certificates.
    "ingress-annotation-invalid", "ingress-certificate-not-owned",
    // The system.
    "controller-down", "webhook-down", "cainjector-failing", "crd-missing", "controller-known-bug", "watch-denied",
    "clock-skew", "conflict-requeue",
    // Any stage.
    "phase-overrun", "blocked-unexplained",
];
