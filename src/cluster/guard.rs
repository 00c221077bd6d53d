//! [`Guard`]: the lock of `--read-only`. It stands below every request, so no key, command or mistake gets around it.

use http::Method;
use thiserror::Error;

/// The questions that everybody may ask and that change nothing, though they are sent with `POST`.
const REVIEWS: [&str; 2] =
    ["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"];

/// Whether requests that write may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Guard {
    /// Everything passes.
    #[default]
    Open,
    /// Only what reads passes.
    ReadOnly,
}

/// A request that was held back.
#[derive(Debug, Clone, Error)]
#[error("read-only: {method} {path} was not sent")]
pub struct ReadOnly {
    method: String,
    path: String,
}

impl Guard {
    /// From the setting.
    pub const fn of(read_only: bool) -> Self {
        if read_only { Self::ReadOnly } else { Self::Open }
    }

    /// Lets a request pass, or says that it does not.
    pub(super) fn admit(self, method: &Method, path: &str) -> Result<(), ReadOnly> {
        let reads = *method == Method::GET || *method == Method::POST && REVIEWS.contains(&path);
        if self == Self::Open || reads {
            return Ok(());
        }
        Err(ReadOnly { method: method.to_string(), path: path.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_reads_passes() {
        let table = [
            (Method::GET, "/api/v1/secrets", true),
            (Method::POST, REVIEWS[0], true),
            (Method::POST, REVIEWS[1], true),
            (Method::PUT, REVIEWS[0], false),
            (Method::POST, "/api/v1/namespaces/a/pods", false),
            (Method::PUT, "/apis/cert-manager.io/v1/namespaces/a/certificates/b/status", false),
            (Method::PATCH, "/apis/acme.cert-manager.io/v1/namespaces/a/challenges/b", false),
            (Method::DELETE, "/apis/acme.cert-manager.io/v1/namespaces/a/challenges/b", false),
        ];
        for (method, path, passes) in table {
            assert_eq!(Guard::ReadOnly.admit(&method, path).is_ok(), passes, "{method} {path}");
            assert!(Guard::Open.admit(&method, path).is_ok());
        }
    }
}
