//! What `cmtop status` prints of real recordings.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use chrono::{FixedOffset, TimeDelta};
use cmtop::model::Model;
use cmtop::model::delta::{Batch, News};
use cmtop::model::feed::{FeedKey, FeedState};
use cmtop::model::kind::Kind;
use cmtop::model::meta::Time;
use cmtop::query::pick::{Pick, PickError};
use cmtop::recording::frame::{Content, Frame};
use cmtop::recording::player::Player;
use cmtop::recording::reader::Reader;
use cmtop::report::Origin;
use cmtop::report::Style;
use cmtop::report::document::Format;
use cmtop::report::exit::ExitStatus;
use cmtop::report::moment::Zone;
use cmtop::report::status::{Detail, Order, Status};
use serde_json::Value;

/// The model of a recording at a moment, and the clock.
fn replay(file: &str, until: &str) -> (Model, Time) {
    replay_some(file, until, |_| true)
}

/// The same, where only some frames ever arrived.
fn replay_some(file: &str, until: &str, arrives: impl Fn(&Frame) -> bool) -> (Model, Time) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(file).with_extension("jsonl");
    let until: Option<Time> = (until != "end").then(|| until.parse().unwrap());
    let mut reader = Reader::open(BufReader::new(File::open(path).unwrap())).unwrap();
    let (mut player, mut model) = (Player::default(), Model::default());
    while let Some(frame) = reader.next_frame().unwrap() {
        if until.is_none_or(|until| frame.t <= until) && arrives(&frame) {
            player.play(&frame, &mut |batch| model.apply(batch));
        }
    }
    (model, until.or(player.now()).unwrap())
}

fn pick(names: &[&str]) -> Pick {
    Pick { names: names.iter().map(|name| name.parse().unwrap()).collect(), ..Pick::default() }
}

fn status<'m>(model: &'m Model, pick: &Pick, now: Time) -> Status<'m> {
    let order = if pick.names.is_empty() { Order::ByNeed } else { Order::AsNamed };
    let cluster = Origin { context: "yard".to_owned(), kubernetes: "v1.36.0".to_owned(), ..Origin::default() };
    Status::of(model, &pick.choose(model).unwrap(), order, cluster, now)
}

fn text(file: &str, at: &str, names: &[&str], detail: Detail, style: Style) -> String {
    let (model, now) = replay(file, at);
    status(&model, &pick(names), now).text(detail, &style)
}

fn paper() -> Style {
    Style::default()
}

#[test]
fn tables() {
    let moments = [
        ("issuance-and-renewal", "2026-11-22T16:02:50Z"),
        ("issuance-and-renewal", "end"),
        ("http01-wrong-status", "end"),
        ("dns01-split-horizon", "end"),
        ("issuer-missing", "end"),
        ("order-rejected", "end"),
        ("route53-missing-region", "end"),
        ("approval", "2026-11-22T16:03:05Z"),
        ("approval", "end"),
        ("backoff-stuck-and-mended", "2026-11-22T17:32:00Z"),
        ("backoff-stuck-and-mended", "2026-11-22T17:33:00Z"),
        ("backoff-stuck-and-mended", "2026-11-22T17:34:10Z"),
        ("backoff-stuck-and-mended", "end"),
    ];
    let all: Vec<String> = moments
        .iter()
        .map(|(file, at)| format!("# {file} at {at}\n{}\n", text(file, at, &[], Detail::Table, paper())))
        .collect();
    insta::assert_snapshot!(all.concat());
}

#[test]
fn trees() {
    let moments = [
        ("issuance-and-renewal", "2026-11-22T15:58:31Z", "shop/wildcard"),
        ("issuance-and-renewal", "end", "shop/www"),
        ("issuance-and-renewal", "end", "platform/api"),
        ("issuance-and-renewal", "end", "shop/delegated"),
        ("http01-wrong-status", "end", "blog"),
        ("dns01-split-horizon", "end", "edge/edge"),
        ("issuer-missing", "end", "payments/no-issuer"),
        ("issuer-missing", "end", "payments/ca-missing"),
        ("order-rejected", "end", "legacy/blocked"),
        ("route53-missing-region", "end", "certificate/noregion"),
        ("approval", "2026-11-22T16:03:05Z", "approval/waiting"),
        ("approval", "end", "approval/denied"),
        ("backoff-stuck-and-mended", "2026-11-22T17:34:10Z", "renew/api"),
    ];
    let all: Vec<String> = moments
        .iter()
        .map(|(file, at, name)| format!("# {file} at {at}\n{}\n", text(file, at, &[name], Detail::Tree, paper())))
        .collect();
    insta::assert_snapshot!(all.concat());
}

