//! Who may issue for a name: CAA records (RFC 8659) with account and method (RFC 8657).

use super::subject::Subject;
use super::verdict::{Remedy, Verdict};

/// A CAA record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caa {
    /// Its flags; 128 is the critical one.
    pub flags: u8,
    /// `issue`, `issuewild`, `iodef` …
    pub tag: String,
    /// The authority, with parameters.
    pub value: String,
}

impl Caa {
    /// Whether an authority that does not know the tag must not issue.
    pub const fn is_critical(&self) -> bool {
        self.flags & 0x80 != 0
    }

    /// The authority that it names; empty for nobody.
    pub fn authority(&self) -> &str {
        self.value.split(';').next().unwrap_or_default().trim()
    }

    /// A parameter: `accounturi`, `validationmethods`.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let pairs = self.value.split(';').skip(1).filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(known, value)| (known.trim(), value.trim()))
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    fn is(&self, tag: &str) -> bool {
        self.tag.eq_ignore_ascii_case(tag)
    }
}

/// The authority that is to issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant {
    /// Its name in CAA records: `letsencrypt.org`.
    pub authority: String,
    /// The account with it, as a URL.
    pub account: Option<String>,
    /// How the name is proven: `dns-01`, `http-01`.
    pub method: Option<String>,
}

impl Default for Applicant {
    fn default() -> Self {
        Self { authority: "letsencrypt.org".to_owned(), account: None, method: None }
    }
}

/// What was found on the way up from a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Climb {
    /// Each name that was asked for, and what it said.
    pub steps: Vec<Step>,
}

/// One name on the way up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The name.
    pub name: String,
    /// Its records; or why they cannot be read: then no authority may issue.
    pub records: Result<Vec<Caa>, String>,
}

impl Climb {
    /// The name whose records count, with them: the nearest that has any.
    pub fn governing(&self) -> Option<(&str, &[Caa])> {
        self.steps.iter().find_map(|step| match &step.records {
            Ok(records) if !records.is_empty() => Some((step.name.as_str(), records.as_slice())),
            _ => None,
        })
    }

    /// A name whose records cannot be read. Endings do not count: they have no such records.
    pub fn failure(&self) -> Option<(&str, &str)> {
        let own = self.steps.iter().filter(|step| step.name.contains('.'));
        own.into_iter().find_map(|step| step.records.as_ref().err().map(|why| (step.name.as_str(), why.as_str())))
    }
}

/// Why records cannot be read when nobody answers: that says nothing about them.
pub const SILENT: &str = "timeout";

/// Tags that every authority knows.
const KNOWN: [&str; 8] =
    ["issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone", "issueuserauth"];

/// Whether the applicant may issue for the name.
pub fn judge(subject: &Subject, applicant: &Applicant, climb: &Climb) -> Verdict {
    if let Some((name, why)) = climb.failure() {
        if why == SILENT {
            return Verdict::blind(format!("CAA of {name} cannot be read: {why}"));
        }
        return forbids(
            format!("CAA of {name} cannot be read"),
            format!("The answer for CAA of {name} is {why}. An authority that cannot read it must not issue."),
            Remedy::command("Mend the name servers of the zone", format!("dig CAA {name}")),
        );
    }
    let Some((name, records)) = climb.governing() else {
        return Verdict::good(format!(
            "no CAA record stands between {subject} and the root: every authority may issue"
        ));
    };
    if let Some(unknown) = records.iter().find(|caa| caa.is_critical() && !KNOWN.iter().any(|tag| caa.is(tag))) {
        return forbids(
            "a critical CAA tag is unknown",
            format!(
                "{name} has a critical CAA record `{}`, which authorities do not know: none may issue.",
                unknown.tag
            ),
            Remedy::command("Remove it, or clear its critical flag", format!("dig CAA {name}")),
        );
    }
    let wild: Vec<&Caa> = records.iter().filter(|caa| subject.is_wildcard() && caa.is("issuewild")).collect();
    let issue: Vec<&Caa> = records.iter().filter(|caa| caa.is("issue")).collect();
    let relevant = if wild.is_empty() { issue } else { wild };
    if relevant.is_empty() {
        return Verdict::good(format!("the CAA records of {name} name nobody who may or may not issue"));
    }
    let own: Vec<&&Caa> =
        relevant.iter().filter(|caa| caa.authority().eq_ignore_ascii_case(&applicant.authority)).collect();
    if own.is_empty() {
        let named: Vec<&str> = relevant.iter().map(|caa| caa.authority()).filter(|name| !name.is_empty()).collect();
        let who = if named.is_empty() { "nobody".to_owned() } else { named.join(", ") };
        let tag = relevant.first().map_or("issue", |caa| caa.tag.as_str());
        return forbids(
            format!("{} may not issue for {subject}", applicant.authority),
            format!("The CAA records of {name} allow {who} to issue."),
            Remedy::words(format!("Add `{name}. CAA 0 {tag} \"{}\"`", applicant.authority)),
        );
    }
    let refusals: Vec<String> = own.iter().filter_map(|caa| refusal(caa, applicant)).collect();
    if refusals.len() == own.len() {
        return forbids(
            format!("{} may issue for {subject}, but not so", applicant.authority),
            format!("The CAA records of {name} {}.", refusals.join("; ")),
            Remedy::command("Name the account and the method of the Issuer in the record", format!("dig CAA {name}")),
        );
    }
    Verdict::good(format!("the CAA records of {name} allow {} to issue", applicant.authority))
}

