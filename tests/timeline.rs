//! The story of a Certificate against what the frames of a recording say, read here as plain JSON by other code than
//! the program's: what was watched to the moment, what is only stamped to the second.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

#[path = "timeline/frames.rs"]
mod frames;
#[path = "support/harness.rs"]
mod harness;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use cmtop::model::Model;
use cmtop::model::meta::Object as _;
use cmtop::triage::describe::describe;
use cmtop::triage::timeline::{Origin, Outcome, Timeline, Until, timeline, waits};
use frames::{Frames, Stage, listed};
use serde_json::json;

const FILES: [&str; 8] = [
    "issuance-and-renewal.jsonl",
    "backoff-stuck-and-mended.jsonl",
    "approval.jsonl",
    "dns01-split-horizon.jsonl",
    "http01-wrong-status.jsonl",
    "issuer-missing.jsonl",
    "order-rejected.jsonl",
    "route53-missing-region.jsonl",
];

fn model(file: &str, until: Option<&str>) -> Model {
    let mut model = Model::default();
    harness::news(file, until).0.into_iter().for_each(|batch| model.apply(batch));
    model
}

fn stories(model: &Model) -> Vec<Timeline> {
    let mut ids: Vec<_> = model.certificates.iter().map(|(id, row)| (row.key(), id)).collect();
    ids.sort();
    ids.into_iter().map(|(_, id)| timeline(model, id).unwrap()).collect()
}

fn told(story: &Timeline) -> BTreeSet<Stage> {
    let attempts = story.attempts.iter();
    attempts
        .flat_map(|attempt| {
            attempt.stages.iter().map(|span| Stage {
                attempt: attempt.number,
                revision: attempt.revision.unwrap(),
                phase: span.phase.as_str(),
                object: span.object.to_string(),
                begin: span.begin.at,
                end: span.end.map(|end| end.at),
            })
        })
        .collect()
}

#[test]
fn the_stages_are_what_the_frames_say() {
    let mut compared = 0;
    for file in FILES {
        let (model, frames) = (model(file, None), Frames::read(file));
        for story in stories(&model) {
            let key = &story.certificate;
            let expected = frames.stages(&key.namespace, &key.name);
            let told = told(&story);
            let missing: Vec<_> = expected.difference(&told).collect();
            let invented: Vec<_> = told.difference(&expected).collect();
            assert!(
                missing.is_empty() && invented.is_empty(),
                "{file} {key}\nmissing {missing:#?}\ninvented {invented:#?}"
            );
            assert!(
                story.attempts.iter().all(|a| a.stages.iter().all(cmtop::triage::timeline::Span::is_seen)),
                "{key}"
            );
            compared += told.len();
        }
    }
    assert!(compared > 150, "only {compared} stages were compared");
}

#[test]
fn renewals_and_failures_are_attempts_of_their_own() {
    let attempts = |file, name: &str| {
        let story = stories(&model(file, None)).into_iter().find(|story| &*story.certificate.name == name).unwrap();
        let of = |attempt: &cmtop::triage::timeline::Attempt| (attempt.revision.unwrap(), attempt.outcome);
        story.attempts.iter().map(of).collect::<Vec<_>>()
    };
    let issued = |revisions: &[u32]| revisions.iter().map(|r| (*r, Outcome::Issued)).collect::<Vec<_>>();
    assert_eq!(attempts("issuance-and-renewal.jsonl", "www"), issued(&[1, 2]));
    assert_eq!(attempts("issuance-and-renewal.jsonl", "short"), issued(&[1, 2, 3, 4]));
    assert_eq!(attempts("issuance-and-renewal.jsonl", "api"), issued(&[1, 2, 3]));
    assert_eq!(attempts("issuance-and-renewal.jsonl", "delegated"), [(1, Outcome::Failed)]);
    assert_eq!(attempts("backoff-stuck-and-mended.jsonl", "conn"), vec![(1, Outcome::Failed); 5]);
    assert_eq!(attempts("approval.jsonl", "denied"), [(1, Outcome::Failed)]);
    assert_eq!(attempts("dns01-split-horizon.jsonl", "edge"), [(1, Outcome::Running)]);
}

