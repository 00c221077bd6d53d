//! What stands around cert-manager, where somebody looked.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use cmtop::model::Model;
use cmtop::model::delta::{Batch, News};
use cmtop::model::feed::FeedKey;
use cmtop::model::kind::Kind;
use cmtop::model::surroundings::{Account, Class, Definition, Hook, Lease, Look, Surroundings, User};
use cmtop::triage::finding::Finding;
use cmtop::triage::{findings, system};
use serde_json::{Value, json};

use crate::scenario::{Case, NOW, model};

/// A chain, and what was found around it.
fn looked(case: Value, found: Surroundings) -> Model {
    let mut case = case;
    (case["case"], case["first"]) = (json!("around"), json!("none"));
    let case: Case = serde_json::from_value(case).unwrap();
    let mut model = model(&case);
    model.apply(Batch { at: NOW, feed: FeedKey::cluster(Kind::Deployment), news: News::Around(Box::new(found)) });
    model
}

fn controller() -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "cert-manager", "namespace": "cert-manager", "uid": "d", "creationTimestamp": "-9000s",
            "labels": {"app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "controller"}},
        "spec": {"replicas": 1, "template": {"spec": {"containers": [
            {"name": "c", "image": "quay.io/jetstack/cert-manager-controller:v1.21.1"}]}}},
        "status": {"readyReplicas": 1}})
}

fn said(found: &[Finding]) -> Vec<String> {
    found
        .iter()
        .flat_map(|finding| {
            finding.evidence.iter().map(|e| format!("{}: {} {} {}", finding.id, e.object, e.field, e.value))
        })
        .collect()
}

fn of_certificate(model: &Model) -> Vec<String> {
    let (id, _) = model.certificate("shop", "www").unwrap();
    said(&findings(model, id, NOW + TimeDelta::seconds(200)))
}

fn refused() -> Value {
    json!({"set": {"challenge": {"status": {"reason":
        "Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'"}}},
        "more": [{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": {"name": "cm-acme-http-solver-x", "namespace": "shop", "uid": "i", "creationTimestamp": "-50s",
                "labels": {"acme.cert-manager.io/http01-solver": "true"},
                "ownerReferences": [{"uid": "www-1-7-8", "controller": true}]},
            "spec": {"ingressClassName": "ngnix"}}]})
}

#[test]
fn a_class_that_nobody_serves_is_said() {
    let class = |name: &str| Class { name: name.to_owned(), controller: "k8s.io/nginx".to_owned(), default: false };
    let with = |classes| Surroundings { at: Some(NOW), classes: Look::Seen(classes), ..Surroundings::default() };
    let said = of_certificate(&looked(refused(), with(vec![class("nginx"), class("traefik")])));
    let wanted =
        "http01-wrong-status: IngressClass/ngnix spec.controller there is no such class; there are: nginx, traefik";
    assert!(said.iter().any(|line| line == wanted), "{said:#?}");
    let said = of_certificate(&looked(refused(), with(vec![class("ngnix")])));
    assert!(
        said.iter().any(|line| line.ends_with("IngressClass/ngnix spec.controller is served by k8s.io/nginx")),
        "{said:#?}"
    );
    let said = of_certificate(&looked(refused(), Surroundings::default()));
    assert!(!said.iter().any(|line| line.contains("IngressClass")), "nobody looked: {said:#?}");
}

#[test]
fn the_first_finding_says_whom_it_hurts() {
    let user = |name: &str, secret: &str| User {
        name: name.to_owned(),
        secret: secret.to_owned(),
        field: "spec.tls",
        how: "serves www.shop.example with it".to_owned(),
    };
    let of = |look| Surroundings { users: BTreeMap::from([("shop".into(), look)]), ..Surroundings::default() };
    let users = vec![user("Ingress/shop/www", "www-tls"), user("Ingress/shop/other", "other-tls")];
    let said = of_certificate(&looked(refused(), of(Look::Seen(users))));
    let hurt: Vec<_> = said.iter().filter(|line| line.contains("spec.tls")).collect();
    assert_eq!(hurt, ["http01-wrong-status: Ingress/shop/www spec.tls serves www.shop.example with it"]);

    let model = looked(refused(), of(Look::Denied("list ingresses in namespace shop".to_owned())));
    let (id, _) = model.certificate("shop", "www").unwrap();
    let found = findings(&model, id, NOW + TimeDelta::seconds(200));
    let wanted = found[0].wants.last().map(String::as_str);
    assert_eq!(wanted, Some("whom it hurts; the right that is missing: list ingresses in namespace shop"));
}

#[test]
fn the_identity_of_the_controller_is_evidence_for_route53() {
    let case = json!({"set": {"challenge": {"spec": {"type": "DNS-01",
        "solver": {"http01": null, "dns01": {"route53": {}}}}, "status": {"presented": null, "presentedAt": null,
        "reason": "error instantiating route53 challenge solver: unable to construct route53 provider: empty credentials; perhaps you meant to enable ambient credentials?"}}},
        "more": [controller()]});
    let account = |identities| Surroundings {
        at: Some(NOW),
        account: Look::Seen(Some(Account { name: "cert-manager/cert-manager".to_owned(), identities })),
        ..Surroundings::default()
    };
    let said = of_certificate(&looked(case.clone(), account(Vec::new())));
    let bare = "ServiceAccount/cert-manager/cert-manager metadata.annotations no annotation gives it an identity";
    assert!(said.iter().any(|line| line.contains(bare)), "{said:#?}");
    let role = ("eks.amazonaws.com/role-arn".to_owned(), "arn:aws:iam::1:role/dns".to_owned());
    let said = of_certificate(&looked(case, account(vec![role])));
    assert!(said.iter().any(|line| line.ends_with("eks.amazonaws.com/role-arn=arn:aws:iam::1:role/dns")), "{said:#?}");
}

#[test]
fn what_cert_manager_rests_on_is_reported_when_it_is_broken_and_only_then() {
    let around = |renewed: i64, release: &str, has_ca| Surroundings {
        at: Some(NOW),
        lease: Look::Seen(Some(Lease {
            name: "kube-system/cert-manager-controller".to_owned(),
            holder: "cert-manager-0".to_owned(),
            renewed: Some(NOW - TimeDelta::seconds(renewed)),
        })),
        definitions: Look::Seen(vec![Definition {
            name: "orders.acme.cert-manager.io".to_owned(),
            release: Some(release.to_owned()),
        }]),
        hooks: Look::Seen(vec![Hook {
            name: "ValidatingWebhookConfiguration/cert-manager-webhook".to_owned(),
            has_ca,
        }]),
        ..Surroundings::default()
    };
    let ids = |found| {
        let model = looked(json!({"upto": "issuer", "more": [controller()]}), found);
        system(&model, NOW).iter().map(|finding| finding.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(around(15, "v1.21.1", true)), Vec::<&str>::new());
    assert_eq!(ids(around(600, "v1.21.1", true)), ["controller-down"]);
    assert_eq!(ids(around(15, "v1.12.0", true)), ["definitions-of-another-release"]);
    assert_eq!(ids(around(15, "v1.21.1", false)), ["webhook-without-ca-bundle"]);
}
