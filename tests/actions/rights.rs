//! The roles that are documented are enough, and no more than enough.

use cmtop::action::report::Outcome;
use cmtop::action::step::{Edited, Write};
use cmtop::action::{Action, rbac};
use cmtop::model::kind::Kind;
use serde_json::{Value, json};

use crate::yard::{Yard, certificate, key};

pub(crate) const USER: &str = "ada";

pub(crate) fn grant(yard: &Yard, role: &str) {
    let role: Value = serde_yaml::from_str(role).unwrap();
    yard.sim().apply(&role).unwrap();
    let name = role["metadata"]["name"].as_str().unwrap();
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": name},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name},
        "subjects": [{"kind": "User", "name": USER}],
    });
    yard.sim().apply(&binding).unwrap();
}

async fn yard_of(action: Action) -> Yard {
    if matches!(action, Action::Approve | Action::Deny) { Yard::unapproved().await } else { Yard::busy().await }
}

fn object(yard: &Yard, action: Action) -> cmtop::model::id::ObjectKey {
    match action {
        Action::Renew => certificate("shop", "checkout"),
        Action::Retry => certificate("payments", "denied"),
        Action::Delete => certificate("blog", "blog"),
        Action::Release => {
            let stuck = yard.model.challenges.iter().find(|(_, row)| row.meta.deleted.is_some()).unwrap().1;
            cmtop::model::meta::Object::key(stuck)
        }
        Action::Approve | Action::Deny | Action::Edit => certificate("shop", "www"),
    }
}

const ACTIONS: [Action; 6] =
    [Action::Renew, Action::Retry, Action::Delete, Action::Release, Action::Approve, Action::Deny];

#[tokio::test(start_paused = true)]
async fn an_operator_may_do_every_action() {
    for action in ACTIONS {
        let yard = yard_of(action).await;
        grant(&yard, &rbac::operator());
        let plan = yard.plan(action, &object(&yard, action)).unwrap();
        let cluster = yard.as_user(USER);
        let checks = cluster.check(&plan, &yard.now()).await;
        assert!(checks.iter().all(|check| check.is_clear() && check.trial == Ok(true)), "{action}: {checks:?}");
        let report = cluster.perform(&plan.in_any_state(), &yard.now()).await;
        assert_eq!(report.outcome, Outcome::Done, "{action}: {report:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_viewer_may_do_none_and_is_told_which_right_is_missing() {
    for action in ACTIONS {
        let yard = yard_of(action).await;
        grant(&yard, &rbac::viewer());
        let plan = yard.plan(action, &object(&yard, action)).unwrap();
        let cluster = yard.as_user(USER);
        let checks = cluster.check(&plan, &yard.now()).await;
        let missing = checks[0].missing.clone().unwrap();
        let verb = plan.steps[0].write.method().verb();
        assert!(missing.starts_with(verb), "{action}: {missing}");
        let report = cluster.perform(&plan.in_any_state(), &yard.now()).await;
        assert_eq!(report.outcome, Outcome::Forbidden, "{action}: {report:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_write_that_was_sent_is_a_right_of_the_operator() {
    let role: Value = serde_yaml::from_str(&rbac::operator()).unwrap();
    for action in ACTIONS {
        let yard = yard_of(action).await;
        let asked = yard.asked();
        yard.act(action, &object(&yard, action)).await;
        for write in yard.writes(asked) {
            let verb = match write.method.as_str() {
                "PUT" => "update",
                "PATCH" => "patch",
                _ => "delete",
            };
            let parts: Vec<&str> = write.path.trim_start_matches('/').split('/').collect();
            let (group, plural) = (parts[1], parts[5]);
            let resource = parts.get(7).map_or_else(|| plural.to_owned(), |sub| format!("{plural}/{sub}"));
            let has = |rule: &Value, field: &str, word: &str| rule[field].as_array().unwrap().contains(&json!(word));
            let rules = role["rules"].as_array().unwrap();
            assert!(
                rules.iter().any(|rule| has(rule, "apiGroups", group)
                    && has(rule, "resources", &resource)
                    && has(rule, "verbs", verb)),
                "{verb} {resource}.{group}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_operator_may_edit_what_can_be_edited_and_a_viewer_may_not() {
    for (object, old, new) in [
        (certificate("shop", "checkout"), "secretName: checkout-tls", "secretName: other-tls"),
        (key(Kind::Issuer, "platform", "internal-ca"), "secretName: root-ca", "secretName: other-ca"),
        (key(Kind::ClusterIssuer, "", "letsencrypt-http"), "ops@shop.example", "night@shop.example"),
    ] {
        for (role, outcome) in [(rbac::operator(), Outcome::Done), (rbac::viewer(), Outcome::Forbidden)] {
            let yard = Yard::busy().await;
            grant(&yard, &role);
            let cluster = yard.as_user(USER);
            let mut plan = yard.plan(Action::Edit, &object).unwrap();
            let base = cluster.check(&plan, &yard.now()).await[0].document.clone();
            let text = base.replace(old, new);
            assert_ne!(text, base, "{base}");
            plan.steps[0].write = Write::Replace(Edited { base, text });
            let checks = cluster.check(&plan, &yard.now()).await;
            assert_eq!(checks[0].is_clear(), outcome == Outcome::Done, "{object}: {checks:?}");
            let report = cluster.perform(&plan.in_any_state(), &yard.now()).await;
            assert_eq!(report.outcome, outcome, "{object}: {report:?}");
            let changed = yard.object(&object).unwrap().to_string().contains(new.rsplit(' ').next().unwrap());
            assert_eq!(changed, outcome == Outcome::Done, "{object}");
        }
    }
}
