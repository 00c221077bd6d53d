//! A Challenge of a recording: what it wanted is asked of servers as they are now, and nothing is asked from inside.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use cmtop::model::Model;
use cmtop::probe::answer::{Outcome, Role};
use cmtop::probe::target::Target;
use cmtop::recording::player::Player;
use cmtop::recording::reader::Reader;
use cmtop::report::probe::Findings;
use cmtop::runtime::clock::Clock;
use cmtop::runtime::probing::object::task;
use cmtop::runtime::probing::resolvers::Resolvers;
use cmtop::sim::Internet;

use crate::server::{Server, Zone, txt};

#[tokio::test]
async fn a_recorded_challenge_is_compared_with_servers_of_today() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/dns01-split-horizon.jsonl");
    let mut reader = Reader::open(BufReader::new(File::open(file).unwrap())).unwrap();
    let (mut player, mut model) = (Player::default(), Model::default());
    while let Some(frame) = reader.next_frame().unwrap() {
        player.play(&frame, &mut |batch| model.apply(batch));
    }
    let (_, challenge) = model.challenges.iter().next().unwrap();
    let target = Target::of(&model, challenge).unwrap();
    let (record, key) = (target.subject.record(), target.expected.clone().unwrap());
    let zone = target.subject.name().split_once('.').unwrap().1;
    let server = Server::of(Zone::new(zone, vec![txt(&record, &key)]).learned()).await;
    let public = "192.0.2.1:53".parse().unwrap();
    let mut internet = Internet::default();
    internet.ways.insert(public, server.address);
    internet.public.push(public);
    let resolvers = Resolvers::of_demo(internet, Clock::fixed(player.now().unwrap()));
    let task = task(&resolvers, None, &target).await;
    assert_eq!(task.object, Some(target.object.to_string()));
    let probe = task.look(resolvers.now()).await;
    let Findings::Dns01(report) = &probe.findings else { panic!("{probe:?}") };
    assert_eq!(report.expected.as_deref(), Some(key.as_str()));
    assert!(report.of(Role::Cluster).next().is_none(), "a recording has no inside");
    assert_eq!(report.of(Role::Public).next().unwrap().outcome, Some(Outcome::Match), "{report:?}");
}