#[test]
fn other_styles() {
    let zone = Zone::Fixed(FixedOffset::east_opt(3_600).unwrap());
    let wide = text("issuance-and-renewal", "end", &[], Detail::Wide, Style { zone, ..paper() });
    let ascii = Style { ascii: true, ..paper() };
    let ascii_tree = text("http01-wrong-status", "end", &["blog"], Detail::Tree, ascii);
    let ascii_table = text("http01-wrong-status", "end", &[], Detail::Table, ascii);
    assert!(ascii_tree.is_ascii() && ascii_table.is_ascii());
    let narrow = text("issuer-missing", "end", &[], Detail::Table, Style { width: Some(100), ..paper() });
    assert!(narrow.lines().all(|line| cmtop::text::width(line) <= 100), "{narrow}");
    let bare = text("issuer-missing", "end", &[], Detail::Table, Style { bare: true, ..paper() });
    let none = text("issuer-missing", "2026-11-22T15:00:00Z", &[], Detail::Table, paper());
    insta::assert_snapshot!([wide, ascii_tree, ascii_table, narrow, bare, none].join("\n"));
}

/// Every field of `cmtop.status/v1`, in its order.
const FIELDS: [&str; 4] = ["schema", "at", "cluster", "certificates"];
const CLUSTER: [&str; 4] = ["context", "server", "kubernetes", "certManager"];
const CERTIFICATE: [&str; 10] =
    ["namespace", "name", "verdict", "phase", "since", "nextAttempt", "notAfter", "renewalTime", "revision", "tree"];
const NODE: [&str; 9] = ["kind", "namespace", "name", "state", "reason", "since", "revision", "current", "children"];

fn has_exactly(object: &Value, fields: &[&str]) {
    let mut found: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = fields.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

fn is_a_node(node: &Value) {
    has_exactly(node, &NODE);
    assert!(node["kind"].is_string() && node["state"].is_string() && node["current"].is_boolean(), "{node}");
    for child in node["children"].as_array().unwrap() {
        is_a_node(child);
    }
}

#[test]
fn documents_have_every_field_whatever_is_known() {
    for file in ["issuance-and-renewal", "approval", "issuer-missing", "backoff-stuck-and-mended"] {
        let (model, now) = replay(file, "end");
        let status = status(&model, &Pick::default(), now);
        let json = status.document(Format::Json).unwrap();
        let document: Value = serde_json::from_str(&json).unwrap();
        let yaml: Value = serde_yaml::from_str(&status.document(Format::Yaml).unwrap()).unwrap();
        assert_eq!(document, yaml);
        has_exactly(&document, &FIELDS);
        has_exactly(&document["cluster"], &CLUSTER);
        assert_eq!(document["schema"], "cmtop.status/v1");
        assert_eq!(document["cluster"]["server"], Value::Null);
        assert!(document["at"].as_str().unwrap().ends_with('Z'));
        let certificates = document["certificates"].as_array().unwrap();
        assert_eq!(certificates.len(), model.certificates.len());
        for certificate in certificates {
            has_exactly(certificate, &CERTIFICATE);
            is_a_node(&certificate["tree"]);
        }
    }
}

/// On paper there are no colours, unless somebody wants them; and they are all that differs.
#[test]
fn colours_are_there_where_they_are_asked_for() {
    let told = |arguments: &[&str], variable: (&str, &str)| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cmtop"));
        let home = tempfile::tempdir().unwrap();
        let file = "tests/recordings/issuer-missing.jsonl";
        command.args(["status", "--utc", "--from", file]).args(arguments).env("HOME", home.path());
        for unset in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CMTOP_COLOR", "CMTOP_CONFIG", "XDG_CONFIG_HOME"] {
            command.env_remove(unset);
        }
        command.env("TERM", "xterm").env(variable.0, variable.1).current_dir(env!("CARGO_MANIFEST_DIR"));
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let plain = told(&[], ("LANG", "C.UTF-8"));
    assert!(plain.contains("stuck") && !plain.contains('\x1b'), "{plain}");
    for (arguments, variable) in [(&["--color", "always"][..], ("NO_COLOR", "1")), (&[][..], ("CLICOLOR_FORCE", "1"))] {
        let colored = told(arguments, (variable.0, variable.1));
        assert!(colored.contains("\x1b[1;31m"), "{colored:?}");
        let bare: Vec<_> = colored.lines().map(cmtop::report::tint::bare).collect();
        assert_eq!(bare, plain.lines().collect::<Vec<_>>());
    }
}

#[test]
fn a_document_reads_like_this() {
    let (model, now) = replay("approval", "2026-11-22T16:03:05Z");
    insta::assert_snapshot!(status(&model, &pick(&["waiting"]), now).document(Format::Json).unwrap());
}

