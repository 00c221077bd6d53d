//! Dates that no certificate has, and sums that no calendar holds.

use chrono::{DateTime, TimeDelta, Utc};
use cmtop::model::delta::{Batch, Delta, News, Objects};
use cmtop::model::feed::FeedKey;
use cmtop::model::kind::Kind;
use cmtop::model::{Model, meta::Time};
use cmtop::text::{grows_for, shrinks_for, span, span_step};
use cmtop::triage::verdict::Verdict;
use cmtop::triage::{diagnose, why};
use serde_json::{Value, json};

use crate::dump::dump;
use crate::real::{at, model_of, objects, paths, put};

const TEXTS: [&str; 12] = [
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:60Z",
    "9999-12-31T23:59:59.999999999+23:59",
    "0000-01-01T00:00:00+23:59",
    "+262142-12-31T23:59:59Z",
    "-262143-01-01T00:00:00Z",
    "99999-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "",
    "yesterday",
];

fn clocks() -> [Time; 5] {
    let recorded: Time = "2026-11-22T16:00:00Z".parse().unwrap();
    [
        DateTime::<Utc>::MIN_UTC,
        DateTime::UNIX_EPOCH,
        recorded,
        recorded + TimeDelta::days(3_000_000),
        DateTime::<Utc>::MAX_UTC,
    ]
}

fn judge(model: &Model) {
    for (id, _) in model.certificates.iter() {
        for now in clocks() {
            let diagnosis = diagnose(model, id, now).unwrap();
            assert!(diagnosis.valid_until.is_none_or(|end| end > now), "{diagnosis:?} at {now}");
            why::why(model, id, &diagnosis);
        }
    }
}

#[test]
fn dates_out_of_range_are_read_and_judged() {
    let whole = |text: &str| -> Vec<Value> {
        let dated = |object: &Value| {
            let mut object = object.clone();
            for path in paths(&object) {
                if at(&object, &path).as_str().is_some_and(|old| old.parse::<Time>().is_ok()) {
                    put(&mut object, &path, text.into());
                }
            }
            object
        };
        objects().iter().map(dated).collect()
    };
    for text in TEXTS {
        let model = model_of(&whole(text));
        assert!(!model.certificates.is_empty());
        judge(&model);
        dump(&model, DateTime::UNIX_EPOCH);
    }
}

/// A Certificate and its request, whose stamps are the ends of time.
#[test]
fn sums_that_overflow_are_moments_that_never_come() {
    let flag = |name: &str, value: &str| format!("--certificate-request-{name}-backoff-duration={value}");
    for wait in ["1h", "9999999999999999h", "0s"] {
        let mut model = model_of(&[
            json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate",
                "metadata": {"name": "a", "namespace": "b", "uid": "1"},
                "spec": {"secretName": "s", "issuerRef": {"name": "i"}},
                "status": {"lastFailureTime": "2026-11-22T16:00:00Z", "failedIssuanceAttempts": 4_000_000_000_u32,
                    "notBefore": "2026-11-22T16:00:00Z", "notAfter": "2026-11-22T16:00:00Z",
                    "renewalTime": "2026-11-22T16:00:00Z", "conditions": [{"type": "Ready", "status": "False"}]}}),
            json!({"apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": {"name": "cm", "namespace": "cm", "labels": {"app": "cert-manager"}},
                "spec": {"template": {"spec": {"containers": [{"args": [flag("minimum", wait), flag("maximum", wait)]}]}}}}),
        ]);
        let (_, row) = model.certificate("b", "a").unwrap();
        let row = row.clone();
        let ends = [DateTime::<Utc>::MIN_UTC, DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC];
        for n in 0..ends.len().pow(4) {
            let end = |place: u32| Some(ends[n / ends.len().pow(place) % ends.len()]);
            let mut row = row.clone();
            row.meta.version = cmtop::model::meta::Version::parse(&(1_000 + n).to_string());
            (row.not_before, row.not_after, row.renewal_time, row.meta.created) = (end(0), end(1), end(2), end(3));
            row.attempt.as_mut().unwrap().last_failure = end(3).filter(|_| n % 2 == 0);
            let news = News::Objects(Objects::Certificates(vec![Delta::Upsert(row)]));
            model.apply(Batch { at: DateTime::UNIX_EPOCH, feed: FeedKey::cluster(Kind::Certificate), news });
            judge(&model);
        }
    }
}

#[test]
fn a_failure_whose_next_attempt_no_calendar_holds_backs_off() {
    let model = model_of(&[
        json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"name": "a", "namespace": "b"},
            "status": {"lastFailureTime": "2026-11-22T16:00:00Z"}}),
        json!({"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "cm", "namespace": "cm", "labels": {"app": "cert-manager"}},
            "spec": {"template": {"spec": {"containers":
                [{"args": ["--certificate-request-minimum-backoff-duration=9999999999999999h"]}]}}}}),
    ]);
    let (id, _) = model.certificate("b", "a").unwrap();
    let diagnosis = diagnose(&model, id, "2027-11-22T16:00:00Z".parse().unwrap()).unwrap();
    assert_eq!((diagnosis.verdict, diagnosis.next_attempt), (Verdict::Backoff, None));
}

#[test]
fn lengths_of_time_of_any_size_can_be_shown() {
    for length in [TimeDelta::MIN, TimeDelta::MAX, TimeDelta::zero(), TimeDelta::nanoseconds(-1)] {
        assert!(!span(length).is_empty());
        assert!(span_step(length) > TimeDelta::zero());
        assert!(grows_for(length) > TimeDelta::zero());
        assert!(shrinks_for(length) > TimeDelta::zero());
    }
}
