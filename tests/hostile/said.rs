//! What files, servers and programs say when something goes wrong: nothing of it steers the terminal it is told on.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::process::Command;

use cmtop::project::Projector;
use serde_json::json;

use super::HOSTILE;

/// A server that refuses everything, in hostile words.
fn refusing() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            while lines.next().is_some_and(|line| !line.is_empty()) {}
            let status = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 500,
                "message": format!("no{HOSTILE}"), "reason": format!("why{HOSTILE}")});
            let body = status.to_string();
            let head = "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nConnection: close";
            let _ = write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    address
}

#[test]
fn no_error_steers_the_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let user = |exec: serde_json::Value| json!([{"name": format!("u{HOSTILE}"), "user": exec}]);
    let config = |server: &str, exec: serde_json::Value| {
        let name = format!("c{HOSTILE}");
        json!({"apiVersion": "v1", "kind": "Config", "current-context": name, "users": user(exec),
            "clusters": [{"name": name, "cluster": {"server": server}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": format!("u{HOSTILE}")}}]})
    };
    let server = format!("http://{}", refusing());
    let missing = json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": format!("./none{HOSTILE}"),
        "interactiveMode": "Never"}});
    let unreadable = json!({"client-certificate-data": format!("x{HOSTILE}")});
    for (what, config, arguments) in [
        ("a server's answer", config(&server, json!({})), "status"),
        ("a server's answer", config(&server, json!({})), "record x.jsonl"),
        ("names of contexts", config(&server, json!({})), "status --context nowhere"),
        ("a program that is not there", config(&server, missing), "status"),
        ("credentials that are none", config(&server, unreadable), "status"),
        ("an address that is none", config(&format!("http://{HOSTILE}"), json!({})), "status"),
    ] {
        let file = directory.path().join("config");
        std::fs::write(&file, config.to_string()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_cmtop"));
        command.args(arguments.split(' ')).arg("--kubeconfig").arg(&file).current_dir(directory.path());
        command.env("XDG_STATE_HOME", directory.path()).env("XDG_CONFIG_HOME", directory.path());
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("cmtop: "), "{what}: {said}");
        let steers = said.chars().find(|c| *c != '\n' && cmtop::text::is_hostile(*c));
        assert_eq!(steers, None, "{what}: {said:?}");
    }
}

#[test]
fn nothing_odd_is_kept_as_it_came() {
    let mut projector = Projector::default();
    projector.tell_odd(None, format!("no{HOSTILE}"));
    let odd = projector.take_odd();
    assert!(odd[0].what.starts_with("no") && !odd[0].what.chars().any(cmtop::text::is_hostile), "{odd:?}");
}
