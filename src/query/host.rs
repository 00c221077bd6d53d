//! Which names of a certificate cover a host name, and where one stands in what a person types.

/// The host name in a URL, or in a name with a port; a name alone is itself.
///
/// ```
/// use cmtop::query::host::host_in;
/// assert_eq!(host_in("https://me@www.shop.example:8443/cart?id=1#top"), "www.shop.example");
/// assert_eq!(host_in("www.shop.example:443"), "www.shop.example");
/// assert_eq!(host_in("*.shop.example"), "*.shop.example");
/// assert_eq!(host_in("[2001:db8::1]:443"), "2001:db8::1");
/// assert_eq!(host_in("2001:db8::1"), "2001:db8::1");
/// ```
pub fn host_in(text: &str) -> &str {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    if let Some((address, _)) = place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    match place.split_once(':') {
        // An address of several colons has none before a port.
        Some((host, port)) if !port.contains(':') => host,
        _ => place,
    }
}

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
