//! The registered domain of a name: what a public authority counts certificates by.

/// Second labels under which the registries of countries give out names: `co.uk`, `com.au`, `or.jp` …
const SECOND: &[&str] = &[
    "ac", "asn", "co", "com", "edu", "go", "gob", "gov", "gv", "id", "info", "ltd", "me", "mil", "ne", "net", "nom",
    "or", "org", "plc", "sch",
];

/// Domains that belong to many: each name below is registered by itself.
const SHARED: &[&str] = &[
    "azurewebsites.net",
    "cloudapp.azure.com",
    "cloudfront.net",
    "ddns.net",
    "duckdns.org",
    "eu.org",
    "github.io",
    "herokuapp.com",
    "nip.io",
    "sslip.io",
    "uk.com",
];

/// `shop.example` of `www.shop.example`, `shop.co.uk` of `*.shop.co.uk`; `None` for what nobody can register.
///
/// The two tables are a small part of the public suffix list, and where they guess they split rather than join: what is
/// counted by these domains is a lower bound.
pub fn registered(name: &str) -> Option<&str> {
    let name = name.strip_prefix("*.").unwrap_or(name).trim_end_matches('.');
    let tail = |labels: usize| {
        let dots = name.rmatch_indices('.').map(|(at, _)| at + 1);
        match dots.clone().count() + 1 {
            have if have < labels => None,
            have if have == labels => Some(name),
            _ => dots.clone().nth(labels - 1).and_then(|at| name.get(at..)),
        }
    };
    if let Some(shared) =
        SHARED.iter().find(|shared| name.strip_suffix(**shared).is_some_and(|rest| rest.ends_with('.')))
    {
        return tail(shared.split('.').count() + 1);
    }
    let two = tail(2)?;
    let (second, top) = two.split_once('.')?;
    let shared = SHARED.contains(&name) || top.len() == 2 && SECOND.contains(&second);
    if shared { tail(3) } else { Some(two) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted_by_the_domain_that_somebody_registered() {
        let table = [
            ("www.shop.example", Some("shop.example")),
            ("shop.example", Some("shop.example")),
            ("*.shop.example", Some("shop.example")),
            ("a.b.c.shop.example.", Some("shop.example")),
            ("www.shop.co.uk", Some("shop.co.uk")),
            ("shop.co.uk", Some("shop.co.uk")),
            ("*.eu.shop.com.au", Some("shop.com.au")),
            ("co.uk", None),
            ("www.co.com", Some("co.com")),
            ("blog.ada.github.io", Some("ada.github.io")),
            ("ada.github.io", Some("ada.github.io")),
            ("github.io", None),
            ("x.vm.westeurope.cloudapp.azure.com", Some("westeurope.cloudapp.azure.com")),
            ("notgithub.io", Some("notgithub.io")),
            ("localhost", None),
            ("", None),
        ];
        for (name, expected) in table {
            assert_eq!(registered(name), expected, "{name}");
        }
    }
}
