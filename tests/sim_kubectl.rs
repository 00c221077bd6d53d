//! kubectl against the simulated cluster, where kubectl is.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use cmtop::sim::{Options, Story, listen, run};

struct Kubectl {
    kubeconfig: tempfile::NamedTempFile,
}

impl Kubectl {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("kubectl");
        command.arg("--kubeconfig").arg(self.kubeconfig.path()).args(arguments);
        // The cache of discovery would outlive the test.
        command.arg("--cache-dir").arg(self.kubeconfig.path().with_extension("cache")).stdin(Stdio::null());
        command
    }

    fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What a command prints; it must end well.
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "kubectl {arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command prints that is stopped after a while.
    fn for_a_while(&self, arguments: &[&str], time: Duration) -> String {
        let mut child: Child = self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(time);
        child.kill().unwrap();
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
    }
}

fn is_there() -> bool {
    Command::new("kubectl").args(["version", "--client"]).output().is_ok_and(|output| output.status.success())
}

/// A busy night after a minute, served on a free port, its controllers at work.
fn serve() -> Kubectl {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async move {
            let mut world =
                run(&Story::named("busy-night").unwrap(), Options { speed: 20.0, ..Options::default() }).unwrap();
            world.work_until(world.clock().start() + TimeDelta::seconds(60));
            let listening = listen(world.cluster(), SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
            sender.send(listening.kubeconfig().unwrap()).unwrap();
            tokio::spawn(world.drive());
            listening.serve().await.unwrap();
        });
    });
    let mut kubeconfig = tempfile::NamedTempFile::new().unwrap();
    kubeconfig.write_all(receiver.recv().unwrap().as_bytes()).unwrap();
    Kubectl { kubeconfig }
}

