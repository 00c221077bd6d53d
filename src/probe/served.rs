//! [`Served`]: which certificate each address of a name serves, against the one that it should.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};

use super::subject::Subject;
use super::verdict::{Remedy, Verdict};
use crate::text::every;

/// A moment.
type Time = DateTime<Utc>;

/// A certificate, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its serial number, in hexadecimal.
    pub serial: String,
    /// Who signed it.
    pub issuer: String,
    /// Its names.
    pub names: Vec<String>,
    /// Since when it is valid.
    pub not_before: Time,
    /// Until when.
    pub not_after: Time,
    /// How many certificates came with it.
    pub chain: usize,
}

impl Leaf {
    /// Whether it is for a name.
    pub fn covers(&self, name: &str) -> bool {
        self.names.iter().any(|own| {
            let wild = own.strip_prefix("*.").zip(name.split_once('.')).is_some_and(|(zone, (_, rest))| zone == rest);
            own == name || wild
        })
    }
}

/// What an address is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// The certificate that it should serve.
    Match,
    /// Another one.
    Mismatch,
    /// One, and none was named.
    Present,
    /// Nobody listens.
    Refused,
    /// Nothing came in time.
    Timeout,
    /// TLS or something else failed.
    Error,
}

impl Found {
    /// The word, as on the screen and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
            Self::Present => "present",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Error => "error",
        }
    }

    /// Whether it shows what is wanted.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Match | Self::Present)
    }
}

/// What one address serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// The name that was asked for.
    pub name: String,
    /// Where.
    pub address: SocketAddr,
    /// In one word.
    pub found: Found,
    /// The certificate.
    pub leaf: Option<Leaf>,
    /// Why browsers do not trust it; `None` when they do, or when it was not looked at.
    pub distrust: Option<String>,
    /// Milliseconds until it came.
    pub took_ms: u64,
    /// What went wrong, in words.
    pub error: Option<String>,
}

/// Who serves what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The name.
    pub subject: Subject,
    /// The serial number that should be served, in hexadecimal.
    pub expected: Option<String>,
    /// Each address.
    pub doors: Vec<Door>,
    /// Why there is no address.
    pub lookup: Option<String>,
    /// What else was seen.
    pub notes: Vec<String>,
    /// What follows.
    pub verdict: Verdict,
}

/// A serial number as it is compared: hexadecimal digits without colons and leading zeros.
pub fn serial(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_ascii_lowercase();
    let short = digits.trim_start_matches('0');
    if short.is_empty() { "0".to_owned() } else { short.to_owned() }
}

/// Finds what follows.
pub fn judge(served: &mut Served, now: Time) {
    let expected = served.expected.as_deref().map(serial);
    for door in &mut served.doors {
        let Some(leaf) = &door.leaf else { continue };
        door.found = match &expected {
            None => Found::Present,
            Some(expected) if serial(&leaf.serial) == *expected => Found::Match,
            Some(_) => Found::Mismatch,
        };
    }
    served.notes = served
        .doors
        .iter()
        .filter_map(|door| Some(format!("{}: {}", door.address, door.distrust.as_deref()?)))
        .collect();
    served.verdict = verdict(served, now);
}

fn verdict(served: &Served, now: Time) -> Verdict {
    let leaves: Vec<(&Door, &Leaf)> =
        served.doors.iter().filter_map(|door| Some((door, door.leaf.as_ref()?))).collect();
    unseen(served, &leaves)
        .or_else(|| not_reloaded(served))
        .or_else(|| expired(&leaves, now))
        .or_else(|| for_other_names(&leaves))
        .or_else(|| several(&leaves))
        .or_else(|| silent(served, &leaves))
        .unwrap_or_else(|| {
            let serial = leaves.first().map_or("", |(_, leaf)| leaf.serial.as_str());
            Verdict::good(format!("{} serial {serial}", every(served.doors.len(), "address", "serve")))
        })
}

/// Nothing can be said.
fn unseen(served: &Served, leaves: &[(&Door, &Leaf)]) -> Option<Verdict> {
    let name = &served.subject;
    if served.doors.is_empty() {
        let why = served.lookup.clone().unwrap_or_else(|| "it has no address".to_owned());
        return Some(Verdict::blind(format!("{name}: {why}")));
    }
    leaves.is_empty().then(|| {
        let why = served.doors.iter().find_map(|door| door.error.clone()).unwrap_or_else(|| "silence".to_owned());
        Verdict::blind(format!("no address of {name} serves a certificate: {why}"))
    })
}

