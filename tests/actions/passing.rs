//! Time passes and nothing else: what is followed says so.

use cmtop::report::Origin;
use cmtop::runtime::clock::Clock;
use cmtop::runtime::command::status::watch::Told;
use cmtop::runtime::source::follow::{Follow, Turn};
use cmtop::runtime::source::live::Live;
use cmtop::runtime::source::scene::Scene;
use cmtop::sim::{Options, Story};
use cmtop::triage::diagnose;
use cmtop::triage::verdict::Verdict;
use cmtop::watch::discover::Wish;

use crate::yard::Yard;

#[tokio::test(start_paused = true)]
async fn a_status_is_told_again_when_waiting_becomes_stuck() {
    let story = "objects: [{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: selfsigned}, spec: {selfSigned: {}}}]\n\
        certificates: [{name: shop/www, issuer: ClusterIssuer/selfsigned, dnsNames: [www.shop.example], at: -10s}]\n\
        steps: [{at: -10m, settings: {approver: false}}]\n";
    let yard = Yard::of(&Story::parse(story).unwrap(), 1, Options::default()).await;
    let clock = Clock::story(yard.world.clock().clone(), 1.0);
    let (live, model) = Live::begin(yard.cluster(), Wish::default(), clock.clone()).await.unwrap();
    let (now, origin) = (clock.now(), Origin::default());
    let scene = Scene { model, now, origin, home: None, live: Some(live), cluster: None };
    let mut follow = Follow::on(scene).unwrap();
    let chosen: Vec<_> = follow.scene.model.certificates.iter().map(|(id, _)| id).collect();
    let verdict = |follow: &Follow| diagnose(&follow.scene.model, chosen[0], follow.scene.now).unwrap().verdict;
    assert_eq!(verdict(&follow), Verdict::Issuing);
    let mut told = Told::default();
    assert!(told.differs(&follow.scene.model, &chosen, None, follow.scene.now));
    assert!(!told.differs(&follow.scene.model, &chosen, None, follow.scene.now));
    let asked = yard.asked();
    while !told.differs(&follow.scene.model, &chosen, Some(follow.judged()), follow.scene.now) {
        assert!(matches!(follow.turn(None).await, Ok(Turn::Changes(_))));
    }
    assert_eq!(verdict(&follow), Verdict::Stuck);
    assert!(yard.writes(asked).is_empty());
    let fewer = &chosen[1..];
    assert!(told.differs(&follow.scene.model, fewer, Some(&[]), follow.scene.now), "one is gone");
}
