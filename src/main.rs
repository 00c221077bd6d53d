//! The `cmtop` program.

use std::fs::File;
use std::io::BufReader;

use cmtop::app::App;
use cmtop::app::message::{Message, Session, SourceKind, SourceNews};
use cmtop::recording::reader::Reader;
use cmtop::runtime::clock::Clock;
use cmtop::runtime::dashboard::{Outside, run};
use cmtop::runtime::live::{self, Outlet};
use cmtop::runtime::replay::play;
use cmtop::theme::Theme;
use cmtop::theme::glyphs::Glyphs;
use cmtop::ui::Look;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let (tx, rx) = tokio::sync::mpsc::channel(cmtop::limits::QUEUE);
    let (btx, brx) = tokio::sync::mpsc::channel(cmtop::limits::QUEUE);
    let (rtx, rrx) = tokio::sync::mpsc::channel(4);
    let out = Outlet { batches: btx, messages: tx.clone() };
    let clock;
    if args.get(1).is_some_and(|a| a == "demo") {
        let speed = args.get(2).map_or(1.0, |s| s.parse().unwrap_or(1.0));
        let n = args.get(3).map_or(0, |s| s.parse().unwrap_or(0));
        let demo = cmtop::runtime::demo::Demo::begin(
            &cmtop::sim::Story::named("busy-night")?,
            cmtop::sim::Options { speed, certificates: n, seed: 0 },
        )?;
        clock = demo.clock().clone();
        tokio::spawn(demo.run("busy-night".into(), cmtop::watch::discover::Wish::default(), false, out, rrx));
    } else if args.len() > 1 {
        let reader = Reader::open(BufReader::new(File::open(&args[1])?))?;
        let speed = args.get(2).map_or(1.0, |s| s.parse().unwrap_or(1.0));
        clock = Clock::replay(reader.header().started, speed);
        let session = Session {
            source: SourceKind::Recording,
            context: args[1].clone(),
            cluster: reader.header().cluster.clone(),
            ..Session::default()
        };
        tx.send(Message::Source(SourceNews::Session(session))).await?;
        tokio::spawn(play(reader, clock.clone(), out));
    } else {
        clock = Clock::wall();
        let mut options = cmtop::cluster::Options::default();
        options.environment.kubeconfig = std::env::var_os("KUBECONFIG");
        tokio::spawn(live::run(options, cmtop::watch::discover::Wish::default(), true, clock.clone(), out, rrx));
    }
    let look = Look {
        theme: Theme::bundled("dark")?,
        glyphs: Glyphs::UNICODE,
        offset: cmtop::runtime::clock::local_offset(clock.now()),
    };
    run(
        App::new(80, 24),
        Outside { inbox: rx, batches: brx, requests: rtx, clock, look, mouse: true, pictures: "/tmp/pics".into() },
    )
    .await?;
    Ok(())
}
