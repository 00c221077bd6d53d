//! Why a certificate must be issued again, or is not ready: the first of these checks that fails.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::sim::conditions::moment;
use crate::sim::desk::Desk;
use crate::sim::object::{key, meta};
use crate::sim::reference::key_of;
use crate::sim::x509::{self, Leaf};

const NAME: &str = "cert-manager.io/certificate-name";
pub(super) const REVISION: &str = "cert-manager.io/certificate-revision";

/// A reason, and the sentence that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) reason: &'static str,
    pub(super) message: String,
}

/// Everything that the checks look at.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) certificate: Value,
    pub(super) secret: Option<Value>,
    /// The request of the revision that is in the Secret.
    pub(super) current: Option<Value>,
    /// The request of the revision after it.
    pub(super) next: Option<Value>,
    pub(super) leaf: Option<Leaf>,
}

impl Case {
    pub(super) fn gather(desk: &Desk, certificate: Value) -> Self {
        let namespace = meta(&certificate, "namespace");
        let secret_name = certificate["spec"]["secretName"].as_str().unwrap_or_default();
        let secret = desk.get("Secret", &key(namespace, secret_name));
        let requests = desk.owned("CertificateRequest", &certificate);
        let revision = certificate["status"]["revision"].as_u64();
        let of = |wanted: u64| requests.iter().find(|request| revision_of(request) == Some(wanted)).cloned();
        let leaf = secret.as_ref().and_then(|secret| x509::read_certificate(&x509::decode(&secret["data"]["tls.crt"])));
        let (current, next) = (revision.and_then(of), of(revision.unwrap_or(0) + 1));
        Self { certificate, secret, current, next, leaf }
    }

    /// Why the certificate must be issued again now.
    pub(super) fn trigger(&self, now: DateTime<Utc>) -> Option<Finding> {
        self.common().or_else(|| {
            let scheduled = self.renewal_time().filter(|scheduled| now >= *scheduled)?;
            let message = format!(
                "Renewing certificate as renewal was scheduled at {} +0000 UTC",
                scheduled.format("%Y-%m-%d %H:%M:%S")
            );
            Some(Finding { reason: "Renewing", message })
        })
    }

    /// Why the certificate is not ready.
    pub(super) fn unready(&self, now: DateTime<Utc>) -> Option<Finding> {
        self.common().or_else(|| {
            let leaf = self.leaf.as_ref().filter(|leaf| now > leaf.not_after)?;
            let message = format!("Certificate expired on {}", leaf.not_after.format("%a, %d %b %Y %H:%M:%S UTC"));
            Some(Finding { reason: "Expired", message })
        })
    }

    fn common(&self) -> Option<Finding> {
        let found = |reason, message: String| Some(Finding { reason, message });
        let Some(secret) = &self.secret else {
            return found("DoesNotExist", "Issuing certificate as Secret does not exist".to_owned());
        };
        for (field, what) in [("tls.key", "a private key"), ("tls.crt", "a certificate")] {
            if secret["data"][field].as_str().unwrap_or_default().is_empty() {
                return found("MissingData", format!("Issuing certificate as Secret does not contain {what}"));
            }
        }
        let Some(leaf) = &self.leaf else {
            let why = "error decoding certificate PEM block";
            return found(
                "InvalidCertificate",
                format!("Issuing certificate as Secret contains an invalid certificate: {why}"),
            );
        };
        let annotation = |name: &str| secret["metadata"]["annotations"][name].as_str();
        let issuer = &self.certificate["spec"]["issuerRef"];
        if annotation("cert-manager.io/issuer-name") != issuer["name"].as_str() {
            let before = annotation("cert-manager.io/issuer-name").unwrap_or_default();
            let kind = annotation("cert-manager.io/issuer-kind").unwrap_or("Issuer");
            let before = format!("{kind}.cert-manager.io/{before}");
            return found(
                "IncorrectIssuer",
                format!("Issuing certificate as Secret was previously issued by \"{before}\""),
            );
        }
        if let Some(other) = annotation(NAME).filter(|name| *name != meta(&self.certificate, "name")) {
            let hint = "If this message is not transient, you might have two conflicting Certificates pointing to the same secret.";
            return found("IncorrectCertificate", format!("Secret was issued for \"{other}\". {hint}"));
        }
        if x509::public_key(&x509::decode(&secret["data"]["tls.key"])).is_ok_and(|key| key != leaf.public_key) {
            let message = "Issuing certificate as Secret contains a private key that does not match the certificate";
            return found("InvalidKeyPair", message.to_owned());
        }
        let changed = self.current.as_ref().map(|request| mismatches(request, &self.certificate)).unwrap_or_default();
        if !changed.is_empty() {
            let fields = changed.join(" ");
            return found(
                "RequestChanged",
                format!("Fields on existing CertificateRequest resource not up to date: [{fields}]"),
            );
        }
        None
    }