#[test]
fn every_frame_and_every_note_is_an_entry() {
    for file in FILES {
        let (model, frames) = (model(file, None), Frames::read(file));
        for story in stories(&model) {
            let key = &story.certificate;
            let moments: BTreeSet<(DateTime<Utc>, String, &str)> =
                story.entries.iter().map(|e| (e.at, e.object.to_string(), e.what.as_str())).collect();
            for (t, object, what) in frames.comings_and_goings(&key.namespace, &key.name) {
                assert!(
                    moments.contains(&(t, object.clone(), what)),
                    "{file} {key}: {object} {what} at {t} is missing"
                );
            }
            let mut noted: BTreeMap<(String, String), u32> = BTreeMap::new();
            for entry in story.entries.iter().filter(|entry| entry.origin == Origin::Event) {
                assert!(entry.seen, "{entry:?}");
                *noted.entry((entry.object.to_string(), entry.what.clone())).or_default() += entry.count;
            }
            assert_eq!(noted, frames.notes(&key.namespace, &key.name), "{file} {key}");
            assert!(story.entries.is_sorted_by_key(|entry| entry.at), "{file} {key}");
        }
    }
}

/// Somebody who comes when all is over has the stamps only: the same attempts of the requests that are left, to the
/// second.
#[test]
fn what_was_not_watched_is_told_from_stamps() {
    for file in FILES {
        let (watched, frames) = (stories(&model(file, None)), Frames::read(file));
        let late = frames.listed_at_the_end();
        for story in stories(&late) {
            let key = &story.certificate;
            let seen = watched.iter().find(|other| other.certificate == *key).unwrap();
            assert!(story.entries.iter().filter(|e| e.origin != Origin::Log).all(|entry| !entry.seen), "{file} {key}");
            for attempt in &story.attempts {
                let same = seen
                    .attempts
                    .iter()
                    .rfind(|a| a.request == attempt.request && a.revision == attempt.revision)
                    .unwrap();
                for span in &attempt.stages {
                    assert!(!span.is_seen(), "{span:?}");
                    let other = same.stages.iter().find(|s| s.phase == span.phase && s.object == span.object);
                    let Some(other) = other else { panic!("{file} {key}: {span:?} was not watched") };
                    // Stamps are cut to whole seconds, and the watches of the recording were late by up to three.
                    let late = |a: DateTime<Utc>, b: DateTime<Utc>| (a - b).num_milliseconds().abs() <= 4_000;
                    let unknown = matches!(span.phase.as_str(), "queued" | "presenting" | "propagating" | "finalizing");
                    assert!(unknown || late(span.begin.at, other.begin.at), "{file} {key}\n{span:?}\n{other:?}");
                }
            }
        }
    }
}

#[test]
fn the_document_is_as_it_is_described() {
    let model = model("issuance-and-renewal.jsonl", None);
    let story = stories(&model).into_iter().find(|story| &*story.certificate.name == "www").unwrap();
    let story = cmtop::report::timeline::Story {
        at: "2026-11-22T16:06:00Z".parse().unwrap(),
        cluster: cmtop::report::Origin::default(),
        timeline: story,
    };
    let document: serde_json::Value =
        serde_json::from_str(&story.document(cmtop::report::document::Format::Json).unwrap()).unwrap();
    assert_eq!(document["schema"], "cmtop.timeline/v1");
    let fields = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let set = |names: &str| names.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    for stage in document["stages"].as_array().unwrap() {
        assert!(fields(stage).is_superset(&set("attempt revision phase object begin end seconds seen")));
    }
    for entry in document["entries"].as_array().unwrap() {
        assert_eq!(fields(entry), set("t source object what from to seen count"));
    }
    insta::assert_snapshot!(story.text(&cmtop::report::Style::default()));
}

