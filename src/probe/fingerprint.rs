//! Who answered instead of the solver: programs give themselves away by their bodies, headers and redirects.

use super::WELL_KNOWN;
use super::verdict::Remedy;

/// What sort of program answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A web server, a load balancer, a CDN.
    Server,
    /// It lets nobody in without a login.
    Login,
    /// It lets nobody in that it does not like.
    Firewall,
    /// The network of this machine answers instead of the address.
    Portal,
}

impl Sort {
    /// What is wrong, in a few words; `None` where the answer itself says more.
    pub const fn title(self) -> Option<&'static str> {
        match self {
            Self::Server => None,
            Self::Login => Some("a login stands before the solver"),
            Self::Firewall => Some("a firewall stands before the solver"),
            Self::Portal => Some("a captive portal answers instead of the address"),
        }
    }

    /// What mends it.
    pub fn remedies(self, host: &str) -> Vec<Remedy> {
        match self {
            Self::Server => Vec::new(),
            Self::Login => vec![
                Remedy::words(
                    "Let the solver's Ingress pass without the login: in the Issuer, \
                     http01.ingress.ingressTemplate.metadata.annotations \
                     `nginx.ingress.kubernetes.io/enable-global-auth: \"false\"`",
                ),
                exempt("the login"),
            ],
            Self::Firewall => vec![
                exempt("the firewall, for plain HTTP and for every client: authorities ask from many places"),
                Remedy::words("Or prove the name by DNS-01, which needs no way in"),
            ],
            Self::Portal => vec![Remedy::command(
                "Sign in to the network of this machine, or ask from another one: the answer is not the address's own",
                format!("curl -sv http://{host}{WELL_KNOWN} -o /dev/null"),
            )],
        }
    }
}

/// What stands before the solver has to let its path pass.
pub(super) fn exempt(what: &str) -> Remedy {
    Remedy::words(format!("Exempt {WELL_KNOWN}* from {what}"))
}

use Sort::{Firewall, Login, Portal, Server};

/// Bodies: what they hold, who it is, and what sort.
const BODIES: &[(&str, &str, Sort)] = &[
    ("default backend - 404", "the default back end of ingress-nginx: no Ingress matches", Server),
    ("404 page not found", "a Go program (Traefik answers so when no router matches)", Server),
    ("<center>nginx</center>", "nginx", Server),
    ("fault filter abort", "Envoy", Server),
    ("upstream connect error", "Envoy, which cannot reach the Pod", Server),
    ("no healthy upstream", "Envoy, which has no healthy Pod", Server),
    ("slowAES.decrypt", "a test cookie for browsers in nginx", Firewall),
    ("__test=", "a test cookie for browsers", Firewall),
    ("The plain HTTP request was sent to HTTPS port", "a port that speaks TLS only", Server),
    ("acme-protocol", "a Palo Alto firewall that blocks ACME", Firewall),
    ("Attention Required! | Cloudflare", "Cloudflare's firewall", Firewall),
    ("Just a moment...", "Cloudflare's challenge for browsers", Firewall),
    ("Incapsula", "Imperva's firewall", Firewall),
    ("Request blocked", "CloudFront or a firewall behind it", Firewall),
    ("The requested URL was rejected", "an F5 firewall", Firewall),
    ("mod_security", "ModSecurity", Firewall),
    ("ModSecurity", "ModSecurity", Firewall),
    ("oauth2/start", "oauth2-proxy", Login),
    ("/oauth2/", "oauth2-proxy", Login),
    ("authelia", "Authelia", Login),
    ("authentik", "authentik", Login),
    ("/realms/", "Keycloak", Login),
    ("accounts.google.com", "a login page of Google", Login),
    ("login.microsoftonline.com", "a login page of Microsoft", Login),
    ("cloudflareaccess.com", "Cloudflare Access", Login),
    ("captive", "a captive portal", Portal),
    ("hotspot", "a captive portal", Portal),
    ("It works!", "a web server that was just installed", Server),
    ("Welcome to nginx", "nginx as it was installed", Server),
];

/// `Server` headers: what they begin with, and who it is.
const SERVERS: &[(&str, &str)] = &[
    ("cloudflare", "Cloudflare's CDN"),
    ("AkamaiGHost", "Akamai's CDN"),
    ("CloudFront", "Amazon CloudFront"),
    ("awselb", "an Amazon load balancer"),
    ("istio-envoy", "Istio's Envoy"),
    ("envoy", "Envoy"),
    ("Google Frontend", "a Google load balancer"),
    ("Microsoft-Azure-Application-Gateway", "an Azure Application Gateway"),
    ("BigIP", "an F5 load balancer"),
    ("ChinaCache", "ChinaCache's CDN"),
    ("RouterOS", "a router"),
    ("micro_httpd", "a router"),
    ("mini_httpd", "a router"),
    ("GoAhead", "a router"),
    ("Boa/", "a router"),
    ("openresty", "OpenResty"),
    ("nginx", "nginx"),
    ("Apache", "Apache"),
    ("Caddy", "Caddy"),
];

/// Who answered, by the body first: it says more. A redirect to a login says as much as the login.
pub fn fingerprint(server: &str, body: &str, locations: &[&str]) -> Option<(&'static str, Sort)> {
    let marked = |text: &str, sorts: &[Sort]| {
        let found = BODIES.iter().find(|(mark, _, sort)| sorts.contains(sort) && text.contains(mark));
        found.map(|(_, who, sort)| (*who, *sort))
    };
    let lower = server.to_ascii_lowercase();
    let by_header = || SERVERS.iter().find(|(mark, _)| lower.starts_with(&mark.to_ascii_lowercase()));
    marked(body, &[Server, Login, Firewall, Portal])
        .or_else(|| locations.iter().find_map(|location| marked(location, &[Login, Portal])))
        .or_else(|| by_header().map(|(_, who)| (*who, Server)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_programs_are_recognised() {
        assert_eq!(fingerprint("cloudflare", "", &[]), Some(("Cloudflare's CDN", Server)));
        assert!(fingerprint("nginx", "default backend - 404", &[]).unwrap().0.contains("default back end"));
        assert_eq!(fingerprint("", "key", &[]), None);
        let login = fingerprint("nginx", "", &["https://sso.shop.io/oauth2/start?rd=/"]);
        assert_eq!(login, Some(("oauth2-proxy", Login)));
        assert_eq!(fingerprint("", "<title>Attention Required! | Cloudflare", &[]).unwrap().1, Firewall);
    }
}
