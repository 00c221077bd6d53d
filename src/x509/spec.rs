//! [`Wanted`]: what a Certificate asks for, and whether a block is that, in words.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::block::{Block, PublicKey, San};
use super::check::{Check, Mark};
use crate::limits;
use crate::text::{clean, count, span};
use crate::wire::inspected::InspectedSpec;

/// What cert-manager makes where a Certificate does not say.
const DURATION: TimeDelta = TimeDelta::days(90);

/// Of what is judged, in a sentence.
const CERTIFICATE: &str = "the certificate";

/// What a Certificate asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The Secret.
    pub secret: String,
    /// The names, each with its kind.
    pub names: Vec<San>,
    /// The common name.
    pub common_name: String,
    /// How long it is to last, where that is said.
    pub duration: Option<TimeDelta>,
    /// The algorithm of the key, where that is said.
    pub algorithm: Option<String>,
    /// Bits of the key, where that is said.
    pub size: Option<usize>,
    /// For what, where that is said.
    pub usages: Vec<String>,
    /// Whether it may sign others.
    pub is_ca: bool,
    /// Who signs.
    pub issuer: Issuer,
    /// Whether a Java keystore is made.
    pub jks: bool,
    /// Whether a PKCS#12 keystore is made.
    pub pkcs12: bool,
}

/// Who signs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Issuer {
    /// Its name.
    pub name: String,
    /// Its kind; `Issuer` where nothing is said.
    pub kind: String,
    /// Its group; `cert-manager.io` where nothing is said.
    pub group: String,
}

impl Issuer {
    /// With what cert-manager takes where nothing is said.
    pub fn new(name: &str, kind: &str, group: &str) -> Self {
        let or = |text: &str, default: &str| word(if text.is_empty() { default } else { text });
        Self { name: word(name), kind: or(kind, "Issuer"), group: or(group, "cert-manager.io") }
    }
}

impl std::fmt::Display for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

pub(super) fn word(text: &str) -> String {
    clean(text, limits::X509_TEXT).into_owned()
}

impl Wanted {
    /// From a `spec`.
    pub fn of(spec: &InspectedSpec) -> Self {
        let text = |field: &Option<Box<str>>| field.as_deref().map(word).unwrap_or_default();
        let kinds = [("DNS", &spec.dns_names), ("IP", &spec.addresses), ("URI", &spec.uris), ("email", &spec.emails)];
        let names = kinds.into_iter().flat_map(|(kind, names)| {
            names.iter().flatten().take(limits::DNS_NAMES).map(move |name| San { kind, value: word(name) })
        });
        let issuer = spec.issuer.clone().unwrap_or_default();
        let keystore = |store: &Option<crate::wire::inspected::Keystore>| {
            store.as_ref().and_then(|store| store.create).unwrap_or_default()
        };
        let stores = spec.keystores.clone().unwrap_or_default();
        let key = spec.private_key.clone().unwrap_or_default();
        Self {
            secret: text(&spec.secret_name),
            names: names.collect(),
            common_name: text(&spec.common_name),
            duration: spec.duration.as_deref().and_then(duration),
            algorithm: key.algorithm.as_deref().map(word),
            size: key.size.and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0),
            usages: spec.usages.iter().flatten().take(limits::X509_BLOCKS).map(|usage| word(usage)).collect(),
            is_ca: spec.is_ca.unwrap_or_default(),
            issuer: Issuer::new(
                issuer.name.as_deref().unwrap_or_default(),
                issuer.kind.as_deref().unwrap_or_default(),
                issuer.group.as_deref().unwrap_or_default(),
            ),
            jks: keystore(&stores.jks),
            pkcs12: keystore(&stores.pkcs12),
        }
    }

    /// Whether a certificate is what is asked for.
    pub fn compare(&self, leaf: &Block) -> Vec<Check> {
        let mut checks = vec![names(self, &leaf.names, CERTIFICATE)];
        checks.extend(self.common_name(leaf));
        checks.push(self.lasts(leaf));
        checks.push(self.key(&leaf.key));
        checks.extend(self.uses(leaf));
        checks
    }

    fn common_name(&self, leaf: &Block) -> Option<Check> {
        if self.common_name.is_empty() {
            return None;
        }
        let own = format!("CN={}", self.common_name);
        let same = leaf.subject.split(", ").any(|part| part == own);
        let words = if same {
            format!("it is called {}, as the spec asks", self.common_name)
        } else {
            format!("the spec asks for the common name {}; the certificate says “{}”", self.common_name, leaf.subject)
        };
        // Public authorities drop it, or take one of the names instead.
        Some(Check::new("common-name", if same { Mark::Good } else { Mark::Note }, words))
    }

    fn lasts(&self, leaf: &Block) -> Check {
        let (wanted, said) = match self.duration {
            Some(wanted) => (wanted, "the spec asks for"),
            None => (DURATION, "without a word in the spec cert-manager asks for"),
        };
        let life = leaf.life();
        let off = (life - wanted).abs();
        // Authorities begin an hour before now, so that clocks that are late accept it.
        if off <= TimeDelta::hours(1) + TimeDelta::minutes(5) || off * 100 <= wanted {
            return Check::new("duration", Mark::Good, format!("it lasts {}, as asked", span(life)));
        }
        let words = format!("it lasts {}; {said} {}", span(life), span(wanted));
        let why = if self.duration.is_some() { ": the authority decides (ACME ones take no wishes)" } else { "" };
        Check::new("duration", Mark::Note, format!("{words}{why}"))
    }

    fn key(&self, key: &PublicKey) -> Check {
        let algorithm = self.algorithm.as_deref().unwrap_or("RSA");
        let size = self.size.or(match algorithm {
            "RSA" => Some(2048),
            "ECDSA" => Some(256),
            _ => None,
        });
        let asked = size
            .filter(|_| algorithm != "Ed25519")
            .map_or_else(|| algorithm.to_owned(), |size| format!("{algorithm} {size}"));
        let same = key.algorithm == algorithm && (algorithm == "Ed25519" || size.is_none_or(|size| size == key.size));
        if same {
            return Check::new("key", Mark::Good, format!("its key is {asked}, as asked"));
        }
        let said = if self.algorithm.is_some() || self.size.is_some() {
            "the spec asks for"
        } else {
            "without a word in the spec cert-manager makes"
        };
        Check::new("key", Mark::Bad, format!("its key is {}; {said} {asked}", key.words()))
            .mended("renew it: an old key is replaced only where rotationPolicy is Always")
    }

    fn uses(&self, leaf: &Block) -> Option<Check> {
        if self.is_ca != leaf.is_ca {
            let words = if self.is_ca {
                "the spec asks for an authority (isCA); this certificate may not sign others"
            } else {
                "this certificate may sign others; the spec does not ask for an authority"
            };
            return Some(Check::new("usages", Mark::Bad, words.to_owned()));
        }
        if self.usages.is_empty() {
            return None;
        }
        let own: BTreeSet<String> = leaf.usages.iter().chain(&leaf.extended).map(|usage| plain(usage)).collect();
        let missing: Vec<&str> =
            self.usages.iter().filter(|usage| !own.contains(&plain(usage))).map(String::as_str).collect();
        let words = if missing.is_empty() {
            format!("it may be used for {}", self.usages.join(", "))
        } else {
            format!("the spec asks for {}; the authority did not grant it", missing.join(", "))
        };
        Some(Check::new("usages", if missing.is_empty() { Mark::Good } else { Mark::Warning }, words))
    }
}