/// The Secret was renewed, and what serves it did not read it again.
fn not_reloaded(served: &Served) -> Option<Verdict> {
    let old: Vec<&Door> = served.doors.iter().filter(|door| door.found == Found::Mismatch).collect();
    let first = old.first()?;
    let serial = first.leaf.as_ref().map_or("", |leaf| leaf.serial.as_str());
    let (all, expected) = (served.doors.len(), served.expected.as_deref().unwrap_or_default());
    let verdict = Verdict::trouble(
        "secret-mismatch",
        format!("renewed, not reloaded: {} of {all} addresses serve another certificate", old.len()),
        format!("{} serves serial {serial}; the Secret holds {expected}.", first.address),
    );
    Some(verdict.mended_by([Remedy::words(
        "Let what serves it read the Secret again: restart it, or see why the controller does not reload",
    )]))
}

fn expired(leaves: &[(&Door, &Leaf)], now: Time) -> Option<Verdict> {
    let (door, leaf) = leaves.iter().find(|(_, leaf)| leaf.not_after <= now)?;
    let cause = format!("{} serves a certificate that ended at {}.", door.address, leaf.not_after.to_rfc3339());
    Some(Verdict::trouble("certificate-expired", "what is served has expired", cause))
}

fn for_other_names(leaves: &[(&Door, &Leaf)]) -> Option<Verdict> {
    let (door, leaf) = leaves.iter().find(|(door, leaf)| !leaf.covers(&door.name))?;
    let cause = format!("{} serves a certificate for {}.", door.address, leaf.names.join(", "));
    let verdict = Verdict::trouble("secret-mismatch", "what is served is for other names", cause);
    Some(verdict.mended_by([Remedy::words(
        "The default certificate of the ingress controller answers: name the Secret in `tls` of the Ingress, for this host",
    )]))
}

/// The addresses do not serve the same one.
fn several(leaves: &[(&Door, &Leaf)]) -> Option<Verdict> {
    let mut serials: Vec<&str> = leaves.iter().map(|(_, leaf)| leaf.serial.as_str()).collect();
    serials.sort_unstable();
    serials.dedup();
    (serials.len() > 1).then(|| {
        Verdict::trouble(
            "secret-mismatch",
            format!("{} different certificates are served", serials.len()),
            format!("The serial numbers are {}: some addresses still serve an older one.", serials.join(", ")),
        )
    })
}

/// Some addresses serve nothing.
fn silent(served: &Served, leaves: &[(&Door, &Leaf)]) -> Option<Verdict> {
    let silent = served.doors.iter().find(|door| door.leaf.is_none())?;
    let all = served.doors.len();
    Some(Verdict {
        standing: super::verdict::Standing::Trouble,
        title: format!("{} of {all} addresses serve nothing", all - leaves.len()),
        cause: format!("{}: {}.", silent.address, silent.error.as_deref().unwrap_or("silence")),
        ..Verdict::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::verdict::Standing;

    fn door(serial: &str, ends: &str) -> Door {
        Door {
            name: "shop.io".to_owned(),
            address: "203.0.113.7:443".parse().unwrap(),
            found: Found::Present,
            leaf: Some(Leaf {
                serial: serial.to_owned(),
                issuer: "R11".to_owned(),
                names: vec!["*.io".to_owned()],
                not_before: DateTime::UNIX_EPOCH,
                not_after: ends.parse().unwrap(),
                chain: 2,
            }),
            distrust: None,
            took_ms: 3,
            error: None,
        }
    }

    fn judged(doors: Vec<Door>, expected: Option<&str>) -> Verdict {
        let mut served = Served {
            subject: "shop.io".parse().unwrap(),
            expected: expected.map(str::to_owned),
            doors,
            lookup: None,
            notes: Vec::new(),
            verdict: Verdict::default(),
        };
        judge(&mut served, "2026-11-22T00:00:00Z".parse().unwrap());
        served.verdict
    }

    #[test]
    fn what_was_not_reloaded_is_found() {
        let later = "2027-01-01T00:00:00Z";
        assert_eq!(judged(vec![door("0a:0b", later)], Some("A0B")).standing, Standing::Good);
        let found = judged(vec![door("a0b", later), door("c", later), door("d", later)], Some("a0b"));
        assert!(found.title.contains("2 of 3"), "{found:?}");
        assert_eq!(judged(vec![door("a", later), door("b", later)], None).family, Some("secret-mismatch"));
        assert_eq!(judged(vec![door("a", "2026-01-01T00:00:00Z")], None).family, Some("certificate-expired"));
        assert_eq!(judged(Vec::new(), None).standing, Standing::Blind);
    }
}
