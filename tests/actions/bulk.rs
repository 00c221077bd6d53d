//! Many at once: paced, counted, and stopped when somebody says so.

use std::time::Duration;

use cmtop::action::Action;
use cmtop::action::errand::{ActionNews, Errand};
use cmtop::action::report::Outcome;
use cmtop::app::message::Message;
use cmtop::model::meta::Object as _;
use cmtop::runtime::service::action_log::ActionLog;
use cmtop::runtime::service::errands::Errands;
use cmtop::sim::{Options, Story};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::yard::Yard;

async fn fleet(count: u32) -> Yard {
    let options = Options { certificates: count, ..Options::default() };
    Yard::of(&Story::named("quiet").unwrap(), 1, options).await
}

#[tokio::test(start_paused = true)]
async fn a_thousand_renewals_are_paced_and_each_is_told() {
    let yard = fleet(1_100).await;
    let rows = yard.model.certificates.iter().map(|(_, row)| row).filter(|row| !row.is_issuing());
    let plans: Vec<_> = rows
        .filter_map(|row| yard.plan(Action::Renew, &row.key()).ok())
        .map(|plan| plan.in_any_state())
        .take(1_000)
        .collect();
    assert_eq!(plans.len(), 1_000);
    let (out, mut news) = mpsc::channel(8);
    let mut errands = Errands::new(yard.cluster(), yard.now(), ActionLog::default(), out);
    let began = Instant::now();
    errands.begin(Errand::Perform(1, plans));
    let mut told = 0;
    while let Some(Message::Action(message)) = news.recv().await {
        match message {
            ActionNews::Reported(1, report) => {
                told += 1;
                assert_eq!(report.outcome, Outcome::Done, "{report:?}");
            }
            ActionNews::Ended(1) => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, 1_000);
    assert!(began.elapsed() >= Duration::from_secs(199), "five a second: {:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_is_stopped_ends_after_the_one_that_is_being_done() {
    let yard = fleet(100).await;
    let rows = yard.model.certificates.iter().map(|(_, row)| row).filter(|row| !row.is_issuing());
    let plans: Vec<_> =
        rows.filter_map(|row| yard.plan(Action::Renew, &row.key()).ok()).map(|plan| plan.in_any_state()).collect();
    let (out, mut news) = mpsc::channel(8);
    let mut errands = Errands::new(yard.cluster(), yard.now(), ActionLog::default(), out);
    let asked = yard.asked();
    errands.begin(Errand::Perform(7, plans.clone()));
    let mut told = 0;
    while let Some(Message::Action(message)) = news.recv().await {
        match message {
            ActionNews::Reported(..) => {
                told += 1;
                if told == 10 {
                    errands.begin(Errand::Stop(7));
                }
            }
            ActionNews::Ended(_) => break,
            other => panic!("{other:?}"),
        }
    }
    assert!((10..=12).contains(&told) && told < plans.len(), "{told} of {}", plans.len());
    assert_eq!(yard.writes(asked).len(), told);
}
