//! Two people change one object: what each changed is kept, and where both changed the same, neither wins unseen.

use serde_json::{Map, Value};

/// What one person changed from `base` to `mine`, put upon `theirs`. The error names the fields that both changed.
pub fn merge(base: &Value, mine: &Value, theirs: &Value) -> Result<Value, Vec<String>> {
    let mut clashes = Vec::new();
    let merged = at("", Some(base), Some(mine), Some(theirs), &mut clashes);
    if clashes.is_empty() { Ok(merged.unwrap_or(Value::Null)) } else { Err(clashes) }
}

fn at(
    path: &str,
    base: Option<&Value>,
    mine: Option<&Value>,
    theirs: Option<&Value>,
    clashes: &mut Vec<String>,
) -> Option<Value> {
    if mine == base || mine == theirs {
        return theirs.cloned();
    }
    if theirs == base {
        return mine.cloned();
    }
    let (Some(Value::Object(mine)), Some(Value::Object(theirs))) = (mine, theirs) else {
        clashes.push(path.to_owned());
        return theirs.cloned();
    };
    let empty = Map::new();
    let base = base.and_then(Value::as_object).unwrap_or(&empty);
    let mut merged = Map::new();
    // The order of what is there; what one added comes after it.
    for name in theirs.keys().chain(mine.keys().filter(|name| !theirs.contains_key(*name))) {
        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if let Some(value) = at(&below, base.get(name), mine.get(name), theirs.get(name), clashes) {
            merged.insert(name.clone(), value);
        }
    }
    Some(Value::Object(merged))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn both_changes_are_kept_and_the_same_field_is_a_clash() {
        let base = json!({"spec": {"a": 1, "b": 2, "c": [1]}, "status": {"x": 1}});
        let mine = json!({"spec": {"a": 5, "b": 2, "d": 9}, "status": {"x": 1}});
        let theirs = json!({"spec": {"a": 1, "b": 7, "c": [1]}, "status": {"x": 2}});
        let merged = merge(&base, &mine, &theirs).unwrap();
        assert_eq!(merged, json!({"spec": {"a": 5, "b": 7, "d": 9}, "status": {"x": 2}}));
        let other = json!({"spec": {"a": 6, "b": 2, "c": [1]}, "status": {"x": 1}});
        assert_eq!(merge(&base, &mine, &other), Err(vec!["spec.a".to_owned()]));
    }

    fn tree() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(Value::Null), (0..3).prop_map(Value::from)];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop::collection::btree_map("[ab]", inner, 0..3).prop_map(|map| Value::Object(map.into_iter().collect()))
        })
    }

    proptest! {
        #[test]
        fn who_changes_nothing_loses_nothing(base in tree(), other in tree()) {
            prop_assert_eq!(merge(&base, &base, &other).unwrap(), other.clone());
            prop_assert_eq!(merge(&base, &other, &base).unwrap(), other.clone());
            prop_assert_eq!(merge(&base, &other, &other).unwrap(), other);
        }
    }
}
