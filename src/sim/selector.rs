//! Label and field selectors.

use serde_json::Value;

use super::refusal::Refusal;
use super::resource::Resource;
use super::store::Object;

/// What a list or a watch is narrowed to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selector {
    labels: Vec<Requirement>,
    fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Exists,
    Absent,
    In(Vec<String>),
    NotIn(Vec<String>),
}

#[derive(Clone, Debug)]
struct Field {
    path: String,
    value: String,
    equal: bool,
}

impl Selector {
    /// Reads the two query parameters.
    pub(super) fn parse(labels: &str, fields: &str, resource: &Resource) -> Result<Self, Refusal> {
        Ok(Self { labels: parse_labels(labels)?, fields: parse_fields(fields, resource)? })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    pub(super) fn matches(&self, object: &Object) -> bool {
        self.labels.iter().all(|requirement| requirement.holds(object)) && self.fields_match(object)
    }

    fn fields_match(&self, object: &Object) -> bool {
        if self.fields.is_empty() {
            return true;
        }
        let deep = self.fields.iter().any(|field| !field.path.starts_with("metadata."));
        let value = if deep { object.value() } else { Value::Null };
        self.fields.iter().all(|field| {
            let actual = match field.path.as_str() {
                "metadata.name" => object.name(),
                "metadata.namespace" => object.namespace(),
                // An Event's `source` is a structure; the selector means its component.
                "source" => value["source"]["component"].as_str().unwrap_or_default(),
                path => path.split('.').fold(&value, |at, step| &at[step]).as_str().unwrap_or_default(),
            };
            (actual == field.value) == field.equal
        })
    }
}

impl Requirement {
    fn holds(&self, object: &Object) -> bool {
        let actual = object.label(&self.key);
        match &self.test {
            Test::Exists => actual.is_some(),
            Test::Absent => actual.is_none(),
            Test::In(values) => actual.is_some_and(|actual| values.iter().any(|value| value == actual)),
            Test::NotIn(values) => !actual.is_some_and(|actual| values.iter().any(|value| value == actual)),
        }
    }
}

fn parse_labels(text: &str) -> Result<Vec<Requirement>, Refusal> {
    split_outside_brackets(text).into_iter().map(str::trim).filter(|part| !part.is_empty()).map(requirement).collect()
}

fn requirement(part: &str) -> Result<Requirement, Refusal> {
    let made = |key: &str, test| Ok(Requirement { key: key.trim().to_owned(), test });
    let one = |value: &str| vec![value.trim().to_owned()];
    if let Some((left, list)) = part.split_once('(') {
        let values = list.trim_end().trim_end_matches(')').split(',').map(|value| value.trim().to_owned()).collect();
        let words: Vec<_> = left.split_whitespace().collect();
        return match words.as_slice() {
            [key, "in"] => made(key, Test::In(values)),
            [key, "notin"] => made(key, Test::NotIn(values)),
            _ => Err(unreadable(part)),
        };
    }
    if let Some((key, value)) = part.split_once("!=") {
        return made(key, Test::NotIn(one(value)));
    }
    if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return made(key, Test::In(one(value)));
    }
    match part.strip_prefix('!') {
        Some(key) => made(key, Test::Absent),
        None if part.contains(char::is_whitespace) => Err(unreadable(part)),
        None => made(part, Test::Exists),
    }
}

fn unreadable(part: &str) -> Refusal {
    Refusal::bad_request(format!("unable to parse requirement: {part}"))
}

fn split_outside_brackets(text: &str) -> Vec<&str> {
    let mut depth = 0;
    text.split(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    })
    .collect()
}

fn parse_fields(text: &str, resource: &Resource) -> Result<Vec<Field>, Refusal> {
    let mut fields = Vec::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (path, value, equal) = if let Some((path, value)) = part.split_once("!=") {
            (path, value, false)
        } else if let Some((path, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
            (path, value, true)
        } else {
            return Err(Refusal::bad_request(format!("invalid selector: '{part}'; can't understand '{part}'")));
        };
        let known = matches!(path, "metadata.name" | "metadata.namespace") || resource.fields.contains(&path);
        if !known {
            return Err(Refusal::bad_request(format!("field label not supported: {path}")));
        }
        fields.push(Field { path: path.to_owned(), value: value.to_owned(), equal });
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(labels: &Value) -> Object {
        Object::new(json!({"metadata": {"name": "www", "namespace": "shop", "labels": labels}}))
    }

    #[test]
    fn label_selectors_in_full() {
        let certificate = crate::sim::resource::by_name("certificate").unwrap();
        let shop = object(&json!({"team": "shop", "tier": "web"}));
        for (selector, expected) in [
            ("team=shop", true),
            ("team==shop,tier=web", true),
            ("team!=shop", false),
            ("owner!=me", true),
            ("team in (shop, blog)", true),
            ("team notin (shop,blog),tier", false),
            ("!owner", true),
            ("tier", true),
            ("owner", false),
        ] {
            let parsed = Selector::parse(selector, "", certificate).unwrap();
            assert_eq!(parsed.matches(&shop), expected, "{selector}");
        }
        assert!(Selector::parse("a b c", "", certificate).is_err());
    }
}
