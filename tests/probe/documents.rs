//! `cmtop.probe/v1`, and the matrix for people.

use cmtop::probe::dns01::Plan;
use cmtop::probe::survey::{Reach, dns01};
use cmtop::report::Style;
use cmtop::report::document::Format;
use cmtop::report::exit::ExitStatus;
use cmtop::report::probe::{Findings, Probe};

use crate::server::{Server, Zone, soa, txt};

async fn split() -> Probe {
    let at = "_acme-challenge.app.split.test";
    let authority = Server::of(Zone::new("split.test", vec![txt(at, "the-key")])).await;
    let resolver =
        Server::of(Zone { soa: soa("split.test", "inner.test", 3), ..Zone::new("split.test", vec![]) }).await;
    let subject = "*.app.split.test".parse().unwrap();
    let plan = Plan::given(subject, Some("the-key".to_owned()), &[authority.address], &[resolver.address]);
    let report = dns01::look(&Reach::default(), &plan, |_| ()).await;
    let at = "2026-11-22T22:14:07Z".parse().unwrap();
    Probe { at, object: None, findings: Findings::Dns01(Box::new(report)), took: None }
}

#[tokio::test]
async fn the_document_has_the_names_that_scripts_rely_on() {
    let probe = split().await;
    let document: serde_json::Value = serde_json::from_str(&probe.document(Format::Json).unwrap()).unwrap();
    assert_eq!(document["schema"], "cmtop.probe/v1");
    assert_eq!(
        (&document["name"], &document["record"]),
        (&"*.app.split.test".into(), &"_acme-challenge.app.split.test".into())
    );
    assert_eq!((&document["expected"], &document["cname"]), (&"the-key".into(), &serde_json::json!([])));
    assert_eq!(document["finding"], "dns01-split-horizon");
    let servers = document["servers"].as_array().unwrap();
    let told: Vec<_> =
        servers.iter().map(|it| (it["role"].as_str().unwrap(), it["result"].as_str().unwrap())).collect();
    assert_eq!(told, [("authority", "match"), ("given", "nxdomain")]);
    assert_eq!(servers[0]["values"], serde_json::json!(["the-key"]));
    assert!(servers[0]["rttMs"].as_f64().unwrap() > 0.0 && servers[0]["error"].is_null());
    assert_eq!((servers[0]["ttl"].as_u64(), servers[1]["ttl"].as_u64()), (Some(60), Some(60)));
    assert_eq!(document["stopsAt"], servers[1]["server"]);
    let remedy = &document["remedies"][0];
    assert!(remedy["command"].as_str().unwrap().contains("helm upgrade") && remedy["action"].is_null());
    assert_eq!(probe.outcome(), ExitStatus::Trouble);
}

#[tokio::test]
async fn the_matrix_says_where_cert_manager_stops() {
    let text = split().await.text(&Style::default());
    assert!(text.contains("nxdomain, authoritative"), "{text}");
    let stop = text.lines().find(|line| line.contains("← cert-manager asks here and stops")).unwrap();
    assert!(stop.contains("given"), "{text}");
    assert!(text.contains("dns01-split-horizon") && text.contains("Mend"), "{text}");
}
