//! Each action: what it sends, and how it ends in the cluster.

use cmtop::action::Action;
use cmtop::action::progress::{Progress, Pursuit};
use cmtop::action::report::Outcome;
use cmtop::model::kind::Kind;
use serde_json::json;

use crate::yard::{Yard, body, certificate};

#[tokio::test(start_paused = true)]
async fn a_renewal_is_one_put_of_the_status_and_ends_with_the_next_revision() {
    let mut yard = Yard::busy().await;
    let www = certificate("shop", "checkout");
    let before = yard.object(&www).unwrap();
    let pursuit = Pursuit::begin(&yard.model, Action::Renew, &www, yard.moment());
    let asked = yard.asked();
    let report = yard.act(Action::Renew, &www).await;
    assert_eq!((report.outcome, report.requests.len()), (Outcome::Done, 1), "{report:?}");
    let [put] = yard.writes(asked).try_into().unwrap();
    assert_eq!(put.method, "PUT");
    assert_eq!(put.path, "/apis/cert-manager.io/v1/namespaces/shop/certificates/checkout/status");
    let mut sent = body(&put);
    // Who wrote what is told of an object that is read alone; the server takes it back as it gave it.
    assert!(sent["metadata"].as_object_mut().unwrap().remove("managedFields").is_some());
    assert_eq!(sent["metadata"], before["metadata"], "uid and resourceVersion are those that were read");
    let conditions = sent["status"]["conditions"].as_array_mut().unwrap();
    let issuing = conditions.pop().unwrap();
    assert_eq!(json!(conditions), before["status"]["conditions"], "what else was there stays");
    assert_eq!(issuing["reason"], "ManuallyTriggered");
    assert_eq!((&issuing["type"], &issuing["status"]), (&json!("Issuing"), &json!("True")));
    yard.pass(1).await;
    assert!(matches!(pursuit.progress(&yard.model), Progress::Running(_)));
    yard.pass(90).await;
    assert_eq!(pursuit.progress(&yard.model), Progress::Ended("issued, revision 2".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_a_failure_deletes_the_request_and_then_renews() {
    let mut yard = Yard::busy().await;
    let denied = certificate("payments", "denied");
    let plan = yard.plan(Action::Retry, &denied).unwrap();
    assert_eq!(plan.steps.len(), 2, "{plan:?}");
    let request = plan.steps[0].object.clone();
    let old = yard.object(&request).unwrap()["metadata"].clone();
    let asked = yard.asked();
    let report = yard.act(Action::Retry, &denied).await;
    assert_eq!(report.outcome, Outcome::Done, "{report:?}");
    let [delete, put] = yard.writes(asked).try_into().unwrap();
    assert_eq!((delete.method.as_str(), put.method.as_str()), ("DELETE", "PUT"));
    let preconditions = json!({"uid": old["uid"], "resourceVersion": old["resourceVersion"]});
    assert_eq!(body(&delete)["preconditions"], preconditions);
    yard.pass(3).await;
    let new = yard.object(&request).unwrap()["metadata"]["uid"].clone();
    assert_ne!(new, old["uid"], "cert-manager made a new request without the wait");
}

#[tokio::test(start_paused = true)]
async fn a_retry_of_what_is_stuck_deletes_the_request_alone() {
    let mut yard = Yard::busy().await;
    let blog = certificate("blog", "blog");
    assert!(yard.plan(Action::Renew, &blog).unwrap_err().contains("retry begins it again"));
    let plan = yard.plan(Action::Retry, &blog).unwrap();
    let old = yard.object(&plan.steps[0].object).unwrap()["metadata"]["uid"].clone();
    let asked = yard.asked();
    assert_eq!(yard.act(Action::Retry, &blog).await.outcome, Outcome::Done);
    assert_eq!(yard.writes(asked).len(), 1);
    yard.pass(20).await;
    assert_ne!(yard.object(&plan.steps[0].object).unwrap()["metadata"]["uid"], old);
}

#[tokio::test(start_paused = true)]
async fn a_stuck_challenge_is_deleted_and_made_again() {
    let mut yard = Yard::busy().await;
    let challenge = yard.below(Action::Delete, &certificate("blog", "blog"));
    assert_eq!(challenge.kind, Kind::Challenge, "the deepest that is stuck");
    let old = yard.object(&challenge).unwrap()["metadata"]["uid"].clone();
    let report = yard.act(Action::Delete, &challenge).await;
    assert_eq!(report.outcome, Outcome::Done, "{report:?}");
    assert!(report.message.contains("marked for deletion"), "{}", report.message);
    yard.pass(30).await;
    assert_ne!(yard.object(&challenge).unwrap()["metadata"]["uid"], old);
}

#[tokio::test(start_paused = true)]
async fn a_finalizer_is_released_only_where_the_clean_up_fails_and_what_stays_is_named() {
    let mut yard = Yard::busy().await;
    let healthy = yard.below(Action::Delete, &certificate("blog", "blog"));
    assert!(yard.plan(Action::Release, &healthy).unwrap_err().contains("not being deleted"));
    let stuck = yard.model.challenges.iter().find(|(_, row)| row.meta.deleted.is_some()).unwrap().1;
    let stuck = cmtop::model::meta::Object::key(stuck);
    let plan = yard.plan(Action::Release, &stuck).unwrap();
    assert!(plan.happens.contains("bad authentication"), "{}", plan.happens);
    let checks = yard.cluster().check(&plan, &yard.now()).await;
    assert!(checks[0].is_clear(), "{checks:?}");
    assert!(checks[0].leaks[0].starts_with("TXT record _acme-challenge.old.legacy.example"), "{:?}", checks[0].leaks);
    let asked = yard.asked();
    assert_eq!(yard.act(Action::Release, &stuck).await.outcome, Outcome::Done);
    let [patch] = yard.writes(asked).try_into().unwrap();
    assert_eq!(patch.method, "PATCH");
    let operations = body(&patch);
    assert_eq!(operations[0], json!({"op": "test", "path": "/metadata/uid", "value": operations[0]["value"]}));
    assert_eq!(operations[1]["path"], "/metadata/resourceVersion");
    yard.pass(1).await;
    assert_eq!(yard.object(&stuck), None);
}

#[tokio::test(start_paused = true)]
async fn approved_requests_are_issued_and_denied_ones_fail() {
    let mut yard = Yard::unapproved().await;
    let (www, api) = (certificate("shop", "www"), certificate("shop", "api"));
    let ends = [(Action::Approve, &www), (Action::Deny, &api)].map(|(action, object)| {
        let target = yard.below(action, object);
        Pursuit::begin(&yard.model, action, &target, yard.moment())
    });
    assert_eq!(yard.act(Action::Approve, &www).await.outcome, Outcome::Done);
    assert_eq!(yard.act(Action::Deny, &api).await.outcome, Outcome::Done);
    yard.pass(5).await;
    assert_eq!(ends[0].progress(&yard.model), Progress::Ended("issued, revision 1".to_owned()));
    assert!(matches!(ends[1].progress(&yard.model), Progress::Ended(text) if text.starts_with("denied")));
    let error = yard.plan(Action::Approve, &api).unwrap_err();
    assert!(error.contains("no request of it waits"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_renewal_waits_until_a_failure_is_two_seconds_old() {
    let yard = Yard::busy().await;
    let blocked = certificate("legacy", "blocked");
    let mut plan = yard.plan(Action::Renew, &blocked).unwrap().in_any_state();
    assert!(plan.steps[0].not_before.is_some());
    let now = yard.moment();
    plan.steps[0].not_before = Some(now + chrono::TimeDelta::seconds(2));
    let report = yard.cluster().perform(&plan, &yard.now()).await;
    assert_eq!(report.outcome, Outcome::Done);
    assert!(yard.moment() >= now + chrono::TimeDelta::seconds(2));
}

#[tokio::test(start_paused = true)]
async fn a_look_changes_nothing() {
    let yard = Yard::busy().await;
    let version = yard.sim().version();
    for (action, object) in [
        (Action::Renew, certificate("shop", "checkout")),
        (Action::Retry, certificate("payments", "denied")),
        (Action::Delete, certificate("blog", "blog")),
        (Action::Release, certificate("legacy", "old")),
    ] {
        let Ok(plan) = yard.plan(action, &object) else { continue };
        let checks = yard.cluster().check(&plan, &yard.now()).await;
        assert!(checks.iter().all(|check| check.is_clear() && check.trial == Ok(true)), "{action}: {checks:?}");
    }
    assert_eq!(yard.sim().version(), version);
}
