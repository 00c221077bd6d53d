//! Which names of a certificate cover a host name.

/// Whether a name of a certificate covers a host: `*.shop.example` covers `www.shop.example`, and nothing deeper.
///
/// ```
/// use cmtop::query::host::covers;
/// assert!(covers("*.shop.example", "WWW.shop.example."));
/// assert!(!covers("*.shop.example", "shop.example"));
/// assert!(!covers("*.shop.example", "a.www.shop.example"));
/// ```
pub fn covers(name: &str, host: &str) -> bool {
    let (name, host) = (name.trim_end_matches('.'), host.trim_end_matches('.'));
    if name.eq_ignore_ascii_case(host) {
        return true;
    }
    let Some(domain) = name.strip_prefix("*.") else { return false };
    host.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(domain))
}
