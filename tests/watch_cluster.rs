//! Finding a cluster and signing in, as kubectl does. The few tests that connect use a loopback port and real time.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it expects")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use cmtop::cluster::{Cluster, ConnectError, Credentials, Environment, Now, Options, Terminal, connect};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn now() -> Now {
    let at: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
    Arc::new(move || at)
}

async fn found(options: Options) -> Cluster {
    connect(options, now()).await.unwrap()
}

async fn refused(options: Options) -> ConnectError {
    connect(options, now()).await.unwrap_err()
}

/// A kubeconfig with a context, a cluster and a user of one name.
fn write(dir: &TempDir, name: &str, server: &str, user: &str, current: bool) -> PathBuf {
    let path = dir.path().join(format!("{name}.yaml"));
    let current = if current { format!("current-context: {name}\n") } else { String::new() };
    let text = format!(
        "apiVersion: v1\nkind: Config\n{current}\
         clusters: [{{name: {name}, cluster: {{server: '{server}'}}}}]\n\
         users: [{{name: {name}-user, user: {user}}}]\n\
         contexts: [{{name: {name}, context: {{cluster: {name}, user: {name}-user, namespace: {name}-ns}}}}]\n"
    );
    fs::write(&path, text).unwrap();
    path
}

fn listed(paths: &[&Path]) -> Environment {
    Environment { kubeconfig: Some(std::env::join_paths(paths).unwrap()), ..Environment::default() }
}

#[tokio::test]
async fn several_files_are_merged_and_the_first_to_say_something_wins() {
    let dir = TempDir::new().unwrap();
    let one = write(&dir, "one", "https://one.test:6443", "{token: a}", true);
    let two = write(&dir, "two", "https://user:secret@two.test/clusters/x/", "{tokenFile: token}", true);
    fs::write(dir.path().join("token"), "t").unwrap();
    let environment = listed(&[&dir.path().join("missing.yaml"), &one, &two]);

    let cluster = found(Options { environment: environment.clone(), ..Options::default() }).await;
    assert_eq!(cluster.names.context.as_deref(), Some("one"));
    assert_eq!((cluster.names.server.as_str(), cluster.names.user.as_str()), ("https://one.test:6443", "one-user"));
    assert_eq!(cluster.names.default_namespace, "one-ns");
    assert_eq!(cluster.names.found_in.len(), 2);

    let options = Options { context: Some("two".into()), environment: environment.clone(), ..Options::default() };
    let cluster = found(options).await;
    assert_eq!(cluster.names.server, "https://two.test/clusters/x");
    assert_eq!(cluster.names.credentials, Credentials::TokenFile);

    let mixed =
        Options { cluster: Some("two".into()), user: Some("two-user".into()), environment, ..Options::default() };
    let cluster = found(mixed).await;
    assert_eq!((cluster.names.cluster.as_str(), cluster.names.user.as_str()), ("two", "two-user"));
    assert_eq!(cluster.names.default_namespace, "one-ns");
}

#[tokio::test]
async fn what_is_not_there_is_named_with_what_is() {
    let dir = TempDir::new().unwrap();
    let one = write(&dir, "one", "https://one.test:6443", "{}", false);
    let options = Options { kubeconfig: Some(one.clone()), ..Options::default() };
    let text = refused(options.clone()).await.to_string();
    assert!(text.starts_with("no current context in") && text.ends_with("(there is: one)"), "{text}");
    for (options, what) in [
        (Options { context: Some("x".into()), ..options.clone() }, "no context `x`"),
        (Options { context: Some("one".into()), cluster: Some("x".into()), ..options.clone() }, "no cluster `x`"),
        (Options { context: Some("one".into()), user: Some("x".into()), ..options.clone() }, "no user `x`"),
        (Options { kubeconfig: Some(dir.path().join("none")), ..Options::default() }, "cannot read"),
    ] {
        let text = refused(options).await.to_string();
        assert!(text.starts_with(what), "{text}");
    }
    fs::write(&one, "clusters: 7").unwrap();
    assert!(matches!(refused(options).await, ConnectError::Unreadable { .. }));
}

#[tokio::test]
async fn without_a_cluster_it_says_where_it_looked() {
    let home = TempDir::new().unwrap();
    let environment = Environment { home: Some(home.path().to_owned()), ..Environment::default() };
    let error = refused(Options { environment, ..Options::default() }).await;
    let ConnectError::NoCluster { looked } = &error else { panic!("{error}") };
    let places: Vec<&str> = looked.iter().map(|looked| looked.place.as_str()).collect();
    let default = home.path().join(".kube/config").display().to_string();
    assert_eq!(places, ["$KUBECONFIG", default.as_str(), "$KUBERNETES_SERVICE_HOST"]);
    assert!(error.to_string().ends_with("cmtop demo"));
}

