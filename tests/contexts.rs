//! Two clusters on loopback ports, and the program between them.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[path = "support/session.rs"]
mod session;

use std::io::Write as _;
use std::net::SocketAddr;

use cmtop::sim::{Options, Story, begin, listen};
use serde_json::{Value, json};
use session::Session;

/// Serves a story, and tells where. Whoever may do everything goes without a name; `ada` may see no Secrets.
fn serve(story: &'static str) -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(async {
            let options = Options { certificates: 0, seed: 0, speed: 1.0 };
            let world = begin(&Story::named(story).unwrap(), options).unwrap();
            for object in without_secrets() {
                world.cluster().apply(&object).unwrap();
            }
            let listening = listen(world.cluster(), SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
            sender.send(listening.address().unwrap()).unwrap();
            tokio::spawn(world.drive());
            listening.serve().await.unwrap();
        });
    });
    receiver.recv().unwrap()
}

/// A role that sees everything but Secrets, and who has it.
fn without_secrets() -> [Value; 2] {
    let verbs = ["get", "list", "watch"];
    let role = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "no-secrets"},
        "rules": [
            {"apiGroups": ["cert-manager.io", "acme.cert-manager.io"], "resources": ["*"], "verbs": verbs},
            {"apiGroups": [""], "resources": ["events", "namespaces", "pods"], "verbs": verbs},
        ],
    });
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "no-secrets"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "no-secrets"},
        "subjects": [{"kind": "User", "name": "ada"}],
    });
    [role, binding]
}

fn kubeconfig(clusters: &[(&str, SocketAddr)]) -> tempfile::NamedTempFile {
    let list = |of: &dyn Fn(&str, &SocketAddr) -> Value| {
        clusters.iter().map(|(name, address)| of(name, address)).collect::<Vec<_>>()
    };
    let config = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": clusters[0].0,
        "clusters": list(&|name, address| json!({"name": name, "cluster": {"server": format!("http://{address}")}})),
        "contexts": list(&|name, _| json!({"name": name, "context": {"cluster": name, "user": "me"}})),
        "users": [{"name": "me", "user": {}}],
    });
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(config.to_string().as_bytes()).unwrap();
    file
}

fn shows(session: &Session, what: &str) {
    session.wait_for(what, |screen| screen.contents().contains(what));
}

#[test]
fn another_context_begins_anew_and_nothing_of_the_old_one_remains() {
    let kubeconfig = kubeconfig(&[("busy", serve("busy-night")), ("quiet", serve("quiet"))]);
    let mut session = Session::keeping(tempfile::tempdir().unwrap(), Some(kubeconfig.path()), &[]);
    session.resize(120, 36);
    shows(&session, "stuck");
    shows(&session, "letsencrypt-http");
    // Marks, a filter, logs and a history: whatever one leaves behind.
    session.types(" j /blog\r");
    shows(&session, "/blog");
    shows(&session, "2 marked");
    session.types("l");
    shows(&session, "Logs about");
    session.types(":ctx\r");
    shows(&session, "everything begins anew");
    session.types("j\r");
    session.wait_for("the other cluster", |screen| {
        let shown = screen.contents();
        shown.contains(" quiet ") && shown.contains("root-ca") && shown.contains("3 ok")
    });
    for left in ["stuck", "blog", "marked", "legacy", "Logs", "busy", "causes"] {
        assert!(!session.screen().contents().contains(left), "{left} remains:\n{}", session.screen().contents());
    }
    session.types("[");
    shows(&session, "this is where you began");
    session.types("l");
    shows(&session, "Logs about");
    assert!(!session.screen().contents().contains("blog"), "{}", session.screen().contents());
    session.types(":events\r");
    shows(&session, "What happened");
    assert!(!session.screen().contents().contains("blog"), "{}", session.screen().contents());
    // A mistake is told, and nothing is lost.
    session.types(":ctx nowhere\r");
    shows(&session, "there is no context nowhere");
    shows(&session, " quiet ");
    // Its name is completed from the kubeconfig.
    session.types(":ctx b\t\r");
    shows(&session, "stuck");
    shows(&session, "busy");
    assert!(!session.screen().contents().contains("quiet"), "{}", session.screen().contents());
    session.types("qq");
    assert_eq!(session.ends(), 0);
    session.is_given_back();
}

#[test]
fn who_may_not_read_secrets_is_told_so_and_sees_what_can_be_told_without() {
    let kubeconfig = kubeconfig(&[("busy", serve("busy-night"))]);
    let arguments = ["--as", "ada"];
    let mut session = Session::keeping(tempfile::tempdir().unwrap(), Some(kubeconfig.path()), &arguments);
    session.resize(120, 40);
    shows(&session, "stuck");
    session.types("/name:^checkout$\r");
    shows(&session, "1 of ");
    session.types("x");
    shows(&session, "the right that is missing: get secrets in namespace shop");
    let page = session.screen().contents();
    for told in ["from status.certificate of CertificateRequest/shop/checkout", "as asked", "valid until"] {
        assert!(page.contains(told), "{told}:\n{page}");
    }
    session.types(":feeds\r");
    shows(&session, "list secrets in all namespaces");
    session.signal("TERM");
    session.ends();
    session.is_given_back();
}

#[test]
fn a_context_whose_settings_cannot_be_used_is_not_begun() {
    let kubeconfig = kubeconfig(&[("busy", serve("busy-night")), ("quiet", serve("quiet"))]);
    let mut config = tempfile::NamedTempFile::new().unwrap();
    config.write_all(b"contexts: {quiet: {theme: nowhere}}\n").unwrap();
    let arguments = ["--config", config.path().to_str().unwrap()];
    let mut session = Session::keeping(tempfile::tempdir().unwrap(), Some(kubeconfig.path()), &arguments);
    session.resize(120, 36);
    shows(&session, "stuck");
    session.types(":ctx quiet\r");
    shows(&session, "1:27: there is no theme `nowhere`");
    shows(&session, "stuck");
    session.types("qq");
    assert_eq!(session.ends(), 0);
    session.is_given_back();
}
