//! [`Options`]: which cluster, and as whom — kubectl's flags and variables.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::proxy::Proxies;

/// Which cluster, and as whom. Everything is optional, as with kubectl.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--kubeconfig`: this file and no other.
    pub kubeconfig: Option<PathBuf>,
    /// `--context`
    pub context: Option<String>,
    /// `--cluster`
    pub cluster: Option<String>,
    /// `--user`
    pub user: Option<String>,
    /// `--server`: the address of the API server; `https` unless it says otherwise.
    pub server: Option<String>,
    /// `--token`: instead of whatever the kubeconfig signs with.
    pub token: Option<String>,
    /// `--as`: the user to act as.
    pub impersonate: Option<String>,
    /// `--as-group`: its groups.
    pub impersonate_groups: Vec<String>,
    /// `--insecure-skip-tls-verify`
    pub insecure_skip_tls_verify: bool,
    /// `--certificate-authority`: a file.
    pub certificate_authority: Option<PathBuf>,
    /// `--tls-server-name`
    pub tls_server_name: Option<String>,
    /// `--request-timeout`: how long an answer may take to begin; zero for as long as it likes.
    pub request_timeout: Option<Duration>,
    /// Whether a program that signs in may ask the person.
    pub terminal: Terminal,
    /// `--read-only`: no request that writes leaves the program.
    pub read_only: bool,
    /// The variables that say where to look.
    pub environment: Environment,
}

/// Whose the terminal is while a cluster is connected to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Terminal {
    /// Nobody's: whoever has to ask may.
    #[default]
    Free,
    /// The dashboard's: whoever else writes there writes over it, and whoever reads there takes its keys.
    Taken,
}

/// The variables of the environment that matter for finding a cluster. Whoever calls reads them.
///
/// In a Pod kube itself reads the service account's files.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `KUBECONFIG`: one file or several.
    pub kubeconfig: Option<OsString>,
    /// The home directory.
    pub home: Option<PathBuf>,
    /// `KUBERNETES_SERVICE_HOST`: set in every Pod.
    pub service_host: Option<String>,
    /// What stands between here and the server.
    pub proxies: Proxies,
}
