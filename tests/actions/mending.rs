//! `m`: the remedy of the first finding, one step after the other.

use cmtop::app::effect::Effect;
use cmtop::app::message::Message;
use cmtop::app::screen::Mode;
use cmtop::sim::{Fault, Recorded};

use crate::desk::Desk;
use crate::yard::Yard;

/// Verb and path of each write that arrived and was no trial.
fn sent(desk: &Desk, since: usize) -> Vec<String> {
    let trial = |write: &Recorded| {
        write.query.contains("dryRun") || String::from_utf8_lossy(&write.body).contains("\"dryRun\":[\"All\"]")
    };
    let writes = desk.yard.writes(since).into_iter().filter(|write| !trial(write));
    writes.map(|write| format!("{} {}", write.method, write.path.rsplit("/namespaces/").next().unwrap())).collect()
}

const DELETE: &str = "DELETE payments/certificaterequests/denied-1";
const RENEW: &str = "PUT payments/certificates/denied/status";

#[tokio::test(start_paused = true)]
async fn the_remedy_of_the_first_finding_is_shown_step_by_step_and_then_done_in_that_order() {
    let mut desk = Desk::of(Yard::busy().await, "name:^denied$").await;
    let asked = desk.yard.asked();
    desk.keys("m enter").await;
    let screen = desk.screen();
    assert!(screen.contains("Retry Certificate/payments/denied"), "{screen}");
    let at = |text: &str| screen.find(text).unwrap_or_else(|| panic!("{text}: {screen}"));
    assert!(at("/certificaterequests/denied-1") < at("/certificates/denied/status"), "{screen}");
    assert_eq!(sent(&desk, asked), [""; 0], "nothing is sent before enter");
    desk.keys("enter").await;
    assert_eq!(sent(&desk, asked), [DELETE, RENEW]);
    assert!(matches!(desk.harness.app.mode(), Mode::Normal), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn it_stops_at_the_first_surprise() {
    let table = [
        (Fault::forbidden().verb("delete").resource("certificaterequests"), vec![DELETE], "the rest was not done"),
        (
            Fault::refuse(422, "Invalid").verb("update").resource("certificates"),
            vec![DELETE, RENEW],
            "denied-1: deleted",
        ),
    ];
    for (fault, requests, words) in table {
        let mut desk = Desk::of(Yard::busy().await, "name:^denied$").await;
        desk.keys("m enter").await;
        let asked = desk.yard.asked();
        desk.yard.sim().faults().add(fault);
        desk.keys("enter").await;
        assert_eq!(sent(&desk, asked), requests);
        let screen = desk.screen();
        assert!(screen.contains(words) && screen.contains("nothing more is sent"), "{screen}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_approval_that_is_waited_for_is_offered_and_a_healthy_certificate_needs_nothing() {
    let mut desk = Desk::of(Yard::busy().await, "name:^next-gen$").await;
    desk.keys("m enter").await;
    assert!(desk.screen().contains("Approve CertificateRequest/platform/next-gen-1"), "{}", desk.screen());
    let mut desk = Desk::of(Yard::busy().await, "name:^checkout$").await;
    desk.keys("m").await;
    assert!(desk.screen().contains("nothing is wrong here"), "{}", desk.screen());
    desk.keys("r").await;
    assert!(desk.screen().contains("nothing failed and nothing is in flight: renew issues it"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn on_a_small_screen_what_is_asked_for_and_the_keys_stand_without_scrolling() {
    let mut desk = Desk::of(Yard::busy().await, "name:^denied$").await;
    desk.harness.send(Message::Resize(80, 24));
    desk.keys("r").await;
    let screen = desk.screen();
    for words in [
        "Retry Certificate/payments/denied",
        "What happens",
        "Affects",
        "1 of 2        DELETE certificaterequests/denied-1",
        "2 of 2        PUT certificates/denied/status",
        "[enter] retry",
        "[esc] no",
        "more lines",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    assert_eq!(screen.matches("Checked       allowed").count(), 2, "{screen}");
}

#[tokio::test(start_paused = true)]
async fn of_several_remedies_each_has_its_digit_whether_it_is_done_or_copied() {
    let mut desk = Desk::of(Yard::busy().await, "name:^denied$").await;
    desk.keys("m").await;
    let screen = desk.screen();
    let row = |digit: &str| screen.lines().find(|line| line.contains(digit)).unwrap().to_owned();
    assert!(row("1 Change the Certificate").contains(" retry "), "{screen}");
    assert!(row("2 Issue again").contains(" renew "), "{screen}");
    assert!(row("3 Follow the chain").contains(" copy "), "{screen}");
    desk.keys("2").await;
    let screen = desk.screen();
    assert!(screen.contains("Renew Certificate/payments/denied") && screen.contains("remedy 2 of 2"), "{screen}");
    desk.keys("esc").await;
    let copied = desk.harness.keys("m 3");
    assert!(matches!(copied.as_slice(), [Effect::Copy(text)] if text.text.starts_with("cmctl status ")), "{copied:?}");
    assert!(matches!(desk.harness.app.mode(), Mode::Normal), "{}", desk.screen());
    desk.keys("m j j k m").await;
    assert!(matches!(desk.harness.app.mode(), Mode::Normal), "{}", desk.screen());
}
