use super::value::At;
use super::*;

fn read(line: &str) -> Result<Cli, clap::Error> {
    parse(std::iter::once("cmtop").chain(line.split_whitespace()))
}

#[test]
fn the_definition_holds_together() {
    definition().debug_assert();
}

#[test]
fn flags_are_taken_before_and_after_a_command() {
    for line in ["-n shop status www", "status www -n shop", "status -nshop www"] {
        let cli = read(line).unwrap();
        assert_eq!(cli.scope.namespaces, ["shop"], "{line}");
        let Some(Command::Status(status)) = cli.command else { panic!("{line}") };
        assert_eq!((status.names.len(), status.format()), (1, StatusFormat::Tree), "{line}");
    }
}

#[test]
fn of_several_selectors_the_last_counts_and_a_host_is_found_in_a_url() {
    for line in ["status -l a=b -l c=d", "-l a=b status -l c=d", "-l a=b -l c=d status"] {
        let cli = read(line).unwrap();
        assert_eq!(cli.scope.selector.map(|selector| selector.to_string()).as_deref(), Some("c=d"), "{line}");
    }
    for typed in ["https://www.x.example/path", "www.x.example:443", "www.x.example"] {
        let Some(Command::Status(status)) = read(&format!("status --host {typed}")).unwrap().command else { panic!() };
        assert_eq!(status.host.as_deref(), Some("www.x.example"), "{typed}");
    }
}

#[test]
fn sources_are_told_apart() {
    assert_eq!(read("status").unwrap().source(), Source::Cluster);
    assert_eq!(read("status --demo").unwrap().source(), Source::Demo(At::End));
    let moment = "2026-11-22T17:03:05+01:00".parse().unwrap();
    let cli = read("status --from a.jsonl --at 2026-11-22T16:03:05Z").unwrap();
    assert_eq!(cli.source(), Source::Recording("a.jsonl".into(), moment));
    assert!(read("replay a.jsonl --at 2026-11-22T16:03:05Z --speed 10x").is_ok());
}

#[test]
fn wrong_usage_ends_with_64_and_says_why() {
    let table = [
        ("--from a --demo", "--from and --demo exclude each other"),
        ("status --from a --context prod", "--from and --context exclude each other"),
        ("--token x status --demo", "--demo and --token exclude each other"),
        ("status --at end", "--at needs --from or --demo"),
        ("status --from a --at yesterday", "expected `end` or a moment"),
        ("status --from a --watch", "--watch needs a cluster"),
        ("demo --from a", "--from cannot be used here"),
        ("demo --context x", "--context is about a cluster"),
        ("record a.jsonl --demo", "--demo cannot be used here"),
        ("-n a -A", "-n and -A exclude each other"),
        ("-n a status -A", "-n and -A exclude each other"),
        ("status -l a=(b", "label's value"),
        ("status --host https://", "expected a host name"),
        ("status -l a=b www", "names and --selector exclude each other"),
        ("status secret/www", "is a Secret"),
        ("status -o csv", "possible values"),
        ("replay a --speed 0", "a number above 0"),
        ("--request-timeout soon", "a length of time"),
        ("renew", "name a Certificate"),
        ("renew www --all", "names exclude"),
        ("delete www", "nothing else is deleted"),
        ("delete secret/www", "nothing else is deleted"),
        ("release order/www", "challenge/NAME"),
        ("approve -l a=b www", "--selector is for renew and retry"),
        ("deny www --reason two.words", "one word"),
        ("frobnicate", "unrecognized subcommand"),
    ];
    for (line, says) in table {
        let error = read(line).unwrap_err();
        assert!(error.to_string().contains(says), "{line}: {error}");
        assert_eq!(exit_status(&error), ExitStatus::Usage, "{line}");
    }
}

#[test]
fn commands_that_look_at_nothing_neither_list_nor_take_what_they_ignore() {
    let table = [
        ("completion bash --context prod", "--context means nothing to `completion`"),
        ("--theme dark man", "--theme means nothing to `man`"),
        ("explain stuck -n shop", "--namespace means nothing to `explain`"),
        ("explain stuck --demo", "--demo means nothing to `explain`"),
        ("version --read-only", "--read-only means nothing to `version`"),
        ("simulate -l a=b", "--selector means nothing to `simulate`"),
        ("-A version", "--all-namespaces means nothing to `version`"),
    ];
    for (line, says) in table {
        let error = read(line).unwrap_err();
        assert!(error.to_string().contains(says), "{line}: {error}");
    }
    for line in ["explain --help", "version -h", "completion --help", "man -h", "simulate --help"] {
        let help = read(line).unwrap_err().to_string();
        for flag in ["--context", "--kubeconfig", "--theme", "--namespace", "--demo", "--read-only"] {
            assert!(!help.contains(flag), "{line} lists {flag}");
        }
    }
    assert!(read("explain stuck --ascii --config a.yaml").is_ok());
    assert!(read("simulate --log-file a.log").is_ok());
    assert!(read("status --help").unwrap_err().to_string().contains("--context"));
}

#[test]
fn help_is_no_fault() {
    for line in ["--help", "-h", "status --help", "--version"] {
        assert_eq!(exit_status(&read(line).unwrap_err()), ExitStatus::Good, "{line}");
    }
}

#[test]
fn a_token_does_not_show() {
    let cli = read("--token s3cret").unwrap();
    assert!(!format!("{cli:?}").contains("s3cret"));
    assert_eq!(cli.connection.token.unwrap().reveal(), "s3cret");
}

#[test]
fn timeouts_read_as_kubectl_reads_them() {
    for (text, seconds) in [("0", 0), ("5", 5), ("90s", 90), ("1m30s", 90)] {
        let timeout = read(&format!("--request-timeout {text}")).unwrap().connection.request_timeout;
        assert_eq!(timeout.map(|t| t.as_secs()), Some(seconds));
    }
}

#[test]
fn the_manual_page_names_the_program() {
    let page = man(None).unwrap().unwrap();
    assert!(page.contains("cmtop"), "{page}");
}

#[test]
fn the_help_says_how_it_was_called() {
    let usage = |called: &str| parse([called, "status", "--nothing"]).unwrap_err().to_string();
    assert!(usage("/usr/bin/cmtop").contains("Usage: cmtop status"), "{}", usage("cmtop"));
    assert!(usage("/opt/bin/kubectl-cmtop").contains("Usage: kubectl cmtop status"), "{}", usage("kubectl-cmtop"));
}

#[test]
fn what_is_probed_names_a_kind_or_a_certificate() {
    use super::probe::What;
    let own = |text: &str| Some(text.to_owned());
    let table = [
        ("edge/edge", What::Certificate(own("edge"), "edge".to_owned())),
        ("cert/edge", What::Certificate(None, "edge".to_owned())),
        ("chal/edge/edge-1", What::Challenge(own("edge"), "edge-1".to_owned())),
        ("http01", What::Http01),
    ];
    for (text, what) in table {
        assert_eq!(text.parse::<What>(), Ok(what), "{text}");
    }
    for text in ["edge", "/edge", "order/edge", "secret/a/b"] {
        assert!(text.parse::<What>().is_err(), "{text}");
    }
}
