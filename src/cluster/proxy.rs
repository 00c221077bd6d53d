//! Which proxy stands before an API server, by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, as kubectl reads them.

use std::net::IpAddr;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

/// The variables that name proxies.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    /// `HTTPS_PROXY` or `https_proxy`: for servers that are asked by https.
    pub https: Option<String>,
    /// `HTTP_PROXY` or `http_proxy`: for the others.
    pub http: Option<String>,
    /// `NO_PROXY` or `no_proxy`: hosts, domains and networks that are asked directly.
    pub no: Option<String>,
}

impl Proxies {
    /// The proxy before a server. What stands in `NO_PROXY` is about the server, and this machine needs none.
    pub(super) fn before(&self, server: &Uri) -> Result<Option<Uri>, String> {
        let secure = server.scheme_str() != Some("http");
        let named = if secure { &self.https } else { &self.http };
        let Some(proxy) = named else { return Ok(None) };
        if server.host().is_none_or(is_here) {
            return Ok(None);
        }
        let uri = address(proxy)?;
        let named = uri.to_string();
        let matcher = Matcher::builder().https(named.clone()).http(named).no(self.no.clone().unwrap_or_default());
        Ok(matcher.build().intercept(server).map(|_| uri))
    }
}

/// The address of a proxy; by http where it does not say how it is spoken to.
pub(super) fn address(proxy: &str) -> Result<Uri, String> {
    let proxy = proxy.trim();
    let scheme = if proxy.contains("://") { "" } else { "http://" };
    format!("{scheme}{proxy}").parse().map_err(|error| format!("the proxy `{proxy}` is no address: {error}"))
}

fn is_here(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_server_that_may_need_none() {
        let table = [
            ("https://api.example:6443", "", Some("http://proxy.example:3128/")),
            ("https://api.example:6443", "localhost, ,.cluster.local,", Some("http://proxy.example:3128/")),
            ("https://api.example:6443", "api.example", None),
            ("https://api.example:6443", "example", None),
            ("https://api.example:6443", "proxy.example", Some("http://proxy.example:3128/")),
            ("https://api.cluster.local", "a,,.cluster.local", None),
            ("https://10.1.2.3", "10.0.0.0/8", None),
            ("https://10.1.2.3", "192.168.0.0/16", Some("http://proxy.example:3128/")),
            ("https://api.example", "*", None),
            ("https://127.0.0.1:6443", "", None),
            ("https://[::1]:6443", "", None),
            ("https://localhost:6443", "", None),
            ("http://api.example", "", None),
        ];
        for (server, no, proxy) in table {
            let https = Some("proxy.example:3128".to_owned());
            let proxies = Proxies { https, http: None, no: Some(no.to_owned()) };
            let found = proxies.before(&server.parse().unwrap()).unwrap();
            assert_eq!(found.map(|uri| uri.to_string()).as_deref(), proxy, "{server} with NO_PROXY={no}");
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        let proxies = Proxies { https: Some("a b".to_owned()), ..Proxies::default() };
        let error = proxies.before(&Uri::from_static("https://api.example")).unwrap_err();
        assert!(error.starts_with("the proxy `a b` is no address"), "{error}");
    }
}
