//! The kubeconfig, found and merged as kubectl does it.

use std::path::{Path, PathBuf};

use kube::config::{AuthInfo, Cluster, Context, Kubeconfig, NamedAuthInfo, NamedCluster, NamedContext};

use super::error::{ConnectError, Looked, chain};
use super::options::Options;

/// A kubeconfig, and where it came from.
#[derive(Debug, Default)]
pub struct Found {
    /// The files, merged: the first to say something wins.
    pub config: Kubeconfig,
    /// The files that were read.
    pub files: Vec<String>,
    /// Every place that was looked at.
    pub looked: Vec<Looked>,
}

/// What one context means.
#[derive(Debug)]
pub struct Chosen {
    /// Its name.
    pub context: Option<String>,
    /// The cluster's name.
    pub cluster: String,
    /// The user's name.
    pub user: String,
    /// A kubeconfig with nothing but it.
    pub config: Kubeconfig,
}

/// Looks for the kubeconfig: `--kubeconfig`, else the files of `KUBECONFIG` that are there, else `~/.kube/config`.
pub fn find(options: &Options) -> Result<Found, ConnectError> {
    let mut found = Found::default();
    if let Some(path) = &options.kubeconfig {
        found.read(path)?;
        return Ok(found);
    }
    let listed = options.environment.kubeconfig.clone().unwrap_or_default();
    let paths: Vec<PathBuf> = std::env::split_paths(&listed).filter(|path| !path.as_os_str().is_empty()).collect();
    if paths.is_empty() {
        found.looked.push(Looked { place: "$KUBECONFIG".to_owned(), found: "not set".to_owned() });
        let Some(home) = &options.environment.home else { return Ok(found) };
        found.read_if_there(&home.join(".kube").join("config"))?;
    }
    for path in &paths {
        found.read_if_there(path)?;
    }
    Ok(found)
}

impl Found {
    fn read_if_there(&mut self, path: &Path) -> Result<(), ConnectError> {
        if path.exists() {
            return self.read(path);
        }
        self.looked.push(Looked { place: path.display().to_string(), found: "not there".to_owned() });
        Ok(())
    }

    fn read(&mut self, path: &Path) -> Result<(), ConnectError> {
        let unreadable = |error: kube::config::KubeconfigError| ConnectError::Unreadable {
            path: path.to_owned(),
            why: chain(&error),
        };
        let next = Kubeconfig::read_from(path).map_err(unreadable)?;
        let what = if next.contexts.is_empty() { "names no context" } else { "read" };
        self.looked.push(Looked { place: path.display().to_string(), found: what.to_owned() });
        self.files.push(path.display().to_string());
        self.config = std::mem::take(&mut self.config).merge(next).map_err(unreadable)?;
        Ok(())
    }

    /// Whether it says anything that leads to a cluster.
    pub fn leads_somewhere(&self) -> bool {
        !self.config.contexts.is_empty() || !self.config.clusters.is_empty()
    }

    /// Takes the parts that the options name, and writes the options over them.
    pub fn choose(self, options: &Options) -> Result<Chosen, ConnectError> {
        let Self { config, files, .. } = self;
        let name = options.context.clone().or(config.current_context.clone().filter(|name| !name.is_empty()));
        let no_such = |what, name: &str, have: Vec<String>| ConnectError::NoSuch {
            what,
            name: name.to_owned(),
            files: files.clone(),
            have,
        };
        let context = match &name {
            Some(name) => config
                .contexts
                .iter()
                .find(|c| &c.name == name)
                .and_then(|c| c.context.clone())
                .ok_or_else(|| no_such("context", name, config.contexts.iter().map(|c| c.name.clone()).collect()))?,
            // With a cluster by name or address no context is needed.
            None if options.cluster.is_some() || options.server.is_some() => Context::default(),
            None => {
                let have = config.contexts.iter().map(|c| c.name.clone()).collect();
                return Err(ConnectError::NoCurrentContext { files, have });
            }
        };
        let cluster_name = options.cluster.clone().unwrap_or_else(|| context.cluster.clone());
        let known = config.clusters.iter().find(|c| c.name == cluster_name).and_then(|c| c.cluster.clone());
        let cluster = match known {
            Some(cluster) => cluster,
            None if options.server.is_some() => Cluster::default(),
            None => {
                let have = config.clusters.iter().map(|c| c.name.clone()).collect();
                return Err(no_such("cluster", &cluster_name, have));
            }
        };
        let user_name = options.user.clone().or(context.user.clone()).unwrap_or_default();
        let user = config.auth_infos.iter().find(|u| u.name == user_name).and_then(|u| u.auth_info.clone());
        if user.is_none() && options.user.is_some() {
            let have = config.auth_infos.iter().map(|u| u.name.clone()).collect();
            return Err(no_such("user", &user_name, have));
        }
        Ok(Chosen::of(name, cluster_name, user_name, (context, cluster, user.unwrap_or_default()), options))
    }
}

impl Chosen {
    fn of(
        name: Option<String>,
        cluster_name: String,
        user_name: String,
        (mut context, mut cluster, mut user): (Context, Cluster, AuthInfo),
        options: &Options,
    ) -> Self {
        address(&mut cluster, options);
        sign(&mut user, options);
        context.cluster.clone_from(&cluster_name);
        context.user = Some(user_name.clone());
        let only = name.clone().unwrap_or_default();
        let config = Kubeconfig {
            current_context: Some(only.clone()),
            contexts: vec![NamedContext { name: only, context: Some(context), ..NamedContext::default() }],
            clusters: vec![NamedCluster {
                name: cluster_name.clone(),
                cluster: Some(cluster),
                ..NamedCluster::default()
            }],
            auth_infos: vec![NamedAuthInfo {
                name: user_name.clone(),
                auth_info: Some(user),
                ..NamedAuthInfo::default()
            }],
            ..Kubeconfig::default()
        };
        Self { context: name, cluster: cluster_name, user: user_name, config }
    }

    /// How requests will be signed.
    pub fn sign_in(&mut self) -> Option<&mut AuthInfo> {
        self.config.auth_infos.first_mut()?.auth_info.as_mut()
    }
}

fn address(cluster: &mut Cluster, options: &Options) {
    if let Some(server) = &options.server {
        let scheme = if server.contains("://") { "" } else { "https://" };
        cluster.server = Some(format!("{scheme}{server}"));
    }
    if let Some(authority) = &options.certificate_authority {
        cluster.certificate_authority = Some(authority.display().to_string());
        cluster.certificate_authority_data = None;
    }
    if options.tls_server_name.is_some() {
        cluster.tls_server_name.clone_from(&options.tls_server_name);
    }
    if options.insecure_skip_tls_verify {
        cluster.insecure_skip_tls_verify = Some(true);
    }
}

fn sign(user: &mut AuthInfo, options: &Options) {
    if let Some(token) = &options.token {
        // A client certificate would win over the token at the server, so nothing else is kept.
        *user = AuthInfo { token: Some(token.clone().into()), ..AuthInfo::default() };
    }
    if options.impersonate.is_some() {
        user.impersonate.clone_from(&options.impersonate);
    }
    if !options.impersonate_groups.is_empty() {
        user.impersonate_groups = Some(options.impersonate_groups.clone());
    }
}