#[test]
fn kubectl_works_with_the_simulated_cluster() {
    if !is_there() {
        println!("skipped: kubectl_works_with_the_simulated_cluster (there is no kubectl)");
        return;
    }
    let kubectl = serve();

    let table = kubectl.ok(&["get", "certificates", "-A"]);
    assert!(
        table.lines().next().unwrap().split_whitespace().eq(["NAMESPACE", "NAME", "READY", "SECRET", "AGE"]),
        "{table}"
    );
    assert!(table.lines().count() > 24, "{table}");
    let wide = kubectl.ok(&["get", "cert", "-n", "shop", "-o", "wide"]);
    assert!(wide.contains("ISSUER") && wide.contains("Certificate is up to date and has not expired"), "{wide}");
    assert!(kubectl.ok(&["get", "cert", "www", "-n", "shop", "-o", "yaml"]).contains("kind: Certificate"));
    assert!(kubectl.ok(&["get", "pods,challenges,events", "-A"]).contains("PresentError"));
    let described = kubectl.ok(&["describe", "certificate", "blog", "-n", "blog"]);
    assert!(
        described.contains("Issuing certificate as Secret does not exist") && described.contains("Events:"),
        "{described}"
    );
    assert!(kubectl.ok(&["api-resources"]).contains("certificaterequests"));
    let category = kubectl.ok(&["get", "cert-manager", "-A", "-o", "name"]);
    for kind in ["certificate.", "certificaterequest.", "challenge.", "clusterissuer.", "issuer.", "order."] {
        assert!(category.lines().any(|line| line.starts_with(kind)), "{kind} is missing:\n{category}");
    }
    let all = kubectl.ok(&["get", "all", "-n", "cert-manager"]);
    assert!(all.contains("pod/cert-manager-") && all.contains("deployment.apps/cert-manager"), "{all}");
    let explained = kubectl.ok(&["explain", "certificate.spec.secretName"]);
    assert!(explained.contains("KIND:       Certificate") && explained.contains("secretName <string>"), "{explained}");
    let secrets = |chunk: &str| {
        let names = kubectl.ok(&["get", "secrets", "-n", "platform", "-o", "name", chunk]);
        names.lines().filter(|name| name.contains("-tls")).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let (whole, pages) = (secrets("--chunk-size=0"), secrets("--chunk-size=5"));
    assert!(whole.len() > 5 && whole == pages, "{whole:?}\n{pages:?}");
    assert!(kubectl.ok(&["version"]).contains("Server Version"));

    let watched = kubectl.for_a_while(&["get", "certificates", "-n", "platform", "--watch"], Duration::from_secs(6));
    assert!(watched.matches("mesh-").count() > 4, "{watched}");
    let log = kubectl.for_a_while(
        &["logs", "-f", "--tail=3", "-n", "cert-manager", "cert-manager-6f9c7d5b8-x2kqp"],
        Duration::from_secs(5),
    );
    assert!(log.lines().count() > 3, "{log}");

    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    let manifest = "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: mine, namespace: shop}\n\
                    spec: {secretName: mine-tls, dnsNames: [mine.shop.example], issuerRef: {name: selfsigned, kind: ClusterIssuer, group: cert-manager.io}}\n";
    file.write_all(manifest.as_bytes()).unwrap();
    let path = file.path().to_str().unwrap();
    assert!(kubectl.ok(&["apply", "-f", path]).contains("created"));
    assert!(kubectl.ok(&["apply", "-f", path]).contains("unchanged"));
    kubectl.ok(&["wait", "--for=condition=Ready", "certificate/mine", "-n", "shop", "--timeout=60s"]);
    let change = r#"{"spec":{"dnsNames":["mine.shop.example","ours.shop.example"]}}"#;
    kubectl.ok(&["patch", "certificate", "mine", "-n", "shop", "--type=merge", "-p", change]);
    let edited = kubectl
        .command(&["edit", "certificate", "mine", "-n", "shop", "--validate=false"])
        .env("KUBE_EDITOR", "sed -i s/ours/theirs/")
        .output()
        .unwrap();
    assert!(edited.status.success(), "{}", String::from_utf8_lossy(&edited.stderr));
    assert!(
        kubectl.ok(&["get", "certificate", "mine", "-n", "shop", "-o", "jsonpath={.spec.dnsNames}"]).contains("theirs")
    );
    let change = r#"[{"op": "replace", "path": "/spec/dnsNames/0", "value": "his.shop.example"}]"#;
    kubectl.ok(&["patch", "certificate", "mine", "-n", "shop", "--type=json", "-p", change]);
    assert!(
        kubectl.ok(&["get", "certificate", "mine", "-n", "shop", "-o", "jsonpath={.spec.dnsNames[0]}"]).contains("his")
    );
    kubectl.ok(&["annotate", "challenge", "--all", "-n", "blog", "looked-at=yes"]);
    let of_mine = || {
        let names = kubectl.ok(&["get", "certificaterequests", "-n", "shop", "-o", "name"]);
        names.lines().filter(|name| name.contains("/mine-")).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert!(!of_mine().is_empty());
    kubectl.ok(&["delete", "certificate", "mine", "-n", "shop", "--cascade=orphan", "--wait"]);
    let orphans = of_mine();
    assert!(!orphans.is_empty(), "what it owned stays");
    for name in &orphans {
        kubectl.ok(&["delete", name, "-n", "shop", "--wait=false"]);
    }
    kubectl.ok(&["apply", "-f", path]);
    kubectl.ok(&["wait", "--for=condition=Ready", "certificate/mine", "-n", "shop", "--timeout=60s"]);
    kubectl.ok(&["delete", "certificate", "mine", "-n", "shop", "--cascade=foreground", "--wait", "--timeout=60s"]);
    assert!(of_mine().is_empty(), "what it owns goes with it: {:?}", of_mine());
    let gone = kubectl.output(&["get", "certificate", "mine", "-n", "shop"]);
    assert!(String::from_utf8_lossy(&gone.stderr).contains("certificates.cert-manager.io \"mine\" not found"));

    assert_eq!(kubectl.ok(&["auth", "can-i", "delete", "challenges.acme.cert-manager.io", "-n", "edge"]).trim(), "yes");
    let no = kubectl.output(&["auth", "can-i", "delete", "certificates", "-n", "shop", "--as", "developer"]);
    assert_eq!(String::from_utf8_lossy(&no.stdout).trim(), "no");
    assert!(kubectl.ok(&["get", "certificates", "-n", "shop", "--as", "developer"]).contains("www"));
    let refused = kubectl.output(&["get", "certificates", "-n", "payments", "--as", "developer"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("Forbidden"));
}

/// What an action of the program did, in JSON.
fn cmtop(kubectl: &Kubectl, arguments: &[&str]) -> (Option<i32>, Vec<serde_json::Value>, String) {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cmtop"))
        .arg("--kubeconfig")
        .arg(kubectl.kubeconfig.path())
        .args(arguments)
        .env_remove("CMTOP_READ_ONLY")
        .env("XDG_STATE_HOME", home.path())
        .env("XDG_CONFIG_HOME", home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let documents = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    (output.status.code(), documents, text + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn kubectl_reads_back_what_each_action_did() {
    if !is_there() {
        println!("skipped: kubectl_reads_back_what_each_action_did (there is no kubectl)");
        return;
    }
    let kubectl = serve();
    let uid = |object: &str, namespace: &str| {
        kubectl.ok(&["get", object, "-n", namespace, "-o", "jsonpath={.metadata.uid}", "--ignore-not-found"])
    };

    let (status, documents, text) = cmtop(&kubectl, &["renew", "shop/checkout", "--yes", "--wait=60s", "-o", "json"]);
    assert_eq!(status, Some(0), "{text}");
    assert_eq!((&documents[0]["schema"], &documents[0]["outcome"]), (&"cmtop.action/v1".into(), &"done".into()));
    assert_eq!(documents[0]["requests"][0]["status"], 200);
    let revision = ["get", "certificate", "checkout", "-n", "shop", "-o", "jsonpath={.status.revision}"];
    assert_eq!(kubectl.ok(&revision), "2");

    let (_, _, text) = cmtop(&kubectl, &["renew", "shop/archive", "-n", "blog", "--dry-run"]);
    assert!(text.contains("there is no Certificate/shop/archive"), "{text}");
    let (status, _, text) = cmtop(&kubectl, &["renew", "archive", "-n", "blog", "--dry-run"]);
    assert_eq!(status, Some(0), "{text}");
    let twin = text.lines().find_map(|line| line.trim().strip_prefix("kubectl    kubectl ")).unwrap();
    let path = kubectl.kubeconfig.path().display();
    let script = format!("kubectl --kubeconfig {path} {twin} --dry-run=server -o yaml");
    let tried = Command::new("sh").arg("-c").arg(script).output().unwrap();
    assert!(String::from_utf8_lossy(&tried.stdout).contains("ManuallyTriggered"), "{tried:?}");

    let (status, documents, text) = cmtop(&kubectl, &["retry", "payments/denied", "--dry-run", "-o", "json"]);
    let verbs: Vec<_> =
        documents[0]["requests"].as_array().unwrap().iter().map(|it| (&it["verb"], &it["status"])).collect();
    assert_eq!(verbs, [(&"DELETE".into(), &200.into()), (&"PUT".into(), &200.into())], "{text}");
    assert_eq!(status, Some(0), "{text}");
    let (status, documents, _) = cmtop(&kubectl, &["renew", "shop/checkout", "--dry-run", "--read-only", "-o", "json"]);
    assert_eq!((status, &documents[0]["requests"][0]["status"]), (Some(0), &serde_json::Value::Null));
    let failed = uid("certificaterequest/denied-1", "payments");
    let (status, documents, text) = cmtop(&kubectl, &["retry", "payments/denied", "--yes", "-o", "json"]);
    assert_eq!((status, documents[0]["requests"].as_array().unwrap().len()), (Some(0), 2), "{text}");
    let again = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(200));
        let now = uid("certificaterequest/denied-1", "payments");
        !now.is_empty() && now != failed
    });
    assert!(again, "a new request was made");

    let stuck = kubectl.ok(&["get", "challenges", "-n", "blog", "-o", "jsonpath={.items[0].metadata.name}"]);
    let before = uid(&format!("challenge/{stuck}"), "blog");
    let (status, _, text) = cmtop(&kubectl, &["delete", &format!("challenge/{stuck}"), "-n", "blog", "--yes"]);
    assert_eq!(status, Some(0), "{text}");
    let again = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(200));
        let now = uid(&format!("challenge/{stuck}"), "blog");
        !now.is_empty() && now != before
    });
    assert!(again, "the Challenge was made again");

    let hanging = kubectl.ok(&[
        "get",
        "challenges",
        "-n",
        "legacy",
        "-o",
        "jsonpath={range .items[?(@.metadata.deletionTimestamp)]}{.metadata.name}{end}",
    ]);
    let (status, _, text) = cmtop(&kubectl, &["release", &format!("challenge/legacy/{hanging}"), "--yes"]);
    assert_eq!(status, Some(0), "{text}");
    assert_eq!(uid(&format!("challenge/{hanging}"), "legacy"), "");

    let conditions = |request: &str| {
        kubectl.ok(&["get", "certificaterequest", request, "-n", "platform", "-o", "jsonpath={.status.conditions}"])
    };
    let words = ["--reason", "NotTonight", "--message", "after the audit"];
    let (status, documents, text) =
        cmtop(&kubectl, &[&["deny", "platform/next-gen", "--dry-run", "-o", "json"][..], &words].concat());
    assert_eq!(status, Some(0), "{text}");
    let path = "/apis/cert-manager.io/v1/namespaces/platform/certificaterequests/next-gen-1/status";
    let request = serde_json::json!([{"verb": "PUT", "path": path, "status": 200}]);
    assert_eq!(documents[0]["requests"], request, "a dry run names what would be sent");
    assert!(!conditions("next-gen-1").contains("Denied"));
    let (status, _, text) = cmtop(&kubectl, &[&["deny", "platform/next-gen", "--yes"][..], &words].concat());
    assert_eq!(status, Some(0), "{text}");
    let read: serde_json::Value = serde_json::from_str(&conditions("next-gen-1")).unwrap();
    let denied = read.as_array().unwrap().iter().find(|it| it["type"] == "Denied").unwrap();
    assert_eq!((&denied["status"], &denied["reason"]), (&"True".into(), &"NotTonight".into()));
    assert_eq!(denied["message"], "after the audit");
    let failed = uid("certificaterequest/next-gen-1", "platform");
    // The denial fails the issuance a moment later; only then there is something to retry.
    let again = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(200));
        let _ = cmtop(&kubectl, &["retry", "platform/next-gen", "--yes"]);
        let now = uid("certificaterequest/next-gen-1", "platform");
        !now.is_empty() && now != failed
    });
    assert!(again, "a new request waits for a decision");
    let (status, _, text) = cmtop(&kubectl, &["approve", "platform/next-gen", "--yes", "--reason", "Reviewed"]);
    assert_eq!(status, Some(0), "{text}");
    assert!(conditions("next-gen-1").contains("\"reason\":\"Reviewed\""), "{}", conditions("next-gen-1"));
    let (status, _, text) = cmtop(&kubectl, &["deny", "certificaterequest/platform/next-gen-1", "--yes"]);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("approved already"), "{text}");

    let (status, _, text) = cmtop(&kubectl, &["renew", "shop/checkout"]);
    assert_eq!(status, Some(64), "without a terminal it is refused: {text}");
    let (status, _, text) = cmtop(&kubectl, &["renew", "shop/checkout", "--yes", "--read-only"]);
    assert_eq!((status, text.contains("read-only: nothing is written")), (Some(1), true), "{text}");
    let (status, _, text) = cmtop(&kubectl, &["renew", "shop/nope", "--yes"]);
    assert_eq!(status, Some(3), "{text}");
}
