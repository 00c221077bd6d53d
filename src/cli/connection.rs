//! Which cluster, and as whom: kubectl's flags, with kubectl's meaning.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::value::{self, Token};

/// Which cluster, and as whom.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
#[command(next_help_heading = "Cluster")]
pub struct Connection {
    /// The kubeconfig file; else those in $KUBECONFIG, else ~/.kube/config.
    #[arg(long, value_name = "FILE", global = true)]
    pub kubeconfig: Option<PathBuf>,
    /// The context of the kubeconfig.
    #[arg(long, value_name = "NAME", global = true)]
    pub context: Option<String>,
    /// The cluster of the kubeconfig, in place of the context's.
    #[arg(long, value_name = "NAME", global = true)]
    pub cluster: Option<String>,
    /// The user of the kubeconfig, in place of the context's.
    #[arg(long, value_name = "NAME", global = true)]
    pub user: Option<String>,
    /// The user to impersonate.
    #[arg(long = "as", value_name = "USER", global = true)]
    pub impersonate: Option<String>,
    /// A group to impersonate; may be given more than once.
    #[arg(long = "as-group", value_name = "GROUP", global = true)]
    pub impersonate_groups: Vec<String>,
    /// The bearer token.
    #[arg(long, value_name = "TOKEN", global = true)]
    pub token: Option<Token>,
    /// The URL of the API server.
    #[arg(short = 's', long, value_name = "URL", global = true)]
    pub server: Option<String>,
    /// A file with the authorities that may sign the server's certificate.
    #[arg(long, value_name = "FILE", global = true)]
    pub certificate_authority: Option<PathBuf>,
    /// Accept any certificate of the server. Not safe.
    #[arg(long, global = true)]
    pub insecure_skip_tls_verify: bool,
    /// How long one request may take, such as 30s; 0 for no limit.
    #[arg(long, value_name = "TIME", global = true, value_parser = value::timeout)]
    pub request_timeout: Option<Duration>,
}

impl Connection {
    /// The flags of this group that were given.
    pub(super) fn given(&self) -> Vec<&'static str> {
        let flags = [
            ("--kubeconfig", self.kubeconfig.is_some()),
            ("--context", self.context.is_some()),
            ("--cluster", self.cluster.is_some()),
            ("--user", self.user.is_some()),
            ("--as", self.impersonate.is_some()),
            ("--as-group", !self.impersonate_groups.is_empty()),
            ("--token", self.token.is_some()),
            ("--server", self.server.is_some()),
            ("--certificate-authority", self.certificate_authority.is_some()),
            ("--insecure-skip-tls-verify", self.insecure_skip_tls_verify),
            ("--request-timeout", self.request_timeout.is_some()),
        ];
        flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag).collect()
    }
}