/// Answers one request with a version, and tells what was asked.
async fn one_request(listener: TcpListener) -> String {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut asked = Vec::new();
    while !asked.ends_with(b"\r\n\r\n") {
        asked.push(socket.read_u8().await.unwrap());
    }
    let body = r#"{"gitVersion":"v1.36.2"}"#;
    let head = "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 16:01:00 GMT\r\nContent-Type: application/json\r\n";
    let answer = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    socket.write_all(answer.as_bytes()).await.unwrap();
    String::from_utf8(asked).unwrap().to_lowercase()
}

/// Asks a cluster at a loopback port for its version; returns the request.
async fn ask(dir: &TempDir, user: &str, change: impl FnOnce(&mut Options)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/clusters/x", listener.local_addr().unwrap());
    let path = write(dir, "local", &address, user, true);
    let mut options = Options { kubeconfig: Some(path), ..Options::default() };
    change(&mut options);
    let cluster = found(options).await;
    let served = tokio::spawn(one_request(listener));
    let version = tokio::time::timeout(Duration::from_secs(30), cluster.kubernetes()).await.unwrap().unwrap();
    assert_eq!(version, "v1.36.2");
    assert_eq!(cluster.clock.get().unwrap().num_seconds(), 60);
    assert_eq!((cluster.traffic.requests(), cluster.traffic.bytes()), (1, 24));
    served.await.unwrap()
}

#[tokio::test]
async fn requests_keep_the_prefix_and_say_who_asks() {
    let dir = TempDir::new().unwrap();
    let asked = ask(&dir, "{token: from-file}", |options| {
        options.impersonate = Some("ada".into());
        options.impersonate_groups = vec!["ops".into(), "dev".into()];
    })
    .await;
    assert!(asked.starts_with("get /clusters/x/version http/1.1\r\n"), "{asked}");
    for header in
        ["authorization: bearer from-file", "impersonate-user: ada", "impersonate-group: ops", "impersonate-group: dev"]
    {
        assert!(asked.contains(&format!("\r\n{header}\r\n")), "{header}: {asked}");
    }
    let agent = format!("user-agent: cmtop/{}", env!("CARGO_PKG_VERSION"));
    assert!(asked.contains(&agent), "{asked}");
    let asked = ask(&dir, "{username: u, password: p}", |options| options.token = Some("given".into())).await;
    assert!(asked.contains("authorization: bearer given"), "{asked}");
}

#[tokio::test]
async fn a_newline_behind_a_token_is_none_of_it() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("token"), "of-a-file\n").unwrap();
    for (user, given, token) in [
        ("{token: \"written\\n\"}", None, "written"),
        ("{tokenFile: token}", None, "of-a-file"),
        ("{}", Some("given\n".to_owned()), "given"),
    ] {
        let asked = ask(&dir, user, |options| options.token = given).await;
        assert!(asked.contains(&format!("\r\nauthorization: bearer {token}\r\n")), "{asked}");
    }
    let path = write(&dir, "local", "http://127.0.0.1:1", "{token: \"a\\nb\"}", true);
    let error = refused(Options { kubeconfig: Some(path), ..Options::default() }).await.to_string();
    assert_eq!(error, "cannot use context `local`: its token holds a character that no token can hold");
}

#[tokio::test]
async fn what_cannot_be_used_is_named() {
    let dir = TempDir::new().unwrap();
    let path = write(&dir, "local", "https://127.0.0.1:1", "{token: t}", true);
    let options = Options { kubeconfig: Some(path.clone()), ..Options::default() };
    let authority = |file: &str| Options { certificate_authority: Some(file.into()), ..options.clone() };
    let groups = Options { impersonate_groups: vec!["ops".into()], ..options.clone() };
    let table = [
        (
            authority("/nowhere/ca.crt"),
            "cannot use context `local`: its certificate-authority /nowhere/ca.crt cannot be read: No such",
        ),
        (authority(path.to_str().unwrap()), "holds no certificate"),
        (groups, "groups can be acted for only together with a user: add --as"),
    ];
    for (options, words) in table {
        let error = refused(options).await.to_string();
        assert!(error.contains(words), "{error}");
    }
}

/// A certificate of version 1, as `openssl x509 -req` makes it.
const VERSION_1: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBGjCBwQIUVGQy2SsQuXY4QIDpfnZo50aR5RUwCgYIKoZIzj0EAwIwEDEOMAwG\n\
A1UEAwwFYWxpY2UwHhcNMjYxMTI5MDAxODE1WhcNMzYxMTI2MDAxODE1WjAQMQ4w\n\
DAYDVQQDDAVhbGljZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOEw3a9A7oeU\n\
mlj6iA2CRZNWNT0NVvEb+kta6YAx0bTHgEGDnl472MEC5Tgyv0jFcepKrPDg5GqJ\n\
J9fQBKB+4DwwCgYIKoZIzj0EAwIDSAAwRQIhAKothbxD6EMJC/06ZSQrzDp0Qomc\n\
vjBciI1b8wmJFEkbAiBYDWaOIvv3dApiA1EneUZ1UAzTXM5XBp+yVzyIs5LKzg==\n\
-----END CERTIFICATE-----\n";

