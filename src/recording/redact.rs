//! [`Redactor`]: takes out of evidence what must not leave the house, and leaves a mark that still tells equal from
//! unequal.
//!
//! What is taken out: the tokens and keys of Challenges, ACME accounts and the URLs below them, e-mail addresses, key
//! ids, the data of Secrets. They are first learned from the fields that hold them, then taken out wherever they stand:
//! in the arguments of a solver Pod, in a message, in a line of a log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::Value;

/// Shorter values are not looked for in texts: they would be found by chance.
const SHORTEST: usize = 6;

/// From values to marks.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    /// Each value that was learned, with the sort of thing that it is.
    known: BTreeMap<String, &'static str>,
    /// All of them, to be looked for at once; made when it is needed.
    finder: OnceLock<Option<AhoCorasick>>,
}

/// The fields that hold what must not leave, by the kind of object, and what it is.
const FIELDS: &[(&str, &[&str], &str)] = &[
    ("Challenge", &["spec", "token"], "token"),
    ("Challenge", &["spec", "key"], "key"),
    ("Challenge", &["spec", "url"], "url"),
    ("Challenge", &["spec", "authorizationURL"], "url"),
    ("Order", &["status", "url"], "url"),
    ("Order", &["status", "finalizeURL"], "url"),
    ("Issuer", &["status", "acme", "uri"], "account"),
    ("Issuer", &["spec", "acme", "email"], "email"),
    ("Issuer", &["status", "acme", "lastRegisteredEmail"], "email"),
    ("Issuer", &["spec", "acme", "externalAccountBinding", "keyID"], "key-id"),
];

/// Fields anywhere that are a credential's name or part, or keys by another name.
const ANYWHERE: &[(&str, &str)] = &[
    ("accessKeyID", "key-id"),
    ("clientID", "client-id"),
    ("lastPrivateKeyHash", "key-hash"),
    ("serviceAccountSecretAccessKey", "key"),
];

fn mark(sort: &str, value: &str) -> String {
    // An address can be guessed from its hash; a token of 32 random bytes cannot.
    if sort == "email" {
        return "redacted@redacted.invalid".to_owned();
    }
    let digest = value
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("redacted-{sort}-{:010x}", digest & 0xff_ffff_ffff)
}

impl Redactor {
    /// Learns the values of an object that must not leave.
    pub fn learn(&mut self, object: &Value) {
        let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
        let kind = if kind == "ClusterIssuer" { "Issuer" } else { kind };
        for (_, path, sort) in FIELDS.iter().filter(|(of, ..)| *of == kind) {
            let found = path.iter().try_fold(object, |value, field| value.get(field));
            self.note(found.and_then(Value::as_str), sort);
        }
        if kind == "Order" {
            let listed = object.get("status").and_then(|status| status.get("authorizations")?.as_array());
            for authorization in listed.into_iter().flatten() {
                self.note(authorization.get("url").and_then(Value::as_str), "url");
                for challenge in authorization.get("challenges").and_then(Value::as_array).into_iter().flatten() {
                    self.note(challenge.get("token").and_then(Value::as_str), "token");
                    self.note(challenge.get("url").and_then(Value::as_str), "url");
                }
            }
        }
        self.search(object);
    }

    /// Forgets the values of an object: nothing speaks of them any more.
    pub fn forget(&mut self, object: &Value) {
        let mut old = Self::default();
        old.learn(object);
        self.known.retain(|value, _| !old.known.contains_key(value));
        self.finder = OnceLock::new();
    }

    fn note(&mut self, value: Option<&str>, sort: &'static str) {
        if let Some(value) = value.filter(|value| value.len() >= SHORTEST)
            && self.known.insert(value.to_owned(), sort).is_none()
        {
            self.finder = OnceLock::new();
        }
    }

