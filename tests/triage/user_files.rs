//! A team's own rows: what is good is used, what is bad is refused with its line.

use cmtop::triage::signature::{Context, EMBEDDED, Place, load};

const OWN: &str = r"
- id: acme-corp-firewall
  family: http01-timeout
  at: [challenge.reason]
  pattern: 'blocked by the (?P<what>\S+) gateway'
  priority: 90
  title: our gateway blocks {what}
  cause: The gateway blocks it.
  docs: https://wiki.example/gateway
- extends: http01-wrong-status
  remedies:
    - text: Ask the network team
  docs: https://wiki.example/404
";

#[test]
fn a_team_adds_patterns_and_runbooks() {
    let (table, refusals) = load(EMBEDDED.iter().copied().chain([("own.yaml", OWN)]));
    assert_eq!(refusals, []);
    let id = table.recognise(Place::ChallengeReason, Context::default(), "blocked by the east gateway").unwrap();
    assert_eq!(&*table.row(id).unwrap().id, "acme-corp-firewall");
    assert!(table.recognise(Place::OrderReason, Context::default(), "blocked by the east gateway").is_none());
    let known = table.row(table.id("http01-wrong-status").unwrap()).unwrap();
    assert_eq!(known.docs.as_deref(), Some("https://wiki.example/404"));
    assert_eq!(&*known.remedies[0].text, "Ask the network team");
    assert!(known.remedies.len() > 1);
}

#[test]
fn a_bad_file_is_refused_with_its_line_and_the_rest_is_used() {
    let row = |id: &str, more: &str| format!("- id: {id}\n  title: t\n  cause: c.\n{more}");
    let table = [
        ("not yaml: [", None, "did not"),
        ("- id: x\n  colour: red\n  title: t\n  cause: c\n", Some(2), "colour"),
        (&row("my-own", "  family: no-such-family\n"), Some(1), "no family"),
        (&row("http01-timeout", ""), Some(1), "already"),
        (&row("my-own", "  family: order-errored\n  at: [log]\n  pattern: 'a(b'\n"), Some(1), "pattern of my-own"),
        (&row("my-own", "  family: order-errored\n  pattern: ab\n"), Some(1), "needs both"),
        ("- extends: no-such-finding\n", Some(1), "no finding no-such-finding"),
    ];
    for (text, line, reason) in table {
        let (table, refusals) = load(EMBEDDED.iter().copied().chain([("bad.yaml", text), ("own.yaml", OWN)]));
        assert!(table.id("acme-corp-firewall").is_some(), "{text}");
        let [refusal] = refusals.as_slice() else { panic!("{text}: {refusals:?}") };
        assert!(refusal.reason.contains(reason) || line.is_none(), "{refusal}");
        assert!(line.is_none() || refusal.line == line, "{text}: {refusal}");
        assert!(refusal.to_string().starts_with("bad.yaml"), "{refusal}");
    }
}
