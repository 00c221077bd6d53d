//! [`Trouble`]: what an error of a watch means, and how it is said.

use std::time::Duration;

use kube::Error as ClientError;
use kube::core::Status;
use kube::runtime::watcher::Error as WatchError;

use crate::cluster::Credentials;
use crate::cluster::error::chain;
use crate::limits;
use crate::text::clean;

/// What an error of a watch asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// What we know is too old to go on from: list again. Happens to every watch now and then.
    Expired,
    /// The server does not stream lists.
    NoStreaming,
    /// We may not do what the verb says.
    Forbidden,
    /// The kind is not served.
    Absent,
    /// One line that cannot be read; the watch goes on.
    Unreadable(String),
    /// Anything else: wait and try again.
    Failed {
        /// In words.
        why: Box<str>,
        /// How long the server asks to be left alone.
        wait: Option<Duration>,
    },
}

impl Trouble {
    /// `starting_stream`: the answer is to the first request of a streaming list.
    pub(super) fn of(error: &WatchError, starting_stream: bool, credentials: &Credentials) -> Self {
        let starting_stream = starting_stream && matches!(error, WatchError::WatchStartFailed(_));
        match error {
            WatchError::WatchFailed(ClientError::SerdeError(error)) => {
                Self::Unreadable(words(&error.to_string()).into())
            }
            // kube takes a line that is no event for a Status without a code.
            WatchError::WatchFailed(ClientError::Api(status)) if status.code == 0 => {
                Self::Unreadable(words(&status.message).into())
            }
            WatchError::WatchError(status)
            | WatchError::InitialListFailed(ClientError::Api(status))
            | WatchError::WatchStartFailed(ClientError::Api(status))
            | WatchError::WatchFailed(ClientError::Api(status)) => Self::status(status, starting_stream, credentials),
            WatchError::InitialListFailed(error)
            | WatchError::WatchStartFailed(error)
            | WatchError::WatchFailed(error) => {
                Self::Failed { why: words(&format!("cannot ask the server: {}", cause(error))), wait: None }
            }
            WatchError::NoResourceVersion => {
                Self::Failed { why: "an object without a resourceVersion".into(), wait: None }
            }
        }
    }

    fn status(status: &Status, starting_stream: bool, credentials: &Credentials) -> Self {
        let wait = status
            .details
            .as_ref()
            .map(|details| details.retry_after_seconds)
            .filter(|seconds| *seconds > 0)
            .map(|seconds| Duration::from_secs(u64::from(seconds)).min(limits::RETRY_AFTER));
        let failed = |why: String| Self::Failed { why: words(&why), wait };
        match status.code {
            400 | 422 if starting_stream => Self::NoStreaming,
            410 => Self::Expired,
            403 => Self::Forbidden,
            404 | 405 => Self::Absent,
            401 => failed(format!("the credentials were refused (401): {}", credentials.remedy())),
            429 => failed("the server has too much to do (429) and asks to wait".to_owned()),
            code => failed(format!("the server answers {code}: {}", status.message)),
        }
    }
}

/// Without the names that kube gives to its layers.
fn cause(error: &ClientError) -> String {
    match error {
        ClientError::Service(inner) => match inner.downcast_ref::<ClientError>() {
            Some(inner) => cause(inner),
            None => chain(&**inner),
        },
        other => chain(other),
    }
}

fn words(text: &str) -> Box<str> {
    clean(text, limits::MESSAGE).into_owned().into_boxed_str()
}