#[test]
fn names_are_looked_up_where_they_are_meant() {
    let (model, _) = replay("issuance-and-renewal", "end");
    let chosen = |pick: Pick| -> Result<Vec<String>, PickError> {
        let ids = pick.choose(&model)?;
        Ok(ids.iter().map(|id| model.certificate_key(*id).unwrap().to_string()).collect())
    };
    let home = |name: &str, home: &str| Pick { home: Some(home.to_owned()), ..pick(&[name]) };
    let within = |name: &str, namespace: &str| Pick { namespaces: vec![namespace.to_owned()], ..pick(&[name]) };
    assert_eq!(
        chosen(pick(&["www", "platform/api", "www"])).unwrap(),
        ["Certificate/shop/www", "Certificate/platform/api"]
    );
    assert_eq!(chosen(home("www", "shop")).unwrap(), ["Certificate/shop/www"]);
    assert_eq!(chosen(within("api", "platform")).unwrap(), ["Certificate/platform/api"]);
    let missing = chosen(home("www", "platform")).unwrap_err();
    assert_eq!(missing.to_string(), "there is no Certificate `www` in namespace platform; there is shop/www");
    assert_eq!(ExitStatus::from(&missing), ExitStatus::Missing);
    let shop = Pick { namespaces: vec!["shop".to_owned()], ..Pick::default() };
    assert_eq!(
        chosen(shop).unwrap(),
        ["Certificate/shop/delegated", "Certificate/shop/wildcard", "Certificate/shop/www"]
    );
    let none = Pick { selector: "no=such".parse().unwrap(), ..Pick::default() };
    assert_eq!(chosen(none).unwrap(), Vec::<String>::new());
    let meant = chosen(pick(&["wildcrad"])).unwrap_err();
    assert_eq!(meant.to_string(), "there is no Certificate `wildcrad`; did you mean shop/wildcard?");
}

#[test]
fn where_nothing_is_there_is_nothing_good() {
    let (mut model, _) = replay("issuance-and-renewal", "end");
    let within =
        |names: &[&str]| Pick { namespaces: names.iter().map(ToString::to_string).collect(), ..Pick::default() };
    let remark = |model: &Model, pick: &Pick| pick.choose(model).map(|_| pick.remark(model).unwrap_or_default());
    let nope = "there is no Certificate in namespace nope; Certificates are in platform, shop";
    // Whether there is such a namespace nobody knows here: to look was possible, and nothing was found.
    model.apply(Batch {
        at: Time::MIN_UTC,
        feed: FeedKey::cluster(Kind::Namespace),
        news: News::Health(FeedState::Forbidden { right: "list namespaces".into() }),
    });
    assert_eq!(remark(&model, &within(&["nope"])).unwrap(), nope);
    assert_eq!(remark(&model, &within(&["shop", "nope"])).unwrap(), nope);
    assert_eq!(remark(&model, &within(&["shop"])).unwrap(), "");
    assert_eq!(remark(&model, &Pick::default()).unwrap(), "");
    let none = Pick { selector: "no=such".parse().unwrap(), ..Pick::default() };
    assert_eq!(remark(&model, &none).unwrap(), "no Certificate has the labels `no=such`");

    let feed = FeedKey::cluster(Kind::Namespace);
    for news in [News::ListBegan, News::ListEnded] {
        model.apply(Batch { at: Time::MIN_UTC, feed: feed.clone(), news });
    }
    let error = remark(&model, &within(&["nope"])).unwrap_err();
    assert_eq!(error.to_string(), "there is no namespace nope; Certificates are in platform, shop");
    assert_eq!(ExitStatus::from(&error), ExitStatus::Missing);
    let error = remark(&model, &within(&["shpo"])).unwrap_err();
    assert_eq!(error.to_string(), "there is no namespace shpo; did you mean shop?; Certificates are in platform, shop");
    // One of those that were named is there.
    assert_eq!(remark(&model, &within(&["shop", "nope"])).unwrap(), nope);
}

#[test]
fn it_says_when_it_could_not_look() {
    let now = "2026-11-22T16:00:00Z".parse().unwrap();
    let blind = Model::default();
    assert_eq!(status(&blind, &Pick::default(), now).outcome(), ExitStatus::Blind);
    let (model, now) = replay("approval", "end");
    assert_eq!(status(&model, &Pick::default(), now + TimeDelta::days(1)).outcome(), ExitStatus::Good);
}

#[test]
fn what_may_not_be_read_is_not_said_to_be_absent() {
    let (model, now) = replay_some("http01-wrong-status", "end", |frame| match &frame.content {
        Content::Object(_, object) => serde_json::from_str::<Value>(object.get()).unwrap()["kind"] == "Certificate",
        Content::Synced(resource) => resource.starts_with("certificates."),
        _ => false,
    });
    insta::assert_snapshot!(status(&model, &pick(&["blog"]), now).text(Detail::Tree, &paper()));
}