/// What cert-manager 1.21 serves of a renewal: the authority's window (RFC 9773) and when it is asked again, and the
/// windows of the manifest. No moment is made up: a window says when a renewal may begin, not when it will.
#[test]
fn what_decides_a_renewal_is_waited_for_where_it_is_served() {
    let told = |spec: &str, status: &str, now: &str| {
        let frame = format!(
            r#"{{"t":"2026-11-22T16:00:00Z","op":"ADDED","object":{{"apiVersion":"cert-manager.io/v1","kind":"Certificate",
            "metadata":{{"namespace":"shop","name":"www","uid":"6f2f3f9e-2f0e-4c3a-9d59-9d7f2f6c0001"}},
            "spec":{{"secretName":"www","issuerRef":{{"name":"le"}}{spec}}},
            "status":{{"renewalTime":"2026-11-24T03:00:00Z","notAfter":"2026-12-22T00:00:00Z"{status}}}}}}}"#
        );
        let frame = cmtop::recording::frame::Frame::parse(&frame.replace('\n', "")).unwrap();
        let mut model = Model::default();
        cmtop::recording::player::Player::default().play(&frame, &mut |batch| model.apply(batch));
        let (id, _) = model.certificate("shop", "www").unwrap();
        let moment = |until| match until {
            Until::Moment(at) => at.to_rfc3339(),
            Until::Every(every) => every.to_string(),
        };
        let waits = waits(&model, id, now.parse().unwrap()).into_iter();
        let lines: Vec<String> =
            waits.map(|wait| format!("{} | {} | {}", wait.what, moment(wait.until), wait.because)).collect();
        let facts: Vec<String> = describe(&model, &model.certificates.get(id).unwrap().key())
            .into_iter()
            .flat_map(|section| section.facts)
            .map(|fact| format!("{}: {:?}", fact.label, fact.value))
            .collect();
        (lines, facts.join("\n"))
    };
    let (plain, _) = told("", "", "2026-11-22T16:00:00Z");
    assert_eq!(plain[0], "renewal | 2026-11-24T03:00:00+00:00 | status.renewalTime");
    assert_eq!(plain.len(), 2);

    let ari = r#","acme":{"ari":{"suggestedWindow":{"start":"2026-11-23T00:00:00Z","end":"2026-11-25T00:00:00Z"},
        "explanationURL":"https://ca.example/why","lastChecked":"2026-11-22T12:00:00Z","nextCheck":"2026-11-22T18:00:00Z"}}"#;
    let (before, facts) = told("", ari, "2026-11-22T16:00:00Z");
    assert_eq!(
        before[..3],
        [
            "the next look at that window | 2026-11-22T18:00:00+00:00 | status.acme.ari.nextCheck",
            "the authority's window for it | 2026-11-23T00:00:00+00:00 | status.acme.ari.suggestedWindow",
            "renewal | 2026-11-24T03:00:00+00:00 | status.renewalTime, in the authority's window",
        ]
    );
    assert!(facts.contains("https://ca.example/why") && facts.contains("authority's window: "), "{facts}");
    let (within, _) = told("", ari, "2026-11-23T16:00:00Z");
    assert!(within.iter().any(|wait| wait.starts_with("the end of the authority's window")), "{within:?}");

    let windows = r#","renewal":{"policy":"RenewBefore","windows":[{"cron":"0 2 * * 6","windowDuration":"4h0m0s","timezone":"Europe/Berlin"}]}"#;
    let (windowed, facts) = told(windows, "", "2026-11-22T16:00:00Z");
    assert_eq!(windowed[0], "renewal | 2026-11-24T03:00:00+00:00 | status.renewalTime, by spec.renewal.windows");
    assert!(facts.contains("0 2 * * 6 Europe/Berlin, for 4h0m0s"), "{facts}");
    let disabled = r#","renewal":{"policy":"Disabled"}"#;
    assert!(told(disabled, "", "2026-11-22T16:00:00Z").0.iter().all(|wait| !wait.starts_with("renewal")));
}