    /// Fields that mean the same wherever they stand, and the arguments of solver Pods.
    fn search(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    if let Some((_, sort)) = ANYWHERE.iter().find(|(known, _)| known == name) {
                        self.note(value.as_str(), sort);
                    }
                    self.search(value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.search(item)),
            Value::String(text) => {
                for (prefix, sort) in [("--token=", "token"), ("--key=", "key")] {
                    self.note(text.strip_prefix(prefix), sort);
                }
                let path = text.split_once("/.well-known/acme-challenge/").map(|(_, rest)| rest);
                let end = |rest: &str| rest.find(|c: char| !is_base64url(c)).unwrap_or(rest.len());
                self.note(path.and_then(|rest| rest.get(..end(rest))), "token");
            }
            _ => {}
        }
    }

    /// A text without what was learned.
    pub fn text(&self, text: &str) -> String {
        let finder = self.finder.get_or_init(|| {
            // The longest first: a key begins with its token.
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(self.known.keys()).ok()
        });
        let mut out = String::with_capacity(text.len());
        let mut rest = 0;
        for found in finder.iter().flat_map(|finder| finder.find_iter(text)) {
            let value = text.get(found.range()).unwrap_or_default();
            out.push_str(text.get(rest..found.start()).unwrap_or_default());
            out.push_str(&mark(self.known.get(value).copied().unwrap_or("value"), value));
            rest = found.end();
        }
        out.push_str(text.get(rest..).unwrap_or_default());
        out
    }

    /// Takes what was learned out of an object, and the data of a Secret.
    pub fn object(&self, object: &mut Value) {
        if object.get("kind").and_then(Value::as_str) == Some("Secret")
            && let Some(fields) = object.as_object_mut()
        {
            fields.remove("data");
            fields.remove("stringData");
        }
        self.walk(object);
    }

    /// Takes what was learned out of a line of a recording.
    pub fn line(&self, frame: &mut Value) {
        match frame.get_mut("object") {
            Some(object) => self.object(object),
            None => self.walk(frame),
        }
    }

    fn walk(&self, value: &mut Value) {
        match value {
            Value::Object(fields) => fields.values_mut().for_each(|value| self.walk(value)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item)),
            Value::String(text) => {
                if let Some(sort) = self.known.get(text) {
                    *text = mark(sort, text);
                } else if text.len() >= SHORTEST {
                    *text = self.text(text);
                }
            }
            _ => {}
        }
    }

    /// How many different values of each sort are taken out.
    pub fn sorts(&self) -> BTreeMap<&'static str, usize> {
        let mut sorts = BTreeMap::new();
        for sort in self.known.values() {
            *sorts.entry(*sort).or_default() += 1;
        }
        sorts
    }

    /// Every value that is taken out.
    pub fn values(&self) -> BTreeSet<&str> {
        self.known.keys().map(String::as_str).collect()
    }
}

const fn is_base64url(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_learned_of_one_object_is_taken_out_of_all() {
        let mut redactor = Redactor::default();
        redactor
            .learn(&json!({"kind": "Challenge", "spec": {"token": "tok-1234567", "key": "tok-1234567.thumbprint"}}));
        redactor.learn(&json!({"kind": "ClusterIssuer", "status": {"acme": {"uri": "https://acme.test/acct/7"}}}));
        let mut pod = json!({"kind": "Pod", "spec": {"args": ["--token=tok-1234567", "--key=tok-1234567.thumbprint"]}});
        redactor.object(&mut pod);
        let text = pod.to_string()
            + &redactor.text("GET /.well-known/acme-challenge/tok-1234567 for https://acme.test/acct/7/orders");
        assert!(!text.contains("1234567") && !text.contains("acct/7") && !text.contains("thumbprint"), "{text}");
        assert_eq!(text.matches("redacted-token-").count(), 2, "{text}");
        assert_eq!(redactor.sorts().into_iter().collect::<Vec<_>>(), [("account", 1), ("key", 1), ("token", 1)]);
    }

    #[test]
    fn equal_values_have_equal_marks() {
        assert_eq!(mark("token", "abcdef"), mark("token", "abcdef"));
        assert_ne!(mark("token", "abcdef"), mark("token", "abcdeg"));
    }
}
