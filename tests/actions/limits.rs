//! The limits of a public authority, counted from the objects of the cluster.

use std::fmt::Write as _;

use cmtop::action::rate;
use cmtop::model::certificate::Certificate;
use cmtop::sim::{Options, Story};

use crate::desk::Desk;
use crate::yard::Yard;

/// So many certificates of one domain that were issued for the first time, so many days ago.
async fn young(count: usize, days: u32, server: &str) -> Yard {
    let mut story = format!(
        "objects:\n- apiVersion: cert-manager.io/v1\n  kind: ClusterIssuer\n  metadata: {{name: le}}\n  spec: {{acme: \
         {{server: '{server}', privateKeySecretRef: {{name: le}}, solvers: [{{http01: {{ingress: {{}}}}}}]}}}}\n\
         certificates:\n"
    );
    for i in 0..count {
        let _ = writeln!(
            story,
            "- {{name: shop/c{i:02}, issuer: ClusterIssuer/le, dnsNames: [c{i:02}.shop.co.uk], at: -{days}d}}"
        );
    }
    story.push_str("- {name: else/where, issuer: ClusterIssuer/le, dnsNames: [www.else.example], at: -1d}\n");
    Yard::of(&Story::parse(&story).unwrap(), 5, Options::default()).await
}

const PUBLIC: &str = "https://acme-v02.api.letsencrypt.org/directory";

#[tokio::test(start_paused = true)]
async fn certificates_of_a_registered_domain_are_counted_for_the_public_authority_alone() {
    let staging = "https://acme-staging-v02.api.letsencrypt.org/directory";
    let table = [
        (48, 2, PUBLIC, "shop", true),
        (48, 9, PUBLIC, "shop", false),
        (48, 2, staging, "shop", false),
        (48, 2, PUBLIC, "else", false),
        (12, 2, PUBLIC, "shop", false),
    ];
    for (count, days, server, namespace, warned) in table {
        let yard = young(count, days, server).await;
        let of = |name: &str| {
            yard.model.certificates.by_name(namespace, name).and_then(|id| yard.model.certificates.get(id))
        };
        let row: &Certificate = of(if namespace == "shop" { "c00" } else { "where" }).unwrap();
        let warnings = rate::of_many(&yard.model, &[row], yard.moment());
        let expected = "Let's Encrypt issued at least 48 new certificates under shop.co.uk in 7 days; its limit is 50";
        let found = warnings.iter().any(|warning| warning.starts_with(expected));
        assert_eq!(found, warned, "{count} {days} {server} {namespace}: {warnings:?}");
        assert_eq!(warnings.len(), usize::from(warned), "{warnings:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_dialog_warns_before_a_limit_is_met() {
    let mut desk = Desk::of(young(48, 2, PUBLIC).await, "name:^c00$").await;
    desk.keys("R").await;
    let screen = desk.screen();
    assert!(screen.contains("But") && screen.contains("48 new certificates under shop.co.uk in 7 days"), "{screen}");

    let mut desk = Desk::of(Yard::busy().await, "name:^limited$").await;
    desk.keys("R").await;
    assert!(desk.screen().contains("But"), "{}", desk.screen());
}