/// Of a renewal by hand no Event says why, and the request of the issuance before it is gone by then: what that one
/// began with is not the beginning of this one.
#[test]
fn an_attempt_does_not_begin_with_what_ended_before() {
    let meta = |name: &str, uid: &str, at: &str| json!({"namespace": "shop", "name": name, "uid": uid, "creationTimestamp": at});
    let noted = |name: &str, at: &str, message: &str| {
        json!({"apiVersion": "v1", "kind": "Event", "metadata": meta(name, name, at), "type": "Normal",
            "reason": "Issuing", "message": message, "firstTimestamp": at, "lastTimestamp": at, "count": 1,
            "involvedObject": {"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "namespace": "shop", "name": "www", "uid": "c"}})
    };
    let mut request = json!({"apiVersion": "cert-manager.io/v1", "kind": "CertificateRequest",
        "metadata": meta("www-2", "r", "2026-11-28T17:28:19Z"),
        "status": {"conditions": [{"type": "Ready", "status": "True", "reason": "Issued", "lastTransitionTime": "2026-11-28T17:28:19Z"}]}});
    request["metadata"]["annotations"]["cert-manager.io/certificate-revision"] = "2".into();
    request["metadata"]["ownerReferences"] = json!([{"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "name": "www", "uid": "c", "controller": true}]);
    let objects = [
        json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": meta("www", "c", "2026-11-28T17:27:27Z"),
            "spec": {"secretName": "www-tls"}, "status": {"revision": 2}}),
        request,
        noted("began", "2026-11-28T17:27:28Z", "Issuing certificate as Secret does not exist"),
        noted("ended", "2026-11-28T17:27:28Z", "The certificate has been successfully issued"),
        noted("ended-again", "2026-11-28T17:28:19Z", "The certificate has been successfully issued"),
    ];
    let model = listed("2026-11-28T17:29:00Z".parse().unwrap(), objects.iter());
    let story = stories(&model).remove(0);
    let [attempt] = story.attempts.as_slice() else { panic!("{:?}", story.attempts) };
    assert_eq!(attempt.begin.at, "2026-11-28T17:28:19Z".parse::<DateTime<Utc>>().unwrap(), "{attempt:?}");
    assert_eq!((attempt.revision, attempt.reason.as_str()), (Some(2), ""), "{attempt:?}");
}

/// Stamps count seconds. Whatever order the notes of one second arrive in, they are told as an issuance goes.
#[test]
fn within_a_second_an_issuance_is_told_in_its_order() {
    let uid = "6f2f3f9e-2f0e-4c3a-9d59-9d7f2f6c0001";
    let notes = [
        ("Issuing", "Issuing certificate as Secret does not exist"),
        ("Generated", "Stored new private key in temporary Secret resource \\\"www-x\\\""),
        ("Requested", "Created new CertificateRequest resource \\\"www-1\\\""),
        ("Issuing", "The certificate has been successfully issued"),
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        let certificate = format!(
            r#"{{"t":"2026-11-22T16:00:00Z","op":"ADDED","object":{{"apiVersion":"cert-manager.io/v1","kind":"Certificate",
            "metadata":{{"namespace":"shop","name":"www","uid":"{uid}","creationTimestamp":"2026-11-22T16:00:00Z"}},
            "spec":{{"secretName":"www","issuerRef":{{"name":"le"}}}}}}}}"#
        );
        let event = |n: usize| {
            let (reason, message) = notes[n];
            format!(
                r#"{{"t":"2026-11-22T16:00:00Z","op":"ADDED","object":{{"apiVersion":"v1","kind":"Event","reason":"{reason}",
                "message":"{message}","type":"Normal","metadata":{{"namespace":"shop","name":"e{n}","uid":"e{n}"}},
                "firstTimestamp":"2026-11-22T16:00:00Z","lastTimestamp":"2026-11-22T16:00:00Z","count":1,
                "involvedObject":{{"apiVersion":"cert-manager.io/v1","kind":"Certificate","namespace":"shop","name":"www","uid":"{uid}"}}}}}}"#
            )
        };
        let (mut model, mut player) = (Model::default(), cmtop::recording::player::Player::default());
        for line in std::iter::once(certificate).chain(order.map(event)) {
            let frame = cmtop::recording::frame::Frame::parse(&line.replace('\n', "")).unwrap();
            player.play(&frame, &mut |batch| model.apply(batch));
        }
        let (id, _) = model.certificate("shop", "www").unwrap();
        let story = timeline(&model, id).unwrap();
        let told: Vec<String> =
            story.entries.iter().map(|entry| format!("{} {}", entry.told_by(), entry.what.replace('\\', ""))).collect();
        let wanted: Vec<String> = std::iter::once("stamp created".to_owned())
            .chain(notes.map(|(reason, message)| format!("event {reason}: {}", message.replace('\\', ""))))
            .collect();
        assert_eq!(told, wanted);
    }
}
