//! [`ConnectError`]: why there is no cluster to watch, and what to do about it.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use kube::client::AuthError;
use thiserror::Error;

use crate::limits;
use crate::text::{clean, clean_lines};

/// A place where a cluster was looked for, and what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// `$KUBECONFIG`, `/home/ada/.kube/config` …
    pub place: String,
    /// `not set`, `not there` …
    pub found: String,
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.found)
    }
}

/// Why there is no cluster to watch. Its text names what stands in files and what other programs said: it is cleaned.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// Nobody said which cluster.
    #[error("no cluster to be found\n{}\nTo see cmtop without a cluster: cmtop demo", lines(.looked))]
    NoCluster {
        /// Where it was looked for.
        looked: Vec<Looked>,
    },
    /// A kubeconfig cannot be read.
    #[error("cannot read {}: {}", one(&.path.display().to_string()), one(.why))]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The kubeconfig names no current context.
    #[error("no current context in {}: choose one with --context ({})", one(&.files.join(", ")), names(.have))]
    NoCurrentContext {
        /// The files that were read.
        files: Vec<String>,
        /// The contexts that there are.
        have: Vec<String>,
    },
    /// The kubeconfig does not have what was asked for.
    #[error("no {what} `{}` in {} ({})", one(.name), one(&.files.join(", ")), names(.have))]
    NoSuch {
        /// `context`, `cluster` or `user`.
        what: &'static str,
        /// Its name.
        name: String,
        /// The files that were read.
        files: Vec<String>,
        /// Those that there are.
        have: Vec<String>,
    },
    /// The kubeconfig was read, and cannot be used.
    #[error("cannot use {}: {}", one(.place), one(.why))]
    Unusable {
        /// The context, or a file.
        place: String,
        /// What is wrong.
        why: String,
    },
    /// The program or the provider that signs requests failed.
    #[error("cannot sign in: {}", clean_lines(.0))]
    Credentials(String),
}

fn lines(looked: &[Looked]) -> String {
    let lines: Vec<String> = looked.iter().map(|looked| format!("Looked at {}", one(&looked.to_string()))).collect();
    lines.join("\n")
}

fn one(text: &str) -> Cow<'_, str> {
    clean(text, limits::MESSAGE)
}

fn names(have: &[String]) -> String {
    let have: Vec<_> = have.iter().map(|name| clean(name, limits::NAME)).collect();
    if have.is_empty() { "there is none".to_owned() } else { format!("there is: {}", have.join(", ")) }
}

/// Why nobody could sign in, and what the kubeconfig says about a program that is not there.
pub(super) fn refused(error: &kube::Error, hint: Option<&str>) -> String {
    let why = chain(error);
    let hint = hint.filter(|_| matches!(error, kube::Error::Auth(AuthError::AuthExecStart(_))));
    hint.map(|hint| format!("{why}\n{}", hint.trim())).unwrap_or(why)
}

/// What a program said that was to sign in: kube shows it as Rust does.
fn of_program(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    match error.downcast_ref::<AuthError>()? {
        AuthError::AuthExecRun { out, .. } => {
            let said = String::from_utf8_lossy(&out.stderr);
            let said = said.trim();
            let said = if said.is_empty() { "it said nothing" } else { said };
            Some(format!("the program that signs in ended with {}: {said}", out.status.code().unwrap_or(-1)))
        }
        AuthError::AuthExecStart(why) => Some(format!("the program that signs in cannot be run: {why}")),
        _ => None,
    }
}

/// An error and what caused it, each part once, and nothing that a terminal obeys.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let program = std::iter::successors(Some(error), |error| error.source()).find_map(of_program);
    if let Some(said) = program {
        return clean_lines(&said);
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    if text.contains("InvalidContentType") {
        text.push_str(": it does not speak TLS; write http:// before the address if that is meant");
    }
    one(&text).into_owned()
}

/// What a server said, without the rest of its answer.
pub(crate) fn said(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) if status.code == 401 => "the credentials were refused (401)".to_owned(),
        kube::Error::Api(status) => one(&status.message).into_owned(),
        other => chain(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cluster_says_where_it_looked_and_offers_the_demo() {
        let looked = vec![
            Looked { place: "$KUBECONFIG".into(), found: "not set".into() },
            Looked { place: "/home/ada/.kube/config".into(), found: "not there".into() },
        ];
        let text = ConnectError::NoCluster { looked }.to_string();
        assert_eq!(
            text,
            "no cluster to be found\nLooked at $KUBECONFIG: not set\nLooked at /home/ada/.kube/config: not there\n\
             To see cmtop without a cluster: cmtop demo"
        );
    }
}
