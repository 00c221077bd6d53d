//! Which changes of a row are worth a line in the [`Journal`](super::journal::Journal).

use super::certificate::Certificate;
use super::challenge::Challenge;
use super::condition::Condition;
use super::controller::Controller;
use super::issuer::Issuer;
use super::journal::Happening;
use super::order::Order;
use super::request::CertificateRequest;
use super::secret::Secret;
use super::solver::Solver;

/// A row whose changes are told.
pub(super) trait Observed {
    /// Tells each change between the row as it was (`self`) and as it is.
    fn compare(&self, new: &Self, tell: &mut dyn FnMut(Happening));
}

fn changed<T: PartialEq>(
    field: &'static str,
    from: &T,
    to: &T,
    words: impl Fn(&T) -> String,
    tell: &mut dyn FnMut(Happening),
) {
    if from != to {
        tell(Happening::Changed { field, from: words(from).into(), to: words(to).into() });
    }
}

fn condition(field: &'static str, from: Option<&Condition>, to: Option<&Condition>, tell: &mut dyn FnMut(Happening)) {
    let short = |c: Option<&Condition>| c.map(|c| (c.status, c.reason.clone()));
    changed(
        field,
        &short(from),
        &short(to),
        |value| match value {
            None => "none".to_owned(),
            Some((status, reason)) if reason.is_empty() => status.as_str().to_owned(),
            Some((status, reason)) => format!("{} {reason}", status.as_str()),
        },
        tell,
    );
}

fn number<N: ToString>(value: &Option<N>) -> String {
    value.as_ref().map_or_else(|| "none".to_owned(), N::to_string)
}

impl Observed for Certificate {
    fn compare(&self, new: &Self, tell: &mut dyn FnMut(Happening)) {
        condition("Ready", self.ready.as_ref(), new.ready.as_ref(), tell);
        condition("Issuing", self.issuing(), new.issuing(), tell);
        changed("revision", &self.revision, &new.revision, number, tell);
        changed("failedIssuanceAttempts", &self.failed_attempts(), &new.failed_attempts(), number, tell);
        changed("dnsNames", &self.dns_names, &new.dns_names, |names| names.iter().collect::<Vec<_>>().join(","), tell);
        changed("issuerRef", &self.issuer, &new.issuer, |issuer| format!("{}/{}", issuer.kind, issuer.name), tell);
        changed("secretName", &self.secret_name, &new.secret_name, ToString::to_string, tell);
    }
}

impl Observed for CertificateRequest {
    fn compare(&self, new: &Self, tell: &mut dyn FnMut(Happening)) {
        condition("Approved", self.approval(), new.approval(), tell);
        condition("Denied", self.denial(), new.denial(), tell);
        condition("InvalidRequest", self.invalidity(), new.invalidity(), tell);
        condition("Ready", self.ready.as_ref(), new.ready.as_ref(), tell);
    }
}

impl Observed for Order {
    fn compare(&self, new: &Self, tell: &mut dyn FnMut(Happening)) {
        changed("state", &self.state, &new.state, |state| state.as_str().to_owned(), tell);
    }
}

impl Observed for Challenge {
    fn compare(&self, new: &Self, tell: &mut dyn FnMut(Happening)) {
        changed("processing", &self.processing, &new.processing, bool::to_string, tell);
        changed("presented", &self.presented, &new.presented, bool::to_string, tell);
        changed("state", &self.state, &new.state, |state| state.as_str().to_owned(), tell);
        let asked = |c: &Self| c.meta.deleted.is_some();
        changed(
            "deletion",
            &asked(self),
            &asked(new),
            |asked| if *asked { "asked for" } else { "not asked for" }.to_owned(),
            tell,
        );
    }
}

impl Observed for Issuer {
    fn compare(&self, new: &Self, tell: &mut dyn FnMut(Happening)) {
        condition("Ready", self.ready.as_ref(), new.ready.as_ref(), tell);
    }
}

impl Observed for Secret {
    fn compare(&self, new: &Self, tell: &mut dyn FnMut(Happening)) {
        if self.meta.version != new.meta.version {
            tell(Happening::Changed { field: "content", from: "old".into(), to: "new".into() });
        }
    }
}

impl Observed for Solver {
    fn compare(&self, new: &Self, tell: &mut dyn FnMut(Happening)) {
        let word = |s: &Self| s.status.as_ref().map(|status| status.word.clone());
        changed("status", &word(self), &word(new), number, tell);
    }
}

impl Observed for Controller {
    fn compare(&self, new: &Self, tell: &mut dyn FnMut(Happening)) {
        changed("version", &self.version, &new.version, number, tell);
        let ready = |c: &Self| c.status.as_ref().map(|status| format!("{}/{} ready", status.ready, status.wanted));
        changed("status", &ready(self), &ready(new), number, tell);
    }
}
