//! What goes wrong on the way: refusals, lost answers, other people.

use std::sync::atomic::Ordering;

use cmtop::action::Action;
use cmtop::action::body::status;
use cmtop::action::report::Outcome;
use cmtop::sim::Fault;

use crate::yard::{Yard, certificate};

#[tokio::test(start_paused = true)]
async fn what_the_server_refuses_is_told_as_what_it_is() {
    let table = [
        (Fault::forbidden(), Outcome::Forbidden, 1),
        (Fault::refuse(404, "NotFound"), Outcome::Conflict, 1),
        // Nobody looked at a state, so a conflict is tried again; here it stays one.
        (Fault::refuse(409, "Conflict"), Outcome::Conflict, 3),
        (Fault::refuse(422, "Invalid"), Outcome::Failed, 1),
        (Fault::refuse(429, "TooManyRequests"), Outcome::Failed, 1),
        (Fault::throttle(1), Outcome::Failed, 3),
        (Fault::throttle(1).times(1), Outcome::Done, 2),
        // After a 500 the object is read: it tells that nothing arrived.
        (Fault::refuse(500, "InternalError"), Outcome::Failed, 1),
    ];
    for (fault, outcome, sent) in table {
        let yard = Yard::busy().await;
        let asked = yard.asked();
        yard.sim().faults().add(fault.clone().verb("update").resource("certificates"));
        let report = yard.act(Action::Renew, &certificate("shop", "checkout")).await;
        assert_eq!(report.outcome, outcome, "{fault:?}: {report:?}");
        assert_eq!((yard.writes(asked).len(), report.requests.len()), (sent, sent), "{fault:?}");
        assert!(!report.message.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_looked_up_in_the_object() {
    for action in [Action::Renew, Action::Delete] {
        let object =
            if action == Action::Renew { certificate("shop", "checkout") } else { certificate("blog", "blog") };
        let yard = Yard::busy().await;
        yard.wire.lost_answers.store(1, Ordering::SeqCst);
        let report = yard.act(action, &object).await;
        assert_eq!(report.outcome, Outcome::Done, "{report:?}");
        assert!(report.message.contains("the object shows that it was done"), "{}", report.message);
        assert_eq!(report.requests[0].status, None);

        let yard = Yard::busy().await;
        yard.wire.lost_requests.store(1, Ordering::SeqCst);
        let report = yard.act(action, &object).await;
        assert_eq!(report.outcome, Outcome::Failed, "{report:?}");
        assert!(report.message.contains("it did not arrive"), "{}", report.message);
    }
}

#[tokio::test(start_paused = true)]
async fn another_object_of_the_same_name_is_left_alone() {
    let yard = Yard::busy().await;
    let object = certificate("shop", "checkout");
    let plan = yard.plan(Action::Renew, &object).unwrap().in_any_state();
    let again = yard.object(&object).unwrap();
    yard.sim().delete("Certificate", "shop", "checkout").unwrap();
    let asked = yard.asked();
    let report = yard.cluster().perform(&plan, &yard.now()).await;
    assert_eq!((report.outcome, report.message.contains("is gone")), (Outcome::Conflict, true), "{report:?}");
    let mut again = again;
    again["metadata"].as_object_mut().unwrap().remove("uid");
    yard.sim().apply(&again).unwrap();
    let report = yard.cluster().perform(&plan, &yard.now()).await;
    assert_eq!(report.outcome, Outcome::Conflict, "{report:?}");
    assert!(report.message.contains("another object"), "{}", report.message);
    assert_eq!(yard.writes(asked), [], "nothing was sent to it");
}

#[tokio::test(start_paused = true)]
async fn what_changed_since_a_person_looked_is_not_written_to() {
    let yard = Yard::busy().await;
    let object = certificate("shop", "checkout");
    let plan = yard.plan(Action::Renew, &object).unwrap();
    let checks = yard.cluster().check(&plan, &yard.now()).await;
    let plan = plan.as_checked(&checks);
    let mut other = yard.object(&object).unwrap();
    other["spec"]["dnsNames"] = serde_json::json!(["other.shop.example"]);
    yard.sim().apply(&other).unwrap();
    let asked = yard.asked();
    let report = yard.cluster().perform(&plan, &yard.now()).await;
    assert_eq!((report.outcome, yard.writes(asked).len()), (Outcome::Conflict, 0), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn of_two_people_at_once_one_wins_and_the_other_is_told() {
    let yard = Yard::unapproved().await;
    let (approve, deny) = (Action::Approve, Action::Deny);
    let plans = [approve, deny].map(|action| yard.plan(action, &certificate("shop", "www")).unwrap());
    let (cluster, now) = (yard.cluster(), yard.now());
    // Both read before either writes: the second write meets the first one's version.
    let (theirs, their_now, other) = (yard.cluster(), yard.now(), plans[1].clone().in_any_state());
    let done = std::sync::Arc::new(std::sync::Mutex::new(None));
    let handle = tokio::runtime::Handle::current();
    let slot = std::sync::Arc::clone(&done);
    *yard.wire.before_write.lock().unwrap() = Some(Box::new(move || {
        *slot.lock().unwrap() = Some(handle.spawn(async move { theirs.perform(&other, &their_now).await }));
    }));
    let first = cluster.perform(&plans[0].clone().in_any_state(), &now).await;
    let task = done.lock().unwrap().take().unwrap();
    let second = task.await.unwrap();
    let outcomes = [first.outcome, second.outcome];
    assert!(outcomes.contains(&Outcome::Done), "{first:?} {second:?}");
    assert!(outcomes.contains(&Outcome::Refused), "the decision of the other is seen on the second look: {outcomes:?}");
    let request = yard.object(&plans[0].object).unwrap();
    assert_ne!(status(&request, "Approved") == "True", status(&request, "Denied") == "True", "never both");
}
