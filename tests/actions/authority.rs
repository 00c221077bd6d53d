//! The renewal of a certificate that an issuer signs with says whom it reaches.

use cmtop::action::Action;
use cmtop::action::plan::{Words, plan};
use cmtop::model::meta::Object as _;
use cmtop::runtime::clock::Clock;
use cmtop::runtime::source::live::Live;
use cmtop::sim::{Options, Story};
use cmtop::watch::discover::Wish;

use crate::yard::Yard;

const STORY: &str = "
objects:
  - {apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: selfsigned}, spec: {selfSigned: {}}}
  - {apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: ca, namespace: shop}, spec: {ca: {secretName: root}}}
  - {apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: ca, namespace: blog}, spec: {ca: {secretName: root}}}
certificates:
  - {name: shop/root, issuer: ClusterIssuer/selfsigned, dnsNames: [], secret: root, at: -2h, spec: {isCA: true, commonName: root}}
  - {name: shop/www, issuer: Issuer/ca, dnsNames: [www.shop.example], at: -1h}
  - {name: shop/api, issuer: Issuer/ca, dnsNames: [api.shop.example], at: -1h}
";

#[tokio::test(start_paused = true)]
async fn the_issuer_that_signs_with_it_is_named_and_what_it_signed_is_counted() {
    let yard = Yard::of(&Story::parse(STORY).unwrap(), 1, Options::default()).await;
    let clock = Clock::story(yard.world.clock().clone(), 1.0);
    let (_live, model) = Live::begin(yard.cluster(), Wish::default(), clock.clone()).await.unwrap();
    let warnings = |name: &str| {
        let (_, row) = model.certificate("shop", name).unwrap();
        let whole = plan(&model, Action::Renew, &row.key(), &Words::default(), clock.now()).unwrap();
        whole.alone(&model, clock.now()).warnings
    };
    let root = warnings("root");
    assert!(root.iter().any(|it| it.starts_with("Issuer/shop/ca signs with it: the 2 Certificates of")), "{root:?}");
    assert!(!root.iter().any(|it| it.contains("Issuer/blog/ca")), "another namespace, another Secret: {root:?}");
    let leaf = warnings("www");
    assert!(!leaf.iter().any(|it| it.contains("signs with it")), "{leaf:?}");
}
