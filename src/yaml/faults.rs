//! [`readable`]: what of a YAML text can be read, and every fault of the rest. The parser ends at the first one.

use serde::de::DeserializeOwned;
use serde_yaml::Value;

use super::fault::{Fault, Refused};
use super::place::Places;
use crate::limits;

/// Reads a text without what is wrong in it; the faults come as the parser meets them. Nothing is read of one that is no YAML, or that has a key twice.
pub fn readable<T: DeserializeOwned>(text: &str) -> (Option<T>, Vec<Fault>) {
    let places = Places::of(text);
    let twice: Vec<Fault> = places.again().into_iter().map(|(key, place)| Fault::twice(key, place)).collect();
    if !twice.is_empty() {
        return (None, twice);
    }
    let mut rest: Value = match serde_yaml::from_str(text) {
        Ok(value) => value,
        Err(error) => return (None, vec![Refused::of(text, &error).fault]),
    };
    let (mut left, mut faults) = (text.to_owned(), Vec::new());
    while faults.len() < limits::FAULTS {
        let error = match serde_yaml::from_str(&left) {
            Ok(read) => return (Some(read), faults),
            Err(error) => error,
        };
        let Refused { mut fault, path, key } = Refused::of(&left, &error);
        if !faults.is_empty() {
            // What is left was written anew: where it stands is told of what the person wrote.
            fault.place = places.key(&path).filter(|_| key).or_else(|| places.near(&path));
        }
        faults.push(fault);
        if !drop(&mut rest, &path) {
            break;
        }
        let Ok(written) = serde_yaml::to_string(&rest) else { break };
        left = written;
    }
    (None, faults)
}

/// Drops what a path leads to: a key; of an item of a list, the key of the list. Whether there was one.
fn drop(value: &mut Value, path: &str) -> bool {
    match value {
        Value::Mapping(map) => {
            // A key may have dots of its own.
            let leads = |key: &&Value| {
                let rest = key.as_str().and_then(|key| path.strip_prefix(key));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            let Some(key) = map.keys().filter(leads).max_by_key(|key| key.as_str().map(str::len)).cloned() else {
                return false;
            };
            let rest = path.get(key.as_str().map_or(0, str::len)..).unwrap_or_default();
            let below = map.get_mut(&key).is_some_and(|value| drop(value, rest.strip_prefix('.').unwrap_or(rest)));
            below || map.remove(&key).is_some()
        }
        Value::Sequence(items) => {
            let item = path.strip_prefix('[').and_then(|path| path.split_once(']'));
            let item = item.and_then(|(item, rest)| Some((items.get_mut(item.parse::<usize>().ok()?)?, rest)));
            item.is_some_and(|(item, rest)| rest.strip_prefix('.').is_some_and(|rest| drop(item, rest)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct File {
        name: String,
        mouse: bool,
        list: Vec<Item>,
        contexts: BTreeMap<String, Item>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Item {
        bell: bool,
    }

    fn told(text: &str) -> (Option<File>, Vec<String>) {
        let (file, faults) = readable(text);
        (file, faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn each_fault_has_its_place_in_what_was_written_and_the_rest_is_read() {
        let text = "\
# mine
nmae: x
mouse: sometimes

contexts: {prod.eu: {bell: 3}, prod: {bel: true, bell: true}}
list:
- bell: true
- {bell: maybe, ring: 1}
name: good
";
        let (file, faults) = told(text);
        let file = file.unwrap();
        assert_eq!((file.name.as_str(), file.mouse), ("good", false));
        assert_eq!(file.list, [Item { bell: true }, Item::default()]);
        assert!(file.contexts["prod"].bell && !file.contexts["prod.eu"].bell);
        let expected = [
            "2:1: there is no setting `nmae` here; did you mean `name`?",
            "3:8: `mouse` is \"sometimes\"; expected true or false",
            "8:10: `list[1].bell` is \"maybe\"; expected true or false",
            "8:17: there is no setting `ring` here; there are bell",
            "5:28: `contexts.prod.eu.bell` is `3`; expected true or false",
            "5:39: there is no setting `bel` here; did you mean `bell`?",
        ];
        assert_eq!(faults, expected);
    }

    #[test]
    fn what_is_no_yaml_has_one_fault_and_what_is_there_twice_is_told_each_time() {
        assert_eq!(told("mouse: [").1.len(), 1);
        assert_eq!(told("- a\n").1, ["1:1: this is a list; expected settings, one `name: value` a line"]);
        assert_eq!(
            told("name: a\nname: b\nmouse: true\nmouse: 3\n").1,
            ["2:1: `name` is set twice", "4:1: `mouse` is set twice"]
        );
        assert_eq!(told("name: a"), (Some(File { name: "a".to_owned(), ..File::default() }), Vec::new()));
    }
}