    /// When the certificate is to be renewed; never when its policy says so.
    pub(super) fn renewal_time(&self) -> Option<DateTime<Utc>> {
        let leaf = self.leaf.as_ref()?;
        let spec = &self.certificate["spec"];
        if spec["renewal"]["policy"] == "Disabled" {
            return None;
        }
        let life = leaf.not_after - leaf.not_before;
        let wanted = spec["renewBefore"]
            .as_str()
            .and_then(duration)
            .filter(|before| *before > TimeDelta::zero() && *before < life);
        let share = spec["renewBeforePercentage"].as_i64().filter(|share| (1..100).contains(share));
        let before = wanted.or_else(|| share.map(|share| life * share as i32 / 100)).unwrap_or(life / 3);
        DateTime::from_timestamp((leaf.not_after - before).timestamp(), 0)
    }

    /// Whether the Secret belongs to another Certificate: to the one it names, else to the oldest that wants it.
    pub(super) fn is_anothers(&self, desk: &Desk) -> bool {
        let certificate = &self.certificate;
        let namespace = meta(certificate, "namespace");
        let named = self.secret.as_ref().and_then(|secret| secret["metadata"]["annotations"][NAME].as_str());
        match named {
            Some(name) if name == meta(certificate, "name") => false,
            Some(name) => desk
                .get("Certificate", &key(namespace, name))
                .is_some_and(|other| other["spec"]["secretName"] == certificate["spec"]["secretName"]),
            // Only a Secret that is there can be somebody else's: looking through the namespace can wait until then.
            None => false,
        }
    }
}

/// The revision that a request is for.
pub(super) fn revision_of(request: &Value) -> Option<u64> {
    request["metadata"]["annotations"][REVISION].as_str()?.parse().ok()
}

/// The fields in which a request is not what the certificate asks for.
pub(super) fn mismatches(request: &Value, certificate: &Value) -> Vec<&'static str> {
    let spec = &certificate["spec"];
    let mut fields = Vec::new();
    if let Some(asked) = x509::read_request(&x509::decode(&request["spec"]["request"])) {
        let mut wanted = names(certificate);
        let mut has = asked.dns_names;
        wanted.sort();
        has.sort();
        if spec["commonName"].as_str().unwrap_or_default() != asked.common_name {
            fields.push("spec.commonName");
        }
        if wanted != has {
            fields.push("spec.dnsNames");
        }
    }
    if request["spec"]["duration"] != spec["duration"] {
        fields.push("spec.duration");
    }
    if request["spec"]["issuerRef"] != spec["issuerRef"] {
        fields.push("spec.issuerRef");
    }
    fields
}

/// The DNS names of a certificate.
pub(super) fn names(certificate: &Value) -> Vec<String> {
    let names = certificate["spec"]["dnsNames"].as_array().into_iter().flatten();
    names.filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}

/// A duration as Go writes it: `2160h`, `1h30m`.
pub(super) fn duration(text: &str) -> Option<TimeDelta> {
    let mut total = TimeDelta::zero();
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].find(|letter: char| letter.is_ascii_digit()).map_or(rest.len(), |next| digits + next);
        total += match &rest[digits..unit] {
            "h" => TimeDelta::try_hours(number)?,
            "m" => TimeDelta::try_minutes(number)?,
            "s" => TimeDelta::try_seconds(number)?,
            _ => return None,
        };
        rest = &rest[unit..];
    }
    Some(total)
}

/// The end of a wait after a failure, if the last issuance failed.
pub(super) fn backoff_ends(desk: &Desk, certificate: &Value) -> Option<DateTime<Utc>> {
    let failed = moment(&certificate["status"]["lastFailureTime"])?;
    let attempts = certificate["status"]["failedIssuanceAttempts"].as_u64().unwrap_or(1).clamp(1, 20);
    let wait = u64::from(desk.settings.minimum_backoff) << (attempts - 1);
    Some(failed + TimeDelta::seconds(wait.min(u64::from(desk.settings.maximum_backoff)) as i64))
}

/// The Certificate that a task is about, unless it is gone or going.
pub(super) fn certificate(desk: &Desk, place: &str) -> Option<Value> {
    let found = desk.get("Certificate", place).filter(|certificate| !crate::sim::object::is_deleting(certificate));
    found.inspect(|certificate| debug_assert_eq!(key_of(certificate), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_in_go() {
        assert_eq!(duration("2160h"), Some(TimeDelta::days(90)));
        assert_eq!(duration("1h30m0s"), Some(TimeDelta::minutes(90)));
        assert_eq!(duration("soon"), None);
    }
}