#[tokio::test]
async fn a_client_certificate_that_cannot_be_used_is_told_by_its_file_and_with_a_way_out() {
    let dir = TempDir::new().unwrap();
    let mut pairs = ["one", "other"].map(|name| {
        let key = rcgen::KeyPair::generate().unwrap();
        let own = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap();
        (own.pem(), key.serialize_pem())
    });
    let put = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let (certificate, key) = std::mem::take(&mut pairs[0]);
    put("own.crt", &certificate);
    put("own.key", &key);
    put("other.key", &pairs[1].1);
    put("old.crt", VERSION_1);
    put("closed.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n");
    let at = |name: &str| dir.path().join(name).display().to_string();
    let table = [
        (
            "own.crt",
            "other.key",
            format!("its client-key {} is not the key of its client-certificate {}", at("other.key"), at("own.crt")),
        ),
        (
            "old.crt",
            "own.key",
            format!("its client-certificate {} is an X.509 certificate of version 1", at("old.crt")),
        ),
        ("gone.crt", "own.key", format!("its client-certificate {} cannot be read: No such file", at("gone.crt"))),
        ("own.crt", "gone.key", format!("its client-key {} cannot be read: No such file", at("gone.key"))),
        ("own.key", "own.crt", "holds a key and no certificate: the two may be the wrong way round".to_owned()),
        ("own.crt", "closed.key", "is encrypted, and nobody is asked for its password".to_owned()),
    ];
    for (certificate, key, words) in table {
        let user = format!("{{client-certificate: {certificate}, client-key: {key}}}");
        let path = write(&dir, "local", "https://127.0.0.1:1", &user, true);
        let error = refused(Options { kubeconfig: Some(path), ..Options::default() }).await.to_string();
        assert!(error.starts_with("cannot use user `local-user`: ") && error.contains(&words), "{error}");
    }
    let path = write(&dir, "local", "https://127.0.0.1:1", "{client-certificate: own.crt}", true);
    let error = refused(Options { kubeconfig: Some(path), ..Options::default() }).await.to_string();
    assert!(error.ends_with("and no client-key"), "{error}");
    let path = write(&dir, "local", "https://127.0.0.1:1", "{client-certificate: own.crt, client-key: own.key}", true);
    assert_eq!(
        found(Options { kubeconfig: Some(path), ..Options::default() }).await.names.credentials,
        Credentials::Certificate
    );
}

#[tokio::test]
async fn without_a_context_the_address_is_the_name() {
    let cluster = found(Options { server: Some("https://api.example:6443".into()), ..Options::default() }).await;
    assert_eq!((cluster.names.context, cluster.names.cluster.as_str()), (None, "https://api.example:6443"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_that_signs_in_is_run() {
    use std::os::unix::fs::PermissionsExt;
    let dir = TempDir::new().unwrap();
    let program = dir.path().join("sign-in");
    let credential =
        r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"made"}}"#;
    fs::write(&program, format!("#!/bin/sh\necho '{credential}'\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let exec =
        "{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./sign-in, interactiveMode: IfAvailable}}";
    let asked = ask(&dir, exec, |_| {}).await;
    assert!(asked.contains("authorization: bearer made"), "{asked}");

    fs::write(&program, "#!/bin/sh\necho 'no ticket' >&2\nexit 3\n").unwrap();
    let path = write(&dir, "local", "http://127.0.0.1:1", exec, true);
    let error = refused(Options { kubeconfig: Some(path), ..Options::default() }).await;
    assert_eq!(error.to_string(), "cannot sign in: the program that signs in ended with 3: no ticket");

    let gone = "{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./gone, installHint: get it from ops}}";
    let path = write(&dir, "local", "http://127.0.0.1:1", gone, true);
    let error = refused(Options { kubeconfig: Some(path), ..Options::default() }).await.to_string();
    assert!(error.starts_with("cannot sign in: the program that signs in cannot be run: No such file"), "{error}");
    assert!(error.ends_with("\nget it from ops"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_that_signs_in_is_given_no_terminal_that_is_taken() {
    use std::os::unix::fs::PermissionsExt;
    let dir = TempDir::new().unwrap();
    let program = dir.path().join("sign-in");
    let asks =
        "#!/bin/sh\ncase \"$KUBERNETES_EXEC_INFO\" in *'\"interactive\":true'*) touch \"$0.asked\";; esac\nexit 3\n";
    fs::write(&program, asks).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let asked = dir.path().join("sign-in.asked");
    for mode in ["IfAvailable", "Always"] {
        let exec = format!(
            "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: ./sign-in, interactiveMode: {mode}}}}}"
        );
        let path = write(&dir, "local", "http://127.0.0.1:1", &exec, true);
        let options = Options { kubeconfig: Some(path), ..Options::default() };
        let error = refused(Options { terminal: Terminal::Taken, ..options.clone() }).await.to_string();
        assert!(!asked.exists(), "{mode}");
        assert!(error.contains("run `kubectl get ns` in another one"), "{mode}: {error}");
        refused(options).await;
        assert!(asked.exists(), "{mode}: a terminal that is free is lent");
        fs::remove_file(&asked).unwrap();
    }
}
