use proptest::prelude::*;

use super::*;
use crate::model::symbol::Symbol;

fn labels(pairs: &str) -> Labels {
    Labels::of(Some(Symbol::from(pairs.replace(',', "\n").as_str())))
}

#[test]
fn selectors_mean_what_kubectl_means() {
    let table = [
        ("", "a=b", true),
        ("a=b", "a=b", true),
        ("a==b", "a=b", true),
        ("a = b , c", "a=b,c=", true),
        ("a=b", "a=c", false),
        ("a=b", "", false),
        ("a!=b", "", true),
        ("a!=b", "a=b", false),
        ("a=", "a=", true),
        ("a=", "", false),
        ("a in (b, c)", "a=c", true),
        ("a in (b,c),d", "a=c", false),
        ("a in(b,c)", "a=b", true),
        ("a notin (b,c)", "a=d", true),
        ("a notin (b,c)", "", true),
        ("a notin (b,c)", "a=b", false),
        ("!a", "", true),
        ("! a", "a=b", false),
        ("n>4", "n=5", true),
        ("n > 4", "n=x", false),
        ("n<4", "", false),
        ("index=1", "index=1", true),
        ("app.kubernetes.io/name=web", "app.kubernetes.io/name=web", true),
    ];
    for (selector, of, fits) in table {
        let parsed: Selector = selector.parse().unwrap();
        assert_eq!(parsed.matches(&labels(of)), fits, "{selector} on {of}");
    }
}

#[test]
fn what_is_no_selector_is_refused_with_a_reason() {
    let table = [
        ("a=b,", "key is missing"),
        ("=b", "key is missing"),
        ("a in b", "parentheses"),
        ("a in (b", "parentheses"),
        ("a b", "after `a` comes `b`"),
        ("a isnt b", "after `a`"),
        ("a=b c", "label's value"),
        ("a=b=c", "label's value"),
        ("ä=b", "label's key"),
        ("a>b", "whole number"),
        ("a/=b", "label's key"),
    ];
    for (selector, says) in table {
        let error = selector.parse::<Selector>().unwrap_err().to_string();
        assert!(error.contains(says), "{selector}: {error}");
    }
}

fn a_word() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9._-]{0,8}"
}

fn a_requirement() -> impl Strategy<Value = Requirement> {
    let values = || prop::collection::vec(a_word(), 1..4);
    prop_oneof![
        (a_word(), values()).prop_map(|(key, values)| Requirement::In(key, values)),
        (a_word(), values()).prop_map(|(key, values)| Requirement::NotIn(key, values)),
        a_word().prop_map(Requirement::Exists),
        a_word().prop_map(Requirement::Absent),
        (a_word(), any::<i64>()).prop_map(|(key, bound)| Requirement::Above(key, bound)),
        (a_word(), any::<i64>()).prop_map(|(key, bound)| Requirement::Below(key, bound)),
    ]
}

proptest! {
    #[test]
    fn a_selector_reads_back_as_it_was_printed(requirements in prop::collection::vec(a_requirement(), 0..5)) {
        let selector: Selector = requirements.into_iter().collect();
        prop_assert_eq!(selector.to_string().parse::<Selector>(), Ok(selector));
    }

    #[test]
    fn any_text_is_a_selector_or_an_error(text in any::<String>()) {
        let _ = text.parse::<Selector>();
    }
}