/// What of an account or a method a record does not allow.
fn refusal(caa: &Caa, applicant: &Applicant) -> Option<String> {
    if let (Some(account), Some(own)) = (caa.parameter("accounturi"), &applicant.account)
        && account != own
    {
        return Some(format!("allow the account {account}, and the Issuer's is {own}"));
    }
    if let (Some(methods), Some(own)) = (caa.parameter("validationmethods"), &applicant.method)
        && !methods.split(',').any(|method| method.trim() == own)
    {
        return Some(format!("allow the methods {methods}, and the solver uses {own}"));
    }
    None
}

/// What the records ask for and cannot be compared: an account or a method that nobody named.
pub fn notes(applicant: &Applicant, climb: &Climb) -> Vec<String> {
    let Some((name, records)) = climb.governing() else { return Vec::new() };
    let mut notes = Vec::new();
    for caa in records.iter().filter(|caa| caa.authority().eq_ignore_ascii_case(&applicant.authority)) {
        if let (Some(account), None) = (caa.parameter("accounturi"), &applicant.account) {
            notes.push(format!(
                "{name} allows the account {account} only: compare it with status.acme.uri of the Issuer"
            ));
        }
        if let (Some(methods), None) = (caa.parameter("validationmethods"), &applicant.method) {
            notes.push(format!("{name} allows the methods {methods} only"));
        }
    }
    notes
}

fn forbids(title: impl Into<String>, cause: String, remedy: Remedy) -> Verdict {
    Verdict::trouble("acme-caa-forbids", title, cause).mended_by([remedy])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::verdict::Standing;

    /// Flags, tag and value.
    type Told = (u8, &'static str, &'static str);

    fn climb(records: &[Told]) -> Climb {
        let caa =
            |(flags, tag, value): &Told| Caa { flags: *flags, tag: (*tag).to_owned(), value: (*value).to_owned() };
        let step = |name: &str, records| Step { name: name.to_owned(), records: Ok(records) };
        Climb { steps: vec![step("www.shop.io", Vec::new()), step("shop.io", records.iter().map(caa).collect())] }
    }

    #[test]
    fn records_allow_and_forbid() {
        let le = "letsencrypt.org";
        let account = "letsencrypt.org; accounturi=https://acme.example/acct/1; validationmethods=dns-01,http-01";
        let table: &[(&str, &[Told], bool)] = &[
            ("www.shop.io", &[], true),
            ("www.shop.io", &[(0, "issue", le)], true),
            ("www.shop.io", &[(128, "issue", "LetsEncrypt.org")], true),
            ("www.shop.io", &[(0, "issue", "other.example")], false),
            ("www.shop.io", &[(0, "issue", ";")], false),
            ("www.shop.io", &[(0, "issuewild", ";")], true),
            ("*.www.shop.io", &[(0, "issuewild", ";"), (0, "issue", le)], false),
            ("*.www.shop.io", &[(0, "issue", le)], true),
            ("www.shop.io", &[(128, "tbs", "x"), (0, "issue", le)], false),
            ("www.shop.io", &[(1, "tbs", "x"), (0, "issue", le)], true),
            ("www.shop.io", &[(0, "iodef", "mailto:a@b.c")], true),
            ("www.shop.io", &[(0, "issue", account)], true),
            ("www.shop.io", &[(0, "issue", "letsencrypt.org; accounturi=https://acme.example/acct/2")], false),
            ("www.shop.io", &[(0, "issue", "letsencrypt.org; validationmethods=http-01")], false),
        ];
        let applicant = Applicant {
            account: Some("https://acme.example/acct/1".to_owned()),
            method: Some("dns-01".to_owned()),
            ..Applicant::default()
        };
        for (name, records, allowed) in table {
            let verdict = judge(&name.parse().unwrap(), &applicant, &climb(records));
            assert_eq!(verdict.standing == Standing::Good, *allowed, "{name} {records:?}: {verdict:?}");
            assert_eq!(verdict.family.is_none(), *allowed);
        }
    }

    #[test]
    fn what_cannot_be_read_forbids() {
        let failed = Step { name: "www.shop.io".to_owned(), records: Err("SERVFAIL".to_owned()) };
        let mut climb = climb(&[(0, "issue", "letsencrypt.org")]);
        climb.steps[0] = failed;
        let verdict = judge(&"www.shop.io".parse().unwrap(), &Applicant::default(), &climb);
        assert_eq!(verdict.family, Some("acme-caa-forbids"));
    }

    #[test]
    fn what_nobody_named_is_told() {
        let climb = climb(&[(0, "issue", "letsencrypt.org; accounturi=https://a/1; validationmethods=dns-01")]);
        assert_eq!(notes(&Applicant::default(), &climb).len(), 2);
    }
}