/// One word for usages that have several: `signing` is `digital signature`.
fn plain(usage: &str) -> String {
    match usage.to_ascii_lowercase().as_str() {
        "signing" => "digital signature".to_owned(),
        "s/mime" => "email protection".to_owned(),
        other => other.to_owned(),
    }
}

/// Whether names are those that are asked for. Case means nothing in DNS.
pub(super) fn names(wanted: &Wanted, own: &[San], who: &str) -> Check {
    let key = |san: &San| (san.kind, san.value.to_ascii_lowercase());
    let has: BTreeSet<_> = own.iter().map(key).collect();
    let mut asks: BTreeSet<_> = wanted.names.iter().map(key).collect();
    let missing: Vec<&str> =
        wanted.names.iter().filter(|name| !has.contains(&key(name))).map(|name| name.value.as_str()).collect();
    // cert-manager adds a common name that is a host to the names of an ACME order.
    asks.insert(("DNS", wanted.common_name.to_ascii_lowercase()));
    let more: Vec<&str> =
        own.iter().filter(|name| !asks.contains(&key(name))).map(|name| name.value.as_str()).collect();
    let mut parts = Vec::new();
    if !missing.is_empty() {
        parts.push(format!("the spec asks for {}, which {who} does not have", some(&missing)));
    }
    if !more.is_empty() {
        parts.push(format!("{who} has {}, which the spec does not ask for", some(&more)));
    }
    if parts.is_empty() {
        let it = if who == CERTIFICATE { "it" } else { who };
        let words = match wanted.names.len() {
            0 => format!("the spec asks for no names, and {it} has none"),
            1 => format!("{it} is for {}, as asked", wanted.names.first().map_or("", |name| name.value.as_str())),
            n => format!("{it} is for the {} of the spec", count(n, "name")),
        };
        return Check::new("names", Mark::Good, words);
    }
    Check::new("names", Mark::Bad, parts.join("; "))
        .mended("cert-manager issues it again by itself; see why it did not")
}

fn some(names: &[&str]) -> String {
    const SHOWN: usize = 4;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

/// A length of time as Go writes it: `2160h0m0s`.
pub fn duration(text: &str) -> Option<TimeDelta> {
    let (mut total, mut number) = (0f64, String::new());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_ascii_digit() || c == '.' {
            number.push(c);
            continue;
        }
        let unit = match (c, rest.peek()) {
            ('m', Some('s')) => {
                rest.next();
                0.001
            }
            ('h', _) => 3_600.0,
            ('m', _) => 60.0,
            ('s', _) => 1.0,
            _ => return None,
        };
        total += std::mem::take(&mut number).parse::<f64>().ok()? * unit;
    }
    (number.is_empty() && !text.is_empty() && total < 1e11).then(|| TimeDelta::seconds(total as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_go_writes_them() {
        assert_eq!(duration("2160h0m0s"), Some(TimeDelta::days(90)));
        assert_eq!(duration("1h30m"), Some(TimeDelta::minutes(90)));
        assert_eq!(duration("500ms"), Some(TimeDelta::zero()));
        for odd in ["", "h", "90d", "1x", "5", "1h2"] {
            assert_eq!(duration(odd), None, "{odd}");
        }
    }
}
